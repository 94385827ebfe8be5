"""Tests that each entry in a `words.txt` is needed and says something."""

import ast
import re

import pytest

from lstm_figs.figures import CATALOG, SHEETS
from tests.binding import sentences, specs, wording
from tests.binding.cases import BOUND, PACKAGE


@pytest.mark.parametrize("figure", [*CATALOG, *SHEETS, ""])
def test_each_entry_is_for_words_of_some_figure(figure):
    path = wording.SHARED
    entries = wording.read(specs.words(figure) if figure else path.read_text("utf-8"))
    known_texts = _known_texts(*([figure] if figure else BOUND))
    code = _code()
    assert [
        words
        for words in entries
        if not known_texts.issuperset(wording.BETWEEN.split(words))
        and not all(word in code for word in re.findall(r"\w{4,}", words))
    ] == []


@pytest.mark.parametrize("figure", [*CATALOG, *SHEETS])
def test_each_condition_can_be_false(figure):
    for words, of in wording.entries(figure).items():
        tree = ast.walk(ast.parse(of, mode="eval"))
        assert any(isinstance(node, ast.Name) for node in tree), words


def _known_texts(*figures):
    """The recorded sentences of figures."""
    return {
        line.partition(": ")[2]
        for figure in figures
        for line in sentences.read_templates(figure, None)
    }


def _code():
    return "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
