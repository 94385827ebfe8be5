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
        is_list: Whether it is a list of whole numbers.
        is_decimal: Whether it is a number that need not be whole.
    """

    name: str
    default: Value | None
    help: str
    choices: tuple[str, ...] = ()
    is_list: bool = False
    is_decimal: bool = False

    @property
    def flag(self) -> str:
        """How the command line writes it."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def metavar(self) -> str:
        """What stands for its value in help."""
        number = "X" if self.is_decimal else "K"
        return "K,…" if self.is_list else "|".join(self.choices) or number


def is_whole_number(value: object) -> bool:
    """Whether it is an int, and no truth value.

    >>> is_whole_number(3), is_whole_number(True), is_whole_number(3.0)
    (True, False, False)
    """
    return isinstance(value, int) and not isinstance(value, bool)


def as_typed(value: Value | None) -> str:
    """A value as the command line writes it; nothing for none.

    >>> as_typed(3), as_typed(0.1), as_typed((5, 2, 3)), as_typed(None)
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
    text = inspect.getdoc(figure)
    if text is not None:
        return text
    import ast
    from textwrap import dedent

    with suppress(OSError):  # There may be no source.
        (tree,) = ast.parse(dedent(inspect.getsource(figure))).body
        if isinstance(tree, ast.FunctionDef):
            return ast.get_docstring(tree) or ""
    return ""
