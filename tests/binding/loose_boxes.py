"""Boxes without a value that are not frames, and a rule for each kind."""

import math
from collections.abc import Iterator

from tests.binding.clauses import GATES
from tests.binding.drawing import Box, Drawing, Mark, joined
from tests.binding.lengths import HALF, grid, hues, scales
from tests.binding.shape_index import (
    BAND,
    EDGE,
    NEAR,
    PANEL,
    PAPER,
    SHORT,
    STUB,
    Kind,
    are_near,
    contents,
    is_invisible,
    is_near,
    leaves,
    mark_name,
    next_mark,
    scale_extent,
    tag,
)
from tests.binding.signs import is_dot, is_round

COLUMN_BACKGROUND = "#e8e9eb"
"""Fill of the unfilled part of a column."""


def is_background(drawing: Drawing, mark: Mark) -> bool:
    return mark is leaves(drawing).marks[0]


def background(drawing: Drawing, mark: Mark) -> Iterator[str]:
    view = [float(n) for n in drawing.root.get("viewBox", "").split()]
    if [*mark.box] != view or mark.get("fill") != PAPER:
        yield "it does not cover the figure"


def is_column_background(drawing: Drawing, mark: Mark) -> bool:
    is_box = tag(mark) == "rect" and not mark.has("stroke")
    return is_box and mark.get("fill") == COLUMN_BACKGROUND


