"""`units` with many units, and what it says about a few."""

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.errors import BeyondLimit
from tests.figures import run_preamble, texts
from tests.layout_faults import faults
from tests.proof import prove, prove_all


def module(input_size, hidden_size, scale=1.0):
    """A module with random weights, `scale` times as large."""
    torch.manual_seed(1)
    lstm = torch.nn.LSTM(input_size, hidden_size)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.mul_(scale)
    return lstm


def make_trace(module, steps, seed=0):
    """A trace of random input, and what its preamble expects to be defined."""
    torch.manual_seed(seed)
    x = torch.randn(steps, 1, module.input_size)
    return lf.trace(module, x), {"module": module, "x": x}


def module_that_keeps(hidden_size):
    """A module in which every third unit keeps."""
    lstm = module(3, hidden_size, 2.0)
    with torch.no_grad():
        lstm.bias_hh_l0[hidden_size : 2 * hidden_size : 3] = 4.0
    return lstm


@pytest.mark.parametrize(("size", "steps"), [(256, 30), (1024, 30), (4096, 12)], ids=str)
def test_hundreds_and_thousands_of_units_have_room(size, steps):
    trace, namespace = make_trace(module_that_keeps(size), steps)
    for width in (720, 360):
        figure = lf.draw("units", trace, width=width)
        assert faults(figure.sheet, width) == []
        assert len(figure.render("svg", "auto")) < 300_000
    if size == 256:
        assert prove_all(figure, namespace)


@pytest.mark.parametrize(
    ("name", "steps", "title"),
    [
        ("units", 7, "No write outlasts these 7 steps"),
        ("unit-map", 7, "No write outlasts these 7 steps"),
        ("unit-map", 40, "No write lasts ten steps or more"),
    ],
)
def test_no_title_counts_none_of_the_units(name, steps, title):
    sizes = {"input_size": 2, "hidden_size": 9, "seq_len": steps}
    figure = lf.draw(name, **sizes, set={"lstm.bias_hh_l0[9]": 1.4})
    assert figure.title == title
    assert prove(figure.render("svg", "auto")) > 0


def test_a_network_that_was_never_trained_is_said_to_be_so():
    figure = lf.draw("units", make_trace(module(3, 40), 40)[0])
    assert "No write lasts three steps, as before training" in texts(figure)
    assert any("as after initialisation" in text for text in texts(figure))
    figure = lf.draw("units", make_trace(module_that_keeps(40), 40)[0])
    assert not any("before training" in text for text in texts(figure))


def test_below_thirty_steps_no_unit_is_said_to_keep_or_to_react():
    def all_words(steps):
        trace, _ = make_trace(module_that_keeps(40), steps)
        return " ".join(texts(lf.draw("units", trace)))

    assert "moves most" not in all_words(29)
    assert "moves most" in all_words(30)
    assert "varies most" in all_words(30)


def test_units_that_are_no_numbers_are_left_out_and_counted():
    lstm = module(3, 5)
    with torch.no_grad():
        lstm.bias_ih_l0[7] = float("nan")
    # At the next step all units have read it.
    trace, namespace = make_trace(lstm, 1)
    figure = lf.draw("units", trace)
    assert 2 not in run_preamble(figure, **namespace)["order"]
    note = "1 of 5 units are NaN or infinite at some step, and left out."
    assert note in " ".join(texts(figure))
    with pytest.raises(BeyondLimit, match="expected one whose gates"):
        lf.draw("units", make_trace(lstm, 4)[0])


def test_units_whose_c_goes_far_are_cut_off_at_the_ends_and_counted():
    trace, namespace = make_trace(module_that_keeps(200), 40)
    figure = lf.draw("units", trace)
    names = run_preamble(figure, **namespace)
    sizes = np.sort(names["c"][:, 0].abs().amax(0).detach().numpy())
    cut = int((sizes > sizes[197]).sum())
    assert cut == 2  # Beyond the 99th percentile of 200 units.
    note = f"c is cut off at the ends of its axis in {cut} of 200 units."
    assert note in " ".join(texts(figure))
