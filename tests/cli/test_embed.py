"""`embed`: HTML and MDX that can be pasted into any page."""

import json
import re
from dataclasses import replace

import pytest
from justhtml import JustHTML

from lstm_figs import draw
from lstm_figs.figures import CATALOG
from tests.proof import SVG, content, metadata, prove, read
from tests.request_cases import requests
from tests.test_command import run


def embed_of(words):
    return run(f"lstm-figs embed {words}").decode()


def svgs(embed):
    return re.findall(r"<svg.*?</svg>", embed, re.DOTALL)


def check_html(embed):
    page = f"<!doctype html><html lang=en><title>Blog</title>{embed}</html>"
    JustHTML(page, strict=True)


def unique_ids(embed):
    ids = re.findall(r' id="([^"]+)"', embed)
    assert len(set(ids)) == len(ids)
    return set(ids)


@pytest.mark.parametrize("name", CATALOG)
def test_an_embed_is_valid_html_survives_markdown_and_is_what_its_commands_draw(name):
    alone, both = embed_of(name), embed_of(f"{name} --width both --id own")
    assert {"figure-own", "own", "own-middle", "own-narrow"} <= unique_ids(both)
    assert {"720", "560"} == {*re.findall(r"@container [^{]*min-width:(\d+)px", both)}
    smaller = (" --width 560 --id own-middle", " --width 360 --id own-narrow")
    for embed, command_ends in ((alone, [""]), (both, ["--id own", *smaller])):
        check_html(embed)
        # A blank line would end the HTML in Markdown, and braces are code in templates.
        assert re.search(r"\n\s*\n", embed) is None
        assert not re.search(
            r"\{\{|\}\}[^<#:.}]|\{%|<script|https?:(?!//www.w3|//creativecommons)", embed
        )
        # HTML allows a style only in the head and in an SVG.
        assert embed.count("<style") == sum(svg.count("<style") for svg in svgs(embed))
        for svg, end in zip(svgs(embed), command_ends, strict=True):
            command = metadata(read(svg))["command"]
            assert command.endswith(end)
            output = run(command, "--out", "-").decode()
            assert content(svg) == content(output)
            assert metadata(read(svg)) == metadata(read(output))
    if name == "four-weights":
        assert prove(svgs(alone)[0]) > 0


def test_in_mdx_an_embed_is_one_element_that_holds_the_html():
    begin, end = "<div dangerouslySetInnerHTML={{__html: ", "}} />"
    lines = embed_of("cell units --for mdx").splitlines()
    literals = [line.removeprefix(begin).removesuffix(end) for line in lines]
    assert "".join(map(json.loads, literals)) == embed_of("cell units")


def root_and_caption(embed):
    root = read(embed)
    return root, " ".join("".join(root.find("figcaption").itertext()).split())


def test_an_embed_has_caption_description_licence_and_colours_without_its_style():
    embed = embed_of("cell")
    root, caption = root_and_caption(embed)
    title = draw("cell").title
    assert caption.startswith(f"{title}. f keeps part of c_prev")
    assert caption.endswith("Figure: lstm-figs, CC BY 4.0.")
    (link,) = root.iter("a")
    assert link.get("href") == "https://creativecommons.org/licenses/by/4.0/"
    svg = root.find(f"div/div/{SVG}svg")
    labels = svg.get("aria-labelledby").split()
    described = [e.text for i in labels for e in svg if e.get("id") == i]
    assert described[0] == title
    assert "x is 0, 1, 0" in described[1]
    assert "light-dark(" in embed
    # A feed removes the style.
    bare = re.sub("<style>.*</style>", "", embed)
    assert 'fill="#1f2430"' in bare
    assert "var(" not in bare


def test_a_caption_of_its_own_replaces_the_words_that_a_figure_leaves_out():
    embed = embed_of("cell --no-heading --no-notes --caption 'a < b'")
    _, caption = root_and_caption(embed)
    assert caption == "a < b Figure: lstm-figs, CC BY 4.0."
    assert metadata(read(svgs(embed)[0]))["command"].endswith("--no-heading --no-notes")


def test_two_embeds_meet_in_one_page_when_they_have_ids():
    both = embed_of("cell cell-output --id first") + embed_of("cell --id second --step 2")
    assert {"first-cell", "first-cell-output", "second"} <= unique_ids(both)
    for svg in svgs(both):
        id = read(svg).get("id")
        style = read(svg).find(f"{SVG}style").text
        own = (f"#{id}", f"#figure-{id}")
        for selectors in re.findall(r"[^{}]+(?=\{[^{}]*\})", style):
            without_attributes = re.sub(r"\[[^]]*\]", "", selectors)
            # Commas in parentheses separate arguments.
            for selector in re.split(r",(?![^(]*\))", without_attributes):
                assert any(word in selector for word in own), selector


def test_all_figures_have_ids_of_their_own():
    assert unique_ids(embed_of("all"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_embed_of_one_theme_follows_nothing(theme):
    embed = embed_of(f"cell --theme {theme}")
    assert "light-dark(" not in embed
    assert ".dark" not in embed
    assert ("#1f2430" in embed) == (theme == "light")


@pytest.mark.parametrize(
    "figure_request",
    [replace(requests(name)[k % 8], width=360) for k, name in enumerate(list(CATALOG)[::3])],
    ids=lambda request: request.name,
)
def test_an_embed_of_any_request_is_valid(figure_request):
    embed = run(figure_request.command().replace("draw", "embed", 1)).decode()
    check_html(embed)
    assert len(svgs(embed)) == 1
