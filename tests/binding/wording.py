"""The words of a sentence are held to what they say, whatever a record has.

A value is what its expression yields and a claim is true, but neither knows the
words around it: a row may be called a column. So each sentence has an entry in
`words.txt`, of its figure or of `sayings`: the words with {} for each value,
and below them, indented, an expression that is true where these words are. It
is evaluated after the preamble of every drawing, with the names of `Words` as
well. A law has one of its own, and needs no entry.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import torch

from lstm_figs.scene.theme import colour
from lstm_figs.sources.networks import Network, moments
from tests.binding import specs
from tests.binding.axes import LIBRARIES, is_flipped
from tests.binding.drawing import Box, Drawing, Mark
from tests.binding.places import lines
from tests.binding.sayings.laws import LAWS
from tests.binding.sayings.records import RECORDS
from tests.binding.sentences import Sentence, sentences, visible_indices
from tests.proof import code_of, metadata

SHARED = Path(__file__).parent / "sayings" / "words.txt"

BETWEEN = re.compile(r"(?<=[.?]) (?=[A-Z{×@∂])| · ")
"""What is between two sentences, and between two words beside a title."""

HALF = 3.0
"""How far apart words may be on one line, or below each other."""

_LETTER = re.compile(r"[^\W\d_]")


@cache
def entries(figure: str) -> dict[str, str]:
    """Words -> what has to be true, of all figures or else of this one."""
    return {**read(SHARED.read_text(encoding="utf-8")), **read(specs.words(figure))}


@cache
def read(text: str) -> Mapping[str, str]:
    """The entries of a file: words, and indented below what they are held to.

    >>> read("# A remark.\\nA row is a unit.\\nUnits are rows.\\n    x > 0\\n")
    {'A row is a unit.': 'x > 0', 'Units are rows.': 'x > 0'}
    """
    entries: dict[str, str] = {}
    words: list[str] = []
    for line in text.splitlines():
        if line.startswith("    "):
            for entry in words:
                entries[entry] = f"{entries.get(entry, '')} {line.strip()}".strip()
        elif line and line[0] != "#":
            if words and words[0] in entries:
                words = []
            assert line not in entries, f"{line!r} is there twice"
            words.append(line)
    return entries


def faults(drawing: Drawing, *, is_listed: bool = True) -> Iterator[str]:
    """Words that nothing holds, and those of which it is not true.

    Args:
        drawing: The figure.
        is_listed: Whether all its words have to have an entry, which no list
            has of all options of all tensors.
    """
    known = entries(drawing.figure)
    for sentence in sentences(drawing):
        if sentence.is_footer or sentence.is_custom or not sentence.text:
            continue
        for words, first in split_sentence(sentence, known):
            count = words.count("{}")
            context = Words(drawing, sentence, first, count)
            if words in known:
                yield from _entry_faults(context, words, known[words])
            elif is_listed and not needs_no_entry(words):
                yield (
                    f"{words!r} is in no words.txt; write it into that of "
                    f"{specs.relative_path(drawing.figure)}, and below it what is "
                    "true where it is"
                )


def split_sentence(sentence: Sentence, known: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """What has an entry each: the words, and how many values are before."""
    template = sentence.template
    unescaped = template.replace("{{", "{").replace("}}", "}")
    if template in known or needs_no_entry(template) or unescaped in LAWS:
        yield template, 0
        return
    first = 0
    for words in BETWEEN.split(template):
        yield words, first
        first += words.count("{}")


def needs_no_entry(words: str) -> bool:
    """Whether words need no entry: a law, a record, or nothing but values."""
    bare = words.replace("{}", "")
    return words in LAWS or words in RECORDS or not _LETTER.search(bare)


def _entry_faults(context: "Words", words: str, condition: str) -> Iterator[str]:
    names = {**context.drawing.namespace, **context.names}
    try:
        value = eval(code_of(condition), names)
    except Exception as error:  # An expression may raise anything.
        yield f"{words!r} is held to {condition}, which gives {error!r}"
        return
    if not value:
        yield f"{words!r} is held to {condition}, which is {value!r}"


@dataclass(frozen=True)
class Words:
    """What an entry can speak of, beside the names of the preamble.

    Attributes:
        drawing: The figure.
        sentence: The sentence that the words are of.
        first: How many values of it are before them.
        count: How many values are in them.
    """

    drawing: Drawing
    sentence: Sentence
    first: int
    count: int

    @property
    def names(self) -> dict[str, Any]:
        """All that an entry can name."""
        public = (name for name in dir(Words) if name[0] != "_")
        values = {name: getattr(self, name) for name in public if name != "names"}
        return {**values, "LIBRARIES": LIBRARIES}

    @property
    def _values(self) -> tuple[tuple[str, str], ...]:
        return self.sentence.values[self.first : self.first + self.count]

    @property
    def expressions(self) -> list[str]:
        """The expression of each value in the words."""
        return [expression for _, expression in self._values]

    @property
    def printed(self) -> list[str]:
        """Each value as it is printed."""
        return [text for text, _ in self._values]

    @property
    def claim(self) -> str:
        """What is claimed."""
        return self.sentence.claim

    @property
    def place(self) -> str:
        """The id of what they are beside or above, or `title` and so on."""
        return self.sentence.place

    @property
    def place_expression(self) -> str:
        """The expression of that."""
        return self.sentence.place_expression

    @property
    def context(self) -> str:
        """The words before these on their line."""
        return self.sentence.context

    @property
    def command(self) -> list[str]:
        """The words of the command that draws the figure."""
        return shlex.split(metadata(self.drawing.root)["command"] or "")

    @property
    def sample(self) -> str:
        """The ids of what the sample stands for that is before the words."""
        mark = self.sentence.mark
        assert mark is not None
        x, _ = lines(mark)[0]
        before = [
            candidate
            for candidate in self.drawing.marks
            if candidate.has("data-for")
            and not candidate.has("data-names")
            and candidate.box.left < x
            and mark.box.top <= candidate.box.y <= mark.box.bottom
        ]
        last = max(before, key=lambda candidate: candidate.box.left, default=None)
        return last.get("data-for") if last else ""

    @property
    def network(self) -> str:
        """The network that has these sizes, and whether it is edited."""
        lstm = self.drawing.namespace.get("lstm")
        sizes = getattr(lstm, "input_size", 0), getattr(lstm, "hidden_size", 0)
        name = {(3, 2): "example", (4, 2): "brackets"}.get(sizes, "")
        return f"{name} edited" if "--set" in self.command else name

    def is_after(self, batches: int) -> bool:
        """Whether the module is as it was after so many of its batches.

        It is at the moment that differs in the fewest numbers, since some of
        them may be edited.
        """
        own_parameters = self.drawing.namespace["lstm"].state_dict()

        def apart(network: Network) -> int:
            return sum(
                int((own_parameters[f"{name}_l0"].numpy() != array).sum())
                for name, array in network.weights.parameters().items()
            )

        return min(moments(), key=apart).after == batches

    @staticmethod
    def has(text: str, *pieces: str) -> bool:
        """Whether a text has pieces in it, one after the other."""
        return bool(re.search(".*?".join(map(re.escape, pieces)), text, re.DOTALL))

    def draws(self, pattern: str) -> bool:
        """Whether a mark stands for what a pattern is found in."""
        return any(
            re.search(pattern, mark.expression or mark.get("data-call"))
            for mark in self.drawing.marks
            if mark.is_bound
        )

    def visible(self, key: str, tensor: str = "c") -> set[object]:
        """The steps, units or inputs that the figure shows."""
        return visible_indices(self.drawing, key, tensor)

    def step_index(self, step: str | int) -> int:
        """The index of a step that is printed."""
        back = is_flipped(self.drawing)
        return len(self.drawing.namespace["x"]) - int(step) if back else (int(step) - 1)

    def expressions_of(self, pattern: str) -> list[str]:
        """The expressions of the marks whose ids match."""
        return [
            mark.expression
            for mark in self.drawing.marks
            if mark.expression and re.fullmatch(pattern, mark.name)
        ]

    def says(self, piece: str) -> bool:
        """Whether a value of a sentence or a label has it in its expression."""
        return any(
            piece in expression
            for sentence in sentences(self.drawing)
            for _, expression in sentence.values
        )

    def parameter(self, name: str) -> torch.Tensor:
        """A parameter of the layer that is shown, without its layer's name."""
        parameters = dict(self.module.named_parameters())
        parameter: torch.Tensor = parameters.get(name, parameters.get(f"{name}_l0"))
        return parameter.detach()

    @property
    def modules(self) -> list[Any]:
        """The modules that the preamble leaves."""
        values = self.drawing.namespace.values()
        return [value for value in values if isinstance(value, torch.nn.Module)]

    @property
    def labels(self) -> list[Mark]:
        """All labels, in reading order."""
        return self.drawing.labels

    def along(self, key: str) -> set[str]:
        """How labels with a key stand to what they name."""
        return {label.along for label in self.drawing.labels if key in label.names}

    def label_values(self, key: str) -> set[str]:
        """What labels say of a key."""
        return {label.names[key] for label in self.drawing.labels if key in label.names}

    def from_top(self, pattern: str) -> list[str]:
        """The first group of the ids that match, from the top down."""
        return self._ordered(pattern, lambda mark: mark.middle)

    def from_left(self, pattern: str) -> list[str]:
        """The first group of the ids that match, from the left."""
        return self._ordered(pattern, lambda mark: mark.box.x)

    def _ordered(self, pattern: str, key: Any) -> list[str]:
        matches = (
            (key(mark), match[1])
            for mark in self.drawing.marks
            if (match := re.fullmatch(pattern, mark.name))
        )
        return list(dict.fromkeys(name for _, name in sorted(matches)))

    def expressions_on_line(self, pattern: str) -> list[str]:
        """The expressions of marks on the line of the words, from the left."""
        mark = self.sentence.mark
        assert mark is not None
        level = mark.box
        marks = [
            candidate
            for candidate in self.drawing.marks
            if candidate.expression
            and re.search(pattern, candidate.expression)
            and level.top <= candidate.middle <= level.bottom
        ]
        marks.sort(key=lambda candidate: candidate.box.x)
        return [candidate.expression for candidate in marks]

    @property
    def after(self) -> Sentence | None:
        """The next sentence on the line of the words."""
        own_box = self._box
        after = [
            box
            for box in self._others
            if abs(box.y - own_box.y) < HALF and box.left >= own_box.right
        ]
        return self._at(min(after, key=lambda box: box.left, default=None))

    @property
    def below(self) -> list[Sentence]:
        """The sentences below the words that begin where they begin."""
        own_box = self._box
        boxes = sorted(
            (
                box
                for box in self._others
                if abs(box.left - own_box.left) < HALF and box.top > own_box.y
            ),
            key=lambda box: box.top,
        )
        return [sentence for sentence in map(self._at, boxes) if sentence]

    def is_above(self, pattern: str) -> bool:
        """Whether a mark of such an id, or a label of such a key, is below."""
        own_box = self._box
        return any(
            mark.box.left < own_box.right
            and own_box.left < mark.box.right
            and mark.box.bottom > own_box.y
            for mark in self.drawing.marks
            if re.fullmatch(pattern, mark.name) or pattern in mark.names
        )

    @property
    def nearest(self) -> str:
        """The expression of what is nearest to the words, in any direction."""
        own_box = self._box
        marks = [mark for mark in self.drawing.marks if mark.expression]

        def away(mark: Mark) -> float:
            box = mark.box
            across = max(box.left - own_box.right, own_box.left - box.right, 0)
            return abs(box.y - own_box.y) + across / 1000

        return min(marks, key=away).expression if marks else ""

    @property
    def _box(self) -> Box:
        assert self.sentence.mark is not None
        return self.sentence.mark.box

    @property
    def _others(self) -> list[Box]:
        marks = (sentence.mark for sentence in sentences(self.drawing))
        return [mark.box for mark in marks if mark and mark.box != self._box]

    def _at(self, box: Box | None) -> Sentence | None:
        """The sentence that has a box."""
        all_sentences = sentences(self.drawing)
        return next(
            (sentence for sentence in all_sentences if sentence.mark and sentence.mark.box == box),
            None,
        )

    @staticmethod
    def hue(role: str) -> str:
        """Whether a paint is blue or red, by which of the two it has more."""
        red, _, blue = (int(colour(role, "light")[k : k + 2], 16) for k in (1, 3, 5))
        return "blue" if blue > red else "red"

    def is_dashed(self, pattern: str) -> bool:
        """Whether a mark of an id that matches is dashed."""
        return any(
            mark.has("stroke-dasharray") and re.search(pattern, name)
            for mark in self.drawing.marks
            for name in [*_names(mark)]
        )

    @property
    def module(self) -> Any:
        """The module whose results are shown."""
        names = self.drawing.namespace
        return names.get("module", names.get(self.drawing.module_name))

    @property
    def marks(self) -> list[Mark]:
        """All marks, in reading order."""
        return self.drawing.marks

    @property
    def code(self) -> str:
        """The preamble, as it is written."""
        return self.drawing.preamble

    @property
    def terms(self) -> list[str]:
        """The terms of all marks."""
        return [mark.get("data-term") for mark in self.drawing.marks]

    @cached_property
    def texts(self) -> list[str]:
        """All texts, in reading order."""
        return [text.text for text in self.drawing.texts]

    @property
    def flows(self) -> list[Mark]:
        """The arrows and lines that join two marks."""
        return [mark for mark in self.drawing.marks if mark.has("data-flow")]


def _names(mark: Mark) -> Iterator[str]:
    """The ids of a mark and of what it lies in, without the figure's."""
    yield mark.name
    for element in mark.ancestors:
        yield element.get("id", "").partition("--")[2]
