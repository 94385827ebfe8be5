import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from justhtml import JustHTML

from lstm_figs import cli
from lstm_figs.figures import CATALOG
from tests.proof import SVG, metadata, prove, read
from tests.request_cases import requests
from tests.test_command import content, run


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def page(embed):
    return f"<!doctype html><html lang=en><title>Blog</title>{embed}</html>"


def svgs(embed):
    return re.findall(r"<svg.*?</svg>", embed, re.DOTALL)


for_all_figures = pytest.mark.parametrize("name", CATALOG)


@for_all_figures
def test_an_embed_is_the_figure_that_its_command_draws(name):
    (svg,) = svgs(run(f"lstm-figs embed {name}").decode())
    expected = run(metadata(read(svg))["command"], "--out", "-").decode()
    assert content(svg) == content(expected)
    assert metadata(read(svg)) == metadata(read(expected))
    if name == "four-weights":
        assert prove(svg) > 0


@for_all_figures
def test_an_embed_is_valid_html_and_survives_markdown_and_templates(name):
    embed = run(f"lstm-figs embed {name}").decode()
    JustHTML(page(embed), strict=True)
    assert re.search(r"\n\s*\n", embed) is None
    assert not re.search(
        r"\{\{|\}\}[^<#:.}]|\{%|<script|https?:(?!//www.w3"
        r"|//creativecommons)",
        embed,
    )
    # HTML allows a style only in the head and in an SVG.
    around = embed
    for svg in svgs(embed):
        around = around.replace(svg, "")
    assert "<style" not in around


def test_in_mdx_an_embed_is_one_element_that_holds_the_html():
    mdx = run("lstm-figs embed cell units --for mdx").decode()
    html = run("lstm-figs embed cell units").decode()
    begin, end = "<div dangerouslySetInnerHTML={{__html: ", "}} />"
    lines = mdx.splitlines()
    literals = [line.removeprefix(begin).removesuffix(end) for line in lines]
    assert "".join(map(json.loads, literals)) == html


def test_an_embed_has_caption_description_and_licence():
    embed = run("lstm-figs embed cell").decode()
    root = ElementTree.fromstring(embed)
    caption = " ".join("".join(root.find("figcaption").itertext()).split())
    assert caption.startswith("c runs through, and gates act on it. f keeps part of c_prev")
    assert caption.endswith("Figure: lstm-figs, CC BY 4.0.")
    (link,) = root.iter("a")
    assert link.get("href") == "https://creativecommons.org/licenses/by/4.0/"
    svg = root.find(f"div/div/{SVG}svg")
    labels = svg.get("aria-labelledby").split()
    described = [e.text for i in labels for e in svg if e.get("id") == i]
    assert described[0] == "c runs through, and gates act on it"
    assert "x is 0, 1, 0" in described[1]


def ids(embed):
    return re.findall(r' id="([^"]+)"', embed)


def test_two_embeds_meet_in_one_page_when_they_have_ids():
    both = run("lstm-figs embed cell cell-output --id first").decode()
    both += run("lstm-figs embed cell --id second --step 2").decode()
    all_ids = ids(both)
    assert len(set(all_ids)) == len(all_ids)
    assert {"first-cell", "first-cell-output", "second"} <= set(all_ids)
    for svg in svgs(both):
        id = read(svg).get("id")
        style = read(svg).find(f"{SVG}style").text
        own = (f"#{id}", f"#figure-{id}")
        for rule in re.findall(r"[^{}]+(?=\{[^{}]*\})", style):
            rule = re.sub(r"\[[^]]*\]", "", rule)
            for selector in re.split(r",(?![^(]*\))", rule):
                assert any(word in selector for word in own), selector


def test_all_figures_have_ids_of_their_own():
    all_ids = ids(run("lstm-figs embed all").decode())
    assert len(set(all_ids)) == len(all_ids)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_embed_of_one_theme_follows_nothing(theme):
    embed = run("lstm-figs embed cell --theme", theme).decode()
    assert "prefers-color-scheme" not in embed
    assert ".dark" not in embed
    assert ("#1f2430" in embed) == (theme == "light")


def test_an_embed_without_its_style_keeps_its_colours():
    # as in a feed
    embed = run("lstm-figs embed cell").decode()
    bare = re.sub("<style>.*</style>", "", embed)
    assert 'fill="#1f2430"' in bare
    assert "var(" not in bare


@pytest.mark.parametrize(
    "figure_request",
    [replace(requests(name)[k % 8], width=360) for k, name in enumerate(list(CATALOG)[::3])],
    ids=lambda request: request.name,
)
def test_an_embed_of_any_request_is_valid(figure_request):
    embed = run(figure_request.command().replace("draw", "embed", 1)).decode()
    JustHTML(page(embed), strict=True)
    assert len(svgs(embed)) == 1


@for_all_figures
def test_an_embed_of_both_widths_holds_the_form_for_a_phone_too(name):
    embed = run(f"lstm-figs embed {name} --width both --id own").decode()
    JustHTML(page(embed), strict=True)
    assert not re.search(r"\n\s*\n|\{\{|\}\}", embed)
    all_ids = ids(embed)
    assert len(set(all_ids)) == len(all_ids)
    assert {"figure-own", "own", "own-narrow"} <= set(all_ids)
    for svg, more in zip(svgs(embed), ("", " --width 360 --id own-narrow"), strict=True):
        command = metadata(read(svg))["command"]
        assert command.endswith(more or "--id own")
        assert content(svg) == content(run(command, "--out", "-").decode())


def test_an_embed_goes_to_a_file(capsys):
    assert cli.main(["embed", "cell", "--out", "a/cell.html"]) == 0
    assert capsys.readouterr().out == "a/cell.html\n"
    text = Path("a/cell.html").read_bytes()
    assert text == run("lstm-figs embed cell")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["cel"], "did you mean 'cell'"),
        (["cell", "--out", "x.svg"], "ends in .html"),
        (["cell", "--out", "."], "ends in .html"),
        (["cell", "--theme", "page"], "auto"),
        (["cell", "--id", "a b"], "expected a letter"),
        (["cell", "--id", "a-narrow"], "expected none that ends in -narrow"),
        (["cell", "--width", "all"], "expected a whole number from 360"),
        (["cell", "--format", "svg"], "unknown option"),
        (["cell", "--unit", "1"], "does not have"),
        (["all", "--step", "99"], "--step is 99"),
    ],
)
def test_bad_input_is_one_sentence(words, message, capsys):
    assert cli.main(["embed", *words]) == 2
    out, error = capsys.readouterr()
    assert (out, error.count("\n")) == ("", 1)
    assert message in error
    assert list(Path().iterdir()) == []
