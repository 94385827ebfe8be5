"""What `batch` quotes."""

import torch

from tests.site.facts.common import module, randn


def stays_in_its_row() -> bool:
    """Whether another sequence changes nothing of the first."""
    cell, x = torch.nn.LSTMCell(3, 2), randn(3, 3)
    h, c = cell(x)
    x[1:] += 1
    other_h, other_c = cell(x)
    return torch.allclose(h[0], other_h[0]) and torch.allclose(c[0], other_c[0])


def feels(axis: int) -> list[int]:
    """Where along an axis a result feels the first of an input."""
    x = randn(4, 5, 3)
    before, _ = module(3, 2)(x)
    x.select(axis, 0).add_(1)
    after, _ = module(3, 2)(x)
    changed = (before != after).any(2).any(1 - axis)
    return changed.nonzero().flatten().tolist()


def adds_up() -> bool:
    """Whether the gradient of a sum is a sum, and that of a mean its mean."""
    lstm, x = module(3, 2), randn(4, 5, 3)

    def gradient(x: torch.Tensor, loss: str) -> torch.Tensor:
        result = getattr(lstm(x)[0], loss)()
        return torch.autograd.grad(result, lstm.weight_ih_l0)[0]

    alone = sum(gradient(sequence, "sum") for sequence in x.split(1, 1))
    terms = lstm(x)[0].numel()
    return torch.allclose(gradient(x, "sum"), alone, atol=1e-5) and (
        torch.allclose(gradient(x, "mean"), alone / terms, atol=1e-6)
    )


def carries_into_the_next() -> bool:
    """Whether with the axes exchanged a sequence feels those before it."""
    x = randn(5, 4, 3).requires_grad_()  # five sequences, as if steps
    output, _ = module(3, 2)(x)
    dependences = [torch.autograd.grad(row.sum(), x, retain_graph=True)[0].any(2) for row in output]
    return [dependence.any(1).sum().item() for dependence in dependences] == [1, 2, 3, 4, 5]
