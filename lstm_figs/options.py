"""Options of figures, read from the keyword-only parameters of figure functions."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from types import NoneType
from typing import Any, NamedTuple, get_args, get_origin

Value = int | float | str | tuple[int, ...]
"""The value of an option: a number, a word, or a list of integers."""


class Option(NamedTuple):
    """One option of a figure.

    Attributes:
        name: The parameter, such as `unit`.
        default: Its default value, or None.
        help: Its line in the figure's docstring.
        choices: The words that are allowed; empty for numbers.
        is_list: Whether it is a list of integers.
        is_decimal: Whether it may have decimals.
    """

    name: str
    default: Value | None
    help: str
    choices: tuple[str, ...] = ()
    is_list: bool = False
    is_decimal: bool = False

    @property
    def flag(self) -> str:
        """The option on the command line."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def metavar(self) -> str:
        """The placeholder for its value in `--help`."""
        number = "X" if self.is_decimal else "K"
        return "K,…" if self.is_list else "|".join(self.choices) or number


def is_whole_number(value: object) -> bool:
    """Whether a value is an int, and not a bool.

    >>> is_whole_number(3), is_whole_number(True), is_whole_number(3.0)
    (True, False, False)
    """
    return isinstance(value, int) and not isinstance(value, bool)


def as_typed(value: Value | None) -> str:
    """A value as it is typed on the command line; empty for None.

    >>> as_typed(3), as_typed(0.1), as_typed((5, 2, 3)), as_typed(None)
    ('3', '0.1', '5,2,3', '')
    """
    if value is None:
        return ""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


@cache
def figure_options(figure: Callable[..., Any]) -> tuple[Option, ...]:
    """The options of a figure function, from its signature and docstring."""
    helps = _argument_helps(_docstring(figure))
    options = []
    for name, parameter in inspect.signature(figure).parameters.items():
        if parameter.kind is not parameter.KEYWORD_ONLY:
            continue
        is_list = get_origin(parameter.annotation) is tuple
        is_optional = NoneType in get_args(parameter.annotation)
        options.append(
            Option(
                name=name,
                default=parameter.default,
                help=helps.get(name, ""),
                # What remains with arguments is a Literal of words.
                choices=() if is_list or is_optional else get_args(parameter.annotation),
                is_list=is_list,
                is_decimal=parameter.annotation is float,
            )
        )
    return tuple(options)


def _argument_helps(docstring: str) -> dict[str, str]:
    r"""Each argument and its help, from a docstring without its indentation.

    >>> _argument_helps("Summary.\n\nArgs:\n    unit: The unit,\n        from 0.")
    {'unit': 'The unit, from 0.'}
    """
    helps: dict[str, str] = {}
    name = ""
    for line in docstring.splitlines():
        if line.startswith("        ") and helps:
            helps[name] += f" {line.strip()}"
        elif line.startswith("    ") and ": " in line:
            name, helps[name] = line.strip().split(": ", 1)
    return helps


def summary(figure: Callable[..., Any]) -> str:
    """The first line of a figure's docstring."""
    return _docstring(figure).partition("\n")[0]


def _docstring(figure: Callable[..., Any]) -> str:
    """The docstring, read from the source if Python runs with -OO."""
    text = inspect.getdoc(figure)
    if text is not None:
        return text
    import ast
    from textwrap import dedent

    with suppress(OSError):  # The source may be missing.
        (tree,) = ast.parse(dedent(inspect.getsource(figure))).body
        if isinstance(tree, ast.FunctionDef):
            return ast.get_docstring(tree) or ""
    return ""
