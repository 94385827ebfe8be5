"""Rules that find statements on pages without a fact.

Each rule takes the name of a page and the page, and returns the words that it found.
"""

import re
from functools import cache
from itertools import pairwise

from tests.site.facts import FACTS
from tests.site.facts.common import BIASES, DIRECTIONS, GATES, STATES
from tests.site.facts_of_pages import CODE, NUMBERS, Fact, Page, without_targets

QUANTITY = re.compile(
    r"(?<!# )(?<!the )(?<!these )(?<!other )(?<!several )(?<!if )(?<!or )"
    rf"\b(?:{'|'.join(NUMBERS[2:])}|thirty|hundred|thousand|twice|half as)\b(?:[ -][\w`]+)?",
    re.IGNORECASE,
)
"""A number or multiple in words, and the next word; no heading, reference or condition."""

# The number of gates is the same for every LSTM, so no page needs a fact for it.
TRUE_EVERYWHERE = [
    Fact(f"{word} {noun}", (expr,), "network", "cell")
    for word in ("{:word}", "{:Word}")
    for noun, expr in (
        ("gates", GATES),
        ("bands", GATES),
        ("sums", GATES),
        ("biases", BIASES),
        ("states", STATES),
        ("directions", DIRECTIONS),
    )
]


@cache
def words_true_everywhere():
    empty_page = Page("---\n---\n")
    return re.compile("|".join(map(empty_page.printed, TRUE_EVERYWHERE)))


EXCHANGEABLE = re.compile(
    r"\b(?:rows?|columns?)\b|\b\w+=(?:True|False)\b"
    r"|\b(?:first|second|third|fourth|last)"
    r" (?:axis|axes|bands?|layers?|steps?)\b"
    r"|\b(?:left|right) of\b|\bto the (?:left|right)\b|\bin(?:to)? the order\b"
    r"|\bh_n\[-?\d\]|\b(?:milli|micro)seconds\b|\bexcept (?:for|with)\b",
    re.IGNORECASE,
)
"""Words that are easily confused with their opposite or neighbour, and exceptions."""

GATE_ACTIONS = re.compile(
    r"\b(?:keeps?|kept|writes?|written|shows?|shown|forgets?|clears?|lets"
    r"|opens?|shuts?|gates?)\b"
)
"""What one gate does, and a different one does not."""

GATE_NAME = re.compile(r"\b(?:forget|input|output|cell|update|reset) gates?\b", re.IGNORECASE)

WEIGHT_NAME = re.compile(r"`(?:weight|bias)_(?:ih|hh|hr)\w*`")

# Such as "`h` and `c`", or "an `i`, an `f`".
LETTER_LISTS = re.compile(r"`[ifgoch]`(?:,? (?:and )?(?:an? |one )?`[ifgoch]`)+")

SENTENCE_BREAK = re.compile(r"(?<=[.?!])\**\s+| … | \| ")
"""Separators of sentences, quoted facts and cells of a table."""

SOURCE = re.compile(r"\[[^]]*\]\(https:\)")
"""An external link; its target is the source for numbers in its words."""

FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$")

NUMBER = re.compile(r"\d|{(?!{)")
"""A digit or a field of a fact."""

NAME = re.compile(
    r"\b(?:[Uu]nit|step|[Rr]ow|[Cc]olumn) \d+|a single 1|\b[A-Za-z]+\d+\b|## [\d.]+ - \S+"
)
"""A unit or a step, one-hot, a word that ends in digits, a release."""


def unquoted(name, page):
    hidden = FORMULA, CODE, SOURCE, NAME
    return re.findall(r"\S*\d\S*", unquoted_text(page, FACTS.get(name, ()), *hidden))


def uncounted(name, page):
    facts, hidden = FACTS.get(name, ()), (words_true_everywhere(), CODE, SOURCE)
    return QUANTITY.findall(unquoted_text(page, facts, *hidden))


