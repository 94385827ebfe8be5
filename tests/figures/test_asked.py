"""Every figure that draws chosen units draws up to eight requested ones."""

import pytest

import lstm_figs as lf
from lstm_figs.errors import BeyondLimit
from tests.binding.inspection import check_live
from tests.live_modules import Live

CASE = Live(hidden_size=9, seq_len=34, factor=4)
NAMES = ("keep-write-show", "reading", "writes")


@pytest.mark.parametrize("name", NAMES)
def test_eight_units_are_drawn(name):
    units = 8, 0, 1, 2, 3, 5, 6, 7
    check_live(name, CASE, 0, {"units": units}, [*"ab cd" * 6, *"ef g"])
    trace = lf.trace(*CASE.make().values())
    with pytest.raises(BeyondLimit, match="expected at most 8, each once"):
        lf.draw(name, trace, units=[*range(9)])
