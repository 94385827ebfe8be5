"""Compare figures laid out in a page with Python's drawings.

In long runs, `exp` and `tanh` of NumPy and of the browser may differ in the last
bit; NumPy's depend on the processor. So numbers are compared as in proofs, and
printed numbers may differ by one in the last digit.
"""

import json
import re
from xml.etree import ElementTree

import pytest

from lstm_figs.command.request import parse_header
from lstm_figs.html.live_controls import script_json, twin_tables
from lstm_figs.html.proof_code import proof_code
from lstm_figs.html.scripts import script
from lstm_figs.sources.edits import read_edits
from tests.browser.conftest import watched_page
from tests.doc_scripts import python

TOLERANCE, PLACE_TOLERANCE, TENTH_TOLERANCE = 1e-6, 0.02, 0.11
"""Tolerances of a value, of a position, and of one that is printed in tenths."""

PLACE_ATTRIBUTES = {"x", "y", "width", "height", "viewBox", "d", "data-map", "data-scale"}
"""Attributes whose numbers may be rounded differently."""

NUMBER = re.compile(r"-?\d*\.?\d+(?:e[-+]?\d+)?")
PRINTED = re.compile(r"−?\d+\.\d+(?:e−?\d+)?")


PARTS = [pytest.param(part, marks=pytest.mark.thorough if part > 1 else ()) for part in range(10)]
"""The requests are compared in ten parts, two of them without --all."""


def inputs(lines):
    """Text, edits, options and moment of each command line, as a twin takes them."""
    return [
        (
            request.source.text,
            [list(edit) for edit in read_edits(request.source.set)],
            dict(request.options),
            request.source.after,
        )
        for request in map(parse_header, lines)
    ]


def check_twin(browser, folder, module, draw, lines, *, entry=""):
    """Check that a twin draws command lines as Python does.

    `entry` is the name of a script that contains more than the twin.
    """
    known, script_name = twin_tables(module.replace("_", "-")), entry or f"{module}/{module}"
    requests = [*map(parse_header, lines)]
    check_script(browser, folder, known, script_name, draw, inputs(lines), requests)


def check_script(browser, folder, known, name, draw, values, requests):
    """Check that JavaScript `draw` lays out values with a script as Python draws requests.

    It knows the tables `known`, and the parts of the script, such as `$twin_subject`.

    Returns:
        The SVGs and proofs of all forms of each request.
    """
    page = watched_page(browser)
    file = folder / "page.html"
    file.write_text(
        "<!doctype html><meta charset=utf-8>"
        f'<script type="application/json" class="lf-known">{script_json(known)}</script>'
        f'<script type="module">{script(name)}globalThis.draw = {draw};</script>',
        "utf-8",
    )
    page.goto(file.as_uri())
    drawings = page.evaluate("inputs => draw(inputs)", values)
    assert page.faults == []
    page.context.close()
    wrong = [*faults(requests, drawings)]
    assert not wrong, "\n".join(wrong[:20])
    return drawings


def faults(requests, drawings):
    """Differences between the drawings of Python and JavaScript."""
    for request, forms in zip(requests, drawings, strict=True):
        pairs = zip(forms, request.forms(), strict=True)
        for number, ((svg, proof), form) in enumerate(pairs):
            for fault in [
                *svg_differences(svg, form.render("svg", "page").decode()),
                *text_differences(proof, proof_code(form)),
            ]:
                yield f"{request.command}, form {number}: {fault}"


def svg_differences(seen, expected):
    """Differences between two SVGs, except for rounding."""
    elements, expected_elements = (
        [*ElementTree.fromstring(svg).iter()] for svg in (seen, expected)
    )
    if [element.tag for element in elements] != [element.tag for element in expected_elements]:
        yield f"{len(elements)} elements instead of {len(expected_elements)}, or others"
        return
    for element, expected_element in zip(elements, expected_elements, strict=True):
        where = expected_element.get("id") or expected_element.tag.rpartition("}")[2]
        if expected_element.tag.endswith("metadata"):
            if json.loads(element.text) != json.loads(expected_element.text):
                yield f"metadata: {element.text} instead of {expected_element.text}"
        elif text_differences(element.text or "", expected_element.text or ""):
            yield f"{where}: {element.text!r} instead of {expected_element.text!r}"
        if {*element.keys()} != {*expected_element.keys()}:
            yield f"{where} has {sorted(element.keys())}"
            continue
        # The tolerance of a number depends on the sum it comes from.
        scale = float(expected_element.get("data-scale", 1))
        for name, value in expected_element.items():
            if not is_alike(name, element.get(name), value, scale):
                yield f"{where}: {name} {element.get(name)!r} instead of {value!r}"


