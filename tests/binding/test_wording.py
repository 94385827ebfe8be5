"""Tests that wrong words are found even if every record is updated with them."""

import ast
import copy
import re

import pytest

from lstm_figs.figures import CATALOG, SHEETS
from tests.binding import cases, sentences, wording
from tests.binding.cases import BOUND, DEFAULT, PACKAGE, VARIANTS
from tests.binding.drawing import Drawing, drawing

WRONG_WORDS = {
    "a row and a column": ("writes", ("A row adds up", "A column adds up")),
    "c and h": ("keep-write-show", ("c goes to step", "h goes to step")),
    "a gate and another": ("units", ("Never shown: o", "Never shown: i")),
    "what is done with a gate": ("units", ("Never shown", "Never written")),
    "above and below": ("units", ("o is above", "o is below")),
    "two options, above what they change": (
        "cheat-sheet",
        ("batch_first<", "proj_size<"),
        ("proj_size<", "batch_first<"),
    ),
    "an option that is set and one that is not": (
        "batch-first",
        ("=False<", "=True<"),
        ("=True<", "=False<"),
    ),
    "who returns and who takes": ("unrolled", ("takes it", "returns it")),
    "an axis of a weight": ("hidden-size", ("owns one row", "owns one column")),
    "what was run and what was read": ("gate-order", ("Tested: ONNX", "Documented: ONNX")),
    "formulas of two gates": ("data-flow", ("σ(z_i)", "σ(z_f)"), ("σ(z_f)", "σ(z_i)")),
    "the first and the last": ("chunks", ("first chunk", "second chunk")),
}
"""What is exchanged -> the figure, and pairs of true words and the wrong ones in their place.

A `<` is the end of a text element. Such words used to be checked only against a record.
"""


def replace_words(svg, *changes):
    """Replace words in the texts of an SVG only, all at the same time."""
    wrong_words = dict(changes)
    pattern = "|".join(map(re.escape, wrong_words))

    def change(text):
        return re.sub(pattern, lambda match: wrong_words[match[0]], text[0])

    return re.sub(r"<text.*?</text>", change, svg, flags=re.DOTALL)


def problems_of(parsed):
    return [*wording.faults(parsed), *sentences.faults(parsed)]


@pytest.mark.parametrize("wrong_words", WRONG_WORDS.values(), ids=WRONG_WORDS)
def test_wrong_words_are_found_without_a_record(wrong_words):
    figure, *changes = wrong_words
    true_words = changes[0][0].rstrip("<")
    for case in (DEFAULT, *VARIANTS.get(figure, ())):
        svg = cases.svg(figure, case, 720)
        drawn_text = re.sub("<[^>]*>", "", svg)
        if true_words in drawn_text:
            parsed = drawing(replace_words(svg, *changes))
            assert problems_of(drawing(svg)) == []
            assert problems_of(parsed)
            return
    pytest.fail(f"no case of {figure} says {true_words!r}")


@pytest.mark.parametrize(
    ("figure", "old", "new"),
    [("data-flow", "cut into four gates", "cut into gates"), ("cell", "for h_prev.", "for h.")],
)
def test_new_words_say_where_those_are_that_they_replace(figure, old, new):
    parsed = drawing(replace_words(cases.svg(figure, DEFAULT, 720), (old, new)))
    (fault,) = wording.without_condition(parsed)
    assert re.search(f"in place of '.*{old}' in tests/binding/statements/invariants.py:", fault)
    assert re.search(f"python -m tests.binding.write {figure} --true '.*{new}'$", fault)


def test_a_missing_note_is_noticed_where_it_is_true():
    case = "--input-size 3 --hidden-size 2 --no-bias --mistake forget-bias-twice"
    root = copy.deepcopy(cases.read("wrong-way", case, 720).root)
    assert not [*wording.missing_notes(Drawing(root))]
    note = next(s.mark.element for s in sentences.sentences(Drawing(root)) if "bias" in s.claim)
    around = next(element for element in root.iter() if note in element)
    around.remove(note)
    (fault,) = wording.missing_notes(Drawing(root))
    assert "though not one.bias" in fault


def test_each_shared_entry_is_for_words_of_some_figure():
    if lost := unused(wording.read(wording.SHARED.read_text("utf-8"))):
        pytest.fail("\n".join(lost), pytrace=False)


def unused(entries):
    """A message for each entry with a word that is nowhere in the code."""
    code = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py")).lower()
    return [
        f"{wording.condition_place(BOUND[0], words)} has {words!r}, which no figure says: put "
        "what a figure says now in its place, or take it out"
        for words in entries
        # Shorter words occur in any code.
        if not all(word in code for word in re.findall(r"[^\W\d_]{4,}", words.lower()))
    ]


@pytest.mark.parametrize("figure", [*CATALOG, *SHEETS])
def test_each_condition_can_be_false(figure):
    for words, expressions in wording.entries(figure).items():
        for expression in expressions:
            tree = ast.walk(ast.parse(expression, mode="eval"))
            assert any(isinstance(node, ast.Name) for node in tree), words
