"""What `keep-write-show` quotes."""

from tests.site.facts.common import EQUATIONS, STATES, occurrences
from tests.site.quoting import figure, network

FACTS = (
    *figure(
        (
            "keeps {:.0%} of its memory of {:.2f}, and writes {:.0%} of "
            "{:.2f} on top",
            "f[step - 1, 0, 0].item()",
            "c_prev[step - 1, 0, 0]",
            "i[step - 1, 0, 0].item()",
            "g[step - 1, 0, 0]",
        ),
        ("nearly cancel: {:.2f} is left", "c[step - 1, 0, 0]"),
        (
            "Unit 1 keeps half of the little that it had",
            "abs(f[step - 1, 0, 1] - 0.5) < 0.05",
        ),
        (
            "writes {:.0%} of {:.2f}, and shows most",
            "i[step - 1, 0, 1]",
            "g[step - 1, 0, 1]",
        ),
        ("and shows most of what", "0.5 < o[step - 1, 0, 1] < 0.9"),
        ("with a cell state of {:.2f}.", "c_prev[step - 1, 0, 0]"),
        (
            "`f` is {:.2f}, so {:.0%} of it stays, {:.2f}, and {:.0%} is "
            "forgotten",
            "f[step - 1, 0, 0]",
            "f[step - 1, 0, 0]",
            "(f * c_prev)[step - 1, 0, 0]",
            "1 - f[step - 1, 0, 0]",
        ),
        ("is `g`, here {:.2f}", "g[step - 1, 0, 0]"),
        (
            "`i` is {:.2f} and lets {:.0%} of it in, {:.2f}",
            "i[step - 1, 0, 0]",
            "i[step - 1, 0, 0]",
            "(i * g)[step - 1, 0, 0]",
        ),
        ("the new cell state: {:.2f}", "c[step - 1, 0, 0]"),
        (
            "`o` is {:.2f}, so `h` is {:.3f}",
            "o[step - 1, 0, 0]",
            "output[step - 1, 0, 0]",
        ),
        (
            "had {:.2f} and keeps {:.0%} of it, writes {:.0%} of {:.2f}, and "
            "holds {:.2f}",
            "c_prev[step - 1, 0, 1]",
            "f[step - 1, 0, 1]",
            "i[step - 1, 0, 1]",
            "g[step - 1, 0, 1]",
            "c[step - 1, 0, 1]",
        ),
        (
            "output gate of {:.2f} shows most of that, so `h` is {:.2f}",
            "o[step - 1, 0, 1]",
            "output[step - 1, 0, 1]",
        ),
        (
            "PyTorch counts four gates, one for each band of weights",
            "'input, forget, cell, and output gates' "
            "in ' '.join(torch.nn.LSTM.__doc__.split())",
        ),
    ),
    *figure(
        (
            "the {:word} boxes, one for each unit, and their {:word} bars",
            "lstm.hidden_size",
            occurrences(".**\n", "keep-write-show"),
        ),
    ),
    *network(
        "keep-write-show",
        (
            "which reads {:word} numbers per step, has {:word} units",
            "lstm.input_size",
            "lstm.hidden_size",
        ),
        ("The same in {:word} equations", EQUATIONS),
        (
            "The last {:word} lines are the bars",
            occurrences("_t &=", "keep-write-show"),
        ),
        ("It makes {:word} vectors", STATES),
    ),
)
