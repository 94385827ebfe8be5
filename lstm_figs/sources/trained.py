"""The bracket network, and a text for it."""

from dataclasses import replace

import numpy as np

from ..model.origin import Statement
from ..model.tensors import Trace
from ..proof.literals import build_module, build_plain, build_readout
from .alphabet import Alphabet
from .loaded import LoadedModule
from .networks import BATCHES, Network, brackets, moment, plain, training

TEXT = 'p(k, q("(", (m)), r(n)) + "))" (s)'
"""What the bracket network reads where nothing else is given."""


def trained(
    text: str | None, seq_len: int | None, batch_size: int | None, after: int | None = None
) -> LoadedModule:
    """The bracket network, and an input for it.

    Args:
        text: What it reads, by default `TEXT`.
        seq_len: How many characters of the default text, which begins anew
            where it ends; all by default.
        batch_size: How many sequences. Each begins a step later than the one
            before, and what is left out stands at its end, as `runs.batches`
            makes a batch of one sequence.
        after: After how many batches of its training, by default all.
    """
    network = brackets() if after is None else moment(after)
    if text is None:
        count = seq_len or len(TEXT)
        text = (TEXT * (1 + count // len(TEXT)))[:count]
    alphabet = Alphabet(network.alphabet, network.other)
    x, input_setup = alphabet.encode(text), alphabet.setup(text)
    if batch_size is not None and batch_size > 1:
        x = np.concatenate([np.roll(x, -n, axis=0) for n in range(batch_size)], axis=1)
        input_setup += f"\nx = torch.cat([x.roll(-n, 0) for n in range({batch_size})], dim=1)"
    return LoadedModule(
        stack=(network.weights,),
        setup=_module_setup(network, after),
        x=x,
        input_setup=input_setup,
        label=Statement("The bracket network"),
        text=text,
        readout=network.readout,
        answering=build_readout(network.readout),
        after=None if after is None else network.after,
        training=training if after is None else None,
    )


def without_gates(trace: Trace) -> Trace:
    """The same text, for a figure that draws what a plain RNN makes of it.

    Args:
        trace: What the bracket network makes of it.
    """
    network, origin = plain(), trace.origin
    setup = [
        build_plain(network.layer),
        Alphabet(brackets().alphabet, brackets().other).setup(origin.text),
    ]
    return replace(
        trace,
        origin=origin._replace(
            label=Statement("A plain RNN."),
            setup="\n".join(setup),
            network="plain",
            readout=network.readout,
            readout_setup=build_readout(network.readout),
            plain=network.layer,
        ),
    )


def _module_setup(network: Network, after: int | None) -> str:
    """Python that makes the module, and says of which moment it is."""
    built = build_module((network.weights,))
    if after is None:
        return built
    comment = f"batches = {network.after}  # of the {BATCHES} of its training"
    return f"{comment}\n{built}"
