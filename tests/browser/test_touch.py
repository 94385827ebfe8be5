"""The values and proofs that numbers show under a pointer or finger."""

import json
import re

import pytest

from lstm_figs.command.request import parse_header
from tests.browser.axe import check_phone, violations
from tests.browser.conftest import in_both_schemes, pause
from tests.doc_scripts import python

PAGE, PANEL = "keep-write-show/", ".lf-touch"
FEW, MANY = 3, 10
"""How many numbers are tried on a push, and with --all."""

COPIED_PREFIX = "Copied; it prints about "

PAGES = (
    *("", "what-it-remembers/", "keep-write-show/", "step/", "weight-map/"),
    "in-your-document/",
)


def numbers(page):
    return page.locator("svg.lf-figure:visible text[data-expr]")


def clipboard_text(page):
    return page.evaluate("navigator.clipboard.readText()")


def test_a_pointer_sees_what_a_number_is_and_its_exact_value(page):
    number = numbers(page).first
    number.hover()
    panel = page.locator(PANEL)
    panel.wait_for()
    box, over = panel.bounding_box(), number.bounding_box()
    assert not 0 < over["y"] + over["height"] - box["y"] < over["height"] + box["height"]
    page.mouse.move(2, 2)
    panel.wait_for(state="hidden")
    number.click()
    page.mouse.move(2, 2)
    pause(page)
    assert panel.is_visible()
    page.mouse.click(2, 2)
    assert panel.is_hidden()


FORKS = """
import json, os, sys
import torch
for code in json.load(sys.stdin):
    child = os.fork()
    if not child:
        exec(compile(code, "copied", "exec"), {"__name__": "__main__"})
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(code)
"""
"""Runs each of several scripts in a forked process.

The scripts are independent, but torch is imported only once, which takes most of the
time of a script.
"""


