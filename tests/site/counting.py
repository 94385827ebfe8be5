"""Numbers on pages, in digits and in words such as *four gates*."""

import re
from collections.abc import Iterable

from tests.site.facts import FACTS
from tests.site.facts.common import BIASES, DIRECTIONS, GATES, STATES
from tests.site.quoting import NUMBERS, Fact, Page, network

COUNTED = (
    "addends|answers|axes|bands|bars|biases|boxes|brackets|calls|cells|"
    "characters|classes|columns|copies|curves|dimensions|directions|elements|"
    "equations|errors|factors|features|figures|gates|inputs|layers|lines|maps|"
    "matrices|modules|multiplications|networks|neurons|numbers|operations|"
    "operators|outputs|parameters|parts|passes|pieces|products|questions|rows|"
    "samples|sequences|sides|states|steps|strings|stripes|sums|symbols|tensors|"
    "times|tokens|units|updates|values|variables|vectors|ways|weights|wires|"
    "words"
)
"""What a tensor, a trace, a record or a page has some of."""

COUNT = re.compile(
    rf"\b(?:{'|'.join(NUMBERS[2:])}|thirty|hundred|thousand)"
    rf"(?:-| )(?:[a-z-]+ )?(?:{COUNTED})\b",
    re.IGNORECASE,
)
"""A number word, perhaps another word, and what is counted."""

EVERYWHERE = network(
    "cell",
    *(
        (f"{word} {noun}", expr)
        for word in ("{:word}", "{:Word}")
        for noun, expr in (
            ("gates", GATES),
            ("bands", GATES),
            ("sums", GATES),
            ("biases", BIASES),
            ("states", STATES),
            ("directions", DIRECTIONS),
        )
    ),
)
"""What is true of any LSTM, wherever it is said."""

CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
"""Code in a sentence, which may have backticks within it."""

SOURCE = re.compile(r"\[[^]]*\]\(https?:[^)]*\)")
"""A link to elsewhere; numbers in its words are those of what it leads to."""

ELSEWHERE = re.compile(r"\]\([^)]*\)|{ (?:download=|#)[^}]*}")
"""Where links lead, files to save, ids of headings."""

FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$")

NAME = re.compile(
    r"\b(?:[Uu]nit|step|[Rr]ow|[Cc]olumn) \d+|a single 1|\b[A-Za-z]+\d+\b"
)
"""A unit or a step, one-hot, a word that ends in digits."""


def unquoted(name: str, page: Page) -> list[str]:
    """The numbers in digits on a page that no fact yields."""
    text = without(FACTS.get(name, ()), page)
    for names in (FORMULA, CODE, SOURCE, ELSEWHERE, NAME):
        text = names.sub(" … ", text)
    return re.findall(r"\S*\d\S*", text)


def uncounted(name: str, page: Page) -> list[str]:
    """The words of numbers on a page that no fact yields."""
    text = without((*FACTS.get(name, ()), *EVERYWHERE), page)
    for names in (CODE, SOURCE, ELSEWHERE):
        text = names.sub(" … ", text)
    return COUNT.findall(text)


def without(facts: Iterable[Fact], page: Page) -> str:
    """What a page says but for what facts yield."""
    text = page.prose
    for said in sorted(map(page.printed, facts), key=len, reverse=True):
        text = text.replace(said, " … ")
    return text
