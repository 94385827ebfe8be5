"""What `batch-size` quotes."""

import torch

from tests.site.facts.common import module, randn, returned, session


def mixes() -> bool:
    """Whether a row of the view has two sequences, and one alone is right."""
    _, (h_n, _) = returned(bidirectional=True)
    mixed = h_n.view(5, -1)[0]
    first = h_n[:, :1]
    return torch.equal(mixed, h_n[0, :2].flatten()) and torch.equal(
        first.reshape(1, -1), torch.cat([first[-2], first[-1]], dim=1)
    )


def looks_at_one(norm: torch.nn.Module) -> bool:
    """Whether what a norm makes of a sequence depends on no other."""
    x = randn(4, 8)
    return torch.allclose(norm(x)[:2], norm(x[:2]), atol=1e-5)


def is_large_and_new() -> bool:
    """Whether dropout gives two calls results that are far apart."""
    lstm, x = module(3, 4, num_layers=2, dropout=0.5), randn(4, 1, 3)
    return bool((lstm(x)[0] - lstm(x)[0]).abs().max() > 0.01)


def is_large_and_the_same() -> bool:
    """Whether exchanged axes give two calls one result, far from the right."""
    lstm, x = module(3, 4), randn(4, 5, 3)
    wrong = [lstm(x.transpose(0, 1))[0].transpose(0, 1) for _ in range(2)]
    return torch.equal(*wrong) and bool((wrong[0] - lstm(x)[0]).abs().max() > 0.01)


def is_rounding() -> bool:
    lstm, x = module(8, 16), randn(20, 4, 8)
    alone = torch.cat([lstm(sequence)[0] for sequence in x.split(1, 1)], 1)
    return bool((lstm(x)[0] - alone).abs().max() < 2e-6)


def answers_stand_elsewhere() -> bool:
    """Whether a sorted batch has the right answers in other places."""
    here = session("batch-size")
    mixed, right, order = (here[name] for name in ("mixed", "right", "order"))
    is_elsewhere = not torch.allclose(mixed, right, atol=1e-3)
    back = torch.allclose(mixed[order.argsort()], right, atol=1e-6)
    return is_elsewhere and back and mixed.shape == right.shape


def is_a_row_of_one_state() -> bool:
    """Whether rows of a view of `hidden_size` are states of one sequence."""
    _, (h_n, _) = returned(bidirectional=True, num_layers=3)
    return torch.equal(h_n.view(-1, 2), torch.cat([*h_n]))


def moves_axes() -> bool:
    """Whether `transpose` brings each sequence to the front, `view` not."""
    output, _ = returned()
    moved, viewed = output.transpose(0, 1), output.view(5, 4, -1)
    return torch.equal(moved[2], output[:, 2]) and not torch.equal(viewed[2], output[:, 2])


def normed(training: bool, size: int) -> torch.Tensor:
    """The first two of a batch of some size, after a `BatchNorm`."""
    norm = torch.nn.BatchNorm1d(3).train(training)
    return norm(randn(9, 3)[:size])[:2]


def trained(size: int) -> torch.Tensor:
    """A weight after an epoch with batches of some size."""
    lstm = module(3, 2)
    optimizer = torch.optim.SGD(lstm.parameters(), lr=1.0)
    for x in randn(4, 8, 3).split(size, 1):
        optimizer.zero_grad()
        lstm(x)[0].square().mean().backward()
        optimizer.step()
    return lstm.weight_hh_l0.detach()


def slope(reduce: str, copies: int) -> float:
    """How long a gradient is if a batch holds each sequence several times."""
    lstm = module(3, 2)
    output, _ = lstm(randn(4, 2, 3).repeat(1, copies, 1))
    getattr(output.square(), reduce)().backward()
    return lstm.weight_hh_l0.grad.norm().item()


def is_the_same_in_parts() -> bool:
    grads = []
    for parts in (1, 4):
        lstm = module(3, 2)
        for part in randn(4, 8, 3).chunk(parts, 1):
            (lstm(part)[0].square().mean() / parts).backward()
        grads.append(lstm.weight_hh_l0.grad)
    return torch.allclose(*grads, atol=1e-6)


def depends_on_what_was_run() -> bool:
    here = session("batch-size")
    return not torch.allclose(here["one"], here["two"], atol=1e-3)
