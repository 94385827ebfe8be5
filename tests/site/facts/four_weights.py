"""What `four-weights` quotes."""

from tests.site.facts.common import BIASES, GATES
from tests.site.quoting import figure, network

FACTS = (
    *figure(
        (
            "the first: {:.2f}.",
            "(x @ lstm.weight_ih_l0[:1].T)[step - 1, 0, 0]",
        ),
        (
            "adds {:.2f} to the sums of its input gate and its forget gate",
            "ih[step - 1, 0, unit]",
        ),
        (
            "its forget gate, which opens both;",
            "ih[step - 1, 0, unit] == ih[step - 1, 0, 2 + unit]",
        ),
        (
            "it adds {:.2f} to that of its output gate",
            "ih[step - 1, 0, 6 + unit]",
        ),
        ("and lowers its cell gate by {:.2f}", "-ih[step - 1, 0, 4 + unit]"),
    ),
    *network(
        "four-weights",
        ("From a perceptron to {:word} weights", GATES),
        ("{:Word} numbers decide what a unit does", GATES),
        ("So a unit has {:word} weights per input", GATES),
        (
            "through {:word} weights for each, and it has {:word} biases",
            GATES,
            f"({GATES}) * ({BIASES})",
        ),
        ("which makes {:word} rows of weights", "len(lstm.weight_ih_l0)"),
    ),
    *figure(("reads the same input {:word} times", GATES)),
)
