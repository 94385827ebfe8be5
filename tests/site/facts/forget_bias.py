import math
import re
from functools import cache

import torch

from tests.doc_scripts import load
from tests.site.facts.common import close, filled, module, randn, session
from tests.site.facts_of_pages import page


def bands_that_keep() -> list[int]:
    """The bands of a bias that keep a cell state if they are large."""
    state = torch.zeros(1), torch.full((1,), 2.0)
    cells = (filled(torch.nn.LSTMCell(1, 1), 0, bias_ih=10 * row) for row in torch.eye(4))
    return [band for band, cell in enumerate(cells) if cell(torch.zeros(1), state)[1] > 1.9]


def is_open_with_a_large_bias() -> bool:
    return bool((torch.tensor([0.0, 1.0, 5.0]).sigmoid().diff() > 0).all())


def is_uniform() -> bool:
    k = 64**-0.5
    return all(
        -k <= p.min() < -0.9 * k and 0.9 * k < p.max() <= k for p in module(3, 64).parameters()
    )


def kept_at_first() -> float:
    """What a new LSTM keeps of its memory in a step, in the mean."""
    lstm = module(3, 64)
    z = randn(100, 3) @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    return z.chunk(4, dim=1)[1].sigmoid().mean().item()


def biases_at_first() -> torch.Tensor:
    lstm = module(3, 64)
    return (lstm.bias_ih_l0 + lstm.bias_hh_l0).view(4, 64).mean(1)


def depends_on(part: str) -> set[int]:
    """Which of two sizes of a module its largest weight or bias follows."""
    largest = [getattr(module(*sizes), part).abs().max() for sizes in ((1024, 64), (64, 1024))]
    return {axis for axis in range(2) if not close(largest[axis], torch.tensor(1 / 8), 0.01)}


@cache
def answers() -> torch.Tensor:
    torch.manual_seed(0)
    return load("measure_adding").sequences(20_000)[1]


def says_the_mean() -> float:
    """How often the mean of all answers is near enough, of 2,000."""
    script = load("measure_adding")
    is_near = (answers() - answers().mean()).abs() < script.NEAR
    return script.FRESH * is_near.float().mean().item()


def is_half_and_a_quarter_of_the_sum() -> bool:
    x, y = load("measure_adding").sequences(50)
    marked = (x[..., 0] * x[..., 1]).sum(dim=0)[:, None]
    return bool(x[..., 1].sum(dim=0).eq(2).all()) and close(y, 0.5 + marked / 4)


def sets_the_sum() -> bool:
    both = torch.nn.LSTM(3, 2, 2, bidirectional=True), torch.nn.LSTMCell(3, 2)
    model = torch.nn.ModuleList([*both, torch.nn.Linear(2, 8)])
    linear = model[2].bias.clone()
    session("forget-bias")["set_forget_bias"](model)
    sums = [
        parameter + dict(part.named_parameters())[name.replace("_ih", "_hh")]
        for part in both
        for name, parameter in part.named_parameters()
        if "bias_ih" in name
    ]
    return (
        len(sums) == 5
        and all((s[2:4] == 1).all() for s in sums)
        and bool(linear.eq(model[2].bias).all())
    )


def rows_are_right() -> bool:
    number = r"\| ([\d.]+) \| ([\d.]+) steps \| (nothing|[\d.]+)%? \| ([\d.]+) \|"
    rows = re.findall(number, page("forget-bias").text)
    return len(rows) == 8 and all(
        half == f"{math.log(0.5, float(f)):.1f}"
        and bias == f"{math.log(float(f) / (1 - float(f))):.1f}"
        and left in ("nothing", f"{100 * float(f) ** 100:.{len(left.partition('.')[2])}f}")
        and (left == "nothing") == (float(f) ** 100 < 1e-12)
        for f, half, left, bias in rows
    )
