import itertools
import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import lstm_figs
from lstm_figs.model.lstm import sigmoid
from lstm_figs.scene.marks import Box, Text, walk
from lstm_figs.scene.scenes import Band
from tests.proving import prove
from tests.sheets import faults
from tests.strategies import last_options
from tests.trained import sequence, trained

FIGURES = ("gates-over-time", "gate-functions", "independence", "batch")
LARGEST_FILE = 300_000

every_figure = pytest.mark.parametrize("name", FIGURES)
sizes = st.integers(1, 24) | st.sampled_from((40, 64, 129, 256))


def traced(input_size, hidden_size, seq_len=3, batch_size=1, seed=0, bad=None):
    module = trained(input_size, hidden_size, seed)
    x = sequence(seq_len, batch_size, input_size, seed)
    if bad is not None:
        x[-1, 0, 0] = bad
    return lstm_figs.trace(module, x), {"module": module, "x": x}


def check(figure, own, width=720):
    """Prove it; hold its file and its letters against what is allowed."""
    svg = figure.render("svg", "light").decode()
    assert prove(svg, own) == len(figure.numbers())
    assert len(svg.encode()) < LARGEST_FILE
    assert faults(figure.sheet, width) == []
    ids = re.findall(r' id="([^"]*)"', svg)
    assert len(ids) == len(set(ids))


def values(figure):
    return {n.id: n.number.value for n in figure.numbers()}


@every_figure
@settings(max_examples=5)
@given(data=st.data())
def test_every_number_of_a_trained_module_is_proven(name, data):
    hidden_size, seq_len = data.draw(sizes), data.draw(st.integers(1, 12))
    trace, own = traced(
        data.draw(sizes),
        hidden_size,
        seq_len,
        data.draw(st.sampled_from((1, 2, 9))),
        data.draw(st.integers(0, 99)),
    )
    options = last_options(name, hidden_size, seq_len)
    width = data.draw(st.sampled_from((720, 360)))
    check(lstm_figs.draw(name, trace, width=width, **options), own, width)


@every_figure
@pytest.mark.parametrize("pair", [(4096, 1), (1, 1200), (8, 9), (9, 8)])
def test_extreme_sizes_are_drawn_and_proven(name, pair):
    trace, own = traced(*pair, seq_len=2)
    check(lstm_figs.draw(name, trace), own)


@every_figure
def test_a_large_batch_of_a_usual_module_is_proven(name):
    trace, own = traced(40, 256, seq_len=8, batch_size=64)
    check(lstm_figs.draw(name, trace), own)


@every_figure
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 3e38, 1e-40])
@pytest.mark.parametrize("size", [2, 12])
def test_what_is_not_finite_is_proven_among_many(name, bad, size):
    trace, own = traced(5, size, seq_len=3, batch_size=2, bad=bad)
    for width in (720, 360):
        check(lstm_figs.draw(name, trace, width=width), own, width)


@pytest.mark.parametrize(("hidden_size", "seq_len"), [(8, 1000), (256, 1000)])
def test_a_thousand_steps_fit_into_a_file(hidden_size, seq_len):
    # By the equations alone: torch is asked about shorter runs.
    weights = traced(4, hidden_size, 1)[0].weights
    trace = lstm_figs.run(weights, sequence(seq_len, 1, 4).numpy())
    figure = lstm_figs.draw("gates-over-time", trace)
    assert len(figure.render("svg", "auto")) < LARGEST_FILE
    for axes in figure.scene.axes:
        assert all(len(s.xs) == seq_len for s in axes.series)


