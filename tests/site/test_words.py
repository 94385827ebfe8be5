"""The names that pages explain, and where."""

import inspect
import json
import re
from contextlib import suppress
from pkgutil import resolve_name

import pytest
import torch
import yaml
from mkdocs.config import load_config
from torch.nn.utils.rnn import pack_sequence

from lstm_figs.site.context import BlockError, Context
from lstm_figs.site.search_words import MARK
from tests.doc_scripts import body
from tests.site.conftest import PAGES, ROOT, converted

METADATA = {path.stem: yaml.safe_load(path.read_text("utf-8").split("---\n")[1]) for path in PAGES}
"""Page -> its front matter."""


def pages_of(entry):
    if isinstance(entry, str):
        return [entry.removesuffix(".md")]
    inside = entry.values() if isinstance(entry, dict) else entry
    return [page for part in inside for page in pages_of(part)]


CONFIG = load_config(str(ROOT / "mkdocs.yml"))

TEACHING_PAGES = [
    page
    for part in CONFIG["nav"]
    for name in {"Home", "Understand", "Use", "Look inside", "Fix"} & {*part}
    for page in pages_of(part[name])
]
"""The pages that explain something to readers."""

DEVELOPER_PAGES = "add-a-figure", "architecture", "contributing"
"""The pages about the code of the project; their facts are about it."""

EXPLAINED_ON = {
    name: page for page, meta in METADATA.items() for name in meta.get("about", "").split()
}
"""Name of PyTorch -> the page that explains it."""


def test_each_page_says_what_readers_call_it():
    assert len(TEACHING_PAGES) > 40
    assert [name for name in TEACHING_PAGES if "title" not in METADATA[name]["words"]] == []


def test_a_name_is_explained_on_one_page():
    names = [n for meta in METADATA.values() for n in meta.get("about", "").split()]
    assert sorted(names) == sorted(EXPLAINED_ON)
    assert len(EXPLAINED_ON) > 70


def known_names():
    """Names of PyTorch without dots: arguments and attributes of what pages explain."""
    lstm = torch.nn.LSTM(3, 2, bidirectional=True, proj_size=1)
    packed = pack_sequence([torch.zeros(4, 3)])
    names = {*dir(packed), *dir(packed.data), *lstm.state_dict()}
    # The docstring has the names of states and arguments.
    names |= {*re.findall(r"\w+", torch.nn.LSTM.__doc__)}
    functions = [resolve_name(f"torch.{name}") for name in EXPLAINED_ON if "." in name]
    for function in (*functions, torch.optim.Adam, torch.Tensor.backward):
        # Functions written in C++ have no signature.
        with suppress(TypeError, ValueError):
            names |= {*inspect.signature(function).parameters}
    return names


def test_what_a_page_explains_are_names_of_pytorch():
    names = known_names()
    for name in EXPLAINED_ON:
        if "." in name:
            resolve_name(f"torch.{name}")
        else:
            assert name in names or hasattr(torch, name), name


@pytest.mark.parametrize("name", sorted(EXPLAINED_ON))
def test_a_page_speaks_of_what_it_explains(name):
    text = body(EXPLAINED_ON[name])
    for file in re.findall(r"/// lstm-(?:code|run) \| (\S+)", text):
        text += (ROOT / "docs" / file).read_text("utf-8")
    assert name.rpartition(".")[2] in text, EXPLAINED_ON[name]


@pytest.mark.parametrize(
    ("tool", "index", "key"),
    [("mkdocs", "search/search_index.json", "docs"), ("zensical", "search.json", "items")],
)
def test_both_builders_find_the_words_in_their_section(site_by_tool, tool, index, key):
    entries = json.loads((site_by_tool[tool] / index).read_text("utf-8"))[key]
    sections = {entry["location"]: entry["text"] for entry in entries}
    for name, meta in METADATA.items():
        page = "" if name == "index" else f"{name}/"
        for id, words in meta.get("words", {}).items():
            escaped = words.replace("&", "&amp;").replace(">", "&gt;")
            # The section of a title is the page, or has the id of the title.
            places = [f"{page}#{id}"]
            if id == "title":
                places = [p for p in sections if p.partition("#")[0] == page]
            assert any(escaped in sections[p] for p in places), (name, id)


def with_words(meta, *, words=True):
    """The HTML of a page with this front matter."""
    text = "# Title\n\nFirst.\n\n## One { #one }\n\nSecond.\n\n## Two\n\nThird."
    return converted(text, Context(meta=meta, name="a.md"), "attr_list", "toc", words=words)


def test_words_are_at_the_end_of_their_section():
    text = with_words({"words": {"title": "of the page", "one": "a < b"}, "about": "nn.LSTM"})
    assert re.sub(r"\s+", " ", text) == (
        '<h1 id="title">Title</h1> <p>First.</p> '
        f"<template>{MARK}of the page nn.LSTM nn.LSTM</template>"
        '<h2 id="one">One</h2> <p>Second.</p> '
        f"<template>{MARK}a &lt; b</template>"
        '<h2 id="two">Two</h2> <p>Third.</p>'
    )


def test_the_front_matter_of_who_did_not_ask_for_it_is_left_alone():
    assert "<template" not in with_words({"words": "of another"}, words=False)


@pytest.mark.parametrize(
    ("meta", "error"),
    [
        ({"words": {"oen": "x"}}, "got words of 'oen', expected the id"),
        ({"words": "x"}, "got 'x' as words, expected a text for each id"),
        ({"words": {"one": 3}}, "got {'one': 3} as words"),
        ({"about": ["nn.LSTM"]}, "got ['nn.LSTM'] as about, expected names"),
    ],
)
def test_words_that_cannot_be_used_stop_a_build(meta, error):
    with pytest.raises(BlockError, match=f"^a.md: {re.escape(error)}"):
        with_words(meta)
