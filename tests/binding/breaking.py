"""Deliberate faults in figures, which the checks have to find."""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from lstm_figs.command.request import Request
from lstm_figs.figures import CATALOG
from lstm_figs.layout import provenance, words
from lstm_figs.layout.motifs import weight_rows
from lstm_figs.proof.bindings import Sentence
from lstm_figs.sources import Source
from tests.binding.cases import parse_form
from tests.binding.checking import faults
from tests.binding.drawing import drawing

RECORDED = ""
"""In place of a message, where only the recorded parts of a figure differ."""

Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Fault:
    """A fault in the code that draws.

    Attributes:
        forms: The figures to break, written as in `cases.forms_of`.
        patch: Breaks the drawing code.
        expected: Pattern of the expected message, or `RECORDED`.
        widths: The widths to draw.
        source: The tensors to draw; the default ones unless given.
    """

    forms: Sequence[str]
    patch: Patch
    expected: str
    widths: tuple[int, ...] = (720, 360)
    source: Source = Source()  # noqa: RUF009


@dataclass(frozen=True)
class Change:
    """A fault in an SVG.

    Attributes:
        form: The figure to change.
        old: Regular expression for the text to replace.
        new: The replacement.
        expected: Pattern of the expected message.
        source: The tensors to draw.
        count: Number of replacements; 0 for all.
    """

    form: str
    old: str
    new: str
    expected: str
    source: Source = Source()  # noqa: RUF009
    count: int = 1

    def __call__(self, svg: str) -> str:
        """The changed SVG, with unchanged metadata."""
        (data,) = re.findall(r"<metadata.*?</metadata>", svg)
        bare = svg.replace(data, "<data/>")
        changed, count = re.subn(self.old, self.new, bare, count=self.count)
        assert count
        return changed.replace("<data/>", data)


def svg_of(form: str, source: Source, width: int = 720) -> str:
    """Draw a figure with the current code."""
    name, options = parse_form(form)
    request = Request(name, source, None, width, tuple(options.items()))
    return request.draw().render("svg", "light").decode()


@cache
def unbroken_svg(form: str, source: Source, width: int = 720) -> str:
    """A correct figure, drawn once."""
    svg = svg_of(form, source, width)
    assert faults(drawing(svg)) == []
    return svg


def wrapped(owner: Any, name: str, change: Callable[..., Any]) -> Patch:
    """Make a patch that calls `change` with `owner.name` and its arguments."""
    original = getattr(owner, name)

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(owner, name, lambda *a, **k: change(original, *a, **k))

    return patch


def wrapped_everywhere(owner: Any, name: str, change: Callable[..., Any]) -> Patch:
    """Like `wrapped`, for every figure that imported the name too."""
    original = getattr(owner, name)

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        # Import all figures first; a later import would keep the patched function.
        assert all(CATALOG.values())
        for key, module in sorted(sys.modules.items()):
            is_figure = key.startswith("lstm_figs.figures.")
            if is_figure and vars(module).get(name) is original:
                wrapped(module, name, change)(monkeypatch)
        wrapped(owner, name, change)(monkeypatch)

    return patch


def labelled(change: Callable[[str, dict[str, Any]], Any]) -> Patch:
    """Make a patch that changes labels.

    Args:
        change: Takes the content and names of a label, and returns both; None
        leaves the label unchanged.
    """

    def changed(
        label: Any, x: float, y: float, content: str, names: Any, *rest: Any, **more: Any
    ) -> Any:
        content, names = change(content, {**names}) or (content, names)
        return label(x, y, content, names, *rest, **more)

    return wrapped(words, "label", changed)


def labelled_by_key(key, change):
    """Make a patch that changes the labels with a key."""
    return labelled(lambda content, names: change(content, names) if key in names else None)


def one_more(key):
    """A change that adds one to a label's first number, in text and names."""

    def change(content, names):
        names[key] = int(names[key]) + 1
        return re.sub(r"\d+", lambda m: str(int(m[0]) + 1), content), names

    return change


def exchanged(key, first, second):
    def change(content, names):
        turn = {first: second, second: first}
        names[key] = turn.get(names[key], names[key])
        return turn.get(content, content), names

    return change


EXCHANGED = {"f": "i", "i": "f"}
"""Swaps two gates."""


def gates_exchanged(numbers, subject, name, *place):
    """Swap the numbers of two gates, with their proofs."""
    return numbers(subject, EXCHANGED.get(name, name), *place)


def values_exchanged(numbers, subject, name, *place):
    """Swap the numbers of two gates, but keep the proofs in place."""
    other = numbers(subject, EXCHANGED.get(name, name), *place)
    right = numbers(subject, name, *place)
    return replace(right, values=other.values)


def letters_exchanged(content, names):
    """Swap the letters of two gates."""
    return EXCHANGED.get(content, content), names


def unit_one_more(content, names):
    """Add one to a unit, in text and names."""
    if content.startswith("unit"):
        unit = int(content.split()[1]) + 1
        return f"unit {unit}", {"unit": unit}


def row_text_one_more(content, names):
    """Add one to a row, in the text only."""
    if "row" in names and content.isdecimal():
        return str(int(content) + 1), names


def row_and_name_one_more(content, names):
    """Add one to a row, in text and names."""
    if "row" in names and content.isdecimal():
        return str(int(content) + 1), {"row": int(content) + 1}


def row_one_place_off(label, x, y, content, names, of, *rest, **more):
    """Move the label of a row of weights by one row, with its target."""
    weights = [i for i in of if isinstance(i, str) and "weight" in i]
    if "row" in names and content.isdecimal() and weights:
        row = int(content) ^ 1
        of = [re.sub(r"(?<=_..-)\d+", str(row), i) for i in weights]
        content, names = str(row), {"row": row}
    return label(x, y, content, names, of, *rest, **more)


def reordered_bands(row, self, gate, unit):
    """Draw the bands in the order i, g, f, o."""
    return row(self, {"f": "g", "g": "f"}.get(gate, gate), unit)


class ReversedRows(weight_rows.Rows):
    """Rows with the units in reverse order."""

    def y(self, gate, unit):
        return super().y(gate, self.units[-1 - self.units.index(unit)])


def reversed_cells(cells, band_rows, *arguments, **more):
    """Draw the rows of units in reverse order."""
    return cells(ReversedRows(*band_rows), *arguments, **more)


def number_one_more(sentence, template, *values, claim=""):
    """Add one to the first whole number of a sentence, and to its expression."""
    original = sentence(template, *values, claim=claim)
    for printed, _ in original.says.values:
        if printed.isdecimal():
            more = str(int(printed) + 1)
            pairs = [[a, b] for a, b in original.says.values]
            first = next(p for p in pairs if p[0] == printed)
            first[0] = more
            if first[1] == printed:
                first[1] = more
            text = template.format(*(p[0] for p in pairs))
            says = original.says._replace(values=tuple(map(tuple, pairs)))
            return Sentence(text, says)
    return original


def text_one_more(sentence, template, *values, claim=""):
    """Add one to the first whole number of a sentence, but not to its expression."""
    original = sentence(template, *values, claim=claim)
    text = re.sub(r"\b\d+", lambda m: str(int(m.group()) + 1), original.text, count=1)
    return original._replace(text=text)


def patched_sentences(change: Callable[..., Any]) -> Patch:
    """Make a patch that changes all sentences."""
    return wrapped_everywhere(provenance, "sentence", change)
