"""What `why-two-states` quotes."""

from collections.abc import Callable

import torch

from tests.site.facts.common import GATES, STATES, module, randn, session
from tests.site.facts_of_pages import figure, network, of_torch

LINE = (
    "reading --weights docs/code/characters.safetensors"
    " --input docs/code/characters-input.safetensors"
    " --tokens docs/code/characters-tokens.json"
)
"""A network that writes text, and the first lines of a sonnet."""


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


FACTS = (
    *of_torch(
        (
            "In a plain RNN the new and the old go into one sum and one tanh, "
            "so the old comes out changed whenever something new comes in.",
            old_comes_out_changed,
        ),
        (
            "The matrix of a plain RNN is the same at every step, whether a "
            "bracket came or a comma.",
            is_rebuilt,
        ),
        (
            "As long as a memory is not needed, a shut output gate keeps it away from them.",
            keeps_quiet,
        ),
        (
            "The price is what the two states were for: it cannot count "
            "without end, it cannot keep quiet, and",
            cannot_do_what_two_states_do,
        ),
        (
            "and half the state.",
            lambda: (
                2 * module(3, 2)(randn(1, 3))[1][0].numel()
                == 2 * torch.nn.GRU(3, 2)(randn(1, 3))[1].numel()
            ),
        ),
        (
            "A plain RNN has no such path: there every step back goes through "
            "the matrix and the slope of tanh.",
            is_rebuilt,
        ),
        ("Only where no gate reads `h` are the two the same:", are_the_same_where_no_gate_reads_h),
        (
            "Where they are close to one, so is the product, over any distance.",
            is_kept_without_a_forget_gate,
        ),
    ),
    *figure(
        (
            ", and nothing that was written in between has disturbed it.",
            "torch.isclose(cells[22, 2, 0], "
            "cells[1, 2, 0] * f[2:23, 0, 0].double().prod(), atol=1e-4)",
        ),
        (
            ", which wipes out all that it wrote before.",
            "cells[7, 1:8, 1].abs().max() < 0.01",
            "cells[6, 1:8, 1].abs().max() > 0.01",
        ),
        (
            "So a unit at zero may still have all that was written, which "
            "cancels, or have lost it, and only such a map tells which. The "
            "counting unit cancels, and the one that knows about quotes "
            "erases.",
            "abs(c[25, 0, 0]) < 0.2 < 0.7 < cells[25, 1:27, 0].abs().max()",
            "cells[9, 1:10, 1].abs().max() < 0.01 and abs(c[9, 0, 1]) < 0.1",
        ),
        (", and nothing is lost.", "(c - c_prev)[[26, 29], 0, 0].abs().max() < 0.1"),
        (
            "Its hidden state is not: `h` is a tanh times a gate, so it lies "
            "between minus one and one",
            "torch.allclose(output, o * c.tanh(), atol=1e-6)",
            "output[12, 0, 0] < 1 < c[12, 0, 0]",
        ),
        id="writes",
    ),
    *figure((", so nothing fades.", "f[1:3, 0].prod(0).min() > 0.99"), id="direct-path"),
    *network(
        f"{LINE} --units 15",
        (
            "Nothing is lost by that: the count is there when the line breaks.",
            "tokens[42] == '↓' and c_prev[42, 0, units[0]] == c[41, 0, units[0]]",
            "f[41, 0, units[0]] > 0.98 and f[42, 0, units[0]] > 0.8",
        ),
    ),
    *of_torch(
        ("a column fades by `f` at every step", fades_by_f),
        (
            "On those a gradient meets the slopes of σ, at most a quarter, and "
            "of tanh, at most one; on the direct way it meets the gate itself.",
            fades_by_f,
            lambda: steepest(torch.sigmoid) == 0.25,
            lambda: steepest(torch.tanh) == 1,
        ),
        (
            "Autograd follows all of them and adds up what comes through, so "
            "one way that lasts is enough; its gradient can be larger than the "
            "product, smaller, or of the other sign.",
            adds_up_ways,
        ),
    ),
    *network(
        "writes --network brackets",
        (
            "a column begins at the character at which something is written "
            "into `c`, and goes down for as long as it lasts",
            "all(torch.allclose(cells[t, t + 1], (i * g)[t, 0].double(), "
            "atol=1e-5) and not cells[t, t + 2 :].any() "
            "for t in range(len(text)))",
        ),
        (
            "Read a row from left to right: all that is in it adds up to `c` after that character.",
            "torch.allclose(cells.sum(1), c[:, 0].double(), atol=1e-5)",
        ),
        (
            "**Adding leaves the rest alone.** What a step writes is added to "
            "what there is, and no other column changes.",
            "all(torch.allclose(cells[t, : t + 1], "
            "f[t, 0].double() * cells[t - 1, : t + 1], atol=1e-5) "
            "for t in range(1, len(text)))",
        ),
    ),
    *figure(
        ("At the bracket before `m` the cell state of the counting unit is {:.2f}.", "c[12, 0, 0]"),
        ("At the bracket before `m`", "text[12:14] == '(m'"),
        ("and here it is {:.2f}", "output[12, 0, 0]"),
        (
            "Over the {:word} letters both forget gates are {:.2f}",
            "text.count('a') + text.count('b')",
            "f[1:3, 0].min()",
        ),
        ("reaches the end of step 5 by a factor of {:.3f}", "f[1:5, 0, 0].prod()"),
        ("holds after the bracket", "text[0] == '(' and len(text) == 5"),
        ("the quote cuts the path, and the factor is {:.3f}", "f[1:5, 0, 1].prod()"),
        ("the quote cuts the path", "f[text.index(chr(34)), 0, 1] < 0.01"),
        ("the product of {:word} forget gates", "len(f[1:5, 0, 0])"),
        ("with them the factors are {:.3f} and {:.3f}", "total[1, 0, 0]", "total[1, 0, 1]"),
    ),
    *network(
        "reading --network brackets",
        ("The bracket network has no use for that", "o.quantile(0.9) > 0.99"),
    ),
    *network(
        f"{LINE} --units 15",
        (
            "a cell state of {:.1f} and an output gate of {:.3f}, so it shows {:.3f}",
            "c[41, 0, units[0]]",
            "o[41, 0, units[0]]",
            "output[41, 0, units[0]]",
        ),
        ("At the comma that ends a line", "tokens[41:43] == [',', '↓']"),
        ("is silent at most characters", "o[:, 0, units[0]].median() < 0.05"),
    ),
    *figure(
        (
            "In unit 0, three dark columns at the `m` are three open brackets",
            "text[13] == 'm' and (cells[13, 1:, 0] > 0.5).sum() == 3",
            f"{depth(13)} == 3",
        ),
        (
            "is still there at the `)` that belongs to it, {:.0%} of it",
            "cells[22, 2, 0] / cells[1, 2, 0]",
        ),
        (
            "at the `)` that belongs to it",
            f"text[22] == ')' and {depth(22)} == 1 and {depth(23)} == 0",
        ),
        ("That `)` takes no column away: at it {:.2f} is written beside them", "(i * g)[22, 0, 0]"),
        ("takes no column away", "cells[22, 2, 0] > 0.9 * cells[21, 2, 0]"),
        ("so `c` falls by one", "abs((c - c_prev)[22, 0, 0] + 1) < 0.1 and text[22] == ')'"),
        (
            "In unit 1 every column ends at the next quote",
            "all(cells[t, 1 : t + 1, 1].abs().max() < 0.01 "
            "for t in range(len(text)) if text[t] == chr(34))",
        ),
        (
            "At the first quote, unit 1 has a forget gate of {:.2f}",
            "f[text.index(chr(34)), 0, units[0]]",
        ),
        ("at the same step, {:.2f}, is all", "(i * g)[7, 0, units[0]]"),
        (
            "is all that is left in the framed row",
            "(cells[step - 1, 1:, units[0]].abs() > 0.01).tolist() "
            "== [text[t] == chr(34) and t < step for t in range(len(text))]",
        ),
        (
            "in the framed row, that of the bracket between the quotes",
            "text[step - 2 : step + 1] == chr(34) + '(' + chr(34)",
        ),
        (
            "it stays untouched until the second quote clears it",
            "f[8, 0, units[0]] > 0.99 and f[9, 0, units[0]] < 0.01",
            "text[9] == chr(34)",
        ),
    ),
    *figure(
        ("With an `f` near one every column goes on as it is.", "f[2:22, 0, 0].min() > 0.9"),
        (
            "At the second pair of quotes, the `f` of unit 0 is {:.2f} and {:.2f}",
            "f[26, 0, 0]",
            "f[29, 0, 0]",
        ),
        (
            "and all its columns fade together",
            "torch.allclose(cells[26, 1:27, 0], "
            "f[26, 0, 0].double() * cells[25, 1:27, 0], atol=1e-5)",
            "torch.allclose(cells[29, 1:30, 0], "
            "f[29, 0, 0].double() * cells[28, 1:30, 0], atol=1e-5)",
        ),
        (
            "With an `f` near zero all columns are gone at once.",
            "f[7, 0, 1] < 0.01 and cells[7, 1:8, 1].abs().max() < 0.01",
        ),
        (
            "by then nothing is open, blue and red cancel",
            *(f"{depth(count)} == 0" for count in range(26, 31)),
            "c[25:30, 0, 0].abs().max() < 0.2",
        ),
        (
            "At the first pair, with two brackets open, it stays at {:.2f} or more",
            f"f[7:10, 0, 0].min() * ({depth(8)} == {depth(10)} == 2)",
        ),
        id="writes",
    ),
    *network(
        "cell",
        ("hands on {:word} vectors", STATES),
        (
            "there are {:word} sums instead of {:word}",
            "len(torch.nn.GRU(3, 2).weight_ih_l0) // 2",
            GATES,
        ),
        ("Where do these {:word} numbers come from", GATES),
        ("From a perceptron to {:word} weights", GATES),
    ),
)
