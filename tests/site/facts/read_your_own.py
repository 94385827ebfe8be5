"""What `read-your-own` quotes."""

from tests.site.facts.common import TRAINED
from tests.site.quoting import figure, network

FACTS = (
    *figure(
        (
            "so its counter, unit 15, is at the top",
            "f[:, 0].mean(0).argmax() == 15",
        ),
        ("climbs to {:.2f}", "c[-1, 0, 15]"),
        (
            "while its `o` is shut at most characters",
            "o[:, 0, 15].median() < 0.05",
        ),
        (
            "At the bottom, unit 54 forgets most",
            "f[:, 0].mean(0).argmin() == 54",
        ),
        (
            "most of what it holds at most steps",
            "f[:, 0, 54].median() < 0.5",
        ),
    ),
    *network(
        "reading --network brackets",
        ("which has {:word} units", "lstm.hidden_size"),
        ("{:Word} more networks on these pages", TRAINED),
    ),
)
