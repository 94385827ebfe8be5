"""What pages say that a gate or a state does.

`f` and `i`, or `c` and `h`, are easily exchanged, and no listing would notice.
"""

import math

import torch

from tests.site.facts.common import module, randn, returned, session
from tests.site.facts_of_pages import Fact, of_torch


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


def is_dead_with_a_relu() -> bool:
    names = session("custom-cell")
    return not names["shown"].any() and not names["dead"].ih.weight.grad.any()


PARTS: dict[str, tuple[Fact, ...]] = {
    "index": of_torch(
        ("An arrow is what is written to it: a new value `g`, times `i`.", is_made_so),
        ("`i` is a *gate*, a number between zero and one that says how much gets through.", writes),
    ),
    "what-it-remembers": of_torch(
        (
            "`f`, the **forget gate**, decides how much of the memory is "
            "**kept**: one keeps all of it, zero forgets it.",
            keeps,
        ),
        ("`i`, the **input gate**, decides how much is **written** to it.", writes),
        ("`o`, the **output gate**, decides how much of it is **shown**.", shows),
        (
            "A fourth number, `g`, is what could be written, and `i` lets a part of it in.",
            is_made_so,
        ),
    ),
    "keep-write-show": of_torch(
        (
            "It is squashed by tanh, and the output gate `o` decides how much of that gets out.",
            shows,
            is_made_so,
        ),
        (
            "Its sum goes through σ, the sigmoid, and comes out as a gate, or "
            "through tanh and comes out as the new value `g`.",
            is_made_so,
        ),
        ("`i` is the **input gate**: how much is written.", writes),
        ("`f` is the **forget gate**: how much is kept.", keeps),
        (
            "`g` is what could be written, in many books the *candidate*; what "
            "is written is the product of `i` and `g`.",
            is_made_so,
        ),
        ("`o` is the **output gate**: how much is shown.", shows),
        ("Only `i`, `f` and `o` gate anything.", keeps, writes, shows),
        (
            "a share, as `i`, `f` and `o` have to be; tanh gives one between "
            "minus one and one, so that a write can go up or down",
            is_made_so,
        ),
    ),
    "why-two-states": of_torch(
        (
            "The map follows `c` alone: why a step writes what it does depends "
            "on what it reads, and on `h`.",
            meets_through_h_alone,
        ),
        ("**Multiplying by `f` keeps or clears.", keeps),
        ("and leaves `o` open", shows),
        (
            "So `c` is what a unit knows, and `h` is what it says.",
            returns_h_of_every_step,
            meets_through_h_alone,
        ),
        ("gates read `h`, and `h` comes from `c`", is_made_so),
        (
            "`f`, `i` and `o`, which say how much, and `g`, which says what is written",
            keeps,
            writes,
            shows,
        ),
        ("the more it writes, the less it keeps", cannot_keep_and_write),
    ),
    "four-weights": of_torch(
        (
            "how much to keep (`f`), how much to write (`i`), what to write "
            "(`g`), and how much to show (`o`)",
            keeps,
            writes,
            shows,
        ),
        (
            "All four gates, `g` among them, do the same arithmetic with different weights.",
            is_made_so,
        ),
    ),
    "independence": of_torch(("through `h`, never through `c`", meets_through_h_alone)),
    "step": of_torch(
        ("yields a number between zero and one, so `i`, `f` and `o` work like valves", is_made_so),
        (
            "`h`, a gate times a tanh, never leaves that range, however far `c` goes",
            only_c_has_no_limit,
        ),
        (
            "returns none of these intermediate results, only `h` of every "
            "step and `c` of the last",
            returns_h_of_every_step,
        ),
        ("compute the output gate `o` of unit 1", shows),
    ),
    "seq2seq": of_torch(
        (
            "The `tanh` keeps the first `h` within the range that every later "
            "`h` has; `c` has no such limit.",
            only_c_has_no_limit,
        )
    ),
    "gradients": of_torch(
        ("But `c` also decides `h`, and `h` the gates of the next step.", is_made_so)
    ),
    "forget-bias": of_torch(
        (
            "A forget gate `f` halves the cell state after `log(1/2) / log(f)` steps",
            keeps,
            lambda: math.isclose(0.9 ** (math.log(1 / 2) / math.log(0.9)), 0.5),
        )
    ),
    "gru": of_torch(
        (
            "The cell state of an LSTM has no such bound: with `i`, `f` and `g` near one",
            only_c_has_no_limit,
        ),
        ("An LSTM can keep everything and write something as well", keeps_all_and_writes),
        ("a GRU that writes more has to keep less", cannot_keep_and_write),
    ),
    "cost": of_torch(
        (
            "these are the four gates, `c`, its `tanh`, and `h`",
            lambda: (
                session("cost")["kept_for_backward"](
                    module(3, 5, dtype=torch.float64), randn(7, 2, 3).double()
                )
                == 7 * 2 * (3 + 7 * 5)
            ),
        )
    ),
    "custom-cell": of_torch(
        (
            "if its sum for `g` is below zero at every step, it writes "
            "nothing, and no gradient reaches the weights that could change "
            "that",
            is_dead_with_a_relu,
        )
    ),
    "errors": of_torch(
        (
            "Make `c` with `hidden_size`, and `h` with `proj_size` if there is a projection.",
            lambda: has_the_size_of_its_name(proj_size=2),
        )
    ),
    "questions": of_torch(
        ("It is the number of units: the length of `h` and of `c`.", has_the_size_of_its_name),
        (
            "At every step `h` is multiplied by a third matrix, `weight_hr`, "
            "and becomes shorter; `c` stays as it is.",
            lambda: has_the_size_of_its_name(proj_size=2),
        ),
    ),
}
"""A page -> what it says of them, beside its own facts."""
