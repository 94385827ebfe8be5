"""What a figure laid out in a page is held to: what Python draws of the same.

Where a network runs long enough, NumPy's `exp` and `tanh`, which differ from
processor to processor, and the browser's differ in a last bit. So numbers are
compared as proofs do, and what is printed of one may differ by one in its last
digit.
"""

import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from lstm_figs.command.request import parse_header
from lstm_figs.html.live_controls import twin_tables
from lstm_figs.html.proof_script import proof_script
from lstm_figs.html.scripts import script
from tests.browser.conftest import watched_page

TOLERANCE, PLACE_TOLERANCE, TENTH_TOLERANCE = 1e-6, 0.02, 0.11
"""What a value may differ by, a place, and one that is printed in tenths."""

PLACE_ATTRIBUTES = {"x", "y", "width", "height", "viewBox", "d", "data-map", "data-scale"}

NUMBER = re.compile(r"-?\d*\.?\d+(?:e[-+]?\d+)?")
PRINTED = re.compile(r"−?\d+\.\d+(?:e−?\d+)?")


PARTS = [pytest.param(part, marks=pytest.mark.thorough if part > 2 else ()) for part in range(10)]
"""Of ten parts of the kept command lines those of a push, and the others."""


def laid_out(browser, folder, module, draw, inputs, *, entry=""):
    """What a twin lays out.

    Args:
        browser: Where it does.
        folder: For the page that it stands in.
        module: The twin, a file of the folder of the same name.
        draw: JavaScript, a function of all that is given, which has the twin
            and `$twin_subject`.
        inputs: What is laid out.
        entry: A script that has more than the twin, by its name.
    """
    page = watched_page(browser)
    known_json = json.dumps(twin_tables(module.replace("_", "-"))).replace("<", "\\u003c")
    code = script(entry or f"{module}/{module}")
    file = folder / "page.html"
    file.write_text(
        "<!doctype html><meta charset=utf-8>"
        f'<script type="application/json" class="lf-known">{known_json}</script>'
        f'<script type="module">{code}globalThis.draw = {draw};</script>',
        encoding="utf-8",
    )
    page.goto(file.as_uri())
    results = page.evaluate("given => draw(given)", inputs)
    assert page.faults == []
    page.context.close()
    return results


def faults(lines, drawings):
    """In what drawings and proofs differ from those of command lines."""
    for line, forms in zip(lines, drawings, strict=True):
        expected = parse_header(line).forms()
        pairs = enumerate(zip(forms, expected, strict=True))
        for number, ((svg, proof), form) in pairs:
            for fault in [
                *svg_differences(svg, form.render("svg", "page").decode()),
                *text_differences(proof, proof_script(form)),
            ]:
                yield f"{line}, form {number}: {fault}"


def svg_differences(seen, expected):
    """In what an SVG differs from that of Python."""
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
        # The sum of what is behind a number says what it may be off by.
        scale = float(expected_element.get("data-scale", 1))
        for name, value in expected_element.items():
            if not is_alike(name, element.get(name), value, scale):
                yield f"{where}: {name} {element.get(name)!r} instead of {value!r}"


def is_alike(name, seen, expected, scale):
    """Whether an attribute is that of Python."""
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
    """Whether all but the numbers is the same, and these are near."""
    pairs = zip(NUMBER.findall(seen), NUMBER.findall(expected), strict=False)
    return NUMBER.sub("#", seen) == NUMBER.sub("#", expected) and all(
        abs(float(a) - float(b)) <= tolerance for a, b in pairs
    )


def absolute(path):
    """The points of a path whose places are relative, in tenths."""
    words, here, start = [], (0.0, 0.0), (0.0, 0.0)
    for letter, rest in re.findall(r"([mlz])([^mlz]*)", path):
        numbers = [*map(float, NUMBER.findall(rest))]
        for k in range(0, len(numbers), 2):
            here = here[0] + numbers[k], here[1] + numbers[k + 1]
            words.append(f"{letter}{here[0]:.1f} {here[1]:.1f}")
            start = here if letter == "m" else start
        if letter == "z":
            words.append("z")
            here = start
    return "".join(words)


def text_differences(seen, expected):
    """In what a text differs by more than one in the last digit of a number."""
    if seen == expected:
        return []
    pairs = [*zip(PRINTED.findall(seen), PRINTED.findall(expected), strict=False)]
    others = [is_next_to(a, b) for a, b in pairs if a != b]
    same = PRINTED.sub("#", seen) == PRINTED.sub("#", expected)
    if same and len(others) <= 1 and all(others):
        return []
    return [f"{seen!r} instead of {expected!r}"]


def is_next_to(first, second):
    """Whether two printed numbers are next to each other."""
    digits = [text.replace("−", "-").split("e") for text in (first, second)]
    ends = [len(number.partition(".")[2]) for number, *_ in digits]
    distance = abs(float(digits[0][0]) - float(digits[1][0])) * 10 ** ends[0]
    return ends[0] == ends[1] and digits[0][1:] == digits[1][1:] and distance < 1.5


def forms_as_xml(page, figure):
    """Both forms as XML, without what the page's scripts added."""
    return page.locator(f"{figure} svg.lf-figure:not(.lf-map *)").evaluate_all(
        """svgs => svgs.map(svg => {
          const copy = svg.cloneNode(true);
          for (const name of [...copy.getAttributeNames()])
            if (/tabindex|aria-description|data-/.test(name))
              copy.removeAttribute(name);
          const marked = copy.querySelectorAll('.lf-lit,.lf-shown');
          for (const one of [copy, ...marked]) {
            one.classList.remove('focus-visible', 'lf-lit', 'lf-shown');
            if (!one.classList.length) one.removeAttribute('class');
          }
          return new XMLSerializer().serializeToString(copy);
        })"""
    )


def run_copied(page):
    """The lines that what was copied prints in a fresh Python."""
    code = page.evaluate("navigator.clipboard.readText()")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
