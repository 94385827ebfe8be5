"""What is searched: a function of the tests, and what it is called with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True)
class Property:
    """A function that raises where something is wrong.

    Attributes:
        test: The function; most are tests, which have cases of their own.
        arguments: What may be drawn for each of its arguments, or for all.
        share: How much longer than others it is searched.
    """

    test: Callable[..., object]
    arguments: dict[str, SearchStrategy[Any]] | SearchStrategy[dict[str, Any]]
    share: float = 1

    @property
    def cases(self) -> SearchStrategy[dict[str, Any]]:
        """All of its arguments."""
        if isinstance(self.arguments, dict):
            return st.fixed_dictionaries(self.arguments)
        return self.arguments

    @property
    def name(self) -> str:
        """Its place in the tests."""
        module = self.test.__module__.removeprefix("tests.")
        return f"{module}.{self.test.__name__}"
