"""All that a figure says, with every kind of source, in both widths.

A figure joins by being in `CATALOG`, its words by having a `Head`, a source by
being in `sources.SOURCES`.
"""

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from textwrap import dedent

import pytest

from lstm_figs.errors import BeyondLimit
from lstm_figs.figures import CATALOG
from lstm_figs.render.svg import sheet_paints
from lstm_figs.scene.theme import css
from tests import sheets
from tests.binding import axes, descriptions, lengths, parts
from tests.binding.cases import (
    BOUND,
    DEFAULT,
    MORE,
    REFUSED,
    VARIANTS,
    case,
    cases_of,
    drawn,
    forms_of,
    read,
)
from tests.binding.checking import faults
from tests.binding.drawing import drawing
from tests.binding.sentences import read_templates
from tests.binding.templates import templates
from tests.proving import NUMBERLESS, metadata, prove_with

LARGEST_FILE = 300_000

PAGE = Path(__file__).parents[2] / "docs" / "contributing.md"

NUMBER = re.compile(r"[−-]?\d[\d,.]*(e[−-]?\d+)?")
"""Faults that differ in their numbers alone are told once."""


@pytest.mark.parametrize("name", CATALOG)
def test_a_figure_is_whole_and_proven_with_every_source(name):
    wrong, said = {}, set()
    for what in cases_of(name):
        for form in forms_of(name):
            found, sentences = _seen(form, what)
            said |= sentences
            for fault in found:
                alike = wrong.setdefault(NUMBER.sub("#", fault), [])
                alike.append(f"{form}, {what}: {fault}")
    assert not wrong, "\n".join(
        f"{len(alike)} times, first in {alike[0]}" for alike in wrong.values()
    )
    if name in BOUND:
        assert sorted(said) == sorted(read_templates(name))


def test_the_figure_to_begin_with_is_whole_and_proven(monkeypatch):
    page = PAGE.read_text(encoding="utf-8")
    assert '"still": RESULT,' in page
    assert '"still": "f"' in page
    clauses = {}
    (written,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(dedent(written), clauses)
    name = "lstm_figs.figures.still"
    spec = spec_from_file_location(name, PAGE.with_name("code") / "still.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setitem(CATALOG.homes, "still", "still.still")
    monkeypatch.setitem(axes.AXES, "still", axes.RESULT)
    monkeypatch.setitem(lengths.ACTS, "still", "f")
    monkeypatch.setattr(
        descriptions, "clauses_of", lambda _: clauses["CLAUSES"]
    )
    for what in (DEFAULT, *MORE):
        for width in (720, 360):
            seen = read("still", what, width)
            assert prove_with(seen.root, seen.namespace)
            assert faults(seen, templates([seen])["still"]) == []
            assert sheets.faults(drawn("still", what, width).sheet, width) == []
    left = read("still", DEFAULT, 720).value("still[3, 0, 0]")
    assert f"After four steps {left:.2f} of it is left." in page


@pytest.mark.parametrize("name", REFUSED)
def test_a_figure_refuses_what_is_beyond_its_limit(name):
    for what in REFUSED[name]:
        with pytest.raises(BeyondLimit):
            drawn(name, what, 720)


def _seen(form, what):
    """What is wrong with a figure in one case, and its sentences."""
    name = form.split()[0]
    of_example = what == DEFAULT or what in VARIANTS.get(name, ())
    made = None if of_example else case(what)
    own = {} if made is None else dict(made.own)
    found, said, shown = [], set(), {}
    for width in (720, 360):
        figure = drawn(form, what, width)
        svg = figure.render("svg", "light").decode()
        seen = drawing(svg, own)
        numbers = figure.numbers()
        shown[width] = {(t.number.expr, str(t.number.value)) for t in numbers}
        found += sheets.faults(figure.sheet, width)
        # That the file for both schemes is this and a style, `test_render`
        # knows.
        style = css(figure.id, "auto", sheet_paints(figure.sheet))
        if len(f"{svg}<style>{style}</style>\n".encode()) > LARGEST_FILE:
            found.append(f"more than {LARGEST_FILE} bytes at {width}")
        try:
            proven = prove_with(seen.root, seen.namespace)
            assert proven == len(numbers)
        except AssertionError as error:
            found.append(str(error))
        if name in BOUND:
            found += faults(seen)
            if (form, what) == (name, DEFAULT):
                found += parts.faults(seen, width)
            said |= templates([seen])[name]
        has_command = metadata(seen.root)["command"] is not None
        if has_command == (made is not None and made.source is None):
            found.append("a command without a source, or a source without one")
    if not shown[360] <= shown[720]:
        found.append("the narrow form has numbers that the wide one lacks")
    # Over many steps this chart has no room for numbers.
    if not shown[720] and name not in {"gates-over-time", *NUMBERLESS}:
        found.append("no number is shown")
    return found, said
