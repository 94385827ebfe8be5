"""The figure `flat-weights`."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from ..layout.cells import NUMBER
from ..layout.heading import inner
from ..layout.panels import Panel, code, stack
from ..proof.digits import text
from ..proof.subject import Number, Subject
from ..scene.marks import Anchor, Box, Mark, Path, Text
from ..scene.scenes import Diagram, Heading

GAP = 10.0
"""Between two storages."""
TOP, HEIGHT, FOOT = 14.0, 62.0, 48.0
"""The height above blocks, of blocks, and of what stands below them."""

WAYS = {
    "built": "as it is built",
    "flattened": "after flatten_parameters()",
    "joined": "as views of one tensor",
}


class Block(NamedTuple):
    """A parameter in memory.

    Attributes:
        name: As the module calls it.
        term: Its term.
        storage: Which storage it lies in.
        offset: Where in it.
        length: How many numbers it has.
    """

    name: str
    term: str
    storage: int
    offset: Number
    length: Number


def flat_weights(subject: Subject, room: float) -> Diagram:
    """Where parameters lie in memory, and what flatten_parameters changes.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    assert subject.record is not None
    width, terms = inner(room), list(subject.weights.parameters())
    memory = subject.record.values
    ways = {way: _blocks(way, memory[way], terms) for way in WAYS}
    counts = {way: _storages(way, memory[way]) for way in WAYS}
    body = stack(
        [
            _strip(way, blocks, counts[way], width)
            for way, blocks in ways.items()
        ],
        width,
    )
    same = memory["built"] == memory["flattened"]
    sizes = subject.weights.input_size, subject.weights.hidden_size
    return Diagram(
        Heading(
            f"flatten_parameters {'moves nothing' if same else 'moves weights'}"
            " on a CPU",
            f"nn.LSTM{sizes}: where its parameters lie in memory",
            (
                "In a block, how many numbers; below its left edge, its "
                "storage_offset().",
                "Widths are not to scale.",
                "One tensor for all is made by vector_to_parameters.",
                "cuDNN wants such a buffer, in an order of its own, and on a "
                "graphics card flatten_parameters() makes it: not run here.",
            ),
            subject.origin,
        ),
        " ".join(
            _said(WAYS[way], blocks, counts[way])
            for way, blocks in ways.items()
        ),
        body.width,
        body.height,
        body.marks,
        room,
    )


def _blocks(
    way: str, memory: Sequence[tuple[int, int, int]], terms: Sequence[str]
) -> list[Block]:
    return [
        Block(
            f"{term}_l0",
            term,
            storage,
            Number(np.int64(offset), f"torch.tensor({way}[{k}][1])"),
            Number(np.int64(length), f"torch.tensor({way}[{k}][2])"),
        )
        for k, (term, (storage, offset, length)) in enumerate(
            zip(terms, memory, strict=True)
        )
    ]


def _storages(way: str, memory: Sequence[tuple[int, int, int]]) -> Number:
    return Number(
        np.int64(len({storage for storage, _, _ in memory})),
        f"torch.tensor(len({{storage for storage, _, _ in {way}}}))",
    )


def _said(label: str, blocks: list[Block], storages: Number) -> str:
    places = "; ".join(
        f"{block.name} at {block.offset.value} in storage {block.storage}, "
        f"{block.length.value} numbers"
        for block in blocks
    )
    return (
        f"{label[0].upper()}{label[1:]}, storages: {storages.value}. {places}."
    )


def _strip(
    way: str, blocks: list[Block], storages: Number, width: float
) -> Panel:
    """The blocks side by side; those of one storage touch."""
    each = (width - GAP * (len(blocks) - 1)) / len(blocks)
    word = "storage" if storages.value == 1 else "storages"
    counted = Text(
        x=width, y=-18, content=word, size=NUMBER, fill="muted", anchor="end"
    )
    marks: list[Mark] = [
        counted,
        _number(
            counted.left - 6, -18, storages, f"{way}-storages",
            " ".join(block.term for block in blocks),
        ),
    ]  # fmt: skip
    x = 0.0
    for storage, run in groupby(blocks, lambda block: block.storage):
        own, left = list(run), x
        for k, block in enumerate(own):
            marks += _block(way, block, x, each)
            if k:
                marks.append(
                    Path(
                        d=(("M", (x, 0)), ("L", (x, HEIGHT))), stroke="rule",
                    )
                )  # fmt: skip
            x += each
        marks += [
            Box(
                x=left, y=0, width=x - left, height=HEIGHT, radius=5,
                stroke="ink", stroke_width=1.5,
            ),
            Text(
                x=(left + x) / 2, y=HEIGHT + 34, content=f"storage {storage}",
                size=NUMBER, fill="muted", anchor="middle",
            ),
        ]  # fmt: skip
        x += GAP
    return Panel(width, HEIGHT + 36, tuple(marks), WAYS[way])


def _block(way: str, block: Block, x: float, width: float) -> list[Mark]:
    """A parameter, its length in it and its place below it."""
    middle = x + width / 2
    names = [block.name]
    if code(0, 0, block.name).width > width - 8:
        stem, _, rest = block.name.partition("_")
        names = [stem, f"_{rest}"]
    return [
        Box(
            x=x, y=0, width=width, height=HEIGHT, radius=5,
            fill="panel", term=block.term,
        ),
        *(
            code(middle, 27 + 14 * (k - len(names) / 2) + 4, name)
            for k, name in enumerate(names)
        ),
        _number(
            middle, 50, block.length, f"{way}-{block.term}-length",
            block.term, "middle",
        ),
        _number(
            x + 2, HEIGHT + 15, block.offset, f"{way}-{block.term}-offset",
            block.term, "start",
        ),
    ]  # fmt: skip


def _number(
    x: float,
    y: float,
    value: Number,
    id: str,
    term: str,
    anchor: Anchor = "end",
) -> Text:
    return Text(
        x=x, y=y, content=text(value.value, 0), size=NUMBER, mono=True,
        anchor=anchor, number=value, id=id, term=term,
    )  # fmt: skip
