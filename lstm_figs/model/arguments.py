"""The arguments of `torch.nn.LSTM` that determine its parameters."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ..errors import UsageError

MAX_SIZE = 4096
"""The largest input_size and hidden_size that figures support."""

MAX_NUMBERS = 300_000_000
"""The most parameters of a module, and the most numbers that a run may keep.
In float32 they take 1.2 gigabytes.
"""

STORED_PER_UNIT = 20
"""The numbers that a run keeps for each unit and step: products, gates, states."""


@dataclass(frozen=True)
class ModuleArguments:
    """The constructor arguments of a module, named as in `torch.nn.LSTM`.

    Raises:
        UsageError: If proj_size is not smaller than hidden_size.
    """

    input_size: int
    hidden_size: int
    num_layers: int = 1
    bidirectional: bool = False
    proj_size: int = 0
    bias: bool = True
    dtype: Literal["float32", "float64"] = "float32"

    def __post_init__(self) -> None:
        if self.proj_size and self.proj_size >= self.hidden_size:
            raise UsageError(
                f"got proj_size {self.proj_size}, expected one smaller than hidden_size "
                f"{self.hidden_size}; choose a smaller one, or leave it out"
            )

    @property
    def parts(self) -> list[tuple[int, int]]:
        """The input size and hidden_size of each layer and direction.

        >>> ModuleArguments(3, 2, num_layers=2, bidirectional=True).parts
        [(3, 2), (3, 2), (4, 2), (4, 2)]
        """
        directions = 1 + self.bidirectional
        above = directions * (self.proj_size or self.hidden_size)
        return [
            (above if layer else self.input_size, self.hidden_size)
            for layer in range(self.num_layers)
            for _ in range(directions)
        ]

    @property
    def parameters(self) -> int:
        """The number of parameters.

        >>> ModuleArguments(3, 2).parameters, ModuleArguments(3, 2, proj_size=1).parameters
        (56, 50)
        """
        size = self.proj_size or self.hidden_size
        return sum(
            4 * units * (inputs + size + 2 * self.bias) + self.proj_size * units
            for inputs, units in self.parts
        )

    def check_parameters(self) -> None:
        """Raise an error if the parameters would not fit in memory.

        Raises:
            UsageError: If there are too many parameters.
        """
        if self.parameters > MAX_NUMBERS:
            raise UsageError(
                f"got a module of {self.parameters:,} parameters, expected at "
                f"most {MAX_NUMBERS:,}; choose smaller sizes or fewer layers"
            )

    def check_memory(self, seq_len: int, batch_size: int) -> None:
        """Raise an error if a run would not fit in memory, before allocating anything.

        Raises:
            UsageError: If there are too many parameters, or a run would keep
                too many numbers.
        """
        self.check_parameters()
        check_run(self.parts, seq_len * batch_size)


def check_run(parts: Iterable[tuple[int, int]], rows: int) -> None:
    """Raise an error if a run would not fit in memory.

    Args:
        parts: The input size and hidden_size of each layer and direction.
        rows: The number of input vectors: steps times sequences.

    Raises:
        UsageError: If it would keep too many numbers.
    """
    stored = rows * sum(inputs + STORED_PER_UNIT * units for inputs, units in parts)
    if stored > MAX_NUMBERS:
        raise UsageError(
            f"got {rows:,} inputs (steps x sequences), whose run would store {stored:,} "
            f"numbers, expected at most {MAX_NUMBERS:,}; choose fewer steps or sequences, or a "
            "smaller module"
        )
