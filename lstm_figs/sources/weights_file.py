"""Load a module from a weights file, and make an input from a seed."""

import math
from pathlib import Path
from random import Random

import numpy as np

from ..errors import UsageError
from ..model.origin import Readout, Statement, joined_statements
from ..model.tensors import Array, Weights, signature
from ..names import printable, quoted_name
from ..proof.literals import LITERALS, build_module, text
from ..proof.preamble.truth import BRACKETS
from .alphabet import Alphabet
from .load import Checkpoint, StoredLstm, check_size, choose, read_weights, survey, weights
from .load.checkpoint import FLOATS
from .loaded import LoadedModule

MAX_OUTPUTS = 100
"""The most outputs of a read-out with labels."""

MAX_LABEL = 26
"""The most characters of a name in a label, to fit the narrowest figure."""


def from_file(
    name: str, module: str | None, seed: int, seq_len: int, batch_size: int, text: str | None = None
) -> LoadedModule:
    """Read a module and make an input, without torch.

    Args:
        name: The file, as it was typed.
        module: The name of the module in the file; None for the only one.
        seed: The seed of the input.
        seq_len: The number of steps.
        batch_size: The number of sequences.
        text: A text that the network reads, in place of a seeded input.

    Raises:
        LstmFigsError: If the file or the module cannot be used.
    """
    checkpoint = read_weights(name)
    lstm = choose(checkpoint, module)
    check_size(checkpoint, lstm)
    if text is None:
        lstm.arguments.check_memory(seq_len, batch_size)
        x, input_setup = _random(seed, (seq_len, batch_size, lstm.input_size))
    else:
        alphabet = _alphabet(checkpoint, lstm)
        lstm.arguments.check_memory(len(text), 1)
        x, input_setup = alphabet.encode(text), alphabet.setup(text)
    stack = weights(checkpoint, lstm)
    readout = _readout(checkpoint, lstm)
    return LoadedModule(
        stack=stack,
        setup=_setup(checkpoint, lstm, stack),
        x=x,
        input_setup=input_setup,
        label=_label(name, lstm, checkpoint),
        name=module_in_file(lstm.module, name),
        kind=lstm.kind,
        input_label=Statement("random input from seed {}", ((seed, str(seed)),))
        if text is None
        else None,
        torch=checkpoint.torch,
        text=text or "",
        readout=readout,
        answering=_readout_setup(checkpoint, readout) if readout else "",
    )


def setup_and_label(name: str, module: str | None) -> tuple[str, Statement]:
    """Python that loads a module, and its description in the footer of a figure."""
    checkpoint = read_weights(name)
    lstm = choose(checkpoint, module)
    return _setup(checkpoint, lstm, weights(checkpoint, lstm)), _label(name, lstm, checkpoint)


def _random(seed: int, shape: tuple[int, int, int]) -> tuple[Array, str]:
    """An input from a seed, and Python that makes the same."""
    # NumPy's own generators are slow to import.
    random = Random(seed)
    count = math.prod(shape)
    x = np.array([random.gauss(0, 1) for _ in range(count)], np.float32)
    return x.reshape(shape), (
        "import random\n"
        f"draws = random.Random({seed})\n"
        f"x = [draws.gauss(0, 1) for _ in range({count})]\n"
        f"x = torch.tensor(x).reshape{shape}"
    )


def _alphabet(checkpoint: Checkpoint, lstm: StoredLstm) -> Alphabet:
    """The alphabet in the metadata of the file.

    Raises:
        UsageError: If there is none, or it does not fit the module.
    """
    name, metadata = quoted_name(checkpoint.path), checkpoint.metadata
    characters, other = metadata.get("alphabet"), metadata.get("other")
    if characters is None:
        raise UsageError(
            f"got --text for {name}, which has no alphabet, expected a .safetensors file whose "
            'metadata has one; pass --input instead, or save it with metadata={"alphabet": …}'
        )
    count = len(characters)
    if count != lstm.input_size or len({*characters}) != count:
        raise UsageError(
            f"{name} has the alphabet {quoted_name(characters)}, expected {lstm.input_size} "
            "different characters, one for each input; save it with these, or pass --input"
        )
    if other is not None and other not in map(str, range(count)):
        raise UsageError(
            f"{name} has other={quoted_name(other)} in its metadata, expected an index of its "
            f"alphabet, 0 to {count - 1}; save it with one, or pass --input"
        )
    return Alphabet(characters, None if other is None else int(other))


