"""The bracket network, and a text for it."""

import numpy as np

from ..model.origin import Told
from ..proof.literals import build_module, build_readout
from .alphabet import Alphabet
from .made import Made
from .networks import brackets

TEXT = 'p(k, q("(", (m)), r(n)) + "))" (s)'
"""What the bracket network reads where nothing else is given."""


def trained(
    text: str | None, seq_len: int | None, batch_size: int | None
) -> Made:
    """The bracket network, and an input for it.

    Args:
        text: What it reads, by default `TEXT`.
        seq_len: How many characters of the default text, which begins anew
            where it ends; all by default.
        batch_size: How many sequences. Each begins a step later than the one
            before, and what is left out stands at its end, as `runs.batches`
            makes a batch of one sequence.
    """
    network = brackets()
    if text is None:
        count = seq_len or len(TEXT)
        text = (TEXT * (1 + count // len(TEXT)))[:count]
    alphabet = Alphabet(network.alphabet, network.other)
    x, read = alphabet.encode(text), alphabet.setup(text)
    if batch_size is not None and batch_size > 1:
        x = np.concatenate(
            [np.roll(x, -n, axis=0) for n in range(batch_size)], axis=1
        )
        read += (
            "\nx = torch.cat("
            f"[x.roll(-n, 0) for n in range({batch_size})], dim=1)"
        )
    return Made(
        stack=(network.weights,),
        setup=build_module((network.weights,)),
        x=x,
        read=read,
        label=Told("The bracket network"),
        text=text,
        readout=network.readout,
        answering=build_readout(network.readout),
    )
