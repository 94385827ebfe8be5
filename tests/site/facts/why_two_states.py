"""What `why-two-states` quotes."""

from collections.abc import Callable

import torch

from tests.site.facts.common import module, randn, session


def depth(count: int) -> str:
    """How many brackets are open after so many characters, as Python."""
    outside = f"''.join(text[:{count}].split(chr(34))[::2])"
    return f"({outside}.count('(') - {outside}.count(')'))"


def fades_by_f() -> bool:
    """Whether a cell state is felt by the next as the forget gate says."""
    torch.manual_seed(0)
    cell, x, h, c = torch.nn.LSTMCell(3, 2), *(randn(2, n) for n in (3, 2, 2))
    z = cell.bias_ih + cell.bias_hh
    z = z + x[0] @ cell.weight_ih.T + h[0] @ cell.weight_hh.T
    felt = torch.autograd.functional.jacobian(lambda c: cell(x[0], (h[0], c))[1], c[0])
    return torch.allclose(felt, z.chunk(4)[1].sigmoid().diag(), atol=1e-6)


def steepest(function: Callable[[torch.Tensor], torch.Tensor]) -> float:
    """The largest slope of a function."""
    x = torch.linspace(-9, 9, 19, requires_grad=True)
    (slope,) = torch.autograd.grad(function(x).sum(), x)
    return slope.max().item()


def adds_up_ways() -> bool:
    """Whether a gradient is that along c and that through h, added."""
    cell, x = torch.nn.LSTMCell(3, 2), randn(3)
    h, c = randn(2), randn(2, seed=1)

    def after(direct: torch.Tensor, indirect: torch.Tensor) -> torch.Tensor:
        """The last of two more states, of which h is made of another c."""
        h_next = h * indirect.tanh()
        return cell(x, (h_next, direct))[1]

    def both(c: torch.Tensor) -> torch.Tensor:
        return after(c, c)

    felt = torch.autograd.functional.jacobian(both, c)
    routes = torch.autograd.functional.jacobian(after, (c, c))
    return torch.allclose(felt, sum(routes), atol=1e-6) and bool(routes[1].any())


def is_rebuilt() -> bool:
    """Whether a plain RNN hands a gradient back by its matrix and a slope."""
    torch.manual_seed(0)
    cell, x, h = torch.nn.RNNCell(3, 2), randn(3), randn(2)
    felt = torch.autograd.functional.jacobian(lambda h: cell(x, h), h)
    slope = 1 - cell(x, h) ** 2
    return torch.allclose(felt, slope[:, None] * cell.weight_hh, atol=1e-6)


def old_comes_out_changed() -> bool:
    """Whether a plain RNN makes something else of the old with a new input."""
    torch.manual_seed(0)
    cell, h = torch.nn.RNNCell(3, 2), randn(2)
    first, second = (
        torch.autograd.functional.jacobian(lambda h, x=x: cell(x, h), h) for x in randn(2, 3)
    )
    return not torch.isclose(first, second).any()


def keeps_quiet() -> bool:
    """Whether a shut output gate shows nothing of what is there.

    So the next step is what it would be with another cell state.
    """
    cell, x, zero = torch.nn.LSTMCell(3, 2), randn(1, 3), torch.zeros(1, 2)
    with torch.no_grad():
        cell.bias_ih[6:8] = -200
        results = [cell(x, (zero, zero + c)) for c in (1.0, 9.0)]
    return all(not h.any() for h, _ in results) and not torch.equal(results[0][1], results[1][1])


def cannot_do_what_two_states_do() -> bool:
    """Whether a GRU shows all that it has, and a count ends at one."""
    gru = torch.nn.GRU(1, 1)
    output, h_n = gru(torch.ones(9, 1, 1))
    with torch.no_grad():
        for parameter in gru.parameters():
            parameter.fill_(2)
        counted, _ = gru(torch.ones(99, 1, 1))
    return torch.equal(output[-1], h_n[0]) and counted.abs().max() <= 1


def are_the_same_where_no_gate_reads_h() -> bool:
    """Whether autograd agrees with the product of gates there alone."""
    names, are_equal = session("why-two-states"), []
    for factor in (1, 0):
        lstm = module(3, 2)
        with torch.no_grad():
            lstm.weight_hh_l0 *= factor
        are_equal.append(torch.allclose(names["gradient"](lstm), names["product_of_f"](lstm)))
    return are_equal == [False, True]


def is_kept_without_a_forget_gate() -> bool:
    """Whether gates of one keep all, at any distance."""
    lstm, c_0 = module(1, 1), torch.ones(1, 1, 1, requires_grad=True)
    with torch.no_grad():
        lstm.bias_ih_l0[1] = 200
        lstm.weight_hh_l0.zero_()
    _, (_, c_n) = lstm(torch.zeros(500, 1, 1), (torch.zeros(1, 1, 1), c_0))
    (grad,) = torch.autograd.grad(c_n, c_0)
    return grad.item() == 1
