"""What follows from the sizes alone: shapes, and the cost of a module and a call.

`browser/shapes.js` computes the same in the browser.
"""

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .arguments import ModuleArguments

Axes = tuple[tuple[str, int], ...]
"""Each axis of a tensor: what it counts, and its length."""

FLOAT_BYTES = 4
"""Bytes of a number in float32."""

ADAM_NUMBERS = 4
"""Numbers for each parameter with Adam: itself, its gradient and two averages."""


def shape(axes: Axes) -> tuple[int, ...]:
    """The lengths of the axes."""
    return tuple(length for _, length in axes)


@dataclass(frozen=True)
class Sizes:
    """A module, and the size of its input.

    Attributes:
        arguments: The constructor arguments of the module.
        seq_len: The number of steps.
        batch: The number of sequences; None for an input without a batch axis.
        batch_first: As in `torch.nn.LSTM`.
    """

    arguments: ModuleArguments
    seq_len: int
    batch: int | None = 1
    batch_first: bool = False

    @property
    def constructor_call(self) -> str:
        """The constructor call, with only the arguments that differ from their defaults.

        >>> Sizes(ModuleArguments(3, 2, num_layers=2), 4, batch_first=True).constructor_call
        'nn.LSTM(3, 2, num_layers=2, batch_first=True)'
        """
        more = {
            field.name: getattr(self.arguments, field.name)
            for field in dataclasses.fields(self.arguments)
            if getattr(self.arguments, field.name) != field.default
        }
        sizes = f"{more.pop('input_size')}, {more.pop('hidden_size')}"
        if self.batch_first:
            more["batch_first"] = True
        rest = "".join(f", {name}={value}" for name, value in more.items())
        return f"nn.LSTM({sizes}{rest})"

    @cached_property
    def call_axes(self) -> dict[str, Axes]:
        """The axes of the inputs and outputs."""
        module = self.arguments
        sequence: Axes = (("seq_len", self.seq_len),)
        state: Axes = (self._over_directions(("num_layers", module.num_layers)),)
        if self.batch is not None:
            rows = ("batch", self.batch)
            sequence = (rows, *sequence) if self.batch_first else (*sequence, rows)
            state = (*state, rows)
        return {
            "input": (*sequence, ("input_size", module.input_size)),
            "output": (*sequence, self._over_directions(self._h_axis)),
            "h_n": (*state, self._h_axis),
            "c_n": (*state, ("hidden_size", module.hidden_size)),
        }

    @cached_property
    def parameter_axes(self) -> dict[str, Axes]:
        """The axes of the parameters, in the order of `named_parameters()`."""
        return dict(self._parameters())

    @property
    def updates(self) -> int:
        """The number of cell updates in the call."""
        return self.seq_len * (self.batch or 1)

    @property
    def multiplications(self) -> int:
        """The multiplications in one step of one sequence.

        These are the matrix products, and three for each unit: `f * c`, `i * g`
        and `o * tanh(c)`.
        """
        _, size = self._h_axis
        return sum(
            units * (4 * (received + size) + 3 + self.arguments.proj_size)
            for received, units in self.arguments.parts
        )

    @property
    def at_once(self) -> int:
        """The peak number of values that the call holds, without gradients.

        The input and the final states are not counted. In each direction, a
        layer multiplies the inputs of all steps by `weight_ih` before the first
        step. It holds `h` step by step, and then as one tensor. Above the first
        layer, it also holds the output of the layer below. This is PyTorch's
        own code; oneDNN and cuDNN may differ.
        """
        (_, size), directions = self._h_axis, 1 + self.arguments.bidirectional
        below = directions * size if self.arguments.num_layers > 1 else 0
        units = self.arguments.hidden_size
        return self.updates * (directions * 4 * units + 2 * size + below)

    @property
    def stored_numbers(self) -> int:
        """The number of values that autograd saves.

        For each step, sequence and layer, it saves the input. In each direction
        it also saves four gates, `c`, `tanh(c)`, the `h` that is passed on, and
        with a projection the longer `h` before it. PyTorch's own operators save
        these; oneDNN and cuDNN may differ.
        """
        units, (_, size) = self.arguments.hidden_size, self._h_axis
        unprojected = units if self.arguments.proj_size else 0
        parts, directions = self.arguments.parts, 1 + self.arguments.bidirectional
        # Both directions of a layer save the same input.
        received = sum(length for length, _ in parts[::directions])
        per_direction = 6 * units + unprojected + size  # Four gates, c and tanh(c), and h.
        return self.updates * (received + len(parts) * per_direction)

    @property
    def bytes_to_run(self) -> int:
        """Bytes in float32: parameters, input, states, and the peak of the call."""
        states = sum(math.prod(shape(self.call_axes[name])) for name in ("h_n", "c_n"))
        read = self.updates * self.arguments.input_size
        return FLOAT_BYTES * (self.arguments.parameters + read + states + self.at_once)

    @property
    def bytes_to_train(self) -> int:
        """Bytes in float32 with Adam: parameters and optimizer state, and saved values."""
        return FLOAT_BYTES * (ADAM_NUMBERS * self.arguments.parameters + self.stored_numbers)

    @property
    def cost_phrases(self) -> list[str]:
        """Parameters, multiplications and memory, one line each."""
        each = self.multiplications
        return [
            f"{self.arguments.parameters:,} parameters",
            f"{self.updates * each:,} multiplications, {each:,} per step and sequence",
            f"{self.bytes_to_run:,} bytes to run in float32: parameters, "
            f"input, states, and {self.at_once:,} numbers that exist at once",
            f"{self.bytes_to_train:,} bytes to train with Adam: {ADAM_NUMBERS} times "
            f"the parameters, and {self.stored_numbers:,} numbers that backward needs",
        ]

    @property
    def _h_axis(self) -> tuple[str, int]:
        """The axis of h: what it counts, and its length."""
        if self.arguments.proj_size:
            return "proj_size", self.arguments.proj_size
        return "hidden_size", self.arguments.hidden_size

    def _over_directions(self, axis: tuple[str, int]) -> tuple[str, int]:
        """An axis that concatenates both directions."""
        label, length = axis
        if self.arguments.bidirectional:
            return f"2 * {label}", 2 * length
        return axis

    def _parameters(self) -> Iterator[tuple[str, Axes]]:
        """Each parameter with its axes."""
        module = self.arguments
        units = ("hidden_size", module.hidden_size)
        rows = ("4 * hidden_size", 4 * module.hidden_size)
        received = ("input_size", module.input_size)
        for layer in range(module.num_layers):
            for suffix in ("", "_reverse")[: 1 + module.bidirectional]:
                named: dict[str, Axes] = {
                    "weight_ih": (rows, received),
                    "weight_hh": (rows, self._h_axis),
                }
                if module.bias:
                    named |= {"bias_ih": (rows,), "bias_hh": (rows,)}
                if module.proj_size:
                    named["weight_hr"] = (self._h_axis, units)
                for name, axes in named.items():
                    yield f"{name}_l{layer}{suffix}", axes
            # What the next layer reads.
            received = self._over_directions(self._h_axis)
