"""Sentences of pages that quote a figure, a network or a record.

What a page says of a figure is of the one that it shows there, whose header is
read from the page, and whose step and units expressions call `step`, `unit` and
`units`. So where another figure is shown, or another step, what is said of it
is no longer true.
"""

import re
import string
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal, NamedTuple

from lstm_figs.command.request import Request, parse_header
from lstm_figs.figures import CATALOG
from lstm_figs.options import figure_options
from tests.site.conftest import ROOT
from tests.site.records import names_of


class Fact(NamedTuple):
    """A part of a page's text that tensors have to bear out.

    Attributes:
        said: The words, with a field of Python's format language for each
            number.
        exprs: What yields each number; without fields, what has to be true.
            Python, or functions where torch itself is asked.
        kind: What is quoted.
        source: The header of a figure that makes the tensors of a network, the
            file of a record, or the id of a figure that is not the nearest.
    """

    said: str
    exprs: tuple[str | Callable[[], Any], ...]
    kind: Literal["figure", "network", "record", "torch"]
    source: str = ""


Said = tuple[str, *tuple[str | Callable[[], Any], ...]]
"""The words of a fact and its expressions."""


def figure(*said: Said, id: str = "") -> tuple[Fact, ...]:
    """What is said of the figure in whose caption it stands.

    Elsewhere of the nearest before it in its section, which sections within it
    are a part of.

    Args:
        said: What is said.
        id: Of another figure before it in its section, of which a sentence
            speaks as well.
    """
    return tuple(
        Fact(words, tuple(exprs), "figure", id) for words, *exprs in said
    )


def network(header: str, *said: Said) -> tuple[Fact, ...]:
    """What is said of tensors that no figure of the page shows.

    Args:
        header: Of a figure whose preamble makes them.
        said: What is said.
    """
    return tuple(
        Fact(words, tuple(exprs), "network", header) for words, *exprs in said
    )


def record(path: str, *said: Said) -> tuple[Fact, ...]:
    """What is said of what was measured once.

    Args:
        path: The file that holds it.
        said: What is said.
    """
    return tuple(
        Fact(words, tuple(exprs), "record", path) for words, *exprs in said
    )


def asked(*said: Said) -> tuple[Fact, ...]:
    """What is said of torch, which functions ask."""
    return tuple(Fact(words, tuple(exprs), "torch") for words, *exprs in said)


_BLOCK = re.compile(
    r"[\s>]*/{3,}\s*lstm-(?:figure|picture|live)\s*\|\s*(.*?)\s*$"
)
_HEADING = re.compile(r"(#+) ")
_FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)

_ITEM = re.compile(r"^\s*\d+\. ")
"""What begins an item of a list, which is numbered anew where it is shown."""

_FIELD = re.compile(r"{[^}]*}")
_END = re.compile(r"[.?!]\**(?=\s)|$")
"""Of a sentence."""
_SEEN = re.compile(
    r"\b(?:here|above|below|drawn|blue|red|orange|green|purple|gr[ae]y|black"
    r"|(?:at|on|to) the (?:left|right|top|bottom))\b",
    re.IGNORECASE,
)
"""A place or a colour."""


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        text: What its file holds.
    """

    text: str

    @cached_property
    def prose(self) -> str:
        """Its text in one line, without code and headers of blocks."""
        return " ".join(word for word, _ in self._words)

    @cached_property
    def _words(self) -> list[tuple[str, tuple[str, ...]]]:
        """Each word, and the figures before it in its section."""
        *_, text = self.text.split("---\n", 2)
        text = _FENCE.sub("", text)
        found = []
        # A section is within those whose headings are higher.
        sections: list[tuple[int, list[str]]] = [(0, [])]
        for line in text.splitlines():
            if heading := _HEADING.match(line):
                level = len(heading[1])
                sections = [one for one in sections if one[0] < level]
                sections.append((level, []))
            elif block := _BLOCK.match(line):
                sections[-1][1].append(block[1])
            if not line.startswith("///"):
                before = tuple(h for _, headers in sections for h in headers)
                words = _ITEM.sub("", line).split()
                found += [(word, before) for word in words]
        return found

    def before(self, place: int) -> tuple[str, ...]:
        """Headers of the figures before a place, in its section."""
        word = self.prose.count(" ", 0, place)
        return self._words[word][1]

    def header(self, fact: Fact) -> str:
        """The header of the figure that a fact quotes.

        Raises:
            AssertionError: If there is none, or if the words stand below
                several.
        """
        literal = map(re.escape, _FIELD.split(fact.said))
        places = [
            m.start() for m in re.finditer(r"\S+".join(literal), self.prose)
        ]
        found = {
            next((h for h in headers if fact.source in ("", _id(h))), "")
            for place in places
            for headers in [self.before(place)[::-1]]
        }
        assert len(found) == 1, (
            f"{fact.said!r} stands below {sorted(found)}, expected one figure; "
            "quote more of the sentence"
        )
        (header,) = found
        assert header, (
            f"{fact.said!r} has no figure before it in its section; quote a "
            "network"
        )
        return header

    def is_seen(self, words: str) -> bool:
        """Whether a sentence in which words stand speaks of what is drawn."""
        ends = [0, *(m.end() for m in _END.finditer(self.prose))]
        return any(
            _SEEN.search(
                self.prose,
                ends[bisect_right(ends, match.start()) - 1],
                ends[bisect_left(ends, match.end())],
            )
            for match in re.finditer(re.escape(words), self.prose)
        )

    def printed(self, fact: Fact) -> str:
        """The words of a fact, with the numbers that the tensors yield.

        Raises:
            AssertionError: If what it claims is not true.
        """
        return _printed(self, fact)


@cache
def _printed(page: Page, fact: Fact) -> str:
    """Worked out once for all tests of a page."""
    if fact.kind == "torch":
        values = [_answer(ask) for ask in fact.exprs]
    else:
        names = _names(page, fact)
        values = [eval(expr, dict(names)) for expr in fact.exprs]
    numbers = [v.item() if hasattr(v, "item") else v for v in values]
    fields = [field for _, field, *_ in _PRINTING.parse(fact.said)]
    if not any(field is not None for field in fields):
        assert all(numbers), f"{fact.said!r} is not true"
    return _PRINTING.vformat(fact.said, numbers, {})


def _names(page: Page, fact: Fact) -> dict[str, Any]:
    """What the expressions of a fact call by name."""
    if fact.kind == "record":
        return names_of(fact.source)
    is_shown = fact.kind == "figure"
    return _after(page.header(fact) if is_shown else fact.source)


@cache
def page(name: str) -> Page:
    """A page of the site."""
    return Page((ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8"))


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
            said = ROUND_NUMBERS.get(value) or NUMBERS[value]
            return said.capitalize() if format_spec == "Word" else said
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
def _after(header: str) -> dict[str, Any]:
    """The options of a figure by name, and what its preamble makes."""
    request = parse_header(header)
    names = options(request)
    exec(request.draw().metadata["preamble"], names)
    return names
