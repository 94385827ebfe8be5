"""What sizes alone decide: every shape, and what a module and a call cost.

`browser/shapes.js` computes the same for what a reader types.
"""

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .form import Form

Axes = tuple[tuple[str, int], ...]
"""Each axis of a tensor: what it counts, and its length."""

FLOAT = 4
"""Bytes of a number in float32."""

ADAM = 4
"""Numbers for each parameter: itself, its gradient, and two averages."""


def shape(axes: Axes) -> tuple[int, ...]:
    """The lengths alone."""
    return tuple(length for _, length in axes)


@dataclass(frozen=True)
class Sizes:
    """A module, and a call of it.

    Attributes:
        form: The module.
        seq_len: How many steps its input has.
        batch: How many sequences; None without a batch axis.
        batch_first: As in `torch.nn.LSTM`.
    """

    form: Form
    seq_len: int
    batch: int | None = 1
    batch_first: bool = False

    @property
    def call(self) -> str:
        """How the module is built, only with the arguments that matter.

        >>> Sizes(Form(3, 2, num_layers=2), 4, batch_first=True).call
        'nn.LSTM(3, 2, num_layers=2, batch_first=True)'
        """
        more = {
            field.name: getattr(self.form, field.name)
            for field in dataclasses.fields(self.form)
            if getattr(self.form, field.name) != field.default
        }
        sizes = f"{more.pop('input_size')}, {more.pop('hidden_size')}"
        if self.batch_first:
            more["batch_first"] = True
        rest = "".join(f", {name}={value}" for name, value in more.items())
        return f"nn.LSTM({sizes}{rest})"

    @cached_property
    def call_axes(self) -> dict[str, Axes]:
        """What the module takes and returns."""
        form = self.form
        over: Axes = (("seq_len", self.seq_len),)
        state: Axes = (self._both(("num_layers", form.num_layers)),)
        if self.batch is not None:
            rows = ("batch", self.batch)
            over = (rows, *over) if self.batch_first else (*over, rows)
            state = (*state, rows)
        return {
            "input": (*over, ("input_size", form.input_size)),
            "output": (*over, self._both(self._h)),
            "h_n": (*state, self._h),
            "c_n": (*state, ("hidden_size", form.hidden_size)),
        }

    @cached_property
    def parameter_axes(self) -> dict[str, Axes]:
        """The parameters, in the order of `named_parameters()`."""
        return dict(self._parameters())

    @property
    def updates(self) -> int:
        """How many steps of one sequence the call makes."""
        return self.seq_len * (self.batch or 1)

    @property
    def multiplications(self) -> int:
        """How many multiplications one step of one sequence takes.

        Those of the matrices, and three for each unit: `f * c`, `i * g` and
        `o * tanh(c)`.
        """
        _, size = self._h
        return sum(
            units * (4 * (received + size) + 3 + self.form.proj_size)
            for received, units in self.form.parts
        )

    @property
    def at_once(self) -> int:
        """How many numbers of the call exist at once, at the most.

        That is without gradients, beside the input and the last states. A
        layer multiplies the inputs of all steps by `weight_ih` before the
        first step, in each direction; it has `h` step by step and then as one
        tensor; and above the first it reads what the layer below gave. That is
        PyTorch's own code; oneDNN and cuDNN do it in their own way.
        """
        (_, size), directions = self._h, 1 + self.form.bidirectional
        below = directions * size if self.form.num_layers > 1 else 0
        units = self.form.hidden_size
        return self.updates * (directions * 4 * units + 2 * size + below)

    @property
    def stored_numbers(self) -> int:
        """How many numbers autograd keeps of the call.

        Of each step of one sequence and layer the input, and in each direction
        four gates, `c`, `tanh(c)`, the `h` that goes on, and with a projection
        the longer one before it. That is what PyTorch's own operators keep;
        oneDNN and cuDNN keep them in their own way.
        """
        units, (_, size) = self.form.hidden_size, self._h
        long = units if self.form.proj_size else 0
        parts, directions = self.form.parts, 1 + self.form.bidirectional
        # Both directions of a layer keep the same input.
        received = sum(length for length, _ in parts[::directions])
        own = 6 * units + long + size
        return self.updates * (received + len(parts) * own)

    @property
    def bytes_to_run(self) -> int:
        """In float32: parameters, input, states, and what exists at once."""
        states = sum(math.prod(shape(self.call_axes[name])) for name in ("h_n", "c_n"))
        read = self.updates * self.form.input_size
        return FLOAT * (self.form.parameters + read + states + self.at_once)

    @property
    def bytes_to_train(self) -> int:
        """In float32, with Adam: what it keeps, and what backward needs."""
        return FLOAT * (ADAM * self.form.parameters + self.stored_numbers)

    @property
    def costs(self) -> list[str]:
        """Parameters, multiplications and memory, in a line each."""
        each = self.multiplications
        return [
            f"{self.form.parameters:,} parameters",
            f"{self.updates * each:,} multiplications, {each:,} per step and sequence",
            f"{self.bytes_to_run:,} bytes to run in float32: parameters, "
            f"input, states, and {self.at_once:,} numbers that exist at once",
            f"{self.bytes_to_train:,} bytes to train with Adam: {ADAM} times "
            f"the parameters, and {self.stored_numbers:,} numbers that backward needs",
        ]

    @property
    def _h(self) -> tuple[str, int]:
        """What h counts, and its length."""
        if self.form.proj_size:
            return "proj_size", self.form.proj_size
        return "hidden_size", self.form.hidden_size

    def _both(self, axis: tuple[str, int]) -> tuple[str, int]:
        """An axis that has a part for each direction."""
        label, length = axis
        if self.form.bidirectional:
            return f"2 * {label}", 2 * length
        return axis

    def _parameters(self) -> Iterator[tuple[str, Axes]]:
        form = self.form
        units = ("hidden_size", form.hidden_size)
        rows = ("4 * hidden_size", 4 * form.hidden_size)
        received = ("input_size", form.input_size)
        for layer in range(form.num_layers):
            for suffix in ("", "_reverse")[: 1 + form.bidirectional]:
                named: dict[str, Axes] = {
                    "weight_ih": (rows, received),
                    "weight_hh": (rows, self._h),
                }
                if form.bias:
                    named |= {"bias_ih": (rows,), "bias_hh": (rows,)}
                if form.proj_size:
                    named["weight_hr"] = (self._h, units)
                for name, axes in named.items():
                    yield f"{name}_l{layer}{suffix}", axes
            received = self._both(self._h)
