from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_figs.proof import digits
from tests.proving import PRINTED, is_rounded

floats = st.floats(width=32)
finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
places = st.integers(0, 3)
rooms = st.integers(4, 9)


@given(floats, st.sampled_from((np.float32, np.float64)))
def test_an_exact_text_reads_back_as_the_same_value(value, dtype):
    number = dtype(value)
    read = dtype(digits.exact(number))
    assert read.tobytes() == number.tobytes() or np.isnan(number)


@given(finite, places, rooms)
def test_a_printed_number_is_its_value_rounded(value, places, room):
    value = np.float32(value)
    printed = digits.text(value, places, room)
    assert is_rounded(printed, digits.exact(value))


@given(finite.filter(bool), places, rooms)
def test_a_number_other_than_zero_never_prints_as_zero(value, places, room):
    printed = digits.text(np.float32(value), places, room)
    assert Decimal(printed.replace("−", "-")) != 0


@given(finite.filter(bool), places)
def test_a_number_has_the_sign_that_it_prints(value, places):
    printed = digits.text(np.float32(value), places)
    assert printed.startswith("−") == (value < 0)
    assert "-" not in printed


@given(st.floats(-9999, 9999).filter(lambda v: abs(v) > 1e-9), places)
def test_five_characters_are_enough_for_usual_numbers(value, places):
    assert len(digits.text(value, places, room=5)) <= 5


@given(finite)
def test_zero_and_special_numbers_have_no_sign_or_digits_of_their_own(value):
    assert digits.text(np.float32(-0.0)) == "0"
    assert digits.text(np.float32("nan")) == "NaN"
    assert digits.text(np.float32("inf"), room=1) == "∞"
    assert digits.text(np.float32("-inf"), room=1) == "−∞"
    assert PRINTED.fullmatch(digits.text(np.float32(value)))


@pytest.mark.parametrize(
    ("value", "places", "room", "printed"),
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
def test_a_number_takes_the_digits_that_there_is_room_for(
    value, places, room, printed
):
    assert digits.text(value, places, room) == printed


def test_whole_numbers_that_stand_together_have_no_point():
    assert digits.decimals([1, np.float32(0), np.int64(-2)]) == 0
    assert digits.decimals([1, 0.5]) == 2
    assert digits.decimals([1, np.nan, np.inf]) == 0
    assert digits.decimals([]) == 0
