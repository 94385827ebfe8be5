import math
import re
from functools import cache

import torch

from tests.doc_scripts import load
from tests.site.facts.common import close, filled, module, randn, session
from tests.site.facts_of_pages import page


def bands_that_keep():
    """The bands of a bias that keep a cell state if they are large."""
    state = torch.zeros(1), torch.full((1,), 2.0)
    cells = (filled(torch.nn.LSTMCell(1, 1), 0, bias_ih=10 * row) for row in torch.eye(4))
    return [band for band, cell in enumerate(cells) if cell(torch.zeros(1), state)[1] > 1.9]


def weights_are_uniform(inputs):
    k = 64**-0.5
    weights = module(inputs, 64).parameters()
    return all(-k <= p.min() < -0.9 * k and 0.9 * k < p.max() <= k for p in weights)


def kept_at_first():
    """What a new LSTM keeps of its memory in a step, in the mean."""
    lstm = module(3, 64)
    z = randn(100, 3) @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    return z.chunk(4, dim=1)[1].sigmoid().mean().item()


@cache
def adding_answers():
    torch.manual_seed(0)
    return load("measure_adding").sequences(20_000)[1]


def says_the_mean():
    """How often of 2,000 the mean is near enough."""
    script = load("measure_adding")
    is_near = (adding_answers() - adding_answers().mean()).abs() < script.NEAR
    return script.FRESH * is_near.float().mean().item()


def answer_is_half_and_a_quarter():
    x, y = load("measure_adding").sequences(50)
    marked = (x[..., 0] * x[..., 1]).sum(dim=0)[:, None]
    return bool(x[..., 1].sum(dim=0).eq(2).all()) and close(y, 0.5 + marked / 4)


def sets_the_sum():
    """Whether the page's function makes both forget biases of LSTMs add up to one."""
    parts = module(3, 2, 2, bidirectional=True), torch.nn.LSTMCell(3, 2), torch.nn.GRU(3, 2)
    before = parts[2].bias_hh_l0.clone()
    session("forget-bias")["set_forget_bias"](torch.nn.ModuleList(parts))
    named = [pair for part in parts[:2] for pair in part.named_parameters()]
    first, second = (
        torch.stack([bias[2:4] for name, bias in named if kind in name])
        for kind in ("bias_ih", "bias_hh")
    )
    # four biases of the LSTM, and that of the cell
    return len(first) == 5 and (first + second).eq(1).all() and parts[2].bias_hh_l0.equal(before)


def table_is_right():
    number = r"\| ([\d.]+) \| ([\d.]+) steps \| (nothing|[\d.]+)%? \| ([\d.]+) \|"
    rows = re.findall(number, page("forget-bias").text)
    return len(rows) == 8 and all(
        half == f"{math.log(0.5, float(f)):.1f}"
        and bias == f"{math.log(float(f) / (1 - float(f))):.1f}"
        and left in ("nothing", f"{100 * float(f) ** 100:.{len(left.partition('.')[2])}f}")
        and (left == "nothing") == (float(f) ** 100 < 1e-12)
        for f, half, left, bias in rows
    )
