"""Options of a figure, declared once: as its keyword-only parameters."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

Value = int | str
"""What an option can be: a whole number, or one of some words."""


@dataclass(frozen=True)
class Option:
    """One option of a figure.

    Attributes:
        name: The parameter, such as `unit`.
        default: Its value when it is not given.
        help: Its line in the figure's docstring.
        choices: The words that it can be; empty for a whole number.
    """

    name: str
    default: Value
    help: str
    choices: tuple[str, ...] = ()

    @property
    def flag(self) -> str:
        """How the command line writes it."""
        return f"--{self.name.replace('_', '-')}"


@cache
def figure_options(figure: Callable[..., Any]) -> tuple[Option, ...]:
    """The options of a figure function, from its signature and docstring."""
    lines = inspect.getdoc(figure) or ""
    helps = dict(
        line.strip().split(": ", 1)
        for line in lines.splitlines()
        if line.startswith("    ") and ": " in line
    )
    return tuple(
        Option(
            name,
            parameter.default,
            helps[name],
            get_args(parameter.annotation),
        )
        for name, parameter in inspect.signature(figure).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    )


def summary(figure: Callable[..., Any]) -> str:
    """The first line of a figure's docstring."""
    return (inspect.getdoc(figure) or "").partition("\n")[0]
