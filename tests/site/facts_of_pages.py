"""Sentences of pages that quote a figure, a network or a record.

A fact about a figure is checked against the figure shown on the page. Its header
is read from the page, and expressions can use its options as `step`, `unit` and
`units`. So if the page shows a different figure or step, the fact fails.
"""

import inspect
import math
import re
import string
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from itertools import islice
from pkgutil import iter_modules
from typing import Literal, NamedTuple

import numpy as np
import torch

import lstm_figs
from lstm_figs.command.request import parse_header
from lstm_figs.figures import CATALOG
from lstm_figs.options import figure_options
from tests.doc_scripts import blocks, load, source
from tests.processor import has_bfloat16, has_onednn
from tests.site.conftest import MOVED
from tests.site.records import names_of
from tests.site.text_differences import differences, nearest


class Fact(NamedTuple):
    """A part of a page's text that tensors have to confirm.

    Attributes:
        template: The words, with a field for each number.
        expressions: An expression for each number, or a tuple for several; without
            fields conditions that are all true.
        kind: The kind of source.
        source: The header of a figure that makes the tensors of a network, the
            name of a record, or the id of a figure that is not the nearest.
    """

    template: str
    expressions: tuple[str, ...]
    kind: Literal["figure", "network", "record", "torch"] = "torch"
    source: str = ""


def parse(text):
    """Facts in the format that `tests.site.facts` describes.

    >>> parse("@ network cell\\nhas {} rows\\n len(lstm.weight_ih_l0)\\n")[0][:2]
    ('has {} rows', ('len(lstm.weight_ih_l0)',))
    """
    facts = []
    kind, source = "torch", ""
    templates = []
    expressions = []
    for line in [*text.splitlines(), "@ end"]:
        if line.startswith(" "):
            expressions.append(line.strip())
            continue
        if expressions:
            facts += [Fact(words, tuple(expressions), kind, source) for words in templates]
            templates, expressions = [], []
        if line.startswith("@ "):
            kind, _, source = line.removeprefix("@ ").partition(" ")
        elif line:
            templates.append(line)
    return tuple(facts)


_BLOCK = re.compile(r"[\s>]*/{3,}\s*lstm-(?:figure|picture|scene|live)\s*\|\s*(.*?)\s*$")
"""The first line of a block that shows a figure; its group is the header."""

_HEADING = re.compile(r"(#+) ")
FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)

_ITEM = re.compile(r"^\s*\d+\. ")
"""The start of a list item, whose number may differ when rendered."""

_RULE = re.compile(r"^\|[-: |]+\|$|^\| `--.*", re.MULTILINE)
"""The line between the head and the rows of a table, or the help of an option."""

CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
"""Code in a sentence, which may contain backticks."""

_LINK = re.compile(
    rf"{CODE.pattern}|\[(?P<words>(?:[^][]|\[[^]]*\])*)\]\((?P<target>[^)\s]*)\)"
    r"|{ (?:download=|#)[^}]*}"
)
"""A link, or the id of a heading; code is matched as well, to be left alone."""


def without_targets(text):
    """A text without what other tests check: targets of links, and ids.

    A link to another site is marked, because its target is the source of its numbers.

    >>> without_targets("[The `h`](a.md#b) of [1997](https://c.org), `x[0](1)` { #d }")
    'The `h` of [1997](https:), `x[0](1)` '
    """

    def words_of(link):
        if link["words"] is None:
            return "" if link[0].startswith("{") else link[0]
        is_source = link["target"].startswith("http")
        return f"[{link['words']}](https:)" if is_source else link["words"]

    return _LINK.sub(words_of, text)


_FIELD = re.compile(r"{[^}]*}")

_SENTENCE_END = re.compile(r"[.?!]\**(?=\s)|$")
_ENDS_SENTENCE = re.compile(r"[.?!|]\**$")
"""Matches the last word of a sentence or of a cell."""

_PLACE_OR_COLOUR = re.compile(
    r"\b(?:here|above|below|drawn|blue|red|orange|green|purple|gr[ae]y|black"
    r"|(?:at|on|to) the (?:left|right|top|bottom))\b",
    re.IGNORECASE,
)
"""Matches words about a drawing: places and colours."""


class UnplacedError(AssertionError):
    """No figure can be assigned to a fact."""


