"""The same weights as PyTorch and another library store them."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...model.reference import Number, Ref
from ...model.tensors import Direction
from ...porting import Target

MATRICES = ("weight_ih", "weight_hh")
"""The weights that are reordered."""
BIASES = ("bias_ih", "bias_hh")
"""The biases that are reordered."""


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
        parameters: The parameters of PyTorch that it is computed from.
    """

    id: str
    term: str
    tensor: Tensor
    place: tuple[int, ...]
    axes: tuple[str, ...]
    number: Number
    parameters: tuple[str, ...]

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


TRACED_UNIT, TRACED_COLUMN = 1, 2
"""The unit and the column of the traced weight; neither is the first, so that it is seen
where they go."""


def traced_place(subject: LayerRun, columns: int) -> tuple[int, int]:
    """The unit and the column of the traced weight of a matrix, or the last ones."""
    last_unit = subject.weights.hidden_size - 1
    return min(TRACED_UNIT, last_unit), min(TRACED_COLUMN, columns - 1)


def torch_side(subject: LayerRun) -> Side:
    """The tensors of PyTorch."""
    size = subject.weights.hidden_size
    arrays = subject.weights.parameters()
    elements = [_torch_element(subject, name) for name in (*MATRICES, *BIASES) if name in arrays]
    tensor = elements[0].tensor
    bands = []
    for k, gate in enumerate(GATES):
        first, stop = k * size, (k + 1) * size
        bands.append(
            Band(
                gate=gate,
                letter=gate,
                first=first,
                last=stop - 1,
                key="row",
                of=tensor.of[first:stop],
                matrix=tensor,
            )
        )
    return Side(bands, elements[0], elements[1:])


def _torch_element(subject: LayerRun, name: str) -> Element:
    """The traced element of a parameter of PyTorch."""
    array = subject.weights.parameters()[name]
    unit, column = traced_place(subject, array.shape[1] if array.ndim > 1 else 1)
    # A bias has no columns.
    index = (subject.weights.row(TRACED_GATE, unit), column)[: array.ndim]
    tensor = Tensor(subject.parameter_name(name), subject.ref(name), array.shape)
    return Element(
        id=f"from-{name}",
        term=f"{name} {TRACED_GATE}",
        tensor=tensor,
        place=index,
        axes=("row", "input")[: array.ndim],
        number=Number(array[index], tensor.of[index]),
        parameters=(name,),
    )


