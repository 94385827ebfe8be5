"""Every box and line that stands for no value is one of a few kinds.

As `kinds` for texts, this is a closed list: a shape that is none of them is a
fault, and each kind has a rule of its own, which is held to what lies beside or
in it.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tests.binding.axes import skeleton, spoken
from tests.binding.drawing import MIDDLE, Box, Drawing, Mark, Point, joined
from tests.binding.lengths import HALF, Scale, flat, gates_of, grid, hues, scales
from tests.binding.shared import GATES
from tests.binding.signs import is_dot, is_round
from tests.proving import SPECIAL, SVG, Element

BOUND = ("data-of", "data-draws", "data-flow", "data-call", "data-for")
"""What says of a shape that another check holds it."""

HELD = ("data-draws", "data-flow", "data-for")
"""What says so of all that is in a group."""

PAPER, PANEL, RULE = "#ffffff", "#f6f7f9", "#ccd1d9"
GROUND = "#e8e9eb"
"""What a column is made of where it is not full."""
RIGHT, WRONG = "#24389a", "#c5364b"
"""Of a tick and of a cross."""

EDGE = 1.0
"""By how much what lies in a frame may reach over its edge."""

LEAN, SLACK = 6.5, 1.0
"""How far apart the margins at two sides may be, as digits lean, and those of
what is no text."""

MANY = 30
"""How many marks are in a frame whose height is not measured closely."""

SAME = 0.1
"""By how much lengths differ that are written in hundredths and are equal."""

STUB, BAND, SHORT = 5.0, 4.0, 24.0
"""How long a tick of an axis is at most, how wide the bar of a band, and how
long the line at the zero of a bar."""

NEAR = 24.0
"""How far a word may be from the tick or the bracket that it belongs to."""

BESIDE = 8.0
"""How far a line in a node may end from what it joins."""

TAGS = ("rect", "path", "text")


class Leaves(NamedTuple):
    """Boxes, lines and texts, as arrays.

    Attributes:
        marks: Each of them, in reading order.
        boxes: The box of each, of a text that of its letters; of shape
            (count, 4).
        are_arrows: Which are lines that lead somewhere, or parts of such.
    """

    marks: list[Mark]
    boxes: np.ndarray
    are_arrows: np.ndarray

    def inside(self, box: Box) -> np.ndarray:
        """Which have their middle in a box."""
        left, top, right, bottom = self.boxes.T
        x, y = (left + right) / 2, (top + bottom) / 2
        return (
            (box.left <= x)
            & (x <= box.right)
            & (box.top <= y)
            & (y <= box.bottom)
        )

    def within(self, box: Box, edge: float = EDGE) -> np.ndarray:
        """Which lie in a box."""
        left, top, right, bottom = self.boxes.T
        return (
            (box.left - edge <= left)
            & (right <= box.right + edge)
            & (box.top - edge <= top)
            & (bottom <= box.bottom + edge)
        )

    def around(self, box: Box, edge: float = EDGE) -> np.ndarray:
        """In which a box lies."""
        left, top, right, bottom = self.boxes.T
        return (
            (left - edge <= box.left)
            & (box.right <= right + edge)
            & (top - edge <= box.top)
            & (box.bottom <= bottom + edge)
        )

    def over(self, box: Box, edge: float = EDGE) -> np.ndarray:
        """Which have a part in a box."""
        left, top, right, bottom = self.boxes.T
        return (
            (left < box.right - edge)
            & (box.left + edge < right)
            & (top < box.bottom - edge)
            & (box.top + edge < bottom)
        )

    def of(self, mask: np.ndarray) -> list[Mark]:
        """Some of them."""
        return [self.marks[k] for k in np.flatnonzero(mask)]


@lru_cache(maxsize=2)
def leaves(drawing: Drawing) -> Leaves:
    """All that is drawn, without groups."""
    marks = [mark for mark in drawing.marks if tag(mark) in TAGS]
    boxes = np.array([letters(mark) for mark in marks])
    return Leaves(marks, boxes, np.array([is_arrow(mark) for mark in marks]))


def tag(mark: Mark) -> str:
    return mark.element.tag.removeprefix(SVG)


def letters(mark: Mark) -> Box:
    """The box of a mark; of a text that of letters alone."""
    if not mark.is_text:
        return mark.box
    half = MIDDLE * float(mark.get("font-size"))
    return mark.box._replace(top=mark.middle - half, bottom=mark.middle + half)


def is_arrow(mark: Mark) -> bool:
    """Whether a mark leads somewhere, or is a part of what does."""
    return not mark.is_text and (
        mark.has("data-flow")
        or mark.has("opacity")
        or any(e.get("data-flow") for e in mark.around)
    )


def is_bound(mark: Mark) -> bool:
    """Whether another check holds a shape."""
    return any(map(mark.has, BOUND)) or any(
        e.get(key) for e in mark.around for key in HELD
    )


def loose(drawing: Drawing) -> list[Mark]:
    """The shapes that stand for no value."""
    return [
        mark
        for mark in leaves(drawing).marks
        if not mark.is_text and not is_bound(mark)
    ]


def said(mark: Mark) -> str:
    """A shape, by its place."""
    left, top, right, bottom = mark.box
    kind = {"rect": "box", "path": "line"}[tag(mark)]
    return f"the {kind} from {left:g}, {top:g} to {right:g}, {bottom:g}"


class Kind(NamedTuple):
    """What a shape may be.

    Attributes:
        name: As a message says it.
        form: Whether a shape looks as one.
        rule: What is wrong with one that does.
    """

    name: str
    form: Callable[[Drawing, Mark], bool]
    rule: Callable[[Drawing, Mark], Iterator[str]]


OPEN = {
    "bias-gradients": {""},
    "cell-input": {"the bar of a band", "a frame", "a line between"},
    "keep-write-show": {""},
    "padding": {"a frame", "a level"},
    "reading": {"a frame", "what is missing"},
    "writes": {"", "a guide", "what parts an area"},
}
"""Figures of which some shapes are not bound: of what kinds, or of none."""


def faults(drawing: Drawing) -> list[str]:
    """Shapes of no kind, and such as break the rule of their kind."""
    found = []
    for mark in loose(drawing):
        kind = kind_of(drawing, mark)
        if (kind.name if kind else "") in OPEN.get(drawing.figure, ()):
            continue
        if kind is None:
            found.append(f"{said(mark)} is nothing that a shape may be")
        else:
            found += [
                f"{said(mark)} is {kind.name}, and {fault}"
                for fault in kind.rule(drawing, mark)
            ]
    return found


def kind_of(drawing: Drawing, mark: Mark) -> Kind | None:
    """What a shape is."""
    return next((k for k in KINDS if k.form(drawing, mark)), None)


def is_near(one: float, other: float, far: float = HALF) -> bool:
    return abs(one - other) <= far


def are_near(ones: list[float], others: list[float]) -> bool:
    return all(map(is_near, ones, others))


@lru_cache(maxsize=2)
def nexts(drawing: Drawing) -> dict[Element, Mark]:
    """What is drawn right after each mark."""
    marks = leaves(drawing).marks
    return {one.element: other for one, other in pairwise(marks)}


def after(drawing: Drawing, mark: Mark) -> Mark | None:
    return nexts(drawing).get(mark.element)


def group_of(mark: Mark) -> Element | None:
    """The innermost group around a mark that stands for something."""
    return next((e for e in reversed(mark.around) if e.get("data-of")), None)


# Paper


def is_paper(drawing: Drawing, mark: Mark) -> bool:
    return mark is leaves(drawing).marks[0]


def paper(drawing: Drawing, mark: Mark) -> Iterator[str]:
    view = [float(n) for n in drawing.root.get("viewBox", "").split()]
    if [*mark.box] != view or mark.get("fill") != PAPER:
        yield "does not cover the figure"


# Grounds of columns


def is_ground(drawing: Drawing, mark: Mark) -> bool:
    is_box = tag(mark) == "rect" and not mark.has("stroke")
    return is_box and mark.get("fill") == GROUND


def ground(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A column is as wide as its ground, which is as high as its scale."""
    column = after(drawing, mark)
    left, top, right, bottom = mark.box
    if column is None or not column.has("data-of"):
        yield "has no column on it"
    elif not column.has("data-draws"):
        # A cross stands for what is no finite number.
        if not are_near([mark.box.x, mark.box.y], [column.box.x, column.box.y]):
            yield f"{column} is not in its middle"
    else:
        wanted = reach(drawing, column)
        if not are_near([*mark.box], [*wanted]):
            yield f"is not as large as the scale of {column}"


