"""The parts of a message of PyTorch, and the sizes that it mentions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ...model.layer_run import LayerRun

Axes = Mapping[str, int | str | None]
"""Axis -> its size, a word, or None if the axis is missing."""

Status = Literal["given", "expected", "got"]
"""Whether a tensor is right and only for context, what PyTorch expects, or the wrong one."""

BLANK = ""
"""In place of the size of an axis that a tensor rightly lacks."""


class Sizes(NamedTuple):
    """The sizes of a module and its input.

    Attributes:
        seq_len: The number of steps.
        batch: The number of sequences.
        input_size: The number of features of a step.
        hidden_size: The number of units, which is the length of c.
        size: The length of h, `proj_size` with a projection.
        parts: Layers times directions.
        outputs: The length of `output`.
        variable: The name of the module in preambles.
        dtype: The dtype of its parameters.
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
        """A dtype that the parameters do not have."""
        return "float64" if self.dtype == "float32" else "float32"

    def x(self, **other: int | str | None) -> Axes:
        """Return the axes of the input, with some sizes replaced."""
        return {
            "seq_len": self.seq_len,
            "batch": self.batch,
            "input_size": self.input_size,
            **other,
        }

    def output(self, **other: int | str | None) -> Axes:
        """Return the axes of `output`, with some sizes replaced."""
        return {"seq_len": self.seq_len, "batch": self.batch, "features": self.outputs, **other}

    def weight_ih(self, **other: int | str | None) -> Axes:
        """Return the axes of `weight_ih` of the first layer, with further ones."""
        return {"4·hidden_size": 4 * self.hidden_size, "input_size": self.input_size, **other}

    def h(self, **other: int | str | None) -> Axes:
        """Return the axes of `h_0`, with some sizes replaced."""
        return {"parts": self.parts, "batch": self.batch, "size": self.size, **other}

    def c(self, **other: int | str | None) -> Axes:
        """Return the axes of `c_0`, with some sizes replaced."""
        return {"parts": self.parts, "batch": self.batch, "hidden_size": self.hidden_size, **other}


def sizes_of(subject: LayerRun) -> Sizes:
    """Return the sizes of a layer and its input, from their tensors."""
    trace, first_layer = subject.trace, subject.trace.weights[0]
    parts, batch, size = trace.h_0.shape
    return Sizes(
        seq_len=len(subject.steps),
        batch=batch,
        input_size=first_layer.input_size,
        hidden_size=first_layer.hidden_size,
        size=size,
        parts=parts,
        outputs=size * (1 + trace.bidirectional),
        variable=subject.variable,
        dtype=str(first_layer.weight_ih.dtype),
    )


@dataclass(frozen=True)
class Row:
    """One tensor, drawn as a row of its axes.

    Attributes:
        status: Whether the tensor was given, was expected, or is the wrong one.
        name: Its name in code.
        axes: Its axes.
        expr: The expression for number `{k}` of the row, in the preamble's names.
        term: What it is, as one or several of `scene.terms`.
        marked_axes: The axes that the message is about.
        remark: What the figure says below these axes.
        is_joined: Whether the axes are drawn without gaps.
    """

    status: Status
    name: str
    axes: Axes
    expr: str
    term: str
    marked_axes: tuple[str, ...] = ()
    remark: str = ""
    is_joined: bool = False


def shape(tensor: str) -> str:
    """Return the template of the expression for the size of axis `{k}` of a tensor.

    >>> shape("x").format(k=1)
    'torch.tensor(x.shape)[1]'
    """
    return f"torch.tensor({tensor}.shape)[{{k}}]"


@dataclass(frozen=True)
class Message:
    """A message of PyTorch, and the mistake that causes it.

    Attributes:
        kind: The class of the error or the warning.
        text: The message, with … for parts that differ from run to run.
        title: The meaning of the message.
        call: The line of code that causes it.
        rows: The tensors that it is about.
        fix: How to fix the mistake.
        setup: The lines of code before the call.
        module: The module that this code needs, `lstm` or `cell`; none by default.
        is_run_in_preamble: Whether the preamble makes the call. It does not if the call
            needs a GPU, or if PyTorch warns only once in a process.
        where: Where the message occurs, if not in the preamble.
    """

    kind: Literal["IndexError", "RuntimeError", "TypeError", "UserWarning", "ValueError"]
    text: str
    title: str
    call: str
    rows: tuple[Row, ...]
    fix: str
    setup: str = ""
    module: Literal["", "lstm", "cell"] = ""
    is_run_in_preamble: bool = True
    where: str = ""

    @property
    def typed_call(self) -> str:
        """The call as a user who makes the mistake would type it.

        >>> mistake = Message("TypeError", "", "", "lstm(x_wrong)", (), "")
        >>> mistake.typed_call
        'lstm(x)'
        """
        # The module of a function, which users import, not that of a class.
        without_module = re.sub(r"^torch\.nn\.(utils(\.rnn)?|functional)\.", "", self.call)
        return without_module.replace("_wrong", "")

    def python(self, sizes: Sizes) -> str:
        """Return the Python that makes the mistake and keeps the message of PyTorch."""
        lines = []
        # The source has one kind of module; a message may need the other.
        if self.module and self.module != sizes.variable:
            kind = "LSTM" if self.module == "lstm" else "LSTMCell"
            lines.append(
                f"{self.module} = torch.nn.{kind}({sizes.input_size}, "
                f"{sizes.hidden_size}, dtype=x.dtype)"
            )
        if self.setup:
            lines.append(self.setup)
        if self.is_run_in_preamble:
            template = _WARNED if self.kind == "UserWarning" else _RAISED
            lines.append(template.format(self))
        else:
            lines.append(f"# {self.call}")
        return "\n".join(["# The mistake.", *lines])


_RAISED = """\
try:
    {0.call}
except {0.kind} as error:
    message = str(error)"""
"""Python that makes a call and keeps the message of its error."""

_WARNED = """\
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    {0.call}
message = str(caught[0].message)"""
"""Python that makes a call and keeps the message of its warning."""
