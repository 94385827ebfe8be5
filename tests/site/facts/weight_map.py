"""What `weight-map` quotes."""

import torch

from lstm_figs.porting import ORDERS
from tests.site.facts.common import module, randn


def grown(name: str, **options) -> tuple[int, ...]:
    """By how much each axis of a tensor grows with another unit."""
    sizes = (torch.nn.LSTM(3, units, **options).state_dict()[name].shape for units in (2, 3))
    return tuple(b - a for a, b in zip(*sizes, strict=True))


def largest(units: int) -> float:
    """The end of the range from which a new module draws its weights."""
    return module(64, units).weight_hh_l0.abs().max().item()


def orders_are_unnamed() -> bool:
    """Whether no attribute says the order, of which libraries have several."""
    says = [
        name
        for name in dir(module(3, 2))
        if any(word in name for word in ("gate", "band", "order"))
    ]
    return not says and len({gate_order.order for gate_order in ORDERS}) > 1


def reads_any_length() -> bool:
    """Whether a call takes more steps with the same weights, and goes on."""
    lstm, x = module(3, 2), randn(50, 1, 3)
    return all(torch.allclose(lstm(x[:n])[0], lstm(x)[0][:n], atol=1e-6) for n in (1, 7, 50))


def is_free() -> bool:
    """Whether any size stands between an embedding and as many scores."""
    ids = torch.ones(4, 5).long()
    embedded = torch.nn.Embedding(9, 3)(ids)
    return all(
        torch.nn.Linear(units, 7)(module(3, units)(embedded)[0]).shape == (4, 5, 7)
        for units in (2, 3, 7, 11)
    )


HIDDEN = "lstm.weight_hh_l0[0] @ lstm(x[:1])[0][0, 0]"
"""What the first step adds to it at the second."""
