"""Tests of operator calls for lengths that the default figures do not have."""

from typing import get_args

import pytest

import lstm_figs
from lstm_figs.model.calls import Call
from lstm_figs.sources import Source
from tests.binding import specs
from tests.binding.checking import faults
from tests.binding.drawing import drawing
from tests.binding.sentences import read_templates
from tests.binding.write import templates

OF_ONE_STEP = "calls [reshape]: lay steps side by side"
"""This sentence occurs only for a packed sequence of one step."""


@pytest.mark.parametrize("call", get_args(Call))
@pytest.mark.parametrize("steps", [1, 8])
def test_calls_are_right_for_other_lengths(call, steps):
    trace = Source(seq_len=steps, batch_size=3).trace()
    svg = lstm_figs.draw("dispatch", trace, call=call).render("svg", "light")
    parsed = drawing(svg.decode())
    known = [*read_templates("dispatch", None), OF_ONE_STEP]
    known += [] if specs.is_recorded("dispatch") else templates([parsed])
    assert faults(parsed, known) == []
