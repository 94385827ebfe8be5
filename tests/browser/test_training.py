"""The figure `reading` with a slider over the training of its network."""

import re
import shutil
from datetime import datetime, timedelta

import pytest

from lstm_figs.command.request import parse_header
from lstm_figs.html.moments import RIGHT
from lstm_figs.html.scripts import script
from lstm_figs.proof.digits import exact
from lstm_figs.sources.networks import moments
from tests.browser.axe import OTHERS, violations
from tests.browser.conftest import opened, pause, serving
from tests.browser.twins import different, written
from tests.site.conftest import ROOT

FIGURE = "#figure-reading"
SCAFFOLD = "lstm.weight_hh_l0[1,0]"
BATCHES = [one.after for one in moments()]
PAGE = "/// lstm-live | reading --network brackets --after 6000\n\nHow.\n///\n"
# On our pages a hook names the search of the theme.
JUDGED = {**OTHERS, "rules": {**OTHERS["rules"], "aria-dialog-name": {"enabled": False}}}
BELOW = "\n" + "Words below it.\n\n" * 40


@pytest.fixture(scope="module")
def place(tmp_path_factory, build):
    """A site in the look of ours, of one page with such a figure."""
    project = tmp_path_factory.mktemp("project")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    # It has neither the other pages nor what looks through them.
    config = re.sub(r"^(nav|hooks):\n(?: .*\n|\n)*", "", config, flags=re.M)
    (project / "mkdocs.yml").write_text(config, encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "assets", project / "docs" / "assets")
    for name in ("lstm_figs", "scripts"):
        (project / name).symlink_to(ROOT / name)
    (project / "docs" / "index.md").write_text(f"# Watch it\n\n{PAGE}{BELOW}")
    done = build("mkdocs", project)
    assert done.returncode == 0, done.stdout + done.stderr
    with serving(project / "site", tmp_path_factory.mktemp("served")) as at:
        yield at


@pytest.fixture
def go(browser, place):
    """Opens the page, by the end of its address, with more for its context."""
    pages = []

    def to(end="", **more):
        pages.append(opened(browser, place + end, **more))
        return pages[-1]

    yield to
    for page in pages:
        assert page.faults == []
        page.context.close()


def slider(page):
    return page.get_by_role("slider", name="Training")


def on(page):
    """The slider, with the focus, once the figure follows it."""
    slider(page).focus()
    page.locator("figure.lf-started").wait_for()
    return slider(page)


def shown(page):
    """The moment that the slider says; its figure is what Python draws."""
    pause(page)
    command = page.locator(f"{FIGURE} .lf-share pre").first.text_content()
    request = parse_header(command.removeprefix("lstm-figs draw "))
    for seen, form in zip(written(page, FIGURE), request.forms(), strict=True):
        assert [*different(seen, form.render("svg", "page").decode())] == []
    after = request.source.after
    right = RIGHT[BATCHES.index(after)]
    said = (
        f"batch {after:,} of 6,000 · {right:,} of 1,000 fresh strings right"
        f"{' without your change' * bool(request.source.set)}"
    )
    assert slider(page).get_attribute("aria-valuetext") == said
    assert page.locator(".lf-when").inner_text() == said
    return request.source


def test_keys_go_from_moment_to_moment_and_the_address_follows(go):
    page = go()
    on(page)
    high = []
    for key, after in (("ArrowLeft", 4802), ("Home", 0), ("ArrowRight", 9), ("End", 6000)):
        page.keyboard.press(key)
        high.append(page.locator(f"{FIGURE} .lf-forms").first.bounding_box())
        assert shown(page).after == after
        end = f"?after={after}{FIGURE}" if after < 6000 else FIGURE
        assert page.url.endswith(f"/{end}")
        high.append(page.locator(f"{FIGURE} .lf-forms").first.bounding_box())
    # Neither it nor what is below it moves.
    assert len({(box["y"], box["height"]) for box in high}) == 1
    verdicts = page.get_by_text("The network is right after")
    assert verdicts.filter(visible=True).count() == 1


def test_an_address_brings_back_a_moment_with_its_text_and_its_weights(go):
    state = f"after=500&text=f(a)&{SCAFFOLD}=0"
    page = go(f"?{state}&mine=1{FIGURE}")
    page.locator("figure.lf-started").wait_for()
    source = shown(page)
    assert (source.after, source.text) == (500, "f(a)")
    assert source.set == (f"{SCAFFOLD}=0",)
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    source = shown(page)
    assert (source.after, source.text) == (510, "f(a)")
    assert page.url.endswith(f"/?mine=1&after=510&text=f(a)&{SCAFFOLD}=0{FIGURE}")
    page.get_by_role("button", name="Reset").click()
    source = shown(page)
    assert (source.after, source.text, source.set) == (6000, None, ())
    assert slider(page).input_value() == str(len(BATCHES) - 1)
    assert page.url.endswith(f"/?mine=1{FIGURE}")


