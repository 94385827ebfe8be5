"""The words of a link say where it leads, so two of them are not exchanged."""

import re
from functools import cache

import pytest
from markdown.extensions.toc import slugify

from tests.site.conftest import ROOT
from tests.site.test_words import META, TAUGHT

LINK = re.compile(r"\[([^\]]+)\]\((?:([\w-]+)\.md)?(?:#([\w-]+))?\)")
FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"#+ (.*?)(?: *\{ *#([\w-]+) *\})?$")
FIGURE = re.compile(r"/// lstm-\w+ \| (\S+)(?:.*--id (\S+))?")

COMMON = frozenset(
    re.findall(
        r"\w+",
        "a above all also an and are as at be below by can do does each for "
        "from has have here how i if in is it its my no not of on one or page "
        "so that the them there they this to two what when where which why "
        "with you your",
    )
)
"""Words that say nothing of a place."""

ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|es|ly|s|e|y)$")

POINTING = {
    "`float64`, a projection, and packed sequences of different lengths",
    "`unflatten`, `flatten`",
    "A checklist",
    "a different order",
    "a few lines make one",
    "a page to itself",
    "a table",
    "a text that you type",
    "a thousandth",
    "above",
    "accumulate",
    "all of them from its last states",
    "an answer below",
    "an index",
    "and no `c`",
    "another matter",
    "another message",
    "as above",
    "back",
    "begin open",
    "can grow at each step",
    "check that they compute the same",
    "different code",
    "does above",
    "first LSTM",
    "fold",
    "for instance `float64`",
    "gets by with one vector",
    "half-life",
    "has changed the weights since",
    "have nothing to do with each other",
    "join them",
    "leave it out",
    "means nothing",
    "mixes the sequences",
    "more about such messages",
    "needs a line more",
    "no more freedom",
    "one does",
    "other causes",
    "other code",
    "other ways",
    "read in pieces",
    "remembers a *not*",
    "save `h` and `c`",
    "stands below",
    "the biases already write",
    "the blocks of that paper",
    "the home page",
    "the library that ran it before",
    "the listing above",
    "the mistake above",
    "the next one",
    "the script",
    "the second list below",
    "Understand",
    "Use",
    "what is said below",
    "what that costs",
    "without torch",
}
"""Links that point, as *above* does, or that go on with a sentence."""


def stems(text: str) -> set[str]:
    """Words without their endings."""
    found = re.findall(r"[a-z0-9]+", text.replace("_", " ").lower())
    return {ENDING.sub("", word) for word in found if word not in COMMON}


def body(name: str) -> str:
    """A page without front matter and code."""
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    return FENCE.sub("", text.split("---\n", 2)[2])


@cache
def sections(name: str) -> dict[str, str]:
    """What stands in each section of a page, and below each figure."""
    found, place = {"": ""}, ""
    for line in body(name).splitlines():
        if heading := HEADING.match(line):
            place = heading[2] or slugify(heading[1], "-")
        elif block := FIGURE.match(line):
            place = f"figure-{block[2] or block[1]}"
        found[place] = f"{found.get(place, '')} {line}"
    return found


def target(name: str, place: str) -> set[str]:
    """The words of a place: of its page's title, its id and its text."""
    meta = META[name]
    said = meta.get("words", {}).get(place or "title", "")
    text = sections(name).get(place, "") if place else meta["description"]
    title = body(name).strip().split("\n", 1)[0]
    return stems(" ".join((name, title, place, said, text)).replace("-", " "))


def links(name: str) -> list[tuple[str, set[str]]]:
    """The words of each link of a page to one of ours, and of its target."""
    return [
        (" ".join(words.split()), target(page or name, place))
        for words, page, place in LINK.findall(body(name))
        if page or place
    ]


@pytest.mark.parametrize("name", TAUGHT)
def test_the_words_of_a_link_are_those_of_where_it_leads(name: str) -> None:
    lost = {words for words, there in links(name) if not stems(words) & there}
    assert lost <= POINTING
