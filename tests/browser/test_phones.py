"""At every width, exactly one form of a figure is shown completely."""

import gzip

import pytest

from tests.browser.conftest import SCRIPTED_PAGES, SMALLEST_LETTERS, set_all
from tests.browser.test_embed import blog
from tests.test_command import run

MAX_FIGURES = 6
"""The most figures that a page may have."""

WIDTHS = (360, 412, 600, 768, 960, 1024, 1220, 1280)
"""Of the window, in pixels."""

FEW_WIDTHS = (360, 412, 768, 1280)

# Faults of the figures of a page at its current width.
FAULTS = """() => {
  const room = document.documentElement.clientWidth;
  const faults = [];
  const wider = document.documentElement.scrollWidth;
  if (wider > room) faults.push(`the page is ${wider} wide`);
  for (const region of document.querySelectorAll('.lf-forms')) {
    const forms = [...region.querySelectorAll('svg.lf-figure, img')];
    const drawn = forms.filter(form => form.checkVisibility());
    const name = forms[0].id || forms[0].alt.slice(0, 40);
    const say = fault => faults.push(`${name}: ${fault}`);
    if (drawn.length != 1) { say(`${drawn.length} forms`); continue; }
    const box = drawn[0].getBoundingClientRect();
    const own = +drawn[0].getAttribute('width');
    const scale = box.width / own;
    // It grows with its column, at most by a quarter; on the first page, to its width.
    const most = document.querySelector('.lf-intro') ? 1180 / 720 : 1.251;
    if (scale < .999 || scale > most) say(`${scale} of its size`);
    // The picture of a scene has room beside its words.
    const beside = getComputedStyle(region).position == 'sticky';
    const widths = forms.map(form => +form.getAttribute('width'));
    const fitting = widths.filter(width => beside || width <= region.clientWidth);
    if (own != Math.max(...fitting, Math.min(...widths)))
      say(`${own} wide in ${region.clientWidth}`);
    if (region.hasAttribute('tabindex') != region.hasAttribute('aria-label'))
      say('scrolls without a name');
    if (region.scrollWidth > region.clientWidth)
      say(`${region.scrollWidth} in ${region.clientWidth}`);
    if (box.left < -.5 || box.right > room + .5)
      say(`from ${box.left} to ${box.right}`);
  }
  return faults;
}"""


def at_widths(page, *scripts, widths=WIDTHS):
    """Set each width in turn."""
    # Side bars disappear with a transition.
    page.add_style_tag(content="*{transition:none!important}")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        yield width, *map(page.evaluate, scripts)


def faults(page):
    return {width: wrong for width, wrong in at_widths(page, FAULTS) if wrong}


@pytest.fixture(scope="session")
def measured_widths(each_page, pytestconfig):
    set_all(each_page, "article details", open=True)
    is_whole = each_page.path in SCRIPTED_PAGES or pytestconfig.getoption("all")
    yield [
        *at_widths(each_page, FAULTS, SMALLEST_LETTERS, widths=WIDTHS if is_whole else FEW_WIDTHS)
    ]
    # Restore the page for later tests.
    set_all(each_page, "article details", open=False)


def test_every_figure_of_a_page_is_one_whole_form_at_every_width(each_page, measured_widths):
    assert {width: wrong for width, wrong, _ in measured_widths if wrong} == {}
    forms = each_page.locator("article .lf-forms")
    assert forms.get_by_role("img").count() == forms.count()
    assert each_page.locator("article svg.lf-figure").count() <= 2 * MAX_FIGURES


def test_no_text_of_a_figure_is_shown_under_11_pixels(measured_widths):
    for width, _, (text, subscript) in measured_widths:
        assert text >= 10.99, width
        assert subscript >= 8.99, width


@pytest.mark.parametrize(
    "path",
    [
        *("", "how-an-lstm-remembers/", "why-a-memory/", "what-it-remembers/"),
        *("step/", "gradients/"),
    ],
)
def test_a_page_of_both_forms_takes_at_most_170_kb_on_load(open_page, address, path):
    page = open_page(path)
    page.wait_for_load_state("networkidle")
    # Measuring may load one more.
    loaded = [page.request.get(u) for u in [*page.hosts] if address in u]
    assert sum(len(gzip.compress(response.body())) for response in loaded) < 170_000


def test_every_figure_of_a_page_file_is_one_whole_form_at_every_width(show):
    page = show(run("lstm-figs page --out -").decode())
    set_all(page, ".same", open=True)
    assert faults(page) == {}
    assert page.get_by_role("img").count() == page.locator("figure").count()


def test_an_embed_of_both_widths_is_one_whole_form_at_every_width(show):
    names = "four-weights cell gates-over-time error"
    page = show(blog(run(f"lstm-figs embed {names} --width both").decode()))
    style = ":root{--lf:0}body{margin:0 auto;padding:0 16px;max-width:740px}"
    page.add_style_tag(content=style)
    assert faults(page) == {}
    assert page.get_by_role("img").count() == 4


def test_a_figure_in_a_list_scrolls_in_a_region_with_a_name(show):
    embed = run("lstm-figs embed cell --width both").decode()
    page = show(blog(f"<ul><li>{embed}</li></ul>"), width=360)
    region = page.get_by_role("region", name="Figure cell: ")
    region.focus()
    assert region.evaluate("e => e === document.activeElement")
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("e => e.scrollLeft > 0", arg=region.element_handle())
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_images_that_are_not_shown_are_not_loaded(open_page):
    page = open_page("errors/", width=360)
    images = page.locator("article .lf-forms img")
    for image in images.all():
        if image.is_visible():
            image.scroll_into_view_if_needed()
            page.wait_for_function("e => e.naturalWidth > 0", arg=image.element_handle())
    page.wait_for_load_state("networkidle")
    loaded = images.evaluate_all("all => all.map(e => e.naturalWidth > 0)")
    visible = [image.is_visible() for image in images.all()]
    assert loaded == visible
    assert 0 < visible.count(True) < len(visible)


CUT_BOTTOMS = """all => all.filter(image => image.checkVisibility()
  && image.getBoundingClientRect().bottom
  > image.closest('.lf-thumbnail').getBoundingClientRect().bottom).map(image => image.alt)"""
"""Thumbnails that do not show their figure down to its end."""


@pytest.mark.parametrize(("width", "columns"), [(360, 1), (600, 1), (1280, 2)])
def test_the_gallery_loads_one_form_of_each_figure_in_columns(open_page, width, columns):
    page = open_page("gallery/", width=width)
    cards = page.locator(".lf-gallery li")
    lefts = cards.evaluate_all("all => all.map(e => e.getBoundingClientRect().left)")
    assert len({*lefts}) == columns
    for card in cards.all():
        card.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    images = page.locator(".lf-gallery img")
    visible = images.evaluate_all("all => all.filter(e => e.checkVisibility())")
    assert len(visible) == cards.count()
    assert images.evaluate_all(CUT_BOTTOMS) == []
    # The previous and next pages are shown at the bottom.
    loaded = {url for url in page.hosts if "assets/lstm-figs/" in url and "-thumbnail-" not in url}
    assert len(loaded) == cards.count()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_paper_shows_the_wide_form_alone(open_page):
    page = open_page("step/", width=640)
    page.emulate_media(media="print")
    for id in ("cell", "products"):
        assert page.locator(f"#{id}").is_visible()
        assert not page.locator(f"#{id}-narrow").is_visible()
        box = page.locator(f"#{id}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 640
    # Links to other pages are useless there.
    for nav in (".lf-parts", ".lf-neighbours"):
        assert page.locator(nav).count()
        assert not page.locator(nav).first.is_visible()
