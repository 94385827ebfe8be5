"""What `gru` quotes."""

import torch

from tests.site.facts.common import (
    GATES,
    STATES,
    WEIGHTS,
    gate_of,
    listed,
    module,
    parameters,
    randn,
    session,
    text,
)
from tests.site.facts.parts import cannot_keep_and_write, is_made_so, only_c_has_no_limit
from tests.site.facts_of_pages import network, of_torch

BANDS = "len(torch.nn.GRU(3, 2).weight_ih_l0) // 2"

SAME = "sum(torch.allclose(own, gate) for own, gate in ((r, i), (z, f)))"
"""Gates that the GRU of the figure has from the LSTM."""


def band_of(row: int) -> str:
    """What a row of a GRU of two units makes, asked of a cell.

    From a state of two, with a first bias that makes what could be written
    one: what is kept is all there is, and the reset acts on what is written.
    """
    cell, h_0 = torch.nn.GRUCell(1, 2), torch.full((2,), 2.0)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.bias_hh.fill_(0.5)
        before = cell(torch.zeros(1), h_0)
        cell.bias_ih[row] = 99
        h = cell(torch.zeros(1), h_0)
    (unit,) = (h != before).nonzero().flatten().tolist()
    share, new = torch.tensor(0.5).sigmoid(), torch.tensor(0.5).tanh()
    ends = {
        "r": share * 2 + (1 - share) * new,
        "z": torch.tensor(2.0),
        "n": share * 2 + (1 - share),
    }
    (band,) = [k for k, end in ends.items() if torch.isclose(end, h[unit])]
    return band


def can_be_merged(band: int) -> bool:
    """Whether the second bias of a band may be added to the first."""
    torch.manual_seed(0)
    gru, x = torch.nn.GRU(3, 2), randn(5, 1, 3)
    before, _ = gru(x)
    rows = slice(2 * band, 2 * band + 2)
    with torch.no_grad():
        gru.bias_ih_l0[rows] += gru.bias_hh_l0[rows]
        gru.bias_hh_l0[rows] = 0
    return torch.allclose(gru(x)[0], before, atol=1e-6)


def stays_within_one(std: float = 9.0) -> bool:
    """Whether no weights, however large, lead out from zeros."""
    is_within = []
    for seed in range(9):
        torch.manual_seed(seed)
        gru = torch.nn.GRU(2, 3)
        for parameter in gru.parameters():
            torch.nn.init.normal_(parameter, std=std)
        is_within.append(gru(randn(30, 1, 2, seed=seed))[0].abs().max() <= 1)
    return all(is_within)


def is_squashed_once_more() -> bool:
    """Whether an LSTM shows at most the tanh of what it has, a GRU all."""
    lstm, gru, x = module(3, 4), torch.nn.GRU(3, 4), randn(5, 7, 3)
    _, (h, c) = lstm(x)
    output, h_n = gru(x)
    return bool((h.abs() <= c.tanh().abs()).all()) and torch.equal(output[-1], h_n[0])


def operators(rnn: torch.nn.Module) -> int:
    with torch.inference_mode(), torch.profiler.profile() as profile:
        rnn(randn(9, 1, 3))
    return sum(event.count for event in profile.key_averages())


