"""What `gru` quotes."""

from tests.site.facts.common import GATES, STATES, WEIGHTS, listed, text
from tests.site.quoting import network

BANDS = "len(torch.nn.GRU(3, 2).weight_ih_l0) // 2"

SAME = "sum(torch.allclose(own, gate) for own, gate in ((r, i), (z, f)))"
"""Gates that the GRU of the figure has from the LSTM."""

FACTS = (
    *network(
        "cell",
        (
            "with {:word} bands of weights instead of {:word}, and one state "
            "instead of {:word}",
            BANDS,
            GATES,
            STATES,
        ),
        ("A quarter: {:word} bands instead of {:word}", BANDS, GATES),
        (
            "a [forget bias of {:.0f}](forget-bias.md)",
            listed(r"value=([\d.]+)\)", "forget-bias.md"),
        ),
        ("A quarter", f"1 - ({BANDS}) / ({GATES}) == 0.25"),
        ("is a sum of {:word} products and two biases", WEIGHTS),
        (
            "have {:word} more multiplications per unit",
            f"{text('keep-write-show.md')}.split('$$')[1].count('odot')",
        ),
        (
            "a value between {:.0f} and {:.0f}, so",
            "torch.tensor(-99.0).tanh()",
            "torch.tensor(99.0).tanh()",
        ),
    ),
    *network(
        "gru",
        (
            "The LSTM decides {:word} times",
            "sum(bool((gate >= 0).all()) for gate in (i, f, g, o))",
        ),
        (
            "the first {:word} bands of this LSTM's weights",
            "sum(torch.equal(*bands) for bands in zip("
            "gru.weight_ih_l0.split(2), lstm.weight_ih_l0.split(2)))",
        ),
        ("So the first {:word} sums and gates are equal", SAME),
    ),
)
