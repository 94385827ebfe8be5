"""What figures are drawn of: a run, each of its numbers with its proof.

An expression is valid after the figure's preamble, see `preamble`.
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
"""The tensors of a step, which the preamble calls the same but for `h`."""

MAX_SUMMED_STEPS = 8
"""The most steps whose output is summed: long runs can be chaotic."""


class Record(NamedTuple):
    """What torch yielded for a figure beside a trace.

    Attributes:
        setup: Python that yields the same, added to the preamble.
        torch: The version of torch.
        values: By the names that `setup` gives them.
        needs: Names of the preamble that `setup` uses.
    """

    setup: str
    torch: str
    values: Mapping[str, Any]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class LayerRun:
    """What figures are drawn of: a trace, each of its numbers with a proof.

    Figures show one layer in one direction, as if it were a module of its
    own: `x` is what it receives, and steps are in the order of processing.

    Attributes:
        trace: The run.
        layer: Counts from 0.
        direction: `forward` or `reverse`.
        is_full_module: Whether the module is shown as a whole instead; then `x`,
            `output`, `h_n` and `c_n` in expressions are the module's.
        record: What else torch yielded for the figure, if it needs that.

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
        """Where the layer and direction stands among the weights."""
        return self.trace.index(self.layer, self.direction)

    @property
    def weights(self) -> Weights:
        """The layer and direction that figures show."""
        return self.trace.weights[self.index]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of that layer and direction, in order of processing.

        Their `t` counts in that order; `step_number` says which step it is.
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
        """As `origin`, and which sequence is shown."""
        count = self.trace.x.shape[1]
        if count == 1:
            return self.origin
        # Its length is that of the module's input, and needs no call of it.
        values = ((1, "1"), (count, "h_0.shape[1]"))
        return (*self.origin, Statement("Sequence {} of {}.", values))

    def part(self, variable: str) -> tuple[Statement, ...]:
        """Which layer and direction is shown of a module that has several.

        Args:
            variable: What the preamble calls that module.
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
        """The module as it is built, such as `nn.LSTM(3, 2)`."""
        return f"nn.{self.trace.module}"

    @property
    def variable(self) -> str:
        """What preambles call the module."""
        return "cell" if self.trace.kind == "LSTMCell" else "lstm"

    @property
    def module_name(self) -> str:
        """What preambles call the layer and direction on its own."""
        alone = len(self.trace.weights) > 1 and not self.is_full_module
        return "layer" if alone else self.variable

    @property
    def torch(self) -> str | None:
        """The version of torch that made or ran what is shown."""
        if self.record is not None:
            return self.record.torch
        return self.trace.origin.torch

    def step_number(self, t: int) -> int:
        """What a step is called, counted from 1 along the sequence."""
        reverse = self.direction == "reverse"
        return len(self.steps) - t if reverse else t + 1

    def previous_step_number(self, t: int) -> int:
        """What the state that a step starts from is called; 0 at first."""
        return self.step_number(t - 1) if t else 0

    def step_index(self, step: int) -> int:
        """Which of `steps` has a label.

        Raises:
            BeyondLimit: If none has.
        """
        self.check("step", step, len(self.steps), 1)
        # Counting backwards is its own inverse.
        return self.step_number(step - 1) - 1

    def in_processing_order(self, values: Sequence[T]) -> Sequence[T]:
        """One value for each step of the sequence, in the order of processing."""
        return values[::-1] if self.direction == "reverse" else values

    @property
    def summed_output(self) -> str:
        """The part of the output whose sum gradients are of."""
        return "output" if len(self.steps) <= MAX_SUMMED_STEPS else f"output[:{MAX_SUMMED_STEPS}]"

    def parameter_name(self, name: str) -> str:
        """A parameter as the module calls it, such as `weight_ih_l0`."""
        if self.trace.kind == "LSTMCell":
            return name
        return name + self.weights.suffix

    def ref(self, name: str) -> Ref:
        """What the preamble calls a parameter or a result.

        Args:
            name: As `weights` has it, `weight_ih`, or a field of `Step`.

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
        """A weight."""
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
            name: A field of `Step`; `h_prev` and `c_prev` of the first step
                are the first state.
            t: The step, counted from 0.
            sample: The row of the batch.
            unit: The unit, or the feature of the input.
        """
        return self.samples(name, t)[sample, unit]

    def samples(self, name: str, t: int) -> Matrix:
        """A result of step `t`, or its input, with a row for each sequence."""
        current = self.steps[t]
        # What an upper layer reads is computed, and rounded, as all else is.
        is_given = name == "x" and not self.layer
        scale = 0.0 if is_given else current.scale
        return Matrix(getattr(current, name), self.ref(name)[t], scale)

    def vector(self, name: str, t: int, sample: int = 0) -> Vector:
        """A result of step `t` for one sequence, or its input."""
        return self.samples(name, t)[sample]

    def series(self, name: str, unit: int, steps: slice = slice(None)) -> Vector:
        """A result of a unit over steps, for the first sequence.

        Args:
            name: A field of `Step` but `x`.
            unit: The unit.
            steps: Which of `steps`; by default all of them.
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
        return {}

    def _over_steps(self, name: str) -> Array:
        """A result of all steps for the first sequence, put together once."""
        if name not in self._series:
            arrays = [getattr(step, name)[0] for step in self.steps]
            self._series[name] = np.array(arrays)
        return self._series[name]

    def product(self, first: str, second: str, t: int, sample: int = 0) -> Vector:
        """The product of two results, element by element."""
        return self.vector(first, t, sample) * self.vector(second, t, sample)

    def check(self, option: str, value: int, count: int, first: int = 0) -> int:
        """Refuse an option that picks what is not there.

        Raises:
            BeyondLimit: If `value` is not one of `count` from `first` on.
        """
        if not first <= value < first + count:
            raise BeyondLimit(
                f"--{option} is {value}, expected {first} to "
                f"{first + count - 1} for {self.module} over "
                f"{len(self.steps)} steps; choose one of these",
                option,
            )
        return value


def sha256(weights: Iterable[Weights | Plain]) -> str:
    """The digest of all parameters, little-endian, in PyTorch's order."""
    digest = hashlib.sha256()
    for part in weights:
        for array in part.parameters().values():
            little = array.dtype.newbyteorder("<")
            digest.update(np.ascontiguousarray(array, little).data)
    return digest.hexdigest()
