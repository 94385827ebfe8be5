"""Convert equations to MathML when the page is built.

`pymdownx.arithmatex` finds the TeX between dollar signs, and latex2mathml
converts it. Then minus signs get the right spacing, and symbols get their
terms.
"""

import re
from functools import partial
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from pymdownx.arithmatex import ArithmatexExtension

from .marking import mark_equation
from .page import Page

UNARY_AFTER = ("=", "(", "[", ",", "+", "−", "⋅", "×")
"""Operators after which a minus is unary."""


def mathml(tex: str, *, block: bool) -> Element:
    """An equation as a MathML element.

    >>> [e.text for e in mathml("a=-b", block=False).iter("mo")]
    ['=', '−']
    """
    element: Element = convert_to_element(tex, display="block" if block else "inline")
    # latex2mathml writes operators as entities such as `&#x0003D;`.
    for row in element.iter():
        row.text = unescape(row.text) if row.text else row.text
    for row in element.iter():
        _mend_minus(list(row))
    mark_equation(element)
    return element


def _mend_minus(row: list[Element]) -> None:
    """Remove the space after unary minus signs."""
    before: Element | None = None
    for child in row:
        if child.tag == "mo" and child.text in ("-", "−"):
            child.text = "−"
            text_before = "" if before is None else "".join(before.itertext())
            if not text_before or text_before in UNARY_AFTER:
                child.set("form", "prefix")
                child.set("lspace", "0")
                child.set("rspace", "0")
        before = child


class _Equations(Treeprocessor):
    """Turns equations into MathML after the page is parsed."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.get("class") == "arithmatex":
                self.convert(element, Page.of(self.md))

    def convert(self, element: Element, page: Page) -> None:
        """Put the MathML of an element's TeX in its place."""
        delimited = unescape(element.text or "").strip()
        tex = delimited[2:-2].strip()
        spot = page.spot("equation", tex)
        if page.is_locating_errors:
            return
        element.text = None
        if not tex:
            return
        try:
            element.append(mathml(tex, block=delimited.startswith("\\[")))
        # latex2mathml's errors share no base class, and it lets Python's pass.
        except Exception as error:
            reason = str(error) or type(error).__name__
            equation = " ".join(tex.split())
            # A mark inside the name of an environment would break it.
            begin = re.match(r"\\begin{.*?}", tex)
            page.fail(
                spot,
                f"cannot read the equation ${equation}$ ({reason}), expected LaTeX that "
                "latex2mathml can read; check its braces and its commands",
                partial(setattr, element, "text"),
                begin[0] if begin else tex.partition("\n")[0],
            )


class MathExtension(ArithmatexExtension):  # type: ignore[misc]
    """The extension that converts `$…$` and `$$…$$` to MathML."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the search for TeX, then the conversion."""
        self.setConfig("generic", True)
        super().extendMarkdown(md)
        Page.of(md)
        # After inline patterns, before the tree is written.
        md.treeprocessors.register(_Equations(md), "lstm-figs-math", 15)


def makeExtension(**more: Any) -> Extension:  # noqa: N802
    """Python-Markdown's entry point."""
    return MathExtension(**more)
