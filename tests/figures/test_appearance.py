"""The overall look of figures: space around numbers, titles, last lines."""

import math
import re
from itertools import pairwise
from pathlib import Path

import pytest

import lstm_figs as lf
from lstm_figs.command.request import parse_header
from lstm_figs.figures import CATALOG
from lstm_figs.scene import metrics
from lstm_figs.scene.marks import Box, Text, bounds, walk
from lstm_figs.sources import Source
from tests.layout_faults import faults

DOCS = Path(__file__).parents[2] / "docs"


def texts_of(figure):
    return [m for m in walk(figure.sheet.marks) if isinstance(m, Text)]


WITH_NUMBERS = {(4, 4), (2, 4), (5, 3)}
"""Sizes whose weights are printed, not only drawn in colour."""


@pytest.mark.parametrize("sizes", [*WITH_NUMBERS, (6, 5), (2, 8), (8, 8), (12, 5)], ids=str)
def test_the_biases_of_a_row_stand_in_its_line(sizes):
    figure = lf.draw("weight-map", Source(*sizes).trace())
    height = {}
    for text in texts_of(figure):
        # Numbers of a stored row; their ids are tensor-row-column.
        match = re.fullmatch(r"(\w+)-(\d+)-(\d+)", text.id)
        if match and text.number is not None:
            height.setdefault(int(match[2]), set()).add(text.y)
    assert height.keys() == (set(range(4 * sizes[1])) if sizes in WITH_NUMBERS else set())
    assert all(len(ys) == 1 for ys in height.values())


def test_the_name_of_an_input_lies_within_its_circle():
    for size in (8, 256, 4096):
        figure = lf.draw("perceptron", Source(size, 1).trace())
        marks = [*walk(figure.sheet.marks)]
        circles = [m for m in marks if isinstance(m, Box) and m.radius == m.width / 2]
        names = [m for m in marks if isinstance(m, Text) and re.fullmatch(r"x?\[\d+\]", m.content)]
        inside = 0
        for text in names:
            box = bounds([text])
            for circle in circles:
                middle = circle.x + circle.radius, circle.y + circle.radius
                if math.dist(middle, (text.x, text.y)) < circle.radius:
                    inside += 1
                    # Letters are lower than the bounds of their line.
                    reach = max(
                        math.dist(middle, (x, text.y - 0.36 * text.size))
                        for x in (box.left, box.right)
                    )
                    assert reach < circle.radius - 1, text.content
        assert inside == 8


@pytest.mark.parametrize(("width", "units", "seq_len"), [(720, 2, 8), (720, 4, 8), (360, 2, 5)])
def test_no_frame_cuts_the_sign_of_a_number_it_holds(width, units, seq_len):
    trace = Source(3, units, seq_len=seq_len).trace()
    figure = lf.draw("gates-over-time", trace, width=width)
    frames = [m for m in walk(figure.sheet.marks) if isinstance(m, Box) and m.stroke_width == 2]
    framed = [
        (frame, bounds([text]))
        for frame in frames
        for text in texts_of(figure)
        if frame.x < text.x < frame.x + frame.width
        and frame.y < text.y < frame.y + frame.height
        and text.number is not None
    ]
    assert len(framed) == 2 * units
    for frame, box in framed:
        assert frame.x + 2 < box.left
        assert box.right < frame.x + frame.width - 2


def test_the_foot_stands_below_all_lanes_though_h_has_fewer_units_than_c():
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


@pytest.mark.parametrize("name", ["padding", "cell-output", "data-flow"])
def test_numbers_that_stand_together_print_in_one_notation(name):
    figure = lf.draw(name, step=1) if name != "padding" else lf.draw(name)
    printed = {t.id: t.content for t in figure.numbers()}
    assert not any("e" in text for text in printed.values())
    sums = {text for id, text in printed.items() if id.startswith("z_")}
    assert len({"." in text for text in sums}) <= 1


def test_no_last_line_is_a_word_alone():
    for name in CATALOG:
        figure = lf.draw(name)
        foot = [t for t in texts_of(figure) if t.kind == "foot"]
        if len(foot) > 1:
            longest = max(metrics.width(t.content, t.size) for t in foot)
            last = metrics.width(foot[-1].content, foot[-1].size)
            assert last > longest / 4, (name, foot[-1].content)


def core_words(words):
    return re.sub(r"\{.*|[^\w\s]|\b(the|a|an|that|is)\b", "", words.lower())


def test_no_title_says_again_what_the_heading_above_it_says():
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
    assert len(titles) > 60
    assert [
        (where, title)
        for where, title in titles.items()
        if core_words(title).split() == core_words(where[1]).split()
    ] == []
