"""What `weight-map` quotes."""

from tests.site.facts.common import GATES
from tests.site.quoting import figure, network

SUM = (
    "lstm.weight_ih_l0[0] @ x[{}, 0] + lstm.bias_ih_l0[0] + lstm.bias_hh_l0[0]"
)
"""What the input gate of unit 0 is made of at a step, without its past."""

HIDDEN = "lstm.weight_hh_l0[0] @ lstm(x[:1])[0][0, 0]"
"""What the first step adds to it at the second."""

FACTS = (
    *figure(
        (
            "Its {:.2f} and {:.2f} are why",
            "lstm.weight_ih_l0[0, 0]",
            "lstm.weight_ih_l0[0, 1]",
        ),
        ("open at step 1, where the first input is on", "x[0, 0, 0] == 1"),
        ("at step 2, where the second is", "x[1, 0, 1] == 1"),
        (
            "the gates are {:.2f} and {:.2f}",
            f"({SUM.format(0)}).sigmoid()",
            f"({SUM.format(1)} + {HIDDEN}).sigmoid()",
        ),
    ),
    *network(
        "weight-map",
        ("because {:word} linear maps are stacked", GATES),
        (
            "adds {:word} rows to each of these tensors",
            "len(torch.nn.LSTM(3, 3).bias_ih_l0) - len(lstm.bias_ih_l0)",
        ),
        (
            "cost up to {:word} times the weights",
            "torch.nn.LSTM(3, 4).weight_hh_l0.numel()"
            " // lstm.weight_hh_l0.numel()",
        ),
    ),
    *network(
        "reading --network brackets",
        ("and {:word} units are enough", "lstm.hidden_size"),
    ),
)
