import warnings

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.site.facts.common import module, randn, session


def cell_keeps_an_ended_state(**options):
    """And outputs zeros after the end of a packed sequence."""
    lstm, x = module(**options), randn(5, 2, 3)
    output, states = lstm(pack_padded_sequence(x, [5, 3]))
    _, alone = lstm(x[:3, 1:])
    return not pad_packed_sequence(output)[0][3:, 1].any() and all(
        torch.allclose(state[:, 1:], end, atol=1e-6)
        for state, end in zip(states, alone, strict=True)
    )


def from_session(name):
    return session("custom-cell")[name]


def graphs(name, **config):
    """How many graphs are made of a module of the page."""
    with warnings.catch_warnings(), torch._dynamo.config.patch(**config):
        warnings.simplefilter("ignore")
        return from_session("count_graphs")(from_session(name)(), randn(5, 1, 3))
