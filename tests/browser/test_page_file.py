"""A page written by `lstm-figs page`: accessible, printable and without a server."""

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import in_both_schemes, opened_page, pause, rgb, set_all
from tests.browser.test_embed import paper
from tests.browser.twins import drawn_request
from tests.test_command import run


@pytest.fixture(scope="module")
def text():
    return run("lstm-figs page --batch-size 2 --out -").decode()


@in_both_schemes
def test_axe_finds_nothing_and_nothing_sticks_out(show, text, scheme):
    page = show(text, color_scheme=scheme)
    set_all(page, "details", open=True)
    assert violations(page, colours_only=scheme == "dark") == ""
    if scheme == "light":
        page.set_viewport_size({"width": 360, "height": 900})
        assert violations(page, colours=False) == ""
    assert page.evaluate("document.documentElement.scrollWidth == innerWidth")
    assert len(page.hosts) == 1
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper(page) == background == rgb("paper", scheme)


@in_both_schemes
def test_a_page_prints_on_white_paper_without_cutting_a_figure(show, text, scheme):
    page = show(text, color_scheme=scheme, width=718)
    page.emulate_media(media="print", color_scheme=scheme)
    assert paper(page) == "rgb(255, 255, 255)"
    assert page.evaluate("document.documentElement.scrollWidth") == 718
    for region in page.locator("figure .lf-forms").all():
        assert region.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert not page.locator("summary").first.is_visible()


def test_the_contents_lead_to_the_figures(show, text):
    page = show(text)
    page.locator("a[href='#figure-gates-over-time']").first.click()
    box = page.locator("#gates-over-time").bounding_box()
    assert 0 <= box["y"] < 900


@pytest.fixture(scope="module")
def brackets(browser, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "brackets.html"
    path.write_bytes(run("lstm-figs page --network brackets --out -"))
    page = opened_page(browser, path.as_uri())
    page.file = page.url
    yield page
    assert page.faults == []
    # All resources that are needed later are inside.
    assert {url for url in page.hosts if not url.startswith("data:")} == {
        url for url in page.hosts if url.startswith(page.file)
    }
    page.context.close()


def test_a_file_reads_without_a_weight_and_its_address_brings_it_back(brackets):
    figure = "#figure-reading"
    for step in range(2):
        if not step:
            brackets.locator(f"{figure} [data-weight='0']").click()
        pause(brackets)
        status = brackets.locator(f"{figure} [role=status]")
        status.filter(has_text="wrong after 5 of 34").wait_for()
        edits = drawn_request(brackets, figure).source.set
        assert edits == ("lstm.weight_hh_l0[0,1]=0",)
        brackets.wait_for_url(f"{brackets.file}?{edits[0]}{figure}")
        brackets.reload()
    onward = brackets.locator(f"{figure} .lf-onward")
    onward.filter(has_text="All of step 23").click()
    figure = "#figure-keep-write-show"
    brackets.locator(f"{figure} output", has_text="23").wait_for()
    pause(brackets)
    # The hidden form is loaded when the page is idle.
    min_height = f"document.querySelector('{figure} .lf-forms').style.minHeight"
    brackets.wait_for_function(f"{min_height} === ''")
    assert drawn_request(brackets, figure).source.set == edits


@pytest.mark.parametrize("figure", ["cell", "keep-write-show"])
def test_a_file_goes_to_other_steps(brackets, figure):
    brackets.goto("about:blank")
    brackets.goto(brackets.file)
    place = f"#figure-{figure}"
    set_all(brackets, ".same", open=True)
    brackets.locator(place).get_by_label("The next step").click()
    brackets.locator(f"{place} output", has_text="3").wait_for()
    pause(brackets)
    # The hidden form is loaded when the page is idle.
    brackets.wait_for_url(f"{brackets.file}?step=3{place}")
    assert dict(drawn_request(brackets, place).options) == {"step": 3}


def test_a_file_prints_without_its_controls(brackets):
    brackets.emulate_media(media="print")
    assert not brackets.locator(".lf-steps, .lf-live").first.is_visible()
    brackets.emulate_media(media="null")


def test_a_link_unfolds_what_is_the_same_for_every_lstm(show, text):
    page = show(text)
    assert not page.locator("#cell").is_visible()
    page.evaluate("location.hash = 'figure-cell'")
    page.locator("#cell").wait_for()
    page.emulate_media(media="print")
    assert page.locator("#batch").is_visible()
