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
from ...scene.marks import Box, shift
from ...scene.scenes import Diagram, Head
from .message import Message, Row, sizes_of
from .messages import MESSAGES, Name
from .rows import Rows

MAX_CHARS = 230
"""A longer message is cut."""


def error(subject: LayerRun, width: float, *, message: Name = "hidden-size") -> Diagram:
    """What PyTorch says of a mistake, and the axis that does not fit.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        message: Which message, hidden-size by default.
    """
    sizes = sizes_of(subject)
    mistake, space = MESSAGES[message](sizes), inner_width(width)
    names = {
        "parts": "D·num_layers",
        "size": "proj_size" if sizes.is_projected else "hidden_size",
        "one": "one more",
    }
    numbered = [(row, list(numbers_of(row))) for row in mistake.rows]
    rows = Rows(numbered, names, space)
    body = block_column([_message(mistake, space), rows.block()], 26)
    return Diagram(
        heading=_head(subject, mistake),
        description=f"{mistake.kind}: {' '.join(mistake.text.split()).rstrip('.')}. "
        + " ".join(_row_in_words(row, axes, names) for row, axes in numbered),
        width=space,
        height=body.height,
        marks=body.marks,
        figure_width=width,
        setup=mistake.python(sizes),
    )


def _head(subject: LayerRun, mistake: Message) -> Head:
    typed = mistake.typed_call
    notes = [mistake.fix, *([mistake.where] if mistake.where else [])]
    if any("parts" in row.axes for row in mistake.rows):
        notes.append("D is two with two directions, else one.")
    return Head(
        plain(mistake.title),
        sentence("Raised by {}", (typed, repr(typed))),
        provenance(subject),
        tuple(map(plain, notes)),
        origin(subject),
    )


def plain(text: str) -> Sentence:
    """Text whose numbers, if any, need no proof."""
    return Sentence(text)


def numbers_of(row: Row) -> Iterator[tuple[str, Number | str | None]]:
    """Each axis with its size, a word, or None if it is missing."""
    k = 0
    for axis, size in row.axes.items():
        if not isinstance(size, int):
            yield axis, size
            continue
        yield axis, Number(np.int64(size), row.expr.format(k=k))
        k += 1


def _row_in_words(
    row: Row, numbered: list[tuple[str, Number | str | None]], names: Mapping[str, str]
) -> str:
    """A row in words, with the remark about its marked axes."""
    axes = [
        f"{names.get(axis, axis)} "
        + (digits.text(size.value, 0) if isinstance(size, Number) else size or "missing")
        for axis, size in numbered
        if size != ""
    ]
    marked = " and ".join(names.get(axis, axis) for axis in row.marked_axes)
    remark = f"; {marked}: {row.remark}" if row.remark else ""
    status = row.status.capitalize()
    return f"{status} {row.name.strip()} with {', '.join(axes)}{remark}."


def _wrong_sizes(mistake: Message, text: str) -> Iterator[tuple[int, int, str]]:
    """Where a message has the sizes of the marked axes: first and last character, and the paint."""
    for row in mistake.rows:
        sizes, paint = list(row.axes.values()), {"expected": "pos", "got": "neg"}.get(row.status)
        if paint is None or not all(isinstance(size, int) for size in sizes):
            continue
        for axis in row.marked_axes:
            k = list(row.axes).index(axis)
            before, size, after = sizes[:k], sizes[k], sizes[k + 1 :]
            shape = [", ".join(map(str, part)) for part in (before, after)]
            start = f"{shape[0]}, " if before else ""
            rest = f", {shape[1]}" if after else ""
            in_shape = rf"(?<=[(\[]{re.escape(start)}){size}(?={re.escape(rest)}[)\]])"
            alone = rf"(?<=\b[{row.status[0].upper()}{row.status[0]}]{row.status[1:]} ){size}\b"
            if found := re.search(in_shape, text) or re.search(alone, text):
                yield found.start(), found.end() - 1, paint


def _message(mistake: Message, space: float) -> Block:
    """The message as PyTorch prints it, below the class of the error."""
    text = " ".join(mistake.text.split())
    # Decimal numbers become dots: each number of a figure needs a proof, and the
    # rows below show these numbers with one.
    text, separator, _ = text.partition(", but got dropout")
    text = re.sub(r"\d+\.\d+", "…", text)
    if separator:
        text += ", …"
    if len(text) > MAX_CHARS:
        text = text[:MAX_CHARS].rpartition(" ")[0] + " …"
    claim = f"all(part.strip() in \" \".join(message.split()) for part in {text!r}.split('…'))"
    quoted = proven_code(text, claim) if mistake.is_run_in_preamble else plain(text)
    kind = text_block(plain(mistake.kind), space, fill="ink", bold=True)
    code = code_block(quoted, space - 36, tinted=list(_wrong_sizes(mistake, text)))
    lines = block_column([kind, code], 4)
    panel = framed_block(lines, 16, width=space)
    bar = Box(0, 0, 4, panel.height, radius=2, fill="neg")
    return panel._replace(marks=(*panel.marks, shift(bar, 0, 0)))
