"""Frames: the content of a frame is centred, and related marks are inside too."""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from tests.binding import loose_boxes
from tests.binding.axes import expression_keys, skeleton
from tests.binding.clauses import GATES
from tests.binding.drawing import Box, Drawing, Mark, joined
from tests.binding.lengths import gates_of, hues, scales
from tests.binding.shape_index import (
    DIGIT_TOLERANCE,
    NEAR,
    TOLERANCE,
    WRONG,
    Kind,
    are_near,
    footer_line,
    group_of,
    is_arrow,
    is_cross,
    is_near,
    is_side,
    leaves,
    mark_name,
    scale_extent,
    tag,
    unbound_shapes,
)
from tests.proof import SPECIAL

SLACK = 1.0
"""Tolerance for the margins on two sides of shapes."""

MANY = 30
"""Frames with more marks than this are checked less strictly in height."""

TENSORS = {
    *("x", "h_prev", "c_prev", "output", "h_n", "c_n", "tanh_c"),
    *("weight_ih", "weight_hh", "weight_hr"),
}
"""Terms that are names of tensors."""

OVER = {("gates-over-time", "c_n"), ("gates-over-time", "h_n")}
"""Labels that may extend beyond a frame: those of columns as narrow as a step."""

LOOK = ("fill", "stroke", "stroke-width", "rx")


def is_frame(drawing: Drawing, mark: Mark) -> bool:
    return (
        tag(mark) == "rect"
        and not mark.has("stroke-dasharray")
        and (mark.has("fill") or mark.has("stroke"))
    )