def test_a_batch_of_an_address_is_that_of_the_moment_before_or_none(go):
    page = go(f"?after=602{FIGURE}")
    page.locator("figure.lf-started").wait_for()
    assert slider(page).input_value() == str(BATCHES.index(600))
    for wrong in ("-1", "6001", "4.5", ""):
        page.goto("about:blank")
        page = go(f"?after={wrong}{FIGURE}")
        page.locator("figure.lf-started").wait_for()
        assert shown(page).after == 6000


def test_the_other_slider_moves_a_weight_of_the_moment(go):
    page = go(f"?after=600{FIGURE}")
    weight = page.get_by_role("slider", name="The weight")
    weight.focus()
    page.keyboard.press("ArrowRight")
    assert shown(page).set == (f"{SCAFFOLD}=-4.5",)
    page.get_by_role("button", name="cut").click()
    source = shown(page)
    assert (source.after, source.set) == (600, (f"{SCAFFOLD}=0",))
    wrong = page.get_by_text("The network is wrong after")
    assert wrong.filter(visible=True).count() == 1
    # What is changed stays so at other moments; at the end it does no harm.
    on(page)
    page.keyboard.press("End")
    assert shown(page).set == (f"{SCAFFOLD}=0",)
    said = page.get_by_text("The network is right after each")
    assert said.filter(visible=True).count() == 1
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="as it was").click()
    assert shown(page).set == ()
    held = moments()[-2].weights.weight_hh[1, 0]
    own = page.locator(".lf-weighed output").inner_text()
    assert own == exact(held).replace("-", "−")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_it_plays_when_it_is_asked_to_and_stops_when_it_is_touched(go, motion):
    few = [0, 100, 450, 500, 600, 700, 6000]
    stops, wait = {"no-preference": (BATCHES, 150), "reduce": (few, 1500)}[motion]
    page = go(reduced_motion=motion)
    on(page)
    # From here on no time passes but what a test lets pass.
    page.clock.pause_at(datetime.now() + timedelta(hours=1))
    assert slider(page).input_value() == str(len(BATCHES) - 1)
    page.get_by_role("button", name="Play").click()
    seen, high = [], set()
    for _ in stops:
        seen.append(BATCHES[int(slider(page).input_value())])
        box = page.locator(f"{FIGURE} .lf-forms").first.bounding_box()
        high.add(box["height"])
        page.clock.run_for(wait)
    assert seen == stops
    # What is below it does not move.
    assert len(high) == 1
    page.clock.run_for(wait)
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(wait)
    page.get_by_role("button", name="Pause").click()
    before = slider(page).input_value()
    page.clock.run_for(5 * wait)
    assert slider(page).input_value() == before
    page.get_by_role("button", name="Play").click()
    slider(page).press("Home")
    page.clock.run_for(5 * wait)
    assert slider(page).input_value() == "0"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_and_stays_in_sight_on_a_phone(go, scheme):
    # Colours that are on their way from one scheme to the other are neither.
    page = go(color_scheme=scheme, width=360, reduced_motion="reduce")
    assert violations(page, others=JUDGED) == ""
    on(page).press("Home")
    pause(page)
    page.mouse.wheel(0, 900)
    # Below it is the figure, not the header of the page.
    box = slider(page).bounding_box()
    header = page.locator(".md-header").bounding_box()
    play = page.get_by_role("button", name="Play").bounding_box()
    assert header["y"] + header["height"] <= play["y"] < box["y"] < 300
    point = [box["x"] + 20, box["y"] + box["height"] / 2]
    found = "([x, y]) => document.elementFromPoint(x, y).type"
    assert page.evaluate(found, point) == "range"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert violations(page, others=JUDGED) == ""


def test_a_page_without_scripts_and_paper_have_the_figure_alone(go):
    page = go(java_script_enabled=False)
    assert not slider(page).is_visible()
    assert page.locator(f"{FIGURE} svg.lf-figure").first.is_visible()
    page = go()
    page.emulate_media(media="print")
    assert not slider(page).is_visible()


def test_only_a_figure_with_a_slider_has_the_moments():
    assert "const $twin_written" in script("reading/training")
    for name in ("reading/live", "keep_write_show/live"):
        assert "const $twin_written" not in script(name)
