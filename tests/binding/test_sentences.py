"""Tests of values as sentences print them."""

import pytest

from tests.binding.sentences import says


@pytest.mark.parametrize(
    ("printed", "value", "same"),
    [
        ("1,000", 1000, True),
        ("eight", 8, True),
        ("8", 9, False),
        ("−0.12", -0.1219, True),
        ("−0.13", -0.1219, False),
        ("0.00", 0.001, False),
        ("(4, 1, 3)", (4, 1, 3), True),
        ("True", True, True),
        ("i", "i", True),
    ],
)
def test_a_value_is_recognised_as_printed(printed, value, same):
    assert says(printed, value) is same
