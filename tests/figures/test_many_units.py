import re
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
import torch

import lstm_figs
from lstm_figs.model.lstm import sigmoid
from lstm_figs.scene.marks import Text, walk
from tests.layout_faults import faults
from tests.proof import prove
from tests.request_cases import options
from tests.trained_modules import sequence, trained

FIGURES = ("gates-over-time", "gate-functions", "independence", "batch")
LARGEST_FILE = 300_000

every_figure = pytest.mark.parametrize("name", FIGURES)


@cache
def traced(input_size, hidden_size, seq_len=3, batch_size=1, seed=0, bad=None):
    module = trained(input_size, hidden_size, seed)
    x = sequence(seq_len, batch_size, input_size, seed)
    if bad is not None:
        x[-1, 0, 0] = bad
    return lstm_figs.trace(module, x), {"module": module, "x": x}


def check(figure, namespace, width=720):
    """Prove a figure; check the size of its file and of its letters."""
    svg = figure.render("svg", "light").decode()
    assert prove(svg, namespace) == len(figure.numbers())
    assert len(svg.encode()) < LARGEST_FILE
    assert faults(figure.sheet, width) == []
    ids = re.findall(r' id="([^"]*)"', svg)
    assert len(ids) == len(set(ids))


def values(figure):
    return {n.id: n.number.value for n in figure.numbers()}


class TrainedCase(NamedTuple):
    """A module, its input, and the width of the figure."""

    input_size: int
    hidden_size: int
    seq_len: int
    batch_size: int
    width: int
    seed: int


@every_figure
@pytest.mark.parametrize(
    TrainedCase._fields,
    [
        TrainedCase(input_size=1, hidden_size=1, seq_len=1, batch_size=1, width=360, seed=1),
        TrainedCase(input_size=24, hidden_size=9, seq_len=12, batch_size=9, width=720, seed=2),
        TrainedCase(input_size=3, hidden_size=17, seq_len=5, batch_size=2, width=360, seed=3),
        TrainedCase(input_size=40, hidden_size=129, seq_len=2, batch_size=1, width=720, seed=4),
        TrainedCase(input_size=64, hidden_size=256, seq_len=12, batch_size=2, width=360, seed=5),
    ],
)
def test_every_number_of_a_trained_module_is_proven(
    name, input_size, hidden_size, seq_len, batch_size, width, seed
):
    trace, namespace = traced(input_size, hidden_size, seq_len, batch_size, seed)
    last = options(name, hidden_size, seq_len, 1)
    check(lstm_figs.draw(name, trace, width=width, **last), namespace, width)


@every_figure
@pytest.mark.parametrize("pair", [(4096, 1), (1, 1200), (8, 9), (9, 8)])
def test_extreme_sizes_are_drawn_and_proven(name, pair):
    trace, namespace = traced(*pair, seq_len=2)
    check(lstm_figs.draw(name, trace), namespace)


@every_figure
def test_a_large_batch_of_a_usual_module_is_proven(name):
    trace, namespace = traced(40, 256, seq_len=8, batch_size=64)
    check(lstm_figs.draw(name, trace), namespace)


@every_figure
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 3e38, 1e-40])
@pytest.mark.parametrize("size", [2, 12])
def test_what_is_not_finite_is_proven_among_many(name, bad, size):
    trace, namespace = traced(5, size, seq_len=3, batch_size=2, bad=bad)
    for width in (720, 360):
        check(lstm_figs.draw(name, trace, width=width), namespace, width)


@pytest.mark.parametrize(("hidden_size", "seq_len"), [(8, 1000), (256, 1000)])
def test_a_thousand_steps_fit_into_a_file(hidden_size, seq_len):
    # By the equations alone; shorter runs are compared with torch.
    weights = traced(4, hidden_size, 1)[0].weights
    trace = lstm_figs.run(weights, sequence(seq_len, 1, 4).numpy())
    figure = lstm_figs.draw("gates-over-time", trace)
    assert len(figure.render("svg", "auto")) < LARGEST_FILE
    (note,) = (n for n in figure.scene.heading.notes if "left out" in n.text)
    left_out = int(re.search(r"\d+", note.text)[0])
    for name in "ifgoch":
        strip = marks_by_id(figure)[f"{name}-strip"].bound[0]
        assert f"[0:{seq_len - left_out}, 0" in strip.of


