"""What `index` quotes."""

import torch

from lstm_figs.command.request import parse_header
from tests.site.facts.common import module, randn


def has_its_memory_alone() -> bool:
    """Whether a state stands for all that was read, and has one size.

    So what comes next follows from it, however much came before.
    """
    lstm, x = module(3, 2), randn(9, 1, 3)
    _, short = lstm(x[:4])
    _, long = lstm(x[:8])
    return [part.shape for part in short] == [part.shape for part in long] and torch.allclose(
        lstm(x[8:], long)[0], lstm(x)[0][8:]
    )


def looks_at_every_step_again() -> bool:
    """Whether attention weighs each step that was read, at every new one."""
    attention = torch.nn.MultiheadAttention(3, 1)
    x = randn(9, 1, 3)
    return all(attention(x[t - 1 : t], x[:t], x[:t])[1].count_nonzero() == t for t in range(1, 9))


def the_smile_closes_a_bracket() -> bool:
    """Whether c falls by one at the mouth of the smile, if that is cut."""
    falls = []
    for more in ("", " --set lstm.weight_hh_l0[0,1]=0"):
        header = f"reading --text 'f(a, \":)\", (b))'{more}"
        names: dict[str, torch.Tensor] = {}
        exec(parse_header(header).draw().metadata["preamble"], names)
        before, after = names["c"][6:8, 0, 0].tolist()
        falls.append(before - after)
    uncut, cut = falls
    return abs(uncut) < 0.1 and cut > 0.9
