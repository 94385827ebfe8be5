"""The numbers in the descriptions of pages, the README and other prose."""

import re
from importlib import import_module
from math import log

import pytest
import torch

from tests.bench.bars import BARS
from tests.doc_scripts import CODE as LISTINGS
from tests.doc_scripts import body, load, source
from tests.site.comments import expressions_in
from tests.site.conftest import ROOT
from tests.site.facts_of_pages import NUMBERS, fact_modules, preamble_names
from tests.site.records import names_of
from tests.site.test_formulas import ORDERS, letters
from tests.site.test_words import METADATA, TEACHING_PAGES
from tests.site.text_differences import differences

EXPRESSIONS = expressions_in("front.txt")

CHECKABLE_WORDS = re.compile(
    rf"(?<!F)\d|\w_\w|(?<!')\b[b-zNHT]\b|\b(?:{'|'.join(NUMBERS)}|thirty|gates?|bias(?:es)?|both|each"
    r"|first|last|before|after|all|every|forward|reverse|rows?|columns?|axis"
    r"|order|batch|dense|diagonal|\w+er than|not|never|nothing|without)\b",
    re.IGNORECASE,
)
"""Words for tensors, axes, gates, orders, directions and numbers."""


def code(name):
    return (LISTINGS / f"{name}.py").read_text("utf-8")


def in_order(name, *ids):
    """Whether the sections of a page with these ids are in this order."""
    places = [source(name).index(f"{{ #{id} }}") for id in ids]
    return places == sorted(places)


def is_as_read_aloud(names):
    """Whether unit 0 counts brackets, unit 1 is 1 in quotes, and a weight as quoted."""
    lstm, inside, c = names["lstm"], names["inside"], names["c"][:, 0]
    steps = [(character == "(") - (character == ")") for character in names["text"]]
    depth = torch.tensor(steps).where(~inside, 0).cumsum(0)
    counts = (c[:, 0] - depth).abs().max() < 0.25
    flags = torch.equal(c[:, 1] > 0.9, inside)
    quoted_weight = f"{lstm.weight_hh_l0[0, 1]:.1f}"
    return bool(counts) and flags and quoted_weight == "-10.6"


NAMES = {
    **fact_modules(),
    **globals(),
    "load": load,
    "page": source,
    "brackets": names_of("brackets"),
    "TAUGHT": TEACHING_PAGES,
    "figure": preamble_names,
    "package": lambda name: import_module(f"lstm_figs.{name}"),
}
"""The names in expressions of `front.txt`, besides those of this file."""


def false_parts(known):
    """The parts of a description whose expression is false."""
    return [
        f"{part!r} is not true: {expr}" for part, expr in known.items() if not eval(expr, NAMES)
    ]


@pytest.mark.parametrize("name", TEACHING_PAGES)
def test_the_description_of_a_page_is_true(name):
    text = " ".join(METADATA[name]["description"].split())
    known = EXPRESSIONS.get(name, {})
    lost = [f"tests/site/front.txt has {part!r} as well" for part in known if part not in text]
    wrong = false_parts(known) + lost
    for part in known:
        text = text.replace(part, "…")
    if CHECKABLE_WORDS.search(text):
        wrong.append(f"say in tests/site/front.txt what makes {text!r} true")
    if wrong:
        pytest.fail(f"docs/{name}.md: {'; '.join(wrong)}", pytrace=False)


KNOWN_NUMBERS = {
    "65535": 2**16 - 1,
    "2.302": int(log(10) * 1000) / 1000,
    "0.693": round(log(2), 3),
    "1024": 2**10,
    "1000": 10**3,
    "2025": 2025,
}
"""Number that people search for, and that is not on its page -> its value."""


@pytest.mark.parametrize("name", TEACHING_PAGES)
def test_numbers_that_are_searched_for_are_those_of_the_page(name):
    text = body(name)
    words = " ".join(METADATA[name].get("words", {}).values())
    numbers = re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", words)
    assert [n for n in numbers if n not in text and n not in KNOWN_NUMBERS] == []
    assert all(float(number) == value for number, value in KNOWN_NUMBERS.items())
    orders = {entry.order for entry in ORDERS}
    # four letters with i, o and f; j is TensorFlow's g
    named_orders = re.findall(r"\b(?=\w*i)(?=\w*o)(?=\w*f)[ifgcjo]{4}\b", words)
    assert [o for o in named_orders if letters(", ".join(o.replace("j", "c"))) not in orders] == []


def test_a_heading_in_the_gallery_is_one_of_the_linked_page():
    heading = re.compile(r"^#+ (.*?)(?: {|$)", re.MULTILINE)
    headings = {(words, page) for page in TEACHING_PAGES for words in heading.findall(body(page))}
    links = re.findall(r"\[(.*)\]\((.*)\.md", body("gallery"))
    assert [link for link in links if link not in headings and link[0] in dict(headings)] == []


def test_ratios_and_counts_of_the_benchmark_fit_its_times_and_sizes():
    row = r"^\| (?:lstm-figs: )?(.+) \| (\d+) ms \| .* MiB \| ([\d.]*) *\| ([\d.]+) \|$"
    rows = re.findall(row, body("benchmark"), re.MULTILINE)
    times = {name: int(time) for name, time, _, _ in rows}
    base = times["a diagram, from `.safetensors`"]
    for name, _, of_floor, of_base in rows:
        floor = times[f"`import {BARS[name].floor if name in BARS else 'torch'}`"]
        # They are medians of ratios, not ratios of medians.
        assert float(of_base) == pytest.approx(times[name] / base, 0.05, 0.05), name
        if of_floor:
            assert float(of_floor) == pytest.approx(times[name] / floor, 0.05, 0.02), name
    for size, count in re.findall(r"^\| (\d+) \| ([\d,]+) \|", body("benchmark"), re.MULTILINE):
        assert count == f"{4 * int(size) * (2 * int(size) + 2):,}"


def test_what_is_said_of_the_picture_of_the_readme_is_true():
    text = (ROOT / "README.md").read_text("utf-8")
    (alt_text,) = re.findall(r"^!\[([^\]]*)\]", text, re.MULTILINE)
    (known,) = EXPRESSIONS["README"]
    if alt_text != known:
        _, difference = differences(known.split(), alt_text.split())
        pytest.fail(f"README.md: {difference}; correct it, or front.txt", False)
    assert false_parts(EXPRESSIONS["README"]) == []
