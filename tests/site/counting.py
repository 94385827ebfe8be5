"""What pages count in words: *four gates*, *two biases*, *six equations*."""

import re

from tests.site.facts import FACTS
from tests.site.facts.common import BIASES, DIRECTIONS, GATES, STATES
from tests.site.quoting import NUMBERS, Page, network

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

NO_COUNTS = frozenset(
    {
        "streaming",
        "layers",
        "packed",
        "chunks",
        "gradients",
        "forget-bias",
        "when",
        "cost",
        "porting",
        "onnx-export",
        "other-places",
        "custom-cell",
        "edit-units",
        "errors",
        "nan",
        "digits",
    }
)
"""Pages whose number words are not facts yet; it may only become shorter."""

NO_DIGITS = frozenset(
    {
        "layers",
        "gradients",
        "when",
        "cost",
        "porting",
        "onnx-export",
        "errors",
        "nan",
        "digits",
    }
)
"""The same of their numbers in digits."""


def uncounted(name: str, page: Page) -> list[str]:
    """The words of numbers on a page that no fact yields."""
    text = page.prose
    facts = (*FACTS.get(name, ()), *EVERYWHERE)
    for said in sorted(map(page.printed, facts), key=len, reverse=True):
        text = text.replace(said, " … ")
    # Names, and where links lead.
    text = re.sub(r"`[^`]*`|\]\([^)]*\)|{ #[^}]*}", " … ", text)
    return COUNT.findall(text)