def column_background(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The background of a column has its width and the height of its scale."""
    column = next_mark(drawing, mark)
    if column is None or not column.has("data-of"):
        yield "there is no column on it"
    elif not column.has("data-draws"):
        # A cross marks a value that is not finite.
        if not are_near([mark.box.x, mark.box.y], [column.box.x, column.box.y]):
            yield f"{column} is not in its middle"
    else:
        expected = scale_extent(drawing, column)
        if not are_near([*mark.box], [*expected]):
            yield f"it is not as large as the scale of {column}"


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
    """The bar beside a gate's letter spans exactly the rows of that gate."""
    gates = ",".join(sorted(hues(mark)))
    label = max(
        (
            label
            for label in drawing.labels
            if label.along == "band"
            and mark.box.top <= label.middle <= mark.box.bottom
            and 0 <= mark.box.left - label.box.right <= NEAR
        ),
        key=lambda label: label.box.right,
        default=None,
    )
    if label is None or label.names.get("gate") != gates:
        yield f"there is no letter {gates} beside it"
        return
    if not is_near(label.middle, mark.box.y, EDGE + 4):
        yield f"{label} is not beside its middle"
    rows = drawing.targets_of(label)
    span = joined([band_rows(drawing, row, gates) for row in rows])
    half_row = (span.bottom - span.top) / 2
    if not (
        is_near(span.y, mark.box.y, 1.5)
        and mark.box.top - EDGE <= span.top + half_row
        and span.bottom - half_row <= mark.box.bottom + EDGE
    ):
        yield f"the rows of {gates} are from {span.top:g} to {span.bottom:g}"


def band_rows(drawing: Drawing, mark: Mark, gate: str) -> Box:
    """The rows of a gate in a tensor with all four, in PyTorch's order."""
    cells = grid(mark)
    box = cells.frame if cells else mark.letters
    if mark.expression.endswith(".numel()"):
        band_height = (box.bottom - box.top) / len(GATES)
        top = box.top + GATES.index(gate) * band_height
        return box._replace(top=top, bottom=top + band_height)
    return box


def is_circle(drawing: Drawing, mark: Mark) -> bool:
    left, top, right, bottom = mark.box
    return (
        tag(mark) == "rect"
        and is_round(mark, bottom - top)
        and not is_dot(mark)
        and right - left < 3 * (bottom - top)
    )


def centred(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The box contains texts and they are centred."""
    texts = [m for m in contents(drawing, mark) if m.is_text]
    if not texts:
        yield "it contains no text"
        return
    for text in texts:
        if not is_near(text.box.x, mark.box.x, 3.0):
            yield f"{text} is not in its middle"
    span = joined([text.letters for text in texts])
    if not is_near(span.y, mark.box.y, 2.0):
        yield f"{texts[0]} is not on its level"


def is_mask(drawing: Drawing, mark: Mark) -> bool:
    text = next_mark(drawing, mark)
    return (
        tag(mark) == "rect"
        and mark.get("fill") in (PAPER, PANEL)
        and not mark.has("stroke")
        and text is not None
        and text.is_text
        and mark.box.right - mark.box.left <= text.box.right - text.box.left + 14
        and mark.box.bottom - mark.box.top <= SHORT
    )


def accepted(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """Another check covers the box, or it is invisible."""
    yield from ()


def is_joint(drawing: Drawing, mark: Mark) -> bool:
    return is_circle(drawing, mark) and mark.box.right - mark.box.left <= STUB * 2


def joint(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A state on a line with the thickness of a value is at the line's end."""
    if not any(
        math.dist((mark.box.x, mark.box.y), end) <= HALF
        for line in drawing.data_marks
        if line.get("data-draws") == "stroke-width"
        for end in (line.chains[0][0], line.chains[0][-1])
    ) and not any(
        # If a value is not finite, there is no line.
        is_near(node.box.x, mark.box.x)
        for node in drawing.nodes
    ):
        yield "no line begins or ends there"


def is_outline(drawing: Drawing, mark: Mark) -> bool:
    bar = next_mark(drawing, mark)
    return (
        tag(mark) == "rect"
        and mark.has("stroke-dasharray")
        and not mark.has("fill")
        and bar is not None
        and bar.get("data-draws") == "width"
    )


def outline(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The outline of a gate spans the whole scale, from 0 to 1."""
    bar = next_mark(drawing, mark)
    assert bar is not None
    (scale,) = scales(bar)
    if not are_near([*mark.box], [*scale_extent(drawing, bar)]):
        yield f"it is not as long as the scale of {bar}"
    if (scale.low, scale.high) != (0, 1):
        yield f"the scale of {bar} is from {scale.low:g} to {scale.high:g}"
    if mark.get("stroke") != bar.get("fill"):
        yield f"it has a different hue than {bar}"


def is_missing(drawing: Drawing, mark: Mark) -> bool:
    return tag(mark) == "rect" and mark.has("stroke-dasharray")


def missing(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The outline of a missing part is empty, with the size of its neighbours."""
    inside = [m for m in contents(drawing, mark) if not m.is_text and not is_invisible(drawing, m)]
    bars = [m for m in inside if m.get("data-draws") == "width"]
    if bars and bars == inside:
        # The outline is the largest length that the bars inside could have.
        yield from (
            f"it does not end with the scale of {bar}"
            for bar in bars
            if not are_near([mark.box.left, mark.box.right], [*scale_extent(drawing, bar)][::2])
        )
        return
    yield from (f"{mark_name(other)} is in it" for other in inside)
    all_leaves, box = leaves(drawing), mark.box
    width, height = box.right - box.left, box.bottom - box.top
    left, top, right, bottom = all_leaves.boxes.T
    is_like = (
        (abs(right - left - width) <= HALF)
        & (abs(bottom - top - height) <= HALF)
        & ((abs(top - box.top) <= HALF) | (abs(left - box.left) <= HALF))
        & ~((abs(top - box.top) <= HALF) & (abs(left - box.left) <= HALF))
    )
    if not any(not m.has("stroke-dasharray") for m in all_leaves.selected(is_like)):
        yield "no mark beside it has its size"


KINDS = (
    Kind("paper", is_background, background),
    Kind("the background of a column", is_column_background, column_background),
    Kind("invisible", is_invisible, accepted),
    # `lengths.cover_faults` checks which steps it covers.
    Kind("the area of a claim", lambda _, mark: mark.has("data-claim"), accepted),
    Kind("the bar of a band", is_band, band),
    # `signs.dot_faults` checks it.
    Kind("a dot", lambda _, mark: is_dot(mark), accepted),
    Kind("a joint", is_joint, joint),
    Kind("a circle", is_circle, centred),
    Kind("what covers a line", is_mask, centred),
    Kind("an outline", is_outline, outline),
    Kind("what is missing", is_missing, missing),
)
