"""A module from a weights file, and an input from a seed."""

import math
from pathlib import Path
from random import Random

import numpy as np

from ..errors import UsageError
from ..form import LARGEST
from ..literals import LITERALS, build_module, text
from ..load import Checkpoint, Found, choose, read_weights, weights
from ..names import plain, shown
from ..tensors import Weights, signature
from .made import Made

LABEL = 26
"""The longest name in a label, which fits the narrowest figure."""


def from_file(
    name: str, module: str | None, seed: int, seq_len: int, batch_size: int
) -> Made:
    """Read a module, and make an input without torch.

    Args:
        name: The file, as it was typed.
        module: What its tensors' names begin with; None for the only one.
        seed: Of the input.
        seq_len: Number of steps.
        batch_size: Number of sequences.

    Raises:
        LstmFigsError: If the file or the module cannot be used.
    """
    checkpoint = read_weights(name)
    found = choose(checkpoint, module)
    _check_sizes(name, found)
    found.form.check_memory(seq_len, batch_size)
    stack = weights(checkpoint, found)
    shape = (seq_len, batch_size, found.input_size)
    # NumPy's own generators take long to import.
    random = Random(seed)
    x = np.array(
        [random.gauss(0, 1) for _ in range(math.prod(shape))], np.float32
    ).reshape(shape)
    return Made(
        stack=stack,
        setup=_setup(checkpoint, found, stack),
        x=x,
        read="import random\n"
        f"draws = random.Random({seed})\n"
        f"x = [draws.gauss(0, 1) for _ in range({math.prod(shape)})]\n"
        f"x = torch.tensor(x).reshape{shape}",
        label=_label(name, found),
        kind=found.kind,
        drawn=f"input from seed {seed}",
        torch=checkpoint.torch,
    )


def _check_sizes(name: str, found: Found) -> None:
    """Before its numbers are read, which may be many."""
    if max(found.input_size, found.hidden_size) > LARGEST:
        raise UsageError(
            f"{shown(name)} has input_size {found.input_size} and hidden_size "
            f"{found.hidden_size}, expected 1 to {LARGEST}; larger ones "
            "cannot be drawn"
        )


def _label(name: str, found: Found) -> str:
    file = plain(Path(name).name, LABEL)
    module = plain(found.module, LABEL)
    label = f"Weights of {module} in {file}" if module else f"Weights of {file}"
    if found.dtype != "float32":
        label += f", converted from {found.dtype}"
    return label


def _setup(
    checkpoint: Checkpoint, found: Found, stack: tuple[Weights, ...]
) -> str:
    """Python that loads the module."""
    prefix = f"{found.module}." if found.module else ""
    home = checkpoint.tensors[found.names()[0].name].home
    if home is not None:
        # The names in `state` are shorter by what it was taken from.
        state, prefix = home.setup, prefix.removeprefix(home.prefix)
    elif found.parameters <= LITERALS:
        return build_module(stack, found.kind)
    else:
        state = (
            f"# `state` is your own: the tensors of {text(checkpoint.path)} by "
            "name.\n"
            "# The file is a TorchScript archive, and torch.jit.load can run "
            "code that\n"
            "# such an archive brings."
        )
    variable = "cell" if found.kind == "LSTMCell" else "lstm"
    key = f"{text(prefix)} + name" if prefix else "name"
    tensor = checkpoint.tensor.format(f"state[{key}]")
    return (
        f"{state}\n"
        f"{variable} = torch.nn.{signature(stack, found.kind)}\n"
        f"{variable}.load_state_dict(\n"
        f"    {{name: {tensor} for name in {variable}.state_dict()}}\n"
        ")"
    )
