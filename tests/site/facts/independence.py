import torch

from tests.site.facts.common import close, grad, module, randn

ORDER = [2, 0, 1]


def permuted(*, rows: bool = True, columns: bool = True) -> bool:
    """Whether another order of the units changes nothing but their order."""
    lstm, other, x = module(3, 3), module(3, 3), randn(5, 1, 3)
    new = torch.arange(12).view(4, 3)[:, ORDER].flatten()
    for parameter in other.parameters():
        parameter.data = parameter.data[new] if rows else parameter.data
    if columns:
        other.weight_hh_l0.data = other.weight_hh_l0.data[:, ORDER]
    return close(other(x)[0], lstm(x)[0][..., ORDER])


def read_by(*, is_diagonal: bool = False) -> list[list[int]]:
    """The units of `h` that each unit feels, from zeros."""
    cell, h = torch.nn.LSTMCell(3, 3), torch.zeros(3, requires_grad=True)
    if is_diagonal:
        cell.weight_hh.data *= torch.eye(3).repeat(4, 1)
    result, _ = cell(randn(3), (h, torch.zeros(3)))
    return [grad(unit, h).nonzero().flatten().tolist() for unit in result]
