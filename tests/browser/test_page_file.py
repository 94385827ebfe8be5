"""The file that `lstm-figs page` writes, in a real browser."""

import pytest

from lstm_figs.scene.theme import colour
from tests.browser.conftest import violations
from tests.test_command import run


@pytest.fixture(scope="module")
def text():
    return run("lstm-figs page --batch-size 2 --out -").decode()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_sticks_out(show, text, scheme):
    page = show(text, color_scheme=scheme)
    page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true; })"
    )
    assert violations(page, contrast_only=scheme == "dark") == ""
    if scheme == "light":
        page.set_viewport_size({"width": 360, "height": 900})
        assert violations(page, contrast=False) == ""
    assert page.evaluate("document.documentElement.scrollWidth == innerWidth")
    assert len(page.hosts) == 1
    paper = page.locator("#cell > rect").first
    for element, name in (
        (paper, "fill"),
        (page.locator("body"), "backgroundColor"),
    ):
        seen = element.evaluate(f"e => getComputedStyle(e).{name}")
        red, green, blue = bytes.fromhex(colour("paper", scheme)[1:])
        assert seen == f"rgb({red}, {green}, {blue})"


SMALLEST = """() => ['text', 'tspan'].map(kind => Math.min(
  ...[...document.querySelectorAll(`svg ${kind}`)]
    .filter(e => e.checkVisibility())
    .map(e => parseFloat(getComputedStyle(e).fontSize)
      * e.ownerSVGElement.getBoundingClientRect().width
      / e.ownerSVGElement.viewBox.baseVal.width)))"""


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_text_of_a_figure_is_shown_under_11_pixels(show, text, width):
    page = show(text, width=width)
    text, subscript = page.evaluate(SMALLEST)
    assert text >= 10.99
    assert subscript >= 8.99


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_prints_on_white_paper_without_cutting_a_figure(
    show, text, scheme
):
    page = show(text, color_scheme=scheme, width=718)
    page.emulate_media(media="print", color_scheme=scheme)
    assert (
        page.locator("#cell > rect").first.evaluate(
            "e => getComputedStyle(e).fill"
        )
        == "rgb(255, 255, 255)"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 718
    for region in page.locator("figure .lf-forms").all():
        assert region.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert not page.locator("summary").first.is_visible()


def test_the_contents_lead_to_the_figures(show, text):
    page = show(text)
    page.get_by_role("link", name="Out come every h and the last c").click()
    box = page.locator("#gates-over-time").bounding_box()
    assert 0 <= box["y"] < 900
