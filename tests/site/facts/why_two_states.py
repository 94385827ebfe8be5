"""What `why-two-states` quotes."""

import torch

from tests.site.facts.common import GATES, STATES, drawn
from tests.site.quoting import asked, figure, network

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
    cell, x, h, c = torch.nn.LSTMCell(3, 2), *(drawn(2, n) for n in (3, 2, 2))
    z = cell.bias_ih + cell.bias_hh
    z = z + x[0] @ cell.weight_ih.T + h[0] @ cell.weight_hh.T
    felt = torch.autograd.functional.jacobian(
        lambda c: cell(x[0], (h[0], c))[1], c[0]
    )
    return torch.allclose(felt, z.chunk(4)[1].sigmoid().diag(), atol=1e-6)


FACTS = (
    *asked(("a column fades by `f` at every step", fades_by_f)),
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
            "Read a row from left to right: all that is in it adds up to `c` "
            "after that character.",
            "torch.allclose(cells.sum(1), c[:, 0].double(), atol=1e-5)",
        ),
        (
            "What a step writes is added to what there is, and no other "
            "column changes.",
            "all(torch.allclose(cells[t, : t + 1], "
            "f[t, 0].double() * cells[t - 1, : t + 1], atol=1e-5) "
            "for t in range(1, len(text)))",
        ),
    ),
    *figure(
        (
            "At the bracket before `m` the cell state of the counting unit is "
            "{:.2f}.",
            "c[12, 0, 0]",
        ),
        ("At the bracket before `m`", "text[12:14] == '(m'"),
        ("and here it is {:.2f}", "output[12, 0, 0]"),
        (
            "Over the {:word} letters both forget gates are {:.2f}",
            "text.count('a') + text.count('b')",
            "f[1:3, 0].min()",
        ),
        (
            "reaches the end of step 5 by a factor of {:.3f}",
            "f[1:5, 0, 0].prod()",
        ),
        ("holds after the bracket", "text[0] == '(' and len(text) == 5"),
        (
            "the quote cuts the path, and the factor is {:.3f}",
            "f[1:5, 0, 1].prod()",
        ),
        ("the quote cuts the path", "f[text.index(chr(34)), 0, 1] < 0.01"),
        ("the product of {:word} forget gates", "len(f[1:5, 0, 0])"),
        (
            "with them the factors are {:.3f} and {:.3f}",
            "total[1, 0, 0]",
            "total[1, 0, 1]",
        ),
    ),
    *network(
        "reading --network brackets",
        ("The bracket network has no use for that", "o.quantile(0.9) > 0.99"),
    ),
    *network(
        f"{LINE} --units 15",
        (
            "a cell state of {:.1f} and an output gate of {:.3f}, so it shows "
            "{:.3f}",
            "c[41, 0, units[0]]",
            "o[41, 0, units[0]]",
            "output[41, 0, units[0]]",
        ),
        ("At the comma that ends a line", "tokens[41:43] == [',', '↓']"),
        (
            "is silent at most characters",
            "o[:, 0, units[0]].median() < 0.05",
        ),
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
        (
            "That `)` takes no column away: at it {:.2f} is written beside "
            "them",
            "(i * g)[22, 0, 0]",
        ),
        ("takes no column away", "cells[22, 2, 0] > 0.9 * cells[21, 2, 0]"),
        (
            "so `c` falls by one",
            "abs((c - c_prev)[22, 0, 0] + 1) < 0.1 and text[22] == ')'",
        ),
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
        (
            "With an `f` near one every column goes on as it is.",
            "f[2:22, 0, 0].min() > 0.9",
        ),
        (
            "At the second pair of quotes, the `f` of unit 0 is {:.2f} and "
            "{:.2f}",
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
            "At the first pair, with two brackets open, it stays at {:.2f} or "
            "more",
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
