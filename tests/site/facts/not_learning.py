"""What `not-learning` quotes."""

import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from itertools import pairwise
from typing import Any

import torch
from torch.nn.functional import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    mse_loss,
    nll_loss,
    relu,
    softplus,
)
from torch.utils.data import DataLoader

from tests.doc_scripts import load
from tests.site.facts.batch import feels
from tests.site.facts.common import default, module, randn, session
from tests.site.facts.errors import broadcast, learns_the_mean, warns_once
from tests.site.facts.forecast import go_on_in_their_columns
from tests.site.facts.parts import is_made_so, only_c_has_no_limit
from tests.site.facts.wrong_ways import is_read_across
from tests.site.facts_of_pages import figure, of_torch, record
from tests.site.records import NOT_LEARNING


def loss(fault: str, kind: str = "wrong") -> str:
    """The expression of a program's loss."""
    return f"faults['{fault}']['{kind}']['loss']"


def is_one_column() -> bool:
    """Whether the last step of a sequence feels all of it, and no other."""
    lstm, x = module(3, 4), randn(5, 2, 3).requires_grad_()
    output, _ = lstm(x)
    output[-1, 1].sum().backward()
    return x.grad.any(2).tolist() == 5 * [[False, True]]


def says_nothing_of(classes: int) -> float:
    """The loss of scores that are all alike."""
    scores = torch.zeros(classes, classes)
    loss_of = torch.nn.functional.cross_entropy
    return loss_of(scores, torch.arange(classes)).item()


def applies_the_softmax_itself() -> bool:
    scores, classes = randn(4, 3), torch.arange(4) % 3
    loss_of = torch.nn.functional
    by_hand = loss_of.nll_loss(scores.log_softmax(dim=1), classes)
    return torch.allclose(loss_of.cross_entropy(scores, classes), by_hand)


def sees_rows_alone() -> bool:
    """Whether a layer gives each row what it gives the row by itself."""
    layer, rows = torch.nn.Linear(3, 2), randn(5, 3)
    alone = torch.cat([layer(row[None]) for row in rows])
    return torch.allclose(layer(rows), alone, atol=1e-6)


def spread(kind: type[torch.nn.RNNBase]) -> float:
    """How much a new module shows of the noise that it reads."""
    torch.manual_seed(0)
    return kind(3, 16)(randn(50, 200, 3))[0].std().item()


def opens(gate: int) -> float:
    """How far a gate of a new module is open, on average."""
    lstm = module(3, 16)
    z = randn(500, 3) @ lstm.weight_ih_l0.T
    z = z + lstm.bias_ih_l0 + lstm.bias_hh_l0
    return z.chunk(4, dim=1)[gate].sigmoid().mean().item()


def perplexity() -> float:
    return torch.tensor(2.0).exp().item()


def order(shuffle: bool) -> list[int]:
    """The places of the data in the batches of a loader."""
    torch.manual_seed(0)
    data = torch.arange(20)
    return torch.cat([*DataLoader(data, 4, shuffle=shuffle)]).tolist()


def programs() -> Any:
    return load("not_learning")


def costs_of_the_mean(y: torch.Tensor) -> float:
    return mse_loss(y.mean().expand_as(y), y).item()


def costs_the_variance(y: torch.Tensor) -> bool:
    variance = y.var(correction=0).item()
    return math.isclose(costs_of_the_mean(y), variance, rel_tol=1e-5)


def falls_in_each_update(rate: float, search: str | None) -> bool:
    """Whether LBFGS lowers a loss at a rate that is far too large."""
    weight = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight], lr=rate, max_iter=1, line_search_fn=search)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = (weight**2).sum()
        loss.backward()
        return loss

    losses = [optimizer.step(closure).item() for _ in range(3)]
    return losses == sorted(losses, reverse=True)


def no_fault_is_raised() -> bool:
    """Whether each faulty program takes a step; warnings are allowed."""
    here = programs()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for fault in here.FAULTS:
            program = here.make_program(fault, mended=False)
            program.step(*program.draw(4))
    return len(here.FAULTS) > 9


def examined(x: torch.Tensor, y: torch.Tensor) -> list[str]:
    """What the script calls wrong with a sound program for these samples."""
    here, script = programs(), load("why_not_learning")
    program = here.make_program(here.shapes, mended=True)
    before = [p.clone() for p in program.model.parameters()]
    with redirect_stdout(StringIO()):
        faults = script.examine(program.model, mse_loss, program.optimizer, x, y, 1)
    assert all(map(torch.equal, before, program.model.parameters()))
    assert not program.optimizer.state_dict()["state"]
    return faults


