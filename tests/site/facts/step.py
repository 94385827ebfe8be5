"""Called in step.txt, where True means that the sentence holds."""

import torch

from tests.site.facts.common import close, grad, module, randn


def ignores_at_first(name, rows):
    """Whether the first step of a cell is the same, whatever is in rows of a tensor."""
    torch.manual_seed(0)
    cell, x = torch.nn.LSTMCell(3, 2), randn(5, 3)
    before = cell(x)
    with torch.no_grad():
        getattr(cell, name)[[*rows]] += 1
    return all(map(torch.equal, before, cell(x)))


def adds_up():
    """Whether the gradient of a batch is the sum of those of its sequences."""
    lstm, x = module(), randn(4, 5, 3)
    alone = sum(grad(lstm(sequence)[0], lstm.weight_ih_l0) for sequence in x.split(1, 1))
    output, _ = lstm(x)
    return close(grad(output, lstm.weight_ih_l0), alone, 1e-5) and close(
        grad(output.mean(), lstm.weight_ih_l0), alone / output.numel()
    )