def exchangeable(name, page):
    return EXCHANGEABLE.findall(unquoted_text(page, FACTS.get(name, ()), SOURCE))


def unassigned(name, page):
    """Sentences about gates and states that no fact checks.

    Sentences that name both states, or all gates, cannot confuse two of them.
    """

    def without_complete(letter_list):
        letters = {*re.findall(r"`(\w)`", letter_list[0])}
        is_complete = {*"ch"} <= letters or {*"ifgo"} <= letters
        return "them" if is_complete else letter_list[0]

    sentences = []
    text = unquoted_text(page, FACTS.get(name, ()), SOURCE)
    for sentence in SENTENCE_BREAK.split(text):
        remaining = LETTER_LISTS.sub(without_complete, sentence)
        gates = {*re.findall(r"`([ifgo])`", remaining)}
        states = {*re.findall(r"`([ch])`", remaining)}
        if len(states) > 1 or len(gates) > 1 or (gates and GATE_ACTIONS.search(remaining)):
            sentences.append(sentence.strip())
    return sentences


def unnamed(name, page):
    text = unquoted_text(page, FACTS.get(name, ()), SOURCE)
    return [*GATE_NAME.findall(text), *WEIGHT_NAME.findall(text)]


ROW = re.compile(r"^\|(?! *:?-| `--).*\|$", re.MULTILINE)
"""A row of a table, but not the line below its head, or the help of an option."""


def unbound(name, page):
    """Rows of tables with a word, or a pair of cells, that no fact checks.

    A pair of adjacent cells is checked if one fact quotes words of both.
    """
    spans = [s for fact in FACTS.get(name, ()) for s in page.covered(fact)]
    rows = []
    for row in ROW.findall(without_targets(page.text)):
        row = " ".join(row.split())
        start = page.prose.index(row)
        for place, letter in enumerate(row[1:-1], start + 1):
            # A fact has to reach beyond a border, to the cells on both sides.
            border = letter == "|"
            if letter != " " and not any(a + border <= place < b - border for a, b in spans):
                rows.append(row)
                break
    return rows


CLAUSE_BREAK = re.compile(r", (?:because|but|not) |: ")
"""Where a reason, a contrast or a detail begins."""

STATEMENT_END = re.compile(r"(?<=[.?!|])\**\s+|: (?=\**[A-Z]|\|)|(?:^| )(?:#+|-) |$")
"""The end of a sentence or cell, or of an announcement, or the mark of a heading or item."""


def half_quoted(name, page):
    """Statements of which a fact checks only one of two clauses.

    At a colon this is only asked of a fact with a number directly after it.
    """
    facts = [(fact, span) for fact in FACTS.get(name, ()) for span in page.covered(fact)]
    quoted = {place for _, span in facts for place in range(*span)}
    numbers = {start for fact, (start, _) in facts if NUMBER.search(CODE.sub("", fact.template))}
    ends = [0, *(end.end() for end in STATEMENT_END.finditer(page.prose))]
    statements = []
    for start, end in pairwise(ends):
        for middle in CLAUSE_BREAK.finditer(page.prose, start, end):
            first_is_quoted = not quoted.isdisjoint(range(start, middle.start()))
            second_is_quoted = not quoted.isdisjoint(range(middle.end(), end))
            is_asked = middle[0] != ": " or (middle.end() in numbers and second_is_quoted)
            if is_asked and first_is_quoted != second_is_quoted:
                statements.append(page.prose[start:end].strip())
    return statements


HIDDEN_LETTER = "\0"


def unquoted_text(page, facts, *hidden):
    """The text outside of facts and matches of `hidden`, with … for those."""
    letters = [*page.prose]
    spans = [span for fact in facts for span in page.covered(fact)]
    spans += [m.span() for pattern in hidden for m in pattern.finditer(page.prose)]
    for start, end in spans:
        letters[start:end] = HIDDEN_LETTER * (end - start)
    return re.sub(f"{HIDDEN_LETTER}+", " … ", "".join(letters))