@cache
def after(fault: str, rate: float, steps: int) -> float:
    """The loss of a program at a learning rate, where 5 is the mean's."""
    here = programs()
    program = here.make_program(getattr(here, fault), mended=True)
    program.optimizer = torch.optim.Adam(program.model.parameters(), rate)
    return program.train(steps)[0]


def learns_by_heart() -> bool:
    here = programs()
    program = here.make_program(here.shapes, mended=True)
    x, y = program.draw(4)
    for _ in range(200):
        program.step(x, y)
    return mse_loss(program.model(x), y).item() < 1e-3


def gradient(loss: Callable[[torch.Tensor], torch.Tensor], size: int) -> float:
    """How long the gradient of new scores is, for a class of so many."""
    scores = torch.zeros(1, size, requires_grad=True)
    loss(scores).backward()
    return scores.grad.norm().item()


def of_scores(scores: torch.Tensor) -> torch.Tensor:
    return cross_entropy(scores, torch.tensor([0]))


def of_probabilities(scores: torch.Tensor) -> torch.Tensor:
    return of_scores(scores.softmax(dim=1))


def without_logarithm(scores: torch.Tensor) -> torch.Tensor:
    return nll_loss(scores.softmax(dim=1), torch.tensor([0]))


def costs(surplus: float) -> float:
    """What an answer costs whose score is lower than the other by this."""
    return of_scores(torch.tensor([[0.0, surplus]])).item()


def swings(zeroes: bool) -> int:
    """How often a weight passes zero, where its square is smallest."""
    weight = torch.tensor([1.0], requires_grad=True)
    optimizer, places = torch.optim.SGD([weight], lr=0.05), []
    for _ in range(60):
        if zeroes:
            optimizer.zero_grad()
        weight.square().sum().backward()
        optimizer.step()
        places.append(weight.item() > 0)
    return sum(a != b for a, b in pairwise(places))


def adds_up() -> bool:
    """Whether two halves of a batch add up to the gradient of all of it."""
    weight = torch.ones(3, requires_grad=True)
    x = randn(4, 3)
    for half in x.split(2):
        (half @ weight).square().sum().backward()
    both = weight.grad.clone()
    weight.grad = None
    (x @ weight).square().sum().backward()
    return torch.allclose(both, weight.grad)


def moves(order: str) -> bool:
    """Whether a step changes a weight if gradients are cleared before it."""
    weight = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    does = {"z": optimizer.zero_grad, "s": optimizer.step}
    for act in order:
        does.get(act, lambda: weight.square().sum().backward())()
    return weight.item() != 1


def moved_by_step(fault: str) -> dict[str, bool]:
    """Which parameters a step of a program changes."""
    here = programs()
    program = here.make_program(getattr(here, fault), mended=False)
    before = {n: p.clone() for n, p in program.model.named_parameters()}
    program.step(*program.draw(4))
    return {n: not torch.equal(before[n], p) for n, p in program.model.named_parameters()}


def known(kind: Callable[[list[torch.nn.Module]], Any]) -> int:
    """How many parameters of layers are known that are kept in a list."""
    net = torch.nn.Module()
    net.layers = kind([torch.nn.Linear(3, 2)])
    return len([*net.parameters()])


def changed_by_adam(size: float) -> float:
    """How far Adam moves a weight whose gradient is of a size."""
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.Adam([weight], lr=0.01)
    for _ in range(5):
        weight.grad = torch.tensor([size])
        optimizer.step()
    return -weight.item() / 5


def rate_after(*losses: float) -> float:
    optimizer = torch.optim.Adam([torch.zeros(1)], lr=0.01)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=2)
    for value in losses:
        scheduler.step(value)
    return optimizer.param_groups[0]["lr"]


def moved_predictions(kind: type[torch.nn.RNNBase]) -> float:
    """The spread of predictions after a few small updates."""
    here = programs()
    torch.manual_seed(0)
    model = here.Model()
    model.lstm = kind(1, here.HIDDEN)
    program = here.Program(model, here.sums, rate=0.001)
    return program.train(60)[1].std().item()


def largest_h(**options: int) -> float:
    """The largest `h` of a module with large weights."""
    lstm = module(1, 4, **options)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.mul_(100)
    return lstm(100 * randn(9, 50, 1))[0].abs().max().item()


def slope(act: Callable[[torch.Tensor], torch.Tensor], at: float) -> float:
    x = torch.tensor(at, requires_grad=True)
    act(x).backward()
    return x.grad.item()


def loop(hands_on: bool) -> torch.Tensor:
    """The last output of a loop over steps."""
    lstm, state = module(3, 2), None
    for x_t in randn(4, 1, 3):
        output, new = lstm(x_t[None], state)
        state = new if hands_on else None
    return output[0]


