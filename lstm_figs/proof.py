"""Numbers that carry their proof: an exact value and the PyTorch expression.

A figure's preamble is what a reader would write: build or load the module, set
the input, call it, and name the intermediate results. After it, every
expression of the figure can be evaluated.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .errors import UsageError
from .lstm import Step, Trace, Weights


@dataclass(frozen=True)
class Number:
    """A number from a tensor.

    Attributes:
        value: A NumPy scalar of the tensor's own type.
        expr: The Python expression that yields it after the preamble.
        scale: The sum of the absolute addends behind it.
    """

    value: Any
    expr: str
    scale: float = 0.0


@dataclass(frozen=True, eq=False)
class Subject:
    """What figures are drawn of: a trace, each of its numbers with a proof.

    Figures show its first layer, forward.
    """

    trace: Trace

    @property
    def weights(self) -> Weights:
        """The layer and direction that figures show."""
        return self.trace.weights[0]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of that layer and direction."""
        return self.trace.steps

    @property
    def source(self) -> str:
        """Where the tensors come from, and which sequence is shown."""
        count = self.trace.x.shape[1]
        shown = f" Sequence 1 of {count}." if count > 1 else ""
        return self.trace.origin.label + shown

    @property
    def module(self) -> str:
        """The module as it prints, such as `nn.LSTM(3, 2)`."""
        w = self.weights
        bias = "" if w.bias_ih is not None else ", bias=False"
        return f"nn.{self.trace.kind}({w.input_size}, {w.hidden_size}{bias})"

    @property
    def variable(self) -> str:
        """What preambles call the module."""
        return "cell" if self.trace.kind == "LSTMCell" else "lstm"

    @property
    def summed(self) -> str:
        """The part of the output whose sum gradients are of."""
        return "output" if len(self.steps) <= SUMMED else f"output[:{SUMMED}]"

    def parameter_name(self, name: str) -> str:
        """A parameter as the module calls it, such as `weight_ih_l0`."""
        if self.trace.kind == "LSTMCell":
            return name
        suffix = "_reverse" if self.weights.direction == "reverse" else ""
        return f"{name}_l{self.weights.layer}{suffix}"

    def parameter(self, name: str, *index: int) -> Number:
        """One element of a parameter."""
        return Number(
            self.weights.parameters()[name][index],
            f"{self.variable}.{self.parameter_name(name)}{list(index)}",
        )

    def bias(self, row: int) -> Number:
        """One element of the sum of both biases."""
        first, second = (
            self.parameter(name, row) for name in ("bias_ih", "bias_hh")
        )
        return Number(
            self.weights.bias[row],
            f"{first.expr} + {second.expr}",
            abs(float(first.value)) + abs(float(second.value)),
        )

    def result(self, name: str, t: int, sample: int, unit: int) -> Number:
        """One element of a result of step `t`, or of its input.

        Args:
            name: A field of `Step`; `h_prev` and `c_prev` of the first step
                are the first state.
            t: The step, counted from 0.
            sample: The row of the batch.
            unit: The unit, or the feature of the input.
        """
        current = self.steps[t]
        value = getattr(current, name)[sample, unit]
        index = [t, sample, unit]
        if name == "x":
            return Number(value, f"x{index}")
        return Number(
            value, f"{'output' if name == 'h' else name}{index}", current.scale
        )

    def vector(self, name: str, t: int, sample: int = 0) -> list[Number]:
        """A result of step `t` for one sequence, or its input."""
        count = getattr(self.steps[t], name).shape[1]
        return [self.result(name, t, sample, unit) for unit in range(count)]

    def product(
        self, first: str, second: str, t: int, sample: int = 0
    ) -> list[Number]:
        """The product of two results, element by element."""
        return [
            Number(
                a.value * b.value,
                f"({first} * {second})[{t}, {sample}, {unit}]",
                a.scale,
            )
            for unit, (a, b) in enumerate(
                zip(
                    self.vector(first, t, sample),
                    self.vector(second, t, sample),
                    strict=True,
                )
            )
        ]

    def check(self, option: str, value: int, count: int, first: int = 0) -> int:
        """Refuse an option that picks what is not there.

        Raises:
            UsageError: If `value` is not one of `count` from `first` on.
        """
        if not first <= value < first + count:
            raise UsageError(
                f"--{option} is {value}, expected {first} to "
                f"{first + count - 1} for {self.module} over "
                f"{len(self.steps)} steps; choose one of these"
            )
        return value


