"""From torch's own files to NumPy: tensors only, on the CPU."""

import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import torch

from ..tensors import Array

VERSION = str(torch.__version__).partition("+")[0]
"""The version of torch, without the name of its build."""


DEEPEST, MOST = 32, 1_000_000
"""How deep dicts may be nested, and how many things they may hold."""


class Leaf(NamedTuple):
    """A tensor in nested dicts and lists.

    Attributes:
        keys: The keys that lead to it.
        tensor: The tensor.
    """

    keys: tuple[Any, ...]
    tensor: Any

    @property
    def dtype(self) -> str:
        """Its type, such as `float32`."""
        return str(self.tensor.dtype).removeprefix("torch.")

    def array(self) -> Array:
        """Its numbers; bfloat16, which NumPy lacks, as float32."""
        tensor = self.tensor.detach()
        if tensor.dtype == torch.bfloat16:
            tensor = tensor.float()
        array: Array = tensor.numpy()
        return array


def leaves(path: str, *, mapped: bool) -> list[Leaf]:
    """The tensors of a file; nothing that it brings is run.

    Args:
        path: The file, in torch's zip format or in its legacy one.
        mapped: Whether bytes are read when they are needed, which only the
            zip format allows.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = torch.load(
            path, map_location="cpu", weights_only=True, mmap=mapped
        )
        return list(_walk(loaded))


def _walk(loaded: Any) -> Iterator[Leaf]:
    waiting: list[tuple[tuple[Any, ...], Any]] = [((), loaded)]
    visited = 0
    while waiting:
        keys, value = waiting.pop()
        visited += 1
        if isinstance(value, torch.Tensor):
            if value.layout == torch.strided and not value.is_meta:
                yield Leaf(keys, value)
            continue
        if isinstance(value, dict):
            items = list(value.items())
        elif isinstance(value, list | tuple):
            items = list(enumerate(value))
        else:
            continue
        # A pickle can make a dict that holds itself, or one that multiplies.
        if len(keys) > DEEPEST or visited > MOST:
            raise ValueError("its dicts are nested without end")
        waiting += [((*keys, key), item) for key, item in reversed(items)]
