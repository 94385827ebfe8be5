"""Figures of weights that are too large to print every number."""

import re
import time
import tracemalloc
from collections import Counter
from functools import cache
from statistics import median
from typing import NamedTuple

import numpy as np
import pytest
import torch

from lstm_figs.figure import draw_figure
from lstm_figs.scene.marks import Text, walk
from tests.layout_faults import faults
from tests.proof import NUMBERLESS, numbers, prove, read
from tests.trained_modules import trained_trace

NAMES = ("weight-map", "hidden-size", "perceptron", "four-weights", "cell-input")
SIZES = [(40, 256), (4096, 1), (1, 1500), (9, 9), (12, 16), (60, 2)]
BYTES = 300_000
every_figure = pytest.mark.parametrize("name", NAMES)
traces = cache(trained_trace)


def svg_of(figure, theme="auto"):
    return figure.render("svg", theme).decode()


def values(figure):
    return {n.id: n.number.value.item() for n in figure.numbers()}


def texts(figure):
    return [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]


class LargeCase(NamedTuple):
    """A module, and the width of its figure."""

    input_size: int
    hidden_size: int
    bias: bool
    width: int


@every_figure
@pytest.mark.parametrize(
    LargeCase._fields,
    [
        LargeCase(input_size=9, hidden_size=1, bias=True, width=720),
        LargeCase(input_size=9, hidden_size=1, bias=False, width=360),
        LargeCase(input_size=1, hidden_size=9, bias=True, width=360),
        LargeCase(input_size=8, hidden_size=9, bias=False, width=720),
        LargeCase(input_size=9, hidden_size=8, bias=True, width=360),
        LargeCase(input_size=12, hidden_size=12, bias=False, width=360),
        LargeCase(input_size=300, hidden_size=1, bias=True, width=360),
        LargeCase(input_size=1, hidden_size=300, bias=False, width=360),
        LargeCase(input_size=300, hidden_size=2, bias=False, width=720),
        LargeCase(input_size=17, hidden_size=33, bias=True, width=720),
        LargeCase(input_size=64, hidden_size=100, bias=True, width=360),
        LargeCase(input_size=255, hidden_size=256, bias=False, width=720),
    ],
)
def test_every_number_of_a_large_figure_is_proven(name, input_size, hidden_size, bias, width):
    trace, namespace = trained_trace(input_size, hidden_size, bias=bias)
    figure = draw_figure(name, trace, {}, width=width)
    svg = svg_of(figure)
    assert prove(svg, namespace) == len(figure.numbers())
    assert figure.numbers() or name in NUMBERLESS
    assert len(svg) < BYTES
    ids = [n.get("id") for n in numbers(read(svg))]
    assert None not in ids
    assert len(ids) == len(set(ids))


@every_figure
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_large_figure_fits_and_can_be_read(name, size):
    trace, _ = traces(*size)
    for width in (720, 360):
        figure = draw_figure(name, trace, {}, width=width)
        assert faults(figure.sheet, width) == []
        assert figure.sheet.height < (1300 if width == 720 else 1800)
        assert len(svg_of(figure, "page")) < BYTES


@every_figure
@pytest.mark.parametrize("size", [(2, 11), (1, 9), (9, 1), (257, 13)], ids=str)
def test_texts_are_apart_whatever_the_numbers_of_a_large_figure(name, size):
    special = (float("nan"), float("inf"), float("-inf"))
    for bias in (True, False):
        trace, _ = traces(*size, bias=bias, special=special)
        for width in (720, 360):
            figure = draw_figure(name, trace, {}, width=width)
            assert faults(figure.sheet, width) == []


@every_figure
def test_a_narrow_large_figure_has_the_same_proofs(name):
    trace, _ = traces(40, 256)
    wide, narrow = (
        Counter(n.number.expr for n in draw_figure(name, trace, {}, width=width).numbers())
        for width in (720, 360)
    )
    assert wide == narrow


def test_what_is_no_finite_number_is_proven_and_named():
    trace, namespace = trained_trace(40, 30, special=(np.nan, np.inf, -np.inf))
    figure = draw_figure("weight-map", trace, {})
    assert prove(svg_of(figure), namespace) == len(figure.numbers())
    assert {"NaN: 1", "∞: 1", "−∞: 1"} <= set(texts(figure))
    assert "1 NaN, 1 ∞, 1 −∞" in figure.description


def test_an_outlier_does_not_blank_a_weight_map():
    trace, namespace = traces(40, 256)
    assert namespace["lstm"].weight_ih_l0.min() == -61
    assert values(draw_figure("weight-map", trace, {}))["scale-weight_ih"] < 1