RESULTS = (
    *("h_prev", "c_prev", "ih", "hh", "z_i", "z_f", "z_g", "z_o"),
    *("i", "f", "g", "o", "c", "tanh_c"),
)
"""What `preamble` names beside the module, `x`, `output`, `h_n` and `c_n`."""

JACOBIANS = ("dh_dh_prev", "dc_dc_prev")
"""Of each step; shape (seq_len, batch, hidden_size, hidden_size)."""

GRADIENTS = ("grad_ih", "grad_ih_each")
"""Of `Subject.summed` by weight_ih, in all and for each sequence."""

SUMMED = 8
"""The most steps whose output is summed: long runs can be chaotic."""


def preamble(subject: Subject, expressions: Iterable[str]) -> str:
    """Python that makes every one of the expressions valid.

    The call and the intermediate results are left out where no expression
    asks for them.
    """
    names = set(re.findall(r"[a-z_]\w*", " ".join(expressions)))
    lines = ["import torch", "", subject.trace.origin.setup.strip()]
    called = {"output", "h_n", "c_n", *RESULTS, *JACOBIANS, *GRADIENTS}
    tensors = {
        name: f"{subject.variable}.{subject.parameter_name(name)}"
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    }
    kind = subject.trace.kind
    if names & called:
        lines += ["", _CALL[kind]]
    if names & {*RESULTS, *JACOBIANS}:
        lines += ["", _STATES[kind]]
    if names & set(RESULTS):
        bias = (
            " + {bias_ih} + {bias_hh}".format(**tensors)
            if subject.weights.bias_ih is not None
            else ""
        )
        lines.append(_EQUATIONS.format(bias=bias, **tensors))
    if names & set(JACOBIANS):
        lines += ["", _JACOBIANS.format(call=_STEP[kind])]
    if names & set(GRADIENTS):
        lines += ["", _GRADIENTS.format(summed=subject.summed, **tensors)]
    return "\n".join(lines) + "\n"


_CALL = {
    "LSTM": "output, (h_n, c_n) = lstm(x, (h_0, c_0))",
    "LSTMCell": """\
h_n, c_n = cell(x[0], (h_0[0], c_0[0]))
output = h_n[None]""",
}

_STATES = {
    "LSTM": """\
# The state after each step, and the state that each step starts from.
c = torch.stack([lstm(x[: t + 1], (h_0, c_0))[1][1][0] for t in range(len(x))])
h_prev, c_prev = torch.cat([h_0, output[:-1]]), torch.cat([c_0, c[:-1]])""",
    "LSTMCell": "c, h_prev, c_prev = c_n[None], h_0, c_0",
}

_EQUATIONS = """\
ih, hh = x @ {weight_ih}.T, h_prev @ {weight_hh}.T
z_i, z_f, z_g, z_o = (ih + hh{bias}).chunk(4, dim=-1)
i, f, g, o = z_i.sigmoid(), z_f.sigmoid(), z_g.tanh(), z_o.sigmoid()
tanh_c = c.tanh()"""

_JACOBIANS = """\
# The derivatives of each step by the state that it starts from.
dh_dh_prev, dc_dc_prev = torch.zeros(2, *h_prev.shape, h_prev.shape[-1])
for t in range(len(x)):
    for n in range(x.shape[1]):
        ((dh_dh_prev[t, n], _), (_, dc_dc_prev[t, n])) = (
            torch.autograd.functional.jacobian(
                lambda h, c: {call}, (h_prev[t, n], c_prev[t, n])
            )
        )"""

_STEP = {
    "LSTM": "lstm(x[t, n][None], (h[None], c[None]))[1]",
    "LSTMCell": "cell(x[t, n], (h, c))",
}

_GRADIENTS = """\
# One gradient for the batch, and the share that each sequence has in it.
def gradient(result):
    return torch.autograd.grad(result, {weight_ih}, retain_graph=True)[0]


grad_ih = gradient({summed}.sum())
grad_ih_each = [gradient(each.sum()) for each in {summed}.unbind(dim=1)]"""


def sha256(weights: Iterable[Weights]) -> str:
    """The digest of all parameters, little-endian, in PyTorch's order."""
    digest = hashlib.sha256()
    for one in weights:
        for array in one.parameters().values():
            digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()
