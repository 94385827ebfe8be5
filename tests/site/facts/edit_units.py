"""What `edit-units` quotes."""

from tests.site.facts.common import GATES, listed
from tests.site.facts.gru import BANDS
from tests.site.quoting import figure, network

FROZEN = [
    listed(pattern, "edit-units.md")
    for pattern in (r"lstm, torch.tensor\(\[(\d)", r"(\d)\]\)\)\n.*before")
]
"""The units that stay."""

FACTS = (
    *figure(
        (
            "one row in each of the four bands, in every tensor",
            "all(len(p) == 4 * lstm.hidden_size for p in lstm.parameters())",
        ),
        (
            "and one column of `weight_hh`",
            "lstm.weight_hh_l0.shape[1] == lstm.hidden_size",
        ),
    ),
    *network(
        "cell",
        ("Units {} and {} have stayed", *FROZEN),
        ("has {:word} bands instead of {:word}", BANDS, GATES),
    ),
)
