"""What pages quote: a module for each page, named as it is with `_` for `-`.

From the first fact of a page on, no number stands in its prose without one.
"""

from importlib import import_module
from pkgutil import iter_modules

from tests.site.facts.calls import CALLS
from tests.site.facts.claims import CLAIMS
from tests.site.facts.comparisons import COMPARISONS
from tests.site.facts.gates import GATES
from tests.site.facts.parts import PARTS
from tests.site.facts.tables import TABLES
from tests.site.facts.weights import WEIGHTS
from tests.site.facts_of_pages import Fact

OF_PAGES = {
    module.name.replace("_", "-"): import_module(f"{__name__}.{module.name}").FACTS
    for module in iter_modules(__path__)
    if module.name
    not in ("calls", "claims", "common", "comparisons", "gates", "parts", "tables", "weights")
}
BY_NAME = PARTS, GATES, WEIGHTS, COMPARISONS, CLAIMS, CALLS, TABLES
"""What pages say of gates, states, weights and all, and what they compare."""

FACTS: dict[str, tuple[Fact, ...]] = {
    name: (*facts, *(fact for more in BY_NAME for fact in more.get(name, ())))
    for name, facts in OF_PAGES.items()
}
"""A page -> what it quotes."""
