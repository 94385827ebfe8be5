"""A figure as data: marks and a heading, in two kinds."""

from typing import NamedTuple

from ..proof.bindings import Binding, Says, Sentence
from .marks import Mark
from .theme import Paint


class Head(NamedTuple):
    """The words above and below a figure, each bound to its values.

    Attributes:
        title: States the point, and is true.
        lead: What one should know before one looks.
        provenance: The module, and what is shown of it.
        notes: How to read it; each is a sentence at the foot.
        source: Where the tensors come from, where `provenance` does not say
            it; the last words of the foot.
    """

    title: Sentence
    lead: Sentence
    provenance: Sentence
    notes: tuple[Sentence, ...] = ()
    source: Sentence = Sentence("")

    def with_own(self, title: str | None, note: str | None) -> "Head":
        """With a title and a note of the figure's writer, where there are."""
        own = Says(is_own=True)
        return self._replace(
            title=Sentence(title, own) if title else self.title,
            notes=(*self.notes, Sentence(note, own)) if note else self.notes,
        )

    @property
    def subtitle(self) -> str:
        """The lead without its full stop, as in a caption."""
        return self.lead.text.removesuffix(".")


class Paper(NamedTuple):
    """A size of its own, that a scene fills.

    Attributes:
        name: What it is called, such as `A3`.
        width: Of all, in units of the scene.
        height: The same.
        unit: Pixels for each unit, of which an inch has 96.
    """

    name: str
    width: float
    height: float
    unit: float


class Diagram(NamedTuple):
    """Marks at places that we chose.

    Attributes:
        width: Of the marks, which begin at 0, 0; the heading is added later.
        description: Says what the figure shows, with its numbers.
        figure_width: The width that the figure was composed for.
        setup: Python that its expressions need beside the usual preamble; it
            may use all that expressions may.
        paper: What it fills, if it is a sheet: then all words are among its
            marks, and nothing is added.
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
    """A node of a graph: marks in a box of a size that we chose."""

    id: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    rank: str = ""


class GraphEdge(NamedTuple):
    """An arrow of a graph, between ids of nodes, and what it stands for."""

    tail: str
    head: str
    paint: Paint = "muted"
    term: str = ""
    bound: tuple[Binding, ...] = ()


class Graph(NamedTuple):
    """Nodes and edges; Graphviz finds the places, then it is a Diagram.

    Nodes that share a `rank` stand in one row. Each of `orders` is a row of
    nodes that stand in that order, from the left.
    """

    heading: Head
    description: str
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    figure_width: float
    gap: tuple[float, float] = (18, 30)
    orders: tuple[tuple[str, ...], ...] = ()


Scene = Diagram | Graph
