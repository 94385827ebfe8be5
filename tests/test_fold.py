import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lstm_figs.layout.fold import WHOLE, Gap, excerpt, notes, strongest

counts = st.integers(1, 5000)


@given(st.integers(1, WHOLE))
def test_all_of_a_short_vector_is_shown(count):
    shown = excerpt(count)
    assert shown.lines == shown.indices == tuple(range(count))
    assert not shown.folded
    assert notes(("unit", shown)) == ()


@given(counts, st.data())
def test_lines_and_gaps_are_the_whole_vector_in_order(count, data):
    unit = data.draw(st.none() | st.integers(0, count - 1))
    shown = excerpt(count, unit)
    covered = []
    for line in shown.lines:
        covered += (
            range(line.first, line.first + line.count)
            if isinstance(line, Gap)
            else [line]
        )
    assert covered == list(range(count))
    assert unit is None or unit in shown.indices
    assert {0, count - 1} <= set(shown.indices)
    assert len(shown.lines) <= max(WHOLE, 7)


@given(counts, st.data())
def test_no_gap_takes_more_room_than_what_it_leaves_out(count, data):
    shown = excerpt(count, data.draw(st.integers(0, count - 1)))
    gaps = [line for line in shown.lines if isinstance(line, Gap)]
    assert all(gap.count > 1 for gap in gaps)
    assert sum(gap.count for gap in gaps) == shown.left_out


@given(st.lists(st.floats(0, width=32), min_size=1, max_size=40))
def test_the_strongest_are_in_order_and_no_smaller_than_the_others(values):
    shown = strongest(np.array(values))
    assert list(shown.indices) == sorted(shown.indices)
    others = set(range(len(values))) - set(shown.indices)
    assert len(values) > WHOLE or not others
    least = min(values[k] for k in shown.indices)
    assert all(values[k] <= least for k in others)


def test_what_is_not_a_number_is_never_among_the_others():
    values = np.arange(20.0)
    values[[3, 7]] = np.nan, np.inf
    assert {3, 7} <= set(strongest(values).indices)
