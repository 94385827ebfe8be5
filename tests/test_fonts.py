"""Letters of other scripts in PNG and PDF, whose fonts are Matplotlib's."""

import pytest

from lstm_figs.render.paint import _file, _width
from lstm_figs.scene import metrics


@pytest.mark.parametrize("words", ["שלום", "ڨ", "naïve", "кот"])
def test_a_font_that_has_the_letters_is_taken(words):
    unknown = frozenset(words)
    file = _file(unknown, False, True)
    from matplotlib.font_manager import get_font

    known = get_font(str(file)).get_charmap()
    assert [c for c in words if ord(c) not in known] == []


@pytest.mark.parametrize("words", ["שלום", "кот", "كتاب"])
def test_letters_are_no_wider_than_they_were_measured(words):
    assert _width(words, 12, False, True) <= metrics.width(words, 12, mono=True)
