"""What is searched: a function of the tests, and strategies for its arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True)
class Property:
    """A function that raises an error if something is wrong.

    Attributes:
        test: The function; most are tests, which also have fixed cases.
        arguments: A strategy for each of its arguments, or one for all.
        share: The search time relative to other properties.
    """

    test: Callable[..., object]
    arguments: dict[str, SearchStrategy[Any]] | SearchStrategy[dict[str, Any]]
    share: float = 1

    @property
    def cases(self) -> SearchStrategy[dict[str, Any]]:
        """A strategy for all arguments."""
        if isinstance(self.arguments, dict):
            return st.fixed_dictionaries(self.arguments)
        return self.arguments

    @property
    def name(self) -> str:
        """The name of the test, with its module."""
        module = self.test.__module__.removeprefix("tests.")
        return f"{module}.{self.test.__name__}"
