"""The style of the site: one paper, one edge, one font family, one active part."""

import pytest

from tests.browser.conftest import in_both_schemes, on_scripted_pages, rgb, watched_page
from tests.site.conftest import ROOT

STYLE = "(e, name) => getComputedStyle(e)[name]"


@in_both_schemes
def test_masthead_and_foot_are_the_paper_of_the_figures(open_page, scheme):
    # Without motion, every transition ends at once.
    page = open_page("step/", color_scheme=scheme, reduced_motion="reduce")
    paper = rgb("paper", scheme)
    for part in ("body", ".md-header", ".md-footer"):
        seen = page.locator(part).evaluate(STYLE, "backgroundColor")
        assert seen in (paper, "rgba(0, 0, 0, 0)"), part
    assert page.locator("h1").evaluate(STYLE, "color") == rgb("ink", scheme)
    page.mouse.wheel(0, 2_000)
    page.locator(".md-header--shadow").wait_for()
    shadow = page.locator(".md-header").evaluate(STYLE, "boxShadow")
    # Only its line separates it from the text, without a blur.
    assert shadow.endswith(" 0px 1px 0px 0px"), shadow


@in_both_schemes
def test_the_mark_has_the_colours_of_the_gates(open_page, scheme):
    page = open_page("step/", color_scheme=scheme)
    for gate in "ifgo":
        letter = page.locator(f".md-header .lf-{gate}")
        assert letter.evaluate(STYLE, "fill") == rgb(f"gate-{gate}", scheme)


COVERS_TEXT = """button => {
  const box = button.getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(button.closest('pre').querySelector('code'));
  return box.width && [...range.getClientRects()].some(text =>
    text.right > box.left && text.left < box.right &&
    text.bottom > box.top && text.top < box.bottom);
}"""
"""Whether the button that copies a listing covers a part of its text."""


OPTION_LINES = """listing => [...listing.querySelectorAll('.lf-option')].map(
  option => option.offsetHeight < 2 * parseFloat(getComputedStyle(option).fontSize))"""
"""Whether each option of a command is on one line with its value."""

SELECTED_TEXT = """listing => {
  getSelection().selectAllChildren(listing.querySelector('code'));
  return getSelection().toString();
}"""


def test_the_button_that_copies_a_listing_hides_no_letter_of_it(open_page):
    page = open_page("cost/")
    # The first line of this listing fills the width.
    listing = page.locator("pre", has_text="lstm-figs shapes --input-size")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        button = listing.locator(".md-code__button, .md-clipboard").first
        button.wait_for()
        assert button.evaluate(COVERS_TEXT) is False, width
        assert listing.evaluate(OPTION_LINES) == [True] * 5, width
    assert listing.evaluate(SELECTED_TEXT) == listing.inner_text().strip()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button.click()
    page.get_by_text("Copied to clipboard").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == listing.inner_text().strip()


PART_EDGES = """() => {
  const root = document.querySelector('article');
  const edge = root.querySelector('h1').getBoundingClientRect().left;
  const parts = ':scope > :is(p, h2, h3, .highlight, .md-typeset__scrollwrap),'
    + ' :scope > figure > figcaption, .lf-bar,'
    + ' math[display=block] > :first-child';
  return [...root.querySelectorAll(parts)].map(part => {
    const box = part.getBoundingClientRect();
    return [part.className || part.tagName, box.left - edge, box.right - edge];
  });
}"""


@pytest.mark.parametrize("path", ["step/", "gradients/", "packed/", "porting/"])
def test_everything_stands_on_one_edge_and_one_measure(open_page, path):
    parts = open_page(path).evaluate(PART_EDGES)
    assert len(parts) > 10
    for name, left, right in parts:
        assert left == pytest.approx(0, abs=1), name
        # The measure is 672 pixels, about 70 characters.
        assert right <= 673, name