def reach(drawing: Drawing, mark: Mark) -> Box:
    """The box of what is drawn by a value, were it all that has a place."""
    box, draws = mark.box, mark.get("data-draws")
    if draws in ("fill", "stroke-width"):
        return box
    match draws, scales(mark):
        case "height", [scale]:
            top, bottom = sorted((scale.start, scale.stop))
            return box._replace(top=top, bottom=bottom)
        case "width", [scale]:
            left, right = sorted((scale.start, scale.stop))
            return box._replace(left=left, right=right)
        case "x y", [across, down]:
            left, right = sorted((across.start, across.stop))
            top, bottom = sorted((down.start, down.stop))
            return Box(left, top, right, bottom)
        case "path", [_, scale]:
            top, bottom = sorted((scale.start, scale.stop))
            return box._replace(top=top, bottom=bottom)
        case "area", [steps, scale]:
            count = len(drawing.value(mark.get("data-of"))[0])
            left, right = sorted(map(steps.beyond, (-0.5, count - 0.5)))
            top, bottom = sorted((scale.start, scale.stop))
            return Box(left, top, right, bottom)
    return box


# Bars of bands


def is_band(drawing: Drawing, mark: Mark) -> bool:
    left, top, right, bottom = mark.box
    return (
        tag(mark) == "rect"
        and right - left <= BAND
        and bottom - top > right - left
        and bool(hues(mark))
        and not mark.has("stroke")
    )


