"""Faults of signs, and of dots where wires join."""

from lstm_figs.layout import words
from lstm_figs.layout.motifs import wires
from tests.binding.breaking import Change, Fault, wrapped

WIRES = ("cell", "custom-cell")

OTHERS = {"×": "+", "+": "×", "σ": "tanh", "tanh": "σ", "=": "+"}
"""Sign -> a wrong sign to draw instead."""


def wrong_sign(operator, x, y, sign, **more):
    """Draw a wrong sign."""
    return operator(x, y, OTHERS.get(sign, sign), **more)


def wrong_equals_sign(operator, x, y, sign, **more):
    """Draw a wrong sign in place of =."""
    return operator(x, y, "×" if sign == "=" else sign, **more)


def sign_off_wires(operator, x, y, sign):
    """Draw a sign away from its wires."""
    return operator(x - 30, y - 30, sign)


def dot_on_wrong_wire(junction, x, y):
    """Draw a dot on the wire of c, where no other wire joins."""
    return junction(x, y - 260)


def dot_after_joint(junction, x, y):
    """Draw a dot where two wires already run together."""
    return junction(x + 60, y)


SIGNS = wrapped(words, "operator", wrong_sign)

FAULTS = {
    "signs that are others, in circles": Fault((*WIRES, "perceptron"), SIGNS, "is made by"),
    "signs that are others, in rows": Fault(
        ("cell-input", "porting", "projection"), SIGNS, "not an operand|is no sum"
    ),
    "signs that are others, before factors": Fault(
        ("direct-path",), SIGNS, r"not an operand of \+"
    ),
    "names of curves exchanged": Fault(("gate-functions",), SIGNS, r"^text '(σ|tanh)' is above"),
    "a product where two are equal": Fault(
        ("bias-gradients", "cell-input", "porting"),
        wrapped(words, "operator", wrong_equals_sign),
        "not an operand of ×|is no sum",
    ),
    "signs beside their wires": Fault(
        WIRES,
        wrapped(wires, "operator_marks", sign_off_wires),
        "does not lead to the|is on no wire",
    ),
    "a dot on another wire": Fault(
        ("cell",), wrapped(wires, "junction", dot_on_wrong_wire), "a dot at"
    ),
    "a dot where wires go together": Fault(
        ("cell",), wrapped(wires, "junction", dot_after_joint), "a dot at"
    ),
}

CHANGES = {
    "a sum that is not one": Change(
        "perceptron",
        r'data-value="2.0" data-expr="lstm.weight_ih_l0\[0, 0\]"',
        'data-value="2.0" data-expr="lstm.weight_ih_l0[0, 2]"',
        "'1 × 2.00 = 2.00' is wrong: 1.75 = 2",
    ),
    "a name before = that is another's": Change(
        "reading", 'data-for="weight"', 'data-for="c-in"', "equal to"
    ),
}
