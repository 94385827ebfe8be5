"""The words of a link match its target, so swapped links are found."""

import re
from functools import cache
from math import log

import pytest
from markdown.extensions.toc import slugify

from tests.doc_scripts import body
from tests.site.conftest import MOVED
from tests.site.facts_of_pages import FENCE
from tests.site.test_words import METADATA

# A link's words, page and section; a heading and its id; a figure and its id.
LINK = re.compile(r"\[([^\]]+)\]\((?:([\w-]+)\.md)?(?:#([\w-]+))?\)")
HEADING = re.compile(r"#+ (.*?)(?: *\{ *#([\w-]+) *\})?$")
FIGURE = re.compile(r"/// lstm-\w+ \| (\S+)(?:.*--id (\S+))?")

COMMON_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a above all also an and are as at be below by can do does each for "
        "from has have here how i if in is it its my no not of on one or page "
        "so that the them there they this to two what when where which why "
        "with you your",
    )
)

ENDING = re.compile(r"(?<=\w{3})(?:ications?|ies|ied|ing|ed|es|ly|s|e|y)$")
"""The ending of a word, without which its forms are alike."""

POINTING_WORDS = {
    *"""
`unflatten`, `flatten`
a different order
a few lines make one
a thousandth
above
accumulate
A projected hidden state
an index
and no `c`
as above
back
one vector
half-life
How long a memory lasts
no more functions
the home page
one on these pages
read in pieces
small weights
remembers a *not*
save `h` and `c`
the script
their own page
To a different library
vanish or explode
without torch
""".strip().split("\n")
}
"""Words of links that point, such as *above*, and need not describe their target."""

ROW_ID = re.compile(r"`\{ #([\w-]+) \}")
"""The id of a message in a row of a table."""


def stems(text):
    """The words of a text without common ones and endings."""
    words = re.findall(r"[a-z0-9]+", text.replace("_", " ").lower())
    return {ENDING.sub("", word) for word in words if word not in COMMON_WORDS}


def prose(name):
    return MOVED.sub("", FENCE.sub("", body(name)))


@cache
def sections(name):
    """Anchor of a section -> its text."""
    # The section and the figure that a line belongs to, empty outside of them.
    texts, section, figure = {"": ""}, "", ""
    for line in prose(name).splitlines():
        if heading := HEADING.match(line):
            section, figure = heading[2] or slugify(heading[1], "-"), ""
        elif block := FIGURE.match(line):
            figure = f"figure-{block[2] or block[1]}"
        for place in {section, figure or section, *ROW_ID.findall(line)}:
            texts[place] = f"{texts.get(place, '')} {line}"
        if line == "///":
            figure = ""
    return texts


def target(name, place):
    """The words of a page or a section that a link leads to."""
    meta = METADATA[name]
    search_words = meta.get("words", {}).get(place or "title", "")
    text = sections(name).get(place, "") if place else meta["description"]
    title = prose(name).strip().split("\n", 1)[0]
    return stems(" ".join((name, title, place, search_words, text)).replace("-", " "))


def links(name):
    """The words of each internal link of a page, and its target page and section."""
    return [
        (" ".join(words.split()), page or name, place)
        for words, page, place in LINK.findall(prose(name))
        if page or place
    ]


@cache
def profile(name):
    """The words of a page, with the worth of the most important part that has them."""
    meta, text = METADATA[name], prose(name)
    title, *_ = text.strip().split("\n", 1)
    headings = re.findall("^#+ .*", text, re.MULTILINE)
    worths = {}
    for worth, part in (
        (0.3, text),
        (1, " ".join(meta.get("words", {}).values())),
        (1, meta.get("about", "")),
        (1.5, " ".join([*headings, meta["description"]])),
        (3, f"{name} {title} {meta.get('title', '')}"),
    ):
        worths |= dict.fromkeys(stems(part.replace("-", " ")), worth)
    return worths


@cache
def rarity(word):
    """How few pages have a word, as a logarithm."""
    count = sum(word in profile(name) for name in METADATA)
    return log((len(METADATA) + 1) / (count + 0.5))


def fit(words, name, place=""):
    """How well words describe a page or a section, with weights found by trial."""
    worth = profile(name)
    near = target(name, place) if place else set()
    return sum(rarity(word) * (worth.get(word, 0) + 1.5 * (word in near)) for word in stems(words))


def misleads(source, words, name, place):
    """Whether the words match a different page far better than the target."""
    if not stems(words) & target(name, place):
        return True
    others = (fit(words, other) for other in METADATA if other != source)
    return name != source and fit(words, name, place) < 0.5 * max(others)


@pytest.mark.parametrize("name", sorted({*METADATA} - {"contributing"}))
def test_the_words_of_a_link_fit_where_it_leads(name):
    lost = [
        f"{words!r} leads to {page}.md{place and '#' + place}"
        for words, page, place in links(name)
        if words not in POINTING_WORDS and misleads(name, words, page, place)
    ]
    assert lost == [], "say in the words of the link where it leads"


CITATION = re.compile(r"\[([^]]*\b(?:19|20)\d\d\b)[^]]*\]\((http.*?)\)")

YEAR_IN_ADDRESS = re.compile(r"(?:abs/|[.-](?:19|20)|[DNP]|pascanu|wicz)(\d\d)")


def test_a_citation_has_the_authors_and_the_year_of_its_source():
    items = [
        (text, *re.findall(r"\]\((http.*?)\)", text)) for text in body("sources").split("\n- ")
    ]
    source_of = {link: text for text, *links in items for link in links}
    for words, link in [c for name in METADATA for c in CITATION.findall(body(name))]:
        cited = {*re.findall(r"\b[A-Z]\w+|\d{4}", words)}
        assert cited <= {*re.findall(r"\w+", source_of.get(link, words))}, link
    for link, item in source_of.items():
        if found := YEAR_IN_ADDRESS.search(link):
            year = re.search(r"\b(?:19|20)(\d\d)\.(?: |$)", item)[1]
            assert 0 <= int(year) - int(found[1]) <= ("arxiv" in link or "TNNLS" in link), item
