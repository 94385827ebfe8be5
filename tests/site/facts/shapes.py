"""What `shapes` quotes."""

from tests.site.facts.common import STATES, text
from tests.site.quoting import network

LISTING = text("code/shapes.py")
TURNED = "torch.nn.LSTM(3, 2, batch_first=True)(torch.ones(5, 4, 3))[0].shape"
AS_IT_IS = "torch.nn.LSTM(3, 2)(torch.ones(4, 5, 3))[0].shape"

FACTS = network(
    "cell",
    ("returns {:word} tensors", f"1 + {STATES}"),
    (
        "`view` makes {:word} axes of it",
        "torch.ones(4, 5, 2).view(2, 2, 5, 2).dim() - torch.ones(4, 5, 2).dim()"
        " + 1",
    ),
    (
        "swaps the first {:word} axes",
        f"sum(a != b for a, b in zip({TURNED}, {AS_IT_IS}))",
    ),
    (
        "{:Word} modules on {:word} steps of {:word} sequences",
        f"{LISTING}.partition('}}\\n')[0].count(': {{')",
        f"int({LISTING}.partition('zeros(')[2][0])",
        f"int({LISTING}.partition('zeros(5, ')[2][0])",
    ),
    (
        "{:Word} layers or {:word} directions change",
        f"int({LISTING}.partition('\"num_layers\": ')[2][0])",
        "len(torch.nn.LSTM(3, 2, bidirectional=True)(x)[1][0])",
    ),
)
