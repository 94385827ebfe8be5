"""The live figure `keep-write-show` at each step, with changed numbers."""

import ast
from urllib.parse import quote

import pytest

from lstm_figs.sources.trained import TEXT
from tests.browser.axe import check_phone
from tests.browser.conftest import pause
from tests.browser.twins import drawn_request, forms_as_xml, run_copied

PAGE = "keep-write-show/"
FIGURE = "#figure-keep-write-show"
WEIGHT = "lstm.weight_hh_l0[0,1]"


@pytest.fixture
def fresh(page, address):
    """The page after loading."""
    return open_at(page, address, "")


@pytest.fixture
def ready(fresh):
    """The page after its script has loaded and framed a number."""
    return loaded(fresh)


def open_at(page, address, end):
    page.goto("about:blank")
    page.goto(address + PAGE + end)
    return page


def loaded(page):
    control(page, "The next step").hover()
    page.locator(f"{FIGURE} .lf-chosen:visible").wait_for()
    return page


def control(page, name):
    bar = page.locator(f"{FIGURE} .lf-live")
    return bar.get_by_role("button", name=name, exact=True)


def field(page):
    return page.locator(FIGURE).get_by_label("to", exact=True)


def choose(page, slot):
    page.locator(f"{FIGURE} select").select_option(slot)
    # The script adds the frame when it starts.
    page.locator(f"{FIGURE} .lf-chosen:visible").wait_for()


def wait_for_message(page, words):
    """The message about the step, as soon as it contains some words."""
    status = page.locator(f"{FIGURE} .lf-live [role=status]", has_text=words)
    pause(page)
    return status.first.inner_text()


def check(page):
    """Compare everything in the page with the drawing of its command."""
    wait_for_message(page, "Unit 1 keeps")
    request = drawn_request(page, FIGURE)
    step = dict(request.options).get("step", 2)
    return request.source.text, request.source.set, step


def value(page, expression):
    number = f"{FIGURE} svg:visible [data-expr='{expression}']"
    return float(page.locator(number).first.get_attribute("data-value"))


def test_buttons_and_keys_go_from_step_to_step(ready):
    before, status = forms_as_xml(ready, FIGURE), wait_for_message(ready, "Unit 1 keeps")
    control(ready, "The next step").click()
    assert check(ready) == (None, (), 9)
    svg = ready.locator(f"{FIGURE} svg.lf-figure:visible")
    assert "from step to step" in svg.get_attribute("aria-description")
    svg.focus()
    for key, step in (("Home", 1), ("End", 34), ("ArrowLeft", 33)):
        ready.keyboard.press(key)
        assert ready.locator(f"{FIGURE} output").inner_text() == str(step)
        assert check(ready) == (None, (), step)
    ready.wait_for_url(f"**/?step=33{FIGURE}")
    # The focus stays where it was.
    assert ready.evaluate("document.activeElement.id") == "keep-write-show"
    control(ready, "Reset").click()
    assert check(ready) == (None, (), 8)
    assert forms_as_xml(ready, FIGURE) == before
    assert wait_for_message(ready, "Unit 1 keeps") == status


def test_a_weight_that_is_cut_lets_less_in_and_pytorch_agrees(fresh):
    choose(fresh, "lstm.weight_hh_l0:0,1")
    assert field(fresh).input_value() == "-10.576"
    control(fresh, "zero").click()
    assert check(fresh) == (None, (f"{WEIGHT}=0",), 8)
    assert "c is 2.04 (2.15 as trained)" in wait_for_message(fresh, "as trained")
    control(fresh, "Copy as PyTorch").click()
    fresh.locator(f"{FIGURE} .lf-live", has_text="Copied").wait_for()
    for line in run_copied(fresh):
        name, _, numbers = line.partition(" ")
        of = {"h": "output", "c": "c"}[name]
        for unit, number in enumerate(ast.literal_eval(numbers)):
            seen = value(fresh, f"{of}[7, 0, {unit}]")
            assert seen == pytest.approx(number, abs=1e-6)
    control(fresh, "as it was").click()
    assert check(fresh) == (None, (), 8)
    control(fresh, "Undo").click()
    assert check(fresh) == (None, (f"{WEIGHT}=0",), 8)


@pytest.mark.parametrize(
    ("slot", "typed", "edits"),
    [("x:0", ".5", ("x[7,0,0]=0.5",)), ("lstm.bias_ih_l0:3", "−20", ("lstm.bias_ih_l0[3]=-20",))],
)
def test_what_is_typed_is_drawn(fresh, slot, typed, edits):
    choose(fresh, slot)
    field(fresh).fill(typed)
    assert check(fresh) == (None, edits, 8)


