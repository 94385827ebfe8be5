"""What `every-state` quotes: nothing, all its numbers stand in sessions."""

from tests.site.quoting import Fact

FACTS: tuple[Fact, ...] = ()
