"""The figure `batch-first`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from ..layout.cells import NUMBER, spoken
from ..layout.heading import inner
from ..layout.panels import LABEL, Panel, code
from ..model.tensors import Array, signature
from ..options import Value
from ..proof import digits
from ..proof.runs.variants import LARGE, sequences
from ..proof.subject import Number, Subject
from ..scene.marks import Box, Mark, Text, shift
from ..scene.scenes import Diagram, Heading
from ..scene.terms import TERMS
from ..scene.theme import wash

MADE = 3
"""How many sequences are made of one."""
AXIS, TALL, APART = 44.0, 28.0, 3.0
"""Of an axis: its width, its height, and from it to the next."""
HEAD, FOOT = 38.0, 38.0
"""Heights: above the axes of a tensor, and below them."""
ACROSS, DOWN, FORMS = 32.0, 22.0, 34.0
"""From one tensor to the next beside it and below it, and between forms."""


class Axis(NamedTuple):
    """One axis of a tensor, and where on it the shown element is."""

    name: str
    size: int
    place: int


class Tensor(NamedTuple):
    """A tensor in one form, and one of its elements."""

    name: str
    term: str
    axes: tuple[Axis, ...]
    element: Number

    def said(self) -> str:
        """The shape and the element in words."""
        sizes, index = (
            ", ".join(str(axis[k]) for axis in self.axes) for k in (1, 2)
        )
        names = ", ".join(axis.name for axis in self.axes)
        return (
            f"{self.name} ({names}) is ({sizes}), at [{index}] "
            f"{spoken([self.element])}"
        )


Tensors = tuple[Tensor, ...]


class Form(NamedTuple):
    """One way to call the module."""

    label: str
    tensors: Tensors


def made(subject: Subject, options: Mapping[str, Value]) -> Subject:
    """The module with several sequences, if it is not large."""
    if subject.weights.hidden_size > LARGE:
        return subject
    return replace(subject, trace=sequences(subject.trace, MADE))


def batch_first(subject: Subject, room: float) -> Diagram:
    """The axes of every tensor: time first, batch first, without a batch.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    cell = subject.trace.kind == "LSTMCell"
    forms = _of_a_cell(subject) if cell else _forms(subject)
    body = _body(forms, 4 if inner(room) > 600 else 2)
    both = subject.trace.bidirectional
    return Diagram(
        Heading(
            "A cell has no axis for time"
            if cell
            else "batch_first leaves the states as they are",
            f"{subject.module}: the axes of what goes in and comes out, and "
            "where one element is in each form",
            (
                "Below the axes: the index and the value of one element, the "
                "same in each form.",
                *["In h_n and c_n a layer has two entries, one a direction."]
                * both,
            ),
            subject.origin,
        ),
        " ".join(
            f"{form.label}: {'; '.join(t.said() for t in form.tensors)}."
            for form in forms
        ),
        body.width,
        body.height,
        body.marks,
        room,
        _setup(subject),
    )


def _forms(subject: Subject) -> list[Form]:
    """The last element of everything, in the three forms."""
    trace = subject.trace
    directions = 1 + trace.bidirectional
    # The last layer, forward: its last h is in output as well.
    top = len(trace.weights) - directions
    last = trace.part(top)[-1]
    layer = Axis("layer", len(trace.weights), top)
    time, batch = (
        Axis(name, size, size - 1)
        for name, size in zip(("time", "batch"), trace.x.shape, strict=False)
    )

    def tensors(order: tuple[Axis, ...], end: str) -> Tensors:
        state = (layer, batch) if batch in order else (layer,)
        return tuple(
            _tensor(name, f"{name}{end}", axes, array[-1], scale, times)
            for name, axes, array, scale, times in (
                ("x", order, trace.x[-1], 0.0, 1),
                ("output", order, last.h, last.scale, directions),
                ("h_n", state, last.h, last.scale, 1),
                ("c_n", state, last.c, last.scale, 1),
            )
        )

    return [
        Form("batch_first=False, the default", tensors((time, batch), "")),
        Form("batch_first=True", tensors((batch, time), "_first")),
        Form("one sequence without a batch", tensors((time,), "_one")),
    ]


def _of_a_cell(subject: Subject) -> list[Form]:
    """The last row of one step, with and without a batch."""
    step = subject.steps[0]
    batch = Axis("batch", len(step.x), len(step.x) - 1)
    call = "cell(x[0], (h_0[0], c_0[0]))"

    def tensors(axes: tuple[Axis, ...], of: tuple[str, ...]) -> Tensors:
        return tuple(
            _tensor(name, expr, axes, array[-1], scale)
            for expr, (name, array, scale) in zip(
                of,
                (
                    ("x", step.x, 0.0),
                    ("h", step.h, step.scale),
                    ("c", step.c, step.scale),
                ),
                strict=True,
            )
        )

    return [
        Form(
            "a batch", tensors((batch,), ("x[0]", f"{call}[0]", f"{call}[1]"))
        ),
        Form(
            "one row without a batch",
            tensors((), ("x_one", "h_n_one", "c_n_one")),
        ),
    ]


