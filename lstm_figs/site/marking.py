"""Terms in a page: `data-term` on equations and on code, as on figures."""

import re
from functools import cache
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

from ..scene.terms import GATE_NAMES, TERMS

_SUFFIX = re.compile(r"_l\d+(_reverse)?$")
_NAME = re.compile(r'<span class="n">(\w+)</span>')


def term_of_code(name: str) -> str:
    """The term that a name in code stands for, or nothing.

    >>> term_of_code("weight_ih_l0"), term_of_code("lstm.bias_hh_l0")
    ('weight_ih', 'bias_hh')
    >>> term_of_code("print")
    ''
    """
    plain = _SUFFIX.sub("", name.rpartition(".")[2])
    return plain if plain in TERMS else ""


def mark_listing(html: str) -> str:
    """Highlighted code in which names of tensors have their term.

    >>> mark_listing('<span class="n">h_prev</span>')
    '<span class="n" data-term="h_prev">h_prev</span>'
    """

    def mark(match: re.Match[str]) -> str:
        term = term_of_code(match[1])
        if not term:
            return match[0]
        return f'<span class="n" data-term="{term}">{match[1]}</span>'

    return _NAME.sub(mark, html)


def mark_equation(equation: Element) -> None:
    """Give symbols of a MathML element their terms.

    A symbol with a subscript is one symbol; its parts are not looked at.
    """
    for element in list(equation):
        if element.tag in ("msub", "mi"):
            term = _symbols().get("".join(element.itertext()), "")
            if term:
                element.set("data-term", term)
        if element.tag != "msub":
            mark_equation(element)


@cache
def _symbols() -> dict[str, str]:
    """What a symbol's MathML reads as -> its terms.

    LaTeX is reduced to the characters that are seen: W_{ii} reads Wii.
    """
    symbols = {}
    for name, term in TERMS.items():
        for latex in term.latex:
            visible_text = re.sub(r"[\\{}_ ]", "", latex).replace("-", "−")
            gate = visible_text[-1]
            both = name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            gated = both and gate in GATE_NAMES
            symbols[visible_text] = f"{name} {gate}" if gated else name
    return symbols


class TermMarker(Treeprocessor):  # type: ignore[misc, unused-ignore]
    """Marks inline code; equations are marked where they are made."""

    def run(self, root: Element) -> None:
        """Mark every `code` element that names a term."""
        for element in root.iter("code"):
            term = term_of_code(str(element.text or ""))
            if term:
                element.set("data-term", term)