def test_copied_scripts_print_their_numbers(page, address, pytestconfig):
    each = MANY if pytestconfig.getoption("all") else FEW
    scripts, values, messages = [], [], []
    for path in PAGES:
        page.goto(address + path)
        all_numbers = numbers(page)
        count = all_numbers.count()
        for k in range(each):
            number = all_numbers.nth(k * (count - 1) // (each - 1))
            number.scroll_into_view_if_needed()
            number.dispatch_event("click")
            page.locator(f"{PANEL} button").click()
            status = page.locator(f"{PANEL} [role=status]", has_text="Copied")
            messages.append(status.inner_text())
            scripts.append(clipboard_text(page))
            values.append(float(number.get_attribute("data-value")))
    page.goto(address + PAGE)
    assert len({*scripts}) >= 5 / 6 * each * len(PAGES)
    printed = [*map(float, python("-c", FORKS, input=json.dumps(scripts)).splitlines())]
    assert printed == pytest.approx(values, abs=1e-6)
    about = [float(message.removeprefix(COPIED_PREFIX)) for message in messages]
    assert about == [float(f"{value:.5g}") for value in values]
    assert printed == pytest.approx(about, rel=5.1e-5, abs=1e-7)


COUNT_ANSWERING = """svgs => svgs.map(svg => {
  const all = [...svg.querySelectorAll('text[data-expr]')];
  const panel = document.querySelector('.lf-touch');
  return all.filter(number => {
    number.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    const { expr, value, term = '' } = number.dataset;
    const id = number.id.slice(svg.id.length + 2);
    const pattern = ({ dataset }) => dataset.for.replaceAll('*', '[^-]+').replaceAll(' ', '|');
    const labels = [...svg.querySelectorAll('text[data-for]')]
      .filter(label => RegExp(`^(${pattern(label)})$`).test(id)).map(e => e.textContent);
    const terms = term.split(' ');
    const sharesTerm = ({ dataset }) => dataset.term.split(' ').some(e => terms.includes(e));
    return !panel.hidden
      && panel.textContent.startsWith(`${[...new Set(labels)].join(' · ')}${expr} = ${value}`)
      && [...document.querySelectorAll('[data-term]')]
        .every(e => e.matches('.lf-lit') === sharesTerm(e));
  }).length;
})"""
"""Counts the numbers whose panel and whose highlights are right."""


@pytest.mark.parametrize("path", PAGES)
def test_every_number_of_each_figure_answers(open_page, path):
    page = open_page(path)
    figures = page.locator("figure:has(.lf-share)").all()
    total = 0
    for figure in figures:
        command = figure.locator(".lf-share pre").first.text_content()
        request = parse_header(command.removeprefix("lstm-figs draw "))
        forms = figure.locator(".lf-forms:not(.lf-map *) svg.lf-figure")
        counted = [len(form.numbers()) for form in request.forms()]
        assert forms.evaluate_all(COUNT_ANSWERING) == counted, command
        total += sum(counted)
    # The first page has one figure, of c alone.
    assert total >= (20 if path else 6)


def evaluate_sum(written):
    """The value of a sum of rounded numbers, and its tolerance."""
    parts = re.split(r"(\d+(?:\.\d+)?)", written)
    total, rounding = eval(written), 0.0
    for k in range(1, len(parts), 2):
        decimals = len(parts[k].partition(".")[2])
        # A whole number is printed exactly.
        shifted = str(float(parts[k]) + (0.5 * 10**-decimals if decimals else 0))
        rounding += abs(eval("".join([*parts[:k], shifted, *parts[k + 1 :]])) - total)
    return total, rounding


def test_a_sum_of_the_step_is_written_out(page):
    written = {}
    for number in numbers(page).all():
        number.dispatch_event("click")
        sentence = page.locator(f"{PANEL} p").nth(2).inner_text()
        if sentence:
            written[number.get_attribute("data-expr")] = (
                sentence,
                float(number.get_attribute("data-value")),
            )
    page.keyboard.press("Escape")
    names = {expression.partition("[")[0] for expression in written}
    assert names >= {"z_i", "z_f", "z_g", "z_o", "c", "output"}
    for sentence, value in written.values():
        formula = sentence.removeprefix("It is ").removesuffix(".")
        total, rounding = evaluate_sum(formula.replace("×", "*").replace("−", "-"))
        assert total == pytest.approx(value, abs=1.1 * rounding + 1e-6)


def test_the_keyboard_goes_into_the_numbers_and_out_again(page):
    figure = page.locator("svg.lf-figure:visible").first
    assert figure.get_attribute("role") == "img"
    figure.focus()
    page.keyboard.press("Enter")
    row, first = "lstm.weight_ih_l0", "x[7, 0, 0]"
    for key, expr in (
        ("Shift", first),
        ("ArrowDown", f"{row}[0, 0]"),
        ("ArrowDown", f"{row}[1, 0]"),
        ("ArrowRight", f"{row}[1, 1]"),
        ("ArrowUp", f"{row}[0, 1]"),
        ("ArrowLeft", f"{row}[0, 0]"),
        *(("ArrowRight", f"{row}[0, {column}]") for column in (1, 2, 3)),
        ("ArrowRight", "lstm.weight_hh_l0[0, 0]"),
        ("End", "output[7, 0, 1]"),
        ("Home", first),
    ):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.expr") == expr
    assert page.locator(PANEL).is_visible()
    assert violations(page) == ""
    page.keyboard.press("Enter")
    page.locator(f"{PANEL} [role=status]", has_text="Copied").wait_for()
    assert f"torch.as_tensor({first}).item()" in clipboard_text(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.localName") == "svg"
    assert figure.get_attribute("role") == "img"
    assert figure.locator("[tabindex]").count() == 0
    assert page.locator(PANEL).is_hidden()
    page.keyboard.press("Enter")
    page.locator(f"{PANEL} button").click()
    assert page.locator(PANEL).is_visible()
    page.keyboard.press("Escape")


def test_a_word_of_code_lights_up_what_it_stands_for(page):
    word = page.locator("code[data-term]:visible").first
    word.hover()
    highlighted = page.locator(".lf-lit")
    assert highlighted.count() > 1
    page.mouse.move(2, 2)
    assert highlighted.count() == 0


@in_both_schemes
def test_what_is_told_has_room_on_a_phone(open_page, scheme):
    page = open_page(PAGE, width=360, color_scheme=scheme, has_touch=True)
    numbers(page).nth(3).tap()
    check_phone(page, PANEL, (1, 1), scheme)