# A line for each look of prose on a page, with all its characters.
FONT_SAMPLES = """() => {
  const looks = new Map();
  const prose = document.querySelectorAll(
    'article :is(h1, h2, h3, p, li, td):not(:has(code, math, figure, ul))'
    + ':not(:is(figure, .lf, .lf-gallery, .toc) *)');
  for (const block of prose) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const {fontFamily, fontSize, fontStyle, fontWeight} =
        getComputedStyle(walker.currentNode.parentElement);
      const look = JSON.stringify(
        {fontFamily, fontSize, fontStyle, fontWeight});
      if (!looks.has(look)) looks.set(look, new Set());
      for (const character of walker.currentNode.data) looks.get(look).add(character);
    }
  }
  return [...looks].map(([look, characters], count) => {
    const line = document.createElement('p');
    line.id = `line-${count}`;
    line.textContent = [...characters].sort().join('');
    Object.assign(line.style, JSON.parse(look));
    document.body.append(line);
    return line.id;
  });
}"""


def families(page):
    lines = page.evaluate(FONT_SAMPLES)
    assert lines
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    names = set()
    for line in lines:
        asked = {"nodeId": root, "selector": f"#{line}"}
        node = session.send("DOM.querySelector", asked)["nodeId"]
        used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})
        names |= {font["familyName"] for font in used["fonts"]}
    session.detach()
    page.evaluate("ids => ids.forEach(id => document.getElementById(id).remove())", lines)
    return names


OWN_FAMILIES = {"STIX Two Text", "STIX Two Text SemiBold", "STIX Two Math"}


@on_scripted_pages
def test_prose_is_set_in_one_family_that_has_all_its_characters(each_page):
    each_page.set_viewport_size({"width": 1280, "height": 900})
    used = families(each_page)
    if not used <= OWN_FAMILIES:
        # A font that loads late is used from the next page on.
        each_page.reload()
        used = families(each_page)
    assert used <= OWN_FAMILIES
    fonts = {url for url in each_page.hosts if url.endswith(".woff2")}
    assert 2 <= len(fonts) <= 4


