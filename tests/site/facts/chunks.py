"""What `chunks` quotes."""

import torch

from tests.site.facts.common import drawn, module
from tests.site.quoting import asked, figure, network


def state_axes(**options) -> tuple[int, ...]:
    """The shape of `h_n` after six steps of five sequences."""
    first = options.get("batch_first", False)
    x = drawn(5, 6, 3) if first else drawn(6, 5, 3)
    return tuple(module(3, 2, **options)(x)[1][0].shape)


def is_zero() -> bool:
    lstm, x, zero = module(3, 2), drawn(6, 5, 3), torch.zeros(1, 5, 2)
    return torch.equal(lstm(x)[0], lstm(x, (zero, zero))[0])


def changes_no_number() -> bool:
    x = drawn(3).requires_grad_()
    return torch.equal(x, x.detach()) and not x.detach().requires_grad


FACTS = (
    *asked(
        (
            "The batch is the second axis of a state, with `batch_first=True` "
            "as well.",
            lambda: state_axes() == (1, 5, 2) == state_axes(batch_first=True),
        ),
        (
            "The first axis counts layers and directions",
            lambda: state_axes(num_layers=3, bidirectional=True)[0] == 3 * 2,
        ),
        ("If you pass no state, `nn.LSTM` starts from zeros.", is_zero),
        ("Passing zeros yourself gives the same result, bit for bit.", is_zero),
        ("`detach` changes no number.", changes_no_number),
    ),
    *figure(
        (
            "each step back gets less of it",
            "all(a.norm() < b.norm() "
            "for a, b in zip(handed[0], handed[0][1:]))",
        ),
        (
            "everything before the second chunk gets exactly zero",
            "not any(part.any() for part in "
            "(detached[0][:2], *detached[1:])) and bool(detached[0][2:].all())",
        ),
        ("is run in {:word} chunks", "len((handed[0][:2], handed[0][2:]))"),
    ),
    *network(
        "cell",
        (
            "{:word} layers in two directions have {:word} first states",
            "torch.nn.LSTM(3, 2, 2, bidirectional=True).num_layers",
            "len(torch.nn.LSTM(3, 2, 2, bidirectional=True)(x)[1][0])",
        ),
    ),
)
