"""How numbers are printed and rounded."""

from itertools import product

import numpy as np
import pytest

from lstm_figs.proof import digits
from tests.proof import is_rounded

NEAR_A_POWER = [
    digit * 10.0**power
    for power in range(-9, 10)
    for digit in (1, 0.99499, 0.995, 0.999951, 1.005, 2.5, 4.5, 5.55)
]
"""Numbers where rounding changes the number of digits."""

EDGES = [
    *(0.0, 1e-45, 1.1754942e-38, 1.1754944e-38, 1e-20, 1e20, 1e38),
    *(3.4028235e38, 16777216, 16777217, 0.1, 1 / 3, 2 / 3),
]
"""The smallest and largest numbers, subnormal ones, integers, and long fractions."""

BITS = np.random.RandomState(0).randint(0, 2**32, 300, np.uint64)
"""Random bits, read as floats below."""

OF_ALL_SIZES = BITS.astype(np.uint32).view(np.float32)
"""Equally many of each exponent; one in 256 is not finite."""

SIGNED = [sign * value for value in [*NEAR_A_POWER, *EDGES] for sign in (1, -1)]
FINITE = [*SIGNED, *OF_ALL_SIZES[np.isfinite(OF_ALL_SIZES)].tolist()]
LIMITS = [*product(range(4), (*range(4, 10), 99))]
"""Decimal places, and the most characters."""


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_exact_text_reads_back_as_the_same_value(dtype):
    for value in [*FINITE, np.inf, -np.inf, np.nan]:
        number = dtype(value)
        read = dtype(digits.exact(number))
        assert read.tobytes() == number.tobytes() or np.isnan(number)


def check_rounding(value):
    for limits in LIMITS:
        assert is_rounded(digits.text(value, *limits), digits.exact(value))


def test_a_printed_number_is_its_value_rounded():
    for value in np.float32(FINITE):
        check_rounding(value)


def test_five_characters_are_enough_for_usual_numbers():
    usual = [value for value in FINITE if 1e-9 < abs(value) <= 9999]
    for value, places in product(usual, range(4)):
        assert len(digits.text(value, places, max_chars=5)) <= 5


def test_zero_and_special_numbers_have_no_sign_or_digits_of_their_own():
    assert digits.text(np.float32(-0.0)) == "0"
    assert digits.text(np.float32("nan")) == "NaN"
    assert digits.text(np.float32("inf"), max_chars=1) == "∞"
    assert digits.text(np.float32("-inf"), max_chars=1) == "−∞"


@pytest.mark.parametrize(
    ("value", "places", "max_chars", "printed"),
    [
        (0.5, 2, 99, "0.50"),
        (-0.00288, 2, 99, "−0.003"),
        (0.0006, 2, 99, "0.0006"),
        (6e-5, 2, 99, "0.00006"),
        (6e-5, 2, 5, "6e−5"),
        (6e-6, 2, 99, "6.0e−6"),
        (-0.00288, 2, 5, "−3e−3"),
        (0.004, 2, 5, "0.004"),
        (99.999, 2, 5, "100.0"),
        (-123.45, 2, 5, "−123"),
        (-1234.5, 2, 4, "−1e3"),
        (1e-7, 2, 99, "1.0e−7"),
        (1e-7, 2, 4, "1e−7"),
        (3e38, 2, 6, "3.0e38"),
        (3, 0, 99, "3"),
    ],
)
def test_a_number_takes_the_digits_that_there_is_room_for(value, places, max_chars, printed):
    assert digits.text(value, places, max_chars) == printed


def test_whole_numbers_that_stand_together_have_no_point():
    assert digits.decimals([1, np.nan, np.inf]) == 0
    assert digits.decimals([]) == 0
