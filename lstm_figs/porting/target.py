"""What a library makes of PyTorch's tensors, and how to take them back."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from ..errors import InputError, ShapeError, UnsupportedModule, UsageError
from ..model.tensors import GATES, Array, Weights
from ..names import quoted_name, suggestion

Tensors = Mapping[str, Array]


@dataclass(frozen=True)
class Target:
    """How a library keeps the weights of an LSTM.

    Attributes:
        label: What people call it.
        module: What computes the LSTM in it.
        order: The order of its gates, in PyTorch's letters.
        letters: What it calls them, in that order.
        names: Its names of weight_ih, weight_hh and the biases.
        transposed: Whether its matrices have a column for each row of ours.
        by_gate: Whether each gate has tensors of its own.
        has_one_bias: Whether it has one bias.
        write: Makes its tensors of one layer, whose one or two directions
            are given.
        read: Makes the directions of a layer of its tensors, of the number
            of the layer and the length of its input, None for any.
        has_layer: Whether there is a layer of that number among tensors.
        name_pattern: A regular expression of the names that an LSTM of it can have.
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
        """Its tensors by their names.

        Args:
            weights: Of every layer and direction, in PyTorch's order.

        Raises:
            UsageError: If h is projected, which no target knows.
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
        return {n: np.ascontiguousarray(a) for n, a in tensors.items()}

    def to_pytorch(self, tensors: Tensors) -> tuple[Weights, ...]:
        """PyTorch's tensors of every layer and direction, in its order.

        A sum of biases cannot be split again: all of it becomes `bias_ih`,
        and `bias_hh` is zero. The module computes the same.

        Raises:
            InputError: If a tensor is missing.
            ShapeError: If one does not fit the others.
            UnsupportedModule: If there is one that PyTorch has nothing for,
                such as peepholes, and not all of it is zero.
        """
        noted = ReadTracker(tensors)
        restored_weights: list[Weights] = []
        inputs = None
        for layer in count():
            if layer and not self.has_layer(noted, layer):
                break
            parts = self.read(noted, layer, inputs)
            inputs = parts[0].hidden_size * len(parts)
            restored_weights += parts
        self._check_unread(noted)
        return tuple(restored_weights)

    def _check_unread(self, noted: "ReadTracker") -> None:
        """A module without such a tensor would compute other numbers."""
        for name in noted:
            if (
                name not in noted.read
                and re.fullmatch(self.name_pattern, name)
                and noted[name].any()
            ):
                raise UnsupportedModule(
                    f"{quoted_name(name)} has no place in the torch.nn.LSTM that "
                    "the other tensors make, expected none or zeros"
                    f"{_why(name)}; it would compute other numbers, so choose "
                    "an LSTM without it"
                )


@dataclass(frozen=True)
class ReadTracker(Mapping[str, Array]):
    """Tensors, each read once, and which have been read.

    Attributes:
        tensors: Where they are.
        read: Those that were asked for.
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
    """What a tensor is known to be for, where it is the most likely one."""
    return ", because it has no peepholes" if name.startswith("P_l") else ""


def reordered(array: Array, order: Sequence[str]) -> Array:
    """Put the four bands of an array into another order.

    Args:
        array: Its first axis has the bands i, f, g, o.
        order: The order that is wanted.

    >>> reordered(np.arange(8), "iofg").tolist()
    [0, 1, 6, 7, 2, 3, 4, 5]
    """
    bands = np.split(array, 4)
    return np.concatenate([bands[GATES.index(gate)] for gate in order])


def restored(array: Array, order: str) -> Array:
    """Put four bands that have an order back into PyTorch's.

    >>> restored(reordered(np.arange(8), "iofg"), "iofg").tolist()
    [0, 1, 2, 3, 4, 5, 6, 7]
    """
    bands = np.split(array, 4)
    return np.concatenate([bands[order.index(gate)] for gate in GATES])


def tensor(tensors: Tensors, name: str, *shape: int | None) -> Array:
    """A tensor that is known to have a shape.

    Args:
        tensors: Where it is.
        name: Its name.
        *shape: The length of each axis; None is any but 0.

    Raises:
        InputError: If there is none of that name.
        ShapeError: If it has another shape.

    >>> tensor({"bias": np.zeros(8)}, "bias", None).shape
    (8,)
    """
    if name not in tensors:
        near = suggestion(name, tensors)
        raise InputError(
            f"{quoted_name(name)} is missing, expected it among the tensors"
            f"{near or '; name them as convert --to does'}"
        )
    array = tensors[name]
    expected = [
        got if size is None and got else size for got, size in zip(array.shape, shape, strict=False)
    ]
    if list(array.shape) != expected or len(array.shape) != len(shape):
        shape_text = ", ".join("any" if n is None else str(n) for n in shape)
        raise ShapeError(
            f"{quoted_name(name)} has shape {array.shape}, expected ({shape_text}"
            f"{',' * (len(shape) == 1)}); check how it was saved"
        )
    return array


def one_bias(bias: Array | None) -> tuple[Array | None, Array | None]:
    """A sum of biases as two: all of it, and zeros."""
    return (None, None) if bias is None else (bias, np.zeros_like(bias))
