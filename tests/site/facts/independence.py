"""What `independence` quotes."""

import torch

from tests.site.facts.claims import felt, is_apart
from tests.site.facts.common import module, randn, units_of_column
from tests.site.facts_of_pages import of_torch

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


FACTS = of_torch(
    (
        "# Units are not independent An LSTM with many units is sometimes "
        "taken for many small cells side by side. The output side of the cell "
        "suggests it, since everything there works element by element.",
        lambda: felt("h", "h").all(),
        lambda: is_apart("h"),
    ),
    ("It is not.", lambda: felt("h", "h").all()),
    (
        "There `weight_hh` is multiplied by zero, so the *values* of a unit do "
        "not depend on its weights for the others. But the derivative asks "
        "what a small change of the state would do, and every unit would feel "
        "it:",
        lambda: read_at_the_first_step() == 3 * [[0, 1, 2]],
        first_values_do_not_depend_on_weight_hh,
    ),
    (
        "The gates of each unit read the hidden state of **all** units, "
        "through the rows of `weight_hh`.",
        lambda: [units_of_column(k, 3) for k in range(3)] == [[0], [1], [2]],
        lambda: read_at_the_first_step() == 3 * [[0, 1, 2]],
    ),
    (
        "The first step from a zero state is no exception.",
        lambda: read_at_the_first_step() == 3 * [[0, 1, 2]],
    ),
    (
        "You can permute them if you permute the rows of every band and the "
        "columns of `weight_hh` in the same way. So a unit can be [taken out, "
        "or merged with another](edit-units.md), as soon as you know its rows "
        "and columns.",
        permuted,
        lambda: not permuted(rows=False),
        lambda: not permuted(columns=False),
    ),
)
