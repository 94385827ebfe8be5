"""What `gradients` quotes."""

from tests.site.facts.common import BIASES, listed
from tests.site.quoting import figure, network

PAGE = "gradients.md"

FACTS = (
    *network(
        "cell",
        (
            "over {:word} times as strongly",
            listed(r"range\(10\)\) > (\d+)\nTrue", PAGE),
        ),
        ("one bias, written as a sum of {:word} numbers", BIASES),
        ("add {} to one bias", listed(r"in \(0, (\d+)\)", PAGE)),
        (
            "what {:word} steps of training make",
            listed(r"for _ in range\((\d+)\)", PAGE),
        ),
    ),
    *figure(
        (
            "Both biases receive the same gradient",
            "torch.equal(grad_bias_ih, grad_bias_hh)",
        ),
    ),
)
