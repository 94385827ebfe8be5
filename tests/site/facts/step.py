from collections.abc import Iterable

import torch

from tests.site.facts.common import randn


def ignores_at_first(name: str, rows: Iterable[int]) -> bool:
    """Whether the first step of a cell is the same, whatever is in rows of a tensor."""
    torch.manual_seed(0)
    cell, x = torch.nn.LSTMCell(3, 2), randn(5, 3)
    before = cell(x)
    with torch.no_grad():
        getattr(cell, name)[[*rows]] += 1
    return all(map(torch.equal, before, cell(x)))


def goes_on_from_h_and_c() -> bool:
    torch.manual_seed(0)
    lstm, x = torch.nn.LSTM(3, 2), randn(4, 1, 3)
    _, state = lstm(x[:1])
    return torch.allclose(lstm(x[1:], state)[0], lstm(x)[0][1:], atol=1e-6)