LAYOUT_SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {
    for (const shift of list.getEntries()) sum += shift.value;
  }).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done(sum), 500);
})"""


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_when_a_font_comes_late(browser, address, width):
    page = watched_page(browser, width)
    waiting, hold_fonts = [], True
    page.route(
        "**/*.woff2", lambda route: waiting.append(route) if hold_fonts else route.continue_()
    )
    with page.expect_request("**/*.woff2"):
        page.goto(f"{address}gradients/", wait_until="domcontentloaded")
    # The first frame has no fonts.
    page.evaluate("new Promise(r => requestAnimationFrame(() => setTimeout(r)))")
    assert waiting
    hold_fonts = False
    for route in waiting:
        route.continue_()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(LAYOUT_SHIFT) == 0
    page.context.close()


PROSE = """() => {
  const size = e => parseFloat(getComputedStyle(e).lineHeight);
  const lengths = [...document.querySelectorAll('article > p')].map(
    p => [Math.round(p.offsetHeight / size(p)), p.innerText.length]);
  return lengths.filter(([lines]) => lines > 2).map(([lines, length]) => length / lines);
}"""
"""The mean length of the lines of each paragraph with several."""

CAPTION = """figure => {
  const [steps, caption, words] = ['.lf-steps', 'figcaption', '.lf-words'].map(
    part => figure.querySelector(part).getBoundingClientRect());
  return {
    size: getComputedStyle(figure.querySelector('figcaption p')).fontSize,
    above: caption.top - steps.bottom,
    below: words.top - caption.bottom,
    aside: words.left - caption.left,
  };
}"""

LOOKS = """bar => [...new Set([...bar.querySelectorAll('button, select, summary, label, output')]
  .filter(control => control.checkVisibility() && !control.closest('.lf-map'))
  .map(control => getComputedStyle(control))
  .map(({ fontFamily, fontSize }) => `${fontFamily.split(',')[0]} ${fontSize}`))]"""
"""The font and size of the controls of a figure."""


@pytest.mark.parametrize("width", [360, 1280])
def test_a_caption_is_close_to_its_figure_and_prose_has_lines_to_read(open_page, width):
    page = open_page("step/", width=width)
    caption = page.locator("#figure-cell").evaluate(CAPTION)
    assert caption["size"] == ("17px" if width < 720 else "18px")
    assert 8 <= caption["above"] <= 14 < 16 <= caption["below"] <= 28
    assert caption["aside"] == pytest.approx(0, abs=1)
    if width > 720:
        assert all(55 <= length <= 80 for length in page.evaluate(PROSE))


@pytest.mark.parametrize("path", ["what-it-remembers/", "keep-write-show/", "step/"])
def test_the_controls_of_a_figure_have_one_face(open_page, path):
    bar = open_page(path).locator(".lf-bar:has(:is(.lf-steps, .lf-live))").first
    assert {*bar.evaluate(LOOKS)} <= {"-apple-system 13px", "-apple-system 15px"}


def test_the_side_bar_lists_one_part_of_the_site(open_page):
    page = open_page("shapes/")
    side = page.locator(".md-sidebar--primary")
    names = side.get_by_role("link").all_inner_texts()
    assert "Shapes" in names
    assert "Batches" not in names
    parts = page.get_by_role("navigation", name="Parts of this site")
    first = side.get_by_role("link").first.get_attribute("href")
    assert parts.get_by_role("link", name="Use").get_attribute("href") == first
    parts = parts.get_by_role("link").all_inner_texts()
    assert " ".join(parts) == "Home Understand Use Look inside Fix Figures About"
    current = page.locator("nav [aria-current]:visible")
    assert current.all_inner_texts() == ["Use", "Shapes"]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_reaches_every_page_by_the_keyboard(open_page, scripts):
    page = open_page("shapes/", width=360, java_script_enabled=scripts)
    menu = page.locator(".lf-menu")
    page.locator(".lf-parts > ul a").last.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    link = menu.get_by_role("link", name="Packed sequences", exact=True)
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/packed/")


def test_the_index_of_the_questions_leads_to_each(open_page):
    page = open_page("questions/")
    questions = page.locator("article h3").evaluate_all("all => all.map(e => '#' + e.id)")
    links = page.locator(".toc ul ul ul a:visible")
    assert links.evaluate_all("all => all.map(e => e.hash)") == questions


SIDE_BY_SIDE = """() => [...document.querySelectorAll('section.lf-beside')].map(
  section => {
    const [heading, text, figures] = section.children;
    const boxes = [text, figures].map(part => part.getBoundingClientRect());
    return {
      top: boxes[1].top - boxes[0].top,
      gap: boxes[1].left - boxes[0].right,
      below: boxes[1].top - boxes[0].bottom,
      right: boxes[1].right,
    };
  })"""


def test_a_question_has_a_figure_to_unfold(open_page):
    page = open_page("questions/")
    folds = page.locator("details.lf-fold")
    assert folds.count() == page.locator("article h3").count()
    height = page.locator("article").bounding_box()["height"]
    image = folds.first.locator("img:visible")
    assert image.count() == 0
    folds.first.locator("summary").click()
    image.wait_for()
    assert page.locator("article").bounding_box()["height"] > height


def test_figures_for_phones_stand_beside_what_is_said(open_page):
    page = open_page("errors/")
    sections = page.evaluate(SIDE_BY_SIDE)
    assert len(sections) > 5
    for section in sections:
        assert section["top"] == 0
        assert 0 <= section["gap"] <= 24
        assert section["right"] <= 1280
    page.set_viewport_size({"width": 360, "height": 900})
    assert all(section["below"] >= 0 for section in page.evaluate(SIDE_BY_SIDE))


def test_no_equation_has_a_root_which_the_font_lacks():
    pages = (ROOT / "docs").glob("*.md")
    with_root = [page.name for page in pages if r"\sqrt" in page.read_text()]
    assert with_root == []
