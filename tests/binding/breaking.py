"""Ways to break what figures draw and say, which every check has to find."""

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

Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Fault:
    """Something that is drawn or said wrongly.

    Attributes:
        forms: In which figures, as `cases.forms_of` writes them.
        patch: Breaks the code that draws.
        expected: What the checker says of it.
        widths: At which widths.
        source: Of which tensors; of the usual ones by default.
    """

    forms: Sequence[str]
    patch: Patch
    expected: str
    widths: tuple[int, ...] = (720, 360)
    source: Source = Source()  # noqa: RUF009


@dataclass(frozen=True)
class Change:
    """Something in an SVG that was not drawn so.

    Attributes:
        form: In which figure.
        old: What is replaced, as a regular expression.
        new: What replaces it.
        expected: What the checker says of it.
        source: Of which tensors.
        count: How many are replaced, 0 for all.
    """

    form: str
    old: str
    new: str
    expected: str
    source: Source = Source()  # noqa: RUF009
    count: int = 1

    def __call__(self, svg: str) -> str:
        """The changed SVG, its metadata as they were."""
        (data,) = re.findall(r"<metadata.*?</metadata>", svg)
        bare = svg.replace(data, "<data/>")
        changed, count = re.subn(self.old, self.new, bare, count=self.count)
        assert count
        return changed.replace("<data/>", data)


def svg_of(form: str, source: Source, width: int = 720) -> str:
    """A figure as it is drawn now."""
    name, options = parse_form(form)
    request = Request(name, source, None, width, tuple(options.items()))
    return request.draw().render("svg", "light").decode()


@cache
def unbroken_svg(form: str, source: Source, width: int = 720) -> str:
    """A figure in which nothing is wrong."""
    svg = svg_of(form, source, width)
    assert faults(drawing(svg)) == []
    return svg


def wrapped(owner: Any, name: str, change: Callable[..., Any]) -> Patch:
    """A patch: what `owner.name` is called with or returns is changed."""
    original = getattr(owner, name)

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(owner, name, lambda *a, **k: change(original, *a, **k))

    return patch


def wrapped_everywhere(owner: Any, name: str, change: Callable[..., Any]) -> Patch:
    """The same there and in every figure that has it."""
    original = getattr(owner, name)

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        # A figure that is imported later would keep what it finds.
        assert all(CATALOG.values())
        for key, module in sorted(sys.modules.items()):
            is_figure = key.startswith("lstm_figs.figures.")
            if is_figure and vars(module).get(name) is original:
                wrapped(module, name, change)(monkeypatch)
        wrapped(owner, name, change)(monkeypatch)

    return patch


def labelled(change: Callable[[str, dict[str, Any]], Any]) -> Patch:
    """A patch of labels: what they say, and the names that they have.

    Args:
        change: Is given both and returns both; None where a label stays.
    """

    def changed(
        label: Any, x: float, y: float, content: str, names: Any, *rest: Any, **more: Any
    ) -> Any:
        content, names = change(content, {**names}) or (content, names)
        return label(x, y, content, names, *rest, **more)

    return wrapped(words, "label", changed)


def labelled_by_key(key, change):
    """A patch of labels that have a key."""
    return labelled(lambda content, names: change(content, names) if key in names else None)


def one_more(key):
    """The first number of a label and of its names, and what it names."""

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
"""Two gates, each as the other."""


def gates_exchanged(numbers, subject, name, *place):
    """The numbers of two gates, with their proofs."""
    return numbers(subject, EXCHANGED.get(name, name), *place)


def values_exchanged(numbers, subject, name, *place):
    """The numbers of two gates, under the proofs that were right."""
    other = numbers(subject, EXCHANGED.get(name, name), *place)
    right = numbers(subject, name, *place)
    return replace(right, values=other.values)


def letters_exchanged(content, names):
    """The letters of two gates."""
    return EXCHANGED.get(content, content), names


def unit_one_more(content, names):
    """A unit, as it is said and as it is named."""
    if content.startswith("unit"):
        unit = int(content.split()[1]) + 1
        return f"unit {unit}", {"unit": unit}


def row_says_one_more(content, names):
    """A row, as it is said."""
    if "row" in names and content.isdecimal():
        return str(int(content) + 1), names


def row_is_one_more(content, names):
    """A row, as it is said and as it is named."""
    if "row" in names and content.isdecimal():
        return str(int(content) + 1), {"row": int(content) + 1}


def row_stands_one_off(label, x, y, content, names, of, *rest, **more):
    """A row, with what it names."""
    if "row" in names and content.isdecimal():
        row = int(content) ^ 1
        of = [re.sub(r"(?<=_..-)\d+", str(row), i) for i in of if "weight" in i]
        content, names = str(row), {"row": row}
    return label(x, y, content, names, of, *rest, **more)


def other_bands(row, self, gate, unit):
    """Rows in the order i, g, f, o."""
    return row(self, {"f": "g", "g": "f"}.get(gate, gate), unit)


class ReversedRows(weight_rows.Rows):
    """Rows whose units are in the other order."""

    def y(self, gate, unit):
        return super().y(gate, self.units[-1 - self.units.index(unit)])


def cells_at_other_places(cells, band_rows, *arguments, **more):
    """Rows of units that are in the other order."""
    return cells(ReversedRows(*band_rows), *arguments, **more)


def number_one_more(sentence, template, *values, claim=""):
    """The first whole number of a sentence and its expression."""
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
    """The first whole number of a sentence, and nothing else."""
    original = sentence(template, *values, claim=claim)
    text = re.sub(r"\b\d+", lambda m: str(int(m.group()) + 1), original.text, count=1)
    return original._replace(text=text)


def wrapped_sentences(change: Callable[..., Any]) -> Patch:
    """A patch of all sentences."""
    return wrapped_everywhere(provenance, "sentence", change)
