"""Set torch's global state temporarily."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch

from ..errors import UnsupportedModule

LOCK = threading.RLock()
"""The seed, default dtype and cached parametrizations are global, so only one
thread at a time may change them."""


@contextmanager
def fresh_torch(*, grad: bool = False) -> Iterator[None]:
    """A context in which torch's global state is as in a new process.

    Afterwards the seed, default dtype and device, autocast, gradient and
    inference mode are restored.

    Args:
        grad: Whether autograd is on.

    Raises:
        UnsupportedModule: If torch does not create ordinary tensors.
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
                    f"got {tensor_type.__name__} instead of a tensor from torch, expected an "
                    "ordinary one; leave the mode that replaces it"
                )
            yield
        finally:
            torch.set_default_dtype(before)


def _cpu() -> AbstractContextManager[Any]:
    """Make torch create tensors on the CPU; setting a device slows each call, so only if needed."""
    is_cpu = torch.empty(0).device.type == "cpu"
    return nullcontext() if is_cpu else torch.device("cpu")


def seed_cpu(number: int) -> None:
    """Same as `torch.manual_seed`, but only for the CPU, which `fresh_torch` restores."""
    torch.default_generator.manual_seed(number)
