"""Mark terms in equations and code with `data-term`, as in figures."""

import re
from functools import cache
from xml.etree.ElementTree import Element, SubElement

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from ..html.commands import OPTION
from ..scene.terms import GATE_NAMES, TERMS

_SUFFIX = re.compile(r"_l\d+(_reverse)?$")
"""The end of a parameter's name: its layer and direction."""

_BEFORE_OPTION = re.compile(r"(?<= )(?=--\w)")
"""The end of a space before an option of a command."""

_NAME = re.compile(r'<span class="n">(\w+)</span>')
"""A name in highlighted code."""


def term_of_code(name: str) -> str:
    """The term of a name in code, or an empty string.

    >>> term_of_code("weight_ih_l0"), term_of_code("lstm.bias_hh_l0")
    ('weight_ih', 'bias_hh')
    >>> term_of_code("print")
    ''
    """
    plain = _SUFFIX.sub("", name.rpartition(".")[2])
    return plain if plain in TERMS else ""


def mark_listing(html: str) -> str:
    """Mark the names of tensors in highlighted code.

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
    """Mark the symbols in a MathML element.

    A symbol with a subscript is one symbol; its parts are not marked.
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
    """Terms by the visible text of their symbols.

    The visible text of the LaTeX `W_{ii}` is `Wii`.
    """
    symbols = {}
    for name, term in TERMS.items():
        for latex in term.latex:
            visible_text = re.sub(r"[\\{}_ ]", "", latex).replace("-", "−")
            gate = visible_text[-1]
            has_gates = name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            is_of_gate = has_gates and gate in GATE_NAMES
            symbols[visible_text] = f"{name} {gate}" if is_of_gate else name
    return symbols


class TermMarker(Treeprocessor):  # type: ignore[misc, unused-ignore]
    """Marks inline code; equations are marked when they are converted."""

    def run(self, root: Element) -> None:
        """Mark every `code` element that names a term, and the options of commands."""
        for element in [*root.iter("code")]:
            code = str(element.text or "")
            if term := term_of_code(code):
                element.set("data-term", term)
            elif code.startswith("--"):
                element.set("class", OPTION)
            elif " --" in code and not len(element):
                command, *options = _BEFORE_OPTION.split(code)
                element.text = AtomicString(command)
                for option in options:
                    part = SubElement(element, "span", {"class": OPTION})
                    part.text = AtomicString(option)
