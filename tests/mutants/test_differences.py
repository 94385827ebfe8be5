"""Which differences change what a figure says, and which only its layout."""

import re
from typing import get_args, get_type_hints

import pytest

from lstm_figs import draw
from lstm_figs.proof.bindings import Course
from lstm_figs.scene.theme import colour
from tests.binding.arrow_heads import heads_of
from tests.binding.drawing import Mark
from tests.mutants.differences import kind
from tests.proof import SVG, read

CELL = draw("cell").render("svg", "light").decode()
DRAWS = get_args(get_type_hints(Course)["draws"])


def turn_head(svg):
    """Turn the first arrow head around its tip."""
    arrow = next(e for e in read(svg).iter(f"{SVG}g") if "data-flow" in e.attrib)
    (tip, first, second, _), *_ = heads_of(Mark(arrow, (), ""))
    points = (tip, *((2 * tip[0] - x, 2 * tip[1] - y) for x, y in (first, second)))
    d = "M{} {}L{} {}L{} {}Z".format(*(n for point in points for n in point))
    return re.sub(r'd="M[^"Z]*Z"', f'd="{d}"', svg, count=1)


def exchange(svg, first, second):
    """Swap two pieces of an SVG."""
    assert first in svg
    assert second in svg
    return svg.replace(first, "\0").replace(second, first).replace("\0", second)


def move_frame(svg):
    frame = re.search(r'<rect [^>]*rx="14"[^>]*/>\n', svg)[0]
    return svg.replace(frame, "").replace("</svg>", f"{frame}</svg>")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (CELL, "same"),
        (CELL.replace('names="gate=f"', 'names="gate=i"'), "says"),
        (CELL.replace(' y="', ' y="1'), "layout"),
        (CELL.replace('stroke-width="5"', 'stroke-width="2"'), "layout"),
        (CELL.replace(colour("rule", "light"), "#000000"), "layout"),
        (CELL.replace('dasharray="2.5 2"', 'dasharray="5 3"'), "says"),
        (exchange(CELL, colour("gate-f:8", "light"), colour("gate-i:8", "light")), "says"),
        (turn_head(CELL), "says"),
        (move_frame(CELL), "says"),
    ],
)
def test_what_a_figure_says_is_told_from_its_layout(changed, says):
    assert kind(CELL, changed) == says


@pytest.mark.parametrize("draws", DRAWS)
def test_a_course_that_runs_elsewhere_says_something_else(draws):
    first, second = (f'<svg><path data-draws="{draws}" d="M0 0L{x} 9"/></svg>' for x in (1, 2))
    assert kind(first, second) == "says"
