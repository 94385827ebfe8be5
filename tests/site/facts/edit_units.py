"""What `edit-units` quotes."""

import torch

from tests.site.facts.common import GATES, drawn, listed, module
from tests.site.facts.gru import BANDS
from tests.site.quoting import asked, figure, network

FROZEN = [
    listed(pattern, "edit-units.md")
    for pattern in (r"lstm, torch.tensor\(\[(\d)", r"(\d)\]\)\)\n.*before")
]
"""The units that stay."""


def is_silent(band: str) -> bool:
    """Whether a unit shows nothing if its rows in this band are zero."""
    lstm = module(3, 4)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter["ifgo".index(band) * 4 + 1] = 0
    return not lstm(drawn(5, 1, 3))[0][..., 1].any()


def read_by(column: int) -> bool:
    """Whether a column of weight_hh is what all gates read of its unit."""
    lstm, h = module(3, 4), drawn(1, 4)
    h[:, column] = 0
    z = h @ lstm.weight_hh_l0.T
    with torch.no_grad():
        lstm.weight_hh_l0[:, column] = 9
    return torch.equal(h @ lstm.weight_hh_l0.T, z)


def reads(row: int) -> list[int]:
    """The units whose `c` depends on the weights of a row."""
    lstm = module(3, 4)
    h, c = drawn(1, 4), drawn(1, 4, seed=1)
    _, (_, after) = lstm(drawn(1, 3), (h, c))
    found = []
    for unit in range(4):
        (grad,) = torch.autograd.grad(
            after[0, unit], lstm.weight_hh_l0, retain_graph=True
        )
        found += [unit] if grad[row].any() else []
    return found


def moves_without_gradient(make) -> bool:
    """Whether an optimizer moves a number whose gradient is zero."""
    number = torch.nn.Parameter(torch.ones(1))
    number.grad = torch.zeros(1)
    make([number]).step()
    return number.item() != 1


FACTS = (
    *asked(
        (
            "Set its rows of `g` to zero, in both weights and both biases",
            lambda: [b for b in "ifgo" if is_silent(b)] == ["g"],
        ),
        (
            "The rows of the other gates alone do not do it, since a gate "
            "whose sum is zero is half open.",
            lambda: torch.zeros(()).sigmoid() == 0.5,
        ),
        (
            "| `weight_ih`, `weight_hh`, `bias_ih`, `bias_hh` | rows `k`, "
            "`k + H`, `k + 2*H`, `k + 3*H` | what its gates read |",
            lambda: all(reads(1 + 4 * b) == [1] for b in range(3)),
        ),
        (
            "| `weight_hh` | column `k` | what all gates read of it |",
            lambda: read_by(1),
        ),
        (
            "| `h`, `c`, `output` | element `k` of the last axis |",
            lambda: module(3, 4)(drawn(5, 2, 3))[0].shape[-1] == 4,
        ),
        (
            "It needs no gradient, and pulls a frozen row towards zero",
            lambda: (
                moves_without_gradient(torch.optim.AdamW)
                and not moves_without_gradient(torch.optim.Adam)
            ),
        ),
        (
            "whoever reads them sees that one number times the sum of their "
            "columns. So add the column of the second to that of the first, "
            "and remove the second.",
            lambda: torch.allclose(
                drawn(5, 2) @ torch.full((2,), 3.0), 3 * drawn(5, 2).sum(1)
            ),
        ),
        (
            "one matrix for both, forward first",
            lambda: (
                module(
                    3, 4, num_layers=2, bidirectional=True
                ).weight_ih_l1.shape[1]
                == 2 * 4
            ),
        ),
    ),
    *figure(
        (
            "one row in each of the four bands, in every tensor",
            "all(len(p) == 4 * lstm.hidden_size for p in lstm.parameters())",
        ),
        (
            "and one column of `weight_hh`",
            "lstm.weight_hh_l0.shape[1] == lstm.hidden_size",
        ),
    ),
    *network(
        "cell",
        ("Units {} and {} have stayed", *FROZEN),
        ("has {:word} bands instead of {:word}", BANDS, GATES),
    ),
)
