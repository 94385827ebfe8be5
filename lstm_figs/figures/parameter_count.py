"""The figure `parameter-count`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout.cells import NUMBER, spoken
from ..layout.heading import inner
from ..layout.maps import expression
from ..layout.panels import Panel, code, flow
from ..porting import TARGETS
from ..proof.subject import Number, Subject
from ..scene.marks import Anchor, Box, Mark, Path, Text
from ..scene.scenes import Diagram, Heading
from ..scene.theme import Paint

SMALL, CELL = 34, 22.0
"""The most rows and columns that have cells of their own, and their size."""
TALL, WIDE = 200.0, 250.0
"""What blocks take at most."""
LIST, SHAPES = 312.0, 232.0
"""The width of the list below the blocks, and where its shapes end."""
PAINTS: dict[str, Paint] = {
    "weight_ih": "muted:20",
    "weight_hh": "muted:45",
    "bias_ih": "ink:70",
    "bias_hh": "ink",
    "weight_hr": "muted:90",
}


class Block(NamedTuple):
    """A tensor whose numbers are counted.

    Attributes:
        term: Its term.
        columns: How many numbers it has in each of 4*hidden_size rows.
        numel: How many numbers it has; None where there is no such tensor.
    """

    name: str
    shape: str
    term: str
    columns: float
    numel: Number | None


def parameter_count(subject: Subject, room: float) -> Diagram:
    """How many parameters there are, by area, and how many Keras counts.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    sizes = subject.weights
    ours, theirs = _ours(subject), _theirs(subject)
    panels = [
        _panel(subject, blocks, name)
        for name, blocks in (("torch", ours), ("keras", theirs))
    ]
    body = flow(
        [
            panels[0]._replace(label=f"nn.{subject.trace.kind}"),
            panels[1]._replace(label=TARGETS["keras"].module),
        ],
        inner(room),
        gap=44,
    )
    biased, rows = sizes.bias_ih is not None, 4 * sizes.hidden_size
    totals = [_total(blocks) for blocks in (ours, theirs)]
    said = " ".join(
        f"{name}: "
        + "; ".join(f"{b.name} {b.shape} {spoken([b.numel])}"
                    for b in blocks if b.numel)
        + f"; all {spoken([total])}."
        for name, blocks, total in zip(
            ("PyTorch", "Keras"), (ours, theirs), totals, strict=True
        )
    )  # fmt: skip
    every = _every(subject)
    more = f" All layers and directions: {spoken([every])}." if every else ""
    return Diagram(
        Heading(
            f"{totals[0].value} parameters, {totals[1].value} in Keras",
            f"{subject.module}: tensors have {rows} rows, so a column "
            f"is {rows} numbers"
            + (", and Keras has one column less" if biased else ""),
            (
                "Area is the number of parameters.",
                "Keras adds the two biases."
                if biased
                else "The module has no bias.",
                *["Keras has no projection."] * bool(sizes.proj_size),
            ),
            subject.origin,
        ),
        f"{said}{more}",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _ours(subject: Subject) -> list[Block]:
    return [
        Block(
            subject.parameter_name(name),
            str(array.shape),
            name,
            array.size / len(subject.weights.weight_ih),
            Number(
                np.int64(array.size),
                f"torch.tensor({expression(subject, name)}.numel())",
            ),
        )
        for name, array in subject.weights.parameters().items()
    ]


def _theirs(subject: Subject) -> list[Block]:
    """As Keras has them: its shapes are ours, the other way round."""
    found = []
    for name, block in zip(
        TARGETS["keras"].names, _ours(subject), strict=False
    ):
        shape = subject.weights.parameters()[block.term].T.shape
        found.append(block._replace(name=name, shape=str(shape)))
    if subject.weights.bias_ih is None:
        found = found[:2]
    else:
        found.append(Block("no second bias", "", "bias_hh", 1, None))
    if subject.weights.proj_size:
        wide = subject.weights.proj_size / 4
        found.append(Block("no projection", "", "weight_hr", wide, None))
    return found


def _total(blocks: Sequence[Block]) -> Number:
    counts = [block.numel for block in blocks if block.numel]
    return Number(
        np.sum([count.value for count in counts]),
        " + ".join(count.expr for count in counts),
    )


def _every(subject: Subject) -> Number | None:
    """What the whole module has, where it has more than is shown."""
    stack = subject.trace.weights
    if len(stack) == 1:
        return None
    total = sum(a.size for one in stack for a in one.parameters().values())
    every = f"{subject.variable}.parameters()"
    return Number(
        np.int64(total), f"torch.tensor(sum(p.numel() for p in {every}))"
    )


def _panel(subject: Subject, blocks: Sequence[Block], id: str) -> Panel:
    """The blocks by area, and the list of their counts."""
    rows, columns = 4 * subject.weights.hidden_size, _columns(blocks)
    if max(rows, columns) <= SMALL and not subject.weights.proj_size:
        size = min(CELL, WIDE // columns, 320.0 // rows)
        unit, height = size, rows * size
    else:
        size = 0.0
        unit, height = WIDE / columns, TALL
    left = (LIST - unit * columns) / 2
    marks: list[Mark] = [_said(left - 6, 20 + height / 2 + 4, rows, "end")]
    x = left
    for block in blocks:
        width = unit * block.columns
        marks += _area(block, x, 20, width, height, size)
        above = _said(x + width / 2, 13, block.columns, "middle")
        if above.width <= width - 2 and block.columns == int(block.columns):
            marks.append(above)
        x += width
    y = 20 + height + 26
    listed, y = _list(blocks, y, id)
    marks += listed
    every = _every(subject) if id == "torch" else None
    total = _total(blocks)
    y += 4
    for value, name, own in (
        (total, "all", "all"), (every, "all layers", "every")
    ):  # fmt: skip
        if value is not None:
            marks += [
                code(20, y, name, "start", bold=own == "all"),
                _count(y, value, f"{id}-{own}",
                       " ".join(block.term for block in blocks), own == "all"),
            ]  # fmt: skip
            y += 20
    return Panel(LIST, y - 12, tuple(marks))


def _columns(blocks: Sequence[Block]) -> float:
    return sum(block.columns for block in blocks)


def _area(
    block: Block,
    x: float,
    y: float,
    width: float,
    height: float,
    cell: float,
) -> list[Mark]:
    """A tensor by area; of a small one, each number has a cell."""
    if block.numel is None:
        inset = 0.75 if cell else 0
        return [
            Box(
                x=x + inset, y=y + inset, width=max(width - 2 * inset, 1),
                height=height - 2 * inset, stroke="muted", dash="3 3",
                term=block.term,
            )
        ]  # fmt: skip
    if not cell:
        return [
            Box(x=x, y=y, width=width, height=height, fill=PAINTS[block.term],
                term=block.term)
        ]  # fmt: skip
    return [
        Box(
            x=x + column * cell + 0.75, y=y + row * cell + 0.75,
            width=cell - 1.5, height=cell - 1.5, radius=1.5,
            fill=PAINTS[block.term], term=block.term,
        )
        for row in range(round(height / cell))
        for column in range(round(block.columns))
    ]  # fmt: skip


def _list(
    blocks: Sequence[Block], y: float, id: str
) -> tuple[list[Mark], float]:
    """Name, shape and count of each tensor, and where the next line is."""
    marks: list[Mark] = []
    for block in blocks:
        stored = block.numel is not None
        shape = code(SHAPES, y, block.shape, "end", fill="muted")
        fill = "ink" if stored else "muted"
        name = code(20, y, block.name, "start", fill=fill)
        if name.left + name.width > shape.left - 6:
            name = name._replace(content=block.term)
        marks += [
            Box(
                x=0, y=y - 9, width=11, height=11, radius=1.5,
                fill=PAINTS[block.term] if stored else None,
                stroke=None if stored else "muted",
                dash="" if stored else "3 3",
            ),
            name,
        ]  # fmt: skip
        if block.numel is not None:
            count = _count(y, block.numel, f"{id}-{block.term}", block.term)
            marks += [shape, count]
        y += 20
    rule = Path(d=(("M", (0, y - 10)), ("L", (LIST, y - 10))), stroke="rule")
    return [*marks, rule], y + 4


def _count(
    y: float, value: Number, id: str, term: str, bold: bool = False
) -> Text:
    return Text(
        x=LIST, y=y, content=str(value.value), size=NUMBER, mono=True,
        anchor="end", bold=bold, number=value, id=id, term=term,
    )  # fmt: skip


def _said(x: float, y: float, count: float, anchor: Anchor) -> Text:
    return Text(
        x=x, y=y, content=f"{count:.0f}", size=NUMBER, mono=True, fill="muted",
        anchor=anchor,
    )  # fmt: skip
