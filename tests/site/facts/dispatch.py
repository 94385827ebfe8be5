"""What `dispatch` quotes."""

from tests.site.facts.common import text
from tests.site.quoting import network

LISTING = text("code/operators.py")
CALLS = " + ".join(
    f"{LISTING}.count({words!r})"
    for words in ('": operators(', '": without_', '"] = operators(')
)
DOUBLE = "operators(module.double(), torch.zeros(5, 1, 3).double())"
DEEP = "torch.nn.LSTM(3, 2, 2, bidirectional=True)"

FACTS = network(
    "dispatch",
    (
        "It does not need the state, so it is done before the first step.",
        f"{DOUBLE}.index('linear') < {DOUBLE}.index('sigmoid_')",
        f"{DOUBLE}[{DOUBLE}.index('sigmoid_'):].count('linear') == 5 - 1",
    ),
    (
        "{:Word} steps need {:word} products",
        "5",
        f"{DOUBLE}.count('linear')",
    ),
    (
        "called over {:word} steps when",
        f"int({LISTING}.partition('zeros(')[2][0])",
    ),
    ("## {:Word} calls", CALLS),
    (
        "{:Word} layers in two directions are {:word} calls of oneDNN",
        "2",
        f"operators({DEEP}, zeros).count('mkldnn_rnn_layer')",
    ),
)
