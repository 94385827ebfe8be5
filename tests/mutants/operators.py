"""Mutation operators in addition to Cosmic Ray's, for mistakes in figures.

Imported only in the environment with Cosmic Ray.
"""

import re
from itertools import pairwise

from cosmic_ray.operators.operator import Operator
from parso.python.tree import PythonLeaf

PAIRS = (
    ("weight_ih", "weight_hh"),
    ("bias_ih", "bias_hh"),
    ("h_prev", "c_prev"),
    ("h_0", "c_0"),
    ("h_n", "c_n"),
    ("input", "unit"),
    ("row", "column"),
    ("width", "height"),
    ("start", "end"),
    ("positive", "negative"),
    ("forward", "reverse"),
    ("pos", "neg"),
    ("ih", "hh"),
    ("h", "c"),
    ("x", "h"),
)
"""Words that are easily confused."""

_WORDS = {a: b for pair in PAIRS for a, b in (pair, pair[::-1])}
_WORD = re.compile(rf"(?<![A-Za-z_])({'|'.join(sorted(_WORDS, key=len)[::-1])})(?![A-Za-z_])")
_GATE = re.compile(r"(?<![A-Za-z0-9])([ifgo])(?![A-Za-z0-9])")


class _Each(Operator):
    """Changes a node in one or several ways."""

    def changed(self, node):
        raise NotImplementedError

    def mutation_positions(self, node):
        for _ in self.changed(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        return PythonLeaf(self.changed(node)[index], node.start_pos, node.get_first_leaf().prefix)

    @classmethod
    def examples(cls):
        return ()


def _is_text(node):
    """Whether a node is a string in code, and not a docstring."""
    return (
        node.type in ("string", "fstring_string")
        and not node.get_code(include_prefix=False).startswith('"""')
        and (
            node.parent is None
            or node.parent.type != "expr_stmt"
            or node.parent.children[0] is not node
        )
    )


class _ExchangeInTexts(_Each):
    """Swaps a match of `PATTERN` in a string for its value in `NEW`."""

    def changed(self, node):
        code = node.get_code(include_prefix=False) if _is_text(node) else ""
        return [
            code[: m.start()] + self.NEW[m[1]] + code[m.end() :]
            for m in self.PATTERN.finditer(code)
            # Keep the prefix of an f-string.
            if m.start() or node.type == "fstring_string"
        ]


class ExchangeGates(_ExchangeInTexts):
    """Swaps the letter of a gate in a string: `"i"` becomes `"f"`."""

    PATTERN, NEW = _GATE, dict(zip("ifgo", "fgoi", strict=True))


class ExchangeWords(_ExchangeInTexts):
    """Swaps a word that is easily confused: `"row"` becomes `"column"`."""

    PATTERN, NEW = _WORD, _WORDS


class ShiftIndices(_Each):
    """Shifts an index by one: `[k]` becomes `[(k) + 1]` or `[(k) - 1]`."""

    def changed(self, node):
        around = node.parent
        if (
            around is None
            or around.type != "trailer"
            or around.children[0].value != "["
            or node is not around.children[1]
            or node.type in ("number", "string", "subscript", "subscriptlist", "keyword")
        ):
            return []
        code = node.get_code(include_prefix=False)
        return [f"({code}) + 1", f"({code}) - 1"]


class ExchangeArguments(_Each):
    """Swaps two adjacent positional arguments."""

    def changed(self, node):
        if node.type != "arglist":
            return []
        parts = [child for child in node.children if child.type != "operator"]
        variants = []
        for first, second in pairwise(parts):
            if "argument" in (first.type, second.type):
                continue
            children = [*node.children]
            a, b = children.index(first), children.index(second)
            children[a], children[b] = second, first
            codes = [child.get_code(include_prefix=False) for child in children]
            if first.get_code().strip() != second.get_code().strip():
                variants.append(" ".join(codes))
        return variants


OWN_OPERATORS = (ExchangeGates, ExchangeWords, ShiftIndices, ExchangeArguments)
