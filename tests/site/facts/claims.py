"""What pages say of the module as a whole, apart from single gates."""

from functools import cache

import torch

from tests.site.facts.common import close, grad, module, operators, quietly, randn


@cache
def felt(result, state, units=4):
    """Which units of a result depend on which units of a state before it."""
    lstm, x = module(3, units), randn(1, 3)

    def step(h, c):
        output, (_, c_n) = lstm(x, (h[None], c[None]))
        return (output if result == "h" else c_n)[0]

    jacobians = torch.autograd.functional.jacobian(step, (randn(units), randn(units, seed=1)))
    return jacobians["hc".index(state)] != 0


def units_are_apart(result):
    """Whether each unit depends on its own `c` alone."""
    return torch.equal(felt(result, "c"), torch.eye(4) == 1)


def steps_felt(step, units=slice(None), **options):
    """The steps of the input that these units of an output depend on."""
    x = randn(4, 1, 3).requires_grad_()
    output, _ = module(**options)(x)
    felt = grad(output[step, :, units], x)
    return felt.any(2).any(1).nonzero().flatten().tolist()


def gradients(batch):
    lstm = module()
    lstm(randn(4, batch, 3))[0].sum().backward()
    return [p.grad for p in lstm.parameters() if p.grad is not None]


def where_the_first_is_felt(axis, **options):
    """Where along an axis a result depends on the first of an input."""
    x = randn(4, 5, 3)
    before, _ = module(**options)(x)
    x.select(axis, 0).add_(1)
    changed = (before != module(**options)(x)[0]).any(2).any(1 - axis)
    return changed.nonzero().flatten().tolist()


def call_changes_no_weights():
    lstm, before = module(), module()
    lstm(randn(9, 1, 3))
    return all(map(torch.equal, before.parameters(), lstm.parameters()))


def cell_runs_another_operator():
    lstm, cell, x = module(), torch.nn.LSTMCell(3, 2), randn(1, 3)
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in lstm.state_dict().items()})
    called = operators(lambda: lstm(x)), operators(lambda: cell(x))
    return close(lstm(x)[0], cell(x)[0]) and ["aten::lstm_cell" in c for c in called] == [
        False,
        True,
    ]


def forward_calls_one_operator():
    names = {*torch.nn.LSTM.forward.__code__.co_names}
    return {"_VF", "lstm"} <= names and not names & {"sigmoid", "tanh", "chunk"}


def learns_from_before(is_detached):
    """Whether a step has a gradient for the input of the one before."""
    x, lstm = randn(1, 1, 3).requires_grad_(), module()
    _, state = lstm(x)
    if is_detached:
        state = tuple(part.detach() for part in state)
    output, _ = lstm(randn(1, 1, 3), state)
    (grad,) = torch.autograd.grad(output.sum(), x, allow_unused=True)
    return grad is not None


def biases_only_add_up():
    lstm, x = module(), randn(4, 1, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.bias_ih_l0 += 1
        lstm.bias_hh_l0 -= 1
    return torch.allclose(lstm(x)[0], before, atol=1e-6)


def dropout_is_random(layers=2, training=True):
    lstm = quietly(module, 3, 4, layers, dropout=0.5).train(training)
    return not torch.equal(lstm(randn(4, 1, 3))[0], lstm(randn(4, 1, 3))[0])
