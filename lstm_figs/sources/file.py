"""A module from a weights file, and an input from a seed."""

import math
from pathlib import Path
from random import Random

import numpy as np

from ..errors import UsageError
from ..model.origin import Readout, Told, joined
from ..model.tensors import Array, Weights, signature
from ..names import plain, shown
from ..proof.literals import LITERALS, build_module, text
from ..proof.preamble.truth import BRACKETS
from .alphabet import Alphabet
from .load import Checkpoint, Found, check_size, choose, read_weights, survey, weights
from .load.checkpoint import FLOATS
from .made import Made

MOST_OUTPUTS = 100
"""The most answers of a read-out that have names."""

LABEL = 26
"""The longest name in a label, which fits the narrowest figure."""


def from_file(
    name: str, module: str | None, seed: int, seq_len: int, batch_size: int, text: str | None = None
) -> Made:
    """Read a module, and make an input without torch.

    Args:
        name: The file, as it was typed.
        module: What its tensors' names begin with; None for the only one.
        seed: Of the input.
        seq_len: Number of steps.
        batch_size: Number of sequences.
        text: What the network reads in place of a seeded input.

    Raises:
        LstmFigsError: If the file or the module cannot be used.
    """
    checkpoint = read_weights(name)
    found = choose(checkpoint, module)
    check_size(checkpoint, found)
    if text is None:
        found.form.check_memory(seq_len, batch_size)
        x, read = _random(seed, (seq_len, batch_size, found.input_size))
    else:
        alphabet = _alphabet(checkpoint, found)
        found.form.check_memory(len(text), 1)
        x, read = alphabet.encode(text), alphabet.setup(text)
    stack = weights(checkpoint, found)
    readout = _readout(checkpoint, found)
    return Made(
        stack=stack,
        setup=_setup(checkpoint, found, stack),
        x=x,
        read=read,
        label=_label(name, found, checkpoint),
        kind=found.kind,
        drawn=Told("input from seed {}", ((seed, str(seed)),)) if text is None else None,
        torch=checkpoint.torch,
        text=text or "",
        readout=readout,
        answering=_answering(checkpoint, readout) if readout else "",
    )


def _random(seed: int, shape: tuple[int, int, int]) -> tuple[Array, str]:
    """An input from a seed, and Python that makes the same."""
    # NumPy's own generators take long to import.
    random = Random(seed)
    count = math.prod(shape)
    x = np.array([random.gauss(0, 1) for _ in range(count)], np.float32)
    return x.reshape(shape), (
        "import random\n"
        f"draws = random.Random({seed})\n"
        f"x = [draws.gauss(0, 1) for _ in range({count})]\n"
        f"x = torch.tensor(x).reshape{shape}"
    )


def _alphabet(checkpoint: Checkpoint, found: Found) -> Alphabet:
    """What the file says that its network reads.

    Raises:
        UsageError: If it does not say it, or it does not fit the module.
    """
    name, said = shown(checkpoint.path), checkpoint.metadata
    characters, other = said.get("alphabet"), said.get("other")
    if characters is None:
        raise UsageError(
            f"got --text for {name}, which has no alphabet, expected a "
            ".safetensors file whose metadata has one; give --input instead, "
            'or save it with metadata={"alphabet": …}'
        )
    count = len(characters)
    if count != found.input_size or len({*characters}) != count:
        raise UsageError(
            f"{name} has the alphabet {shown(characters)}, expected one "
            f"character for each of its {found.input_size} inputs, none "
            "twice; save it with another, or give --input"
        )
    if other is not None and other not in map(str, range(count)):
        raise UsageError(
            f"{name} has the other {shown(other)}, expected a place in its "
            f"alphabet, 0 to {count - 1}; save it with one, or give --input"
        )
    return Alphabet(characters, None if other is None else int(other))


def _readout(checkpoint: Checkpoint, found: Found) -> Readout | None:
    """The linear layer that answers from h, if there is one that fits.

    A file need not be made for us, so what does not fit is no mistake of it.
    """
    said = checkpoint.metadata
    outputs = said.get("outputs", "").split(", ")
    weight, bias = (checkpoint.tensors.get(f"readout.{name}") for name in ("weight", "bias"))
    if weight is None or len(outputs) > MOST_OUTPUTS or not all(name.strip() for name in outputs):
        return None
    # Of two LSTMs that it fits, it may answer from the other.
    fitting = [
        one
        for one in survey(checkpoint).found
        if one.num_layers == 1
        and not one.bidirectional
        and weight.shape == (len(outputs), one.proj_size or one.hidden_size)
    ]
    given = [weight] if bias is None else [weight, bias]
    if (
        fitting != [found]
        or (bias is not None and bias.shape != (len(outputs),))
        or any(one.kind or one.dtype not in FLOATS for one in given)
    ):
        return None
    truth = said.get("truth", "")
    return Readout(
        checkpoint.array("readout.weight"),
        None if bias is None else checkpoint.array("readout.bias"),
        tuple(map(plain, outputs)),
        truth if truth == BRACKETS else "",
        said.get("trained", ""),
    )


def _answering(checkpoint: Checkpoint, readout: Readout) -> str:
    """Python that loads the read-out, after `_setup`."""
    answers, size = readout.weight.shape
    bias = ", bias=False" * (readout.bias is None)
    tensor = checkpoint.tensor.format('state["readout." + name]')
    return (
        f"readout = torch.nn.Linear({size}, {answers}{bias})\n"
        "readout.load_state_dict(\n"
        f"    {{name: {tensor} for name in readout.state_dict()}}\n"
        ")"
    )


def _label(name: str, found: Found, checkpoint: Checkpoint) -> Told:
    file = (plain(Path(name).name, LABEL), "")
    module = (plain(found.module, LABEL), "")
    told = (
        Told("Weights of {} in {}", (module, file))
        if found.module
        else Told("Weights of {}", (file,))
    )
    if found.dtype == "float32":
        return told
    has_home = checkpoint.tensors[found.names()[0].name].home is not None
    dtype = 'str(stored).removeprefix("torch.")' if has_home else ""
    converted = Told("converted from {}", ((found.dtype, dtype),))
    return joined((told, converted), ", ")


def _setup(checkpoint: Checkpoint, found: Found, stack: tuple[Weights, ...]) -> str:
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
    stored = ""
    if home is not None and found.dtype != "float32":
        name = found.names()[0].name.removeprefix(home.prefix)
        stored = f"\nstored = state[{text(name)}].dtype"
    return (
        f"{state}\n"
        f"{variable} = torch.nn.{signature(stack, found.kind)}\n"
        f"{variable}.load_state_dict(\n"
        f"    {{name: {tensor} for name in {variable}.state_dict()}}\n"
        f"){stored}"
    )
