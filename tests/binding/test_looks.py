"""Tests that stroke widths, dashes, opacities and sizes are named constants."""

import ast

from tests.binding.cases import PACKAGE

LOOKS = {"stroke_width", "dash", "opacity", "size"}
"""The attributes that have named constants in `styles` and `words`."""

EXCEPTIONS = {"autograd", "cell-input"}
"""Figures with a literal: the outline of a result, and the letter of a sum."""

SOURCES = [
    path
    for folder in (PACKAGE / "figures", PACKAGE / "sheets")
    for path in sorted(folder.rglob("*.py"))
    if path.relative_to(folder).parts[0].removesuffix(".py").replace("_", "-") not in EXCEPTIONS
]


def literals_of_looks(path):
    """Arguments for these attributes that contain a number, or a text of numbers."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.keyword) and node.arg in LOOKS:
            values = (
                value.value for value in ast.walk(node.value) if isinstance(value, ast.Constant)
            )
            if any(
                isinstance(value, float | int) or value[:1].isdigit()
                for value in values
                if not isinstance(value, bool) and value is not None
            ):
                yield f"{path.name}:{node.lineno} {ast.unparse(node)}"


def test_no_figure_has_a_literal_weight_dash_or_size():
    assert [look for path in SOURCES for look in literals_of_looks(path)] == []
