"""What `whole-pass` quotes."""

from tests.site.facts.common import EQUATIONS, text
from tests.site.quoting import network

FACTS = (
    *network(
        "data-flow",
        ("{:Word} equations, one loop", EQUATIONS),
        (
            "the {:word} lines after `i, f, g, o`",
            f"{text('code/whole_pass.py')}.count(' = f *')"
            f" + {text('code/whole_pass.py')}.count(' = o *')",
        ),
    ),
)
