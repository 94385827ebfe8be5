"""The small pictures of neighbouring pages."""

import gzip
import re

import pytest
from PIL import Image

import lstm_figs
from lstm_figs.site.context import Context
from tests.site.conftest import ROOT, both_builders, converted
from tests.site.test_words import CONFIG, pages_of

DRAWS_FIGURE = re.compile(r"^/// lstm-(?:figure|picture|sheet|live) \|", re.MULTILINE)
"""The first line of a block whose figure can be the thumbnail of its page."""

NEIGHBOUR = re.compile(r'<a href="([^"]*)" rel="(prev|next)" class="lf-neighbour.*?</a>', re.DOTALL)
IMAGE = re.compile(r'<img src="([^"#]*)#only-(light|dark)"[^>]*>')


@both_builders
def test_both_neighbours_of_a_page_are_shown_by_their_first_figure(site_by_tool, tool):
    names = [f"{name}.md" for name in pages_of(CONFIG["nav"])]
    count = 0
    for index, name in enumerate(names):
        place = site_by_tool[tool] / name.replace("index.md", "").removesuffix(".md")
        html = (place / "index.html").read_text("utf-8")
        neighbours = {match[2]: match for match in NEIGHBOUR.finditer(html)}
        for direction, neighbour in ("prev", index - 1), ("next", index + 1):
            if not 0 <= neighbour < len(names):
                assert direction not in neighbours, name
                continue
            source = (ROOT / "docs" / names[neighbour]).read_text("utf-8")
            link = (place / neighbours[direction][1] / "index.html").resolve()
            stem = names[neighbour].removesuffix(".md")
            assert link.parent.name == stem or stem == "index"
            images = IMAGE.findall(neighbours[direction][0])
            schemes = ["light", "dark"] if DRAWS_FIGURE.search(source) else []
            assert [scheme for _, scheme in images] == schemes, name
            for address, _ in images:
                svg = (place / address).read_bytes()
                assert len(gzip.compress(svg)) < 6_000, address
                count += 1
            for tag in re.findall("<img[^>]*>", neighbours[direction][0]):
                assert 'alt=""' in tag
                assert 'loading="lazy"' in tag
    assert count > 80  # images


def meta_of(text, site_dir, **options):
    """What a page tells the template about its thumbnail and card."""
    meta = {}
    converted(text, Context(site_dir=site_dir, meta=meta), **options)
    return meta


TWO_FIGURES = "/// lstm-figure | unrolled\n///\n\n/// lstm-figure | cell\n///\n"


def test_a_page_has_its_first_figure_as_thumbnail_where_that_is_asked_for(tmp_path):
    assert meta_of(TWO_FIGURES, tmp_path) == {}
    assert not [*tmp_path.rglob("*.svg")]
    thumbnail = meta_of(TWO_FIGURES, tmp_path, thumbnails=True)["lstm_figs"]
    assert thumbnail["height"] == round(thumbnail["width"] * 3 / 4)
    for scheme in ("light", "dark"):
        assert "unrolled" in thumbnail[scheme]
        svg = (tmp_path / thumbnail[scheme]).read_text("utf-8")
        # The expressions of numbers and the title are left out.
        assert "data-" not in svg
        assert "nn.LSTM" not in svg


def test_a_page_has_a_card_where_that_is_asked_for(tmp_path):
    meta = meta_of(f"# Units\n\n{TWO_FIGURES}", tmp_path, cards=True)
    assert meta.keys() == {"lstm_figs_card"}
    assert card_title(tmp_path, meta) == lstm_figs.draw("unrolled").title


@pytest.mark.parametrize("more", ["", "/// lstm-sheet | cheat-sheet\n///\n"])
def test_a_page_without_a_figure_has_its_title_on_its_card(more, tmp_path):
    text = f"# What *Gallery* is\n\nWords.\n\n{more}"
    meta = meta_of(text, tmp_path, cards=True, thumbnails=True)
    assert card_title(tmp_path, meta) == "What Gallery is"
    assert ("lstm_figs" in meta) == bool(more)


def card_title(site, meta):
    title = meta["lstm_figs_card"]["said"]
    with Image.open(site / meta["lstm_figs_card"]["card"]) as card:
        assert card.size == (1200, 630)
        assert card.info["Title"] == title
    return title