def marks_by_id(figure):
    return {m.id: m for m in walk(figure.scene.marks) if m.id}


@pytest.mark.parametrize("hidden_size", [8, 101])
def test_rows_go_from_the_unit_that_keeps_most_to_the_one_that_does_least(hidden_size):
    trace, _ = traced(3, hidden_size, seq_len=20)
    figure = lstm_figs.draw("gates-over-time", trace)
    keeps = np.stack([step.f[0] for step in trace.steps]).mean(axis=0)
    strips = {marks_by_id(figure)[f"{name}-strip"].bound[0].of for name in "ifgoc"}
    rows = {re.search(r"\[([\d, ]+)\]\]\.T", of)[1] for of in strips}
    (units,) = (list(map(int, row.split(", "))) for row in rows)
    assert len(units) == min(hidden_size, 12)
    assert (np.diff(keeps[units]) <= 1e-6).all()
    assert {keeps[units].max(), keeps[units].min()} == {keeps.max(), keeps.min()}


def test_a_strip_of_a_state_is_as_strong_as_its_largest_element():
    trace, _ = traced(3, 50, seq_len=4)
    figure = lstm_figs.draw("gates-over-time", trace)
    c = np.stack([step.c[0] for step in trace.steps])
    (expr,) = (n.number.expr for n in figure.numbers() if n.id == "c-scale")
    t, _, unit = map(int, re.findall(r"\d+", expr))
    assert values(figure)["c-scale"] == c[t, unit]
    assert abs(c[t, unit]) <= abs(c).max()


def test_a_strip_of_a_gate_is_as_strong_as_a_gate_can_be():
    trace, _ = traced(3, 50, seq_len=4)
    marks = marks_by_id(lstm_figs.draw("gates-over-time", trace))
    assert {marks[f"{gate}-strip"].bound[0].end for gate in "ifgo"} == {1}


def test_ranks_of_arguments_become_the_same_ranks_of_results():
    trace, _ = traced(3, 50)
    figure_values = values(lstm_figs.draw("gate-functions", trace, step=2))
    for rank in range(3):
        for gate in "ifo":
            z = figure_values[f"z_{gate}-1-rank-{rank}"].astype(np.float64)
            result = figure_values[f"{gate}-1-rank-{rank}"]
            assert result == pytest.approx(sigmoid(z), abs=1e-6)


def test_an_outlier_does_not_stretch_the_axis():
    module, x = trained(3, 100), sequence(1, 1, 3)
    with torch.no_grad():
        module.bias_ih_l0[7] = 1000
    figure = lstm_figs.draw("gate-functions", lstm_figs.trace(module, x))
    point = marks_by_id(figure)["i-0-median-point"].bound[0]
    assert point.x_scale.high <= 10
    foot = " ".join(note.text for note in figure.scene.heading.notes)
    assert re.search(r"\d+ arguments? lies? beyond the axis", foot)


def test_units_near_the_ends_of_a_range_are_counted():
    trace, _ = traced(3, 50)
    figure_values = values(lstm_figs.draw("gate-functions", trace))
    for gate in "ifo":
        z = getattr(trace.steps[1], f"z_{gate}")[0].astype(np.float64)
        assert figure_values[f"{gate}-1-rank-3"] == (sigmoid(z) > 0.9).sum()
        assert figure_values[f"{gate}-1-rank-4"] == (sigmoid(z) < 0.1).sum()


def test_a_map_of_jacobians_has_the_first_256_units_and_says_so():
    trace, namespace = traced(2, 300, seq_len=2)
    figure = lstm_figs.draw("independence", trace, step=2)
    check(figure, namespace)
    foot = " ".join(note.text for note in figure.scene.heading.notes)
    assert "Units up to 255 of 300 are drawn." in foot
    texts = [m.content for m in walk(figure.scene.marks) if isinstance(m, Text)]
    assert "256 of 65,536 are not zero" in texts
