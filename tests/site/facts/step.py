import torch

from tests.site.facts.common import close, grad, module, randn


def first_step_ignores(name, rows):
    torch.manual_seed(0)
    cell, x = torch.nn.LSTMCell(3, 2), randn(5, 3)
    before = cell(x)
    with torch.no_grad():
        getattr(cell, name)[[*rows]] += 1
    return all(map(torch.equal, before, cell(x)))


def gradient_adds_up():
    lstm, x = module(), randn(4, 5, 3)
    alone = sum(grad(lstm(sequence)[0], lstm.weight_ih_l0) for sequence in x.split(1, 1))
    output, _ = lstm(x)
    return close(grad(output, lstm.weight_ih_l0), alone, 1e-5) and close(
        grad(output.mean(), lstm.weight_ih_l0), alone / output.numel()
    )