def test_bands_are_the_ranks_of_all_units_at_every_step():
    trace, _ = traced(3, 101, seq_len=20)
    figure = lstm_figs.draw("gates-over-time", trace)
    (forget,) = (a for a in figure.scene.axes if a.id == "f-axes")
    bands = [s for s in forget.series if isinstance(s, Band)]
    f = torch.tensor(np.stack([step.f[0] for step in trace.steps]))
    for band, (low, high) in zip(
        bands, ((0.1, 0.9), (0.25, 0.75)), strict=True
    ):
        expected = [f.quantile(q, dim=1).numpy() for q in (low, high)]
        np.testing.assert_allclose(band.lows, expected[0], atol=1e-6)
        np.testing.assert_allclose(band.highs, expected[1], atol=1e-6)


def test_open_and_shut_gates_are_counted():
    trace, _ = traced(3, 50, seq_len=4)
    found = values(lstm_figs.draw("gates-over-time", trace))
    for t, gate in itertools.product(range(4), "ifo"):
        z = getattr(trace.steps[t], f"z_{gate}")[0].astype(np.float64)
        assert found[f"{gate}-{t}-rank-3"] == (sigmoid(z) > 0.9).sum()
        assert found[f"{gate}-{t}-rank-4"] == (sigmoid(z) < 0.1).sum()


def test_ranks_of_arguments_become_the_same_ranks_of_results():
    trace, _ = traced(3, 50)
    found = values(lstm_figs.draw("gate-functions", trace, step=2))
    for rank in range(3):
        for gate in "ifo":
            z = found[f"z_{gate}-1-rank-{rank}"].astype(np.float64)
            result = found[f"{gate}-1-rank-{rank}"]
            assert result == pytest.approx(sigmoid(z), abs=1e-6)


def test_an_outlier_does_not_stretch_the_axis():
    module, x = trained(3, 100), sequence(1, 1, 3)
    with torch.no_grad():
        module.bias_ih_l0[7] = 1000
    figure = lstm_figs.draw("gate-functions", lstm_figs.trace(module, x))
    assert all(axes.xlim[1] <= 10 for axes in figure.scene.axes)
    foot = " ".join(figure.scene.heading.notes)
    assert re.search(r"\d+ arguments? beyond the axis", foot)


def test_a_map_of_jacobians_has_the_first_256_units_and_says_so():
    trace, own = traced(2, 300, seq_len=2)
    figure = lstm_figs.draw("independence", trace, step=2)
    check(figure, own)
    foot = " ".join(figure.scene.heading.notes)
    assert "units 0 to 255 of 300" in foot
    said = [m.content for m in walk(figure.scene.marks) if isinstance(m, Text)]
    assert "not zero: 256 of 65536" in said


@pytest.mark.parametrize("sizes", [(3, 2), (3, 20)])
def test_a_gradient_that_is_not_finite_is_not_outlined(sizes):
    def outlines(bad):
        trace, _ = traced(*sizes, batch_size=3, bad=bad)
        figure = lstm_figs.draw("batch", trace)
        foot = " ".join(figure.scene.heading.notes)
        return sum(
            isinstance(m, Box) and m.stroke == "ink" and m.stroke_width == 2
            for m in walk(figure.scene.marks)
        ), foot

    count, foot = outlines(None)
    assert count > 0
    assert "Outlined" in foot
    count, foot = outlines(float("nan"))
    assert count == 0
    assert "No gradient is finite" in foot


def test_the_gradient_of_a_large_batch_is_what_backward_leaves():
    module, x = trained(5, 30), sequence(6, 12, 5)
    found = values(lstm_figs.draw("batch", lstm_figs.trace(module, x)))
    module(x)[0].sum().backward()
    gradient = module.weight_ih_l0.grad
    row, col = divmod(int(gradient.abs().argmax()), 5)
    assert found[f"weight_ih-sum-{row}-{col}"] == pytest.approx(
        gradient[row, col].item(), rel=1e-4
    )
    for n in range(8):
        module.zero_grad()
        module(x[:, [n]])[0].sum().backward()
        assert found[f"weight_ih-share-{n}-{row}-{col}"] == pytest.approx(
            module.weight_ih_l0.grad[row, col].item(), rel=1e-4, abs=1e-5
        )
