"""The buttons and keys that go through the steps of a figure."""

import pytest

from tests.browser.axe import MIN_TOUCH, check_phone
from tests.browser.conftest import in_both_schemes
from tests.browser.twins import drawn_request

PAGE, ID = "step/", "cell"
BAR = f"#figure-{ID} .lf-steps"


@pytest.fixture
def fresh(page, address):
    page.goto("about:blank")
    page.goto(address + PAGE)
    return page


def step_label(page):
    return page.locator(f"{BAR} output").inner_text()


def has_step(page, step):
    page.locator(f"{BAR} output", has_text=f"step {step}").wait_for()


def go(page, name, step):
    page.locator(BAR).get_by_label(name).click()
    has_step(page, step)


def test_each_step_is_what_python_draws_with_its_proof_and_command(fresh):
    for name, step in (("The next step", 3), ("The step before", 2), ("The step before", 1)):
        go(fresh, name, step)
        request = drawn_request(fresh, f"#figure-{ID}")
        assert dict(request.options).get("step", 2) == step
        assert "step=" not in fresh.url if step == 2 else f"step={step}" in fresh.url
    fresh.get_by_text("Share and save").first.click()
    with fresh.expect_download() as download:
        fresh.locator("[data-save=svg]").first.click()
    assert "c[0, 0, 0]" in download.value.path().read_text("utf-8")


def test_buttons_are_disabled_at_the_ends_and_a_link_leads_back(fresh):
    before, after = map(fresh.locator(BAR).get_by_label, ("The step before", "The next step"))
    go(fresh, "The step before", 1)
    # Its address brings the step back.
    fresh.reload()
    has_step(fresh, 1)
    assert before.get_attribute("aria-disabled") == "true"
    before.dispatch_event("click")
    assert step_label(fresh) == "step 1"
    back = fresh.locator(BAR).get_by_text("Back to step 2")
    back.click()
    has_step(fresh, 2)
    assert back.is_hidden()
    assert after.evaluate("e => e === document.activeElement")
    assert before.get_attribute("aria-disabled") == "false"
    assert after.get_attribute("aria-disabled") == "false"


def test_arrow_keys_go_through_the_steps_and_the_figure_keeps_the_focus(fresh):
    figure = fresh.locator(f"#figure-{ID} svg.lf-figure:visible")
    figure.focus()
    for key, step in (("ArrowRight", 3), ("End", 4), ("Control+Home", 4), ("Home", 1)):
        fresh.keyboard.press(key)
        has_step(fresh, step)
        assert fresh.evaluate("document.activeElement.localName") == "svg"
        assert f"step {step}" in figure.text_content()
    fresh.keyboard.press("Enter")
    # Inside the figure, the same keys go from number to number.
    fresh.keyboard.press("ArrowRight")
    assert step_label(fresh) == "step 1"
    assert fresh.evaluate("document.activeElement.dataset.expr")


@pytest.mark.parametrize(
    "end",
    [
        f"?step=99999#figure-{ID}",
        f"?step=<b>#figure-{ID}",
        "?step=3",
        "?step=3#figure-none",
        f"?step=2#figure-{ID}",
    ],
)
def test_an_address_of_no_step_leaves_the_figure_as_it_is(page, address, end):
    page.goto("about:blank")
    page.goto(address + PAGE + end)
    page.wait_for_load_state("networkidle")
    assert step_label(page) == "step 2"


def test_nothing_is_loaded_before_it_is_asked_for(fresh):
    fresh.hosts.clear()
    fresh.reload()
    fresh.wait_for_load_state("networkidle")
    assert not any(".json" in url for url in fresh.hosts)


@in_both_schemes
def test_the_steps_of_a_figure_fit_a_phone(fresh, scheme):
    fresh.set_viewport_size({"width": 360, "height": 900})
    go(fresh, "The next step", 3)
    check_phone(fresh, f"{BAR} button", (MIN_TOUCH, MIN_TOUCH), scheme)
    fresh.set_viewport_size({"width": 1280, "height": 900})


def test_the_strip_of_steps_is_a_slider_and_each_of_its_parts_a_way(fresh):
    strip = fresh.locator(BAR).get_by_role("slider", name="Step")
    assert strip.text_content() == "1234"
    strip.get_by_text("4", exact=True).click()
    has_step(fresh, 4)
    assert strip.get_attribute("aria-valuenow") == "4"
    assert strip.locator("b").all_text_contents() == ["4"]
    strip.focus()
    for key, step in (("ArrowLeft", 3), ("ArrowUp", 4), ("Control+Home", 4), ("Home", 1)):
        fresh.keyboard.press(key)
        has_step(fresh, step)
        assert strip.get_attribute("aria-valuetext") == f"step {step}, {step}"
        assert strip.evaluate("e => e === document.activeElement")
