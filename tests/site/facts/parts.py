"""What pages say that a gate or a state does.

`f` and `i`, or `c` and `h`, are easily exchanged, and no listing would notice.
"""

import math

import torch

from tests.site.facts.common import close, filled, module, randn, returned


def is_gone_without(gate):
    """What is gone where a gate is shut: what is kept, written or shown."""
    cell = filled(
        torch.nn.LSTMCell(1, 1), 0, bias_ih=[-99 * (g == gate) + (g == "g") for g in "ifgo"]
    )
    h, c = cell(torch.zeros(1), (torch.zeros(1), torch.full((1,), 4.0)))
    ends = {4 / 2: "written", math.tanh(1) / 2: "kept", 4 / 2 + math.tanh(1) / 2: "shown"}
    (gone,) = [what for end, what in ends.items() if math.isclose(c.item(), end, abs_tol=1e-4)]
    assert (h.item() == 0) == (gone == "shown")
    return gone


def f_keeps():
    return is_gone_without("f") == "kept"


def i_writes():
    return is_gone_without("i") == "written"


def o_shows():
    return is_gone_without("o") == "shown"


def equations_hold():
    """Whether a cell computes `i`, `f`, `g`, `o`, `c` and `h` by its equations."""
    cell, x, h, c = torch.nn.LSTMCell(3, 2), randn(5, 3), randn(5, 2), randn(5, 2)
    z = x @ cell.weight_ih.T + cell.bias_ih + h @ cell.weight_hh.T + cell.bias_hh
    i, f, g, o = z.chunk(4, dim=1)
    after = f.sigmoid() * c + i.sigmoid() * g.tanh()
    h_n, c_n = cell(x, (h, c))
    return close(h_n, o.sigmoid() * after.tanh()) and close(c_n, after)


def returns_h_of_every_step():
    """Whether `h` comes of every step, and `c` of the last alone."""
    output, (h_n, c_n) = returned()
    return torch.equal(output[-1], h_n[0]) and len(output) == 4 and len(c_n) == 1


def only_c_has_no_limit():
    _, (h, c) = filled(torch.nn.LSTM(1, 1), 9)(torch.ones(20, 1, 1))
    return h.item() <= 1 and c.item() > 19


def states_fit_their_sizes(**options):
    _, (h_n, c_n) = module(3, 5, **options)(randn(4, 1, 3))
    return c_n.shape[2] == 5 and h_n.shape[2] == options.get("proj_size", 5)
