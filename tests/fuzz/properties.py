"""A test with strategies for its arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True)
class Property:
    """A test with a strategy for each argument, or one for all, and its share of the time."""

    test: Callable[..., object]
    arguments: dict[str, SearchStrategy[Any]] | SearchStrategy[dict[str, Any]]
    share: float = 1

    @property
    def cases(self):
        if isinstance(self.arguments, dict):
            return st.fixed_dictionaries(self.arguments)
        return self.arguments

    @property
    def name(self):
        module = self.test.__module__.removeprefix("tests.")
        return f"{module}.{self.test.__name__}"
