"""Frames: what is in one lies in its middle, and all that is alike is in it."""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from tests.binding import boxes
from tests.binding.axes import skeleton, spoken
from tests.binding.drawing import Box, Drawing, Mark, joined
from tests.binding.leaves import (
    LEAN,
    NEAR,
    SAME,
    WRONG,
    Kind,
    are_near,
    foot,
    group_of,
    is_arrow,
    is_cross,
    is_near,
    is_side,
    leaves,
    loose,
    name,
    reach,
    tag,
)
from tests.binding.lengths import gates_of, hues, scales
from tests.binding.shared import GATES
from tests.proving import SPECIAL

SLACK = 1.0
"""How far apart the margins at two sides of what is no text may be."""

MANY = 30
"""How many marks are in a frame whose height is not measured closely."""

TENSORS = {
    *("x", "h_prev", "c_prev", "output", "h_n", "c_n", "tanh_c"),
    *("weight_ih", "weight_hh", "weight_hr"),
}
"""Terms that are names of tensors."""

OVER = {("gates-over-time", "c_n"), ("gates-over-time", "h_n")}
"""What may hang over: the name of a column that is as narrow as a step."""

LOOK = ("fill", "stroke", "stroke-width", "rx")


def is_frame(drawing: Drawing, mark: Mark) -> bool:
    return (
        tag(mark) == "rect"
        and not mark.has("stroke-dasharray")
        and (mark.has("fill") or mark.has("stroke"))
    )


def frame(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """All of what is in it lies in it, in its middle, and all of that is."""
    every, box = leaves(drawing), mark.box
    cut = every.over(box) & ~every.within(box) & ~every.around(box) & ~every.are_arrows
    yield from (
        f"its edge cuts {name(one)}"
        for one in every.of(cut)
        # Lines of planes and curves go on, and so do wires.
        if tag(one) != "path" and not hangs_over(drawing, one)
    )
    inner = every.within(box) & ~every.are_arrows & every.but(mark)
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
    is_red = mark.get("stroke") == WRONG and group_of(mark) is not None
    crosses = (one for one in loose(drawing) if is_cross(drawing, one, box))
    if is_red and not list(crosses):
        yield "there is no cross over what is red"
    terms = TENSORS & {*mark.get("data-term").split()}
    tensors = set().union(
        *(spoken(drawing, one.expression).get("tensor", set()) for one in inside if one.expression)
    )
    if terms and tensors and not terms & tensors:
        yield f"it is that of {sorted(terms)}, and holds {sorted(tensors)}"
    if "output" in terms and group_of(mark) is None:
        yield from (
            f"{one} is not in it, which is output"
            for one in every.of(~every.within(box) & ~every.are_arrows)
            if one.expression
            and (keys := spoken(drawing, one.expression))
            and "output" in keys.get("tensor", ())
            # Of sizes it is said elsewhere.
            and "axis" not in keys
        )


def hangs_over(drawing: Drawing, mark: Mark) -> bool:
    return (drawing.figure, mark.text) in OVER


def aside(drawing: Drawing, mark: Mark, inside: list[Mark]) -> Iterator[str]:
    """What is in a frame is in its middle, unless it is one of several.

    These have the same ends. Words alone begin at the left.
    """
    box, (_, _, *ends) = mark.box, leaves(drawing).marks[0].box
    body, parts = foot(drawing), [one for one in inside if not is_side(one)]
    words = all(one.is_text for one in parts)
    if any(one.text in SPECIAL.values() for one in parts):
        # What is no number has no bar, so what is left is in no middle.
        return
    shapes = [one for one in parts if not one.is_text]
    span = spanned(drawing, parts)
    both = joined([signed(drawing, one) for one in shapes]) if shapes else span
    for k, way in enumerate(("across", "down")):
        before, behind = span[k] - box[k], box[k + 2] - span[k + 2]
        own = spanned(drawing, shapes) if shapes else span
        if (
            is_near(before, behind, leaning(parts, k))
            or is_near(own[k] - box[k], box[k + 2] - own[k + 2], SLACK)
            or is_near(both[k] - box[k], box[k + 2] - both[k + 2], SLACK)
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
            yield (f"what is in it is {before:g} from one edge {way} and {behind:g} from the other")


def signed(drawing: Drawing, mark: Mark) -> Box:
    """The box of a shape; the bar of a gate begins where others have zero."""
    box = spanned(drawing, [mark])
    if mark.get("data-draws") == "width" and scales(mark)[0].low == 0:
        return box._replace(left=2 * box.left - box.right)
    return box


def spanned(drawing: Drawing, marks: list[Mark]) -> Box:
    """The box around marks; what is drawn by values has all of its scale."""
    return joined([reach(drawing, one) if one.has("data-draws") else one.letters for one in marks])


def leaning(marks: list[Mark], way: int) -> float:
    """By how much the margins at two sides may differ.

    Numbers of unlike lengths end below each other, and a frame around much is
    not measured as closely in its height.
    """
    widths = [one.box.right - one.box.left for one in marks if one.has("data-value")]
    if way and len(marks) > MANY:
        return 6 * LEAN
    if not way and widths:
        # An exponent stands where others have digits after their point.
        share = 1 if any("e" in one.text for one in marks) else 0.5
        return LEAN + (max(widths) - min(widths)) * share
    return LEAN


def look(mark: Mark) -> tuple[str, ...]:
    return tuple(mark.get(key) for key in LOOK)


@lru_cache(maxsize=2)
def frames(drawing: Drawing) -> list[Mark]:
    """All frames: the boxes that are nothing else."""
    return [
        mark
        for mark in loose(drawing)
        if is_frame(drawing, mark)
        and not is_side(mark)
        and not any(kind.form(drawing, mark) for kind in boxes.KINDS)
    ]


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


def lacking(drawing: Drawing, mark: Mark, inside: list[Mark]) -> Iterator[str]:
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
            if theirs and all(theirs[key] <= known.get(key, set()) for key in theirs):
                yield f"{other} is not in it, and of the same"
                break


def strange(drawing: Drawing, mark: Mark, inside: list[Mark]) -> Iterator[str]:
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


def side(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """What makes one edge of a frame heavy is as high as the frame."""
    left, top, _, bottom = mark.box
    if not any(
        are_near([left, top, bottom], [f.box.left, f.box.top, f.box.bottom])
        for f in frames(drawing)
    ):
        yield "it is the edge of no frame"


KINDS = (
    Kind("the side of a frame", lambda _, mark: is_side(mark), side),
    Kind("a frame", is_frame, frame),
)