class Word(NamedTuple):
    """A word of a page, the figures before it in its section, and its line."""

    text: str
    headers: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Page:
    """A page, and where its text agrees with facts.

    Attributes:
        text: The content of its file.
        name: Its file name without the suffix.
    """

    text: str
    name: str = "toy"

    @cached_property
    def prose(self):
        """All words, with single spaces."""
        return " ".join(self._texts)

    @cached_property
    def _texts(self):
        return [word.text for word in self._words]

    @cached_property
    def _words(self):
        *_, text = self.text.split("---\n", 2)
        lines_of_front_matter = self.text.count("\n") - text.count("\n")
        for unread in (FENCE, MOVED, _RULE):
            text = unread.sub(lambda code: "\n" * code[0].count("\n"), text)
        text = without_targets(text)
        words = []
        # The level and the headers of the section of a line, after those that contain it.
        sections = [(0, [])]
        for number, line in enumerate(text.splitlines(), lines_of_front_matter + 1):
            if heading := _HEADING.match(line):
                level = len(heading[1])
                sections = [section for section in sections if section[0] < level]
                sections.append((level, []))
            elif block := _BLOCK.match(line):
                sections[-1][1].append(block[1])
            if not line.startswith("///"):
                before = tuple(h for _, headers in sections for h in headers)
                words += [Word(word, before, number) for word in _ITEM.sub("", line).split()]
        return words

    def _headers_before(self, place):
        """The figures before a place in `prose`, the nearest one first."""
        index = self.prose.count(" ", 0, place)
        return self._words[index].headers[::-1]

    def header(self, fact):
        """The header of the figure that a fact quotes.

        Raises:
            UnplacedError: If there is none, or if the words occur below several.
        """
        literal = map(re.escape, _FIELD.split(fact.template))
        places = [m.start() for m in re.finditer(r"\S+".join(literal), self.prose)]
        if not places:
            # If the words changed, use the figure of the most similar passage.
            span = self._nearest(fact.template)
            if span is None:
                raise UnplacedError(self._lost(fact.template))
            first, _ = span
            places = [self._place(first)]
        quoted = {
            next((h for h in self._headers_before(place) if fact.source in ("", _id(h))), "")
            for place in places
        }
        if len(quoted) != 1:
            raise UnplacedError(
                f"{fact.template!r} is below {sorted(quoted)}, expected one "
                "figure; quote more of the sentence"
            )
        (header,) = quoted
        if not header:
            raise UnplacedError(
                f"{fact.template!r} has no figure before it in its section; quote a network"
            )
        return header

    def mentions_drawing(self, words):
        """Whether a sentence with these words names a place or a colour."""
        ends = [0, *(m.end() for m in _SENTENCE_END.finditer(self.prose))]
        return any(
            _PLACE_OR_COLOUR.search(
                self.prose,
                ends[bisect_right(ends, match.start()) - 1],
                ends[bisect_left(ends, match.end())],
            )
            for match in re.finditer(re.escape(words), self.prose)
        )

    def printed(self, fact):
        """The words of a fact, with the numbers of the tensors.

        Raises:
            AssertionError: If it is false, or cannot be checked.
        """
        words, error = _print_fact(self, fact)
        assert not error, error
        return words

    def fault(self, fact):
        """The line and reason of a failure; empty if the fact holds."""
        words, error = _print_fact(self, fact)
        return error or ("" if words in self.prose else self._lost(words))

    def covered(self, fact):
        """The spans of the words of a fact.

        If it fails, those of similar words, so that no other check reports them.
        """
        words, _ = _print_fact(self, fact)
        same = [m.span() for m in re.finditer(re.escape(words), self.prose)]
        if same or not (span := self._nearest(words)):
            return same
        first, last = span
        return [(self._place(first), self._place(last) - 1)]

    def renewed(self, fact):
        """The template of a fact in the present words of the page.

        None if its expressions are false, or if the page states other numbers.
        """
        words, error = _print_fact(self, fact)
        span = self._nearest(words)
        if error or span is None:
            return None
        first, last = words.split()[0], words.split()[-1]
        start, end = self._to_sentence_ends(words, *span)
        now = self._texts[start:end]
        # A fact may start or end within a word.
        now[0] = now[0][max(0, now[0].find(first)) :]
        if (place := now[-1].find(last)) >= 0:
            now[-1] = now[-1][: place + len(last)]
        renewed, remaining = "", " ".join(now)
        for field, number in _numbers(self, fact):
            # Not a part of another number.
            same = re.search(rf"(?<!\d)(?<!\d[.,]){re.escape(number)}(?![.,]?\d)", remaining)
            if not same:
                return None
            renewed += _escape_braces(remaining[: same.start()]) + field
            remaining = remaining[same.end() :]
        return renewed + _escape_braces(remaining)

    def _to_sentence_ends(self, words, start, end):
        """Move the ends of a passage to the sentence ends that the words of a fact have."""
        texts = self._texts
        while (
            words[0].isupper()
            and start
            and not _ENDS_SENTENCE.search(texts[start - 1])
            # A blank line or a block is between a heading and the words after it.
            and self._words[start].line - self._words[start - 1].line < 2
        ):
            start -= 1
        if _ENDS_SENTENCE.search(words):
            count = sum(bool(_ENDS_SENTENCE.search(word)) for word in words.split())
            places = (k for k in range(start, len(texts)) if _ENDS_SENTENCE.search(texts[k]))
            *_, end = (place + 1 for place in islice(places, count))
        return start, end

    def false_statement(self, words, why):
        """The line of words that are false, and what to do."""
        first, _ = self._nearest(words) or (0, 0)
        message = f"{words!r} is not true, as {why}; correct it or leave it out"
        return f"{self._line(first)}: {message}"

    def _lost(self, words):
        """How the page differs from these words, and what to do."""
        if not (span := self._nearest(words)):
            return (
                f"docs/{self.name}.md: got nothing like {words!r}; reword the fact in "
                f"tests/site/facts/{self.name}.txt, or take it out"
            )
        first, last = span
        place, difference = differences(words.split(), self._texts[first:last])
        remedy = f"correct it, or python -m tests.site.facts renew {self.name}"
        return f"{self._line(first + place)}: {difference}; {remedy}"

    def _nearest(self, words):
        """The indices at which the most similar passage begins and ends."""
        return nearest(words.split(), self._texts)

    def _place(self, index):
        """Where a word begins in `prose`."""
        return sum(len(text) + 1 for text in self._texts[:index])

    def _line(self, index):
        return f"docs/{self.name}.md:{self._words[index].line}"