def test_a_weight_map_says_how_large_blocks_are_and_where_biases_lie():
    trace, namespace = traces(40, 256)
    figure_values = values(draw_figure("weight-map", trace, {}))
    lstm = namespace["lstm"]
    squares = lstm.weight_ih_l0.double().square()
    blocks = squares.unfold(0, 16, 16).unfold(1, 2, 2)
    sizes = blocks.mean((-1, -2)).sqrt().flatten().sort().values
    place = -(-99 * len(sizes) // 100) - 1
    assert figure_values["scale-weight_ih"] == pytest.approx(sizes[place].item())
    # Its blocks differ only by chance, so bands are drawn.
    levels = lstm.weight_hh_l0.double().square().reshape(4, -1).mean(1).sqrt()
    assert figure_values["scale-weight_hh"] == pytest.approx(levels.max().item())
    for gate, band in zip("ifgo", (lstm.bias_ih_l0 + lstm.bias_hh_l0).chunk(4), strict=True):
        middle = band.median().item()
        assert figure_values[f"bias-{gate}-middle"] == pytest.approx(middle)


def test_the_rows_of_a_unit_are_those_that_it_owns():
    trace, namespace = traces(40, 256)
    figure = draw_figure("hidden-size", trace, {})
    root = read(svg_of(figure))
    lstm = namespace["lstm"]
    owned = {
        int(e.get("id").rpartition("-")[2]): e.get("data-of")
        for e in root.iter()
        if "--owned-" in e.get("id", "")
    }
    assert [*owned] == [256 * band + unit for unit in (0, 1, 2, 255) for band in range(4)]
    for row, of in owned.items():
        assert torch.equal(eval(of, namespace), lstm.weight_ih_l0[row])


def test_a_perceptron_draws_what_adds_most_and_still_adds_up():
    trace, namespace = traces(40, 256)
    figure = draw_figure("perceptron", trace, {"step": 2})
    figure_values = values(figure)
    weight, x = namespace["lstm"].weight_ih_l0[0], namespace["x"][1, 0]
    chosen = (weight * x).abs().topk(8).indices.sort().values.tolist()
    for j in chosen:
        assert figure_values[f"weight-{j}-line"] == weight[j]
        assert figure_values[f"x-{j}"] == x[j]
    products = [figure_values[f"product-{j}"] for j in chosen]
    assert "32 more" in " ".join(texts(figure))
    assert sum(products) + figure_values["y-more"] == pytest.approx(figure_values["y"], abs=1e-5)
    assert figure_values["y"] == pytest.approx((weight @ x).item(), abs=1e-5)


@pytest.mark.parametrize("unit", [0, 255])
def test_each_of_four_gates_still_adds_up(unit):
    trace, namespace = traces(40, 256)
    figure_values = values(draw_figure("four-weights", trace, {"unit": unit}))
    rows = [k * 256 + unit for k in range(4)]
    weight, x = namespace["lstm"].weight_ih_l0[rows], namespace["x"][0, 0]
    chosen = (weight * x).abs().amax(0).topk(5).indices.tolist()
    for gate, row, line in zip("ifgo", rows, weight, strict=True):
        drawn_sum = sum(figure_values[f"weight_ih-{row}-{j}"] * x[j] for j in chosen)
        total = drawn_sum.item() + figure_values[f"ih-{gate}-more"]
        assert total == pytest.approx((line @ x).item(), abs=1e-4)
        assert figure_values[f"ih-{gate}"] == pytest.approx(total, abs=1e-4)


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("size", [3, 6, 40])
def test_of_all_lines_those_of_the_input_that_adds_most_are_coloured(size, width):
    trace, namespace = traces(size, 256)
    figure = draw_figure("four-weights", trace, {}, width=width)
    coloured = {}
    for mark in walk(figure.sheet.marks):
        if mark.id.endswith("-drawn") and mark.stroke != "muted":
            row, j = map(int, re.findall(r"-(\d+)", mark.id))
            coloured[j, mark.stroke] = row
    rows = range(0, 1024, 256)
    added = (namespace["lstm"].weight_ih_l0[[*rows]] * namespace["x"][0, 0]).abs().sum(0)
    drawn_inputs = [j for j in range(size) if f"x-{j}" in values(figure)]
    most = max(drawn_inputs, key=lambda j: added[j].item())
    assert coloured == {(most, f"gate-{gate}"): row for gate, row in zip("ifgo", rows, strict=True)}


def test_a_number_of_an_outlier_stays_in_its_cell():
    trace, _ = trained_trace(9, 9, seed=4)
    figure = draw_figure("four-weights", trace, {})
    widths = [n.width for n in figure.numbers() if n.id.startswith("weight_ih-")]
    assert max(widths) <= 48


def test_sums_are_printed_for_the_first_and_the_last_units():
    trace, namespace = traces(40, 256)
    figure_values = values(draw_figure("cell-input", trace, {"step": 2}))
    for row in (0, 1, 255, 256, 511, 1023):
        addends = [figure_values[f"{name}-1-{row}"] for name in ("ih", "hh", "bias_ih", "bias_hh")]
        assert sum(addends) == pytest.approx(figure_values[f"z-1-{row}"], abs=1e-4)
        assert figure_values[f"bias_hh-1-{row}"] == namespace["lstm"].bias_hh_l0[row]
    assert "z-1-2" not in figure_values


def seconds(name, trace):
    start = time.process_time()
    svg_of(draw_figure(name, trace, {}))
    return time.process_time() - start


@every_figure
def test_time_grows_no_faster_than_the_weights(name):
    small, _ = traces(256, 256)
    big, _ = traces(1024, 1024)
    few, many = (median(seconds(name, trace) for _ in range(3)) for trace in (small, big))
    assert many <= 16 * few


@every_figure
def test_a_figure_needs_less_memory_than_the_weights(name):
    trace, _ = traces(1024, 1024)
    size = sum(a.nbytes for a in trace.weights[0].parameters().values())
    tracemalloc.start()
    draw_figure(name, trace, {}).render("svg", "auto")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < size
