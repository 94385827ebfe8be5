import torch

from tests.doc_scripts import load
from tests.site.facts.common import module, randn


def gradient_adds_up():
    weight = torch.ones(3, requires_grad=True)
    for _ in range(2):
        weight.sum().backward()
    return weight.grad.tolist() == [2, 2, 2]


def moves(order):
    """Whether a weight changes by `backward`, `zero_grad` and `step` in an order."""
    weight = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    does = {"z": optimizer.zero_grad, "s": optimizer.step}
    for act in order:
        does.get(act, lambda: weight.square().sum().backward())()
    return weight.item() != 1


@torch.no_grad()
def largest_h(**options):
    """The largest `h` with large weights."""
    lstm = module(1, 4, **options)
    for parameter in lstm.parameters():
        parameter.mul_(100)
    return lstm(100 * randn(9, 50, 1))[0].abs().max().item()


def lstm_is_quieter_than_an_rnn():
    lstm, x = module(3, 16), randn(50, 200, 3)
    gates = (randn(500, 3) @ lstm.weight_ih_l0.T).sigmoid().unflatten(1, (4, 16))
    are_half_open = (gates.mean((0, 2)) - 0.5).abs().max() < 0.1
    return bool(are_half_open and lstm(x)[0].std() < torch.nn.RNN(3, 16)(x)[0].std() / 2)


def moved_by_step(fault):
    """Which parameters a step of a faulty program changes."""
    programs = load("not_learning")
    program = programs.make_program(getattr(programs, fault), mended=False)
    before = {name: p.clone() for name, p in program.model.named_parameters()}
    program.step(*program.draw(4))
    return [name for name, p in program.model.named_parameters() if not p.equal(before[name])]


def rate_row(rate, change, loss, **_):
    percent = f"{100 * change:{'.2g' if change < 1 else ',.0f'}}"
    return f"{rate:.6f}".rstrip("0").rstrip("."), percent, loss
