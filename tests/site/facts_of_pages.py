"""Sentences of pages that quote a figure, a network or a record.

What a page says of a figure is of the one that it shows there, whose header is
read from the page, and whose step and units expressions call `step`, `unit` and
`units`. So where another figure is shown, or another step, what is said of it
is no longer true.
"""

import inspect
import re
import string
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

from lstm_figs.command.request import Request, parse_header
from lstm_figs.figures import CATALOG
from lstm_figs.options import figure_options
from tests.site.conftest import ROOT
from tests.site.records import names_of
from tests.site.text_differences import differences, nearest


class Fact(NamedTuple):
    """A part of a page's text that tensors have to bear out.

    Attributes:
        template: The words, with a field of Python's format language for each
            number.
        expressions: What yields each number; without fields, what has to be true.
            Python, or functions where torch itself is asked.
        kind: What is quoted.
        source: The header of a figure that makes the tensors of a network, the
            file of a record, or the id of a figure that is not the nearest.
    """

    template: str
    expressions: tuple[str | Callable[[], Any], ...]
    kind: Literal["figure", "network", "record", "torch"]
    source: str = ""


Said = tuple[str, *tuple[str | Callable[[], Any], ...]]
"""The words of a fact and its expressions."""


def figure(*statements: Said, id: str = "") -> tuple[Fact, ...]:
    """What is said of the figure in whose caption it stands.

    Elsewhere of the nearest before it in its section, which sections within it
    are a part of.

    Args:
        statements: What is said.
        id: Of another figure before it in its section, of which a sentence
            speaks as well.
    """
    return tuple(Fact(words, tuple(exprs), "figure", id) for words, *exprs in statements)


def network(header: str, *statements: Said) -> tuple[Fact, ...]:
    """What is said of tensors that no figure of the page shows.

    Args:
        header: Of a figure whose preamble makes them.
        statements: What is said.
    """
    return tuple(Fact(words, tuple(exprs), "network", header) for words, *exprs in statements)


def record(path: str, *statements: Said) -> tuple[Fact, ...]:
    """What is said of what was measured once.

    Args:
        path: The file that holds it.
        statements: What is said.
    """
    return tuple(Fact(words, tuple(exprs), "record", path) for words, *exprs in statements)


def of_torch(*statements: Said) -> tuple[Fact, ...]:
    """What is said of torch, which functions ask."""
    return tuple(Fact(words, tuple(exprs), "torch") for words, *exprs in statements)


_BLOCK = re.compile(r"[\s>]*/{3,}\s*lstm-(?:figure|picture|scene|live)\s*\|\s*(.*?)\s*$")
_HEADING = re.compile(r"(#+) ")
_FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)

_ITEM = re.compile(r"^\s*\d+\. ")
"""What begins an item of a list, which is numbered anew where it is shown."""

_FIELD = re.compile(r"{[^}]*}")
_END = re.compile(r"[.?!]\**(?=\s)|$")
"""Of a sentence."""
_PLACE_OR_COLOUR = re.compile(
    r"\b(?:here|above|below|drawn|blue|red|orange|green|purple|gr[ae]y|black"
    r"|(?:at|on|to) the (?:left|right|top|bottom))\b",
    re.IGNORECASE,
)
"""A place or a colour."""


