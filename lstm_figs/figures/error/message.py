"""What a message of PyTorch is made of, and the sizes it speaks about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ...model.layer_run import Subject

Axes = Mapping[str, int | str | None]
"""Axis -> its size, a word, or None for an axis that is missing."""

Role = Literal["given", "expected", "got"]

BLANK = ""
"""Stands for an axis that is not there, and need not be."""


class Sizes(NamedTuple):
    """The sizes of a module and its input.

    Attributes:
        size: The length of h, `proj_size` with a projection.
        parts: Layers times directions.
        outputs: The length of `output`.
        variable: What preambles call the module.
        dtype: The type of its parameters.
    """

    seq_len: int
    batch: int
    input_size: int
    hidden_size: int
    size: int
    parts: int
    outputs: int
    variable: str
    dtype: str

    @property
    def is_projected(self) -> bool:
        """Whether h is shorter than c."""
        return self.size < self.hidden_size

    @property
    def other_dtype(self) -> str:
        """A type that the parameters do not have."""
        return "float64" if self.dtype == "float32" else "float32"

    def x(self, **other: int | str | None) -> Axes:
        """The axes of the input, some of them other than they are."""
        return {
            "seq_len": self.seq_len,
            "batch": self.batch,
            "input_size": self.input_size,
            **other,
        }

    def h(self, **other: int | str | None) -> Axes:
        """The axes of `h_0`."""
        return {"parts": self.parts, "batch": self.batch, "size": self.size, **other}

    def c(self, **other: int | str | None) -> Axes:
        """The axes of `c_0`."""
        return {"parts": self.parts, "batch": self.batch, "hidden_size": self.hidden_size, **other}


def sizes_of(subject: Subject) -> Sizes:
    """The sizes of what is drawn, taken from its tensors."""
    trace, first = subject.trace, subject.trace.weights[0]
    parts, batch, size = trace.h_0.shape
    return Sizes(
        seq_len=len(subject.steps),
        batch=batch,
        input_size=first.input_size,
        hidden_size=first.hidden_size,
        size=size,
        parts=parts,
        outputs=size * (1 + trace.bidirectional),
        variable=subject.variable,
        dtype=str(first.weight_ih.dtype),
    )


@dataclass(frozen=True)
class Row:
    """One tensor: its axes beside each other.

    Attributes:
        role: What the tensor is to the message.
        name: What code calls it.
        axes: Its axes.
        expr: What yields number `{k}` of the row, in the preamble's names.
        term: Its term.
        mark: The axes that the message is about.
        word: What is said below these.
        is_joined: Whether the axes lie in one piece.
    """

    role: Role
    name: str
    axes: Axes
    expr: str
    term: str
    mark: tuple[str, ...] = ()
    word: str = ""
    is_joined: bool = False


def shape(tensor: str) -> str:
    """The expression of the sizes of a tensor.

    >>> shape("x").format(k=1)
    'torch.tensor(x.shape)[1]'
    """
    return f"torch.tensor({tensor}.shape)[{{k}}]"


@dataclass(frozen=True)
class Message:
    """A message of PyTorch, and the mistake behind it.

    Attributes:
        kind: The class of the error or the warning.
        text: What PyTorch says, with … for what differs from run to run.
        title: What that means.
        call: The line that makes PyTorch say it.
        rows: The tensors that it is about.
        fix: What to do.
        setup: The lines before the call.
        module: What the lines need, `lstm` or `cell`; nothing by default.
        is_raised: Whether the call is run in the preamble. It is not where it
            needs a GPU, nor where PyTorch warns once a process.
        where: Says where the message was seen, if not here.
    """

    kind: Literal["IndexError", "RuntimeError", "TypeError", "UserWarning", "ValueError"]
    text: str
    title: str
    call: str
    rows: tuple[Row, ...]
    fix: str
    setup: str = ""
    module: Literal["", "lstm", "cell"] = ""
    is_raised: bool = True
    where: str = ""

    @property
    def typed_call(self) -> str:
        """The call as somebody types it who makes the mistake.

        >>> mistake = Message("TypeError", "", "", "lstm(x_wrong)", (), "")
        >>> mistake.typed_call
        'lstm(x)'
        """
        written = re.sub(r"^torch\.nn\.(utils(\.rnn)?|functional)\.", "", self.call)
        return written.replace("_wrong", "")

    def python(self, sizes: Sizes) -> str:
        """Python that makes the mistake and keeps what PyTorch says of it."""
        lines = []
        if self.module and self.module != sizes.variable:
            kind = "LSTM" if self.module == "lstm" else "LSTMCell"
            lines.append(
                f"{self.module} = torch.nn.{kind}({sizes.input_size}, "
                f"{sizes.hidden_size}, dtype=x.dtype)"
            )
        lines += [self.setup] * bool(self.setup)
        if self.is_raised:
            warning = self.kind == "UserWarning"
            lines.append((_WARNED if warning else _RAISED).format(self))
        else:
            lines.append(f"# {self.call}")
        return "\n".join(["# The mistake.", *lines])


_RAISED = """\
try:
    {0.call}
except {0.kind} as error:
    message = str(error)"""

_WARNED = """\
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    {0.call}
message = str(caught[0].message)"""
