"""Run preamble code, so that a figure shows the reader's own results."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from .torch_state import fresh_torch


def namespace_after(setup: str) -> dict[str, Any]:
    """Run Python code and return its namespace; torch's state is restored."""
    names: dict[str, Any] = {"torch": torch}
    with fresh_torch(grad=True), _silent():
        exec(setup, names)
    return names


@contextmanager
def _silent() -> Iterator[None]:
    """Silence the messages of torch's profiler on standard error."""
    saved_stderr = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(saved_stderr, 2)
        os.close(saved_stderr)
        os.close(nothing)