@dataclass(frozen=True)
class Library:
    """The tensors of a library, and the Python code that makes them.

    Attributes:
        subject: The layer and direction whose weights are ported.
        target: The library.
        python: The name of its tensors in the preamble.
    """

    subject: LayerRun
    target: Target
    python: str

    @property
    def size(self) -> int:
        """The number of units."""
        return self.subject.weights.hidden_size

    @property
    def has_bias(self) -> bool:
        """Whether PyTorch has biases to port."""
        return self.subject.weights.bias_ih is not None

    @property
    def direction_index(self) -> int:
        """The index of the direction."""
        return int(self.subject.weights.direction == "reverse")

    def side(self) -> Side:
        """The bands and the traced elements."""
        source = torch_side(self.subject)
        elements = [
            self._moved(k, element) for k, element in enumerate([source.traced, *source.others])
        ]
        if self.target.has_one_bias and self.has_bias:
            *matrix_elements, first_bias, _ = elements
            elements = [*matrix_elements, self._bias_sum(first_bias)]
        bands = [self._band(k, gate) for k, gate in enumerate(self.target.order)]
        return Side(bands, elements[0], elements[1:])

    def _band(self, k: int, gate: str) -> Band:
        """The k-th band of the matrix that multiplies x."""
        target, size = self.target, self.size
        matrix = self._tensor(0, gate)
        first, last = k * size, (k + 1) * size - 1
        if target.by_gate:
            ref, first, last = matrix.of.transposed(), 0, size - 1
        elif target.transposed:
            ref = matrix.of[:, first : last + 1].transposed()
        else:
            ref = matrix.of[self.direction_index, first : last + 1]
        key = "unit" if target.by_gate else "row"
        return Band(
            gate=gate,
            letter=target.letters[k],
            first=first,
            last=last,
            key=key,
            of=ref,
            matrix=matrix,
        )

    def _tensor(self, k: int, gate: str) -> Tensor:
        """The library's tensor for the k-th parameter, or for one gate of it."""
        target = self.target
        # Both biases have the third name; "·" is replaced by the gate.
        name = target.names[min(k, len(MATRICES))].replace("·", gate)
        shape: tuple[int, ...] = (self.size if target.by_gate else 4 * self.size,)
        if k < len(MATRICES):
            shape = (shape[0], self.subject.weights.parameters()[MATRICES[k]].shape[1])
        elif not target.has_one_bias:
            # One bias follows the other.
            shape = (2 * shape[0],)
        if target.transposed:
            shape = shape[::-1]
        else:
            shape = (1 + self.subject.trace.bidirectional, *shape)
        return Tensor(name, Ref(f"{self.python}[{name!r}]"), shape)

    def _moved(self, k: int, element: Element) -> Element:
        """The library's counterpart of the element of the k-th parameter."""
        target = self.target
        unit, _ = traced_place(self.subject, columns=1)
        row = target.order.index(TRACED_GATE) * self.size + unit
        if k > len(MATRICES) and not target.has_one_bias:
            # The second bias follows the first in the same tensor.
            row += 4 * self.size
        index: tuple[int, ...] = (unit if target.by_gate else row, *element.place[1:])
        axes: tuple[str, ...] = ("unit" if target.by_gate else "row", *element.axes[1:])
        if target.transposed:
            index, axes = index[::-1], axes[::-1]
        else:
            # The first axis is the direction.
            index, axes = (self.direction_index, *index), ("way", *axes)
        tensor = self._tensor(k, TRACED_GATE)
        return element._replace(
            id=f"to-{element.parameters[0]}",
            tensor=tensor,
            place=index,
            axes=axes,
            number=Number(element.number.value, tensor.of[index]),
        )

    def _bias_sum(self, element: Element) -> Element:
        """The sum of both biases, in place of the element of the first."""
        unit, _ = traced_place(self.subject, columns=1)
        added = self.subject.bias(self.subject.weights.row(TRACED_GATE, unit))
        return element._replace(
            id="to-bias",
            term=f"bias {TRACED_GATE}",
            number=replace(added, of=element.number.of),
            parameters=BIASES,
        )

    def setup(self) -> str:
        """The Python code that makes the tensors."""
        target, python = self.target, self.python
        both = " + ".join(str(self.subject.ref(name)) for name in BIASES if self.has_bias)
        ih, hh = (str(self.subject.ref(name)) for name in MATRICES)
        lines = [f"# As {target.label} has them."]
        if target.by_gate:
            parts = [("i", "kernel", ih, ".T"), ("h", "kernel", hh, ".T")]
            parts += [("h", "bias", f"({both})", "")] if self.has_bias else []
            lines.append(f"{python} = {{}}")
            lines.append('for k, gate in enumerate("ifgo"):')
            lines += [
                f'    {python}[f"{side}{{gate}}/{kind}"] = {expr}.chunk(4)[k]{turned}'
                for side, kind, expr, turned in parts
            ]
        elif target.transposed:
            kernel, recurrent_kernel, bias = target.names
            turned = {kernel: f"{ih}.T", recurrent_kernel: f"{hh}.T"}
            if self.has_bias:
                turned[bias] = both
            lines += self._dict(turned)
        else:
            lines += self._stacked()
        return "\n".join(lines)

    def _dict(self, expressions: dict[str, str]) -> list[str]:
        """The code of a dictionary with the tensors."""
        return [
            f"{self.python} = {{",
            *(f'    "{name}": {expr},' for name, expr in expressions.items()),
            "}",
        ]

    def _stacked(self) -> list[str]:
        """The code for a library with directions along the first axis."""
        target = self.target
        directions: tuple[Direction, ...] = ("forward", "reverse")
        subjects = [
            replace(self.subject, direction=direction)
            for direction in directions[: 1 + self.subject.trace.bidirectional]
        ]

        def each(*names: str) -> str:
            """A list of tensors, one per direction: a parameter or the sum of several."""
            return ", ".join(
                " + ".join(str(subject.ref(name)) for name in names) for subject in subjects
            )

        w, r, b = target.names
        weight_ih, weight_hh = MATRICES
        expressions = {w: f"stacked({each(weight_ih)})", r: f"stacked({each(weight_hh)})"}
        if self.has_bias:
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
            *self._dict(expressions),
        ]
