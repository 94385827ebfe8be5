"""What `independence` quotes."""

import torch

from tests.site.facts.common import module, randn

ORDER = [2, 0, 1]


def permuted(*, rows: bool = True, columns: bool = True) -> bool:
    """Whether another order of the units changes nothing but their order."""
    lstm, other, x = module(3, 3), module(3, 3), randn(5, 1, 3)
    new = torch.arange(12).view(4, 3)[:, ORDER].flatten()
    with torch.no_grad():
        for parameter in other.parameters():
            if rows:
                parameter.copy_(parameter[new])
        if columns:
            other.weight_hh_l0.copy_(other.weight_hh_l0[:, ORDER])
    return torch.allclose(other(x)[0], lstm(x)[0][..., ORDER], atol=1e-6)


def read_at_the_first_step() -> list[list[int]]:
    """The units that each unit of h feels, from a state of zeros."""
    torch.manual_seed(0)
    cell, zero = torch.nn.LSTMCell(3, 3), torch.zeros(3)
    x = randn(3)
    felt = torch.autograd.functional.jacobian(lambda h: cell(x, (h, zero))[0], zero)
    return [row.nonzero().flatten().tolist() for row in felt]


def first_values_do_not_depend_on_weight_hh() -> bool:
    lstm, x = module(3, 3), randn(1, 1, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.weight_hh_l0.zero_()
    return torch.equal(lstm(x)[0], before)
