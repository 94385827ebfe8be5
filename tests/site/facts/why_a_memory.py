"""What `why-a-memory` quotes."""

import math

import torch

from tests.site.facts.common import text
from tests.site.quoting import asked, figure, network, record
from tests.site.records import BRACKETS

VARIABLES = (
    f"len({text('why-a-memory.md')}.partition('yield ')[2]"
    ".partition('>>>')[0].split(', '))"
)
"""What the program on the page gives after each character."""


def left(f: float, steps: int) -> float:
    """What is left of a cell state to which nothing is added."""
    cell, zero = torch.nn.LSTMCell(1, 1).double(), torch.zeros(1, 1).double()
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.fill_(0)
        cell.bias_ih[1] = math.log(f / (1 - f))
        cell.bias_ih[0] = -99
        state = zero, zero + 1
        for _ in range(steps):
            state = cell(zero, state)
    return state[1].item()


FACTS = (
    *asked(
        (
            "Training changes the weights and nothing else.",
            lambda: not [*torch.nn.LSTM(3, 2).buffers()],
            lambda: len([*torch.nn.LSTM(3, 2).parameters()]) == 4,
        ),
        (
            "sixty steps at one half leave nothing, and at {} they leave "
            "{:.0%}.",
            lambda: 0.99,
            lambda: left(0.99, 60) if left(0.5, 60) < 1e-15 else math.nan,
        ),
    ),
    *figure(
        (
            "Look at the lowest curve first, that of the plain RNN",
            "norms['RNN'][0] == min(curve[0] for curve in norms.values())",
        ),
        ("From {} steps back {:.1e} is left", "len(x) - 1", "norms['RNN'][0]"),
        (
            "an LSTM as PyTorch makes it is hardly better than the RNN",
            "norms['0'][0] < 1e-12",
        ),
        (
            "The larger the number, the more is left of the earliest inputs",
            "norms['1'][0] < norms['2'][0] < norms['5'][0]",
        ),
        (
            "Its forget gates begin about half open",
            "((lstm.bias_ih_l0 + lstm.bias_hh_l0)[8:16].sigmoid() - 0.5).abs()"
            ".max() < 0.15",
        ),
        (
            "it even rises again to the right",
            "norms['5'][0] > 5 * norms['5'][49]",
        ),
        (
            "The curve of the largest number is low at the left",
            "norms['5'][49] < norms['2'][49]",
        ),
        (
            "has grown large, {:.1f} away from zero on average",
            "more(x.double())[1][1].abs().mean()",
        ),
        (
            "an input three steps back changes the memory by {:.2f}, and the "
            "output by {:.3f}",
            "torch.autograd.functional.jacobian("
            "lambda x: more(x)[1][1].sum(), x.double())[-4].norm()",
            "norms['5'][-4]",
        ),
    ),
    *record(
        BRACKETS,
        ("given {:,} fresh strings", "count"),
        (
            "{:,} strings of {} characters | Of {} characters",
            "count",
            "60",
            "200",
        ),
        (
            "| `nn.RNN(4, 2)` | {} | {}, {} and {} | {}, {} and {} |",
            "of('RNN', 2)[0]['parameters']",
            *(
                f"of('RNN', 2)[{seed}]['right_{length}']"
                for length in (60, 200)
                for seed in range(3)
            ),
        ),
        (
            "| `nn.RNN(4, 8)` | {} | {}, {} and {} | {}, {} and {} |",
            "of('RNN', 8)[0]['parameters']",
            *(
                f"of('RNN', 8)[{seed}]['right_{length}']"
                for length in (60, 200)
                for seed in range(3)
            ),
        ),
        ("three times each", "len(of('RNN', 2)) == len(of('RNN', 8)) == 3"),
        (
            "at best they follow half of the shorter strings to the end, and "
            "hardly any of the longer ones",
            "0.4 < max(n['right_60'] for n in of('RNN', 8)) / count < 0.6",
            "max(n['right_200'] for n in of('RNN', 8)) / count < 0.05",
        ),
    ),
    *record(
        BRACKETS,
        (
            "{:Word} units never get a whole string right. {:Word} units learn",
            "min(n['units'] for n in networks if n['kind'] == 'RNN')",
            "max(n['units'] for n in networks if n['kind'] == 'RNN')",
        ),
        (
            "never get a whole string right",
            "not any(n['right_60'] + n['right_200'] for n in of('RNN', 2))",
        ),
    ),
    *network(
        "reading --network brackets",
        ("use {:word} variables", VARIABLES),
        ("like the {:word} variables", VARIABLES),
        ("each as {:word} numbers of which one is", "x.shape[-1]"),
        ("of which one is", "(x == 1).sum() == x.sum() == len(x)"),
        (
            "for {:word} characters, matrix and tanh together have to give it "
            "back unchanged {:word} times",
            "20",
            "20",
        ),
        ("If the cause is {:word} characters back", "30"),
    ),
)
