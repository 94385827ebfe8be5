"""Replace the calls of an ONNX model's own functions by the nodes of these functions.

Exporters may make a function of a module, so its LSTM is not a node of the graph.
"""

from collections.abc import Iterable, Iterator
from typing import Any

MAX_NODES = 100_000
"""The most nodes of a model without calls: a few functions that call each other can have
billions."""

MAX_DEPTH = 32
"""The longest chain of functions that call each other."""

INLINE = """\
from onnx.inliner import inline_local_functions
model = inline_local_functions(model)"""
"""Python that does the same in a proof."""

Name = tuple[str, str, str]
"""The domain, the name and the overload of a function."""


def without_functions(model: Any) -> Any:
    """A model that computes the same, without functions of its own.

    Raises:
        ValueError: If its functions call themselves, or have too many nodes together.
    """
    from onnx.inliner import inline_local_functions

    functions = {_name(f.domain, f.name, f): f.node for f in model.functions}
    if not functions:
        return model
    counts: dict[Name, int] = {}

    def count(nodes: Iterable[Any], chain: tuple[Name, ...]) -> int:
        """The nodes that these become, in a function that a chain of others calls."""
        total = 0
        for node in _all_nodes(nodes):
            name = _name(node.domain, node.op_type, node)
            if name not in functions:
                total += 1
                continue
            if name in chain or len(chain) == MAX_DEPTH:
                raise ValueError(f"its function {name[1]} calls itself, or is called too deeply")
            if name not in counts:
                counts[name] = count(functions[name], (*chain, name))
            total += counts[name]
        return total

    total = count(model.graph.node, ())
    if total > MAX_NODES:
        raise ValueError(f"with its functions it has {total:,} nodes, more than {MAX_NODES:,}")
    return inline_local_functions(model)


def _name(domain: str, name: str, entry: Any) -> Name:
    """The key of a function, from its definition or from a node that calls it."""
    # Releases of the library before 1.16 have no overloads.
    return ("" if domain == "ai.onnx" else domain), name, getattr(entry, "overload", "")


def _all_nodes(nodes: Iterable[Any]) -> Iterator[Any]:
    """Nodes, and those in their branches and loops."""
    for node in nodes:
        yield node
        for attribute in node.attribute:
            for graph in (attribute.g, *attribute.graphs):
                yield from _all_nodes(graph.node)
