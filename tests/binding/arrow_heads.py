"""Each arrow has a head where it says which way, and that points there."""

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from tests.binding import specs
from tests.binding.arrows import distance
from tests.binding.drawing import Drawing, Mark, Point, lines
from tests.proof import SVG

POINTED = (
    *("makes", "in", "out", "copies", "back", "order", "sees"),
    *("visits", "reaches", "returns", "meets"),
)
"""What an arrow says of its ends has a direction, but for a leader."""

HEADLESS_FLOWS: dict[str, set[str]] = specs.constants("HEADLESS_FLOWS")
"""Figure -> what its lines without heads say: lines as thick as what they add,
and such as join two places that are alike or lie in the order of reading."""

TOLERANCE = 0.1
"""By how much lengths may differ that are written in hundredths."""

MAX_GAP = 2.0
"""How far a head may be from the end of its line."""

HEAD_LENGTHS, HEAD_WIDTHS = (7.0, 8.0), (7.0, 8.0)
"""Between which lengths and widths a head is, so that it is seen."""

CORNER = 3.0
"""How near to a corner of a box no line ends."""

MAX_ANGLE = math.radians(20)
"""By how much a head may turn from the last part of a curve."""


def faults(drawing: Drawing) -> list[str]:
    """Heads that are missing, not asked for, or turned another way."""
    arrows = [mark for mark in drawing.marks if mark.has("data-flow")]
    leaving = {
        (arrow.get("data-from"), round(line[0][1]))
        for arrow in arrows
        if arrow.get("data-flow") == "out" and (line := line_of(arrow))
    }
    problems = []
    for arrow in arrows:
        flow, line, heads = arrow.get("data-flow"), line_of(arrow), heads_of(arrow)
        if not line:
            continue
        # A line through the box of a call has its head where it comes out.
        end = arrow.get("data-to"), round(line[-1][1])
        through = flow == "in" and end in leaving
        plain = flow in HEADLESS_FLOWS.get(drawing.drawing_figure(arrow), ()) or through
        expected = flow in POINTED and not plain
        problems += corner_faults(drawing, arrow, line)
        arrow_name = f"the arrow {flow} from {arrow.get('data-from')} to {arrow.get('data-to')}"
        # A leader needs no head, and may have one.
        if len(heads) != expected and (flow, len(heads)) != ("points", 1):
            problems.append(f"{arrow_name} has {len(heads)} heads")
        problems += [
            f"{arrow_name} has a head that points another way"
            for head in heads
            if not is_aligned(line, head) or not approaches(drawing, arrow, head)
        ]
        problems += [
            f"{arrow_name} has a head of another size than others"
            for head in heads
            # That of a leader is as large as its words.
            if flow != "points" and not has_usual_size(head)
        ]
    return problems


def corner_faults(drawing: Drawing, arrow: Mark, line: list[Point]) -> Iterator[str]:
    """Ends of a line at the corner of a box, which is of no side of it.

    From the end of a bar a line leaves where its value is.
    """
    for key, point in (("from", line[0]), ("to", line[-1])):
        node = drawing.by_name.get(arrow.get(f"data-{key}"))
        if node is None or node.element.tag != f"{SVG}rect" or node.has("data-draws"):
            continue
        left, top, right, bottom = node.box
        sides = right - left, bottom - top
        if min(sides) > 4 * CORNER and any(
            max(abs(a - b) for a, b in zip(point, corner, strict=True)) < CORNER
            for corner in product((left, right), (top, bottom))
        ):
            yield f"a line ends at a corner of {node}"


@lru_cache(maxsize=2**12)
def line_of(arrow: Mark) -> list[Point]:
    """The line of an arrow, as points."""
    paths = [e for e in arrow.element.iter(f"{SVG}path") if e.get("stroke")]
    return lines(paths[0].get("d", ""))[0] if paths else []


def heads_of(arrow: Mark) -> list[list[Point]]:
    """Its heads, each from the tip on."""
    return [
        lines(e.get("d", ""))[0] for e in arrow.element.iter(f"{SVG}path") if not e.get("stroke")
    ]


def ends(head: list[Point]) -> tuple[Point, Point]:
    """The tip of a head, and the middle of what is behind it."""
    tip, *base = head[:-1]
    x, y = (sum(axis) / len(base) for axis in zip(*base, strict=True))
    return tip, (x, y)


def has_usual_size(head: list[Point]) -> bool:
    """Whether a head is as long and as broad as heads are."""
    tip, back = ends(head)
    sides = math.dist(tip, back), math.dist(head[1], head[-2])
    return all(
        low - TOLERANCE <= side <= high + TOLERANCE
        for side, (low, high) in zip(sides, (HEAD_LENGTHS, HEAD_WIDTHS), strict=True)
    )


def approaches(drawing: Drawing, arrow: Mark, head: list[Point]) -> bool:
    """Whether a head comes no farther from what it leads to.

    A line can be so short that its own points do not say which way it goes.
    """
    if arrow.get("data-flow") == "reaches":
        # It ends beside the first that is reached; see `ways`.
        return True
    mark = drawing.by_name[arrow.get("data-to")]
    tip, back = (distance(drawing, mark, point) for point in ends(head))
    return tip <= back


def is_aligned(line: list[Point], head: list[Point]) -> bool:
    """Whether a head stands at the end of a line and goes on as that goes."""
    tip, back = ends(head)
    # A line can be shorter than its head.
    before = next(p for p in reversed(line) if math.dist(p, line[-1]) > 1e-6)
    turned = angle(before, tip) - angle(back, tip)
    return (
        math.dist(back, line[-1]) <= MAX_GAP and abs(math.remainder(turned, math.tau)) <= MAX_ANGLE
    )


def angle(start: Point, end: Point) -> float:
    """The direction from one point to another."""
    return math.atan2(end[1] - start[1], end[0] - start[0])
