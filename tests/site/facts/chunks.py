import torch

from tests.site.facts.common import close, grad, module, randn, refusal


def initial_state_is_zero():
    lstm, x, zero = module(), randn(6, 5, 3), torch.zeros(1, 5, 2)
    return torch.equal(lstm(x)[0], lstm(x, (zero, zero))[0])


def mask_clears_its_column():
    h = randn(1, 3, 2).requires_grad_()
    cleared = h.masked_fill(torch.tensor([False, True, False])[:, None], 0)
    return cleared.any(2).tolist() == grad(cleared, h).any(2).tolist() == [[True, False, True]]


def batch_first_chunks_are_rows():
    rows = torch.arange(24).view(3, 8)
    return torch.equal(rows[:, 4:8].T, rows.T[4:8])


def state_continues():
    lstm, x = module(), randn(6, 1, 3)
    _, state = lstm(x[:4])
    return close(lstm(x[4:], state)[0], lstm(x)[0][4:])


def nodes_behind(result):
    """How many nodes of a graph a result holds, without its leaves."""
    visited, todo = set(), [result.grad_fn]
    while todo:
        node = todo.pop()
        if node is not None and node not in visited and "Accumulate" not in node.name():
            visited.add(node)
            todo += [after for after, _ in node.next_functions]
    return len(visited)


def second_backward_fails():
    h, c = module()(randn(6, 1, 3))[1]
    h.sum().backward()
    return "a second time" in refusal(lambda: c.sum().backward())


def next_values():
    """Whether later steps continue from the state after the first, and from the one before it."""
    lstm, x, state = module(), randn(6, 1, 3), tuple(randn(2, 1, 1, 2))
    _, after = lstm(x[:1], state)
    output, _ = lstm(x, state)
    first, second = (close(output[1:], lstm(x[1:], start)[0], 1e-5) for start in (after, state))
    return first, second
