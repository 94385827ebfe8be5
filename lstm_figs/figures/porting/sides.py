"""The numbers of a layer in PyTorch and in another library, with proofs."""

from typing import NamedTuple

from ...model.lstm import GATES
from ...porting import Target
from ...proof.subject import Number, Subject
from .bands import Banded, Bands

BIASES = ("bias_ih", "bias_hh")


class Sides(NamedTuple):
    """Both sides of a port, and how their bands lie."""

    target: Target
    left: list[Banded]
    right: list[Banded]
    ours: Bands
    theirs: Bands


def stored(subject: Subject) -> list[Banded]:
    """The parameters as PyTorch has them, but for a projection."""
    names = [n for n in subject.weights.parameters() if n != "weight_hr"]
    return [_stored(subject, name) for name in names]


def _stored(subject: Subject, name: str) -> Banded:
    array = subject.weights.parameters()[name]

    def value(gate: str, unit: int, column: int) -> Number:
        row = subject.weights.row(gate, unit)
        return subject.parameter(name, row, *(column,) * (array.ndim - 1))

    label = subject.parameter_name(name)
    if array.ndim == 1:
        label = label.replace("_", " ", 1)
    columns = array.shape[1] if array.ndim > 1 else 1
    return Banded(label, str(array.shape), name, name, columns, value)


def ported(subject: Subject, target: Target) -> list[Banded]:
    """The same as a library has them; no biases where there are none."""
    found = [
        _matrix(subject, target, name, own)
        for name, own in zip(
            ("weight_ih", "weight_hh"), target.names, strict=False
        )
    ]
    if subject.weights.bias_ih is None:
        return found
    if target.summed:
        return [*found, _sum(subject, target)]
    return [*found, *(_half(subject, target, name) for name in BIASES)]


def _matrix(subject: Subject, target: Target, name: str, own: str) -> Banded:
    array = subject.weights.parameters()[name]
    rows, columns = array.shape
    shape = f"({1 + subject.trace.bidirectional}, {rows}, {columns})"
    if target.transposed:
        shape = f"({columns}, {rows})"
    if target.by_gate:
        shape = f"({columns}, {rows // 4}) each"

    def value(gate: str, unit: int, column: int) -> Number:
        return Number(
            array[subject.weights.row(gate, unit), column],
            _placed(subject, target, expression(subject, name), gate, unit,
                    column),
        )  # fmt: skip

    return Banded(own, shape, f"to-{name}", name, columns, value)


def expression(subject: Subject, name: str) -> str:
    """The Python that yields a parameter."""
    return f"{subject.variable}.{subject.parameter_name(name)}"


def _sum(subject: Subject, target: Target) -> Banded:
    both = f"({' + '.join(expression(subject, name) for name in BIASES)})"

    def value(gate: str, unit: int, _: int) -> Number:
        added = subject.bias(subject.weights.row(gate, unit))
        expr = _placed(subject, target, both, gate, unit)
        return Number(added.value, expr, added.scale)

    return Banded(f"{target.names[2]} sum", "", "to-bias", "bias", 1, value)


def _half(subject: Subject, target: Target, name: str) -> Banded:
    """One bias of two that stand one after the other."""
    array, rows = subject.weights.parameters()[name], len(subject.weights.bias)

    def value(gate: str, unit: int, _: int) -> Number:
        return Number(
            array[subject.weights.row(gate, unit)],
            _placed(subject, target, expression(subject, name), gate, unit),
        )

    part = f":{rows}" if name == "bias_ih" else f"{rows}:"
    label = f"{target.names[2]} {part}"
    return Banded(label, "", f"to-{name}", name, 1, value)


def _placed(
    subject: Subject,
    target: Target,
    tensor: str,
    gate: str,
    unit: int,
    *column: int,
) -> str:
    """Python that makes the library's tensor, and picks a number of it."""
    place = target.order.index(gate) * subject.weights.hidden_size + unit
    if target.by_gate:
        tensor, place = f"{tensor}.chunk(4)[{GATES.index(gate)}]", unit
    elif tuple(target.order) != GATES:
        order = ", ".join(str(GATES.index(gate)) for gate in target.order)
        tensor = f"torch.cat([{tensor}.chunk(4)[k] for k in ({order})])"
    if column and target.transposed:
        return f"{tensor}.T[{column[0]}, {place}]"
    return f"{tensor}{[place, *column]}"
