"""What `index` quotes."""

from tests.site.facts.common import TRAINED, occurrences
from tests.site.facts.what_it_remembers import FOLLOWS_THE_DEPTH
from tests.site.quoting import figure, network

FACTS = (
    *figure(
        (
            "It rises by one at every opening bracket and falls by one at "
            "every closing one, but not between quotes.",
            FOLLOWS_THE_DEPTH,
        ),
    ),
    *figure(
        ("with {:word} units reads a line of code", "lstm.hidden_size"),
        (
            "takes {:word} inputs, has {:word} units",
            "lstm.input_size",
            "lstm.hidden_size",
        ),
        id="reading",
    ),
    *network(
        "cell",
        ("{:Word} networks on these pages have learned", f"1 + {TRAINED}"),
        ("{:Word} ways in", occurrences("- **[", "index")),
    ),
)
