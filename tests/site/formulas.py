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

# In LaTeX, a symbol is one letter with a subscript, such as `W_{ih}`.
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
    python = []
    values = {}
    place = 0
    # Whether a factor ended, so that a factor that follows is multiplied by it.
    is_after_factor, is_matrix = False, False
    for token in (_CODE if code else _LATEX).finditer(text):
        between = text[place : token.start()]
        assert not between.strip(), f"cannot read {between!r} in {text!r}"
        place = token.end()
        word = _COMMANDS.get(token[0], token[0])
        is_symbol = token["name"] is not None and word not in _FUNCTIONS
        begins_factor = is_symbol or token["number"] or word in (*_FUNCTIONS, "(")
        if is_after_factor and begins_factor:
            python.append("@" if is_matrix else "*")
        if is_symbol:
            is_matrix = _is_matrix(names[word])
            # `W_{ih}` is no name in Python.
            symbol, word = word, f"symbol_{len(values)}"
            values[word] = names[symbol]
        elif word == ")" or token["number"]:
            is_matrix = False
        is_after_factor = bool(is_symbol or token["number"] or word == ")")
        python.append(word)
    assert not text[place:].strip(), f"cannot read {text[place:]!r} in {text!r}"
    return torch.as_tensor(eval(" ".join(python), _FUNCTIONS | values))


def _is_matrix(symbol):
    return isinstance(symbol, torch.Tensor) and symbol.dim() == 2
