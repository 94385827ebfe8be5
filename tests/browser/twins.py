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
from lstm_figs.html.live import known
from lstm_figs.html.proving import proof_script
from lstm_figs.html.scripts import script
from tests.browser.conftest import watched

NEAR, PLACE, TENTH = 1e-6, 0.02, 0.11
"""What a value may differ by, a place, and one that is printed in tenths."""

PLACES = {"x", "y", "width", "height", "viewBox", "d", "data-map", "data-scale"}

NUMBER = re.compile(r"-?\d*\.?\d+(?:e[-+]?\d+)?")
PRINTED = re.compile(r"−?\d+\.\d+(?:e−?\d+)?")


PARTS = [pytest.param(part, marks=pytest.mark.thorough if part > 2 else ()) for part in range(10)]
"""Of ten parts of the kept command lines those of a push, and the others."""


def laid_out(browser, folder, module, draw, given, *, entry=""):
    """What a twin lays out.

    Args:
        browser: Where it does.
        folder: For the page that it stands in.
        module: The twin, a file of the folder of the same name.
        draw: JavaScript, a function of all that is given, which has the twin
            and `$twin_subject`.
        given: What is laid out.
        entry: A script that has more than the twin, by its name.
    """
    page = watched(browser)
    told = json.dumps(known(module.replace("_", "-"))).replace("<", "\\u003c")
    code = script(entry or f"{module}/{module}")
    file = folder / "page.html"
    file.write_text(
        "<!doctype html><meta charset=utf-8>"
        f'<script type="application/json" class="lf-known">{told}</script>'
        f'<script type="module">{code}globalThis.draw = {draw};</script>',
        encoding="utf-8",
    )
    page.goto(file.as_uri())
    found = page.evaluate("given => draw(given)", given)
    assert page.faults == []
    page.context.close()
    return found


def faults(lines, found):
    """In what drawings and proofs differ from those of command lines."""
    for line, forms in zip(lines, found, strict=True):
        drawn = parse_header(line).forms()
        pairs = enumerate(zip(forms, drawn, strict=True))
        for number, ((svg, proof), form) in pairs:
            for fault in [
                *different(svg, form.render("svg", "page").decode()),
                *worded(proof, proof_script(form)),
            ]:
                yield f"{line}, form {number}: {fault}"


def different(seen, drawn):
    """In what an SVG differs from that of Python."""
    ours, theirs = ([*ElementTree.fromstring(svg).iter()] for svg in (seen, drawn))
    if [one.tag for one in ours] != [one.tag for one in theirs]:
        yield f"{len(ours)} elements instead of {len(theirs)}, or others"
        return
    for one, other in zip(ours, theirs, strict=True):
        where = other.get("id") or other.tag.rpartition("}")[2]
        if other.tag.endswith("metadata"):
            if json.loads(one.text) != json.loads(other.text):
                yield f"metadata: {one.text} instead of {other.text}"
        elif worded(one.text or "", other.text or ""):
            yield f"{where}: {one.text!r} instead of {other.text!r}"
        if {*one.keys()} != {*other.keys()}:
            yield f"{where} has {sorted(one.keys())}"
            continue
        # The sum of what is behind a number says what it may be off by.
        scale = float(other.get("data-scale", 1))
        for name, value in other.items():
            if not alike(name, one.get(name), value, scale):
                yield f"{where}: {name} {one.get(name)!r} instead of {value!r}"


def alike(name, seen, drawn, scale):
    """Whether an attribute is that of Python."""
    if seen == drawn:
        return True
    near = PLACE
    if name == "data-value":
        near = NEAR * max(1, abs(float(drawn)), scale)
    elif name == "d" and drawn.startswith("m"):
        near, seen, drawn = TENTH, absolute(seen), absolute(drawn)
    elif name not in PLACES:
        return False
    return measured(seen, drawn, near)


def measured(seen, drawn, near):
    """Whether all but the numbers is the same, and these are near."""
    pairs = zip(NUMBER.findall(seen), NUMBER.findall(drawn), strict=False)
    return NUMBER.sub("#", seen) == NUMBER.sub("#", drawn) and all(
        abs(float(a) - float(b)) <= near for a, b in pairs
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


def worded(seen, drawn):
    """In what a text differs by more than one in the last digit of a number."""
    if seen == drawn:
        return []
    pairs = [*zip(PRINTED.findall(seen), PRINTED.findall(drawn), strict=False)]
    others = [beside(a, b) for a, b in pairs if a != b]
    same = PRINTED.sub("#", seen) == PRINTED.sub("#", drawn)
    if same and len(others) <= 1 and all(others):
        return []
    return [f"{seen!r} instead of {drawn!r}"]


def beside(one, other):
    """Whether two printed numbers are next to each other."""
    digits = [text.replace("−", "-").split("e") for text in (one, other)]
    ends = [len(number.partition(".")[2]) for number, *_ in digits]
    apart = abs(float(digits[0][0]) - float(digits[1][0])) * 10 ** ends[0]
    return ends[0] == ends[1] and digits[0][1:] == digits[1][1:] and apart < 1.5


def written(page, figure):
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
