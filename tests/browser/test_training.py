"""The slider through the moments of a training."""

from datetime import datetime, timedelta

import pytest

from lstm_figs.html.training_moments import RIGHT_COUNTS
from lstm_figs.proof.digits import exact
from lstm_figs.sources.networks import moments
from tests.browser.axe import violations
from tests.browser.conftest import in_both_schemes, pause
from tests.browser.twins import drawn_request

FIGURE = "#figure-reading"
SCAFFOLD = "lstm.weight_hh_l0[1,0]"
"""A weight that the network needs only while it learns."""
BATCHES = [moment.after for moment in moments()]
"""The moments of the slider, in batches of training."""

PAGE = "how-it-learned/"


@pytest.fixture
def open_training(open_page):
    return lambda end="", **more: open_page(PAGE + end, **more)


def slider(page):
    return page.get_by_role("slider", name="Training")


def focused_slider(page):
    """The slider with the focus, once the figure follows it."""
    slider(page).focus()
    page.locator("figure.lf-started").wait_for()
    return slider(page)


def checked_source(page):
    """The moment of the slider; its figure is compared with Python's drawing."""
    pause(page)
    request = drawn_request(page, FIGURE)
    after = request.source.after
    right = RIGHT_COUNTS[BATCHES.index(after)]
    description = f"batch {after:,} of 6,000 · {right:,} of 1,000 fresh strings right"
    if request.source.set:
        description += " without your change"
    assert slider(page).get_attribute("aria-valuetext") == description
    assert page.locator(".lf-when").inner_text() == description
    marks = page.locator(".lf-track i, .lf-ticks span").evaluate_all(
        "all => all.map(e => [e.textContent, parseFloat(e.style.left)])"
    )
    for label, left in marks:
        batch = int(label.replace(",", "") or after)
        assert left == pytest.approx(100 * BATCHES.index(batch) / (len(BATCHES) - 1), abs=0.01)
    return request.source


def test_keys_go_from_moment_to_moment_and_the_address_follows(open_training):
    page = open_training()
    focused_slider(page)
    boxes = []
    for key, after in (("ArrowLeft", 4802), ("Home", 0), ("ArrowRight", 9), ("End", 6000)):
        page.keyboard.press(key)
        boxes.append(page.locator(f"{FIGURE} .lf-forms").first.bounding_box())
        assert checked_source(page).after == after
        end = f"?after={after}{FIGURE}" if after < 6000 else FIGURE
        assert page.url.endswith(f"/{end}")
        boxes.append(page.locator(f"{FIGURE} .lf-forms").first.bounding_box())
    # Neither it nor the content below it moves.
    assert len({(box["y"], box["height"]) for box in boxes}) == 1
    verdicts = page.get_by_text("The network is right after")
    assert verdicts.filter(visible=True).count() == 1
    page.emulate_media(media="print")
    assert not slider(page).is_visible()


def test_an_address_brings_back_a_moment_with_its_text_and_its_weights(open_training):
    state = f"after=500&text=f(a)&{SCAFFOLD}=0"
    page = open_training(f"?{state}&mine=1{FIGURE}")
    page.locator("figure.lf-started").wait_for()
    source = checked_source(page)
    assert (source.after, source.text) == (500, "f(a)")
    assert source.set == (f"{SCAFFOLD}=0",)
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    source = checked_source(page)
    assert (source.after, source.text) == (510, "f(a)")
    assert page.url.endswith(f"/?mine=1&after=510&text=f(a)&{SCAFFOLD}=0{FIGURE}")
    page.get_by_role("button", name="Reset").click()
    source = checked_source(page)
    assert (source.after, source.text, source.set) == (6000, None, ())
    assert page.url.endswith(f"/?mine=1{FIGURE}")


def test_a_batch_of_an_address_is_that_of_the_moment_before_or_none(open_training):
    page = open_training(f"?after=602{FIGURE}")
    page.locator("figure.lf-started").wait_for()
    assert slider(page).input_value() == str(BATCHES.index(600))
    for wrong in ("-1", "6001", "4.5", ""):
        page.goto("about:blank")
        page = open_training(f"?after={wrong}{FIGURE}")
        page.locator("figure.lf-started").wait_for()
        assert checked_source(page).after == 6000


def test_the_other_slider_moves_a_weight_of_the_moment(open_training):
    page = open_training(f"?after=600{FIGURE}")
    weight = page.get_by_role("slider", name="The weight")
    weight.focus()
    page.keyboard.press("ArrowRight")
    assert checked_source(page).set == (f"{SCAFFOLD}=-4.5",)
    page.get_by_role("button", name="cut").click()
    source = checked_source(page)
    assert (source.after, source.set) == (600, (f"{SCAFFOLD}=0",))
    wrong = page.get_by_text("The network is wrong after")
    assert wrong.filter(visible=True).count() == 1
    # A change is kept at other moments; at the end it does no harm.
    focused_slider(page)
    page.keyboard.press("End")
    assert checked_source(page).set == (f"{SCAFFOLD}=0",)
    verdict = page.get_by_text("The network is right after each")
    assert verdict.filter(visible=True).count() == 1
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="as it was").click()
    assert checked_source(page).set == ()
    expected = moments()[-2].weights.weight_hh[1, 0]
    own = page.locator(".lf-weighed output").inner_text()
    assert own == exact(expected).replace("-", "−")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_it_plays_when_it_is_asked_to_and_stops_when_it_is_touched(open_training, motion):
    few = [0, 100, 450, 500, 600, 700, 6000]
    stops, wait = {"no-preference": (BATCHES, 150), "reduce": (few, 1500)}[motion]
    page = open_training(reduced_motion=motion)
    focused_slider(page)
    # From here on, time passes only when a test advances it.
    page.clock.pause_at(datetime.now() + timedelta(hours=1))
    assert slider(page).input_value() == str(len(BATCHES) - 1)
    page.get_by_role("button", name="Play").click()
    seen, heights = [], set()
    for _ in stops:
        seen.append(BATCHES[int(slider(page).input_value())])
        box = page.locator(f"{FIGURE} .lf-forms").first.bounding_box()
        heights.add(box["height"])
        page.clock.run_for(wait)
    assert seen == stops
    # The content below it does not move.
    assert len(heights) == 1
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


@in_both_schemes
def test_it_can_be_read_and_stays_in_sight_on_a_phone(open_training, scheme):
    # Transitions between colour schemes show colours of neither.
    page = open_training(color_scheme=scheme, width=360, reduced_motion="reduce")
    assert violations(page) == ""
    focused_slider(page).press("Home")
    pause(page)
    slider(page).evaluate("e => scrollBy(0, e.getBoundingClientRect().top + 100)")
    # The figure is below it, and not the header of the page.
    box = slider(page).bounding_box()
    header = page.locator(".md-header").bounding_box()
    play = page.get_by_role("button", name="Play").bounding_box()
    assert header["y"] + header["height"] <= play["y"] < box["y"] < 300
    point = [box["x"] + 20, box["y"] + box["height"] / 2]
    type_at_point = "([x, y]) => document.elementFromPoint(x, y).type"
    assert page.evaluate(type_at_point, point) == "range"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert violations(page) == ""
