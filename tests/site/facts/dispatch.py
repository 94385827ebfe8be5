"""What `dispatch` quotes."""

import torch

from tests.site.facts.common import drawn, module, session, text
from tests.site.quoting import asked, network

LISTING = text("code/operators.py")
CALLS = " + ".join(
    f"{LISTING}.count({words!r})"
    for words in ('": operators(', '": without_', '"] = operators(')
)
DOUBLE = "operators(module.double(), torch.zeros(5, 1, 3).double())"
DEEP = "torch.nn.LSTM(3, 2, 2, bidirectional=True)"


def is_left_for_each_step() -> bool:
    """Whether a product with `h` and the gates make the steps of the sums."""
    lstm, x = module(3, 2), drawn(5, 1, 3)
    sums = x @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    h, c = torch.zeros(2, 1, 2)
    shown = []
    for z in sums:
        i, f, g, o = (z + h @ lstm.weight_hh_l0.T).chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        shown.append(h)
    return torch.allclose(torch.stack(shown), lstm(x)[0], atol=1e-6)


FACTS = (
    *asked(
        (
            "`nn.LSTM` holds no `LSTMCell`, and does not call its operator.",
            lambda: not [*module(3, 2).children()],
            lambda: "lstm_cell" not in session("dispatch")["double"],
        ),
    ),
    *asked(
        (
            "What is left for each step is the product of `weight_hh` with "
            "`h`, and the gates.",
            is_left_for_each_step,
        ),
    ),
    *network(
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
    ),
)
