"""The live figure `keep-write-show`: steps, weights and addresses."""

import ast
from urllib.parse import quote

import pytest

from lstm_figs.sources.trained import TEXT
from tests.browser.axe import MIN_TOUCH, check_phone
from tests.browser.conftest import in_both_schemes
from tests.browser.live import WEIGHT, keep_write_show
from tests.browser.twins import run_copied

PAGE = "keep-write-show/"
FIGURE = "#figure-keep-write-show"


@pytest.fixture
def live(page, address):
    return keep_write_show(page).open(address + PAGE)


@pytest.fixture
def ready(live):
    return loaded(live)


def loaded(live):
    """The figure, once its script has framed a number."""
    live.button("The next step").hover()
    live.find(".lf-chosen:visible").wait_for()
    return live


def choose(live, slot):
    live.find("select").select_option(slot)
    # The script adds the frame when it starts.
    live.find(".lf-chosen:visible").wait_for()


def state_after_check(live):
    """Text, edits and step, after everything in the page agrees with its command."""
    live.message("Unit 1 keeps")
    request = live.drawn_request()
    source, step = request.source, dict(request.options).get("step", 2)
    tokens = source.text or TEXT
    live.check_controls((source.text, source.set, step) == (None, (), 8))
    strip = live.figure.get_by_role("slider", name="Step")
    assert strip.text_content() == tokens
    assert strip.get_attribute("aria-valuetext") == f"step {step}, {tokens[step - 1]}"
    assert strip.get_attribute("aria-valuemax") == str(len(tokens))
    position = live.find("span:has(> .lf-count)").inner_text().split()
    assert position == ["step", str(step), "of", str(len(tokens))]
    for name, end in (("The step before", 1), ("The next step", len(tokens))):
        assert live.button(name).is_disabled() == (step == end)
    return source.text, source.set, step


def test_buttons_and_keys_go_from_step_to_step(ready):
    before, status = ready.forms(), ready.message("Unit 1 keeps")
    ready.press("The next step")
    assert state_after_check(ready) == (None, (), 9)
    ready.svg.focus()
    for key, step in (("Home", 1), ("End", 34), ("Control+Home", 34), ("ArrowLeft", 33)):
        ready.keys(key)
        assert state_after_check(ready) == (None, (), step)
    ready.page.wait_for_url(f"**/?step=33{FIGURE}")
    # The focus stays where it was.
    assert ready.page.evaluate("document.activeElement.id") == "keep-write-show"
    ready.press("Reset")
    assert state_after_check(ready) == (None, (), 8)
    assert ready.forms() == before
    assert ready.message("Unit 1 keeps") == status


def test_a_weight_that_is_cut_lets_less_in_and_pytorch_agrees(live):
    choose(live, "lstm.weight_hh_l0:0,1")
    assert live.field.input_value() == "-10.576"
    live.press("zero")
    assert state_after_check(live) == (None, (f"{WEIGHT}=0",), 8)
    assert "c is 2.04 (2.15 as trained)" in live.message("as trained")
    live.press("Copy as PyTorch")
    live.find(".lf-live", has_text="Copied").wait_for()
    for line in run_copied(live.page):
        name, _, numbers = line.partition(" ")
        of = {"h": "output", "c": "c"}[name]
        for unit, number in enumerate(ast.literal_eval(numbers)):
            seen = live.value(f"{of}[7, 0, {unit}]")
            assert seen == pytest.approx(number, abs=1e-6)


@pytest.mark.parametrize(
    ("slot", "typed", "edits"),
    [("x:0", ".5", ("x[7,0,0]=0.5",)), ("lstm.bias_ih_l0:3", "−20", ("lstm.bias_ih_l0[3]=-20",))],
)
def test_what_is_typed_is_drawn(live, slot, typed, edits):
    choose(live, slot)
    live.field.fill(typed)
    assert state_after_check(live) == (None, edits, 8)
    choose(live, "x:2")
    assert live.button("as it was").is_disabled()


def test_a_state_of_a_later_step_begins_there(live):
    states = [live.value(f"{name}_prev[7, 0, {unit}]") for name in ("h", "c") for unit in (0, 1)]
    choose(live, "x:1")
    live.field.fill("2")
    live.press("The next step")
    live.press("The step before")
    choose(live, "c_prev:1")
    live.field.fill("3")
    assert live.message("The sequence begins here, with this state.")
    text, edits, step = state_after_check(live)
    assert (text, step) == (TEXT[7:], 1)
    values = dict(edit.split("=") for edit in edits)
    assert values.pop("x[0,0,1]") == "2"
    assert values.pop("c_0[0,0,1]") == "3"
    assert [*map(float, values.values())] == pytest.approx(states[:3])
    # Undo all at once, and then the input.
    live.press("Undo")
    assert state_after_check(live) == (None, ("x[7,0,1]=2",), 8)
    live.press("Undo")
    assert state_after_check(live) == (None, (), 8)


