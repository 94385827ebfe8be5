"""Tests of operator calls for lengths that the default figures do not have."""

from typing import get_args

import pytest

import lstm_figs
from lstm_figs.model.calls import Call
from lstm_figs.sources import Source
from tests.binding.checking import faults
from tests.binding.drawing import drawing


@pytest.mark.parametrize("call", get_args(Call))
@pytest.mark.parametrize("steps", [1, 8])
def test_calls_are_right_for_other_lengths(call, steps):
    trace = Source(seq_len=steps, batch_size=3).trace()
    svg = lstm_figs.draw("dispatch", trace, call=call).render("svg", "light")
    assert faults(drawing(svg.decode())) == []
