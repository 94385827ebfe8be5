"""What `why-a-memory` quotes."""

import math

import torch

from tests.doc_scripts import load
from tests.site.facts.common import randn, session
from tests.site.facts_of_pages import page


def left(f: float, steps: int) -> float:
    """What is left of a cell state to which nothing is added."""
    cell, zero = torch.nn.LSTMCell(1, 1).double(), torch.zeros(1, 1).double()
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.fill_(0)
        cell.bias_ih[1] = math.log(f / (1 - f))
        cell.bias_ih[0] = -99
        state = zero, zero + 1
        for _ in range(steps):
            state = cell(zero, state)
    return state[1].item()


def changes() -> list[tuple[str, int, bool, int]]:
    """Each character of the line, and what it does to the two variables.

    The depth and whether a quote is open before it, and the depth after it.
    """
    names = session("why-a-memory")
    states = [(0, False), *names["read"](names["text"])]
    return [
        (char, *before, after[0])
        for char, before, after in zip(names["text"], states, states[1:], strict=False)
    ]


def needs_what_came_before() -> bool:
    """Whether a `)` closes the last of one, of three, or nothing."""
    closing = [change[1:] for change in changes() if change[0] == ")"]
    outside = {(depth, after) for depth, inside, after in closing if not inside}
    quoted = [depth == after for depth, inside, after in closing if inside]
    return {(1, 0), (3, 2)} <= outside and quoted and all(quoted)


def stays_or_changes_by_one() -> bool:
    """Whether most characters change nothing, and brackets outside quotes one.

    So does none between quotes.
    """
    moved = [
        (char in "()" and not inside, abs(after - depth))
        for char, depth, inside, after in changes()
    ]
    return all(by == is_bracket for is_bracket, by in moved) and 2 * sum(
        by for _, by in moved
    ) < len(moved)


def gets_characters_alone() -> bool:
    """Whether the input of training is a 1 for each character, in this order.

    So neither of the two variables is in it.
    """
    script = load("brackets")
    symbols, inside, depth = script.random_strings(9, 40)
    x, _ = script.questions(symbols, inside, depth)
    return script.ALPHABET == 'x()"' and torch.equal(x, torch.eye(4)[symbols])


def is_rebuilt() -> bool:
    """Whether all that a plain RNN has goes through the matrix and tanh."""
    torch.manual_seed(0)
    cell, x, h = torch.nn.RNNCell(4, 3), torch.eye(4)[0], randn(3)
    z = cell.weight_ih @ x + cell.bias_ih + cell.weight_hh @ h + cell.bias_hh
    felt = torch.autograd.functional.jacobian(lambda h: cell(x, h), h)
    slope = 1 - z.tanh() ** 2
    return torch.allclose(cell(x, h), z.tanh(), atol=1e-6) and torch.allclose(
        felt, slope[:, None] * cell.weight_hh, atol=1e-6
    )


def fades_in_a_plain_rnn() -> bool:
    """Whether hardly anything is left of a gradient after forty steps."""
    torch.manual_seed(0)
    x = randn(40, 1, 3).requires_grad_()
    output, _ = torch.nn.RNN(3, 8)(x)
    (grad,) = torch.autograd.grad(output[-1].sum(), x)
    norms = grad.norm(dim=(1, 2))
    return bool(norms[0] < 1e-7 * norms[-1])


def are_all_right_but_one() -> bool:
    """Whether the page's second row of answers misses one open bracket."""
    _, line, right, answered = page("why-a-memory").text.partition("```text")[2].splitlines()[:4]
    depths = [after for *_, after in changes()]
    wrong = [k for k in range(len(line)) if right[k] != answered[k]]
    return (
        line == session("why-a-memory")["text"]
        and right == "".join(str(int(not depth)) for depth in depths)
        and [(answered[k], depths[k]) for k in wrong] == [("1", 1)]
    )


def asks_for_both_after_every_character() -> bool:
    """Whether a string with one wrong answer does not count as right."""
    script = load("brackets")

    def readout(output: torch.Tensor) -> torch.Tensor:
        return output

    def layer(x: torch.Tensor) -> tuple[torch.Tensor, None]:
        scores = answers * 2 - 1
        scores[3, 0, 1] *= -1
        return scores, None

    strings = [*script.random_strings(5, 9)]
    _, answers = script.questions(*strings)
    is_right = script.right(layer, readout, strings).all(dim=0)
    return is_right.tolist() == [False, True, True, True, True]
