"""Conversion of PyTorch's tensors to a library's format and back."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from ..errors import InputError, ShapeError, UnsupportedModule, UsageError
from ..model.tensors import GATES, Array, Weights
from ..names import quoted_name, suggestion

Tensors = Mapping[str, Array]
"""Name -> array."""


@dataclass(frozen=True)
class Target:
    """The format in which a library stores the weights of an LSTM.

    Attributes:
        label: The display name.
        module: The library's LSTM class or operator.
        order: The order of the gates, in PyTorch's letters.
        letters: The library's letters for the gates, in that order.
        names: The library's names for weight_ih, weight_hh and the biases.
        transposed: Whether the matrices are transposed.
        by_gate: Whether each gate has its own tensors.
        has_one_bias: Whether there is only one bias.
        write: Converts the one or two directions of a layer to the library's
            tensors.
        read: Converts the library's tensors to the directions of a layer, given
            the layer's number and its input size, or None for any size.
        has_layer: Whether the tensors include a layer with this number.
        name_pattern: A regular expression for the names of an LSTM's tensors.
    """

    label: str
    module: str
    order: str
    letters: tuple[str, ...]
    names: tuple[str, str, str]
    transposed: bool
    by_gate: bool
    has_one_bias: bool
    write: Callable[[Sequence[Weights]], dict[str, Array]]
    read: Callable[[Tensors, int, int | None], list[Weights]]
    has_layer: Callable[[Tensors, int], bool]
    name_pattern: str

    def to_target(self, weights: Sequence[Weights]) -> dict[str, Array]:
        """Convert to the library's tensors, by name.

        Args:
            weights: The parameters of every layer and direction, in PyTorch's
                order.

        Raises:
            UsageError: If there is a projection, which no target supports.
        """
        first = weights[0]
        if first.proj_size:
            raise UsageError(
                f"got proj_size={first.proj_size}, expected none, because "
                f"{self.module} has no projection; choose a module without one"
            )
        layers: dict[int, list[Weights]] = {}
        for part in weights:
            layers.setdefault(part.layer, []).append(part)
        tensors: dict[str, Array] = {}
        for parts in layers.values():
            tensors |= self.write(parts)
        return {name: np.ascontiguousarray(array) for name, array in tensors.items()}

    def to_pytorch(self, tensors: Tensors) -> tuple[Weights, ...]:
        """Convert to PyTorch's parameters of every layer and direction, in its order.

        A summed bias cannot be split, so `bias_ih` is the sum and `bias_hh` is
        zero. The module computes the same.

        Raises:
            InputError: If a tensor is missing.
            ShapeError: If a tensor does not fit the others.
            UnsupportedModule: If a tensor has no counterpart in PyTorch, such
                as peepholes, and is not all zero.
        """
        tracked = ReadTracker(tensors)
        stack: list[Weights] = []
        input_size = None
        for layer in count():
            # Without layer 0, reading it raises an error that names a missing tensor.
            if layer and not self.has_layer(tracked, layer):
                break
            parts = self.read(tracked, layer, input_size)
            # The next layer reads all directions of this one.
            input_size = parts[0].hidden_size * len(parts)
            stack += parts
        self._check_unread(tracked)
        return tuple(stack)

    def _check_unread(self, tracked: "ReadTracker") -> None:
        """Raise an error for nonzero tensors that were not read."""
        for name in tracked:
            if (
                name not in tracked.read
                and re.fullmatch(self.name_pattern, name)
                and tracked[name].any()
            ):
                raise UnsupportedModule(
                    f"{quoted_name(name)} has no place in the torch.nn.LSTM of the other "
                    f"tensors, expected none or zeros{_why(name)}; choose an LSTM without it, "
                    "because the results would differ"
                )


@dataclass(frozen=True)
class ReadTracker(Mapping[str, Array]):
    """A mapping of tensors that records which ones were read.

    Attributes:
        tensors: The underlying mapping.
        read: The names that were read.
    """

    tensors: Tensors
    read: dict[str, Array] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Array:
        if name not in self.read:
            self.read[name] = self.tensors[name]
        return self.read[name]

    def __contains__(self, name: object) -> bool:
        return name in self.tensors

    def __iter__(self) -> Iterator[str]:
        return iter(self.tensors)

    def __len__(self) -> int:
        return len(self.tensors)


def _why(name: str) -> str:
    """The likely purpose of a tensor, guessed from its name."""
    return ", because it has no peepholes" if name.startswith("P_l") else ""


def in_order_of(array: Array, order: Sequence[str]) -> Array:
    """Reorder the four gate bands of an array.

    Args:
        array: An array whose first axis has the bands i, f, g, o.
        order: The new order.

    >>> in_order_of(np.arange(8), "iofg").tolist()
    [0, 1, 6, 7, 2, 3, 4, 5]
    """
    bands = np.split(array, 4)
    return np.concatenate([bands[GATES.index(gate)] for gate in order])


def in_torch_order(array: Array, order: str) -> Array:
    """Reorder four gate bands from `order` to PyTorch's order.

    >>> in_torch_order(in_order_of(np.arange(8), "iofg"), "iofg").tolist()
    [0, 1, 2, 3, 4, 5, 6, 7]
    """
    bands = np.split(array, 4)
    return np.concatenate([bands[order.index(gate)] for gate in GATES])


def checked_tensor(tensors: Tensors, name: str, *shape: int | None) -> Array:
    """Look up a tensor and check its shape.

    Args:
        tensors: The tensors.
        name: Its name.
        *shape: The expected length of each axis; None for any length but 0.

    Raises:
        InputError: If there is no tensor of that name.
        ShapeError: If it has a different shape.

    >>> checked_tensor({"bias": np.zeros(8)}, "bias", None).shape
    (8,)
    """
    if name not in tensors:
        near = suggestion(name, tensors)
        raise InputError(
            f"{quoted_name(name)} is missing, expected it among the tensors"
            f"{near or '; name them as convert --to does'}"
        )
    array = tensors[name]
    # None allows any length of an axis but 0.
    expected = [
        got if size is None and got else size for got, size in zip(array.shape, shape, strict=False)
    ]
    if list(array.shape) != expected or len(array.shape) != len(shape):
        lengths = ", ".join("any" if n is None else str(n) for n in shape)
        expected_shape = f"({lengths},)" if len(shape) == 1 else f"({lengths})"
        raise ShapeError(
            f"{quoted_name(name)} has shape {array.shape}, expected {expected_shape}; "
            "check how it was saved"
        )
    return array


def split_bias(bias: Array | None) -> tuple[Array | None, Array | None]:
    """Split a summed bias into the sum and zeros."""
    return (None, None) if bias is None else (bias, np.zeros_like(bias))
