"""What the figure shares between all units and one unit."""

from abc import ABC, abstractmethod

from ...layout.excerpts import dots_notes
from ...layout.margins import inner_width
from ...layout.provenance import provenance, source, step_items
from ...model.layer_run import LayerRun
from ...proof.bindings import Sentence, sentence
from ...scene.marks import Mark
from ...scene.scenes import Diagram, Head

NARROWEST_WIDE = 480
"""A narrower figure has the narrow form."""
VECTOR_HEIGHT = 22.0
"""The height of a vector."""


class CellInput(ABC):
    """The figure; its subclasses draw all units or one.

    Attributes:
        subject: The run of the layer.
        width: The width of the figure.
        step: The step as it is asked for, counted from 1.
        t: Its index, or that of the only step.
        space: The width of the drawing.
        narrow: Whether the figure has the narrow form.
        has_bias: Whether biases are added to the products.
    """

    def __init__(self, subject: LayerRun, width: float, step: int):
        self.subject, self.width, self.step = subject, width, step
        self.t, self.space = subject.step_index(step), inner_width(width)
        self.narrow = width < NARROWEST_WIDE
        self.has_bias = subject.weights.bias_ih is not None

    @abstractmethod
    def marks(self) -> tuple[list[Mark], float]:
        """All marks, and the height of the drawing."""

    @abstractmethod
    def title(self) -> Sentence:
        """The title."""

    @abstractmethod
    def lead(self) -> Sentence:
        """The sentence below the title."""

    @abstractmethod
    def notes(self) -> list[Sentence]:
        """The notes below the drawing."""

    @abstractmethod
    def sentences(self) -> list[str]:
        """The sentences of the alternative text, without their points."""

    def details(self) -> list[tuple[str, object, str]]:
        """What the line of the source says about the step: templates, values, expressions."""
        return [*step_items(self.subject, self.step)]

    def diagram(self) -> Diagram:
        """The figure."""
        marks, height = self.marks()
        notes = [*self.notes(), *dots_notes(marks)]
        if not self.has_bias:
            claim = f"not {self.subject.module_variable}.bias"
            notes.append(sentence("The module has no bias.", claim=claim))
        head = Head(
            self.title(),
            self.lead(),
            provenance(self.subject, *self.details()),
            tuple(notes),
            source(self.subject),
        )
        description = ". ".join(self.sentences()) + "."
        return Diagram(
            heading=head,
            description=description,
            width=self.space,
            height=height,
            marks=tuple(marks),
            figure_width=self.width,
        )
