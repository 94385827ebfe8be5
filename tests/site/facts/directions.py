"""What `directions` quotes."""

from tests.site.facts.common import occurrences
from tests.site.quoting import figure, network

BOTH = "torch.nn.LSTM(3, 2, 3, bidirectional=True)(x)[1][0]"

FACTS = (
    *network(
        "cell",
        (
            "make {:word} axes of the first",
            f"{BOTH}.view(3, 2, 1, 2).dim() - {BOTH}.dim() + 1",
        ),
        (
            "{:Word} other vectors run without an error",
            occurrences("\n- `", "directions"),
        ),
    ),
    *figure(("the {:word} filled states of the figure above", "len(h_n)")),
)