def test_a_state_of_a_later_step_begins_there(fresh):
    states = [value(fresh, f"{name}_prev[7, 0, {unit}]") for name in ("h", "c") for unit in (0, 1)]
    choose(fresh, "x:1")
    field(fresh).fill("2")
    control(fresh, "The next step").click()
    control(fresh, "The step before").click()
    choose(fresh, "c_prev:1")
    field(fresh).fill("3")
    assert wait_for_message(fresh, "The sequence begins here, with this state.")
    text, edits, step = check(fresh)
    assert (text, step) == (TEXT[7:], 1)
    values = dict(edit.split("=") for edit in edits)
    assert values.pop("x[0,0,1]") == "2"
    assert values.pop("c_0[0,0,1]") == "3"
    assert [*map(float, values.values())] == pytest.approx(states[:3])
    # Undo all at once, and then the input.
    control(fresh, "Undo").click()
    assert check(fresh) == (None, ("x[7,0,1]=2",), 8)
    control(fresh, "Undo").click()
    assert check(fresh) == (None, (), 8)


def test_the_keyboard_alone_changes_a_number_of_the_figure(fresh):
    svg = fresh.locator(f"{FIGURE} svg.lf-figure:visible")
    svg.focus()
    # Keys pressed before the script has loaded are remembered.
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        fresh.keyboard.press(key)
    fresh.wait_for_url(f"**/?step=9{FIGURE}")
    # The first number is in the input; the next one is to its right.
    for key in ("Enter", "ArrowRight"):
        fresh.keyboard.press(key)
    fresh.keyboard.type("-1.5")
    assert check(fresh) == (None, ("x[8,0,1]=-1.5",), 9)
    for key in ("ArrowUp", "Shift+ArrowDown"):
        fresh.keyboard.press(key)
    assert check(fresh) == (None, ("x[8,0,1]=-2.4",), 9)
    assert field(fresh).input_value() == "-2.4"
    fresh.keyboard.press("Escape")
    assert fresh.evaluate("document.activeElement.id") == "keep-write-show"


def test_a_number_is_chosen_where_it_is_drawn(ready):
    number = f"{FIGURE} svg:visible [data-expr='{WEIGHT.replace(',', ', ')}']"
    ready.locator(number).click()
    chosen = ready.locator(f"{FIGURE} .lf-chosen:visible")
    ready.wait_for_function("document.activeElement.matches('input')")
    ready.keyboard.type("2")
    assert check(ready) == (None, (f"{WEIGHT}=2",), 8)
    frame, cell = (element.bounding_box() for element in (chosen, ready.locator(number)))
    assert frame["x"] < cell["x"] + cell["width"] / 2 < (frame["x"] + frame["width"])
    # A phone shows weights by their colour.
    ready.set_viewport_size({"width": 360, "height": 900})
    cell = "#keep-write-show-narrow--weight_ih-2-3"
    ready.locator(cell).click()
    control(ready, "zero").click()
    edits = (f"{WEIGHT}=2", "lstm.weight_ih_l0[2,3]=0")
    assert check(ready) == (None, edits, 8)
    ready.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (
            f"?text={quote('f(a)')}&step=3&{WEIGHT}=0&x[1,0,0]=0.5",
            ("f(a)", (f"{WEIGHT}=0", "x[1,0,0]=0.5"), 3),
        ),
        # The default step is beyond its end.
        ("?text=abc", ("abc", (), 3)),
        (
            "?step=1&h_0%5B0%2C0%2C1%5D=-.25&c_0[0,0,0]=2",
            (None, ("h_0[0,0,1]=-0.25", "c_0[0,0,0]=2"), 1),
        ),
    ],
)
def test_an_address_brings_back_what_was_shared(page, address, end, state):
    open_at(page, address, end + FIGURE)
    assert check(page) == state
    shared = page.url
    open_at(page, address, shared.partition(PAGE)[2])
    assert check(page) == state


@pytest.mark.parametrize(
    "end",
    [
        f"?step=0&step=35&step=1e1&step=-1{FIGURE}",
        f"?x[34,0,0]=1&x[0,1,0]=1&x[0]=1&h_prev[7,0,0]=1&c[0,0,0]=1{FIGURE}",
        f"?h_0[0,0,0]=1e4&c_0[0,0,0]=nan&__proto__[0]=1{FIGURE}",
        f"?text=%00&step=%3Cscript%3E&constructor[0]=1{FIGURE}",
    ],
)
def test_a_malformed_address_leaves_the_figure_as_it_is(page, address, end):
    open_at(page, address, "")
    before = forms_as_xml(page, FIGURE)
    loaded(open_at(page, address, end))
    assert forms_as_xml(page, FIGURE) == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_controls_fit_a_phone(fresh, scheme):
    fresh.set_viewport_size({"width": 360, "height": 900})
    control(fresh, "zero").click()
    wait_for_message(fresh, "Unit 0 keeps")
    check_phone(fresh, f"{FIGURE} .lf-live :is(button, input, select)", (24, 43.9), scheme)
    fresh.set_viewport_size({"width": 1280, "height": 900})
