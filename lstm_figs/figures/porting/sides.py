"""The same weights as PyTorch and another library store them."""

from dataclasses import replace
from typing import Any, NamedTuple

from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...model.reference import Number, Ref
from ...model.tensors import Array, Direction
from ...porting import Target

MATRICES = ("weight_ih", "weight_hh")
BIASES = ("bias_ih", "bias_hh")


class Band(NamedTuple):
    """The part of a matrix that belongs to one gate.

    Attributes:
        gate: PyTorch's letter for the gate.
        letter: The library's letter for the gate.
        first: Its first row, column or unit.
        last: Its last row, column or unit.
        key: What `first` and `last` count: "row", or "unit" if the gate has its
            own matrix.
        of: The expression of its values, with rows as in PyTorch.
        matrix: The matrix that contains it.
    """

    gate: str
    letter: str
    first: int
    last: int
    key: str
    of: Ref
    matrix: "Tensor"


class Tensor(NamedTuple):
    """A tensor: its name, its expression and its shape."""

    name: str
    of: Ref
    shape: tuple[int, ...]

    @property
    def short(self) -> str:
        """The name without the layer and the direction.

        >>> Tensor("weight_ih_l0_reverse", Ref(""), ()).short
        'weight_ih'
        """
        return self.name.partition("_l")[0]


class Element(NamedTuple):
    """The traced element of a tensor.

    Attributes:
        id: The id of its number.
        term: Its terms.
        tensor: The tensor that contains it.
        place: Its index.
        axes: The meaning of each part of the index.
        number: Its value.
        made_of: The parameters of PyTorch that it is computed from.
    """

    id: str
    term: str
    tensor: Tensor
    place: tuple[int, ...]
    axes: tuple[str, ...]
    number: Number
    made_of: tuple[str, ...]

    @property
    def index_text(self) -> str:
        """The index in brackets."""
        return str(list(self.place))

    @property
    def names(self) -> dict[str, object]:
        """The index by the meaning of its parts."""
        return dict(zip(self.axes, self.place, strict=True))


class Side(NamedTuple):
    """The tensors of one library.

    Attributes:
        bands: The bands of the matrix that multiplies x, in the library's
            order.
        traced: The traced element of that matrix.
        others: The elements of the other tensors, in the same row.
    """

    bands: list[Band]
    traced: Element
    others: list[Element]


TRACED_GATE = "f"
"""The gate of the traced weight; most libraries store it at a different place."""


def traced_place(subject: LayerRun, columns: int) -> tuple[int, int]:
    """Return the unit and the column of the traced weight of a matrix."""
    return min(1, subject.weights.hidden_size - 1), min(2, columns - 1)


def torch_side(subject: LayerRun) -> Side:
    """Return the tensors of PyTorch."""
    size = subject.weights.hidden_size
    arrays = subject.weights.parameters()
    elements = []
    for name in (*MATRICES, *BIASES):
        if name in arrays:
            tensor = Tensor(subject.parameter_name(name), subject.ref(name), arrays[name].shape)
            index, value = _element_of(subject, arrays[name])
            elements.append(
                Element(
                    f"from-{name}",
                    f"{name} {TRACED_GATE}",
                    tensor,
                    index,
                    ("row", "input")[: len(index)],
                    Number(value, tensor.of[index]),
                    (name,),
                )
            )
    first = elements[0]
    bands = [
        Band(
            gate,
            gate,
            k * size,
            (k + 1) * size - 1,
            "row",
            first.tensor.of[k * size : (k + 1) * size],
            first.tensor,
        )
        for k, gate in enumerate(GATES)
    ]
    return Side(bands, first, elements[1:])


def _element_of(subject: LayerRun, array: Array) -> tuple[tuple[int, ...], Any]:
    columns = array.shape[1] if array.ndim > 1 else 1
    unit, column = traced_place(subject, columns)
    index = (subject.weights.row(TRACED_GATE, unit), column)[: array.ndim]
    return index, array[index]


def library_side(subject: LayerRun, target: Target, python: str) -> Side:
    """Return the tensors of a library.

    Args:
        subject: The layer and direction whose weights are ported.
        target: The library.
        python: The name of its tensors in the preamble.
    """
    source = torch_side(subject)
    size = subject.weights.hidden_size
    bands = []
    for k, gate in enumerate(target.order):
        matrix = _matrix(subject, target, python, 0, gate)
        first, last = k * size, (k + 1) * size - 1
        if target.by_gate:
            ref, first, last = matrix.of.transposed(), 0, size - 1
        elif target.transposed:
            ref = matrix.of[:, first : last + 1].transposed()
        else:
            ref = matrix.of[_direction_index(subject), first : last + 1]
        bands.append(
            Band(
                gate,
                target.letters[k],
                first,
                last,
                "unit" if target.by_gate else "row",
                ref,
                matrix,
            )
        )
    elements = [
        _moved(subject, target, python, k, element)
        for k, element in enumerate([source.traced, *source.others])
    ]
    if target.has_one_bias and len(elements) > len(MATRICES):
        elements = [*elements[:2], _sum(subject, target, elements[2])]
    return Side(bands, elements[0], elements[1:])


