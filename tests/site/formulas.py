"""Evaluate formulas of pages, in LaTeX or in code, as Python.

A symbol is one tensor in each formula. Two adjacent factors are multiplied, as
matrices if the first is one.
"""

import re

import torch

_COMMANDS = {
    r"\sigma": "sigmoid",
    r"\tanh": "tanh",
    r"\odot": "*",
    r"\cdot": "*",
    "·": "*",
    "−": "-",
}
"""LaTeX command or sign -> its Python."""
_FUNCTIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "log": lambda value: torch.log(torch.as_tensor(value)),
}
_LATEX, _CODE = (
    re.compile(
        r"\\[a-z]+|·|−|(?P<number>\d+(?:\.\d+)?)"
        rf"|(?P<name>{name})|\*\*|\.T|[-+*/@()]"
    )
    for name in (r"[A-Za-z](?:_(?:{[^}]*}|\w))?", r"[A-Za-z]\w*")
)
_SPACE = re.compile(r"(?:\s|\\,|&|\\\\)+")


def sides(text):
    r"""The equations of a formula, each split at its =.

    >>> sides(r"\begin{align*} a &= b \\ c &= d \end{align*}")
    [('a', 'b'), ('c', 'd')]
    >>> sides("1 - z")
    [('1 - z',)]
    """
    body = re.sub(r"\\(?:begin|end){align\*}", "", text)
    return [
        tuple(_SPACE.sub(" ", side).strip() for side in line.split("="))
        for line in body.split(r"\\")
        if line.strip()
    ]


def value(text, names, *, code=False):
    """The value of a formula without =.

    In code, names of symbols may have several letters.

    >>> value("4H(I + H)", {"H": 2, "I": 3})
    tensor(40)
    """
    text = _SPACE.sub(" ", text).strip()
    written = []
    known = {}
    place = 0
    # Whether a value ends here, so that a following value multiplies it, and whether it is
    # a matrix.
    ends, matrix = False, False
    for token in (_CODE if code else _LATEX).finditer(text):
        between = text[place : token.start()]
        assert not between.strip(), f"cannot read {between!r} in {text!r}"
        place = token.end()
        word = _COMMANDS.get(token[0], token[0])
        is_name = token["name"] is not None and word not in _FUNCTIONS
        begins = is_name or token["number"] or word in (*_FUNCTIONS, "(")
        if ends and begins:
            written.append("@" if matrix else "*")
        if is_name:
            known[f"symbol_{len(known)}"] = names[word]
            matrix = _is_matrix(names[word])
            word = f"symbol_{len(known) - 1}"
        elif word == ")" or token["number"]:
            matrix = False
        ends = bool(is_name or token["number"] or word == ")")
        written.append(word)
    assert not text[place:].strip(), f"cannot read {text[place:]!r} in {text!r}"
    return torch.as_tensor(eval(" ".join(written), _FUNCTIONS | known))


def _is_matrix(symbol):
    return isinstance(symbol, torch.Tensor) and symbol.dim() == 2
