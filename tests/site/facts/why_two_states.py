"""What `why-two-states` quotes."""

from tests.site.facts.common import GATES, STATES
from tests.site.quoting import figure, network


def depth(count: int) -> str:
    """How many brackets are open after so many characters, as Python."""
    outside = f"''.join(text[:{count}].split(chr(34))[::2])"
    return f"({outside}.count('(') - {outside}.count(')'))"


FACTS = (
    *figure(
        (
            "At the bracket before `m` the cell state of the counting unit is "
            "{:.2f}.",
            "c[12, 0, 0]",
        ),
        ("At the bracket before `m`", "text[12:14] == '(m'"),
        ("and here it is {:.2f}", "output[12, 0, 0]"),
        (
            "by a factor of {:.3f}, the product of four forget gates",
            "f[0:4, 0, 0].prod()",
        ),
        ("with them the factor is {:.3f}", "total[0, 0, 0]"),
        (
            "In unit 1 they turn the sign: from step 2 on, {:.3f} along `c` "
            "alone, and {:.3f} on all paths.",
            "f[2:4, 0, 1].prod()",
            "total[2, 0, 1]",
        ),
    ),
    *network(
        "keep-write-show --step 2",
        (
            "had a cell state of {:.2f} and showed only {:.2f} of it, with an "
            "output gate of {:.2f}.",
            "c[0, 0, 0]",
            "output[0, 0, 0]",
            "o[0, 0, 0]",
        ),
        ("{:.0%} of the {:.2f} was kept", "f[1, 0, 0]", "c[0, 0, 0]"),
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
        ("at it {:.2f} is written beside them", "(i * g)[22, 0, 0]"),
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