def lstm_biases_are_one() -> bool:
    lstm, x = module(3, 2), randn(4, 1, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.bias_ih_l0 += lstm.bias_hh_l0
        lstm.bias_hh_l0.zero_()
    return torch.allclose(lstm(x)[0], before, atol=1e-6)


FACTS = (
    *of_torch(
        (
            "What z does not keep, the GRU writes, and there is no gate behind "
            "which it could hide.",
            cannot_keep_and_write,
            is_squashed_once_more,
        ),
        (
            "| What it does | LSTM | GRU | | --- | --- | --- | | Keep | $f = "
            "\\sigma(z_f)$ | $z = \\sigma(z_z)$ | | Write | $i = "
            "\\sigma(z_i)$ | $1 - z$ | | New value | $g = \\tanh(z_g)$ | "
            "$n$, in the next equation | | State | $c_t = f \\odot c_{{t-1}} + "
            "i \\odot g$ | $h_t = z \\odot h_{{t-1}} + (1 - z) \\odot n$ |",
            is_made_so,
            cannot_keep_and_write,
            lambda: "".join(map(band_of, range(6))) == "rrzznn",
            lambda: [gate_of(row)[0] for row in range(0, 8, 2)] == [*"ifgo"],
        ),
        (
            "| Gate that shows | $o = \\sigma(z_o)$ | none | | Shown | $h_t = "
            "o \\odot \\tanh(c_t)$ | $h_t$ itself | | Reset | none | $r = "
            "\\sigma(z_r)$ |",
            is_made_so,
            is_squashed_once_more,
            lambda: "".join(map(band_of, range(6))) == "rrzznn",
        ),
        (
            "all that it keeps acts on every gate of the next step, and on the layer above.",
            is_squashed_once_more,
        ),
        ("No. An LSTM", is_squashed_once_more),
        (
            ", and what it shows is squashed: `h` has gone through another "
            "tanh, which no weights of it undo. And no GRU [can "
            "count](#what-a-gru-cannot-do), as an LSTM can.",
            is_squashed_once_more,
            stays_within_one,
            only_c_has_no_limit,
        ),
        (
            "The module returns `output, h_n`: no tuple of two states, because there is one.",
            lambda: torch.nn.GRU(3, 2)(randn(4, 1, 3))[1].shape == (1, 1, 2),
        ),
        (
            "## Its second bias is not redundant [In an LSTM only the sum of "
            "both biases matters](weight-map.md#why-two-biases). In a GRU that "
            "holds for `r` and `z`;",
            lambda: [can_be_merged(band) for band in range(3)] == [True, True, False],
            lstm_biases_are_one,
        ),
        ("So the two biases of `n` cannot be merged:", lambda: not can_be_merged(2)),
        (
            "## What a GRU cannot do Its state is a mixture of the old state and",
            stays_within_one,
            cannot_keep_and_write,
        ),
        (
            "from a state of zeros it never leaves that interval, whatever the weights.",
            stays_within_one,
        ),
        (
            ", [time is not](#what-a-gru-saves),",
            lambda: operators(torch.nn.GRU(3, 2)) > operators(module(3, 2)),
        ),
    ),
    *network(
        "gru",
        (
            "Only the new value of the GRU is computed differently, because "
            "$r$ decides how much of",
            f"{SAME} == 2 and not torch.allclose(n, g)",
        ),
    ),
    *of_torch(
        (
            "`weight_ih_l0` and `weight_hh_l0` have `3 * hidden_size` rows: reset, update, new.",
            lambda: "".join(map(band_of, range(6))) == "rrzznn",
        ),
        (
            "in the band of `n` the second bias is inside the brackets, multiplied by `r`",
            lambda: [can_be_merged(band) for band in range(3)] == [True, True, False],
        ),
        (
            "The columns are `input_size`, `hidden_size`, parameters, and multiplications",
            lambda: (
                [
                    int(number.replace(",", ""))
                    for number in session("gru")["row"](torch.nn.LSTM, 3, 4).split()[1:]
                ]
                == [3, 4, parameters(torch.nn.LSTM(3, 4)), 4 * 4 * (3 + 4)]
            ),
        ),
    ),
    *network(
        "cell",
        (
            "with {:word} bands of weights instead of {:word}, and one state instead of {:word}",
            BANDS,
            GATES,
            STATES,
        ),
        ("A quarter: {:word} bands instead of {:word}", BANDS, GATES),
        (
            "a [forget bias of {:.0f}](forget-bias.md)",
            listed(r"value=([\d.]+)\)", "forget-bias.md"),
        ),
        ("A quarter", f"1 - ({BANDS}) / ({GATES}) == 0.25"),
        ("is a sum of {:word} products and two biases", WEIGHTS),
        (
            "have {:word} more multiplications per unit",
            f"{text('keep-write-show.md')}.split('$$')[1].count('odot')",
        ),
        (
            "a value between {:.0f} and {:.0f}, so",
            "torch.tensor(-99.0).tanh()",
            "torch.tensor(99.0).tanh()",
        ),
    ),
    *network(
        "gru",
        ("The LSTM decides {:word} times", "sum(bool((gate >= 0).all()) for gate in (i, f, g, o))"),
        (
            "the first {:word} bands of this LSTM's weights",
            "sum(torch.equal(*bands) for bands in zip("
            "gru.weight_ih_l0.split(2), lstm.weight_ih_l0.split(2)))",
        ),
        ("So the first {:word} sums and gates are equal", SAME),
    ),
)