def _escape_braces(text):
    return text.replace("{", "{{").replace("}", "}}")


@cache
def _print_fact(page, fact):
    """The words of a fact, and why it fails; cached for all tests of a page."""
    expr = fact.expressions[0]
    try:
        names = _names(page, fact)
        values = []
        for expr in fact.expressions:
            values.append(_value(expr, names, fact.template))
        numbers = _flat(values) if _fields(fact) else []
        words = _PRINTING.vformat(fact.template, numbers, {})
    except UnplacedError as error:
        return fact.template, str(error)
    except Exception as error:
        why = f"`{expr}` raises {type(error).__name__}: {error}"
        return fact.template, page.false_statement(fact.template, why)
    if not _fields(fact):
        for expr, value in zip(fact.expressions, values, strict=True):
            if not value:
                return words, page.false_statement(words, f"`{expr}` is {value}")
    return words, ""


def _fields(fact):
    """The fields of a template, such as `{:.2f}`."""
    return [
        f"{{{field}{f':{spec}' if spec else ''}}}"
        for _, field, spec, _ in _PRINTING.parse(fact.template)
        if field is not None
    ]


def _numbers(page, fact):
    """Each field of a fact, and the number that it prints."""
    if not _fields(fact):
        return []
    names = _names(page, fact)
    values = _flat(_value(expr, names, fact.template) for expr in fact.expressions)
    # A tuple may have more values than the template has fields.
    return [
        (field, _PRINTING.vformat(field, [value], {}))
        for field, value in zip(_fields(fact), values, strict=False)
    ]


def _flat(values):
    """The numbers of all expressions, each of which may give several."""
    several = (value if isinstance(value, tuple) else (value,) for value in values)
    return [n.item() if hasattr(n, "item") else n for numbers in several for n in numbers]


_CALL = re.compile(r"((?:\w+\.)?\w+)\(\)")

_QUOTE = re.compile(r"(`+|\*)(.+?)\1")

_MIN_QUOTE_LENGTH = 10
"""Shorter quotes are names in a sentence, and no messages."""


