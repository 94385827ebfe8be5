"""All pages: accessible, without errors, whole without scripts, and searchable."""

import io
import re

import pytest
from PIL import Image

from lstm_figs.scene.theme import colour
from tests.browser.axe import violations
from tests.browser.conftest import (
    PAGES,
    SCRIPTED_PAGES,
    in_both_schemes,
    on_scripted_pages,
    reopened_page,
    rgb,
    set_all,
    watched_page,
)


def test_axe_finds_nothing_in_any_scheme_or_width(each_page, pytestconfig):
    each_page.set_viewport_size({"width": 1280, "height": 900})
    set_all(each_page, ".lf-tools details", open=True)
    assert violations(each_page) == ""
    each_page.emulate_media(color_scheme="dark")
    assert violations(each_page, colours_only=True) == ""
    each_page.emulate_media(color_scheme="light")
    # Without --all, the navigation of phones is checked on a few pages only.
    if each_page.path in SCRIPTED_PAGES or pytestconfig.getoption("all"):
        each_page.set_viewport_size({"width": 360, "height": 900})
        assert violations(each_page, colours=False) == ""


NEED_SCRIPTS = ".lf-filter, .lf-steps, .lf-shapes form, .lf-live"
"""Fields and buttons, which do not count as text."""


def test_a_page_loads_nothing_from_another_host_and_has_no_error(each_page, address):
    each_page.mouse.wheel(0, 20_000)
    each_page.wait_for_load_state("networkidle")
    others = {url for url in each_page.hosts if not url.startswith((address, "data:"))}
    assert others == set()
    groups = each_page.locator("[role=group]").evaluate_all("all => all.map(e => e.ariaLabel)")
    assert len({*groups}) == len(groups)
    assert each_page.faults == []


@pytest.fixture(scope="module")
def scriptless(browser):
    page = watched_page(browser, java_script_enabled=False)
    # Without scripts all images load at once, which takes most of the time.
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setBlockedURLs", {"urls": ["*.svg"]})
    yield page
    page.context.close()


VISIBLE_TEXT = """() => {
  const style = document.createElement('style');
  style.textContent = '* { content-visibility: visible !important }';
  document.head.append(style);
  const text = document.querySelector('article').innerText;
  style.remove();
  return text;
}"""
"""All readable text, also far from the screen."""
COUNT_ELEMENTS = "document.querySelectorAll('article {}').length"


@on_scripted_pages
def test_text_and_figures_are_whole_without_scripts(each_page, scriptless, address):
    each_page.set_viewport_size({"width": 1280, "height": 900})
    set_all(each_page, ".lf-tools details", open=False)
    scriptless.goto(address + each_page.path)
    set_all(each_page, NEED_SCRIPTS, hidden=True)
    pages = each_page, scriptless
    texts, figures, elements = (
        [page.evaluate(of) for page in pages]
        for of in (VISIBLE_TEXT, COUNT_ELEMENTS.format("svg.lf-figure"), COUNT_ELEMENTS.format("*"))
    )
    lines = [[line for line in text.splitlines() if line.strip()] for text in texts]
    set_all(each_page, NEED_SCRIPTS, hidden=False)
    assert lines[0] == lines[1]
    assert figures[0] == figures[1]
    assert all(elements)
    assert "$$" not in texts[1]


RESULTS = ".md-search-result__item"


def _results(page):
    results = page.locator(RESULTS)
    results.first.wait_for()
    return results.all_inner_texts()


def test_the_search_is_loaded_when_it_is_used(open_page):
    def loaded(page):
        return any("search_index.json" in url for url in page.hosts)

    page = open_page("step/")
    page.wait_for_load_state("networkidle")
    assert not loaded(page)
    assert page.workers == []
    page.keyboard.press("/")
    page.keyboard.type("packed sequences")
    # Results for the first half of a word may appear before.
    first = page.locator(RESULTS).first
    first.filter(has_text="Packed sequences").wait_for()
    assert loaded(page)

    phone = open_page("step/", width=360)
    phone.locator("label.md-header__button[for=__search]").click()
    phone.keyboard.type("keras")
    phone.locator(RESULTS).filter(has_text="Porting weights").first.wait_for()

    linked = open_page("?q=keras")
    assert any("Porting weights" in result for result in _results(linked))


