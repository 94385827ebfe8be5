import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs import run
from lstm_figs.capture.distance import AMOUNTS, record
from lstm_figs.errors import UsageError
from lstm_figs.gradients.through_time import through_time
from lstm_figs.proof import Subject
from lstm_figs.sources import Source
from lstm_figs.tensors import Weights


def norms(trace):
    return record(Subject(trace), {}).values["norms"]


def double(weights, amount):
    """The parameters in float64, with more forget bias."""
    arrays = [a.astype(np.float64) for a in weights.parameters().values()]
    size = weights.hidden_size
    arrays[2][size : 2 * size] += amount
    return Weights(*arrays)


def test_the_equations_yield_the_same_norms_however_small():
    trace = Source(3, 8, seq_len=60).trace()
    theirs = norms(trace)
    for amount in AMOUNTS:
        weights = double(trace.weights[0], amount)
        steps = run(weights, trace.x.astype(np.float64)).steps
        last = np.arange(60) == 59
        flow = through_time(weights, steps, last, np.zeros(60))
        ours = np.linalg.norm(flow.x.value[:, 0], axis=1)
        np.testing.assert_allclose(ours, theirs[str(amount)], rtol=1e-9)


def test_the_plain_rnn_fades_as_its_own_equation_says():
    trace = Source(3, 8, seq_len=30).trace()
    torch.manual_seed(0)
    rnn = torch.nn.RNN(3, 8).double()
    w_ih, w_hh, *biases = (p.detach().numpy() for p in rnn.parameters())
    h, states = np.zeros(8), []
    for x in trace.x[:, 0].astype(np.float64):
        h = np.tanh(w_ih @ x + w_hh @ h + sum(biases))
        states.append(h)
    dh, found = np.ones(8), []
    for h in reversed(states):
        dz = dh * (1 - h * h)
        found.append(np.linalg.norm(dz @ w_ih))
        dh = dz @ w_hh
    np.testing.assert_allclose(found[::-1], norms(trace)["RNN"], rtol=1e-9)


def test_more_forget_bias_reaches_further_back():
    found = norms(Source(3, 8, seq_len=60).trace())
    first = [found[key][0] for key in ("RNN", "0", "1", "2", "5")]
    assert first == sorted(first)
    assert first[0] < 1e-12 < 1e-4 < first[-1]


@pytest.mark.parametrize("name", ["autograd", "gradient-distance"])
def test_the_random_state_of_torch_is_left_alone(name):
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    lf.draw(name)
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_gradient_of_zero_leaves_the_chart_empty():
    lstm = torch.nn.LSTM(3, 2)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.zero_()
    figure = lf.draw("gradient-distance", lf.trace(lstm, torch.ones(4, 1, 3)))
    (axes,) = figure.scene.axes
    lines = {s.id: s.ys for s in axes.series if s.line}
    assert np.isfinite(lines["line-RNN"]).all()
    assert np.isnan(lines["line-0"]).all()
    assert figure.render("svg", "light")


def test_too_many_steps_are_refused():
    trace = Source(1, 1, seq_len=201).trace()
    with pytest.raises(UsageError, match="expected at most 200"):
        lf.draw("gradient-distance", trace)
