"""Bindings: what a label, a length, an arrow or a sentence means, as expressions.

A number carries its expression in `reference.Number`; a binding does the same
for everything else in a figure. Each binding is written into the SVG as
attributes, and each expression is valid after the figure's preamble.
"""

import json
import math
from collections.abc import Iterable
from typing import Literal, NamedTuple

from ..model.origin import Statement
from ..model.reference import Ref

Along = Literal["row", "column", "band", "block"]
"""Where a label is relative to the marks it names. `row`: on their line;
`column`: above or below their middle; `band`: beside them, within their
span; `block`: at the edge of the panel that contains them."""

FlowKind = Literal[
    "makes",
    "in",
    "out",
    "copies",
    "back",
    "order",
    "points",
    "sees",
    "visits",
    "reaches",
    "returns",
    "meets",
]
"""What an arrow states of its two ends.

- `makes`: the head is computed from the tail, and the figure draws every such arrow.
- `in`: the tail is an argument of the call at the head.
- `out`: the head is a result of the call at the tail.
- `copies`: both ends are the same value.
- `back`: autograd passes a gradient from the tail to the head.
- `order`: like `makes`, but the figure may omit arrows; in `dispatch`, torch
  checks the head next.
- `points`: a leader from a label to the mark that it names.
- `sees`: a gate reads the cell state through a peephole.
- `visits`: in `wrong-way`, the state goes from the step at the tail to the step
  at the head, which may be of a different sequence.
- `reaches`: no gradient goes back beyond the head.
- `returns`: the next step reads at the head what this step computed.
- `meets`: the weights at the head multiply the tail.
"""

Attributes = dict[str, str]
"""Name of an SVG attribute -> its value."""


class Scale(NamedTuple):
    """A scale from values to pixels: `low` at `start`, `high` at `stop`.

    Attributes:
        log: Whether the scale is logarithmic.
        asinh: Whether the scale is logarithmic far from 0 and linear near it,
            for values of both signs.
    """

    low: float
    high: float
    start: float
    stop: float
    log: bool = False
    asinh: bool = False

    def __call__(self, value: float) -> float:
        """The pixel position of a value.

        >>> Scale(-1, 1, 100, 200)(0)
        150.0
        >>> Scale(1e-4, 1, 100, 200, log=True)(1e-2)
        150.0
        >>> scale = Scale(-1000, 1000, 100, 200, asinh=True)
        >>> [round(scale(value)) for value in (-1000, -1, 0, 1, 10, 100, 1000)]
        [100, 144, 150, 156, 170, 185, 200]
        """
        low, high = self.low, self.high
        if self.log or self.asinh:
            transform = math.log10 if self.log else math.asinh
            low, high, value = map(transform, (low, high, value))
        share = (value - low) / (high - low)
        return self.start + share * (self.stop - self.start)

    def moved(self, by: float) -> "Scale":
        """The scale shifted by `by` pixels."""
        return self._replace(start=self.start + by, stop=self.stop + by)

    def words(self) -> str:
        """The text of the attribute `data-map`."""
        parts = [f"{value:.7g}" for value in self[:4]]
        if self.asinh:
            parts.insert(0, "asinh")
        if self.log:
            parts.insert(0, "log")
        return " ".join(parts)


class Names(NamedTuple):
    """A label: the properties shared by the numbers and lengths that it names.

    Attributes:
        names: Keys and values, such as `row` and `5`. A step is the printed
            number, counted from 1.
        of: The ids of the marks it names; `*` matches any one part.
        along: Its position relative to them.
    """

    names: tuple[tuple[str, str], ...]
    of: tuple[str, ...]
    along: Along

    def attributes(self) -> Attributes:
        """The attributes in the SVG."""
        return {
            "data-names": " ".join(f"{k}={v}" for k, v in self.names),
            "data-for": " ".join(self.of),
            "data-along": self.along,
        }

    def expressions(self) -> tuple[str, ...]:
        """None; the named marks have their own."""
        return ()

    def moved(self, dx: float, dy: float) -> "Names":
        """The same label; it has no coordinates."""
        return self


class Node(NamedTuple):
    """The value that a mark represents, so that arrows can join it.

    Attributes:
        of: The expression.
    """

    of: Ref | str

    def attributes(self) -> Attributes:
        """The attributes in the SVG."""
        return {"data-of": str(self.of)}

    def expressions(self) -> tuple[str, ...]:
        """The expressions that must be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Node":
        """The same node; it has no coordinates."""
        return self


class Call(NamedTuple):
    """A box that represents a call; arrows join its arguments and results.

    Attributes:
        of: The call, with the arguments as their nodes write them.
    """

    of: Ref | str

    def attributes(self) -> Attributes:
        """The attributes in the SVG."""
        return {"data-call": str(self.of)}

    def expressions(self) -> tuple[str, ...]:
        """The expressions that must be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Call":
        """The same call; it has no coordinates."""
        return self