@pytest.mark.parametrize("words", ["keras", "cell state", "proj_size", "sdist"])
def test_the_search_shows_what_is_about_the_project_last(open_page, words):
    results = _results(open_page(f"?q={words}"))
    about = [result.startswith(ABOUT) for result in results]
    assert about == sorted(about)
    assert any(about) or words != "sdist"


ABOUT = (
    "Architecture",
    "Benchmark",
    "Changelog",
    "Command reference",
    "Contributing",
    "Deliberate faults",
    "Python reference",
)
"""Pages about the project itself, which no other page needs."""


@pytest.mark.parametrize("path", ["nothing", "step/nothing/at-all/"])
def test_the_page_for_wrong_addresses_is_whole_below_a_path(open_page, path):
    page = open_page(path)
    page.wait_for_load_state("networkidle")
    assert page.get_by_text("404").is_visible()
    # The logo leads to the first page.
    assert page.locator("article li a").count() == len(PAGES) - 1
    # The page itself is missing, on purpose.
    assert "404" in page.faults.pop()
    # Without its styles the page has a margin, and without its scripts no search.
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
    assert page.locator(".md-search").is_visible()
    assert_presentable(page)
    page.locator(LOGO).click()
    page.locator("h2#three-ways-in").wait_for()


@pytest.mark.parametrize("width", [360, 1280])
def test_what_a_message_means_stands_beside_it(open_page, width):
    page = open_page("errors/")
    page.set_viewport_size({"width": width, "height": 900})
    scroll = page.evaluate(
        "[...document.querySelectorAll('.md-typeset__scrollwrap')]"
        ".filter(element => element.scrollWidth > element.clientWidth + 1).length"
    )
    assert scroll == 0


LOGO = "a.md-header__button.md-logo"


def assert_presentable(page):
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator(f"{LOGO} svg").bounding_box()["width"] < 80
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.fixture
def open_without(browser, address):
    page = watched_page(browser, reduced_motion="reduce")

    def open_wrong_address(files, **more):
        page.route(files, lambda route: route.abort())
        return reopened_page(page, f"{address}no/such/page/", **more)

    yield open_wrong_address
    page.context.close()


@in_both_schemes
def test_the_page_for_wrong_addresses_is_whole_where_nothing_loads(open_without, scheme):
    # As if the site were served below a path it was not built for.
    page = open_without("**/assets/**", color_scheme=scheme)
    assert page.get_by_text("404").is_visible()
    assert_presentable(page)
    assert page.locator(":is(input, label, form):visible").count() == 0
    paper, ink = page.evaluate(
        "(() => { const style = getComputedStyle(document.body);"
        " return [style.backgroundColor, style.color]; })()"
    )
    white = "rgb(255, 255, 255)"
    assert {"light": paper, "dark": ink}[scheme] == white
    assert {"light": ink, "dark": paper}[scheme] != white


BOXES = """() => [...document.querySelectorAll('body, body *')]
  .filter(e => e.checkVisibility({ opacityProperty: true }))
  .map(e => [e.getBoundingClientRect(), getComputedStyle(e)])
  .filter(([{ width, height }]) => width * height)
  .map(([{ x, y, width, height }, { color, backgroundColor, fontFamily, fill }]) =>
    [x, y, width, height, color, backgroundColor, fontFamily, fill].join())"""


@pytest.mark.parametrize("width", [360, 1280])
def test_the_style_of_last_resort_is_not_seen_where_style_sheets_load(open_without, width):
    # The style lasts until the script of the site loads. A font that loads late would be a
    # further difference.
    page = open_without(re.compile(r"\.(js|woff2)$"), width=width)
    seen = page.evaluate(BOXES)
    page.evaluate(
        "[...document.querySelectorAll('style')]"
        ".find(style => style.textContent.includes('@layer')).remove()"
    )
    assert page.evaluate(BOXES) == seen


