"""What pages say of themselves, before they begin, is true."""

import re
from importlib import import_module
from math import log
from pkgutil import iter_modules

import pytest
import torch

from tests.listings import CODE, load
from tests.site import facts
from tests.site.comments import told_in
from tests.site.conftest import ROOT
from tests.site.quoting import NUMBERS
from tests.site.records import BRACKETS, names_of
from tests.site.test_formulas import ORDERS, letters
from tests.site.test_words import META, TAUGHT

SAID = told_in("front.txt")

NAMED = re.compile(
    rf"\d|\w_\w|\b[b-zNHT]\b|\b(?:{'|'.join(NUMBERS)}|gates?|bias(?:es)?|both|each"
    r"|first|last|before|after|all|every|forward|reverse|rows?|columns?|axis"
    r"|order|batch|dense|diagonal|\w+er than|not|never|nothing|without)\b",
    re.IGNORECASE,
)
"""What names a tensor, an axis, a gate, an order, a direction or a number."""


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def code(name: str) -> str:
    return (CODE / f"{name}.py").read_text(encoding="utf-8")


def in_order(name: str, *ids: str) -> bool:
    """Whether a page has sections in this order."""
    places = [page(name).index(f"{{ #{id} }}") for id in ids]
    return places == sorted(places)


NAMES = {
    one.name: import_module(f"{facts.__name__}.{one.name}")
    for one in iter_modules(facts.__path__)
} | {"torch": torch, "load": load, "page": page, "code": code}
NAMES |= {"in_order": in_order, "brackets": names_of(BRACKETS)}


@pytest.mark.parametrize("name", TAUGHT)
def test_the_description_of_a_page_is_true(name):
    text = " ".join(META[name]["description"].split())
    sentences = re.split(r"(?<=[.?!]) ", text)
    known = SAID.get(name, {})
    wrong = [
        f"{one!r} is not true: {known[one]}"
        for one in sentences
        if one in known and not eval(known[one], NAMES)
    ] + [
        f"say in tests/site/front.txt what makes {one!r} true"
        for one in sentences
        if one not in known and NAMED.search(one)
    ]
    lost = [one for one in known if one not in sentences]
    if lost and not wrong:
        wrong = [f"tests/site/front.txt has {one!r} as well" for one in lost]
    if wrong:
        pytest.fail(f"docs/{name}.md: {'; '.join(wrong)}", pytrace=False)


KNOWN = {
    "65535": 2**16 - 1,
    "2.302": int(log(10) * 1000) / 1000,
    "0.693": round(log(2), 3),
    "1024": 2**10,
    "768": 12 * 64,
    "1000": 10**3,
    "2025": 2025,
}
"""Numbers that people search for, and that stand nowhere on their page."""


@pytest.mark.parametrize("name", TAUGHT)
def test_numbers_that_are_searched_for_are_those_of_the_page(name):
    _, _, body = page(name).split("---\n", 2)
    words = " ".join(META[name].get("words", {}).values())
    numbers = re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", words)
    assert [n for n in numbers if n not in body and n not in KNOWN] == []
    assert all(float(number) == value for number, value in KNOWN.items())
    orders = {one.order for one in ORDERS}
    said = re.findall(r"\b(?=\w*i)(?=\w*o)(?=\w*f)[ifgcjo]{4}\b", words)
    assert [
        o for o in said if letters(", ".join(o.replace("j", "c"))) not in orders
    ] == []
