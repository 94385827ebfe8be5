"""What is torch's for all threads: as we need it, then as it was."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch

from ..errors import UnsupportedModule

LOCK = threading.RLock()
"""Seed, default type and cached parametrizations are one for all threads, so
one thread at a time."""


@contextmanager
def fresh_torch(*, grad: bool = False) -> Iterator[None]:
    """A time with torch as a new process has it, wherever we are called.

    Afterwards its seed, default type and device, autocast, gradient and
    inference mode are as before.

    Args:
        grad: Whether autograd records.

    Raises:
        UnsupportedModule: If torch makes no ordinary tensors.
    """
    with (
        LOCK,
        torch.random.fork_rng(devices=[]),
        torch.inference_mode(False),
        torch.set_grad_enabled(grad),
        torch.autocast("cpu", enabled=False),
        _cpu(),
    ):
        before = torch.get_default_dtype()
        torch.set_default_dtype(torch.float32)
        try:
            tensor_type = type(torch.empty(0))
            if tensor_type is not torch.Tensor:
                raise UnsupportedModule(
                    f"got {tensor_type.__name__} where torch makes a tensor, "
                    "expected an ordinary one; leave the mode that replaces it"
                )
            yield
        finally:
            torch.set_default_dtype(before)


def _cpu() -> AbstractContextManager[Any]:
    """Have torch make tensors on the CPU; its way to do so slows each call."""
    is_cpu = torch.empty(0).device.type == "cpu"
    return nullcontext() if is_cpu else torch.device("cpu")


def seed(number: int) -> None:
    """As `torch.manual_seed`, but of the CPU alone, which `fresh_torch` restores."""
    torch.default_generator.manual_seed(number)
