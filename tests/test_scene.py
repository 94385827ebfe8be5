"""Texts that overlap or leave the sheet."""

from functools import cache
from itertools import product

import numpy as np
import pytest

from lstm_figs import draw, run
from lstm_figs.errors import BeyondLimit
from lstm_figs.model.lstm import Weights
from lstm_figs.scene.marks import Text, shift, walk
from lstm_figs.sources import Source
from tests.layout_faults import faults
from tests.request_cases import options
from tests.sources import every_figure

SIZES = (1, 3, 5, 8)
"""Sizes at which columns wrap and numbers get more digits."""

every_width = pytest.mark.parametrize("width", [720, 360])


@cache
def trace_of_sizes(input_size, hidden_size, seq_len=4):
    return Source(input_size, hidden_size, seq_len=seq_len).trace()


@cache
def scale_weights(size, factor):
    trace = trace_of_sizes(size, size, 8)
    weights = Weights(*(a * np.float32(factor) for a in trace.weights[0].parameters().values()))
    return run(weights, trace.x)


@every_width
@every_figure
def test_no_text_overlaps_or_leaves_the_sheet_at_any_size(name, width):
    wrong = {}
    for sizes in product(SIZES, SIZES):
        last = options(name, sizes[1], 4, 1)
        sheet = draw(name, trace_of_sizes(*sizes), width=width, **last).sheet
        if problems := faults(sheet, width):
            wrong[sizes] = problems[:5]
    assert wrong == {}


@every_width
@every_figure
@pytest.mark.parametrize("size", [2, 8])
def test_no_text_overlaps_whatever_the_numbers(name, width, size):
    wrong = {}
    # If a figure makes a projection from the weights, h is as large as they are.
    large = 1e15 if name == "projection" else 1e30
    for factor in (-1e-7, 30, large):
        if (name, size, factor) == ("wrong-way", 2, 1e30):
            # There the mistake of `wrong-way` changes no number.
            with pytest.raises(BeyondLimit):
                draw(name, scale_weights(size, factor), width=width)
            continue
        sheet = draw(name, scale_weights(size, factor), width=width).sheet
        if problems := faults(sheet, width):
            wrong[factor] = problems[:5]
    assert wrong == {}


def test_the_checker_finds_what_overlaps_leaves_and_is_small():
    sheet = draw("unrolled", trace_of_sizes(3, 2)).sheet
    first = next(m for m in walk(sheet.marks) if isinstance(m, Text))

    def faults_with(mark):
        return faults(sheet._replace(marks=(*sheet.marks, mark)))

    assert faults(sheet, 360) == [f"{sheet.width} wide"]
    assert faults_with(first) == [(first.content, first.content)]
    assert {first.content, "a mark leaves the paper"} <= {
        *faults_with(shift(first, 0, sheet.height))
    }
    small = first._replace(size=9, y=sheet.height - 3)
    assert faults_with(small) == [f"{first.content} is small"]
    high = sheet._replace(height=sheet.height + 180)
    assert any("nothing below" in fault for fault in faults(high, 720))


def test_a_subscript_is_a_run_of_its_own():
    runs = Text(x=0, y=0, content="x_{t}·y").runs
    assert [(run.text, run.sub) for run in runs] == [("x", False), ("t", True), ("·y", False)]


@pytest.mark.parametrize(("size", "small"), [(12, 9), (14, 9.8), (20, 14)])
def test_a_subscript_is_small_and_never_bold(size, small):
    text = Text(x=0, y=0, content="x_{t}", size=size, bold=True)
    letter, below = text.runs
    assert text.run_size(letter) == size
    assert text.run_bold(letter)
    assert text.run_size(below) == pytest.approx(small)
    assert not text.run_bold(below)
