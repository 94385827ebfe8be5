from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_figs import draw, run
from lstm_figs.figures import CATALOG
from lstm_figs.lstm import Weights
from lstm_figs.marks import Box, Group, Text, bounds, shift, walk
from lstm_figs.sources import Source
from tests import strategies

TOLERANCE = 0.5

every_figure = pytest.mark.parametrize("name", CATALOG)
every_width = pytest.mark.parametrize("width", [720, 360])


@cache
def traced(input_size, hidden_size, seq_len=4):
    return Source(input_size, hidden_size, seq_len=seq_len).trace()


def faults(sheet):
    """What leaves the sheet, and which texts lie upon each other."""
    marks = [m for m in walk(sheet.marks) if isinstance(m, Text)]
    places = np.array([bounds([m]) for m in marks])
    said = [m.content for m in marks]
    left, top, right, bottom = places.T
    outside = (
        (left < -TOLERANCE)
        | (top < -TOLERANCE)
        | (right > sheet.width + TOLERANCE)
        | (bottom > sheet.height + TOLERANCE)
    )
    across = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    down = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    overlap = np.triu((across > TOLERANCE) & (down > TOLERANCE), 1)
    return [said[k] for k in np.flatnonzero(outside)] + [
        (said[a], said[b]) for a, b in np.argwhere(overlap)
    ]


@every_width
@every_figure
def test_no_text_overlaps_or_leaves_the_sheet_at_any_size(name, width):
    wrong = {}
    for sizes in product(range(1, 9), range(1, 9)):
        options = strategies.last_options(name, sizes[1], 4)
        sheet = draw(name, traced(*sizes), width=width, **options).sheet
        if found := faults(sheet):
            wrong[sizes] = found[:5]
        if sheet.width > 720:
            wrong[sizes] = sheet.width
    assert wrong == {}


@every_width
@every_figure
@settings(max_examples=10)
@given(st.data())
def test_no_text_overlaps_whatever_the_options_and_the_sequence(
    name, width, data
):
    request = data.draw(strategies.requests(name, width))
    assert faults(request.draw().sheet) == []


@every_width
@every_figure
@pytest.mark.parametrize("size", [1, 3, 8])
@pytest.mark.parametrize("factor", [-1e-7, 30, -4e3, 1e30])
def test_no_text_overlaps_whatever_the_numbers(name, width, size, factor):
    made = traced(size, size, 8)
    weights = Weights(
        *(a * np.float32(factor) for a in made.weights[0].parameters().values())
    )
    trace = run(weights, made.x)
    assert faults(draw(name, trace, width=width).sheet) == []


def test_the_checker_finds_what_overlaps_and_what_leaves():
    sheet = draw("unrolled", traced(3, 2)).sheet
    first = next(m for m in walk(sheet.marks) if isinstance(m, Text))

    def beside(dx, dy):
        moved = (*sheet.marks, shift(first, dx, dy))
        return faults(sheet._replace(marks=moved))

    assert faults(sheet) == []
    assert beside(0, 0) == [(first.content, first.content)]
    assert first.content in beside(-30, -3)
    assert first.content in beside(0, sheet.height)


@every_figure
def test_every_mark_lies_on_the_paper(name):
    for sizes in ((1, 1), (8, 8), (1, 8), (8, 1)):
        sheet = draw(name, traced(*sizes)).sheet
        paper = sheet.marks[0]
        assert (paper.width, paper.height) == (sheet.width, sheet.height)
        left, top, right, bottom = bounds(sheet.marks)
        assert (left, top) >= (0, 0)
        assert (right, bottom) <= (sheet.width, sheet.height)


@every_figure
def test_no_text_is_smaller_than_11_pixels(name):
    for width in (720, 360):
        sheet = draw(name, traced(8, 8), width=width).sheet
        assert [
            mark.content
            for mark in walk(sheet.marks)
            if isinstance(mark, Text)
            and min(mark.run_size(run) for run in mark.runs) < 11
        ] == []


@every_figure
def test_a_figure_for_less_width_is_narrower(name):
    wide, narrow = (
        draw(name, traced(3, 2), width=width).sheet for width in (720, 360)
    )
    assert narrow.width < wide.width


def test_moving_a_mark_moves_all_that_it_holds():
    box = Box(x=1, y=2, width=3, height=4)
    text = Text(x=5, y=6, content="a_{b}c")
    moved = shift(Group(marks=(box, text)), 10, 20)
    assert (moved.marks[0].x, moved.marks[0].y) == (11, 22)
    assert (moved.marks[1].x, moved.marks[1].y) == (15, 26)


def test_a_subscript_is_a_run_of_its_own():
    runs = Text(x=0, y=0, content="x_{t}·y").runs
    assert [(run.text, run.sub) for run in runs] == [
        ("x", False),
        ("t", True),
        ("·y", False),
    ]
