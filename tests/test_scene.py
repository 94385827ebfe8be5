"""Texts that overlap or leave the sheet."""

import pytest

from lstm_figs import draw
from lstm_figs.scene.marks import Text, shift, walk
from lstm_figs.sources import Source
from tests.layout_faults import faults


def test_the_checker_finds_what_overlaps_leaves_and_is_small():
    sheet = draw("unrolled", Source(3, 2).trace()).sheet
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
