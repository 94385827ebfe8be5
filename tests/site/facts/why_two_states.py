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
            "At the bracket before `b` the cell state of the counting unit is "
            "{:.2f}.",
            "c[12, 0, unit]",
        ),
        ("At the bracket before `b`", "text[12:14] == '(b'"),
        ("and here it is {:.2f}", "output[12, 0, unit]"),
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
            "is still there at the `)` that belongs to it, with {:.0%} of its "
            "height",
            "f[2:23, 0, unit].prod()",
        ),
        (
            "at the `)` that belongs to it",
            f"text[22] == ')' and {depth(22)} == 1 and {depth(23)} == 0",
        ),
        ("It writes one of {:.2f}, which is drawn", "(i * g)[14, 0, unit]"),
        (
            "so it falls by one",
            "abs((c - c_prev)[14, 0, unit] + 1) < 0.1 and text[14] == ')'",
        ),
        (
            "At the first quote, unit 1 has a forget gate of {:.2f}",
            "f[text.index(chr(34)), 0, unit]",
        ),
        ("at the same step, {:.2f}, then stays", "(i * g)[7, 0, unit]"),
        (
            "then stays untouched until the second quote clears it",
            "f[8, 0, unit] > 0.99 and f[9, 0, unit] < 0.01",
            "text[9] == chr(34)",
        ),
        (
            "With an `f` near one every stripe stays as it is.",
            "f[2:22, 0, unit].min() > 0.9",
        ),
        (
            "At the second pair of quotes, `f` is {:.2f} and {:.2f}",
            "f[26, 0, unit]",
            "f[29, 0, unit]",
        ),
        (
            "by then nothing is open, blue and red cancel",
            *(f"{depth(count)} == 0" for count in range(26, 31)),
            "c[25:30, 0, unit].abs().max() < 0.2",
        ),
        (
            "At the first pair, with two brackets open, `f` stays at {:.2f} or "
            "more",
            f"f[7:10, 0, unit].min() * ({depth(8)} == {depth(10)} == 2)",
        ),
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