def quotes_error(words, call):
    """Whether words quote, as code or in italics, the error that a call raises."""
    try:
        call()
    except Exception as error:
        quotes = [q for _, q in _QUOTE.findall(words) if len(q) >= _MIN_QUOTE_LENGTH]
        # A page leaves parts of long messages out.
        patterns = [
            ".*".join(re.escape(part.strip()) for part in quote.split("…")) for quote in quotes
        ]
        return any(re.search(pattern, str(error), re.DOTALL) for pattern in patterns)
    return False


def _value(expr, names, words):
    """The value of an expression; what a function returns is computed once."""
    if expr.startswith("! "):
        return quotes_error(words, lambda: _evaluate(expr.removeprefix("! "), names))
    if call := _CALL.fullmatch(expr):
        value = _result(_evaluate(call[1], names))
    else:
        value = _evaluate(expr, names)
    return value.item() if hasattr(value, "item") else value


def _evaluate(code, names):
    """The value of code, in which the names of the page's own sessions are known as well."""
    try:
        return eval(f"({code})", names)
    except NameError:
        return eval(f"({code})", names["session"](names["page_name"]) | names)


@cache
def _result(function):
    """The result of a function, for all facts that share it."""
    return function()


def _names(page, fact):
    """The names in the expressions of a fact."""
    shared = functions(page.name)
    if fact.kind == "torch":
        return shared
    if fact.kind == "record":
        return shared | names_of(fact.source)
    is_shown = fact.kind == "figure"
    return shared | preamble_names(page.header(fact) if is_shown else fact.source)


@cache
def functions(name):
    """The names that expressions of a page's facts can use."""
    modules = fact_modules()
    own_module = modules.get(name.replace("-", "_"))
    own_names = vars(own_module) if own_module else {}
    formulas = import_module("tests.site.test_formulas")
    names = LIBRARIES | {"test_formulas": formulas, "page": page, "page_name": name}
    return modules | names | vars(modules["common"]) | own_names


@cache
def fact_modules():
    """The modules next to facts, by name."""
    from tests.site import facts

    names = {module.name for module in iter_modules(facts.__path__)} - {"__main__"}
    return {name: import_module(f"{facts.__name__}.{name}") for name in names}


_NAMES_OF_TORCH = "arange bfloat16 cat eye float16 float32 float64 ones stack tensor zeros"

LIBRARIES = {name: getattr(torch, name) for name in _NAMES_OF_TORCH.split()} | {
    "torch": torch,
    "nn": torch.nn,
    "F": torch.nn.functional,
    "pack_padded_sequence": torch.nn.utils.rnn.pack_padded_sequence,
    "pad_packed_sequence": torch.nn.utils.rnn.pad_packed_sequence,
    "DataLoader": torch.utils.data.DataLoader,
    "np": np,
    "math": math,
    "equal": torch.equal,
    "re": re,
    "inspect": inspect,
    "lstm_figs": lstm_figs,
    "load": load,
    "blocks": blocks,
    "names_of": names_of,
    "has_onednn": has_onednn,
    "has_bfloat16": has_bfloat16,
}
"""Name -> its value in expressions of facts."""


@cache
def page(name):
    return Page(source(name), name)


NUMBERS = [
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight"),
    *("nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
    *("sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
]


ROUND_NUMBERS = {30: "thirty", 100: "a hundred", 1000: "a thousand"}
"""Number -> how a sentence writes it."""


class _Printing(string.Formatter):
    """Prints numbers as pages do, with a minus sign in place of a hyphen.

    The format `word` makes a number word, and `Word` capitalizes it.
    """

    def format_field(self, value, format_spec):
        if format_spec in ("word", "Word"):
            word = ROUND_NUMBERS.get(value) or NUMBERS[value]
            return word.capitalize() if format_spec == "Word" else word
        return format(value, format_spec).replace("-", "−")


_PRINTING = _Printing()


def options(request):
    """The options of a figure with their values, by name."""
    own = figure_options(CATALOG[request.name])
    return {o.name: o.default for o in own} | dict(request.options)


def _id(header):
    request = parse_header(header)
    return request.id or request.name


@cache
def preamble_names(header):
    """The options of a figure by name, and the namespace of its preamble."""
    request = parse_header(header)
    names = options(request)
    exec(request.draw().metadata["preamble"], names)
    return names
