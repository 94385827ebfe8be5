"""What `index` quotes."""

from tests.site.facts.what_it_remembers import FOLLOWS_THE_DEPTH
from tests.site.quoting import figure

FACTS = (
    *figure(
        (
            "It rises by one at every opening bracket and falls by one at "
            "every closing one, but not between quotes.",
            FOLLOWS_THE_DEPTH,
        ),
    ),
)
