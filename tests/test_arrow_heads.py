"""An arrow has one head, at its end, which points along its line and can be seen."""

import math

import pytest

from lstm_figs.layout import shapes

TURNS = [math.tau * k / 16 for k in range(16)]
ENDS = [(50 + 40 * math.cos(turn), 60 + 40 * math.sin(turn)) for turn in TURNS]
START = (50.0, 60.0)
ARROWS = {
    **{f"straight, {k}": (shapes.arrow, (START, end)) for k, end in enumerate(ENDS)},
    "no longer than its head": (shapes.arrow, (START, (50.0, 68.0))),
    "with corners": (shapes.arrow, (START, (50.0, 90.0), (120.0, 90.0))),
    "curved": (shapes.arrow, (START, (50.0, 90.0), (80.0, 120.0), (120.0, 120.0))),
    "rounded": (shapes.round_arrow, (START, (50.0, 90.0), (120.0, 90.0), (120.0, 20.0))),
}
"""Case -> a function that draws an arrow, and its points."""


def faults(name):
    """What is wrong with the arrow heads that a function draws."""
    draw, points = ARROWS[name]
    options = {"curve": True} if name == "curved" else {}
    line, *heads = draw(*points, paint="muted", **options).marks
    if len(heads) != 1:
        return [f"{len(heads)} heads"]
    # The commands of a closed path, each with its point.
    (_, tip), (_, left), (_, right), _ = heads[0].d
    base = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    before, after = (math.atan2(y - v, x - u) for (u, v), (x, y) in (points[-2:], (base, tip)))
    # A head is about 8 pixels long and wide.
    is_wrong_by_fault = {
        "not at the end": math.dist(tip, points[-1]) > 0.1,
        "apart from its line": math.dist(base, line.d[-1][-1]) > 2,
        "turned": abs(math.remainder(after - before, math.tau)) > 0.1,
        "of another length": not 7 <= math.dist(tip, base) <= 8.01,
        "of another width": not 7 <= math.dist(left, right) <= 8.01,
    }
    return [fault for fault, is_wrong in is_wrong_by_fault.items() if is_wrong]


@pytest.mark.parametrize("name", ARROWS)
def test_a_head_is_at_the_end_of_its_arrow_and_points_along_it(name):
    assert faults(name) == []
