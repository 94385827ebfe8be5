from functools import cache

import torch

from tests.site.facts.common import close, grad, randn, session
from tests.site.facts_of_pages import page


@cache
def felt(kind=torch.nn.LSTM):
    """How much the last output of a new module depends on each of 60 steps."""
    torch.manual_seed(0)
    x = randn(60, 1, 3).requires_grad_()
    return grad(kind(3, 8)(x)[0][-1], x).norm(dim=(1, 2))


def changes():
    """Of each character of the line, depth and quotation before it, and depth after it."""
    names = session("why-a-memory")
    states = [(0, False), *names["read"](names["text"])]
    return [
        (char, *before, after[0])
        for char, before, after in zip(names["text"], states, states[1:], strict=False)
    ]


def needs_what_came_before():
    """Whether `)` gives different depths, and none in quotes."""
    closing = [change[1:] for change in changes() if change[0] == ")"]
    quoted = [depth == after for depth, inside, after in closing if inside]
    return {(1, False, 0), (3, False, 2)} <= {*closing} and all(quoted) and bool(quoted)


def rnn_rebuilds_h():
    torch.manual_seed(0)
    cell, x, h = torch.nn.RNNCell(4, 3), torch.eye(4)[0], randn(3)
    h_new = (cell.weight_ih @ x + cell.bias_ih + cell.weight_hh @ h + cell.bias_hh).tanh()
    back = torch.autograd.functional.jacobian(lambda h: cell(x, h), h)
    return close(cell(x, h), h_new) and close(back, (1 - h_new**2)[:, None] * cell.weight_hh)


def are_all_right_but_one():
    """Whether the page's network errs once, at depth 1."""
    _, _, right, answered = page("why-a-memory").text.partition("```text")[2].splitlines()[:4]
    depths = [after for *_, after in changes()]
    wrong = [k for k in range(len(right)) if right[k] != answered[k]]
    is_right = right == "".join(str(int(not depth)) for depth in depths)
    return is_right and [(answered[k], depths[k]) for k in wrong] == [("1", 1)]
