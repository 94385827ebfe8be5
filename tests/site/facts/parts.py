"""What pages say that a gate or a state does.

`f` and `i`, or `c` and `h`, are easily exchanged, and no listing would notice.
"""

import math

import torch

from tests.site.facts.common import module, randn, returned


def is_gone_without(gate: str) -> str:
    """What is gone where a gate is shut: what is kept, written or shown."""
    cell, zero = torch.nn.LSTMCell(1, 1), torch.zeros(1, 1)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.fill_(0)
        cell.bias_ih[2] = 1
        cell.bias_ih["ifgo".index(gate)] = -99
        h, c = cell(zero, (zero, torch.full((1, 1), 4.0)))
    keep, write = 4 / 2, math.tanh(1) / 2
    ends = {"written": keep, "kept": write, "shown": keep + write}
    (gone,) = [k for k, end in ends.items() if math.isclose(c, end, abs_tol=1e-4)]
    assert (h.item() == 0) == (gone == "shown")
    return gone


def keeps() -> bool:
    return is_gone_without("f") == "kept"


def writes() -> bool:
    return is_gone_without("i") == "written"


def shows() -> bool:
    return is_gone_without("o") == "shown"


def is_made_so() -> bool:
    """Whether a cell does what its equations say.

    `i`, `f` and `o` are sigmoids, `g` is a tanh; `c` keeps by `f` and adds `i`
    times `g`, and `h` is `o` times its tanh.
    """
    torch.manual_seed(0)
    cell, x, h, c = (torch.nn.LSTMCell(3, 2), randn(5, 3), randn(5, 2), randn(5, 2))
    z = x @ cell.weight_ih.T + cell.bias_ih + h @ cell.weight_hh.T + cell.bias_hh
    i, f, g, o = z.chunk(4, dim=1)
    after = f.sigmoid() * c + i.sigmoid() * g.tanh()
    result = cell(x, (h, c))
    return torch.allclose(result[0], o.sigmoid() * after.tanh()) and torch.allclose(
        result[1], after
    )


def meets_through(part: int) -> bool:
    """Whether a unit feels another's `h`, or its `c`, of the step before."""
    torch.manual_seed(0)
    cell, x = torch.nn.LSTMCell(3, 2), randn(1, 3)
    state = [randn(1, 2), randn(1, 2, seed=1)]
    _, before = cell(x, state)
    state[part] = state[part] + torch.tensor([[0.0, 1.0]])
    return not torch.equal(cell(x, state)[1][:, 0], before[:, 0])


def meets_through_h_alone() -> bool:
    return meets_through(0) and not meets_through(1)


def returns_h_of_every_step() -> bool:
    """Whether `h` comes of every step, and `c` of the last alone."""
    output, (h_n, c_n) = returned()
    is_h = torch.equal(output[-1], h_n[0])
    return is_h and output.shape == (4, 5, 2) and c_n.shape == (1, 5, 2)


def only_c_has_no_limit() -> bool:
    """Whether `c` can count up where `h` stays within one."""
    lstm = torch.nn.LSTM(1, 1)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.fill_(9)
        _, (h, c) = lstm(torch.ones(20, 1, 1))
    return abs(h.item()) <= 1 and c.item() > 19


def has_the_size_of_its_name(**options: int) -> bool:
    """Whether `c` has a number for each unit, and a projected `h` fewer."""
    _, (h_n, c_n) = module(3, 5, **options)(randn(4, 1, 3))
    return c_n.shape[2] == 5 and h_n.shape[2] == options.get("proj_size", 5)


def cannot_keep_and_write() -> bool:
    """Whether a GRU that takes more of the new keeps less of the old."""
    gru, ends = torch.nn.GRU(1, 1), []
    with torch.no_grad():
        for bias in (-2.0, 0.0, 2.0):
            for parameter in gru.parameters():
                parameter.fill_(0)
            gru.bias_ih_l0[1] = bias  # of the update gate
            old = gru(torch.zeros(1, 1, 1), torch.ones(1, 1, 1))[1].item()
            gru.bias_ih_l0[2] = 99  # the new value is one
            new = gru(torch.zeros(1, 1, 1), torch.zeros(1, 1, 1))[1].item()
            ends.append((old, new))
    return all(math.isclose(old + new, 1, abs_tol=1e-6) for old, new in ends)


def keeps_all_and_writes() -> bool:
    """Whether a cell with open gates adds to all that it had."""
    cell, zero = torch.nn.LSTMCell(1, 1), torch.zeros(1, 1)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.fill_(9)
        _, c = cell(zero, (zero, torch.full((1, 1), 4.0)))
    return math.isclose(c.item(), 5, abs_tol=1e-3)