def is_seen_and_not_learned_from() -> bool:
    """Whether a prediction changes with a step that has no gradient."""
    here = programs()
    model = here.make_program(here.detached, mended=False).model
    x = randn(5, 1, 1).requires_grad_()
    (grad,) = torch.autograd.grad(model(x).sum(), x)
    other = x.detach().clone()
    other[0] += 1
    is_felt = [bool(step) for step in grad.flatten()]
    return is_felt == [False] * 4 + [True] and not torch.equal(model(x), model(other))


def recurrent_gradient(x: torch.Tensor) -> bool:
    """Whether the recurrent weights get a gradient."""
    lstm = module(x.shape[-1], 2)
    lstm(x)[0].sum().backward()
    return bool(lstm.weight_hh_l0.grad.any())


def gradient_of_anew() -> torch.Tensor:
    here = programs()
    program = here.make_program(here.anew, mended=False)
    program.step(*program.draw(4))
    return program.model.lstm.weight_hh_l0.grad


def knows_one_value() -> Iterator[bool]:
    """Of each kind: from one value the same, from two steps another."""
    rising, falling = (torch.tensor([[[1.0]], [[2.0]]]), torch.tensor([[[3.0]], [[2.0]]]))
    for kind in (torch.nn.RNN, torch.nn.GRU, torch.nn.LSTM):
        torch.manual_seed(0)
        rnn = kind(1, 8)
        yield torch.equal(rnn(rising[-1:])[0], rnn(falling[-1:])[0])
        yield not torch.equal(rnn(rising)[0][-1], rnn(falling)[0][-1])


def losses_and_answers(factor: float) -> tuple[float, list[int]]:
    """The loss and the answers, where the one that is wrong is weakened."""
    scores = torch.tensor([[0.0, 3.0], [3.0, 0.0]])
    weakened = scores * torch.tensor([[factor], [1.0]])
    loss_of = cross_entropy(weakened, torch.tensor([0, 0]))
    return loss_of.item(), weakened.argmax(dim=1).tolist()


def is_certain_alone() -> bool:
    score = randn(4, 1).requires_grad_()
    probability = score.softmax(dim=1)
    probability.log().sum().backward()
    return bool((probability == 1).all()) and not score.grad.any()


def tested(training: bool) -> float:
    """The loss of a network that is right, with dropout or without."""
    net = torch.nn.Sequential(torch.nn.Dropout(0.5), torch.nn.Linear(8, 1))
    with torch.no_grad():
        net[1].weight.fill_(1)
        net[1].bias.zero_()
    x = randn(200, 8)
    torch.manual_seed(0)
    return mse_loss(net.train(training)(x), x.sum(1, keepdim=True)).item()


def best_share(right: int, count: int) -> float:
    """What is said best of all steps, if only so many of them are yes."""
    shares = torch.linspace(0.01, 0.99, 99)
    yes = torch.cat([torch.ones(right), torch.zeros(count - right)])
    costs_of = [binary_cross_entropy(s.expand(count), yes) for s in shares]
    return shares[int(torch.stack(costs_of).argmin())].item()