@pytest.mark.parametrize("path", SCRIPTED_PAGES, ids=lambda path: path or "home")
def test_figures_follow_the_switch_of_colours(open_page, path):
    page = open_page(path, color_scheme="light")

    def paper():
        return page.locator("svg.lf-figure > rect").first.evaluate("e => getComputedStyle(e).fill")

    assert paper() == rgb("paper", "light")
    page.get_by_role("button", name="Switch to dark colours").click()
    assert paper() == rgb("paper", "dark")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == paper()


def test_colours_are_those_of_the_system_until_others_are_chosen(open_page):
    page = open_page("step/", color_scheme="dark", reduced_motion="reduce")
    dark = rgb("paper", "dark")
    is_dark = f"getComputedStyle(document.body).backgroundColor === '{dark}'"
    # Without the scripts of the theme, which load after the page was seen.
    page.route("**/assets/javascripts/**", lambda route: route.abort())
    page.reload()
    assert page.evaluate(is_dark)
    # Parts that need scripts stay hidden without them.
    assert not page.locator(".md-search").is_visible()
    page.unroute_all()
    page.faults.clear()
    page.reload()
    page.emulate_media(color_scheme="light")
    # The change of the system is reported in the next frame.
    page.wait_for_function(f"!({is_dark})")
    switch = page.get_by_role("button", name=re.compile("Switch to"))
    switch.focus()
    page.keyboard.press("Enter")
    assert page.evaluate(is_dark)
    assert switch.get_attribute("aria-label") == "Switch to light colours"
    assert switch.evaluate("e => e === document.activeElement")
    page.reload()
    assert page.evaluate(is_dark)
    for name, content in {"color-scheme": "dark", "theme-color": "rgb"}.items():
        meta = page.locator(f"meta[name={name}]")
        assert meta.get_attribute("content").startswith(content)


def test_a_screen_reader_hears_the_name_and_the_numbers(open_page):
    page = open_page("step/")
    image = page.get_by_role("img", name="c runs through")
    described = image.evaluate(
        "e => e.getAttribute('aria-labelledby').split(' ')"
        ".map(id => document.getElementById(id).textContent).join(' ')"
    )
    assert "; c is −0.06, 0.65;" in described


def figure_with_tools(page):
    figure = page.locator("figure.lf").first
    share = figure.locator(".lf-share")
    return figure, *figure.locator("summary").all(), share.locator("div")


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_that_is_clicked_below_a_figure_moves(open_page, width):
    page = open_page("step/", width=width)
    figure, proof, share, _ = figure_with_tools(page)
    # A figure may be higher than the window, which a click would scroll.
    proof.scroll_into_view_if_needed()
    before = [summary.bounding_box() for summary in (proof, share)]
    assert before[0]["y"] == before[1]["y"]
    assert before[0]["x"] + before[0]["width"] < before[1]["x"]
    for summary in (share, proof):
        summary.click()
        page.wait_for_timeout(100)
        assert [element.bounding_box() for element in (proof, share)] == before
    texts = figure.locator(".lf-tools pre")
    boxes = [text.bounding_box() for text in texts.all()]
    assert len(boxes) == 3
    assert len({(box["x"], box["width"]) for box in boxes}) == 1


def test_the_keyboard_copies_the_link_of_a_figure(open_page, address):
    page = open_page("step/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    figure, proof, _, opened = figure_with_tools(page)
    assert not opened.is_visible()
    proof.focus()
    for key in ("Tab", "Enter", "Tab", "Enter"):
        page.keyboard.press(key)
    status = opened.get_by_role("status")
    page.wait_for_function("e => e.textContent", arg=status.element_handle())
    assert status.inner_text() == "Link copied"
    link = f"{address}step/#figure-cell"
    assert page.evaluate("navigator.clipboard.readText()") == link
    assert page.url == link
    assert opened.evaluate("e => e.contains(document.activeElement)")
    page.reload()
    assert figure.evaluate("e => e.matches(':target')")


def test_what_needs_no_script_below_a_figure_is_there_without(open_page):
    page = open_page("step/", java_script_enabled=False)
    figure, proof, share, opened = figure_with_tools(page)
    share.click()
    assert opened.inner_text().strip() == "Link"
    proof.click()
    texts = figure.locator("pre:visible").all_inner_texts()
    assert texts[0].startswith("import torch")
    assert texts[1:] == ["lstm-figs draw cell", "Figure: lstm-figs, CC BY 4.0"]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("dark", 360)])
