"""The import graph of this package, drawn as a `Graph`."""

import ast
from collections.abc import Iterator
from pathlib import Path

from ..layout.margins import inner_width, wrap
from ..layout.shapes import arrow
from ..proof.bindings import sentence
from ..scene import metrics
from ..scene.marks import Box, Mark, Text
from ..scene.scenes import Diagram, Graph, GraphEdge, GraphNode, Head
from .code_digests import PACKAGE

OUTSIDE = {
    "numpy": "NumPy",
    "torch": "torch",
    "matplotlib": "Matplotlib",
    "graphviz": "Graphviz",
    "safetensors": "safetensors",
    "markdown": "Python-Markdown",
    "mkdocs": "MkDocs",
}
"""The libraries that the graph shows, by import name."""

WIDTH, PHONE = 720, 360
"""The width of the wide and of the narrow form."""

LINE_HEIGHT = 15.0
"""The distance between the baselines of two lines of a list."""
FONT_SIZE, NAME_SIZE = 11.0, 11.5
"""The font size, and that of the names at the left of a list."""

Imports = dict[str, set[str]]
"""Module -> what it imports."""


def import_graph() -> Graph:
    """Modules and folders of the package, and the libraries they use."""
    imports = _imports()
    modules = sorted(imports)
    libraries = sorted(set().union(*imports.values()) & set(OUTSIDE))
    direct = _reduce(imports)
    edges = tuple(
        GraphEdge(module, target, "muted" if target in imports else "rule")
        for module in modules
        for target in sorted(direct[module])
    )
    return Graph(
        heading=Head(
            sentence("Which module imports which"),
            sentence(
                "An arrow goes from a module to a module that it imports. Arrows that follow "
                "from others are left out."
            ),
            sentence(f"{len(modules)} modules and folders of lstm_figs"),
            (sentence("Read from the source at build time."),),
        ),
        description=" ".join(
            f"{module} imports {', '.join(sorted(imports[module])) or 'none'}."
            for module in modules
        ),
        nodes=(
            *(_node(name, name, "panel", "ink") for name in modules),
            *(_node(name, OUTSIDE[name], "paper", "rule") for name in libraries),
        ),
        edges=edges,
        figure_width=WIDTH,
        gap=(2, 30),
    )


def import_list(wide: Graph) -> Diagram:
    """The imports as a list with a row for each module, because phones are too narrow."""
    after: dict[str, list[str]] = {node.id: [] for node in wide.nodes}
    for edge in wide.edges:
        after[edge.tail].append(edge.head)
    names = [node.id for node in wide.nodes if after[node.id]]
    left = max(metrics.width(name, FONT_SIZE, mono=True) for name in names) + 8
    marks: list[Mark] = []
    y = 0.0
    for name in names:
        targets = ", ".join(OUTSIDE.get(target, target) for target in after[name])
        lines = wrap(targets, FONT_SIZE, inner_width(PHONE) - left - 24)
        marks += [
            Text(0, y + 11, name, NAME_SIZE, bold=True, mono=True),
            arrow((left, y + 7), (left + 16, y + 7), paint="muted"),
            *(
                Text(x=left + 24, y=y + 11 + LINE_HEIGHT * k, content=line, size=FONT_SIZE)
                for k, line in enumerate(lines)
            ),
        ]
        y += LINE_HEIGHT * len(lines) + 8
    return Diagram(
        heading=wide.heading,
        description=wide.description,
        width=inner_width(PHONE),
        height=y - 8,
        marks=tuple(marks),
        figure_width=PHONE,
    )


def _imports() -> Imports:
    """What each module of the package imports."""
    imports: Imports = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        module = _module_name(path)
        if module:
            targets = imports.setdefault(module, set())
            targets |= set(_targets(path)) - {module}
    return imports


def _module_name(path: Path) -> str:
    """The name of a module or its folder; the two entry points have none."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first.startswith("__") else first


def _targets(path: Path) -> Iterator[str]:
    """The folders and modules of this package and the libraries that a file imports."""
    # A relative import with as many dots begins at the package.
    depth = len(path.relative_to(PACKAGE).parts)
    for node in _statements(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        elif isinstance(node, ast.ImportFrom) and node.level == depth:
            inside = [node.module] if node.module else [alias.name for alias in node.names]
            modules = (name.partition(".")[0] for name in inside)
            yield from (module for module in modules if not module.startswith("__"))
        for name in names:
            library = name.partition(".")[0]
            if library in OUTSIDE:
                yield library


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All statements, without their expressions, which take far longer to walk."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.expr):
            yield node
            yield from _statements(node)


def _reduce(imports: Imports) -> Imports:
    """Only the imports that do not follow from others."""

    def reachable(module: str) -> set[str]:
        """All modules that a module imports, directly or not."""
        below = imports.get(module, set())
        return below.union(*(reachable(target) for target in below))

    return {
        module: {
            target
            for target in targets
            if not any(target in reachable(o) for o in targets - {target})
        }
        for module, targets in imports.items()
    }


def _node(id: str, name: str, fill: str, stroke: str) -> GraphNode:
    """The box of a module, which is on a panel, or of a library."""
    is_module = fill == "panel"
    width = metrics.width(name, FONT_SIZE, mono=is_module) + 8
    return GraphNode(
        id,
        width,
        28,
        (
            Box(
                x=0,
                y=0,
                width=width,
                height=28,
                radius=6,
                fill=fill,
                stroke=stroke,
                dash="" if is_module else "4 3",
            ),
            Text(
                x=width / 2,
                y=18,
                content=name,
                size=FONT_SIZE,
                mono=is_module,
                fill="ink" if is_module else "muted",
                anchor="middle",
            ),
        ),
    )