FACTS = (
    *of_torch(
        (
            "A readout with one output gives the shape `(batch, 1)`, while the "
            "targets often have the shape `(batch)`.",
            lambda: torch.nn.Linear(2, 1)(randn(5, 2)).shape == (5, 1),
        ),
        (
            ", or an output for each of them to `cross_entropy`.",
            lambda: torch.isclose(
                binary_cross_entropy_with_logits(randn(1), torch.ones(1)),
                cross_entropy(torch.stack([torch.zeros(1), randn(1)], 1), torch.tensor([1])),
            ),
        ),
        (", and a sequence is read across the batch.", is_read_across),
        (
            "The training loss is a mean over an epoch in which the network "
            "got better; the validation loss is from its end.",
            lambda: after("shapes", 1e-2, 100) < after("shapes", 1e-2, 20),
        ),
        (
            "Most often one line of the program around it is wrong, and nothing raises an error.",
            no_fault_is_raised,
        ),
        ("None of this stops a program.", no_fault_is_raised),
        (
            "Afterwards the model and the optimizer are as before.",
            lambda: examined(*programs().sums(8)) == [],
        ),
        ("[If not, the loss broadcasts](#shapes).", broadcast),
        (
            "If only this is wrong, the network is too small, or the targets "
            "have nothing to do with the inputs.",
            lambda: examined(randn(5, 1, 1).expand(5, 16, 1), randn(16, 1)) == ["one batch"],
        ),
        (
            "train with one batch of a few samples, without dropout, until the "
            "loss is almost zero. A network that can be trained at all learns "
            "so few by heart.",
            learns_by_heart,
        ),
        (
            "`mse_loss` then compares *every* prediction with *every* target, "
            "and what is closest to all targets is their mean.",
            broadcast,
            learns_the_mean,
        ),
        (
            "The warning is all that you get, and Python prints it once. One "
            "index mends it: `y[:, None]`, or `prediction[:, 0]`.",
            warns_once,
            lambda: randn(4)[:, None].shape == randn(4, 1).shape,
            lambda: randn(4, 1)[:, 0].shape == randn(4).shape,
        ),
        (
            "Given probabilities, it applies it again, to numbers no larger "
            "than one, and even a certain and right answer is left with a "
            "loss.",
            applies_the_softmax_itself,
            lambda: randn(4, 5).softmax(dim=1).max() <= 1,
            lambda: of_scores(torch.eye(10)[:1]) > 1,
        ),
        (
            "The first may name the right class all the same, but its "
            "gradients are small, and with many classes it hardly begins.",
            lambda: randn(9, 5).softmax(1).argmax(1).equal(randn(9, 5).argmax(1)),
            lambda: gradient(of_probabilities, 5) < gradient(of_scores, 5) / 4,
            lambda: gradient(of_probabilities, 999) < 2e-3,
            lambda: gradient(of_scores, 999) > 0.9,
        ),
        ("with hundreds it may stay there too.", lambda: gradient(of_probabilities, 999) < 2e-3),
        (
            "A `log_softmax` before it does no harm, but is not needed: "
            "applied to its own result, it changes nothing.",
            lambda: torch.allclose(
                randn(4, 5).log_softmax(1).log_softmax(1), randn(4, 5).log_softmax(1), atol=1e-6
            ),
        ),
        (
            "`nll_loss` expects the result of `log_softmax`, and "
            "`binary_cross_entropy_with_logits` no sigmoid.",
            applies_the_softmax_itself,
            lambda: torch.isclose(
                binary_cross_entropy_with_logits(randn(9), torch.ones(9)),
                binary_cross_entropy(randn(9).sigmoid(), torch.ones(9)),
            ),
        ),
        (
            "Given probabilities, `nll_loss` returns the mean of what the "
            "right classes got, with a minus, so the loss is **negative**; no "
            "logarithm is taken, and its gradients are small.",
            lambda: torch.isclose(
                nll_loss(randn(4, 3).softmax(1), torch.tensor([0, 1, 2, 0])),
                -randn(4, 3).softmax(1)[range(4), [0, 1, 2, 0]].mean(),
            ),
            lambda: gradient(without_logarithm, 9) < gradient(of_scores, 9) / 4,
        ),
        (
            "A loss above one is nothing bad: an answer that is given little "
            "probability costs minus its logarithm, which has no limit.",
            lambda: math.isclose(costs(2.0), math.log(1 + math.exp(2)), rel_tol=1e-5),
            lambda: costs(1e6) == 1e6,
        ),
        (
            "It is as many times larger as there are words, so it says as much "
            "of the length as of the network. Divide by their number, or give "
            "all steps to `cross_entropy` at once, which takes the mean:",
            lambda: torch.isclose(
                sum(
                    cross_entropy(scores, word)
                    for scores, word in zip(randn(6, 9), torch.arange(6), strict=True)
                )
                / 6,
                cross_entropy(randn(6, 9), torch.arange(6)),
            ),
        ),
        (
            "`backward` adds to the gradients that are there. Without "
            "`zero_grad` each step uses the sum of all gradients so far, and "
            "the weights run past the goal and back.",
            adds_up,
            lambda: swings(zeroes=False) > 2,
            lambda: swings(zeroes=True) == 0,
        ),
        (
            "`zero_grad` may stand anywhere between `step` and the next "
            "`backward`, but not between `backward` and `step`: then there is "
            "nothing left to learn from.",
            lambda: moves("zbs") and moves("bs") and not moves("bzs"),
        ),
        (
            "Only where [several batches make one step, with gradient "
            "accumulation](nan.md#accumulation), are gradients added up on "
            "purpose.",
            adds_up,
        ),
        (
            "An optimizer changes the parameters that it was given when it was "
            "made. If a layer is made or replaced afterwards, its weights stay "
            "random, and the others do what they can:",
            lambda: all(
                moved == name.startswith("readout")
                for name, moved in moved_by_step("forgotten").items()
            ),
        ),
        (
            "A list of layers in a plain Python list is unknown to "
            "`parameters()` as well; use `nn.ModuleList`.",
            lambda: (known(list), known(torch.nn.ModuleList)) == (0, 2),
        ),
        (
            "At the low end more steps help; at the high end they do not.",
            lambda: after("shapes", 1e-4, 1500) < after("shapes", 1e-4, 20) / 2,
            lambda: after("shapes", 10, 200) > after("shapes", 1e-4, 20) / 2,
        ),
        (
            "Lower it when nothing more is gained; a *scheduler* does that, "
            "called once an epoch with the loss of held-out data.",
            lambda: rate_after(0.9, 0.7, 0.7, 0.7, 0.7) == 0.005,
            lambda: rate_after(0.9, 0.8, 0.7, 0.6, 0.5) == 0.01,
        ),
        (
            "targets ten times as large make it a hundred times as large. So "
            "compare it with the variance of the targets, which is what saying "
            "their mean costs",
            lambda: costs_the_variance(randn(9)),
            lambda: costs_the_variance(10 * randn(9)),
            lambda: math.isclose(
                costs_of_the_mean(10 * randn(9)) / costs_of_the_mean(randn(9)), 100, rel_tol=1e-5
            ),
        ),
        ("its rate is {} unless you say otherwise.", lambda: default(torch.optim.LBFGS, "lr")),
        (
            '`line_search_fn="strong_wolfe"` looks in each update for a length '
            "that lowers the loss.",
            lambda: falls_in_each_update(1e3, "strong_wolfe"),
            lambda: not falls_in_each_update(1e3, None),
        ),
        (
            "with a larger one each epoch has fewer updates",
            lambda: len(DataLoader(range(90), 9)) < len(DataLoader(range(90))),
        ),
        (
            "So with the same small learning rate and the same few epochs its "
            "predictions have moved less",
            lambda: moved_predictions(torch.nn.LSTM) < moved_predictions(torch.nn.RNN) / 2,
        ),
        (
            "past values that stand side by side as features of one step "
            "[leave it nothing](several-ahead.md#windows).",
            lambda: not recurrent_gradient(randn(1, 5, 9)),
            lambda: recurrent_gradient(randn(9, 5, 1)),
        ),
        ("A target of shape `(N,)` is [no match for `(N, 1)`](#shapes) here.", broadcast),
        (
            "Adam changes a weight by about the learning rate in each step, whatever the loss.",
            lambda: all(
                math.isclose(changed_by_adam(size), 0.01, rel_tol=0.01) for size in (1e-3, 1.0, 1e3)
            ),
        ),
        (
            "Gates and tanh are flat for large numbers, so a large input opens "
            "every gate or shuts it.",
            lambda: {*(1e5 * randn(9)).sigmoid().tolist()} == {0, 1},
            lambda: slope(torch.sigmoid, 99.0) == slope(torch.tanh, 99.0) == 0,
        ),
        (
            "`h` is what a gate lets through of a tanh, so without a readout "
            "nothing beyond one can be said, whatever is learned:",
            is_made_so,
            lambda: 0.9 < largest_h() <= 1,
        ),
        (
            "The answer of a readout has no such limit, and neither has `c`, "
            "which [can grow at each step](nan.md). Only "
            "[a projection](projection.md) lets `h` itself out of it.",
            lambda: torch.nn.Linear(1, 1)(1e3 * torch.ones(1)).abs() > 1,
            only_c_has_no_limit,
            lambda: largest_h(proj_size=2) > 1,
        ),
        (
            "After it stands no activation: a tanh would bind it again, and a "
            "ReLU has no gradient wherever the answer would be negative.",
            lambda: randn(99).mul(9).tanh().abs().max() <= 1,
            lambda: slope(relu, -1.0) == 0 and slope(relu, 1.0) == 1,
        ),
        (
            "If no answer may be negative, as a count or a price, forecast its "
            "logarithm, `log1p` with zeros among the targets, or end with "
            "`softplus`, which also has a gradient there.",
            lambda: randn(99).exp().min() > 0 and softplus(randn(99)).min() > 0,
            lambda: torch.zeros(1).log().isinf() and not torch.zeros(1).log1p(),
            lambda: min(slope(softplus, float(x)) for x in range(-50, 50)) > 0,
        ),
        (
            "Where the state is not handed on, `weight_hh_l0` has a gradient "
            "of zeros as well, since it multiplies zeros.",
            lambda: not gradient_of_anew().any(),
        ),
        (
            "`detach` belongs [between chunks](chunks.md), not between steps. "
            "What comes before it is still seen, but nothing is learned from "
            "it.",
            is_seen_and_not_learned_from,
        ),
        (
            "In a loop over steps, `lstm(x_t)` begins from zeros each time; "
            "pass what the last call returned: `lstm(x_t, state)`. In a call "
            "over all steps, PyTorch does that itself.",
            lambda: torch.allclose(loop(hands_on=True), module(3, 2)(randn(4, 1, 3))[0][-1]),
            lambda: torch.allclose(loop(hands_on=False), module(3, 2)(randn(4, 1, 3)[-1:])[0][0]),
        ),
        (
            "If a `DataLoader` shuffles, the state of one batch has nothing to "
            "do with the sequences of the next;",
            lambda: order(shuffle=True) != [*range(20)],
            lambda: order(shuffle=False) == [*range(20)],
        ),
        ("To see it without the script, ask autograd what a prediction depends on:", is_one_column),
        (
            "a new LSTM [forgets half at each step](forget-bias.md)",
            lambda: abs(opens(1) - 0.5) < 0.05,
        ),
        (
            "If it starts from zeros as well, that value is all that the "
            "network knows. Then no other architecture helps, but more steps "
            "do, or [a state that is carried on](#state):",
            lambda: all(knows_one_value()),
        ),
        (
            "by how many steps the truth has to be moved to fit the forecast "
            "best. Zero is a forecast; one is the last value.",
            lambda: (
                [
                    load("why_not_learning").lag(randn(50)[3 - k : 50 - k], now)
                    for now in [randn(50)[3:]]
                    for k in range(3)
                ]
                == [0, 1, 2]
            ),
        ),
        (
            "Accuracy asks which score is the largest; the loss asks how "
            "large. So the loss can fall for a long time while not a single "
            "answer changes: The wrong answer is still wrong, only less sure "
            "of itself. The other way round, the loss rises and the accuracy "
            "stays, if a few wrong answers become surer",
            lambda: losses_and_answers(0.5)[0] < losses_and_answers(1)[0],
            lambda: losses_and_answers(1)[0] < losses_and_answers(2)[0],
            lambda: (
                losses_and_answers(0.5)[1]
                == losses_and_answers(1)[1]
                == losses_and_answers(2)[1]
                == [1, 0]
            ),
        ),
        (
            "is the number of words among which it is as undecided as if all "
            "were equally likely; one that knows nothing has that of the whole "
            "vocabulary:",
            lambda: all(
                math.isclose(math.exp(says_nothing_of(n)), n, rel_tol=1e-5) for n in (2, 600)
            ),
        ),
        (
            "**Of a forecast there is no accuracy.** It counts answers that "
            "are exactly right, and a number with decimals never is, so it "
            "stays near zero however good the forecast:",
            lambda: not (randn(99) + 1e-5 == randn(99)).any(),
        ),
        ("## A single output with a softmax always says one", is_certain_alone),
        (
            "## No prediction is larger than one, or some are negative",
            lambda: largest_h() <= 1,
            lambda: module(3, 4)(randn(9, 1, 3))[0].min() < 0,
        ),
        (
            "A softmax divides by the sum of its outputs, and with one output "
            "that is the output itself. No weight can change it, so no "
            "gradient reaches any: For yes or no, give one output without a "
            "softmax to `binary_cross_entropy_with_logits`",
            is_certain_alone,
        ),
        (
            "Then an LSTM has nothing to remember: as a sequence of one step, "
            "it starts from zeros and ends at once, and its recurrent weights "
            "are never used.",
            lambda: not recurrent_gradient(randn(1, 5, 3)),
            lambda: recurrent_gradient(randn(2, 5, 3)),
        ),
        (
            "Without `[None]` it would read all samples as one sequence, and "
            "carry each into the next;",
            lambda: module(3, 2)(randn(5, 3))[1][0].dim() == 2,
            lambda: recurrent_gradient(randn(5, 3)),
        ),
        ("That can only disturb; a perceptron sees each row alone.", sees_rows_alone),
        (
            "That alone is no fault; three things do it: - **Dropout** acts in "
            "training and not after `eval()`, so the same network is better "
            "when it is tested.",
            lambda: tested(training=False) < 1e-6 < 1 < tested(training=True),
        ),
        (
            "With a yes or no at each step it is how often yes is right: the "
            "same number at every step.",
            lambda: math.isclose(best_share(3, 10), 0.3, abs_tol=1e-4),
        ),
        (
            "Keep the weights of the best epoch, and stop when it has not been "
            "beaten for a while, the *patience*: One epoch more, and it would "
            "have been beaten:",
            lambda: session("not-learning")["best"] == 0.7,
            lambda: session("not-learning")["epoch"] == 4,
            lambda: session("not-learning")["since"] == 3,
        ),
        (
            "a `DataLoader` only with `shuffle=True`",
            lambda: order(shuffle=False) == [*range(20)],
            lambda: sorted(order(shuffle=True)) == [*range(20)],
            lambda: order(shuffle=True) != [*range(20)],
        ),
        (
            "Here that takes `batch_first=True`; without it [batch and time "
            "are exchanged](#state).",
            lambda: is_one_column(),
            lambda: module(3, 4, batch_first=True)(randn(2, 5, 3))[1][0].shape[1] == 2,
        ),
        (
            "here `output` has every step, so take [`h_n[-1]`](shapes.md#to-a-readout)",
            lambda: module(3, 4)(randn(5, 2, 3))[0].shape == (5, 2, 4),
            lambda: module(3, 4)(randn(5, 2, 3))[1][0][-1].shape == (2, 4),
        ),
        (
            "What it shows has passed an input gate and an output gate, both "
            "about half open, so it is less than half as large as what an RNN "
            "of the same size shows",
            lambda: all(0.4 < opens(gate) < 0.6 for gate in (0, 3)),
            lambda: spread(torch.nn.LSTM) < spread(torch.nn.RNN) / 2,
        ),
        (
            "Then a number like 2 need not be a fault: it is [as "
            "undecided](#accuracy) as between {:word} words",
            lambda: int(perplexity()),
        ),
        ("## The loss does not go below 2", lambda: perplexity() > 7),
        (
            "If the second axis of your input counts the samples, as it does "
            "without `batch_first`, add `batch_axis=1`.",
            lambda: default(load("why_not_learning").examine, "batch_axis") == 0,
            lambda: feels(1) == [0],
        ),
        (
            "**It stays at {:.2f}, {:.2f} or another logarithm.** Then it says "
            "the same of all classes: the loss is the logarithm of their "
            "number, and nothing has been learned yet.",
            lambda: says_nothing_of(10),
            lambda: says_nothing_of(2),
        ),
        (
            "`cross_entropy` takes scores and applies the softmax itself.",
            applies_the_softmax_itself,
        ),
        ("[keep each series in its column]", go_on_in_their_columns),
        (
            "[Without `batch_first=True` the first axis counts steps]",
            lambda: feels(0) == [0, 1, 2, 3],
        ),
        ("Right is one full column, that of the sequence asked.", is_one_column),
        (
            "If each sample is a row of a table, its features have no order in "
            "time, and the next row does not continue it.",
            sees_rows_alone,
        ),
    ),
    *record(
        NOT_LEARNING,
        (
            "This page has a script that tells which line, and then the causes "
            "in the order in which to look, each with what it does to a "
            "training that works without it.",
            "all(one['mended']['loss'] < 0.05 for one in faults.values())",
        ),
        (
            "[No softmax before `cross_entropy`](#softmax).",
            "faults['scores']['wrong']['loss'] > 99 * faults['scores']['mended']['loss']",
        ),
        (
            "With a few classes a softmax too many ends elsewhere, with "
            "hundreds it may stay there too.",
            "faults['scores']['wrong']['loss'] < math.log(10) - 0.5",
        ),
        (
            "## It does not use the past: the state is detached or reset",
            "all(faults[name]['wrong']['loss'] > 0.6 for name in ('detached', 'anew'))",
        ),
        (
            "## The forecast lags by one: targets are shifted, or there is no more to know",
            "forecasts['waves, same step']['lag'] == 1",
            "forecasts['walks']['lag'] == 1 and not forecasts['waves']['lag']",
        ),
        (
            "## It learns only a little: the optimizer knows other weights",
            "faults['forgotten']['mended']['loss'] * 9 "
            "< faults['forgotten']['wrong']['loss'] "
            "< faults['shapes']['wrong']['loss'] / 2",
        ),
        (
            "A target that depends on an early step can only be learned if the "
            "state gets from there to the prediction, and a gradient gets "
            "back.",
            "all(faults[name]['wrong']['loss'] "
            "> 99 * faults[name]['mended']['loss'] "
            "for name in ('detached', 'anew'))",
        ),
        (
            "In a random walk, such as most prices, each step is random, and "
            "no forecast is better than the last value. A network that lags by "
            "one has learned the right thing.",
            "forecasts['walks']['error'] > forecasts['walks']['last']",
            "forecasts['walks']['lag'] == 1",
        ),
        (
            "read five random numbers, and are to say their sum. After {} steps of training",
            "programs.STEPS",
        ),
        ("read five random numbers", "len(programs.sums(1)[0]) == 5"),
        *(
            (
                "| Prediction and target | Loss | Standard deviation of the "
                "predictions | Of the targets | | --- | --: | --: | --: | "
                * (kind == "wrong")
                + f"| `({{}}, 1)` against {shape} | {{:.3f}} | {{:.2f}} "
                "| {:.2f} |",
                "programs.BATCH",
                *(value,) * ("{}" in shape),
                *(f"faults['shapes']['{kind}']['{name}']" for name in ("loss", "said", "targets")),
            )
            for shape, value, kind in (
                ("`({})`", "programs.BATCH", "wrong"),
                ("`({}, 1)`", "programs.BATCH", "mended"),
            )
        ),
        ("With ten classes that is {:.2f}", "math.log(1 + 9 / math.e)"),
        ("Told to name the first of five symbols", "programs.KINDS == 10"),
        (
            "the program with a softmax ends at a loss of {:.2f}, and the one without at {:.3f}",
            loss("scores"),
            loss("scores", "mended"),
        ),
        (
            "Without it the loss on sums is {:.2f} after {} steps; with it, {:.3f}.",
            loss("no_zero_grad"),
            "programs.STEPS",
            loss("no_zero_grad", "mended"),
        ),
        (
            "this line leaves a loss of {:.2f} instead of {:.3f}",
            loss("forgotten"),
            loss("forgotten", "mended"),
        ),
        ("losses on sums after {} steps:", "programs.STEPS"),
        *(
            (
                "| Learning rate | One update changes the weights by | Loss | "
                "| --: | --: | --: | " * (k == 0) + "| {} | {}% | {:.3f} |",
                f"f\"{{rates[{k}]['rate']:.6f}}\".rstrip('0').rstrip('.')",
                f"f\"{{100 * rates[{k}]['change']:.2g}}\""
                if k < 6
                else f"f\"{{100 * rates[{k}]['change']:,.0f}}\"",
                f"rates[{k}]['loss']",
            )
            for k in range(8)
        ),
        (
            "Below a hundredth of a percent nothing happens",
            "all(r['loss'] > 0.97 * r['targets'] ** 2 for r in rates if r['change'] < 1e-4)",
        ),
        (
            "where an update is larger than the weights, nothing that was learned survives it",
            "min(r['loss'] for r in rates if r['change'] > 1) > 10 * min(r['loss'] for r in rates)",
        ),
        ("To say {:,} the bias", "5000"),
        (
            "With targets around {:,} that differ by thousands, the standard "
            "deviation of the predictions is {:.3f} after {} steps, and that "
            "of the targets {:,.0f}.",
            "5000",
            "faults['large_targets']['wrong']['said']",
            "programs.STEPS",
            "faults['large_targets']['wrong']['targets']",
        ),
        (
            "the loss on sums stays at {:.2f}, and all predictions are one number",
            loss("large_inputs"),
        ),
        ("all predictions are one number", "faults['large_inputs']['wrong']['said'] < 1e-6"),
        *(
            (
                "| Fault | Loss | Mended | | --- | --: | --: | " * (fault == "detached")
                + f"| {label} | {{:.2f}} | {{:.3f}} |",
                loss(fault),
                loss(fault, "mended"),
            )
            for fault, label in (
                ("detached", "The state is detached at each step"),
                ("anew", "The state is not handed on"),
                ("swapped", "Batch and time are exchanged"),
            )
        ),
        (
            "The mean as the only answer has a loss of about one.",
            "abs(faults['anew']['wrong']['targets'] ** 2 - 1) < 0.1",
        ),
        *(
            (
                "| Series | Error of the forecast | Error of the last value | "
                "Lag | | --- | --: | --: | --: | "
                * (name == "waves")
                + f"| {label} | {{:.3f}} | {{:.3f}} | {{}} |",
                *(f"forecasts['{name}']['{what}']" for what in ("error", "last", "lag")),
            )
            for name, label in (
                ("waves", "Waves"),
                ("waves, same step", "Waves, the targets are the inputs"),
                ("walks", "Random walks"),
            )
        ),
        (
            "With `x[t]` as the target of `x[t]` the network learns to repeat "
            "what it reads. The loss becomes very small, {:.4f} for the waves "
            "below, and the forecasts are those of the last value.",
            "forecasts['waves, same step']['loss']",
        ),
        (
            "the forecasts are those of the last value",
            "abs(forecasts['waves, same step']['error'] "
            "/ forecasts['waves, same step']['last'] - 1) < 0.05",
        ),
    ),
    *figure(
        (
            "A network that has not been trained reads {:.0f}, {:.0f}, "
            "{:.0f}, {:.0f}, {:.0f} and {:.0f}.",
            *(f"x[{t}, 0, 0]" for t in range(6)),
        ),
        (
            "The last row says the same of all of them: `h` of unit 1 is {:.2f} at each step.",
            "output[:, 0, 1].mean()",
        ),
        (
            "The {:word} inputs differ, and nothing that the network returns does.",
            "len(set(x.flatten().tolist())) * (output[:, 0].std(dim=0).max() < 1e-6)",
        ),
        (
            "There is no gradient to speak of either, since a sigmoid is as flat at its ends.",
            "max(grad.abs().max() for grad in torch.autograd.grad("
            "lstm(x)[0].sum(), [*lstm.parameters()])) < 1e-20",
        ),
    ),
    *record(NOT_LEARNING, ("repeat the first of {:word} numbers", "len(programs.firsts(1)[0])")),
)
