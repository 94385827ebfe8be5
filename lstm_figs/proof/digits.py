"""Number formatting: short, exact if possible, and never zero unless the value is 0."""

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np

MINUS = "−"
"""The sign that figures print, in place of a hyphen."""
DECIMALS = 2
"""The digits after the decimal point that figures usually print."""
NO_LIMIT = 99
"""More characters than any printed number has."""
MAX_WITH_DECIMALS = 1e7
"""Above this a float32 has no fractional digits, so none are printed."""
MAX_INTEGER = 1e15
"""Above this an integer would print digits that its type does not hold."""


def exact(value: Any) -> str:
    """The shortest text that parses to the same value of its type.

    >>> exact(np.float32(0.1)), exact(np.float64(0.1) + 0.2), exact(np.nan)
    ('0.1', '0.30000000000000004', 'nan')
    """
    return str(value.item()) if isinstance(value, np.integer) else str(value)


def decimals(values: Iterable[Any]) -> int:
    """The digits after the decimal point for a group of numbers.

    >>> decimals([1, 0, -2]), decimals([1.5, 0])
    (0, 2)
    """
    are_integers = all(v == round(v) for v in map(float, values) if math.isfinite(v))
    return 0 if are_integers else DECIMALS


# Typed, because equal values of two types have different shortest texts.
@lru_cache(maxsize=4096, typed=True)
def text(value: Any, decimals: int = DECIMALS, max_chars: int = NO_LIMIT) -> str:
    """Format a number in at most `max_chars` characters if possible.

    A nonzero number never prints as zero: it gets more digits, or an exponent
    if they do not fit. Zero always prints as `0`, regardless of the group's
    digits, to show that it is exact.

    >>> [text(v) for v in (-0.5, 0, -0.0029, 12)]
    ['−0.50', '0', '−0.003', '12.00']
    >>> text(-0.0029, max_chars=5), text(-1234.5, max_chars=5), text(np.inf)
    ('−3e−3', '−1234', '∞')
    >>> text(np.float32(6e28)), text(np.float32(12345678))
    ('6.0e28', '1.2e7')
    >>> text(123456789012345, 0)
    '123456789012345'
    """
    number = float(exact(value))
    if np.isnan(number):
        return "NaN"
    if np.isinf(number):
        return "∞" if number > 0 else MINUS + "∞"
    return _typographic(_shortest(number, decimals, max_chars))


def is_small(value: Any) -> bool:
    """Whether a nonzero number needs more than the usual digits.

    >>> [is_small(v) for v in (-0.003, 0.03, 0)]
    [True, False, False]
    """
    return value != 0 and float(f"{value:.{DECIMALS}f}") == 0


def shortened(value: Any) -> str:
    """Format a small number with an exponent, as if there were no space for more digits.

    >>> shortened(-0.0029), shortened(0.004)
    ('−3e−3', '4e−3')
    """
    return text(value, max_chars=len("0e-0") + (float(value) < 0))


def _shortest(number: float, decimals: int, max_chars: int) -> str:
    """A number in as many digits as fit; with an exponent if it would else look like 0."""
    if number == 0:
        return "0"
    fixed = _fixed_point(number, decimals)
    if abs(number) >= (MAX_WITH_DECIMALS if decimals else MAX_INTEGER):
        # No longer than with an exponent, so that the number gets one.
        max_chars = min(max_chars, len("1.0e308") + (number < 0))
    if float(fixed) and len(fixed) <= max_chars:
        return fixed
    for digits in range(decimals, -1, -1):
        fixed = f"{number:.{digits}f}"
        if float(fixed) and len(fixed) <= max_chars:
            return fixed
    for digits in (1, 0):
        mantissa, _, exponent = f"{number:.{digits}e}".partition("e")
        short = f"{mantissa}e{int(exponent)}"
        if len(short) <= max_chars:
            break
    return short


def _fixed_point(number: float, decimals: int) -> str:
    """A number with enough digits not to be zero, up to 5; otherwise `0`."""
    for digits in range(decimals, 6):
        fixed = f"{number:.{digits}f}"
        # More digits must show the first significant one, and not round it up.
        if float(fixed) and (digits == decimals or abs(number) >= 10**-digits):
            return fixed
    return "0"


def _typographic(plain: str) -> str:
    return plain.replace("-", MINUS)


def count_phrase(count: int, noun: str) -> str:
    """A count with its noun.

    >>> count_phrase(1, "input"), count_phrase(3, "input")
    ('1 input', '3 inputs')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"
