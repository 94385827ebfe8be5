"""What `forget-bias` quotes."""

import inspect
import re
from functools import cache

import torch

from tests.doc_scripts import load
from tests.site.facts.common import listed, module, randn, session
from tests.site.facts.gru import BANDS
from tests.site.facts_of_pages import figure, network, of_torch, page, record
from tests.site.records import ADDING, names_of

PAGE = "forget-bias.md"

STEPS = 100
"""After how many the table says what is left."""

ENCODER = listed(r"num_layers=(\d)", PAGE)


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


FACTS = (
    *network(
        "cell",
        (
            "the plain sum of {:word} numbers between 0 and 1, as it is often "
            "given, saying the mean has a loss of {:.3f}:",
            "2",
            "2 * torch.linspace(0, 1, 9999).var()",
        ),
    ),
    *of_torch(
        (
            "while `mse_loss` stays there, the numbers are not read.",
            lambda: round(2 * torch.linspace(0, 1, 9999).var().item(), 3) == 0.167,
        ),
        (
            "has a bias of one as well: the 1 is added in the code, and the "
            "stored bias beside it begins at zero.",
            adds_to_the_bias,
        ),
        (
            "its `mse_loss` stays at 0.042. So without the bias nothing was learned at all, and",
            lambda: abs(mean_costs() - 0.042) < 0.001,
            lambda: 270 < says_the_mean() < 340,
            lambda: all(
                abs(right - says_the_mean()) < 50
                for network in names_of(ADDING)["networks"][:2]
                for right in network["right"]
            ),
        ),
        (
            "Stacking narrow layers is no way out:",
            lambda: max(names_of(ADDING)["networks"][0]["right"]) < 340,
        ),
        (
            "**It is not Xavier's.** Xavier's range depends on both sizes of a "
            "matrix and leaves biases out;",
            xavier_depends_on_both,
            lambda: depends_on("weight_ih_l0") == {1},
        ),
        (
            "All of this is set in Python, but it is not Python that computes the steps.",
            moves_by_one_python_call,
        ),
        (
            ", and the bias that gives this value where nothing else is added:",
            lambda: all(
                abs(torch.tensor(float(bias)).sigmoid() - float(f)) < 0.006
                for f, bias in re.findall(
                    r"^\| ([\d.]+) \|.*\| ([\d.]+) \|$", page("forget-bias").text, re.MULTILINE
                )
            ),
        ),
    ),
    *figure(
        (
            "What is left of a cell state to which nothing is added,",
            "all(torch.allclose(left[k], forget[k] ** steps) for k in left)",
        )
    ),
    *of_torch(
        (
            "two are marked, and at the end their sum is asked for, as a half "
            "plus a quarter of it.",
            is_half_and_a_quarter_of_the_sum,
        ),
        (
            "A network that says the mean, whatever it reads, is near enough for some {:.0f}, and",
            lambda: round(said_by_the_mean(), -2),
        ),
    ),
    *record(
        ADDING,
        ("Here a memory has to last: of {} random numbers", "script.LENGTH"),
        (
            "Each network was trained from {:word} seeds, with {:,} batches of "
            "{} sequences. So many of {:,} fresh sequences were answered "
            "within {}:",
            "script.SEEDS",
            "script.STEPS",
            "script.BATCH",
            "fresh",
            "script.NEAR",
        ),
        *(
            (
                "| Network | Forget bias | Right | | --- | --- | --- | "
                * (k == 0)
                + f"| `nn.LSTM({sizes})` | {bias} | "
                "{:,}, {:,} and {:,} |",
                *(f"networks[{k}]['right'][{seed}]" for seed in range(3)),
            )
            for k, (sizes, bias) in enumerate(
                (("2, 2, num_layers=3", "PyTorch's"), ("2, 32", "PyTorch's"), ("2, 32", "5"))
            )
        ),
        (
            "with it two of three trainings found the task",
            "sum(right > 1000 for right in networks[2]['right']) == 2",
            "networks[2]['forget_bias'] == 5",
        ),
    ),
    *of_torch(
        (
            "PyTorch's depends on `hidden_size` alone, for everything",
            lambda: all(
                depends_on(f"{part}_l0") == {1}
                for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            ),
        ),
        (
            "In its source *k* is called `stdv`, but the standard deviation is "
            "smaller, *k* divided by the square root of three",
            lambda: "stdv" in inspect.getsource(torch.nn.RNNBase),
            lambda: (module(3, 64).weight_hh_l0.std() * 8 - 3**-0.5).abs() < 0.01,
        ),
        ("For {} units it is PyTorch's own, since *k* is then {}.", lambda: 100, lambda: 100**-0.5),
        (
            "Keras starts with one by default; PyTorch does not.",
            lambda: abs(biases_at_first()[1]) < 0.1,
        ),
        ("The forget gates get no special treatment:", lambda: biases_at_first().abs().max() < 0.1),
        ("A linear layer around the LSTM keeps its bias.", keeps_its_bias),
        (
            "at that height, a step loses as much as it adds",
            lambda: abs((1 - 0.9) * session("forget-bias")["count"](0.9, 300) - 1) < 1e-6,
        ),
        (
            "A new LSTM forgets about half of its memory at every step",
            lambda: abs(kept_at_first() - 1 / 2) < 0.05,
        ),
        (
            "Long before that the steps become too small to tell one count from the next.",
            lambda: grows(0.9, 50) < 0.01 < grows(0.9, 2),
        ),
        ("`chunk` gives views, so filling one changes the parameter.", is_a_view),
        (
            "A module with `bias=False` has nothing to set.",
            lambda: (
                not any(name.startswith("bias") for name in module(3, 2, bias=False).state_dict())
            ),
        ),
        ("The forget gate has the second of the four bands", lambda: bands_that_keep() == [2 - 1]),
        (
            "between −*k* and *k*, where *k* is one divided by the square root of `hidden_size`",
            is_uniform,
        ),
        (
            "an orthogonal one, which does not stretch what it multiplies",
            lambda: abs(stretched(randn(8)) - 1) < 1e-5,
        ),
        ("take the mean of log f and not the mean of f", is_mean_of_logs),
        (
            "a larger bias of the forget gate lets it remember",
            lambda: torch.tensor(2.0).sigmoid() > torch.tensor(0.0).sigmoid(),
        ),
    ),
    *figure(("for {:word} biases of the forget gate", "len(forget) - 1")),
    *network(
        "forget-bias",
        ("How do I set the forget gate bias to {:.0f}?", listed(r"value=([\d.]+)\)", PAGE)),
        ("one gets the value and the other {}", listed(r"else (\d)\)", PAGE)),
        (
            "there are {:word} in the encoder, for {:word} layers",
            f"sum(n.startswith('bias_ih') for n in torch.nn.LSTM(3, 8, "
            f"{ENCODER}, bidirectional=True).state_dict())",
            ENCODER,
        ),
        ("has {:word} bands", BANDS),
        ("what is left after {:word} steps", f"{STEPS}"),
        ("How long does a gate of {} remember?", "0.98"),
        ("| f | Half is left after | Left after {} steps | Bias |", f"{STEPS}"),
        *(row(f, "nothing") for f in (0.5, 0.73)),
        ("| nothing |", f"0.73 ** {STEPS} < 1e-12"),
        row(0.9, "{:.3f}%"),
        *(row(f, "{:.1f}%") for f in (0.95, 0.98, 0.99, 0.995, 0.999)),
        (
            "about {:.1f} divided by what the gate lacks of one: at {}, {:.1f} / {:.2f} = {:.0f}",
            "torch.tensor(2.0).log()",
            "0.98",
            "torch.tensor(2.0).log()",
            "1 - 0.98",
            "0.7 / (1 - 0.98)",
        ),
        (
            "is smaller than {}, so with f at {} a count never passes {:,}",
            "1",
            "0.999",
            "round(1 / (1 - 0.999))",
        ),
        ("with f at {} it never passes {}", "0.9", "round(1 / (1 - 0.9))"),
        (
            "the tanh of {} and that of {:,} are {:.3f} and {:.0f}",
            "3",
            "1000",
            "torch.tensor(3.0).tanh()",
            "torch.tensor(1000.0).tanh()",
        ),
    ),
)
