"""Which elements of long vectors are shown."""

import numpy as np
import pytest

from lstm_figs.layout.excerpts import MAX_UNFOLDED, Gap, excerpt, left_out_notes
from lstm_figs.layout.motifs.sums import strongest

SHORT_COUNTS = range(1, 2 * MAX_UNFOLDED)
"""Counts of units, each tested with each of its units."""

LONG_COUNTS = (50, 64, 99, 100, 101, 255, 256, 1000, 4096, 5000)


def excerpts():
    """Excerpts of vectors of many lengths."""
    for count in SHORT_COUNTS:
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
        assert len(selection.lines) <= max(MAX_UNFOLDED, 7)
        gaps = [line.count for line in selection.lines if isinstance(line, Gap)]
        assert min(gaps, default=2) > 1
        assert sum(gaps) == selection.hidden_count


@pytest.mark.parametrize(
    "values",
    [
        *([3.0], [0.0, 0.0], [1.0, 0.0, 2.0], [np.inf], [0.0] * 40),
        *([1.0] * MAX_UNFOLDED, [1.0] * (MAX_UNFOLDED + 1), [np.inf] * 40),
        [1.0, 2.0, 2.0, np.inf, 0.0] * 8,
        *(list(map(float, range(40))), list(map(float, range(40, 0, -1)))),
        *(np.random.RandomState(n).exponential(size=n).tolist() for n in range(1, 41)),
    ],
)
def test_the_strongest_are_no_smaller_than_the_others(values):
    strongest_indices = strongest(np.array(values), MAX_UNFOLDED)
    assert len(set(strongest_indices)) == len(strongest_indices) == min(len(values), MAX_UNFOLDED)
    least = min(values[k] for k in strongest_indices)
    assert all(values[k] <= least for k in {*range(len(values))} - {*strongest_indices})


def test_what_is_not_a_number_is_never_among_the_others():
    values = np.arange(20.0)
    values[[3, 7]] = np.nan, np.inf
    assert {3, 7} <= set(strongest(values, 3))
