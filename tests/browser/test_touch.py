"""A number of a figure answers a pointer, a finger and the keyboard."""

import re
import subprocess
import sys

import pytest

from tests.browser.conftest import opened, violations

PANEL = ".lf-touch"
FEW = 8
"""How many copied scripts of a page are run, in one process each."""


@pytest.fixture(scope="module")
def step(browser, address):
    page = opened(browser, f"{address}keep-write-show/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield page
    assert page.faults == []
    page.context.close()


def numbers(page):
    return page.locator("svg.lf-figure:visible text[data-expr]")


def copied(page):
    return page.evaluate("navigator.clipboard.readText()")


def test_a_pointer_sees_what_a_number_is_and_its_exact_value(step):
    number = numbers(step).first
    number.hover()
    panel = step.locator(PANEL)
    panel.wait_for()
    told = panel.inner_text()
    for key in ("data-expr", "data-value"):
        assert number.get_attribute(key) in told
    step.mouse.move(2, 2)
    panel.wait_for(state="hidden")


def test_what_is_copied_prints_the_number(step):
    every = numbers(step)
    for k in range(0, every.count(), every.count() // FEW):
        number = every.nth(k)
        number.click()
        step.locator(f"{PANEL} button").click()
        step.locator(f"{PANEL} [role=status]", has_text="Copied").wait_for()
        done = subprocess.run(
            [sys.executable, "-c", copied(step)],
            capture_output=True,
            text=True,
            check=True,
        )
        value = float(number.get_attribute("data-value"))
        assert float(done.stdout) == pytest.approx(value, abs=1e-6)
    step.keyboard.press("Escape")


def worked_out(written):
    """What a sum of rounded numbers makes, and how far that may be off."""
    parts = re.split(r"(\d+(?:\.\d+)?)", written)
    made, rounding = eval(written), 0.0
    for k in range(1, len(parts), 2):
        decimals = len(parts[k].partition(".")[2])
        one = str(float(parts[k]) + (0.5 * 10**-decimals if decimals else 0))
        rounding += abs(
            eval("".join([*parts[:k], one, *parts[k + 1 :]])) - made
        )
    return made, rounding


def test_a_sum_of_the_step_is_written_out(step):
    written = {}
    for number in numbers(step).all():
        number.dispatch_event("click")
        told = step.locator(f"{PANEL} p").nth(2).inner_text()
        if told:
            written[number.get_attribute("data-expr")] = (
                told,
                float(number.get_attribute("data-value")),
            )
    step.keyboard.press("Escape")
    names = {expression.partition("[")[0] for expression in written}
    assert names >= {"z_i", "z_f", "z_g", "z_o", "c", "output"}
    for told, value in written.values():
        sum_ = told.removeprefix("It is ").removesuffix(".")
        made, rounding = worked_out(sum_.replace("×", "*").replace("−", "-"))
        assert made == pytest.approx(value, abs=1.1 * rounding + 1e-6)


def test_the_keyboard_goes_into_the_numbers_and_out_again(step):
    figure = step.locator("svg.lf-figure:visible").first
    assert figure.get_attribute("role") == "img"
    figure.focus()
    step.keyboard.press("Enter")
    first = step.evaluate("document.activeElement.dataset.expr")
    seen = {first}
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "End", "Home"):
        step.keyboard.press(key)
        seen.add(step.evaluate("document.activeElement.dataset.expr"))
    assert step.evaluate("document.activeElement.dataset.expr") == first
    assert len(seen) > 3
    assert step.locator(PANEL).is_visible()
    assert violations(step) == ""
    step.keyboard.press("Enter")
    step.locator(f"{PANEL} [role=status]", has_text="Copied").wait_for()
    assert f"torch.as_tensor({first}).item()" in copied(step)
    step.keyboard.press("Escape")
    assert step.evaluate("document.activeElement.localName") == "svg"
    assert figure.get_attribute("role") == "img"
    assert figure.locator("[tabindex]").count() == 0
    assert step.locator(PANEL).is_hidden()


def test_a_figure_has_one_tab_stop(step):
    figure = step.locator("svg.lf-figure:visible").first
    figure.focus()
    step.keyboard.press("Tab")
    assert step.evaluate("document.activeElement.localName") == "summary"


def test_a_word_of_code_lights_up_what_it_stands_for(step):
    word = step.locator("code[data-term]:visible").first
    word.hover()
    (term, *_) = word.get_attribute("data-term").split()
    lit = step.locator(".lf-lit")
    assert lit.count() > 1
    for one in lit.all()[:5]:
        assert term in one.get_attribute("data-term").split()
    step.mouse.move(2, 2)
    assert lit.count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_told_has_room_on_a_phone(browser, address, scheme):
    page = opened(
        browser,
        f"{address}keep-write-show/",
        width=360,
        color_scheme=scheme,
        has_touch=True,
    )
    numbers(page).nth(3).tap()
    box = page.locator(PANEL).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert violations(page, contrast_only=scheme == "dark") == ""
    page.context.close()
