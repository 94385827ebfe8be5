"""The figure `error`: what PyTorch says of a mistake, and the axis that does not fit."""

import re
from collections.abc import Iterator, Mapping

import numpy as np

from ...layout.blocks import Block, block_column, code_block, framed_block, proven_code, text_block
from ...layout.margins import inner_width
from ...layout.provenance import origin, provenance
from ...model.layer_run import LayerRun
from ...model.reference import Number
from ...proof import digits
from ...proof.bindings import Sentence, sentence
from ...scene.marks import Box
from ...scene.scenes import Diagram, Head
from .message import BLANK, Message, Row, sizes_of
from .messages import MESSAGES, Name
from .rows import AxisSizes, Rows

MAX_CHARS = 230
"""A longer message is cut."""
MESSAGE_GAP, KIND_GAP = 26.0, 4.0
"""The gaps below the message, and below the class of the error in it."""
PANEL_PADDING, BAR_WIDTH = 16.0, 4.0
"""The space around a message, and the width of the bar at its left."""


def error(subject: LayerRun, width: float, *, message: Name = "hidden-size") -> Diagram:
    """What PyTorch says of a mistake, and the axis that does not fit.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        message: Which message, hidden-size by default.
    """
    sizes = sizes_of(subject)
    mistake, space = MESSAGES[message](sizes), inner_width(width)
    axis_names = {
        "parts": "layers·directions",
        "size": "proj_size" if sizes.is_projected else "hidden_size",
        "one": "one more",
    }
    numbered = [(row, list(numbers_of(row))) for row in mistake.rows]
    rows = Rows(numbered, axis_names, space)
    body = block_column([_message(mistake, space), rows.block()], MESSAGE_GAP)
    return Diagram(
        heading=_head(subject, mistake),
        description=f"{mistake.kind}: {' '.join(mistake.text.split()).rstrip('.')}. "
        + " ".join(_row_in_words(row, axes, axis_names) for row, axes in numbered),
        width=space,
        height=body.height,
        marks=body.marks,
        figure_width=width,
        setup=mistake.python(sizes),
    )


def _head(subject: LayerRun, mistake: Message) -> Head:
    """Return the texts above and below the drawing."""
    typed = mistake.typed_call
    notes = [mistake.fix, *([mistake.where] if mistake.where else [])]
    return Head(
        plain(mistake.title),
        sentence("Raised by {}", (typed, repr(typed))),
        provenance(subject),
        tuple(map(plain, notes)),
        origin(subject),
    )


def plain(text: str) -> Sentence:
    """Return a text whose numbers, if any, need no proof."""
    return Sentence(text)


def numbers_of(row: Row) -> Iterator[tuple[str, Number | str | None]]:
    """Yield each axis with its size, a word, or None if it is missing."""
    k = 0
    for axis, size in row.axes.items():
        if not isinstance(size, int):
            yield axis, size
            continue
        yield axis, Number(np.int64(size), row.expr.format(k=k))
        k += 1


def _row_in_words(row: Row, numbered: AxisSizes, axis_names: Mapping[str, str]) -> str:
    """Return a row in words, with the remark about its marked axes."""
    axes = [
        f"{axis_names.get(axis, axis)} {_size_in_words(size)}"
        for axis, size in numbered
        if size != BLANK
    ]
    marked = " and ".join(axis_names.get(axis, axis) for axis in row.marked_axes)
    remark = f"; {marked}: {row.remark}" if row.remark else ""
    status = row.status.capitalize()
    return f"{status} {row.name.strip()} with {', '.join(axes)}{remark}."


def _size_in_words(size: Number | str | None) -> str:
    """Return the size of an axis as the description says it."""
    if isinstance(size, Number):
        return digits.text(size.value, 0)
    return size or "missing"


def _wrong_sizes(mistake: Message, text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where a message has the sizes of the marked axes.

    Each is its first and last character, and the paint of its row.
    """
    for row in mistake.rows:
        paint = {"expected": "pos", "got": "neg"}.get(row.status)
        if paint is None or not all(isinstance(size, int) for size in row.axes.values()):
            continue
        sizes = [str(size) for size in row.axes.values()]
        for axis in row.marked_axes:
            k = list(row.axes).index(axis)
            # In a shape such as "[1, 2, 2]", with the other sizes before and after it.
            before = re.escape("".join(f"{size}, " for size in sizes[:k]))
            after = re.escape("".join(f", {size}" for size in sizes[k + 1 :]))
            in_shape = rf"(?<=[(\[]{before}){sizes[k]}(?={after}[)\]])"
            # Or after a word, such as "Expected 3" or "got 4".
            alone = rf"(?i:(?<=\b{row.status} )){sizes[k]}\b"
            if match := re.search(in_shape, text) or re.search(alone, text):
                yield match.start(), match.end() - 1, paint


def _message(mistake: Message, space: float) -> Block:
    """Draw the message as PyTorch prints it, below the class of the error."""
    text = " ".join(mistake.text.split())
    # Decimal numbers become dots: each number of a figure needs a proof, and the
    # rows below show these numbers with one.
    text, dropout_and_layers, _ = text.partition(", but got dropout")
    text = re.sub(r"\d+\.\d+", "…", text)
    if dropout_and_layers:
        text += ", …"
    if len(text) > MAX_CHARS:
        text = text[:MAX_CHARS].rpartition(" ")[0] + " …"
    # Each part between dots is in the message that PyTorch raises.
    claim = f"all(part.strip() in \" \".join(message.split()) for part in {text!r}.split('…'))"
    quoted = proven_code(text, claim) if mistake.is_run_in_preamble else plain(text)
    kind = text_block(plain(mistake.kind), space, fill="ink", bold=True)
    code = code_block(
        quoted, space - 2 * PANEL_PADDING - BAR_WIDTH, tinted=list(_wrong_sizes(mistake, text))
    )
    lines = block_column([kind, code], KIND_GAP)
    panel = framed_block(lines, PANEL_PADDING, width=space)
    bar = Box(0, 0, BAR_WIDTH, panel.height, radius=BAR_WIDTH / 2, fill="neg")
    return panel._replace(marks=(*panel.marks, bar))
