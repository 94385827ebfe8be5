"""Scenes: marks and a heading, in two kinds."""

from typing import NamedTuple

from ..proof.bindings import Binding, Says, Sentence
from .marks import Mark
from .theme import Paint


class Head(NamedTuple):
    """The texts above and below a figure, bound to their values.

    Attributes:
        title: A true sentence that states the point.
        lead: What a reader should know first.
        provenance: The module, and the part of it that is shown.
        notes: How to read the figure; sentences at its foot.
        source: Where the tensors come from, unless `provenance` says it; the
            last sentence of the foot.
        is_hidden: Whether title, lead and provenance are only for captions.
    """

    title: Sentence
    lead: Sentence
    provenance: Sentence
    notes: tuple[Sentence, ...] = ()
    source: Sentence = Sentence("")
    is_hidden: bool = False

    def without_notes(self) -> "Head":
        """A copy with an empty foot."""
        return self._replace(notes=(), source=Sentence(""))

    def with_own(self, title: str | None, note: str | None) -> "Head":
        """A copy with the author's own title and note, if given."""
        own = Says(is_own=True)
        return self._replace(
            title=Sentence(title, own) if title else self.title,
            notes=(*self.notes, Sentence(note, own)) if note else self.notes,
        )

    @property
    def subtitle(self) -> str:
        """The lead without its full stop, for captions."""
        return self.lead.text.removesuffix(".")


class Paper(NamedTuple):
    """A fixed paper size that a scene fills.

    Attributes:
        name: The name, such as `A3`.
        width: The width in units of the scene.
        height: The height in units of the scene.
        unit: The pixels per unit, at 96 pixels per inch.
    """

    name: str
    width: float
    height: float
    unit: float


class Diagram(NamedTuple):
    """A scene whose marks have positions.

    Attributes:
        width: The width of the marks, which start at 0, 0. The heading is added
            later.
        description: A text alternative with the figure's numbers.
        figure_width: The width that the figure was composed for.
        setup: Python that its expressions need in addition to the usual
            preamble. It may use all names that expressions may use.
        paper: The paper, if it is a sheet. Then its marks include all texts,
            and nothing is added.
    """

    heading: Head
    description: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    figure_width: float
    setup: str = ""
    paper: Paper | None = None


class GraphNode(NamedTuple):
    """A node of a graph: marks in a box of fixed size.

    Attributes:
        rank: The row of the node; nodes with the same one are side by side. Empty if
            Graphviz chooses the row.
    """

    id: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    rank: str = ""


class GraphEdge(NamedTuple):
    """An edge of a graph, between ids of nodes, with its binding and stroke width."""

    tail: str
    head: str
    paint: Paint = "muted"
    term: str = ""
    width: float = 1.5
    bound: tuple[Binding, ...] = ()


class Graph(NamedTuple):
    """Nodes and edges; Graphviz computes positions, which yields a Diagram.

    Attributes:
        gap: The minimum distances between nodes: to the right, and downwards.
        orders: The ids of the nodes of some rows, from the left.
    """

    heading: Head
    description: str
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    figure_width: float
    gap: tuple[float, float] = (18, 30)
    orders: tuple[tuple[str, ...], ...] = ()


Scene = Diagram | Graph
"""What a figure function returns."""
