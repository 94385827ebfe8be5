"""The networks that were trained on brackets and quotes, with a text."""

from dataclasses import replace

import numpy as np

from ..model.origin import Statement
from ..model.tensors import Trace
from ..proof.literals import build_module, build_plain, build_readout
from .alphabet import Alphabet
from .loaded import LoadedModule
from .networks import BATCHES, Network, brackets, brackets_16, moment, plain, training

TEXT = 'p(k, q("(", (m)), r(n)) + "))" (s)'
"""The default text for the bracket network."""


def trained(
    name: str,
    text: str | None,
    seq_len: int | None,
    batch_size: int | None,
    after: int | None = None,
) -> LoadedModule:
    """A trained network with an input.

    Args:
        name: The name of the network; that of the plain RNN gives the bracket
            network, whose text it reads.
        text: The text; `TEXT` by default.
        seq_len: The number of characters of the default text, which is repeated
            if it is too short; all by default.
        batch_size: The number of sequences. Each starts a step later than the
            one before, and wraps around. `runs.batches` makes batches in the
            same way.
        after: The number of training batches; all by default.
    """
    is_wide = name == "brackets-16"
    network = brackets_16() if is_wide else brackets() if after is None else moment(after)
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
        label=Statement("The bracket network of 16 units" if is_wide else "The bracket network"),
        text=text,
        readout=network.readout,
        answering=build_readout(network.readout),
        after=None if after is None else network.after,
        training=training if after is None and not is_wide else None,
    )


def without_gates(trace: Trace) -> Trace:
    """Run the plain RNN on the same text.

    Args:
        trace: The run of the bracket network.
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
    """Python that makes the module, with a comment about the moment."""
    built = build_module((network.weights,))
    if after is None:
        return built
    comment = f"batches = {network.after}  # of the {BATCHES} of its training"
    return f"{comment}\n{built}"