class UnplacedError(AssertionError):
    """Nothing says which figure a fact quotes."""


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        text: What its file holds.
        name: Its file, without the ending.
    """

    text: str
    name: str = "toy"

    @cached_property
    def prose(self) -> str:
        """Its text in one line, without code and headers of blocks."""
        return " ".join(word for word, *_ in self._words)

    @cached_property
    def _words(self) -> list[tuple[str, tuple[str, ...], int]]:
        """Each word, the figures before it in its section, and its line."""
        *_, text = self.text.split("---\n", 2)
        above = self.text.count("\n") - text.count("\n")
        text = _FENCE.sub(lambda code: "\n" * code[0].count("\n"), text)
        placed_words = []
        # A section is within those whose headings are higher.
        sections: list[tuple[int, list[str]]] = [(0, [])]
        for place, line in enumerate(text.splitlines(), above + 1):
            if heading := _HEADING.match(line):
                level = len(heading[1])
                sections = [section for section in sections if section[0] < level]
                sections.append((level, []))
            elif block := _BLOCK.match(line):
                sections[-1][1].append(block[1])
            if not line.startswith("///"):
                before = tuple(h for _, headers in sections for h in headers)
                words = _ITEM.sub("", line).split()
                placed_words += [(word, before, place) for word in words]
        return placed_words

    def before(self, place: int) -> tuple[str, ...]:
        """Headers of the figures before a place, in its section."""
        word = self.prose.count(" ", 0, place)
        return self._words[word][1]

    def header(self, fact: Fact) -> str:
        """The header of the figure that a fact quotes.

        Raises:
            UnplacedError: If there is none, or if the words stand below
                several.
        """
        literal = map(re.escape, _FIELD.split(fact.template))
        places = [m.start() for m in re.finditer(r"\S+".join(literal), self.prose)]
        if not places:
            # A fact that lost its words quotes the figure of the nearest.
            span = self._nearest(fact.template)
            if span is None:
                raise UnplacedError(self._lost(fact.template))
            places = [self._place(span[0])]
        quoted = {
            next((h for h in headers if fact.source in ("", _id(h))), "")
            for place in places
            for headers in [self.before(place)[::-1]]
        }
        if len(quoted) != 1:
            raise UnplacedError(
                f"{fact.template!r} stands below {sorted(quoted)}, expected one "
                "figure; quote more of the sentence"
            )
        (header,) = quoted
        if not header:
            raise UnplacedError(
                f"{fact.template!r} has no figure before it in its section; quote a network"
            )
        return header

    def mentions_drawing(self, words: str) -> bool:
        """Whether a sentence in which words stand speaks of what is drawn."""
        ends = [0, *(m.end() for m in _END.finditer(self.prose))]
        return any(
            _PLACE_OR_COLOUR.search(
                self.prose,
                ends[bisect_right(ends, match.start()) - 1],
                ends[bisect_left(ends, match.end())],
            )
            for match in re.finditer(re.escape(words), self.prose)
        )

    def printed(self, fact: Fact) -> str:
        """The words of a fact, with the numbers that the tensors yield.

        Raises:
            AssertionError: If what it claims is not true, or cannot be asked.
        """
        words, error = _printed(self, fact)
        assert not error, error
        return words

    def fault(self, fact: Fact) -> str:
        """Where a fact fails, and why; nothing if it holds."""
        words, error = _printed(self, fact)
        return error or ("" if words in self.prose else self._lost(words))

    def covered(self, fact: Fact) -> list[tuple[int, int]]:
        """The places of the words of a fact.

        For a fact that fails, those of the words that come nearest, so that no
        other rule asks for it.
        """
        words, _ = _printed(self, fact)
        same = [m.span() for m in re.finditer(re.escape(words), self.prose)]
        if same or not (span := self._nearest(words)):
            return same
        first, last = span
        return [(self._place(first), self._place(last) - 1)]

    def false_statement(self, words: str, why: str) -> str:
        """Where a page says what is not true, and what shows it."""
        first, _ = self._nearest(words) or (0, 0)
        message = f"{words!r} is not true, as {why}; correct it or leave it out"
        return f"{self._line(first)}: {message}"

    def _lost(self, words: str) -> str:
        """What a page says in place of words, and where."""
        if not (span := self._nearest(words)):
            return (
                f"docs/{self.name}.md: got nothing like {words!r}; take the "
                "fact out, or write the sentence again"
            )
        first, last = span
        actual = [word for word, *_ in self._words[first:last]]
        place, difference = differences(words.split(), actual)
        return f"{self._line(first + place)}: {difference}; correct it, or its fact"

    def _nearest(self, words: str) -> tuple[int, int] | None:
        return nearest(words.split(), [word for word, *_ in self._words])

    def _place(self, word: int) -> int:
        return sum(len(text) + 1 for text, *_ in self._words[:word])

    def _line(self, word: int) -> str:
        return f"docs/{self.name}.md:{self._words[word][2]}"


@cache
def _printed(page: Page, fact: Fact) -> tuple[str, str]:
    """The words of a fact, and why it fails, once for all tests of a page."""
    expr, values = fact.expressions[0], []
    try:
        names = _names(page, fact)
        for expr in fact.expressions:
            value = _answer(expr) if callable(expr) else eval(expr, dict(names))
            values.append(value.item() if hasattr(value, "item") else value)
        words = _PRINTING.vformat(fact.template, values, {})
    except UnplacedError as error:
        return fact.template, str(error)
    except Exception as error:
        why = f"{_named(expr)} raises {type(error).__name__}: {error}"
        return fact.template, page.false_statement(fact.template, why)
    fields = [field for _, field, *_ in _PRINTING.parse(fact.template)]
    if not any(field is not None for field in fields):
        for expr, value in zip(fact.expressions, values, strict=True):
            if not value:
                why = f"{_named(expr)} yields {value}"
                return words, page.false_statement(words, why)
    return words, ""


def _named(expr: str | Callable[[], Any]) -> str:
    """An expression, or the function that asks in its place, and where."""
    code = getattr(inspect.unwrap(expr), "__code__", None)
    if code is None:
        return str(expr)
    where = f"line {code.co_firstlineno} of {Path(code.co_filename).name}"
    return f"{code.co_name} in {where}"


def _names(page: Page, fact: Fact) -> dict[str, Any]:
    """What the expressions of a fact call by name."""
    if fact.kind == "torch":
        return {}
    if fact.kind == "record":
        return names_of(fact.source)
    is_shown = fact.kind == "figure"
    return preamble_names(page.header(fact) if is_shown else fact.source)


@cache
def page(name: str) -> Page:
    """A page of the site."""
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    return Page(text, name)


NUMBERS = [
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight"),
    *("nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
    *("sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
]
"""The words of numbers, from none."""

ROUND_NUMBERS = {30: "thirty", 100: "a hundred", 1000: "a thousand"}


class _Printing(string.Formatter):
    """Prints numbers as pages do, with a minus sign for a hyphen.

    The format `word` is that of number words, `Word` begins a sentence.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec in ("word", "Word"):
            word = ROUND_NUMBERS.get(value) or NUMBERS[value]
            return word.capitalize() if format_spec == "Word" else word
        return format(value, format_spec).replace("-", "−")


_PRINTING = _Printing()


def options(request: Request) -> dict[str, Any]:
    """What each option of a figure is, such as the step that it shows."""
    own = figure_options(CATALOG[request.name])
    return {o.name: o.default for o in own} | dict(request.options)


def _id(header: str) -> str:
    """The id of a figure."""
    request = parse_header(header)
    return request.id or request.name


@cache
def _answer(ask: Callable[[], Any]) -> Any:
    """What torch says, once for all facts that ask the same."""
    return ask()


@cache
def preamble_names(header: str) -> dict[str, Any]:
    """The options of a figure by name, and what its preamble makes."""
    request = parse_header(header)
    names = options(request)
    exec(request.draw().metadata["preamble"], names)
    return names
