"""The overall look of figures: space around numbers, titles, last lines."""

import math
import re
from itertools import pairwise
from pathlib import Path

import pytest

import lstm_figs as lf
from lstm_figs.command.request import parse_header
from lstm_figs.figures import CATALOG
from lstm_figs.layout import styles
from lstm_figs.scene import metrics
from lstm_figs.scene.marks import Box, Text, bounds, walk
from lstm_figs.sources import Source
from tests.layout_faults import faults

DOCS = Path(__file__).parents[2] / "docs"


def texts_of(figure):
    """The texts as marks, with their places."""
    return [mark for mark in walk(figure.sheet.marks) if isinstance(mark, Text)]


WITH_NUMBERS = {(4, 4), (2, 4), (5, 3)}
"""Sizes whose weights are printed, not only drawn in colour."""


@pytest.mark.parametrize("sizes", [*WITH_NUMBERS, (6, 5), (2, 8), (8, 8), (12, 5)], ids=str)
def test_the_biases_of_a_row_are_in_its_line(sizes):
    figure = lf.draw("weight-map", Source(*sizes).trace())
    heights_by_row = {}
    for text in texts_of(figure):
        # Numbers of a stored row; their ids are tensor-row-column.
        match = re.fullmatch(r"\w+-(\d+)-\d+", text.id)
        if match and text.number is not None:
            heights_by_row.setdefault(int(match[1]), set()).add(text.y)
    _, hidden_size = sizes
    rows = set(range(4 * hidden_size)) if sizes in WITH_NUMBERS else set()
    assert heights_by_row.keys() == rows
    assert all(len(heights) == 1 for heights in heights_by_row.values())


@pytest.mark.parametrize("size", [8, 256, 4096])
def test_the_name_of_an_input_is_within_its_circle(size):
    marks = [*walk(lf.draw("perceptron", Source(size, 1).trace()).sheet.marks)]
    circles = [mark for mark in marks if isinstance(mark, Box) and mark.radius == mark.width / 2]
    # A long index has no x before it.
    names = [
        mark
        for mark in marks
        if isinstance(mark, Text) and re.fullmatch(r"x?\[\d+\]", mark.content)
    ]
    checked = 0
    for name in names:
        box = bounds([name])
        for circle in circles:
            middle = circle.x + circle.radius, circle.y + circle.radius
            if math.dist(middle, (name.x, name.y)) < circle.radius:
                checked += 1
                # The middle of letters is above their baseline.
                letters_y = name.y - 0.36 * name.size
                for x in (box.left, box.right):
                    assert math.dist(middle, (x, letters_y)) < circle.radius - 1, name.content
    # Of more inputs, eight have circles of their own.
    assert checked == 8


@pytest.mark.parametrize(("width", "units", "seq_len"), [(720, 2, 8), (720, 4, 8), (360, 2, 5)])
def test_no_frame_cuts_the_sign_of_a_number_it_holds(width, units, seq_len):
    trace = Source(3, units, seq_len=seq_len).trace()
    figure = lf.draw("gates-over-time", trace, width=width)
    frames = [
        mark
        for mark in walk(figure.sheet.marks)
        if isinstance(mark, Box) and mark.stroke_width == styles.BOX.strong.weight
    ]
    # Each frame with the numbers in it.
    framed = [
        (frame, bounds([text]))
        for frame in frames
        for text in texts_of(figure)
        if frame.x < text.x < frame.x + frame.width
        and frame.y < text.y < frame.y + frame.height
        and text.number is not None
    ]
    # The last h and the last c of each unit.
    assert len(framed) == 2 * units
    for frame, box in framed:
        assert frame.x + 2 < box.left
        assert box.right < frame.x + frame.width - 2


def test_the_foot_is_below_all_lanes_though_h_has_fewer_units_than_c():
    trace = Source(3, 6, proj_size=1).trace()
    assert faults(lf.draw("gates-over-time", trace).sheet) == []


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("padding", ()),
        ("weight-map", ()),
        ("perceptron", (8, 8)),
        ("batch", (9, 8)),
        ("gates-over-time", (3, 4)),
    ],
)
def test_numbers_beside_each_other_are_apart(name, sizes):
    figure = lf.draw(name, Source(*sizes, seq_len=8).trace())
    lines = {}
    for text in texts_of(figure):
        if text.number is not None:
            lines.setdefault(text.y, []).append(bounds([text]))
    for line in lines.values():
        line.sort()
        for before, after in pairwise(line):
            assert after.left - before.right >= 3


@pytest.mark.parametrize(
    ("name", "options"), [("padding", {}), ("cell-output", {"step": 1}), ("data-flow", {"step": 1})]
)
def test_numbers_of_one_kind_are_printed_in_one_notation(name, options):
    printed = {text.id: text.content for text in lf.draw(name, **options).numbers()}
    assert not any("e" in content for content in printed.values())
    sums = {content for id, content in printed.items() if id.startswith("z_")}
    # All have a decimal point, or none has.
    assert len({"." in content for content in sums}) <= 1


def test_no_last_line_is_a_word_alone():
    for name in CATALOG:
        figure = lf.draw(name)
        foot = [text for text in texts_of(figure) if text.kind == "foot"]
        if len(foot) > 1:
            widths = [metrics.width(line.content, line.size) for line in foot]
            assert widths[-1] > max(widths) / 4, (name, foot[-1].content)


def core_words(sentence):
    """The words of a sentence, without attributes in braces, punctuation and small words."""
    return re.sub(r"\{.*|[^\w\s]|\b(the|a|an|that|is)\b", "", sentence.lower()).split()


def test_no_title_repeats_the_heading_above_it():
    titles = {}
    for page in sorted(DOCS.glob("*.md")):
        heading = ""
        for line in page.read_text("utf-8").splitlines():
            if line.startswith("#"):
                heading = line.lstrip("# ")
            block = re.match(r"/// lstm-(?:figure|picture) \| (.*)", line)
            if block and "--message" not in line:
                title = parse_header(block[1]).draw().title
                titles[page.name, heading] = title
    # Most figures of the pages are found.
    assert len(titles) > 60
    assert [
        (page, title)
        for (page, heading), title in titles.items()
        if core_words(title) == core_words(heading)
    ] == []
