"""Embedded figures in foreign pages, whose styles must not change them."""

import io
from functools import cache

import pytest
from PIL import Image, ImageChops

import lstm_figs as lf
from lstm_figs.html.embed import embed
from tests.browser.axe import violations
from tests.browser.conftest import in_both_schemes, rgb

NAMES = ("four-weights", "cell", "gates-over-time", "independence")
HOSTILE = """
body{font:700 30px/2 fantasy;letter-spacing:3px;word-spacing:9px;
text-transform:uppercase;text-align:right;text-shadow:2px 2px red;
direction:ltr}
*{box-sizing:border-box;transition:all 1s}
svg{width:100%;height:auto;fill:currentColor;stroke:red;opacity:.5}
text{font-size:30px;fill:red;font-family:cursive;text-anchor:end}
tspan{font-size:40px;fill:lime}path{fill:none;stroke:lime;stroke-width:5}
rect{fill:orange;opacity:.5}g{opacity:.3}use{fill:red}
figure{display:flex;border:5px solid red;float:left;width:50%}
figcaption{text-align:center}p{margin:3em}div{padding:30px}
article svg text{font-size:20px}.post svg path{stroke:lime}
"""
"""Rules of a page that would change a figure if they reached it."""


@cache
def embeds():
    return "".join(embed(lf.draw(name)) for name in NAMES)


def blog(inside, style="", attributes=""):
    return (
        f'<!doctype html><html lang="en" {attributes}><head>'
        '<meta charset="utf-8"><title>A blog</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>:root{{color-scheme:light dark}}{style}</style></head>"
        f'<body><main><article class="post"><h1>A blog</h1>{inside}'
        "</article></main></body></html>"
    )


@in_both_schemes
@pytest.mark.parametrize("name", NAMES)
def test_a_figure_has_the_same_pixels_in_a_hostile_blog(show, scheme, name):
    # At a different position, lines could fall between other pixels.
    place = (
        "h1{visibility:hidden}"
        f"#figure-{name}{{position:absolute;top:0;left:0;margin:0!important}}"
    )
    html = embed(lf.draw(name))
    pictures = []
    for style in ("", HOSTILE):
        page = show(blog(html, place + style), color_scheme=scheme)
        png = page.locator(f"#{name}").screenshot(animations="disabled")
        pictures.append(Image.open(io.BytesIO(png)).convert("RGB"))
    # Parallel rendering may round differently.
    bands = ImageChops.difference(*pictures).getextrema()
    assert max(most for _, most in bands) <= 16


@in_both_schemes
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(show, scheme, width):
    page = show(blog(embeds()), color_scheme=scheme, width=width)
    assert violations(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert len(page.hosts) == 1
    for name in NAMES:
        box = page.locator(f"#{name}").bounding_box()
        assert box["width"] == pytest.approx(lf.draw(name).sheet.width, abs=1)
        region = page.get_by_role("region", name=f"Figure {name}: ")
        region.focus()
        assert region.evaluate("e => e === document.activeElement")


def paper(page):
    return page.locator("#cell > rect").first.evaluate("e => getComputedStyle(e).fill")


@in_both_schemes
@pytest.mark.parametrize(
    ("attributes", "means"),
    [
        ("", None),
        ('data-theme="auto" style="color-scheme:normal"', None),
        ('style="color-scheme:normal"', "light"),
        ('style="color-scheme:dark"', "dark"),
        ('data-theme="dark"', "dark"),
        ('data-theme="light"', "light"),
        ('class="dark"', "dark"),
        ('class="quarto-light"', "light"),
        ('data-bs-theme="dark"', "dark"),
        ('data-jp-theme-light="false"', "dark"),
        ('data-jp-theme-light="true"', "light"),
    ],
)
def test_a_figure_follows_the_switch_of_the_blog_before_the_system(show, scheme, attributes, means):
    page = show(blog(embeds(), "", attributes), color_scheme=scheme)
    assert paper(page) == rgb("paper", means or scheme)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_that_is_asked_for_stays(show, theme):
    html = blog(embed(lf.draw("cell"), theme), "", 'data-theme="light"')
    for scheme in ("light", "dark"):
        assert paper(show(html, color_scheme=scheme)) == rgb("paper", theme)