def band(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The bar of a gate spans the rows that its letter names, and no other."""
    gates = ",".join(sorted(hues(mark)))
    label = max(
        (
            one
            for one in drawing.labels
            if one.along == "band"
            and mark.box.top <= one.middle <= mark.box.bottom
            and 0 <= mark.box.left - one.box.right <= NEAR
        ),
        key=lambda one: one.box.right,
        default=None,
    )
    if label is None or label.names.get("gate") != gates:
        yield f"there is no letter {gates} beside it"
        return
    if not is_near(label.middle, mark.box.y, EDGE + 4):
        yield f"{label} is not beside its middle"
    rows = drawing.named(label)
    span = joined([part(drawing, row, gates) for row in rows])
    each = (span.bottom - span.top) / 2
    if not (
        is_near(span.y, mark.box.y, 1.5)
        and mark.box.top - EDGE <= span.top + each
        and span.bottom - each <= mark.box.bottom + EDGE
    ):
        yield f"the rows of {gates} are from {span.top:g} to {span.bottom:g}"


def part(drawing: Drawing, mark: Mark, gate: str) -> Box:
    """The rows of a gate in what has those of all four, in PyTorch's order."""
    cells = grid(mark)
    box = cells.frame if cells else letters(mark)
    if mark.expression.endswith(".numel()"):
        each = (box.bottom - box.top) / len(GATES)
        top = box.top + GATES.index(gate) * each
        return box._replace(top=top, bottom=top + each)
    return box


# Signs in circles, dots, and what covers a line where a sign stands


def is_circle(drawing: Drawing, mark: Mark) -> bool:
    left, top, right, bottom = mark.box
    return (
        tag(mark) == "rect"
        and is_round(mark, bottom - top)
        and not is_dot(mark)
        and right - left < 3 * (bottom - top)
    )


def centred(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """It holds texts, and these are in its middle."""
    texts = [m for m in held(drawing, mark) if m.is_text]
    if not texts:
        yield "there is nothing in it"
        return
    for text in texts:
        if not is_near(text.box.x, mark.box.x, 3.0):
            yield f"{text} is not in its middle"
    span = joined([letters(text) for text in texts])
    if not is_near(span.y, mark.box.y, 2.0):
        yield f"{texts[0]} is not on its level"


def is_mask(drawing: Drawing, mark: Mark) -> bool:
    text = after(drawing, mark)
    return (
        tag(mark) == "rect"
        and mark.get("fill") in (PAPER, PANEL)
        and not mark.has("stroke")
        and text is not None
        and text.is_text
        and mark.box.right - mark.box.left <= text.box.right - text.box.left + 14
        and mark.box.bottom - mark.box.top <= SHORT
    )


def held(drawing: Drawing, mark: Mark) -> list[Mark]:
    """What has its middle in a box, but for lines that lead somewhere."""
    every = leaves(drawing)
    return [
        one
        for one in every.of(every.inside(mark.box) & ~every.are_arrows)
        if one is not mark and one is not every.marks[0]
    ]


def nothing(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """Another check holds it, or it is not seen."""
    yield from ()


def is_joint(drawing: Drawing, mark: Mark) -> bool:
    return is_circle(drawing, mark) and mark.box.right - mark.box.left <= STUB * 2


def joint(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A state on a line that is as thick as a value is where that ends."""
    if not any(
        math.dist((mark.box.x, mark.box.y), end) <= HALF
        for one in drawing.drawn
        if one.get("data-draws") == "stroke-width"
        for end in (one.chains[0][0], one.chains[0][-1])
    ) and not any(
        # Where a value is no number, there is no line.
        is_near(node.box.x, mark.box.x)
        for node in drawing.nodes
    ):
        yield "no line begins or ends there"


def is_unseen(drawing: Drawing, mark: Mark) -> bool:
    return not (mark.has("fill") or mark.has("stroke"))


def is_side(mark: Mark) -> bool:
    """Whether a box is as narrow as the edge of another."""
    left, top, right, bottom = mark.box
    return (
        tag(mark) == "rect"
        and not is_bound(mark)
        and right - left <= BAND < bottom - top
    )


def side(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """What makes one edge of a frame heavy is as high as the frame."""
    left, top, _, bottom = mark.box
    if not any(
        are_near([left, top, bottom], [f.box.left, f.box.top, f.box.bottom])
        for f in frames(drawing)
    ):
        yield "it is the edge of no frame"


# Frames


def is_frame(drawing: Drawing, mark: Mark) -> bool:
    return (
        tag(mark) == "rect"
        and not mark.has("stroke-dasharray")
        and (mark.has("fill") or mark.has("stroke"))
    )


def frame(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """All of what is in it lies in it, in its middle, and all of that is."""
    every, box = leaves(drawing), mark.box
    own = np.array([one is mark for one in every.marks])
    cut = (
        every.over(box)
        & ~every.within(box)
        & ~every.around(box)
        & ~every.are_arrows
    )
    yield from (
        f"its edge cuts {name(one)}"
        for one in every.of(cut)
        # Lines of planes and curves go on, and so do wires.
        if tag(one) != "path" and not hangs_over(drawing, one)
    )
    inner = every.within(box) & ~every.are_arrows & ~own
    inside = every.of(inner)
    inside += [one for one in every.of(cut) if hangs_over(drawing, one)]
    if not inside:
        yield "there is nothing in it"
        return
    yield from aside(drawing, mark, inside)
    yield from lacking(drawing, mark, inside)
    for label in inside:
        if label.along == "block" and smallest(drawing, label) is mark:
            yield from (
                f"{one} is not in it, which {label} names"
                for one in drawing.named(label)
                if not box.holds(one.box.x, one.box.y)
            )
    yield from strange(drawing, mark, inside)
    if mark.get("stroke") == WRONG and group_of(mark) is not None:
        if not any(is_cross(drawing, one, box) for one in loose(drawing)):
            yield "there is no cross over what is red"
    terms = TENSORS & {*mark.get("data-term").split()}
    tensors = set().union(
        *(spoken(drawing, one.expression).get("tensor", set())
          for one in inside if one.expression)
    )  # fmt: skip
    if terms and tensors and not terms & tensors:
        yield f"it is that of {sorted(terms)}, and holds {sorted(tensors)}"


TENSORS = {
    *("x", "h_prev", "c_prev", "output", "h_n", "c_n", "tanh_c"),
    *("weight_ih", "weight_hh", "weight_hr"),
}
"""Terms that are names of tensors."""


OVER = {("gates-over-time", "c_n"), ("gates-over-time", "h_n")}
"""What may hang over: the name of a column that is as narrow as a step."""


def hangs_over(drawing: Drawing, mark: Mark) -> bool:
    return (drawing.figure, mark.text) in OVER


def name(mark: Mark) -> str:
    """A mark as a message says it."""
    return str(mark) if mark.is_text or mark.name else said(mark)


def aside(
    drawing: Drawing, mark: Mark, inside: list[Mark]
) -> Iterator[str]:
    """What is in a frame is in its middle, unless it is one of several.

    These have the same ends. Words alone begin at the left.
    """
    box, (_, _, *ends) = mark.box, leaves(drawing).marks[0].box
    body, parts = foot(drawing), [one for one in inside if not is_side(one)]
    words = all(one.is_text for one in parts)
    shapes = [one for one in parts if not one.is_text]
    span = spanned(drawing, parts)
    for k, way in enumerate(("across", "down")):
        before, behind = span[k] - box[k], box[k + 2] - span[k + 2]
        own = spanned(drawing, shapes) if shapes else span
        if (
            is_near(before, behind, leaning(parts, k))
            or is_near(own[k] - box[k], box[k + 2] - own[k + 2], SLACK)
            or (min(abs(before), abs(behind)) <= SAME and before + behind <= NEAR)
            or is_near(box[k], ends[k] - box[k + 2])
            or (body and not k and is_near(box.right, body.box.right))
            or (words and is_near(span.left - box.left, span.top - box.top, LEAN))
        ):
            continue
        others = [
            (other.box[k], other.box[k + 2])
            for other in alike(drawing)[look(mark)]
            if other is not mark
        ]
        if not any(are_near([box[k], box[k + 2]], [*each]) for each in others):
            yield (
                f"what is in it is {before:g} from one edge {way} and "
                f"{behind:g} from the other"
            )


def spanned(drawing: Drawing, marks: list[Mark]) -> Box:
    """The box around marks, of what is drawn by values as if all had a place."""
    return joined(
        [
            reach(drawing, one) if one.has("data-draws") else letters(one)
            for one in marks
        ]
    )


def leaning(marks: list[Mark], way: int) -> float:
    """By how much the margins at two sides may differ.

    Numbers of unlike lengths end below each other, and a frame around much is
    not measured as closely in its height.
    """
    widths = [
        one.box.right - one.box.left for one in marks if one.has("data-value")
    ]
    if way and len(marks) > MANY:
        return 4 * LEAN
    if way and any(one.text in SPECIAL.values() for one in marks):
        # What is no number has no bar.
        return 2 * LEAN
    if not way and widths:
        return LEAN + (max(widths) - min(widths)) / 2
    return LEAN


@lru_cache(maxsize=2)
def foot(drawing: Drawing) -> Mark | None:
    """The line above the foot, which is as wide as the body."""
    for mark in reversed(leaves(drawing).marks):
        if not mark.is_text:
            is_foot = line_of(mark) and mark.around == (drawing.root,)
            return mark if is_foot else None
        if mark.has("data-value") or mark.has("data-names"):
            return None
    return None


LOOK = ("fill", "stroke", "stroke-width", "rx")


def look(mark: Mark) -> tuple[str, ...]:
    return tuple(mark.get(key) for key in LOOK)


@lru_cache(maxsize=2)
def frames(drawing: Drawing) -> list[Mark]:
    """All frames."""
    found = []
    for mark in loose(drawing):
        kind = kind_of(drawing, mark)
        if kind and kind.form is is_frame:
            found.append(mark)
    return found


@lru_cache(maxsize=2)
def alike(drawing: Drawing) -> dict[tuple[str, ...], list[Mark]]:
    """Frames by how they look."""
    found = defaultdict(list)
    for mark in frames(drawing):
        found[look(mark)].append(mark)
    return found


def smallest(drawing: Drawing, mark: Mark) -> Mark | None:
    """The smallest frame around a mark."""
    return min(
        (f for f in frames(drawing) if f.box.holds(mark.box.x, mark.middle)),
        key=lambda f: (f.box.right - f.box.left) * (f.box.bottom - f.box.top),
        default=None,
    )


def stem(mark: Mark) -> str:
    """An id without its numbers."""
    return "-".join("#" if p.isdecimal() else p for p in mark.name.split("-"))


@lru_cache(maxsize=2)
def stems(drawing: Drawing) -> dict[str, list[Mark]]:
    """What stands for something, by its id without numbers."""
    found = defaultdict(list)
    for mark in leaves(drawing).marks:
        if mark.name and mark.expression and not is_arrow(mark):
            found[stem(mark)].append(mark)
    return found


def lacking(
    drawing: Drawing, mark: Mark, inside: list[Mark]
) -> Iterator[str]:
    """Whether all that is alike to what is in a frame is in it as well."""
    own = [m for m in inside if m.name and m.expression]
    keys: dict[tuple[str, str], dict[str, set[object]]] = {}
    for one in own:
        all_ = keys.setdefault((stem(one), skeleton(one.expression)), {})
        for key, values in spoken(drawing, one.expression).items():
            all_.setdefault(key, set()).update(values)
    here = {one.element for one in own}
    for (kind, what), known in keys.items():
        for other in stems(drawing)[kind]:
            if other.element in here or skeleton(other.expression) != what:
                continue
            theirs = spoken(drawing, other.expression)
            if theirs and all(
                theirs[key] <= known.get(key, set()) for key in theirs
            ):
                yield f"{other} is not in it, and of the same"
                break


def strange(
    drawing: Drawing, mark: Mark, inside: list[Mark]
) -> Iterator[str]:
    """Whether what is in a frame is of the gate whose hue the frame has."""
    used = hues(mark)
    if not used:
        return
    gates = set()
    for one in inside:
        if one.expression:
            gates |= gates_of(drawing, one.expression)
        gates |= {*one.names.get("gate", "").split(",")} - {""}
        gates |= {one.text} & {*GATES}
    group = group_of(mark)
    if group is not None:
        gates |= gates_of(drawing, group.get("data-of", ""))
    if not used <= gates:
        yield f"it has the hue of {sorted(used)}, and holds {sorted(gates)}"


# Dashed outlines


def is_outline(drawing: Drawing, mark: Mark) -> bool:
    bar = after(drawing, mark)
    return (
        tag(mark) == "rect"
        and mark.has("stroke-dasharray")
        and not mark.has("fill")
        and bar is not None
        and bar.get("data-draws") == "width"
    )


def outline(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """What there is of a gate is its whole scale, from 0 to 1."""
    bar = after(drawing, mark)
    assert bar is not None
    (scale,) = scales(bar)
    if not are_near([*mark.box], [*reach(drawing, bar)]):
        yield f"it is not as long as the scale of {bar}"
    if (scale.low, scale.high) != (0, 1):
        yield f"the scale of {bar} is from {scale.low:g} to {scale.high:g}"
    if mark.get("stroke") != bar.get("fill"):
        yield f"it has another hue than {bar}"


def is_missing(drawing: Drawing, mark: Mark) -> bool:
    return tag(mark) == "rect" and mark.has("stroke-dasharray")


def missing(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """What there is not is as large as what is beside it, and empty."""
    inside = [
        m
        for m in held(drawing, mark)
        if not m.is_text and not is_unseen(drawing, m)
    ]
    bars = [m for m in inside if m.get("data-draws") == "width"]
    if bars and bars == inside:
        # Of all of them the most that there could be.
        yield from (
            f"it does not end with the scale of {bar}"
            for bar in bars
            if not are_near(
                [mark.box.left, mark.box.right], [*reach(drawing, bar)][::2]
            )
        )
        return
    yield from (f"{name(one)} is in it" for one in inside)
    every, box = leaves(drawing), mark.box
    wide, high = box.right - box.left, box.bottom - box.top
    left, top, right, bottom = every.boxes.T
    like = (
        (abs(right - left - wide) <= HALF)
        & (abs(bottom - top - high) <= HALF)
        & ((abs(top - box.top) <= HALF) | (abs(left - box.left) <= HALF))
        & ~((abs(top - box.top) <= HALF) & (abs(left - box.left) <= HALF))
    )
    if not any(not m.has("stroke-dasharray") for m in every.of(like)):
        yield "nothing that there is has its size and its line"


# Lines


class Line(NamedTuple):
    """A line across or down."""

    is_across: bool
    level: float
    low: float
    high: float


def line_of(mark: Mark) -> Line | None:
    """A path as a straight line, if it is one; gaps in it do not count."""
    if tag(mark) != "path" or mark.has("fill"):
        return None
    left, top, right, bottom = mark.box
    if any(len(chain) != 2 for chain in mark.chains):
        return None
    if top == bottom and left < right:
        return Line(True, top, left, right)
    if left == right and top < bottom:
        return Line(False, left, top, bottom)
    return None


@lru_cache(maxsize=2)
def levels(drawing: Drawing) -> list[tuple[Mark, Box, Scale | None, Scale | None]]:
    """What is drawn on scales: where these reach, across and down."""
    found = []
    for mark in drawing.drawn:
        draws = mark.get("data-draws")
        if draws in ("fill", "stroke-width"):
            continue
        one = scales(mark)
        across = one[0] if draws in ("width", "x y") else None
        down = one[-1] if draws != "width" else None
        found.append((mark, reach(drawing, mark), across, down))
    return found


@lru_cache(maxsize=2)
def ticks(drawing: Drawing) -> list[tuple[Mark, float]]:
    """Texts on axes, and their values."""
    return [
        (text, float(text.text.replace("−", "-")))
        for text in drawing.texts
        if text.get("class") == "lf-tick"
    ]


def is_stub(drawing: Drawing, mark: Mark) -> bool:
    line = line_of(mark)
    return bool(line and not line.is_across and line.high - line.low <= STUB)


def stub(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A tick of an axis leads from the end of its scale to its number."""
    left, top, _, bottom = mark.box
    known = [
        value
        for tick, value in ticks(drawing)
        if is_near(tick.box.x, left) and 0 < tick.middle - bottom < NEAR
    ]
    if not known:
        yield "there is no number below it"
        return
    plane = [one for one, area, _, _ in levels(drawing)
             if is_near(area.bottom, top)]  # fmt: skip
    if not plane:
        yield "it begins at the end of no scale"
    # Points have the numbers of an axis, curves alone have one for each step.
    points = [one for one in plane if one.get("data-draws") == "x y"]
    for one in points or plane:
        across = scales(one)[0]
        if not any(is_near(across.beyond(value), left) for value in known):
            yield f"{one} has another number there"


def is_zero(drawing: Drawing, mark: Mark) -> bool:
    line, bar = line_of(mark), after(drawing, mark)
    return bool(
        line
        and not line.is_across
        and line.high - line.low <= SHORT
        and bar
        and bar.get("data-draws") == "width"
    )


def zero(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The line at the zero of a bar crosses it there."""
    bar, (left, top, _, bottom) = after(drawing, mark), mark.box
    assert bar is not None
    (scale,) = scales(bar)
    if not is_near(scale.beyond(0), left, 2 * SAME):
        yield f"{bar} has its zero at {scale.beyond(0):g}"
    over, under = bar.box.top - top, bottom - bar.box.bottom
    if not (0 <= over <= 3 and 0 <= under <= 3):
        yield f"it does not cross {bar}"


def is_guide(drawing: Drawing, mark: Mark) -> bool:
    return line_of(mark) is not None and mark.has("stroke-dasharray")


def guide(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A dotted line leads from a point to its place on an axis."""
    line = line_of(mark)
    assert line is not None
    for point, area, across, down in levels(drawing):
        if across is None or down is None:
            continue
        x, y = point.box.x, point.box.y
        ends = [x, area.top, x, y], [x, y, x, area.bottom]
        if any(are_near([*mark.box], [*each]) for each in ends):
            return
    yield "it leads from no point to its axis"


def is_level(drawing: Drawing, mark: Mark) -> bool:
    line = line_of(mark)
    return bool(line and (beside(drawing, mark) or grounds(drawing, line)))


def grounds(drawing: Drawing, line: Line) -> list[Mark]:
    """The grounds of columns that a line crosses."""
    if not line.is_across:
        return []
    return [
        one
        for one in loose(drawing)
        if is_ground(drawing, one)
        and one.box.top < line.level < one.box.bottom
        and line.low <= one.box.x <= line.high
    ]


def beside(drawing: Drawing, mark: Mark) -> list[tuple[Mark, Scale]]:
    """What is drawn on a scale that a line crosses, and that scale."""
    line = line_of(mark)
    assert line is not None
    found = []
    for one, area, across, down in levels(drawing):
        scale = down if line.is_across else across
        if scale is None:
            continue
        low, high = (
            (area.top, area.bottom) if line.is_across else (area.left, area.right)
        )
        middle = area.x if line.is_across else area.y
        if (
            low - HALF <= line.level <= high + HALF
            and line.low <= middle <= line.high
        ):
            found.append((one, scale))
    return found


def level(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line through a plane is at a number of its axis, or at zero."""
    line = line_of(mark)
    assert line is not None
    known = {
        value
        for tick, value in ticks(drawing)
        if is_near(tick.middle if line.is_across else tick.box.x, line.level)
        and is_at_end(tick, line)
    } or {0.0}
    lows, highs = [], []
    for one, scale in beside(drawing, mark):
        if not any(is_near(scale.beyond(v), line.level) for v in known):
            yield f"{one} has no number of its axis there"
            return
        if one.get("data-draws") == "x y":
            area = Box(one.box.x, one.box.y, one.box.x, one.box.y)
        else:
            area = one.box
        lows.append(area.left if line.is_across else area.top)
        highs.append(area.right if line.is_across else area.bottom)
    for one in grounds(drawing, line):
        if not lows and not is_near(one.box.y, line.level):
            yield f"{said(one)} has its middle elsewhere"
            return
        lows.append(one.box.left)
        highs.append(one.box.right)
    if any(has_gaps(drawing, one) for one, _ in beside(drawing, mark)):
        return
    before, behind = min(lows) - line.low, line.high - max(highs)
    if is_at_wall(drawing, line) and min(before, behind) >= -HALF:
        return
    if not is_near(before, behind, LEAN) or min(before, behind) < -HALF:
        yield (
            f"it begins {before:g} before what is on it, and ends {behind:g} "
            "behind"
        )


def is_at_end(tick: Mark, line: Line) -> bool:
    """Whether the number of an axis stands where a line begins or ends."""
    if line.is_across:
        return 0 <= line.low - tick.box.right <= NEAR
    far = min(abs(tick.middle - line.low), abs(tick.middle - line.high))
    return far <= NEAR


def has_gaps(drawing: Drawing, mark: Mark) -> bool:
    """Whether some of the values of a curve are no numbers."""
    if mark.get("data-draws") not in ("path", "area"):
        return False
    return not np.isfinite(flat(drawing.value(mark.get("data-of")))).all()


def is_at_wall(drawing: Drawing, line: Line) -> bool:
    """Whether a line ends beside one that crosses its way."""
    return any(
        other.is_across != line.is_across
        and other.low <= line.level <= other.high
        and min(abs(other.level - line.low), abs(other.level - line.high)) <= 8
        for mark in loose(drawing)
        if mark.get("stroke") == WRONG and (other := line_of(mark))
    )


# What stands for several lines


def is_rest(drawing: Drawing, mark: Mark) -> bool:
    return (
        tag(mark) == "path"
        and mark.get("stroke-dasharray") == "1.5 3"
        and [len(chain) for chain in mark.chains] == [2]
    )


def rest(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The line of what is not drawn one by one leads on from its node."""
    start, stop = mark.chains[0]
    tails = [m.box for m in loose(drawing) if m.has("rx")]
    heads = [m.box for m in drawing.nodes if m.has("rx")]
    for boxes, (x, y) in ((tails, start), (heads, stop)):
        if not any(is_on(box, (float(x), float(y))) for box in boxes):
            yield f"it leads from or to nothing at {x:g}, {y:g}"


# What narrows a vector, and where a median is


def is_funnel(drawing: Drawing, mark: Mark) -> bool:
    return tag(mark) == "path" and mark.get("data-term") == "weight_hr"


def funnel(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """What narrows a vector stands on its wire."""
    x, y = mark.box.x, mark.box.y
    if not any(
        one is not mark
        and not one.has("fill")
        and any(is_near(y, float(at), 99) for at in one.crossings(x))
        and one.box.top < y < one.box.bottom
        for one in leaves(drawing).marks
        if tag(one) == "path"
    ):
        yield "there is no wire through it"


def is_notch(drawing: Drawing, mark: Mark) -> bool:
    line = line_of(mark)
    return bool(
        line
        and not line.is_across
        and mark.get("stroke") == PAPER
        and (number := after(drawing, mark))
        and number.has("data-value")
    )


def notch(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A notch in a bar is at the number that follows, on the bar's scale."""
    number, (left, top, _, bottom) = after(drawing, mark), mark.box
    assert number is not None
    bars = [
        one
        for one in drawing.drawn
        if one.get("data-draws") == "width"
        and are_near([one.box.top, one.box.bottom], [top, bottom])
        and one.box.left - HALF <= left <= one.box.right + HALF
    ]
    value = float(number.get("data-value"))
    if not bars or not is_near(scales(bars[0])[0].at(value), left):
        yield f"{number} is elsewhere"


# Brackets


def is_bracket(drawing: Drawing, mark: Mark) -> bool:
    if tag(mark) != "path" or mark.has("fill") or len(mark.chains) != 1:
        return False
    chain = mark.chains[0]
    if len(chain) != 4:
        return False
    (a, b), (c, d), (e, f), (g, h) = chain
    return a == c and d == f and e == g and b == h


def bracket(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A bracket spans what is above it from its first to its last."""
    left, top, right, _ = mark.box
    bound = [
        m.box
        for m in (*drawing.nodes, *drawing.drawn)
        if m.box.bottom <= top + HALF
    ]
    nearest = max((b.bottom for b in bound if b.left <= right and left <= b.right), default=0)
    row = [b for b in bound if nearest - b.bottom <= 2.5 * NEAR]
    if not any(
        is_near(left - one.left, other.right - right) and 0 <= left - one.left <= 5
        for one in row
        for other in row
    ):
        yield "nothing above it begins and ends there"
    below = [
        t
        for t in drawing.numbers
        if 0 < t.middle - mark.box.bottom < NEAR
        and left <= t.box.x <= right
    ]
    yield from (
        f"{one} is not below its middle"
        for one in below
        if not is_near(one.box.x, mark.box.x, EDGE)
    )


# Ribbons, and lines inside of what stands for something


def is_ribbon(drawing: Drawing, mark: Mark) -> bool:
    return tag(mark) == "path" and mark.has("opacity")


def ribbon(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A ribbon lies below the line that says what it joins."""
    thread = after(drawing, mark)
    if thread is None or not thread.has("data-flow"):
        yield "there is no line on it"
    elif thread.get("d") != mark.get("d"):
        yield "the line on it goes another way"
    elif thread.get("stroke") != mark.get("stroke"):
        yield "the line on it has another hue"


def is_inner(drawing: Drawing, mark: Mark) -> bool:
    return (
        tag(mark) == "path"
        and group_of(mark) is not None
        and mark.around[-1] is not group_of(mark)
    )


def inner(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line inside of a node joins two of its boxes; its head ends there."""
    group, own = group_of(mark), mark.around[-1]
    boxes = [
        one.box
        for one in leaves(drawing).marks
        if tag(one) != "path" and group in one.around
    ]
    paths = [m for m in leaves(drawing).marks if m.around and m.around[-1] is own]
    ends = [p.chains[0] for p in paths]
    start = ends[0][0]
    # The first point of a head is its tip.
    stop = ends[-1][0] if len(paths) == 2 else ends[0][-1]
    if len(paths) > 2 or not all(
        any(is_on(box, (float(x), float(y))) for box in boxes)
        for x, y in (start, stop)
    ):
        yield "it does not join two boxes of its node"


def is_on(box: Box, point: Point) -> bool:
    """Whether a point is in a box or beside it."""
    x, y = point
    return (
        box.left - BESIDE <= x <= box.right + BESIDE
        and box.top - BESIDE <= y <= box.bottom + BESIDE
    )


# Ticks and crosses


def is_sign(drawing: Drawing, mark: Mark) -> bool:
    return tag(mark) == "path" and mark.get("stroke-width") == "2.25"


def is_cross(drawing: Drawing, mark: Mark, box: Box) -> bool:
    """Whether a mark is a cross over a box."""
    return (
        is_sign(drawing, mark)
        and len(mark.chains) == 2
        and 0 < box.top - mark.box.bottom < NEAR
        and box.left - NEAR <= mark.box.x <= box.right
    )


def sign(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A tick has the hue of what is right, a cross that of what is wrong."""
    wanted = RIGHT if len(mark.chains) == 1 else WRONG
    if mark.get("stroke") != wanted:
        yield "it has the hue of the other"
    words = {text.text for text in drawing.texts if text.around[-1] is mark.around[-1]}
    if group_of(mark) is None and not words:
        yield from marked(drawing, mark)
    if words & {"right", "wrong"} != ({"right"} if wanted == RIGHT else {"wrong"}) & words:
        yield f"it stands before {sorted(words)}"


# What parts an area into its numbers


def is_cut(drawing: Drawing, mark: Mark) -> bool:
    return line_of(mark) is not None and mark.get("stroke") == PAPER


def cut(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """Lines part an area into as many equal cells as it stands for."""
    area = next(
        (
            one
            for one in drawing.drawn
            if one.expression.endswith(".numel()")
            and one.box.holds(mark.box.x, mark.box.y)
        ),
        None,
    )
    if area is None:
        yield "it parts nothing"
        return
    across, down = (
        sorted(
            line.level
            for other in loose(drawing)
            if is_cut(drawing, other)
            and area.box.holds(other.box.x, other.box.y)
            and (line := line_of(other))
            and line.is_across is way
        )
        for way in (False, True)
    )
    box, count = area.box, drawing.value(area.expression)
    if (len(across) + 1) * (len(down) + 1) != count:
        yield f"{area} has {len(across)} and {len(down)} of them for {count}"
    for low, every, high in (
        (box.left, across, box.right),
        (box.top, down, box.bottom),
    ):
        each = np.diff([low, *every, high])
        if each.max() - each.min() > 2 * SAME:
            yield f"the cells of {area} are not equal"


def marked(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A cross stands over what is red, a tick over what is not."""
    below = [
        one
        for one in frames(drawing)
        if 0 < one.box.top - mark.box.bottom < NEAR
        and one.box.left - NEAR <= mark.box.x <= one.box.right
        and group_of(one) is not None
    ]
    for one in below:
        if (one.get("stroke") == WRONG) != (mark.get("stroke") == WRONG):
            yield f"{said(one)} below it is marked otherwise"


# Lines between


def is_thread(drawing: Drawing, mark: Mark) -> bool:
    line, row = line_of(mark), after(drawing, mark)
    return bool(
        line
        and line.is_across
        and row
        and row.has("data-of")
        and not row.has("data-draws")
        and row.box.top < line.level < row.box.bottom
    )


def thread(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line through the middle of a row is as long as the row."""
    row = after(drawing, mark)
    assert row is not None
    wanted = [row.box.left, row.box.y, row.box.right, row.box.y]
    if not are_near([*mark.box], wanted):
        yield f"it is not the middle of {row}"


def is_between(drawing: Drawing, mark: Mark) -> bool:
    line = line_of(mark)
    return bool(line and mark.get("stroke") in (RULE, WRONG, "#1f2430"))


def between(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line between others cuts none of them."""
    every, line = leaves(drawing), line_of(mark)
    assert line is not None
    left, top, right, bottom = every.boxes.T
    own = np.array([m is mark for m in every.marks])
    paper = every.around(mark.box)
    cut = ~own & ~paper & ~every.are_arrows
    if line.is_across:
        cut &= (top < line.level - EDGE) & (line.level + EDGE < bottom)
        cut &= (left < line.high - EDGE) & (line.low + EDGE < right)
    else:
        cut &= (left < line.level - EDGE) & (line.level + EDGE < right)
        cut &= (top < line.high - EDGE) & (line.low + EDGE < bottom)
    yield from (f"it cuts {name(one)}" for one in every.of(cut))
    if mark is foot(drawing):
        yield from footed(drawing, mark)
    elif mark.get("stroke") == WRONG:
        yield from walled(drawing, mark, line)
    elif line.is_across:
        yield from ruled(drawing, mark)


def footed(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The line above the foot is as wide as the body, and all of it above."""
    wide = leaves(drawing).marks[0].box.right
    if not is_near(mark.box.left, wide - mark.box.right):
        yield "it is not in the middle of the figure"
    yield from (
        f"{name(one)} is below it"
        for one in (*drawing.numbers, *drawing.labels, *drawing.drawn)
        if one.box.bottom > mark.box.top
    )


def walled(drawing: Drawing, mark: Mark, line: Line) -> Iterator[str]:
    """A wall stands in the middle of what is left and right of it."""
    every = leaves(drawing)
    left, top, right, bottom = every.boxes.T
    level = (top < line.high) & (line.low < bottom) & ~every.are_arrows
    before = (right <= line.level) & level
    behind = (left >= line.level) & level
    if not before.any() or not behind.any():
        yield "there is nothing at one side of it"
        return
    low, high = right[before].max(), left[behind].min()
    if not is_near((low + high) / 2, line.level, EDGE):
        yield f"it is not in the middle between {low:g} and {high:g}"


def ruled(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line in a table is as wide as the rows above and below it."""
    every, box = leaves(drawing), mark.box
    left, top, right, bottom = every.boxes.T
    rows = (
        (top >= box.top - 2 * NEAR)
        & (bottom <= box.top + 2 * NEAR)
        & (left >= box.left - EDGE)
        & (right <= box.right + EDGE)
        & np.array([m is not mark for m in every.marks])
    )
    low = left[rows].min(initial=math.inf)
    high = right[rows].max(initial=-math.inf)
    if not (
        is_near(low, box.left, EDGE) and is_near(high, box.right, EDGE)
    ):
        yield f"the rows beside it are from {low:g} to {high:g}"


KINDS = (
    Kind("paper", is_paper, paper),
    Kind("a ground", is_ground, ground),
    Kind("nothing that is seen", is_unseen, nothing),
    Kind("the bar of a band", is_band, band),
    Kind("the side of a frame", lambda d, m: is_side(m), side),
    # `signs.dots` holds it.
    Kind("a dot", lambda d, m: is_dot(m), nothing),
    Kind("a joint", is_joint, joint),
    Kind("a circle", is_circle, centred),
    Kind("what covers a line", is_mask, centred),
    Kind("an outline", is_outline, outline),
    Kind("what is missing", is_missing, missing),
    Kind("a frame", is_frame, frame),
    Kind("a notch", is_notch, notch),
    Kind("a funnel", is_funnel, funnel),
    Kind("what parts an area", is_cut, cut),
    Kind("a ribbon", is_ribbon, ribbon),
    Kind("a sign", is_sign, sign),
    Kind("a line in a node", is_inner, inner),
    Kind("a tick", is_stub, stub),
    Kind("a zero", is_zero, zero),
    Kind("the line of the rest", is_rest, rest),
    Kind("a guide", is_guide, guide),
    Kind("a thread", is_thread, thread),
    Kind("a level", is_level, level),
    Kind("a bracket", is_bracket, bracket),
    Kind("a line between", is_between, between),
)