def test_the_keyboard_alone_changes_a_number_of_the_figure(live):
    live.svg.focus()
    # Keys pressed before the script has loaded are remembered.
    live.keys("ArrowRight", "ArrowRight", "ArrowLeft")
    live.page.wait_for_url(f"**/?step=9{FIGURE}")
    # The first number is in the input; the next one is to its right.
    live.keys("Enter", "ArrowRight")
    assert live.find("select").input_value() == "x:1"
    live.page.keyboard.type("-1.5")
    assert state_after_check(live) == (None, ("x[8,0,1]=-1.5",), 9)
    live.keys("ArrowUp", "Shift+ArrowDown")
    assert state_after_check(live) == (None, ("x[8,0,1]=-2.4",), 9)
    assert live.field.input_value() == "-2.4"
    live.keys("Escape")
    assert live.page.evaluate("document.activeElement.id") == "keep-write-show"


def test_a_number_is_chosen_where_it_is_drawn(ready):
    number = ready.number(WEIGHT.replace(",", ", "))
    number.click()
    ready.page.wait_for_function("document.activeElement.matches('input')")
    ready.page.keyboard.type("2")
    assert state_after_check(ready) == (None, (f"{WEIGHT}=2",), 8)
    frame, cell = ready.find(".lf-chosen:visible").bounding_box(), number.bounding_box()
    for side, length in (("x", "width"), ("y", "height")):
        assert frame[side] < cell[side] + cell[length] / 2 < frame[side] + frame[length]
    # A phone shows weights by their colour.
    ready.resize(360)
    ready.find("#keep-write-show-narrow--weight_ih-2-3").click()
    ready.press("zero")
    edits = (f"{WEIGHT}=2", "lstm.weight_ih_l0[2,3]=0")
    assert state_after_check(ready) == (None, edits, 8)


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (
            f"?text={quote('f(a)')}&step=3&{WEIGHT}=0&x[1,0,0]=0.5",
            ("f(a)", (f"{WEIGHT}=0", "x[1,0,0]=0.5"), 3),
        ),
        ("?step=34", (None, (), 34)),
        # The default step is beyond its end.
        ("?text=abc", ("abc", (), 3)),
        (
            "?mine=1&step=1&h_0%5B0%2C0%2C1%5D=-.25&c_0[0,0,0]=2",
            (None, ("h_0[0,0,1]=-0.25", "c_0[0,0,0]=2"), 1),
        ),
    ],
)
def test_an_address_brings_back_what_was_shared(page, address, end, state):
    live = keep_write_show(page).open(address + PAGE + end + FIGURE)
    assert state_after_check(live) == state
    assert ("mine=1" in page.url) == ("mine=1" in end)
    assert state_after_check(live.open(page.url)) == state


@pytest.mark.parametrize(
    "end",
    [
        f"?step=0&step=35&step=1e1&step=-1{FIGURE}",
        f"?x[34,0,0]=1&x[0,1,0]=1&x[0]=1&h_prev[7,0,0]=1&c[0,0,0]=1{FIGURE}",
        f"?h_0[0,0,0]=1e4&c_0[0,0,0]=nan&__proto__[0]=1{FIGURE}",
        f"?text=%00&step=%3Cscript%3E&constructor[0]=1{FIGURE}",
    ],
)
def test_a_malformed_address_leaves_the_figure_as_it_is(live, address, end):
    before = live.forms()
    loaded(live.open(address + PAGE + end))
    assert live.forms() == before


@in_both_schemes
def test_the_controls_fit_a_phone(ready, scheme):
    ready.resize(360)
    ready.press("zero")
    strip = ready.figure.get_by_role("slider", name="Step")
    strip.press("End")
    ready.find("output", has_text="34").wait_for()
    mark, window = (element.bounding_box() for element in (strip.locator("b"), strip))
    assert window["x"] < mark["x"] < window["x"] + window["width"]
    ready.message("Unit 0 keeps")
    check_phone(
        ready.page, f"{FIGURE} .lf-live :is(button, input, select)", (24, MIN_TOUCH), scheme
    )