class Length(NamedTuple):
    """A box whose length is a value, or the difference of two values.

    For a line, it is the stroke width, which shows a magnitude.

    Attributes:
        of: An expression of one value, for a box that begins at 0, or of the
            two values at its ends.
        draws: The attribute of the box or line that shows the value.
        scale: The scale of the values.
    """

    of: Ref | str
    draws: Literal["width", "height", "stroke-width"]
    scale: Scale

    def attributes(self) -> Attributes:
        """The attributes in the SVG."""
        return {"data-of": str(self.of), "data-draws": self.draws, "data-map": self.scale.words()}

    def expressions(self) -> tuple[str, ...]:
        """The expressions that must be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Length":
        """The length with its scale shifted."""
        if self.draws == "stroke-width":
            return self
        by = dx if self.draws == "width" else dy
        return self._replace(scale=self.scale.moved(by))


class Place(NamedTuple):
    """A mark whose centre shows two values.

    Attributes:
        of: An expression of two values, horizontal and vertical.
        x_scale: The scale of the first.
        y_scale: The scale of the second.
    """

    of: Ref | str
    x_scale: Scale
    y_scale: Scale

    def attributes(self) -> Attributes:
        """The attributes in the SVG."""
        return {
            "data-of": str(self.of),
            "data-draws": "x y",
            "data-map": f"{self.x_scale.words()} {self.y_scale.words()}",
        }

    def expressions(self) -> tuple[str, ...]:
        """The expressions that must be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Place":
        """The place with its scales shifted."""
        return self._replace(x_scale=self.x_scale.moved(dx), y_scale=self.y_scale.moved(dy))


class Shade(NamedTuple):
    """A fill whose strength is a magnitude and whose hue is its sign.

    Attributes:
        of: The expression.
        end: The magnitude with the strongest colour.
    """

    of: Ref | str
    end: float

    def attributes(self) -> Attributes:
        """The attributes in the SVG."""
        return {"data-of": str(self.of), "data-draws": "fill", "data-map": f"{self.end:.7g}"}

    def expressions(self) -> tuple[str, ...]:
        """The expressions that must be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Shade":
        """The same shade; it has no coordinates."""
        return self


class Heat(NamedTuple):
    """A heat map: cells whose strength shows their value.

    Attributes:
        of: An expression of a matrix with one value for each cell.
        end: The magnitude with the strongest colour.
        frame: The left, top, right and bottom of all cells.
        rows: The rows of the tensor in one cell.
        columns: The columns of the tensor in one cell.
    """

    of: Ref | str
    end: float
    frame: tuple[float, float, float, float]
    rows: int = 1
    columns: int = 1

    def attributes(self) -> Attributes:
        """The attributes in the SVG."""
        numbers = (self.end, *self.frame, self.rows, self.columns)
        return {
            "data-of": str(self.of),
            "data-draws": "fill",
            "data-map": " ".join(f"{number:.7g}" for number in numbers),
        }

    def expressions(self) -> tuple[str, ...]:
        """The expressions that must be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Heat":
        """The heat map with its frame shifted."""
        left, top, right, bottom = self.frame
        frame = (left + dx, top + dy, right + dx, bottom + dy)
        return self._replace(frame=frame)


