"""Weights, dashes, opacities and sizes have names."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.binding.cases import PACKAGE

LOOKS = {"stroke_width", "dash", "opacity", "size"}
"""What `styles` and `words` have names for."""

OWN = {"autograd", "cell-input"}
"""Figures that write one: the outline of a result, and the letter of a sum."""

SOURCES = [
    path
    for folder in (PACKAGE / "figures", PACKAGE / "sheets")
    for path in sorted(folder.rglob("*.py"))
    if path.relative_to(folder).parts[0].removesuffix(".py").replace("_", "-") not in OWN
]


def written(path: Path) -> Iterator[str]:
    """Each look that a file writes itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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


def test_no_figure_writes_a_weight_a_dash_or_a_size_itself():
    assert len(SOURCES) > 40
    assert [look for path in SOURCES for look in written(path)] == []
