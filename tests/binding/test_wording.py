"""Tests that wrong words are found even if every record is updated with them."""

import ast
import re

import pytest

from lstm_figs.figures import CATALOG, SHEETS
from tests.binding import cases, sentences, specs, wording
from tests.binding.cases import BOUND, DEFAULT, PACKAGE, VARIANTS
from tests.binding.drawing import drawing
from tests.binding.write import templates

EXCHANGED = {
    "a row and a column": ("writes", ("Row: c ", "Column: c ")),
    "c and h": ("keep-write-show", ("c stays in", "h stays in")),
    "a gate and another": ("units", ("Never shown: o", "Never shown: i")),
    "what is done with a gate": ("units", ("Never shown", "Never written")),
    "above and below": ("units", ("o is above", "o is below")),
    "two options, above what they change": (
        *("cheat-sheet", ("batch_first<", "\0<")),
        *(("proj_size<", "batch_first<"), ("\0<", "proj_size<")),
    ),
    "an option that is set and one that is not": (
        *("batch-first", ("=False<", "\0<")),
        *(("=True<", "=False<"), ("\0<", "=True<")),
    ),
    "who returns and who takes": ("unrolled", ("takes it", "returns it")),
    "an axis of a weight": ("hidden-size", ("a column as well", "a row as well")),
    "what was run and what was read": ("gate-order", ("Run: a test", "Read: a test")),
    "formulas of two gates": (
        "data-flow",
        ("σ(z_i)", "\0"),
        ("σ(z_f)", "σ(z_i)"),
        ("\0", "σ(z_f)"),
    ),
    "the first and the last": ("chunks", ("first chunk", "second chunk")),
}
"""Words that used to be checked only against a record."""


def reworded(svg, *changes):
    """Replace words in the texts of an SVG only."""

    def change(text):
        for old, new in changes:
            text = text.replace(old, new)
        return text

    pieces = re.split(r"(<text.*?</text>)", svg, flags=re.DOTALL)
    changed = "".join(change(piece) if piece.startswith("<text") else piece for piece in pieces)
    return changed.replace("\0", "")


def problems_of(parsed):
    """Faults of a drawing, using records written from this drawing."""
    return [*wording.faults(parsed), *sentences.faults(parsed, templates([parsed]))]


@pytest.mark.parametrize("exchanged", EXCHANGED.values(), ids=EXCHANGED)
def test_exchanged_words_are_found_without_a_record(exchanged):
    figure, *changes = exchanged
    for case in (DEFAULT, *VARIANTS.get(figure, ())):
        svg = cases.svg(figure, case, 720)
        if changes[0][0].rstrip("<") in re.sub("<[^>]*>", "", svg):
            parsed = drawing(reworded(svg, *changes))
            assert problems_of(drawing(svg)) == []
            assert problems_of(parsed)
            return
    pytest.fail(f"no case of {figure} says {changes[0][0]!r}")


@pytest.mark.parametrize(
    ("figure", "old", "new"),
    [
        ("data-flow", "the fourth makes h", "one makes h"),
        ("cell", "work element by element.", "work number by number."),
    ],
)
def test_new_words_say_where_those_are_that_they_replace(figure, old, new):
    parsed = drawing(reworded(cases.svg(figure, DEFAULT, 720), (old, new)))
    (fault,) = wording.without_condition(parsed)
    assert re.search(f"in place of '.*{old}' in tests/binding/statements/invariants.py:", fault)
    assert re.search(f"python -m tests.binding.write {figure} --true '.*{new}'$", fault)


@pytest.mark.parametrize("figure", [*CATALOG, *SHEETS, ""])
def test_each_entry_is_for_words_of_some_figure(figure):
    path = wording.SHARED
    entries = wording.read(specs.words(figure) if figure else path.read_text("utf-8"))
    known_texts = _known_texts(*([figure] if figure else BOUND))
    code = _code()
    lost = [
        f"{wording.home(figure or BOUND[0], words)} has {words!r}, which {figure or 'no figure'} "
        "does not say: put what it says now in its place, or take it out"
        for words in entries
        if not known_texts.issuperset(wording.BETWEEN.split(words))
        and not all(word in code for word in re.findall(r"\w{4,}", words))
    ]
    if lost:
        pytest.fail("\n".join(lost), pytrace=False)


@pytest.mark.parametrize("figure", [*CATALOG, *SHEETS])
def test_each_condition_can_be_false(figure):
    for words, of in wording.entries(figure).items():
        tree = ast.walk(ast.parse(of, mode="eval"))
        assert any(isinstance(node, ast.Name) for node in tree), words


def _known_texts(*figures):
    return {
        line.partition(": ")[2]
        for figure in figures
        for line in sentences.read_templates(figure, None)
    }


def _code():
    return "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
