"""Lay out a Graph with Graphviz, which yields a Diagram."""

import itertools
import json
from typing import Any

import graphviz

from ..errors import MissingTool
from ..layout.shapes import arrow
from ..names import quoted_name
from ..scene.marks import Mark, shift
from ..scene.scenes import Diagram, Graph, GraphEdge

POINTS = 72.0
"""Graphviz measures nodes in inches and positions in points."""


def lay_out(graph: Graph) -> Diagram:
    """Compute positions of nodes and curves of edges.

    Nodes have fixed sizes, so Graphviz needs no fonts.

    Raises:
        MissingTool: If Graphviz's `dot` is missing or fails.
    """
    plan = _dot(graph)
    try:
        return _place_nodes(graph, json.loads(plan))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _broken(f"its answer begins with {plan[:40]!r}") from error


def _place_nodes(graph: Graph, plan: Any) -> Diagram:
    """The nodes at the places that dot chose."""
    # The bounding box begins at 0, 0. In dot, y is upwards and positions are middles.
    _, _, width, height = map(float, plan["bb"].split(","))
    objects_by_name = {each["name"]: each for each in plan["objects"] if "pos" in each}
    marks: list[Mark] = []
    for placed_edge in plan.get("edges", ()):
        # Invisible edges, which only fix the order of a row, have no index.
        if "index" not in placed_edge:
            continue
        edge = graph.edges[int(placed_edge["index"])]
        marks.append(_edge(edge, placed_edge["pos"], height))
    for node in graph.nodes:
        x, y = map(float, objects_by_name[node.id]["pos"].split(","))
        left, top = x - node.width / 2, height - y - node.height / 2
        marks += [shift(mark, left, top) for mark in node.marks]
    return Diagram(
        heading=graph.heading,
        description=graph.description,
        width=width,
        height=height,
        marks=tuple(marks),
        figure_width=graph.figure_width,
    )


def _dot(graph: Graph) -> bytes:
    """The graph in dot's language."""
    across, down = graph.gap
    dot = graphviz.Digraph(
        graph_attr={
            "nodesep": str(across / POINTS),
            "ranksep": str(down / POINTS),
            "margin": "0",
            "pad": "0",
        },
        node_attr={"shape": "box", "fixedsize": "true", "label": ""},
        edge_attr={"arrowhead": "none"},
    )
    ranks: dict[str, list[str]] = {}
    for node in graph.nodes:
        dot.node(node.id, width=str(node.width / POINTS), height=str(node.height / POINTS))
        if node.rank:
            ranks.setdefault(node.rank, []).append(node.id)
    for row in ranks.values():
        with dot.subgraph(graph_attr={"rank": "same"}) as same:
            for id in row:
                same.node(id)
    for order in graph.orders:
        for left, right in itertools.pairwise(order):
            dot.edge(left, right, style="invis")
    for index, edge in enumerate(graph.edges):
        dot.edge(edge.tail, edge.head, index=str(index))
    try:
        return bytes(dot.pipe(format="json", quiet=True))
    except graphviz.ExecutableNotFound as error:
        raise MissingTool(
            "Graphviz's dot was not found, and this figure is laid out by it; "
            "install it, for example with: apt install graphviz, or: "
            "brew install graphviz"
        ) from error
    except graphviz.CalledProcessError as error:
        message = " ".join(error.stderr.decode(errors="replace").split())
        raise _broken(
            f"it ended with {error.returncode} and said {quoted_name(message)}"
        ) from error
    except OSError as error:
        raise _broken(f"it cannot be run: {error.strerror}") from error


def _broken(why: str) -> MissingTool:
    """The error of a dot that does not work."""
    return MissingTool(
        f"Graphviz's dot does not work ({why}), and this figure is laid out by "
        "it; see that dot -V prints a version, or install Graphviz anew"
    )


def _edge(edge: GraphEdge, spline: str, height: float) -> Mark:
    """The path of an edge along dot's spline, a list of points such as `1.5,2`.

    Points with the prefix `s,` or `e,` are tips of dot's own arrowheads, which are not
    drawn.
    """
    pairs = [pair.split(",") for pair in spline.split() if not pair.startswith(("e,", "s,"))]
    points = [(float(x), height - float(y)) for x, y in pairs]
    group = arrow(*points, paint=edge.paint, curve=True, term=edge.term, width=edge.width)
    return group._replace(bound=edge.bound)