def _tensor(
    name: str,
    of: str,
    axes: tuple[Axis, ...],
    row: Array,
    scale: float,
    times: int = 1,
) -> Tensor:
    """A tensor whose last axis is a row, so many times over."""
    size = len(row)
    last = Axis("feature" if name == "x" else "unit", size * times, size - 1)
    axes = (*axes, last)
    element = Number(row[-1], f"{of}{[axis.place for axis in axes]}", scale)
    return Tensor("input" if name == "x" else name, name, axes, element)


def _body(forms: list[Form], columns: int) -> Panel:
    """Forms below each other, with so many tensors in a line."""
    most = max(len(t.axes) for form in forms for t in form.tensors)
    wide = most * (AXIS + APART) - APART
    tall = HEAD + TALL + FOOT
    marks: list[Mark] = []
    y = 0.0
    for k, form in enumerate(forms):
        marks.append(
            Text(x=0, y=y + 12, content=form.label, bold=True, fill="muted")
        )
        y += LABEL + 2
        for n, tensor in enumerate(form.tensors):
            line, column = divmod(n, columns)
            first = forms[0].tensors[n]
            drawn = _drawn(tensor, _remark(tensor, first) * (k > 0), k)
            marks += [
                shift(mark, column * (wide + ACROSS), y + line * (tall + DOWN))
                for mark in drawn
            ]
        lines = -(-len(form.tensors) // columns)
        y += lines * (tall + DOWN) - DOWN + FORMS
    across = min(columns, len(forms[0].tensors))
    return Panel(across * (wide + ACROSS) - ACROSS, y - FORMS, tuple(marks))


def _remark(tensor: Tensor, first: Tensor) -> str:
    """How the axes differ from those of the first form."""
    if tensor.axes == first.axes:
        return "the same"
    return "swapped" if len(tensor.axes) == len(first.axes) else "no batch"


def _drawn(tensor: Tensor, remark: str, form: int) -> list[Mark]:
    """A box for each axis, below it the index of the element, and itself."""
    count = len(tensor.axes)
    width = count * (AXIS + APART) - APART
    title = Text(
        x=0, y=11, content=tensor.name, bold=True,
        fill=TERMS[tensor.term].role, term=tensor.term,
    )  # fmt: skip
    marks: list[Mark] = [title]
    if remark:
        marks.append(
            Text(x=title.width + 8, y=11, content=remark, size=11, fill="muted")
        )
    for k, axis in enumerate(tensor.axes):
        x, batch = k * (AXIS + APART), axis.name == "batch"
        middle = x + AXIS / 2
        comma = "]" if k == count - 1 else ","
        marks += [
            Text(
                x=middle, y=HEAD - 7, content=axis.name, size=11, bold=batch,
                anchor="middle", fill="ink" if batch else "muted",
            ),
            Box(
                x=x, y=HEAD, width=AXIS, height=TALL, radius=4,
                fill=wash("pos") if batch else "panel",
                stroke="ink" if batch else "rule",
                stroke_width=1.5 if batch else 1,
            ),
            code(middle, HEAD + TALL / 2 + 4, str(axis.size), bold=True),
            code(
                middle, HEAD + TALL + 15,
                f"{'[' * (not k)}{axis.place}{comma}", fill="muted",
            ),
        ]  # fmt: skip
    value = tensor.element
    marks.append(
        Text(
            x=width / 2, y=HEAD + TALL + 34, size=NUMBER, mono=True,
            content=digits.text(value.value, digits.decimals([value.value])),
            anchor="middle", number=value, id=f"{tensor.term}-{form}",
            term=tensor.term,
        )
    )  # fmt: skip
    return marks


def _setup(subject: Subject) -> str:
    """Python that runs the module with its axes in other orders.

    Names that end in `_first` are of a run with `batch_first=True`, which a
    cell does not have; those that end in `_one` are of the last sequence
    without a batch axis.
    """
    if subject.trace.kind == "LSTMCell":
        return _ONE_CELL
    built = signature(subject.trace.weights, "LSTM", batch_first=True)
    return f"{_FIRST.format(built=built)}\n\n{_ONE}"


_FIRST = """\
# The same weights and input, with the batch first. The states are as before.
batch_first = torch.nn.{built}
batch_first.load_state_dict(lstm.state_dict())
x_first = x.transpose(0, 1)
output_first, (h_n_first, c_n_first) = batch_first(x_first, (h_0, c_0))"""

_ONE = """\
# The last sequence alone, without a batch.
x_one = x[:, -1]
output_one, (h_n_one, c_n_one) = lstm(x_one, (h_0[:, -1], c_0[:, -1]))"""

_ONE_CELL = """\
# The last row of the first step alone, without a batch.
x_one = x[0, -1]
h_n_one, c_n_one = cell(x_one, (h_0[0, -1], c_0[0, -1]))"""