def _readout(checkpoint: Checkpoint, lstm: StoredLstm) -> Readout | None:
    """The linear layer that reads h, if there is exactly one that fits.

    Layers that do not fit are ignored, because the file may be for any model.
    """
    metadata = checkpoint.metadata
    outputs = metadata.get("outputs", "").split(", ")
    weight, bias = (checkpoint.tensors.get(f"readout.{name}") for name in ("weight", "bias"))
    if weight is None or len(outputs) > MAX_OUTPUTS or not all(name.strip() for name in outputs):
        return None
    # If a layer fits two LSTMs, it may belong to the other one.
    fitting = [
        candidate
        for candidate in survey(checkpoint).lstms
        if candidate.num_layers == 1
        and not candidate.bidirectional
        and weight.shape == (len(outputs), candidate.proj_size or candidate.hidden_size)
    ]
    tensors = [weight] if bias is None else [weight, bias]
    if (
        fitting != [lstm]
        or (bias is not None and bias.shape != (len(outputs),))
        or any(tensor.kind or tensor.dtype not in FLOATS for tensor in tensors)
    ):
        return None
    truth = metadata.get("truth", "")
    return Readout(
        checkpoint.array("readout.weight"),
        None if bias is None else checkpoint.array("readout.bias"),
        tuple(map(printable, outputs)),
        truth if truth == BRACKETS else "",
        metadata.get("trained", ""),
    )


def _readout_setup(checkpoint: Checkpoint, readout: Readout) -> str:
    """Python that loads the read-out, after `_setup`."""
    answers, size = readout.weight.shape
    bias = ", bias=False" if readout.bias is None else ""
    tensor = checkpoint.tensor.format('state["readout." + name]')
    return (
        f"readout = torch.nn.Linear({size}, {answers}{bias})\n"
        "readout.load_state_dict(\n"
        f"    {{name: {tensor} for name in readout.state_dict()}}\n"
        ")"
    )


def module_in_file(module: str | None, file: str) -> str:
    """The name of a module and of its file.

    >>> module_in_file("rnn", "runs/last.pt")
    'rnn in last.pt'
    """
    name = printable(Path(file).name, MAX_LABEL)
    return f"{printable(module, MAX_LABEL)} in {name}" if module else name


def _label(name: str, lstm: StoredLstm, checkpoint: Checkpoint) -> Statement:
    """The statement on where the weights come from."""
    file = (printable(Path(name).name, MAX_LABEL), "")
    module = (printable(lstm.module, MAX_LABEL), "")
    label = (
        Statement("Weights of {} in {}", (module, file))
        if lstm.module
        else Statement("Weights of {}", (file,))
    )
    if lstm.dtype == "float32":
        return label
    has_location = checkpoint.tensors[lstm.names()[0].name].location is not None
    dtype = 'str(stored).removeprefix("torch.")' if has_location else ""
    converted = Statement("converted from {}", ((lstm.dtype, dtype),))
    return joined_statements((label, converted), ", ")


def _setup(checkpoint: Checkpoint, lstm: StoredLstm, stack: tuple[Weights, ...]) -> str:
    """Python that loads the module."""
    prefix = f"{lstm.module}." if lstm.module else ""
    location = checkpoint.tensors[lstm.names()[0].name].location
    if location is not None:
        # The names in `state` lack the prefix of its location.
        state, prefix = location.setup, prefix.removeprefix(location.prefix)
    elif lstm.parameters <= LITERALS:
        return build_module(stack, lstm.kind)
    else:
        state = f"# `state` is your own: the tensors of {text(checkpoint.path)} by name."
        if checkpoint.why_not_loaded:
            state += f"\n{checkpoint.why_not_loaded}"
    variable = "cell" if lstm.kind == "LSTMCell" else "lstm"
    key = f"{text(prefix)} + name" if prefix else "name"
    tensor = checkpoint.tensor.format(f"state[{key}]")
    stored = ""
    if location is not None and lstm.dtype != "float32":
        name = lstm.names()[0].name.removeprefix(location.prefix)
        stored = f"\nstored = state[{text(name)}].dtype"
    return (
        f"{state}\n"
        f"{variable} = torch.nn.{signature(stack, lstm.kind)}\n"
        f"{variable}.load_state_dict(\n"
        f"    {{name: {tensor} for name in {variable}.state_dict()}}\n"
        f"){stored}"
    )
