"""Every label, length, arrow and sentence of the figures that are bound."""

import pytest

from tests.binding.cases import BOUND, CASES, read
from tests.binding.checking import CHECKS
from tests.binding.sentences import TEMPLATES
from tests.binding.templates import drawings, templates, written


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", BOUND)
@pytest.mark.parametrize("kind", CHECKS)
def test_what_a_figure_says_is_so(name, case, width, kind):
    assert CHECKS[kind](read(name, case, width)) == []


def test_the_file_has_the_sentences_that_there_are():
    assert TEMPLATES.read_text() == written(templates(drawings()))
