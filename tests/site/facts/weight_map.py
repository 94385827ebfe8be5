import torch

from tests.site.facts.common import close, grad, module, randn

ORDER = [2, 0, 1]


def grown(name, **options):
    """By how much each axis of a tensor grows with another unit."""
    sizes = (torch.nn.LSTM(3, units, **options).state_dict()[name].shape for units in (2, 3))
    return tuple(b - a for a, b in zip(*sizes, strict=True))


def permuted(forgotten=""):
    """Whether the output stays if all but `forgotten` has another order of units."""
    lstm, other = (module(3, 3, num_layers=2) for _ in range(2))
    x, state = randn(5, 1, 3), (randn(2, 1, 3, seed=1), randn(2, 1, 3, seed=2))
    new_state = tuple(part.clone() for part in state)
    for name, parameter in other.named_parameters():
        if name.endswith("_l0") and forgotten != "rows":
            parameter.data = parameter.data.view(4, 3, -1)[:, ORDER].reshape(parameter.shape)
    for what, weight in (("columns", other.weight_hh_l0), ("next layer", other.weight_ih_l1)):
        if what != forgotten:
            weight.data = weight.data[:, ORDER]
    for part in new_state:
        if forgotten != "states":
            part[0] = part[0][:, ORDER]
    return close(other(x, new_state)[0], lstm(x, state)[0])


def read_by(*, is_diagonal=False):
    """The units of `h` that each unit feels, from zeros."""
    cell, h = torch.nn.LSTMCell(3, 3), torch.zeros(3, requires_grad=True)
    if is_diagonal:
        cell.weight_hh.data *= torch.eye(3).repeat(4, 1)
    result, _ = cell(randn(3), (h, torch.zeros(3)))
    return [grad(unit, h).nonzero().flatten().tolist() for unit in result]