def is_alike(name, seen, expected, scale):
    """Whether two attributes are equal up to rounding."""
    if seen == expected:
        return True
    tolerance = PLACE_TOLERANCE
    if name == "data-value":
        tolerance = TOLERANCE * max(1, abs(float(expected)), scale)
    elif name == "d" and expected.startswith("m"):
        tolerance, seen, expected = TENTH_TOLERANCE, absolute(seen), absolute(expected)
    elif name not in PLACE_ATTRIBUTES:
        return False
    return is_near(seen, expected, tolerance)


def is_near(seen, expected, tolerance):
    """Whether all but numbers is equal, and numbers are close."""
    pairs = zip(NUMBER.findall(seen), NUMBER.findall(expected), strict=False)
    return NUMBER.sub("#", seen) == NUMBER.sub("#", expected) and all(
        abs(float(a) - float(b)) <= tolerance for a, b in pairs
    )


def absolute(path):
    """A relative path in absolute coordinates."""
    words, point, start = [], (0.0, 0.0), (0.0, 0.0)
    for letter, rest in re.findall(r"([mlz])([^mlz]*)", path):
        numbers = [*map(float, NUMBER.findall(rest))]
        for k in range(0, len(numbers), 2):
            point = point[0] + numbers[k], point[1] + numbers[k + 1]
            words.append(f"{letter}{point[0]:.1f} {point[1]:.1f}")
            start = point if letter == "m" else start
        if letter == "z":
            words.append("z")
            point = start
    return "".join(words)


def text_differences(seen, expected):
    """Differences of a text, except by one in the last digit of a number."""
    if seen == expected:
        return []
    pairs = [*zip(PRINTED.findall(seen), PRINTED.findall(expected), strict=False)]
    others = [is_next_to(a, b) for a, b in pairs if a != b]
    same = PRINTED.sub("#", seen) == PRINTED.sub("#", expected)
    if same and len(others) <= 1 and all(others):
        return []
    return [f"{seen!r} instead of {expected!r}"]


def is_next_to(first, second):
    """Whether two numbers differ by at most one in their last digit.

    >>> is_next_to("−0.12", "−0.13"), is_next_to("1.2e−3", "1.2e−4")
    (True, False)
    """
    (number, *exponent), (second_number, *second_exponent) = (
        text.replace("−", "-").split("e") for text in (first, second)
    )
    places, second_places = (len(digits.partition(".")[2]) for digits in (number, second_number))
    distance = abs(float(number) - float(second_number)) * 10**places
    return places == second_places and exponent == second_exponent and distance < 1.5


def forms_as_xml(page, figure):
    """Both forms as XML, without additions by scripts of the page."""
    return page.locator(f"{figure} svg.lf-figure:not(.lf-map *)").evaluate_all(
        """svgs => svgs.map(svg => {
          const copy = svg.cloneNode(true);
          for (const name of [...copy.getAttributeNames()])
            if (/tabindex|aria-description|data-/.test(name))
              copy.removeAttribute(name);
          const marked = copy.querySelectorAll('.lf-lit,.lf-shown');
          for (const element of [copy, ...marked]) {
            element.classList.remove('focus-visible', 'lf-lit', 'lf-shown');
            if (!element.classList.length) element.removeAttribute('class');
          }
          return new XMLSerializer().serializeToString(copy);
        })"""
    )


def drawn_request(page, figure):
    """The request of the command below a figure, which must draw the same figure."""
    command = page.locator(f"{figure} .lf-share pre").first.text_content()
    request = parse_header(command.removeprefix("lstm-figs draw "))
    forms = request.forms()
    for seen, form in zip(forms_as_xml(page, figure), forms, strict=True):
        assert [*svg_differences(seen, form.render("svg", "page").decode())] == []
    tools = page.locator(f"{figure} .lf-tools")
    # A page file without proofs has the command alone.
    if "Proof of" in tools.inner_text():
        assert tools.locator("pre").first.text_content() == proof_code(forms[0])
        assert f"Proof of {len(forms[0].numbers())} num" in tools.inner_text()
    return request


def run_copied(page):
    """The lines that Python prints, run on what the page has copied."""
    code = page.evaluate("navigator.clipboard.readText()")
    return python("-W", "error", "-c", code).splitlines()
