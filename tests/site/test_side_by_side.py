"""Pages with figures beside their text, and scenes."""

import re

from lstm_figs.site.context import Context
from tests.site.conftest import converted

SECTIONS = "lstm_figs.site.side_by_side"

PAGE = """\
# Title{title}

Before.

## One

/// lstm-figure | unrolled --width 360
///

After.

## Two

/// lstm-figure | cell
///

Text.
"""


def test_a_section_has_its_figure_after_its_text():
    html = converted(PAGE.format(title=" { .lf-beside }"), Context(), "attr_list", SECTIONS)
    assert html.count("<section") == 1
    section = html.partition("<section")[2].partition("</section>")[0]
    assert section.index("<h2>One") < section.index("After.")
    assert section.index("After.") < section.index('id="figure-unrolled"')
    assert "Before." not in section
    assert "figure-cell" not in section


def test_a_page_that_does_not_ask_for_it_stays_as_it_is():
    html = converted(PAGE.format(title=""), Context(), "attr_list", SECTIONS)
    assert "<section" not in html
    assert html.index('id="figure-unrolled"') < html.index("After.")


SCENES = """\
# Title

Before.

/// lstm-scene | cell
///

First.

## Two

/// lstm-scene | unrolled --width 360
///

Second.

- Listed.

/// lstm-proof
///

## Three

Between.

## Four

/// lstm-scene | unrolled --id last
///

Last.
"""


def test_a_scene_is_its_heading_its_picture_and_its_words(tmp_path):
    html = converted(SCENES, Context(site_dir=tmp_path), SECTIONS)
    parts = re.findall(
        r"<(?:/?section|div class=\"lf-(?:scenes|bar))[^>]*>|lf-staged"
        r"|<h\d>\w+|(?:Before|First|Second|Listed|Between|Last)\.",
        re.sub(r"<(style|script).*?</\1>", "", html, flags=re.DOTALL),
    )
    scenes, scene = '<div class="lf-scenes" style="--lf-width:720px">', '<section class="lf-scene">'
    first_scene, end = scene.replace("scene", "scene lf-now"), "</section>"
    assert parts == [
        *("<h1>Title", "Before.", scenes),
        *(first_scene, "lf-staged", "First.", end),
        *(scene, "<h2>Two", "lf-staged", "Second.", "Listed."),
        *('<div class="lf-bar">', end),
        *("<h2>Three", "Between.", scenes),
        *(first_scene, "<h2>Four", "lf-staged", "Last.", end),
    ]
    # The proof belongs to the image above it, which is outside of the page.
    assert '>lstm-figs draw unrolled <span class="lf-option">--width 360</span></pre>' in html
    assert "Save SVG" not in html
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", html, re.S)
    (script,) = (text for text in scripts if ".lf-scene>" in text)
    assert len(script.encode()) < 1000


def test_both_builders_make_scenes_and_hide_the_side_bars(site_by_tool):
    tags = {}
    for tool, site in site_by_tool.items():
        html = (site / "how-an-lstm-remembers" / "index.html").read_text()
        bars = re.findall(r'<div class="md-sidebar [^>]*>', html)
        hidden = [re.search(r"\bhidden\b", bar) is not None for bar in bars]
        assert hidden == [True, True], tool
        tags[tool] = re.findall(
            r'<(?:section class="lf-scene|figure class="lf lf-staged)[^>]*>', html
        )
    assert tags["mkdocs"] == tags["zensical"]
    # Ten scenes, each with its figure.
    assert len(tags["mkdocs"]) == 20
