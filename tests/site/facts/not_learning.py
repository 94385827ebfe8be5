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
from torch.nn.functional import binary_cross_entropy, cross_entropy, mse_loss, nll_loss
from torch.utils.data import DataLoader

from tests.doc_scripts import load
from tests.site.facts.common import module, randn


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
