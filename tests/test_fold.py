"""Which elements of long vectors are shown."""

import pytest

from lstm_figs.layout.excerpts import MAX_UNFOLDED, Gap, excerpt, left_out_notes

LONG_COUNTS = (50, 64, 99, 100, 101, 255, 256, 1000, 4096, 5000)


def excerpts():
    """Lengths of vectors, a unit to show or None, and the excerpt with that unit."""
    for count in range(1, 2 * MAX_UNFOLDED):
        for unit in (None, *range(count)):
            yield count, unit, excerpt(count, unit)
    for count in LONG_COUNTS:
        ends = (0, 1, 2, 3, 4, 5)
        middle = (count // 3, count // 2)
        for unit in (None, *ends, *middle, *(count - 1 - k for k in ends)):
            yield count, unit, excerpt(count, unit)


@pytest.mark.parametrize("count", range(1, MAX_UNFOLDED + 1))
def test_all_of_a_short_vector_is_shown(count):
    selection = excerpt(count)
    assert selection.lines == selection.indices == tuple(range(count))
    assert not selection.is_folded
    assert left_out_notes(("unit", selection, "c.shape[-1]")) == ()


def test_lines_and_gaps_are_the_whole_vector_in_order():
    for count, unit, selection in excerpts():
        covered = []
        for line in selection.lines:
            covered += (
                range(line.first, line.first + line.count) if isinstance(line, Gap) else [line]
            )
        assert covered == list(range(count))
        assert unit is None or unit in selection.indices
        assert {0, count - 1} <= set(selection.indices)
        # A folded excerpt has at most five indices and two gaps.
        assert len(selection.lines) <= max(MAX_UNFOLDED, 7)
        gaps = [line.count for line in selection.lines if isinstance(line, Gap)]
        assert min(gaps, default=2) > 1
        assert sum(gaps) == selection.hidden_count
