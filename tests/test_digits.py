from decimal import Decimal
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest

from lstm_figs.proof import digits
from tests.proof import PRINTED, is_rounded

NEAR_A_POWER = [
    sign * digit * 10.0**power
    for sign in (1, -1)
    for power in range(-9, 10)
    for digit in (1, 0.99499, 0.995, 0.999951, 1.005, 2.5, 4.5, 5.55)
]
"""Numbers where rounding changes the number of digits."""

EDGES = [
    sign * value
    for sign in (1, -1)
    for value in (
        *(0.0, 1e-45, 1.1754942e-38, 1.1754944e-38, 1e-20, 1e20, 1e38),
        *(3.4028235e38, 16777216, 16777217, 0.1, 1 / 3, 2 / 3),
    )
]
BITS = np.random.RandomState(0).randint(0, 2**32, 300, np.uint64)
OF_ALL_SIZES = BITS.astype(np.uint32).view(np.float32)
"""Equally many of each exponent; one in 256 is not finite."""

FINITE = [*NEAR_A_POWER, *EDGES, *OF_ALL_SIZES[np.isfinite(OF_ALL_SIZES)].tolist()]
FORMS = [*product(range(4), (*range(4, 10), 99))]
"""Decimal places, and the most characters."""

every_finite = pytest.mark.parametrize("values", [FINITE], ids=["some"])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("values", [[*FINITE, np.inf, -np.inf, np.nan]], ids=["some"])
def test_an_exact_text_reads_back_as_the_same_value(values, dtype):
    for value in values:
        number = dtype(value)
        read = dtype(digits.exact(number))
        assert read.tobytes() == number.tobytes() or np.isnan(number)


@every_finite
def test_a_printed_number_is_its_value_rounded(values):
    for value, form in product(np.float32(values), FORMS):
        assert is_rounded(digits.text(value, *form), digits.exact(value))


@every_finite
def test_a_number_other_than_zero_never_prints_as_zero(values):
    for value, form in product(filter(None, np.float32(values)), FORMS):
        printed = digits.text(value, *form)
        assert Decimal(printed.replace("−", "-")) != 0


@every_finite
def test_a_number_has_the_sign_that_it_prints(values):
    for value, places in product(filter(None, np.float32(values)), range(4)):
        printed = digits.text(value, places)
        assert printed.startswith("−") == (value < 0)
        assert "-" not in printed


@every_finite
def test_five_characters_are_enough_for_usual_numbers(values):
    usual = [value for value in values if 1e-9 < abs(value) <= 9999]
    for value, places in product(usual, range(4)):
        assert len(digits.text(value, places, max_chars=5)) <= 5


@every_finite
def test_what_is_printed_is_a_number_and_nothing_else(values):
    for value in np.float32(values):
        assert PRINTED.fullmatch(digits.text(value))


def test_zero_and_special_numbers_have_no_sign_or_digits_of_their_own():
    assert digits.text(np.float32(-0.0)) == "0"
    assert digits.text(np.float32("nan")) == "NaN"
    assert digits.text(np.float32("inf"), max_chars=1) == "∞"
    assert digits.text(np.float32("-inf"), max_chars=1) == "−∞"


class PrintedNumber(NamedTuple):
    """A number, the limits of its digits, and its text."""

    value: float
    places: int
    max_chars: int
    printed: str


@pytest.mark.parametrize(
    PrintedNumber._fields,
    [
        PrintedNumber(0.5, places=2, max_chars=99, printed="0.50"),
        PrintedNumber(-0.00288, places=2, max_chars=99, printed="−0.003"),
        PrintedNumber(0.0006, places=2, max_chars=99, printed="0.0006"),
        PrintedNumber(6e-5, places=2, max_chars=99, printed="0.00006"),
        PrintedNumber(6e-5, places=2, max_chars=5, printed="6e−5"),
        PrintedNumber(6e-6, places=2, max_chars=99, printed="6.0e−6"),
        PrintedNumber(-0.00288, places=2, max_chars=5, printed="−3e−3"),
        PrintedNumber(0.004, places=2, max_chars=5, printed="0.004"),
        PrintedNumber(99.999, places=2, max_chars=5, printed="100.0"),
        PrintedNumber(-123.45, places=2, max_chars=5, printed="−123"),
        PrintedNumber(-1234.5, places=2, max_chars=4, printed="−1e3"),
        PrintedNumber(1e-7, places=2, max_chars=99, printed="1.0e−7"),
        PrintedNumber(1e-7, places=2, max_chars=4, printed="1e−7"),
        PrintedNumber(3e38, places=2, max_chars=6, printed="3.0e38"),
        PrintedNumber(3, places=0, max_chars=99, printed="3"),
    ],
)
def test_a_number_takes_the_digits_that_there_is_room_for(value, places, max_chars, printed):
    assert digits.text(value, places, max_chars) == printed


def test_whole_numbers_that_stand_together_have_no_point():
    assert digits.decimals([1, np.float32(0), np.int64(-2)]) == 0
    assert digits.decimals([1, 0.5]) == 2
    assert digits.decimals([1, np.nan, np.inf]) == 0
    assert digits.decimals([]) == 0