def test_downloads_are_the_whole_wide_form_in_the_colours_that_are_shown(open_page, scheme, width):
    page = open_page("step/", color_scheme=scheme, width=width)
    page.get_by_text("Share and save").first.click()
    with page.expect_download() as download:
        page.locator("[data-save=svg]").first.click()
    svg = download.value.path().read_text("utf-8")
    assert download.value.suggested_filename == "cell.svg"
    assert "var(" not in svg
    assert svg.count("data-expr=") == page.locator("#cell [data-expr]").count() > 0
    with page.expect_download() as download:
        page.locator("[data-save=png]").first.click()
    picture = Image.open(io.BytesIO(download.value.path().read_bytes()))
    view = page.locator("#cell").get_attribute("viewBox").split()
    assert picture.size == tuple(round(2 * float(length)) for length in view[2:])
    paper = bytes.fromhex(colour("paper", scheme)[1:])
    assert bytes(picture.convert("RGB").getpixel((5, 5))) == paper


IMAGE_STATES = """async images => {
  const seen = [];
  for (const image of images) {
    const isVisible = image.checkVisibility({ visibilityProperty: true });
    if (isVisible) {
      image.scrollIntoView();
      await image.decode();
    }
    const { alt, loading, naturalWidth } = image;
    const src = image.getAttribute('src');
    seen.push({ src, alt, loading, isVisible, naturalWidth });
  }
  return seen;
}"""


@in_both_schemes
def test_the_images_of_the_gallery_are_lazy_and_follow_the_scheme(open_page, scheme):
    page = open_page("gallery/", color_scheme=scheme)
    images = page.locator("article .lf-wide img").evaluate_all(IMAGE_STATES)
    assert images
    for image in images:
        assert image["loading"] == "lazy"
        assert image["alt"]
        assert image["isVisible"] is image["src"].endswith(f"#only-{scheme}")
        assert image["naturalWidth"] > 0 or not image["isVisible"]


def test_words_narrow_the_gallery(open_page, address):
    page = open_page("gallery/")
    field = page.get_by_label("Show figures with")
    status = page.locator(".lf-gallery").get_by_role("status")
    cards = page.locator(".lf-gallery li")
    count = cards.count()
    assert status.inner_text() == f"{count} of {count} figures"

    def visible_names(words):
        field.fill(words)
        names = page.locator(".lf-gallery li:visible code")
        matches = names.all_inner_texts()
        assert status.inner_text() == f"{len(matches)} of {count} figures"
        return matches

    assert visible_names("cell-in") == ["cell-input"]
    # No heading is left without figures.
    assert page.locator(".lf-gallery :is(h2, h3):visible").count() == 1
    assert visible_names("PADDED sorted") == ["packed"]
    assert visible_names("no such words") == []
    assert len(visible_names("")) == count
    visible_names("cell-input")
    # The link of the heading above comes first.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}step/#figure-cell-input")


def test_a_click_on_a_thumbnail_leads_to_its_explanation(open_page, address):
    page = open_page("gallery/", width=360)
    page.locator(".lf-gallery li").nth(2).locator("img:visible").click(force=True)
    page.wait_for_url(f"{address}keep-write-show/#figure-keep-write-show")


def test_the_gallery_is_whole_without_scripts_and_without_its_field(open_page):
    page = open_page("gallery/", java_script_enabled=False)
    cards = page.locator(".lf-gallery li")
    assert all(card.is_visible() for card in cards.all())
    assert not page.locator(".lf-filter").is_visible()
    assert page.locator(".lf-filter").bounding_box() is None