class Course(NamedTuple):
    """A line or an area over the steps, or over another axis.

    Attributes:
        of: An expression of one value for each step; for an area, of two rows:
            its edges.
        draws: `path` for a line, `area` for the area between two edges. With
            `down`, steps run downwards and values to the right.
        steps: The scale of the steps; the first is at 0.
        scale: The scale of the values.
    """

    of: Ref | str
    draws: Literal["path", "area", "path down", "area down"]
    steps: Scale
    scale: Scale

    def attributes(self) -> Attributes:
        """The attributes in the SVG."""
        return {
            "data-of": str(self.of),
            "data-draws": self.draws,
            "data-map": f"{self.steps.words()} {self.scale.words()}",
        }

    def expressions(self) -> tuple[str, ...]:
        """The expressions that must be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Course":
        """The course with its scales shifted."""
        # If steps run downwards, their scale is vertical.
        if self.draws.endswith("down"):
            dx, dy = dy, dx
        return self._replace(steps=self.steps.moved(dx), scale=self.scale.moved(dy))


class Flow(NamedTuple):
    """An arrow or a line between two nodes.

    Attributes:
        flow: The relation between them.
        tail: The id of the first node.
        head: The id of the last node.
    """

    flow: FlowKind
    tail: str
    head: str

    def attributes(self) -> Attributes:
        """The attributes in the SVG."""
        return {"data-flow": self.flow, "data-from": self.tail, "data-to": self.head}

    def expressions(self) -> tuple[str, ...]:
        """None; its nodes have their own."""
        return ()

    def moved(self, dx: float, dy: float) -> "Flow":
        """The same arrow; it has no coordinates."""
        return self


class Says(NamedTuple):
    """A sentence: each number or name in it, with its expression.

    Attributes:
        values: The values in the sentence, in order, each with the expression
            that yields it. The expression is empty if only the figure's
            metadata holds the value.
        claim: An expression that is true if the sentence is.
        is_own: Whether the figure's author wrote it, so that it is not proven.
    """

    values: tuple[tuple[str, str], ...] = ()
    claim: str = ""
    is_own: bool = False

    def attributes(self) -> Attributes:
        """The attributes in the SVG."""
        values = json.dumps(self.values, ensure_ascii=False) if self.values else ""
        attributes = {"data-says": values}
        if self.claim:
            attributes["data-claim"] = self.claim
        if self.is_own:
            attributes["data-own"] = "true"
        return attributes

    def expressions(self) -> tuple[str, ...]:
        """The expressions that must be valid."""
        claims = (self.claim,) if self.claim else ()
        return (*(expr for _, expr in self.values if expr), *claims)

    def moved(self, dx: float, dy: float) -> "Says":
        """The same sentence; it has no coordinates."""
        return self


class Accent(NamedTuple):
    """The reason why a mark is emphasized or muted.

    Attributes:
        look: `strong` or `back`.
        where: An expression that is true for this mark and false for every
            plain mark of its kind. It may use the mark's value as `it`, and the
            keys by which labels name it, as in `unit == 0`.
    """

    look: Literal["strong", "back"]
    where: str

    def attributes(self) -> Attributes:
        """The attributes in the SVG."""
        return {f"data-{self.look}": self.where}

    def expressions(self) -> tuple[str, ...]:
        """None; `it` and the keys are defined only for the mark."""
        return ()

    def moved(self, dx: float, dy: float) -> "Accent":
        """The same accent; it has no coordinates."""
        return self


class Sample(NamedTuple):
    """A sample in a legend, which looks like the marks it represents.

    Attributes:
        of: The ids of these marks; for a colour scale, of its heat maps.
    """

    of: tuple[str, ...]

    def attributes(self) -> Attributes:
        """The attributes in the SVG."""
        return {"data-for": " ".join(self.of)}

    def expressions(self) -> tuple[str, ...]:
        """None; the marks it represents have their own."""
        return ()

    def moved(self, dx: float, dy: float) -> "Sample":
        """The same sample; it has no coordinates."""
        return self


Binding = (
    Names | Node | Call | Length | Place | Shade | Heat | Course | Flow | Says | Accent | Sample
)
"""What a mark can be bound by."""


class Sentence(NamedTuple):
    """A sentence to be drawn, with its binding.

    Attributes:
        text: The text.
        says: The values and the claim.
    """

    text: str
    says: Says = Says()

    def __str__(self) -> str:
        return self.text


def sentence_of(statement: Statement) -> Sentence:
    """Convert a statement about tensors to a sentence."""
    return sentence(statement.template, *statement.values, claim=statement.claim)


def joined(sentences: Iterable[Sentence]) -> Sentence:
    """Several sentences as one, which is on one line if it fits.

    >>> str(joined([sentence("Step {}.", (2, "1 + 1")), sentence("No bias.")]))
    'Step 2. No bias.'
    """
    parts = tuple(sentences)
    values = tuple(value for part in parts for value in part.says.values)
    claim = " and ".join(part.says.claim for part in parts if part.says.claim)
    return Sentence(" ".join(part.text for part in parts), Says(values, claim))


def sentence(template: str, *values: tuple[object, Ref | str], claim: str = "") -> Sentence:
    """A sentence from a template and its values.

    Args:
        template: The text, with `{}` for each value.
        values: Each printed value and the expression that yields it.
        claim: An expression that is true if the sentence is.

    >>> sentence("Step {} of {}.", (2, "1 + 1"), (4, "len(x)")).text
    'Step 2 of 4.'
    """
    pairs = tuple((str(value), str(expr)) for value, expr in values)
    text = template.format(*(value for value, _ in pairs))
    return Sentence(text, Says(pairs, claim))