def _direction_index(subject: LayerRun) -> int:
    """Return the index of the direction."""
    return int(subject.weights.direction == "reverse")


def _matrix(subject: LayerRun, target: Target, python: str, k: int, gate: str) -> Tensor:
    """Return the library's tensor for the k-th parameter, or for one gate of it."""
    name = target.names[min(k, 2)].replace("·", gate)
    size = subject.weights.hidden_size
    shape: tuple[int, ...] = (size if target.by_gate else 4 * size,)
    if k < len(MATRICES):
        shape = (shape[0], subject.weights.parameters()[MATRICES[k]].shape[1])
    elif not target.has_one_bias:
        shape = (2 * shape[0],)
    if target.transposed:
        shape = shape[::-1]
    else:
        shape = (1 + subject.trace.bidirectional, *shape)
    return Tensor(name, Ref(f"{python}[{name!r}]"), shape)


def _moved(subject: LayerRun, target: Target, python: str, k: int, element: Element) -> Element:
    """Return the library's counterpart of an element."""
    size = subject.weights.hidden_size
    unit, _ = traced_place(subject, 1)
    row = target.order.index(TRACED_GATE) * size + unit
    if k > len(MATRICES) and not target.has_one_bias:
        # The second bias follows the first in the same tensor.
        row += 4 * size
    index: tuple[int, ...] = (unit if target.by_gate else row, *element.place[1:])
    axes: tuple[str, ...] = ("unit" if target.by_gate else "row", *element.axes[1:])
    if target.transposed:
        index, axes = index[::-1], axes[::-1]
    else:
        index, axes = (_direction_index(subject), *index), ("way", *axes)
    tensor = _matrix(subject, target, python, k, TRACED_GATE)
    return element._replace(
        id=f"to-{element.made_of[0]}",
        tensor=tensor,
        place=index,
        axes=axes,
        number=Number(element.number.value, tensor.of[index]),
    )


def _sum(subject: LayerRun, target: Target, element: Element) -> Element:
    """Return the sum of both biases as an element."""
    unit, _ = traced_place(subject, 1)
    added = subject.bias(subject.weights.row(TRACED_GATE, unit))
    return element._replace(
        id="to-bias",
        term=f"bias {TRACED_GATE}",
        number=replace(added, of=element.number.of),
        made_of=BIASES,
    )


def setup(subject: LayerRun, target: Target, python: str) -> str:
    """Return the Python code that makes the library's tensors."""
    known = subject.weights.parameters()
    biased = "bias_ih" in known
    both = " + ".join(str(subject.ref(name)) for name in BIASES if biased)
    ih, hh = (str(subject.ref(name)) for name in MATRICES)
    lines = [f"# As {target.label} has them."]
    if target.by_gate:
        parts = [("i", "kernel", ih, ".T"), ("h", "kernel", hh, ".T")]
        parts += [("h", "bias", f"({both})", "")] if biased else []
        lines.append(f"{python} = {{}}")
        lines.append('for k, gate in enumerate("ifgo"):')
        lines += [
            f'    {python}[f"{side}{{gate}}/{kind}"] = {expr}.chunk(4)[k]{turned}'
            for side, kind, expr, turned in parts
        ]
    elif target.transposed:
        turned = {target.names[0]: f"{ih}.T", target.names[1]: f"{hh}.T"}
        if biased:
            turned[target.names[2]] = both
        lines += _dict(python, turned)
    else:
        lines += _stacked(subject, target, python)
    return "\n".join(lines)


def _dict(python: str, expressions: dict[str, str]) -> list[str]:
    return [
        f"{python} = {{",
        *(f'    "{name}": {expr},' for name, expr in expressions.items()),
        "}",
    ]


def _stacked(subject: LayerRun, target: Target, python: str) -> list[str]:
    """Return the code for a library with directions along the first axis."""
    directions: tuple[Direction, ...] = ("forward", "reverse")
    subjects = [
        replace(subject, direction=way) for way in directions[: 1 + subject.trace.bidirectional]
    ]

    def each(*names: str) -> str:
        return ", ".join(" + ".join(str(way.ref(name)) for name in names) for way in subjects)

    w, r, b = target.names
    expressions = {w: f"stacked({each(MATRICES[0])})"}
    expressions[r] = f"stacked({each(MATRICES[1])})"
    if "bias_ih" in subject.weights.parameters():
        parts = [f"stacked({each(name)})" for name in BIASES]
        expressions[b] = f"torch.cat([{', '.join(parts)}], dim=1)"
        if target.has_one_bias:
            expressions[b] = f"stacked({each(*BIASES)})"
    order = ", ".join(str(GATES.index(gate)) for gate in target.order)
    return [
        "def stacked(*directions):",
        "    bands = [tensor.chunk(4) for tensor in directions]",
        "    return torch.stack(",
        f"        [torch.cat([b[k] for k in ({order})]) for b in bands]",
        "    )",
        "",
        *_dict(python, expressions),
    ]
