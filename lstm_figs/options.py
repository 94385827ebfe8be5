"""Options of a figure, declared once: as its keyword-only parameters."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from types import NoneType
from typing import Any, NamedTuple, get_args, get_origin

Value = int | float | str | tuple[int, ...]
"""What an option can be: a number, one of some words, or a list of numbers."""


class Option(NamedTuple):
    """One option of a figure.

    Attributes:
        name: The parameter, such as `unit`.
        default: Its value when it is not given; None for none.
        help: Its line in the figure's docstring.
        choices: The words that it can be; empty for numbers.
        many: Whether it is a list of whole numbers.
        decimal: Whether it is a number that need not be whole.
    """

    name: str
    default: Value | None
    help: str
    choices: tuple[str, ...] = ()
    many: bool = False
    decimal: bool = False

    @property
    def flag(self) -> str:
        """How the command line writes it."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def metavar(self) -> str:
        """What stands for its value in help."""
        number = "X" if self.decimal else "K"
        return "K,…" if self.many else "|".join(self.choices) or number


def is_whole(value: object) -> bool:
    """Whether it is an int, and no truth value.

    >>> is_whole(3), is_whole(True), is_whole(3.0)
    (True, False, False)
    """
    return isinstance(value, int) and not isinstance(value, bool)


def written(value: Value | None) -> str:
    """A value as the command line writes it; nothing for none.

    >>> written(3), written(0.1), written((5, 2, 3)), written(None)
    ('3', '0.1', '5,2,3', '')
    """
    if value is None:
        return ""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


@cache
def figure_options(figure: Callable[..., Any]) -> tuple[Option, ...]:
    """The options of a figure function, from its signature and docstring."""
    helps: dict[str, str] = {}
    name = ""
    for line in _docstring(figure).splitlines():
        if line.startswith("        ") and helps:
            helps[name] += f" {line.strip()}"
        elif line.startswith("    ") and ": " in line:
            name, helps[name] = line.strip().split(": ", 1)
    return tuple(
        Option(
            name,
            parameter.default,
            helps.get(name, ""),
            () if many or optional else get_args(parameter.annotation),
            many,
            parameter.annotation is float,
        )
        for name, parameter in inspect.signature(figure).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
        for many in [get_origin(parameter.annotation) is tuple]
        for optional in [NoneType in get_args(parameter.annotation)]
    )


def summary(figure: Callable[..., Any]) -> str:
    """The first line of a figure's docstring."""
    return _docstring(figure).partition("\n")[0]


def _docstring(figure: Callable[..., Any]) -> str:
    """It is in the source still where Python runs with -OO."""
    kept = inspect.getdoc(figure)
    if kept is not None:
        return kept
    import ast
    from textwrap import dedent

    with suppress(OSError):  # There may be no source.
        (tree,) = ast.parse(dedent(inspect.getsource(figure))).body
        if isinstance(tree, ast.FunctionDef):
            return ast.get_docstring(tree) or ""
    return ""