def frame(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """Check that a frame contains its marks fully, centred, with all related ones."""
    all_leaves, box = leaves(drawing), mark.box
    is_cut = (
        all_leaves.overlapping(box)
        & ~all_leaves.within(box)
        & ~all_leaves.enclosing(box)
        & ~all_leaves.are_arrows
    )
    yield from (
        f"its edge cuts {mark_name(leaf)}"
        for leaf in all_leaves.selected(is_cut)
        # Curves, planes and wires may continue beyond the frame.
        if tag(leaf) != "path" and not hangs_over(drawing, leaf)
    )
    inner = all_leaves.within(box) & ~all_leaves.are_arrows & all_leaves.all_but(mark)
    inside = all_leaves.selected(inner)
    inside += [leaf for leaf in all_leaves.selected(is_cut) if hangs_over(drawing, leaf)]
    if not inside:
        yield "it contains no marks"
        return
    yield from centring_faults(drawing, mark, inside)
    yield from missing_members(drawing, mark, inside)
    for label in inside:
        if label.along == "block" and smallest(drawing, label) is mark:
            yield from (
                f"it does not contain {target}, which {label} names"
                for target in drawing.targets_of(label)
                if not box.contains(target.box.x, target.box.y)
            )
    yield from gate_faults(drawing, mark, inside)
    is_red = mark.get("stroke") == WRONG and group_of(mark) is not None
    crosses = (leaf for leaf in unbound_shapes(drawing) if is_cross(drawing, leaf, box))
    if is_red and not list(crosses):
        yield "it is red, but has no cross over it"
    terms = TENSORS & {*mark.get("data-term").split()}
    tensors = set().union(
        *(
            expression_keys(drawing, leaf.expression).get("tensor", set())
            for leaf in inside
            if leaf.expression
        )
    )
    if terms and tensors and not terms & tensors:
        yield f"it has the term {sorted(terms)}, but contains {sorted(tensors)}"
    if "output" in terms and group_of(mark) is None:
        yield from (
            f"it is the frame of output, but does not contain {leaf}"
            for leaf in all_leaves.selected(~all_leaves.within(box) & ~all_leaves.are_arrows)
            if leaf.expression
            and (keys := expression_keys(drawing, leaf.expression))
            and "output" in keys.get("tensor", ())
            # Other checks verify shapes.
            and "axis" not in keys
        )


def hangs_over(drawing: Drawing, mark: Mark) -> bool:
    return (drawing.figure, mark.text) in OVER


def centring_faults(drawing: Drawing, mark: Mark, inside: list[Mark]) -> Iterator[str]:
    """Frames whose content is not centred.

    Exceptions: text alone may be left-aligned, and a frame may have the edges of
    another frame with the same look.
    """
    box, (_, _, *ends) = mark.box, leaves(drawing).marks[0].box
    body, parts = footer_line(drawing), [leaf for leaf in inside if not is_side(leaf)]
    words = all(leaf.is_text for leaf in parts)
    if any(leaf.text in SPECIAL.values() for leaf in parts):
        # A number that is not finite has no bar, so the rest is off centre.
        return
    shapes = [leaf for leaf in parts if not leaf.is_text]
    span = spanned_box(drawing, parts)
    symmetric_span = joined([signed_box(drawing, leaf) for leaf in shapes]) if shapes else span
    for k, axis in enumerate(("across", "down")):
        before, after = span[k] - box[k], box[k + 2] - span[k + 2]
        shapes_span = spanned_box(drawing, shapes) if shapes else span
        if (
            is_near(before, after, margin_tolerance(parts, k))
            or is_near(shapes_span[k] - box[k], box[k + 2] - shapes_span[k + 2], SLACK)
            or is_near(symmetric_span[k] - box[k], box[k + 2] - symmetric_span[k + 2], SLACK)
            or (min(abs(before), abs(after)) <= TOLERANCE and before + after <= NEAR)
            or is_near(box[k], ends[k] - box[k + 2])
            or (body and not k and is_near(box.right, body.box.right))
            or (words and is_near(span.left - box.left, span.top - box.top, DIGIT_TOLERANCE))
        ):
            continue
        others = [
            (other.box[k], other.box[k + 2])
            for other in frames_by_look(drawing)[look(mark)]
            if other is not mark
        ]
        if not any(are_near([box[k], box[k + 2]], [*each]) for each in others):
            yield (f"its content is {before:g} from one edge {axis} and {after:g} from the other")


def signed_box(drawing: Drawing, mark: Mark) -> Box:
    """The box of a shape; the bar of a gate is extended to a symmetric scale."""
    box = spanned_box(drawing, [mark])
    if mark.get("data-draws") == "width" and scales(mark)[0].low == 0:
        return box._replace(left=2 * box.left - box.right)
    return box


def spanned_box(drawing: Drawing, marks: list[Mark]) -> Box:
    """The box around marks; marks drawn by values count with their whole scale."""
    return joined(
        [scale_extent(drawing, mark) if mark.has("data-draws") else mark.letters for mark in marks]
    )


def margin_tolerance(marks: list[Mark], axis: int) -> float:
    """Tolerance for the margins on two sides.

    Numbers of different lengths are right-aligned, and a frame around many
    marks is checked less strictly in height.
    """
    widths = [mark.box.right - mark.box.left for mark in marks if mark.has("data-value")]
    if axis and len(marks) > MANY:
        return 6 * DIGIT_TOLERANCE
    if not axis and widths:
        # An exponent takes the place of digits after the point.
        share = 1 if any("e" in mark.text for mark in marks) else 0.5
        return DIGIT_TOLERANCE + (max(widths) - min(widths)) * share
    return DIGIT_TOLERANCE


def look(mark: Mark) -> tuple[str, ...]:
    return tuple(mark.get(key) for key in LOOK)


@lru_cache(maxsize=2)
def frames(drawing: Drawing) -> list[Mark]:
    """All frames: boxes that are of no other kind."""
    return [
        mark
        for mark in unbound_shapes(drawing)
        if is_frame(drawing, mark)
        and not is_side(mark)
        and not any(kind.matches(drawing, mark) for kind in loose_boxes.KINDS)
    ]


@lru_cache(maxsize=2)
def frames_by_look(drawing: Drawing) -> dict[tuple[str, ...], list[Mark]]:
    """Frames grouped by their look."""
    groups = defaultdict(list)
    for mark in frames(drawing):
        groups[look(mark)].append(mark)
    return groups


def smallest(drawing: Drawing, mark: Mark) -> Mark | None:
    """The smallest frame around a mark."""
    return min(
        (f for f in frames(drawing) if f.box.contains(mark.box.x, mark.middle)),
        key=lambda f: (f.box.right - f.box.left) * (f.box.bottom - f.box.top),
        default=None,
    )


def stem(mark: Mark) -> str:
    """An id without its numbers."""
    return "-".join("#" if p.isdecimal() else p for p in mark.name.split("-"))


@lru_cache(maxsize=2)
def marks_by_stem(drawing: Drawing) -> dict[str, list[Mark]]:
    """Marks with a value, grouped by their id without numbers."""
    groups = defaultdict(list)
    for mark in leaves(drawing).marks:
        if mark.name and mark.expression and not is_arrow(mark):
            groups[stem(mark)].append(mark)
    return groups


def missing_members(drawing: Drawing, mark: Mark, inside: list[Mark]) -> Iterator[str]:
    """Marks outside of a frame although similar ones are inside."""
    own_marks = [m for m in inside if m.name and m.expression]
    keys: dict[tuple[str, str], dict[str, set[object]]] = {}
    for leaf in own_marks:
        all_ = keys.setdefault((stem(leaf), skeleton(leaf.expression)), {})
        for key, values in expression_keys(drawing, leaf.expression).items():
            all_.setdefault(key, set()).update(values)
    own_elements = {leaf.element for leaf in own_marks}
    for (kind, quantity), own_keys in keys.items():
        for other in marks_by_stem(drawing)[kind]:
            if other.element in own_elements or skeleton(other.expression) != quantity:
                continue
            other_keys = expression_keys(drawing, other.expression)
            if other_keys and all(
                other_keys[key] <= own_keys.get(key, set()) for key in other_keys
            ):
                yield f"it does not contain {other}, which is of the same kind"
                break


def gate_faults(drawing: Drawing, mark: Mark, inside: list[Mark]) -> Iterator[str]:
    """Frames whose hue belongs to a different gate than their content."""
    used = hues(mark)
    if not used:
        return
    gates = set()
    for leaf in inside:
        if leaf.expression:
            gates |= gates_of(drawing, leaf.expression)
        gates |= {*leaf.names.get("gate", "").split(",")} - {""}
        gates |= {leaf.text} & {*GATES}
    group = group_of(mark)
    if group is not None:
        gates |= gates_of(drawing, group.get("data-of", ""))
    if not used <= gates:
        yield f"it has the hue of {sorted(used)}, but contains {sorted(gates)}"


def edge_faults(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """Heavy edges that are not as high as their frame."""
    left, top, _, bottom = mark.box
    if not any(
        are_near([left, top, bottom], [f.box.left, f.box.top, f.box.bottom])
        for f in frames(drawing)
    ):
        yield "there is no frame of its height beside it"


KINDS = (
    Kind("the side of a frame", lambda _, mark: is_side(mark), edge_faults),
    Kind("a frame", is_frame, frame),
)
