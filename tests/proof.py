"""Prove every number in an SVG, with torch and without lstm_figs.

As a script, reads a JSON list of SVGs and prints how many numbers it proved.
"""

import json
import math
import re
import subprocess
import sys
from decimal import Decimal
from functools import lru_cache, partial
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
# Numbers as figures print them, and decimal points in words.
PRINTED = re.compile(r"[+−]?\d+(\.\d+)?(e[+−]?\d+)?|NaN|∞|−∞")
POINT = re.compile(r"\.\d")
SPECIAL = {"nan": "NaN", "inf": "∞", "-inf": "−∞"}
"""How Python writes a number -> how a figure prints it."""

TOLERANCE = 1e-6
"""Allowed difference of an expression from its number, relative to its addends."""

Element = ElementTree.Element

NUMBERLESS = {"hidden-size"}
"""Figures without numbers from a tensor."""

code_of = lru_cache(maxsize=2**14)(partial(compile, filename="", mode="eval"))
"""Compile an expression once for all tensors that a figure is drawn from."""


def read(svg_text):
    return ElementTree.fromstring(svg_text)


def svg_of(figure):
    return figure.render("svg", "light").decode()


def texts(root):
    for element in root.iter(f"{SVG}text"):
        yield element, "".join(element.itertext())


def numbers(root):
    return [text for text, _ in texts(root) if "data-value" in text.attrib]


def metadata(root):
    return json.loads(root.findtext(f"{SVG}metadata"))


def is_rounded(printed, value):
    """Whether a text is a value, rounded to the last digit it shows."""
    if not PRINTED.fullmatch(printed):
        return False
    if value in SPECIAL or printed in SPECIAL.values():
        return printed == SPECIAL.get(value)
    rounded, exact = Decimal(printed.replace("−", "-")), Decimal(value)
    if (rounded == 0) != (exact == 0):
        return False
    unit = Decimal(1).scaleb(rounded.as_tuple().exponent)
    return abs(rounded - exact) <= unit / 2


def is_close(got, value, scale):
    if not math.isfinite(value):
        return got == value or (math.isnan(got) and math.isnan(value))
    return abs(got - value) <= TOLERANCE * max(1, abs(value), scale)


def prove(svg_text, namespace=None):
    """Prove every number of a figure, and return how many there are.

    The namespace has the variables that the preamble expects the reader to have.
    """
    root = read(svg_text)
    names = dict(namespace or {})
    exec(metadata(root)["preamble"], names)
    return prove_with(root, names)


def prove_all(figure, namespace=None):
    """Prove every number that a figure says it has, and return how many there are."""
    count = prove(svg_of(figure), namespace)
    assert count == len(figure.numbers())
    return count


def prove_with(root, names):
    """Prove every number of a figure, with the namespace after its preamble has run."""
    figure = root.get("id")
    count = 0
    proven_words = _proven_words(root, names)
    for text, printed in texts(root):
        if "data-value" not in text.attrib:
            for word in proven_words.get(text, ()):
                printed = printed.replace(word, "")
            assert text.get("class") == "lf-tick" or not POINT.search(printed), (
                f"{figure}: {printed!r} has a decimal point and no proof"
            )
            continue
        value, expr = text.attrib["data-value"], text.attrib.get("data-expr")
        where = f"{figure}, {text.get('id')}, {expr}"
        assert expr, f"{where}: a number without an expression"
        assert is_rounded(printed, value), f"{where}: {printed} for {value}"
        got = eval(code_of(expr), names).item()
        scale = float(text.get("data-scale", "1"))
        assert is_close(got, float(value), scale), f"{where}: {got} not {value}"
        count += 1
    return count


def _proven_words(root, names):
    """Words with a decimal point in sentences, such as versions, that are proven."""
    words = {}
    about = metadata(root)
    for sentence in root.iter():
        for word, expr in json.loads(sentence.get("data-says") or "[]"):
            if expr:
                # Numbers are proven separately.
                is_proven = "." in word and eval(code_of(expr), names) == word
            else:
                is_proven = is_recorded(word, about)
            if is_proven:
                for text in sentence.iter(f"{SVG}text"):
                    words.setdefault(text, []).append(word)
    return words


def is_recorded(word, about):
    """Whether a word without an expression comes from the metadata.

    It can be the version of torch, or the name of a file or a module in it. The
    name may be shortened in the middle.
    """
    if word == about["torch"]:
        return True
    where = f"{about['command']}\n{about['preamble']}"
    return all(piece in where for piece in re.split("[….]", word))


def content(svg):
    """The texts of a figure with their numbers and positions, to compare two figures."""
    return [
        (*map(text.get, ("id", "data-value", "data-expr", "x", "y")), printed)
        for text, printed in texts(read(svg))
    ]


def prove_in_fresh_process(svgs):
    """Prove figures in a process that cannot import lstm_figs."""
    done = subprocess.run(
        [sys.executable, __file__], input=json.dumps(svgs), capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


if __name__ == "__main__":
    sys.modules["lstm_figs"] = None
    sys.stdin.reconfigure(encoding="utf-8")
    print(sum(map(prove, json.load(sys.stdin))))
