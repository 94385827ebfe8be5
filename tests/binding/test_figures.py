"""Every label, length, arrow and sentence of the figures that are bound.

A figure joins by having a `Head`, a source by being in `sources.SOURCES`.
"""

import pytest

from lstm_figs.errors import BeyondLimit
from tests.binding.cases import BOUND, REFUSED, cases_of, read
from tests.binding.checking import CHECKS
from tests.binding.sentences import TEMPLATES
from tests.binding.templates import drawings, templates, written


@pytest.mark.parametrize(
    ("name", "case"),
    [(name, case) for name in BOUND for case in cases_of(name)],
)
def test_what_a_figure_says_is_so(name, case):
    for width in (720, 360):
        drawing = read(name, case, width)
        found = {kind: check(drawing) for kind, check in CHECKS.items()}
        assert found == {kind: [] for kind in CHECKS}


@pytest.mark.parametrize(("name", "case"), REFUSED)
def test_what_is_not_held_to_its_tensors_is_refused(name, case):
    with pytest.raises(BeyondLimit):
        read(name, case, 720)


def test_the_file_has_the_sentences_that_there_are():
    assert TEMPLATES.read_text() == written(templates(drawings()))
