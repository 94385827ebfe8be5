"""What `when` quotes."""

from tests.site.facts.common import STATES
from tests.site.quoting import network

FACTS = network("cell", ("the state is {:word} vectors per layer", STATES))
