"""Figures in which a fault was found after their checks passed have none."""

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

import lstm_figs
from lstm_figs.command.request import parse_header
from lstm_figs.errors import BeyondLimit
from tests.binding.inspection import check_live, check_request
from tests.live_modules import Live

RECORDS = Path(__file__).with_name("regressions.txt").read_text("utf-8")
CASES = dict(re.findall(r"^([^\s#].*)\n((?: .*\n)+)", RECORDS, re.MULTILINE))
"""Fault that a figure once had -> the command or the arguments that draw it."""

NAMES = {"check_live": check_live, "Live": Live, "nan": math.nan, "inf": math.inf}


@pytest.mark.parametrize("case", CASES)
def test_a_figure_that_had_a_fault_has_none(case):
    record = " ".join(CASES[case].split())
    if record.startswith("draw "):
        check_request(parse_header(record.removeprefix("draw ")))
    else:
        # The arguments of `check_live`, as a fuzz test prints them.
        eval(f"check_live({record})", NAMES)


@pytest.mark.parametrize(
    ("name", "case", "message"),
    [
        (
            "wrong-way",
            Live(cell=True, input_size=1, hidden_size=1, bias=False, factor=1e30, seed=2),
            "h-n-view changes no number",
        ),
        ("gradient-distance", Live(input_size=2, hidden_size=1, bias=False), "are rounding alone"),
    ],
)
def test_an_unsupported_request_raises_an_error(name, case, message):
    trace = lstm_figs.trace(*case.make().values())
    trace = replace(trace, origin=trace.origin._replace(untrained=True))
    with pytest.raises(BeyondLimit, match=message):
        lstm_figs.draw(name, trace)
