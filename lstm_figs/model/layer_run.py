"""One layer in one direction of a run; each number carries its PyTorch expression.

Expressions are valid after the figure's preamble, see `proof.preamble`.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np

from ..errors import BeyondLimit
from .origin import Statement
from .plain_rnn import Plain
from .reference import Matrix, Number, Ref, Vector
from .tensors import Array, Direction, Step, Trace, Weights

T = TypeVar("T")

RESULTS = tuple(field.name for field in fields(Step) if field.type == Array)
"""The results of a step. The preamble uses the same names, except `output` for `h`."""

MAX_SUMMED_STEPS = 8
"""The most steps whose output is summed, because long runs can be chaotic."""


class Record(NamedTuple):
    """Results that torch computed for a figure, in addition to a trace.

    Attributes:
        setup: Python that computes the same results, appended to the preamble.
        torch: The version of torch.
        values: The results, by the names that `setup` assigns.
        needs: The names of the preamble that `setup` uses.
    """

    setup: str
    torch: str
    values: Mapping[str, Any]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class LayerRun:
    """One layer in one direction of a trace, as the input of a figure.

    Figures show it as if it were a module of its own: `x` is the input of the
    layer, and steps are in the order of processing.

    Attributes:
        trace: The whole run.
        layer: The layer, counted from 0.
        direction: `forward` or `reverse`.
        is_full_module: Whether the figure shows the whole module instead. Then
            `x`, `output`, `h_n` and `c_n` in expressions are the module's.
        record: Further results of torch, if the figure needs them.

    Raises:
        UsageError: If the module has no such layer or direction.
    """

    trace: Trace
    layer: int = 0
    direction: Direction = "forward"
    is_full_module: bool = False
    record: Record | None = None

    def __post_init__(self) -> None:
        self.trace.index(self.layer, self.direction)

    @cached_property
    def index(self) -> int:
        """The index of the layer and direction in `trace.weights`."""
        return self.trace.index(self.layer, self.direction)

    @property
    def weights(self) -> Weights:
        """The parameters of the layer and direction."""
        return self.trace.weights[self.index]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the layer and direction, in the order of processing.

        `t` counts in that order; `step_number` gives the position in the
        sequence.
        """
        return tuple(
            step if step.t == t else replace(step, t=t)
            for t, step in enumerate(self.trace.part(self.index))
        )

    @property
    def origin(self) -> tuple[Statement, ...]:
        """Where the tensors come from, and which layer is shown."""
        origin = self.trace.origin
        return (*origin.notes, origin.label, *self.part(self.variable))

    @property
    def source(self) -> tuple[Statement, ...]:
        """`origin`, and which sequence of the batch is shown."""
        count = self.trace.x.shape[1]
        if count == 1:
            return self.origin
        # h_0 has the batch size of the module's input and needs no extra call.
        values = ((1, "1"), (count, "h_0.shape[1]"))
        return (*self.origin, Statement("Sequence {} of {}.", values))

    def part(self, variable: str) -> tuple[Statement, ...]:
        """Which layer and direction is shown; empty if the module has only one.

        Args:
            variable: The name of the module in the preamble.
        """
        if len(self.trace.weights) == 1 or self.is_full_module:
            return ()
        template = "Layer {} of num_layers={}"
        values: list[tuple[object, str]] = [
            (self.layer, str(self.layer)),
            (self.trace.num_layers, f"{variable}.num_layers"),
        ]
        if self.trace.bidirectional:
            template += ", {}"
            values.append((self.direction, f'"{self.direction}"'))
        if self.direction == "reverse":
            template += ": it begins at the last step"
        return (Statement(f"{template}.", tuple(values)),)

    @property
    def module(self) -> str:
        """The constructor call of the module, such as `nn.LSTM(3, 2)`."""
        return f"nn.{self.trace.module}"

    @property
    def variable(self) -> str:
        """The name of the module in preambles."""
        return "cell" if self.trace.kind == "LSTMCell" else "lstm"

    @property
    def module_variable(self) -> str:
        """The name in preambles of the layer and direction as a module of its own."""
        alone = len(self.trace.weights) > 1 and not self.is_full_module
        return "layer" if alone else self.variable

    @property
    def torch(self) -> str | None:
        """The version of torch that produced the results."""
        if self.record is not None:
            return self.record.torch
        return self.trace.origin.torch

    def step_number(self, t: int) -> int:
        """The position of step `t` in the sequence, counted from 1."""
        reverse = self.direction == "reverse"
        return len(self.steps) - t if reverse else t + 1

    def step_index(self, step: int) -> int:
        """The index in `steps` of a step number.

        Raises:
            BeyondLimit: If there is no such step.
        """
        self.check("step", step, len(self.steps), 1)
        # Reversing the order is its own inverse.
        return self.step_number(step - 1) - 1

    def in_processing_order(self, values: Sequence[T]) -> Sequence[T]:
        """One value for each step of the sequence, in the order of processing."""
        return values[::-1] if self.direction == "reverse" else values

    @property
    def summed_output(self) -> str:
        """The expression of the part of the output whose sum is differentiated."""
        return "output" if len(self.steps) <= MAX_SUMMED_STEPS else f"output[:{MAX_SUMMED_STEPS}]"

    def parameter_name(self, name: str) -> str:
        """The name of a parameter in the module, such as `weight_ih_l0`."""
        if self.trace.kind == "LSTMCell":
            return name
        return name + self.weights.suffix

    def ref(self, name: str) -> Ref:
        """A parameter or a result in the preamble.

        Args:
            name: A parameter as in `weights`, such as `weight_ih`, or a field
                of `Step`.

        Raises:
            ValueError: If the layer has no such parameter or result.
        """
        if name in self.weights.parameters():
            return Ref(f"{self.variable}.{self.parameter_name(name)}")
        if name in RESULTS:
            return Ref("output" if name == "h" else name)
        known = ", ".join([*self.weights.parameters(), *RESULTS])
        raise ValueError(
            f"the name is {name!r}, expected a parameter or a result of "
            f"{self.module}; choose one of {known}"
        )

    def parameter(self, name: str, *index: int) -> Number:
        """One element of a parameter."""
        values = self.weights.parameters()[name]
        return Number(values[index], self.ref(name)[index])

    def matrix(self, name: str) -> Matrix:
        """A weight matrix."""
        return Matrix(self.weights.parameters()[name], self.ref(name))

    def row(self, name: str, row: int) -> Vector:
        """One row of a weight."""
        return self.matrix(name)[row]

    def bias(self, row: int) -> Number:
        """One element of the sum of both biases."""
        return self.parameter("bias_ih", row) + self.parameter("bias_hh", row)

    def result(self, name: str, t: int, sample: int, unit: int) -> Number:
        """One element of a result of step `t`, or of its input.

        Args:
            name: A field of `Step`. At the first step, `h_prev` and `c_prev`
                are the initial state.
            t: The step, counted from 0.
            sample: The index in the batch.
            unit: The unit, or the feature of the input.
        """
        return self.samples(name, t)[sample, unit]

    def samples(self, name: str, t: int) -> Matrix:
        """A result of step `t`, or its input, for the whole batch."""
        current = self.steps[t]
        # The input of an upper layer is computed, so it has rounding errors.
        is_given = name == "x" and not self.layer
        scale = 0.0 if is_given else current.scale
        return Matrix(getattr(current, name), self.ref(name)[t], scale)

    def vector(self, name: str, t: int, sample: int = 0) -> Vector:
        """A result of step `t` for one sequence, or its input."""
        return self.samples(name, t)[sample]

    def series(self, name: str, unit: int, steps: slice = slice(None)) -> Vector:
        """A result of one unit over steps, for the first sequence.

        Args:
            name: A field of `Step`, except `x`.
            unit: The index of the unit.
            steps: A slice of `steps`; all by default.
        """
        return Vector(
            self._over_steps(name)[steps, unit],
            self.ref(name),
            self._scales[steps],
            steps.start or 0,
            (0, unit),
        )

    @cached_property
    def _scales(self) -> Array:
        """The scale of each step."""
        return np.array([step.scale for step in self.steps])

    @cached_property
    def _series(self) -> dict[str, Array]:
        """The cache of `series`."""
        return {}

    def _over_steps(self, name: str) -> Array:
        """A result over all steps for the first sequence, cached."""
        if name not in self._series:
            arrays = [getattr(step, name)[0] for step in self.steps]
            self._series[name] = np.array(arrays)
        return self._series[name]

    def product(self, first: str, second: str, t: int, sample: int = 0) -> Vector:
        """The element-wise product of two results."""
        return self.vector(first, t, sample) * self.vector(second, t, sample)

    def check(self, option: str, value: int, count: int, first: int = 0) -> int:
        """Raise an error if an option is out of range.

        Raises:
            BeyondLimit: If `value` is not one of `count` from `first` on.
        """
        if not first <= value < first + count:
            raise BeyondLimit(
                f"--{option} is {value}, expected {first} to "
                f"{first + count - 1} for {self.module} over "
                f"{len(self.steps)} steps; choose one of these",
                option=option,
            )
        return value


def sha256(weights: Iterable[Weights | Plain]) -> str:
    """The SHA-256 digest of all parameters, little-endian, in PyTorch's order."""
    digest = hashlib.sha256()
    for part in weights:
        for array in part.parameters().values():
            little = array.dtype.newbyteorder("<")
            digest.update(np.ascontiguousarray(array, little).data)
    return digest.hexdigest()
