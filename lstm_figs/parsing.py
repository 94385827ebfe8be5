"""Words of a command line: a parser that speaks in sentences, and values."""

import argparse
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeAlias

from .errors import UnknownName, UsageError


class Parser(argparse.ArgumentParser):
    """A parser that raises one sentence instead of leaving the process."""

    def __init__(self, **more: Any):
        super().__init__(allow_abbrev=False, **more)

    def error(self, message: str) -> NoReturn:
        """Say what argparse found, and where the options are listed."""
        raise UsageError(f"{message}; see {self.prog} --help")

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """Parse, and name the nearest option to one that does not exist."""
        found, unknown = self.parse_known_args(words)
        for word in unknown:
            if word.startswith("--"):
                known = [
                    o for o in self._option_string_actions if o[:2] == "--"
                ]
                raise UnknownName("option", word.partition("=")[0], known)
            raise UsageError(
                f"got {word!r} that belongs to no option, expected nothing "
                f"there; see {self.prog} --help"
            )
        return found


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
"""Where a command adds its parser."""


def whole(low: int, high: int) -> Callable[[str], int]:
    """A parser of whole numbers in a range."""

    def parse(text: str) -> int:
        expected = f"expected a whole number from {low} to {high}"
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"got {text!r}, {expected}"
            ) from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"got {value}, {expected}")
        return value

    return parse


def decimal(low: float, high: float) -> Callable[[str], float]:
    """A parser of numbers in a range."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(
                f"got {text!r}, expected a number from {low:g} to {high:g}"
            )
        return value

    return parse


def identifier(text: str) -> str:
    """An id that needs no escaping in SVG, HTML, CSS or an address."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", text) or "--" in text:
        raise argparse.ArgumentTypeError(
            f"got {text!r}, expected a letter, then letters, digits, '_' and "
            "single '-'"
        )
    return text
