"""Figures of modules that are too large to print every number."""

import re
import time
import tracemalloc
from functools import cache
from statistics import median

import numpy as np
import pytest
import torch

import lstm_figs
from lstm_figs.figure import draw_figure
from tests.figures import marks_by_id, texts, values
from tests.layout_faults import faults
from tests.proof import NUMBERLESS, prove
from tests.trained_modules import sequence, trained, trained_trace

WEIGHTS = ("weight-map", "hidden-size", "perceptron", "four-weights", "cell-input")
"""Figures of the weights, which take longest and need the most memory."""
NAMES = (
    *(*WEIGHTS, "cell", "cell-output", "data-flow", "unrolled", "gates-over-time"),
    *("gate-functions", "independence", "batch", "custom-cell", "gru", "dispatch", "porting"),
)
MAX_BYTES = 300_000
"""The size limit of a figure as SVG."""

every_figure = pytest.mark.parametrize("name", NAMES)
figure_of_weights = pytest.mark.parametrize("name", WEIGHTS)
traces = cache(trained_trace)


@every_figure
@pytest.mark.parametrize("size", [(4096, 1), (1, 1500), (40, 256), (60, 2), (9, 9)], ids=str)
def test_a_large_figure_is_proven_and_fits(name, size):
    bad = (float("nan"), float("inf"), float("-inf")) if size == (9, 9) else ()
    trace, namespace = traces(*size, special=bad)
    for width in (720, 360):
        figure = draw_figure(name, trace, {}, width=width)
        svg = figure.render("svg", "auto").decode()
        assert prove(svg, namespace) == len(figure.numbers())
        assert figure.numbers() or name in NUMBERLESS or bad
        assert len(svg) < MAX_BYTES
        assert faults(figure.sheet, width) == []
        assert figure.sheet.height < (1300 if width == 720 else 2500)
        ids = re.findall(r' id="([^"]*)"', svg)
        assert len(ids) == len(set(ids))
        assert len(figure.description) < 4000


def test_what_is_no_finite_number_is_named():
    trace, _ = trained_trace(40, 30, special=(np.nan, np.inf, -np.inf))
    figure = draw_figure("weight-map", trace, {})
    assert {"NaN: 1", "∞: 1", "−∞: 1"} <= set(texts(figure))
    assert "1 NaN, 1 ∞, 1 −∞" in figure.description


def test_a_weight_map_has_cells_or_the_size_of_each_gate():
    trace, _ = traces(40, 256)
    assert {*values(draw_figure("weight-map", trace, {}))} == {"scale-weight_ih", "scale-weight_hh"}
    # Its random weights have no structure, so cells would show only chance.
    untrained = torch.nn.LSTM(40, 256)
    figure = draw_figure("weight-map", lstm_figs.trace(untrained, sequence(2, 1, 40)), {})
    for gate, rows in zip("ifgo", untrained.weight_hh_l0.chunk(4), strict=True):
        assert abs(values(figure)[f"weight_hh-{gate}-largest"]) == rows.abs().max().item()


def test_a_number_of_an_outlier_stays_in_its_cell():
    trace, _ = trained_trace(9, 9, seed=4)
    figure = draw_figure("four-weights", trace, {})
    widths = [text.width for text in figure.numbers() if text.id.startswith("weight_ih-")]
    cell_width = 48
    assert max(widths) <= cell_width


@pytest.mark.parametrize("hidden_size", [8, 256])
def test_a_thousand_steps_fit_into_a_file(hidden_size):
    # By the equations alone; shorter runs are compared with torch.
    weights = traces(4, hidden_size)[0].weights
    trace = lstm_figs.run(weights, sequence(1000, 1, 4).numpy())
    figure = lstm_figs.draw("gates-over-time", trace)
    assert len(figure.render("svg", "auto")) < MAX_BYTES
    (note,) = (note for note in figure.scene.heading.notes if "left out" in note.text)
    left_out = int(re.search(r"\d+", note.text)[0])
    for name in "ifgoch":
        assert f"[0:{1000 - left_out}, 0" in marks_by_id(figure)[f"{name}-strip"].bound[0].of


@pytest.mark.parametrize("hidden_size", [8, 101])
def test_rows_begin_with_the_unit_that_keeps_most(hidden_size):
    trace, _ = traces(3, hidden_size, seq_len=20)
    figure = lstm_figs.draw("gates-over-time", trace)
    keeps = np.stack([step.f[0] for step in trace.steps]).mean(axis=0)
    strips = {marks_by_id(figure)[f"{name}-strip"].bound[0].of for name in "ifgoc"}
    rows = {re.search(r"\[([\d, ]+)\]\]\.T", of)[1] for of in strips}
    (units,) = (list(map(int, row.split(", "))) for row in rows)
    assert len(units) == min(hidden_size, 12)
    assert (np.diff(keeps[units]) <= 1e-6).all()
    assert {keeps[units].max(), keeps[units].min()} == {keeps.max(), keeps.min()}


def test_an_outlier_does_not_stretch_the_axis_of_gate_functions():
    module, x = trained(3, 100), sequence(1, 1, 3)
    with torch.no_grad():
        module.bias_ih_l0[7] = 1000
    figure = lstm_figs.draw("gate-functions", lstm_figs.trace(module, x))
    (course,) = marks_by_id(figure)["i-0-median-point"].bound
    assert course.x_scale.high <= 10


def seconds(name, trace):
    start = time.process_time()
    draw_figure(name, trace, {}).render("svg", "auto")
    return time.process_time() - start


@figure_of_weights
def test_time_grows_no_faster_than_the_weights(name):
    small, _ = traces(256, 256)
    big, _ = traces(1024, 1024)
    few, many = (median(seconds(name, trace) for _ in range(3)) for trace in (small, big))
    assert many <= 16 * few


@figure_of_weights
def test_a_figure_needs_less_memory_than_the_weights(name):
    trace, _ = traces(1024, 1024)
    size = sum(array.nbytes for array in trace.weights[0].parameters().values())
    tracemalloc.start()
    draw_figure(name, trace, {}).render("svg", "auto")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < size
