"""What facts of docs/chunks.md call."""

import torch

from tests.site.facts.common import close, grad, module, randn, refusal


def is_zero():
    lstm, x, zero = module(), randn(6, 5, 3), torch.zeros(1, 5, 2)
    return torch.equal(lstm(x)[0], lstm(x, (zero, zero))[0])


def clears_its_column():
    h = randn(1, 3, 2).requires_grad_()
    cleared = h.masked_fill(torch.tensor([False, True, False])[:, None], 0)
    return cleared.any(2).tolist() == grad(cleared, h).any(2).tolist() == [[True, False, True]]


def are_rows_with_the_batch_first():
    rows = torch.arange(24).view(3, 8)
    return torch.equal(rows[:, 4:8].T, rows.T[4:8])


def left_of_the_first(steps):
    """How much of the first state a result feels after so many steps."""
    c_0 = torch.zeros(1, 1, 2, requires_grad=True)
    output, _ = module()(randn(steps, 1, 3), (torch.zeros(1, 1, 2), c_0))
    return grad(output[-1], c_0).norm().item()


def goes_on():
    lstm, x = module(), randn(6, 1, 3)
    _, state = lstm(x[:4])
    return close(lstm(x[4:], state)[0], lstm(x)[0][4:])


def gradient_of_both(*, at_once):
    """The gradient of two losses, of their sum or one after the other."""
    lstm, x = module(), randn(6, 1, 3)
    first, state = lstm(x[:4])
    losses = first.sum(), lstm(x[4:], state)[0].sum()
    for loss in [sum(losses)] if at_once else losses:
        loss.backward(retain_graph=True)
    return lstm.weight_hh_l0.grad


def nodes_behind(result):
    """How many nodes of a graph a result holds, without its leaves."""
    visited, todo = set(), [result.grad_fn]
    while todo:
        node = todo.pop()
        if node is not None and node not in visited and "Accumulate" not in node.name():
            visited.add(node)
            todo += [after for after, _ in node.next_functions]
    return len(visited)


def meets_a_graph_that_is_freed():
    h, c = module()(randn(6, 1, 3))[1]
    h.sum().backward()
    return "a second time" in refusal(lambda: c.sum().backward())


def next_values():
    lstm, x, state = module(), randn(6, 1, 3), tuple(randn(2, 1, 1, 2))
    _, after = lstm(x[:1], state)
    output, _ = lstm(x, state)
    first, second = (close(output[1:], lstm(x[1:], start)[0], 1e-5) for start in (after, state))
    return first, second


def distances():
    """From the true state, after steps read from zeros: none, one, two."""
    lstm, x = module(3, 8), randn(30, 1, 3)
    _, (true, _) = lstm(x)
    states = [true * 0, *(lstm(x[-n:])[1][0] for n in range(1, 30))]
    return torch.stack([(state - true).norm() for state in states])
