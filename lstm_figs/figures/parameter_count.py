"""The figure `parameter-count`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.blocks import Block, flow, titled
from ..layout.cells import spoken
from ..layout.provenance import origin, provenance
from ..layout.room import inner
from ..model.lstm import GATES
from ..porting import TARGETS
from ..proof.bindings import Length, Node, Sample, Says, Scale, Sentence, sentence
from ..proof.reference import Number
from ..proof.subject import Subject
from ..scene.marks import Box, Mark, Path, Text
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import Paint

SMALL, CELL = 34, 22.0
"""The most rows and columns that have cells of their own, and the most that
one is high."""
LIST, SHAPES, TALL = 312.0, 232.0, 200.0
"""The width of the areas and of the list below them, where its shapes end, and
the most that areas are high."""
LEFT, TOP, LINE = 24.0, 22.0, 20.0
GAP = 1.5
"""Between the cells of an area."""
"""Where areas begin, and from one line of the list to the next."""
EDGE = 0.5
"""How much of an area its outline takes."""
PAINTS: dict[str, Paint] = {
    "weight_ih": "muted:20",
    "weight_hh": "muted:45",
    "bias_ih": "ink:70",
    "bias_hh": "ink",
    "weight_hr": "muted:90",
}


class Tensor(NamedTuple):
    """A tensor whose numbers are counted.

    Attributes:
        name: What it is called.
        symbol: What it is called above its area.
        tensor: What expressions call it.
        expr: The Python that yields it.
        term: The parameter that it is made of.
        shape: Its shape.
        numel: How many numbers it has.
        is_stored: Whether there is such a tensor.
    """

    name: str
    symbol: str
    tensor: str
    expr: str
    term: str
    shape: tuple[int, ...]
    numel: int
    is_stored: bool = True

    @property
    def number(self) -> Number:
        """How many numbers it has, with its proof."""
        expr = f"torch.tensor({self.expr}.numel())"
        return Number(np.int64(self.numel), expr)


def parameter_count(subject: Subject, room: float) -> Diagram:
    """How many parameters there are, by area, and how many Keras counts."""
    ours, theirs = _ours(subject), _theirs(subject)
    body = flow(
        [
            titled(Sentence(f"nn.{subject.trace.kind}"), _panel(subject, ours, "torch")),
            titled(Sentence(TARGETS["keras"].module), _panel(subject, theirs, "keras")),
        ],
        inner(room),
        gap=44,
    )
    told = " ".join(
        f"{name}: "
        + "; ".join(f"{one.tensor} has {spoken([one.number])}" for one in tensors if one.is_stored)
        + f"; all of {name} is {spoken([_total(tensors)])}."
        for name, tensors in (("PyTorch", ours), ("Keras", theirs))
    )
    every = _every(subject)
    more = f" All layers and directions: {spoken([every])}." if every else ""
    return Diagram(
        _head(subject, ours, theirs),
        f"{told}{more}",
        body.width,
        body.height,
        body.marks,
        room,
        _setup(subject),
    )


def _setup(subject: Subject) -> str:
    """Python that makes the tensors of Keras."""
    at = {name: subject.ref(name) for name in subject.weights.parameters()}
    lines = [
        "# As Keras has them: turned, and the two biases added.",
        f"kernel, recurrent_kernel = {at['weight_ih']}.T, {at['weight_hh']}.T",
    ]
    if "bias_ih" in at:
        lines.append(f"bias = {at['bias_ih'] + at['bias_hh']}")
    return "\n".join(lines)


def _head(subject: Subject, ours: Sequence[Tensor], theirs: Sequence[Tensor]) -> Head:
    sizes = subject.weights
    rows = 4 * sizes.hidden_size
    count = (rows, f"{subject.ref('weight_ih')}.shape[0]")
    notes = [sentence("Area is the number of parameters.")]
    if sizes.bias_ih is None:
        notes.append(sentence("The module has no bias.", claim=f"not {subject.variable}.bias"))
    else:
        notes.append(sentence("Keras keeps one bias; the two of PyTorch act as their sum."))
    if sizes.proj_size:
        notes.append(
            sentence("Keras has no projection.", claim=f"{subject.variable}.proj_size > 0")
        )
    totals = [_total(tensors) for tensors in (ours, theirs)]
    return Head(
        sentence("{} parameters, {} in Keras", *((n.value, f"int({n.expr})") for n in totals)),
        sentence(
            "A column is {} numbers, {} for each unit; in the matrices of Keras it is a row.",
            count,
            (4, f"{count[1]} // {subject.variable}.hidden_size"),
        ),
        provenance(subject),
        tuple(notes),
        origin(subject),
    )


def _ours(subject: Subject) -> list[Tensor]:
    return [
        Tensor(
            subject.parameter_name(name),
            TERMS[name].symbol,
            name,
            str(subject.ref(name)),
            name,
            array.shape,
            array.size,
        )
        for name, array in subject.weights.parameters().items()
    ]


def _theirs(subject: Subject) -> list[Tensor]:
    """As Keras has them: its shapes are ours, the other way round."""
    found = []
    ours = {one.term: one for one in _ours(subject)}
    for name, one in zip(TARGETS["keras"].names, _ours(subject), strict=False):
        found.append(
            one._replace(
                name=name,
                symbol=name.partition("_")[0],
                tensor=name,
                expr=name,
                shape=one.shape[::-1],
            )
        )
    if subject.weights.bias_ih is None:
        found = found[:2]
    else:
        found.append(ours["bias_hh"]._replace(name="no second bias", is_stored=False))
    if subject.weights.proj_size:
        found.append(ours["weight_hr"]._replace(name="no projection", is_stored=False))
    return found


def _total(tensors: Sequence[Tensor]) -> Number:
    counts = [one.number for one in tensors if one.is_stored]
    return Number(
        np.sum([count.value for count in counts]), " + ".join(count.expr for count in counts)
    )


def _every(subject: Subject) -> Number | None:
    """What the whole module has, where it has more than is shown."""
    stack = subject.trace.weights
    if len(stack) == 1:
        return None
    total = sum(a.size for one in stack for a in one.parameters().values())
    every = f"{subject.variable}.parameters()"
    return Number(np.int64(total), f"torch.tensor(sum(p.numel() for p in {every}))")


def _panel(subject: Subject, tensors: Sequence[Tensor], id: str) -> Block:
    """The tensors by area, and the list of their counts."""
    rows = 4 * subject.weights.hidden_size
    columns = sum(one.numel for one in tensors) / rows
    unit, high = (LIST - LEFT) / columns, min(CELL, 320 // rows)
    has_cells = max(rows, columns) <= SMALL and not subject.weights.proj_size
    height = rows * high if has_cells else TALL
    marks = _gutter(tensors, height, id)
    x = LEFT
    for one in tensors:
        width = unit * one.numel / rows
        marks += _area(one, x, width, height, id)
        if has_cells and one.is_stored:
            marks += _cells(x, width, height, unit, high)
        x += width
    marks += _names(tensors, unit / rows, id)
    marks += _list(subject, tensors, TOP + height + 26, id)
    lines = len(tensors) + 1 + (id == "torch" and _every(subject) is not None)
    return Block(LIST, TOP + height + 24 + LINE * lines, tuple(marks))


def _gutter(tensors: Sequence[Tensor], height: float, id: str) -> list[Mark]:
    """The letter and the bar of each gate, whose rows are a quarter."""
    of = [f"{id}-{one.term}-area" for one in tensors if one.term != "weight_hr"]
    each = height / len(GATES)
    marks: list[Mark] = []
    for k, gate in enumerate(GATES):
        y, paint = TOP + k * each, TERMS[gate].role
        marks += [
            words.label(
                5,
                y + each / 2,
                gate,
                {"gate": gate},
                of,
                "band",
                style=words.GATE,
                fill=paint,
                anchor="middle",
                term=gate,
            ),
            Box(14, y + 1.5, 3, each - 3, radius=1.5, fill=paint, term=gate),
        ]
    return marks


def _area(one: Tensor, x: float, width: float, height: float, id: str) -> list[Mark]:
    """A tensor by area."""
    scale = Scale(0, one.numel, x, x + width)
    bound = Length(f"{one.expr}.numel()", "width", scale)
    area = Box(
        x,
        TOP,
        width,
        height,
        fill=PAINTS[one.term],
        term=one.term,
        stroke="muted",
        id=f"{id}-{one.term}-area",
        bound=(bound,),
    )
    return [area if one.is_stored else area._replace(fill=None, dash=styles.CELL.back.dash)]


def _cells(x: float, width: float, height: float, wide: float, high: float) -> list[Mark]:
    """What parts an area, so that each number has a cell."""
    across = [x + k * wide for k in range(1, round(width / wide))]
    down = [TOP + k * high for k in range(1, round(height / high))]
    top, bottom = TOP + EDGE, TOP + height - EDGE
    left, right = x + EDGE, x + width - EDGE
    return [
        *(_line((at, top), (at, bottom)) for at in across),
        *(_line((left, at), (right, at)) for at in down),
    ]


def _names(tensors: Sequence[Tensor], unit: float, id: str) -> list[Mark]:
    """The names over the areas; symbols, where not all names have room.

    Args:
        tensors: From the left.
        unit: The width of one number.
        id: Ids of areas begin with it.
    """
    marks: list[Mark] = []
    stored = [one for one in tensors if one.is_stored]
    for short in (False, True):
        marks, x, right = [], LEFT, LEFT - 6
        for one in stored:
            width = unit * one.numel
            label = words.label(
                x + width / 2,
                12,
                one.symbol if short else one.tensor,
                {"tensor": one.tensor},
                [f"{id}-{one.term}-area"],
                "column",
                style=words.FINE,
                anchor="middle",
                term=one.term,
            )
            end = label.left + label.width
            if label.left >= right and end <= LIST + 2:
                marks.append(label)
                right = end + 6
            x += width
        if len(marks) == len(stored):
            break
    return marks


def _line(start: tuple[float, float], stop: tuple[float, float]) -> Path:
    """What parts the cells of an area."""
    return Path((("M", start), ("L", stop)), stroke="paper", stroke_width=GAP)


def _list(subject: Subject, tensors: Sequence[Tensor], y: float, id: str) -> list[Mark]:
    """Name, shape and count of each tensor, and of all."""
    marks: list[Mark] = []
    for one in tensors:
        key = f"{id}-{one.term}"
        swatch = Box(
            0,
            y - 5.5,
            11,
            11,
            radius=1.5,
            fill=PAINTS[one.term],
            stroke="muted",
            bound=(Sample((f"{key}-area",)),),
        )
        if one.is_stored:
            marks += [swatch, *_counted(one, y, key)]
        else:
            text, _ = words.paragraph(LEFT, y - words.LINE / 2, sentence(one.name), SHAPES)
            bare = swatch._replace(fill=None, dash=styles.CELL.back.dash)
            marks += [bare, text]
        y += LINE
    rule = Path((("M", (0, y - 8)), ("L", (LIST, y - 8))), stroke="rule")
    marks.append(rule)
    every = _every(subject) if id == "torch" else None
    terms = " ".join(one.term for one in tensors)
    for number, name, own in ((_total(tensors), "all", "all"), (every, "all layers", "every")):
        if number is not None:
            marks += [
                words.label(
                    LEFT,
                    y + 7,
                    name,
                    {},
                    [f"{id}-{own}"],
                    "row",
                    says=Says(((name, repr(name)),)),
                    style=words.STRONG if own == "all" else words.PLAIN,
                    fill="ink",
                ),
                _count(y + 7, number, f"{id}-{own}", terms, own == "all"),
            ]
            y += LINE
    return marks


def _counted(one: Tensor, y: float, key: str) -> list[Mark]:
    """The name, the shape and the count; no shape where it has no room."""
    shape = words.label(
        SHAPES,
        y,
        str(one.shape),
        {"shape": ",".join(map(str, one.shape))},
        [f"{key}-shape"],
        "row",
        style=words.FINE_CODE,
        anchor="end",
    )
    # A shape is of the tensor, not of the count that stands beside it.
    of = Path((("M", (SHAPES, y)), ("L", (SHAPES, y))), id=f"{key}-shape", bound=(Node(one.expr),))
    short = one.term if one.tensor == one.term else one.name
    ways = [
        words.label(
            LEFT, y, name, {"tensor": one.tensor}, [key], "row", style=words.CODE, fill="ink"
        )
        for name in (one.name, short)
    ]
    name = next((w for w in ways if w.left + w.width < shape.left - 6), None)
    shown: list[Mark] = [name, shape, of] if name else [ways[-1]]
    return [*shown, _count(y, one.number, key, one.term)]


def _count(y: float, value: Number, id: str, term: str, bold: bool = False) -> Text:
    return words.number(
        LIST, y, value, places=0, room=12, anchor="end", bold=bold, id=id, term=term
    )
