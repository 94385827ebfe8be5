"""Convert a weights file to or from the format of a different library."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from safetensors.numpy import save

from ..model.tensors import Array, Weights
from ..porting import TARGETS
from .load import Checkpoint, choose, read_weights, weights

TORCH = "torch"
"""The name of PyTorch itself as a target."""


@dataclass(frozen=True)
class LazyTensors(Mapping[str, Array]):
    """The tensors of a file, each read on access."""

    checkpoint: Checkpoint

    def __getitem__(self, name: str) -> Array:
        if name not in self:
            raise KeyError(name)
        return self.checkpoint.array(name)

    def __contains__(self, name: object) -> bool:
        return name in self.checkpoint.tensors

    def __iter__(self) -> Iterator[str]:
        return iter(self.checkpoint.tensors)

    def __len__(self) -> int:
        return len(self.checkpoint.tensors)


def tensors_for(name: str, target: str, module: str | None) -> dict[str, Array]:
    """The tensors for a library, from an LSTM in a file.

    Args:
        name: The file, as it was typed.
        target: A key of `TARGETS`, or `torch` for PyTorch's own tensors with no
            module in their names.
        module: The name of the module; None for the only one.

    Raises:
        LstmFigsError: If the file or the module cannot be used.
    """
    checkpoint = read_weights(name)
    lstm = choose(checkpoint, module)
    stack = weights(checkpoint, lstm)
    if target == TORCH:
        return _state(stack, "")
    return TARGETS[target].to_target(stack)


def tensors_from(name: str, target: str, module: str | None) -> dict[str, Array]:
    """PyTorch's tensors, from the tensors of a library in a file.

    Args:
        name: The file, as it was typed.
        target: A key of `TARGETS`.
        module: The name of the module in the names of the results.

    Raises:
        LstmFigsError: If the file cannot be used, or lacks a tensor.
    """
    stack = TARGETS[target].to_pytorch(LazyTensors(read_weights(name)))
    return _state(stack, f"{module}." if module else "")


def _state(stack: Sequence[Weights], prefix: str) -> dict[str, Array]:
    """The state dict of a module."""
    return {
        f"{prefix}{base}{layer.suffix}": np.ascontiguousarray(array)
        for layer in stack
        for base, array in layer.parameters().items()
    }


def encoded(tensors: Mapping[str, Array], suffix: str) -> bytes:
    """The bytes of a `.npz` or `.safetensors` file with these tensors."""
    if suffix == ".safetensors":
        return save(dict(tensors))
    data = io.BytesIO()
    np.savez(data, **tensors)  # type: ignore[arg-type]
    return data.getvalue()
