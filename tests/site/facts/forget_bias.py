"""What `forget-bias` quotes."""

from functools import cache

import torch

from tests.doc_scripts import load
from tests.site.facts.common import module, randn, session

STEPS = 100
"""After how many the table says what is left."""


def bands_that_keep() -> list[int]:
    """The bands of a bias that keep a cell state if they are large."""
    bands = []
    for band in range(4):
        cell = torch.nn.LSTMCell(1, 1)
        with torch.no_grad():
            for parameter in cell.parameters():
                parameter.zero_()
            cell.bias_ih[band] = 10
        zero = torch.zeros(1, 1)
        _, c = cell(zero, (zero, torch.full((1, 1), 2.0)))
        bands += [band] if c > 1.9 else []
    return bands


def is_uniform() -> bool:
    """Whether all parameters fill what is between plus and minus k."""
    k = 64**-0.5
    return all(
        -k <= p.min() < -0.9 * k and 0.9 * k < p.max() <= k for p in module(3, 64).parameters()
    )


def adds_to_the_bias() -> bool:
    """Whether 1 in the sum of f is 1 in its bias."""
    zeros = torch.zeros(1, 1)
    lstm, x = module(1, 1, bias=False), randn(1, 1)
    biased = torch.nn.LSTM(1, 1)
    weights = lstm.state_dict()
    biases = {"bias_ih_l0": torch.tensor([0.0, 1.0, 0.0, 0.0]), "bias_hh_l0": torch.zeros(4)}
    biased.load_state_dict({**weights, **biases})
    i, f, g, _ = (x @ lstm.weight_ih_l0.T).chunk(4, dim=1)
    c = (f + 1).sigmoid() + i.sigmoid() * g.tanh()
    return torch.allclose(biased(x, (zeros, zeros + 1))[1][1], c, atol=1e-6)


def stretched(x: torch.Tensor) -> torch.Tensor:
    matrix = torch.nn.init.orthogonal_(torch.empty(8, 8))
    return (matrix @ x).norm() / x.norm()


def xavier_depends_on_both() -> bool:
    """Whether its range changes with either size, and a vector has none."""
    ends = [
        torch.nn.init.xavier_uniform_(torch.empty(*sizes)).abs().max().item()
        for sizes in ((64, 64), (64, 640), (640, 64))
    ]
    try:
        torch.nn.init.xavier_uniform_(torch.empty(64))
    except ValueError:
        return ends[0] > 1.5 * max(ends[1:])
    return False


def is_mean_of_logs() -> bool:
    """Whether the mean of log f says what is left, and that of f does not."""
    f = randn(50).sigmoid()
    left = f.prod().log()
    return torch.allclose(50 * f.log().mean(), left) and not (
        torch.allclose(50 * f.mean().log(), left, rtol=0.1)
    )


def row(f: float, left: str) -> tuple[str, ...]:
    """A line of the table, with what is left in this format, if anything."""
    percent = (f"100 * {f} ** {STEPS}",) if "{" in left else ()
    return (
        f"| {{}} | {{:.1f}} steps | {left} | {{:.1f}} |",
        f"{f}",
        f"torch.tensor(0.5).log() / torch.tensor({f}).log()",
        *percent,
        f"torch.tensor({f}).logit()",
    )


def kept_at_first() -> float:
    """What a new LSTM keeps of its memory in a step, in the mean."""
    lstm, x = module(3, 64), randn(100, 3)
    z = x @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    return z.chunk(4, dim=1)[1].sigmoid().mean().item()


def grows(f: float, steps: int) -> float:
    """By how much a count grows in its last step."""
    return f ** (steps - 1)


def is_a_view() -> bool:
    lstm = module(3, 2)
    lstm.bias_ih_l0.detach().chunk(4)[1].fill_(7)
    return lstm.bias_ih_l0.eq(7).sum() == 2


def biases_at_first() -> torch.Tensor:
    """The mean of the biases of each gate in a new module."""
    lstm = module(3, 64)
    return (lstm.bias_ih_l0 + lstm.bias_hh_l0).view(4, 64).mean(1)


def keeps_its_bias() -> bool:
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), module(3, 2))
    before = model[0].bias.clone()
    session("forget-bias")["set_forget_bias"](model)
    return torch.equal(model[0].bias, before) and ((model[1].bias_ih_l0[2:4] == 1).all().item())


def depends_on(part: str) -> set[int]:
    """Which of two sizes of a module its largest weight or bias follows."""
    axes = set()
    for axis in range(2):
        sizes = [64, 64]
        sizes[axis] = 1024
        largest = getattr(module(*sizes), part).abs().max()
        if not torch.isclose(largest, torch.tensor(64**-0.5), rtol=0.1):
            axes.add(axis)
    return axes


def said_by_the_mean() -> int:
    """How many of the fresh sequences one answer for all is near enough to."""
    torch.manual_seed(0)
    script = load("measure_adding")
    _, y = script.sequences(script.FRESH)
    return ((y - y.mean()).abs() < script.NEAR).sum().item()


def is_half_and_a_quarter_of_the_sum() -> bool:
    x, y = load("measure_adding").sequences(50)
    marked = (x[..., 0] * x[..., 1]).sum(dim=0)[:, None]
    is_two = x[..., 1].sum(dim=0).eq(2).all()
    return bool(is_two) and torch.allclose(y, 0.5 + marked / 4)


@cache
def says_the_mean() -> float:
    """How often the mean of all answers is near enough, of 2,000."""
    script = load("measure_adding")
    torch.manual_seed(0)
    _, answers = script.sequences(20_000)
    is_near = (answers - answers.mean()).abs() < script.NEAR
    return script.FRESH * is_near.float().mean().item()


def mean_costs() -> float:
    """The mean squared error of saying the mean of all answers."""
    torch.manual_seed(0)
    _, answers = load("measure_adding").sequences(20_000)
    return answers.var().item()


def moves_by_one_python_call() -> bool:
    """Whether the module's Python calls one operator, and has no gate."""
    names = {*torch.nn.LSTM.forward.__code__.co_names}
    return {"_VF", "lstm"} <= names and not names & {"sigmoid", "tanh", "chunk"}
