"""The arguments of `torch.nn.LSTM` that decide what it computes."""

from dataclasses import dataclass
from typing import Literal

from .errors import UsageError


@dataclass(frozen=True)
class Form:
    """A module before it has weights, in the words of `torch.nn.LSTM`.

    Raises:
        UsageError: If the projection is not smaller than hidden_size.
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
                f"got proj_size {self.proj_size}, expected one that is "
                f"smaller than hidden_size {self.hidden_size}; choose such a "
                "one, or leave it out"
            )
