"""What a label, a length, an arrow or a sentence stands for, as expressions.

Numbers carry their proof in `reference.Number`; a binding is the same for all
else that a figure says. Each is written into the SVG as attributes, and each
expression is valid after the figure's preamble.
"""

import json
import math
from typing import Literal, NamedTuple

from ..model.origin import Statement
from ..model.reference import Ref

Along = Literal["row", "column", "band", "block"]
"""How a label stands to what it names: on its line, over or under its middle,
beside it and within its span, at the edge of the panel that holds it."""

Kind = Literal[
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
"""What an arrow says of its ends; `visits` that a state goes from one to the
next, `reaches` that no gradient goes farther back, `returns` that the next step
reads there what this one made, `meets` that weights multiply it."""

Attributes = dict[str, str]


class Scale(NamedTuple):
    """Where a value is drawn: `low` at `start`, `high` at `stop`, in pixels.

    Attributes:
        log: Whether equal distances are equal ratios.
        asinh: Whether they are so far from 0, while near it they are equal
            differences; for values of both signs.
    """

    low: float
    high: float
    start: float
    stop: float
    log: bool = False
    asinh: bool = False

    def __call__(self, value: float) -> float:
        """The place of a value.

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
            bend = math.log10 if self.log else math.asinh
            low, high, value = map(bend, (low, high, value))
        share = (value - low) / (high - low)
        return self.start + share * (self.stop - self.start)

    def moved(self, by: float) -> "Scale":
        """The same scale at another place."""
        return self._replace(start=self.start + by, stop=self.stop + by)

    def words(self) -> str:
        """As in `data-map`."""
        ends = " ".join(f"{value:.7g}" for value in self[:4])
        bend = "log " * self.log + "asinh " * self.asinh
        return f"{bend}{ends}"


class Names(NamedTuple):
    """A label: what the numbers and lengths that it names have in common.

    Attributes:
        names: Keys and values, such as `row` and `5`; a step as it is printed,
            counted from 1.
        of: Ids of what it names, where `*` stands for any one part.
        along: How it stands to them.
    """

    names: tuple[tuple[str, str], ...]
    of: tuple[str, ...]
    along: Along

    def attributes(self) -> Attributes:
        """What an SVG says of it."""
        return {
            "data-names": " ".join(f"{k}={v}" for k, v in self.names),
            "data-for": " ".join(self.of),
            "data-along": self.along,
        }

    def expressions(self) -> tuple[str, ...]:
        """None: what it names has its own."""
        return ()

    def moved(self, dx: float, dy: float) -> "Names":
        """The same label at another place."""
        return self


class Node(NamedTuple):
    """What a mark stands for, so that an arrow can begin or end there.

    Attributes:
        of: The expression.
    """

    of: Ref | str

    def attributes(self) -> Attributes:
        """What an SVG says of it."""
        return {"data-of": str(self.of)}

    def expressions(self) -> tuple[str, ...]:
        """What is to be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Node":
        """The same node at another place."""
        return self


class Call(NamedTuple):
    """A box that stands for a call, whose arguments and results are nodes.

    Attributes:
        of: The call; its arguments are written as their nodes are.
    """

    of: Ref | str

    def attributes(self) -> Attributes:
        """What an SVG says of it."""
        return {"data-call": str(self.of)}

    def expressions(self) -> tuple[str, ...]:
        """What is to be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Call":
        """The same call at another place."""
        return self


class Length(NamedTuple):
    """A box that is as long as a value, from 0 or between two values.

    A line can be as thick as the magnitude of one.

    Attributes:
        of: An expression of one value, which the box reaches from 0, or of
            two, which are its ends.
        draws: Along which side.
        scale: Where values are.
    """

    of: Ref | str
    draws: Literal["width", "height", "stroke-width"]
    scale: Scale

    def attributes(self) -> Attributes:
        """What an SVG says of it."""
        return {"data-of": str(self.of), "data-draws": self.draws, "data-map": self.scale.words()}

    def expressions(self) -> tuple[str, ...]:
        """What is to be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Length":
        """The same length at another place."""
        if self.draws == "stroke-width":
            return self
        by = dx if self.draws == "width" else dy
        return self._replace(scale=self.scale.moved(by))


class Place(NamedTuple):
    """A mark whose middle is where two values are.

    Attributes:
        of: An expression of two values, across and down.
        x_scale: Where the first is.
        y_scale: Where the second is.
    """

    of: Ref | str
    x_scale: Scale
    y_scale: Scale

    def attributes(self) -> Attributes:
        """What an SVG says of it."""
        return {
            "data-of": str(self.of),
            "data-draws": "x y",
            "data-map": f"{self.x_scale.words()} {self.y_scale.words()}",
        }

    def expressions(self) -> tuple[str, ...]:
        """What is to be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Place":
        """The same place, moved."""
        return self._replace(x_scale=self.x_scale.moved(dx), y_scale=self.y_scale.moved(dy))


class Shade(NamedTuple):
    """A fill that is as strong as a value, of the hue of its sign.

    Attributes:
        of: The expression.
        end: The magnitude that has the strongest colour.
    """

    of: Ref | str
    end: float

    def attributes(self) -> Attributes:
        """What an SVG says of it."""
        return {"data-of": str(self.of), "data-draws": "fill", "data-map": f"{self.end:.7g}"}

    def expressions(self) -> tuple[str, ...]:
        """What is to be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Shade":
        """The same shade at another place."""
        return self


class Heat(NamedTuple):
    """Cells of a matrix, each as strong as its value.

    Attributes:
        of: An expression of a matrix, a value for each cell.
        end: The magnitude that has the strongest colour.
        frame: Left, top, right and bottom of all cells.
        rows: How many rows of a tensor are one cell.
        columns: How many of its columns are.
    """

    of: Ref | str
    end: float
    frame: tuple[float, float, float, float]
    rows: int = 1
    columns: int = 1

    def attributes(self) -> Attributes:
        """What an SVG says of it."""
        numbers = (self.end, *self.frame, self.rows, self.columns)
        return {
            "data-of": str(self.of),
            "data-draws": "fill",
            "data-map": " ".join(f"{number:.7g}" for number in numbers),
        }

    def expressions(self) -> tuple[str, ...]:
        """What is to be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Heat":
        """The same cells at another place."""
        left, top, right, bottom = self.frame
        frame = (left + dx, top + dy, right + dx, bottom + dy)
        return self._replace(frame=frame)


class Course(NamedTuple):
    """A line or an area over the steps, or over what else values are at.

    Attributes:
        of: An expression of one value for each step, or for an area of two
            rows of them, its edges.
        draws: `path` for a line, `area` for what lies between two edges; with
            `down`, steps are below each other and values go to the right.
        steps: Where each of them is; the first is at 0.
        scale: Where values are.
    """

    of: Ref | str
    draws: Literal["path", "area", "path down", "area down"]
    steps: Scale
    scale: Scale

    def attributes(self) -> Attributes:
        """What an SVG says of it."""
        return {
            "data-of": str(self.of),
            "data-draws": self.draws,
            "data-map": f"{self.steps.words()} {self.scale.words()}",
        }

    def expressions(self) -> tuple[str, ...]:
        """What is to be valid."""
        return (str(self.of),)

    def moved(self, dx: float, dy: float) -> "Course":
        """The same course at another place."""
        if self.draws.endswith("down"):
            dx, dy = dy, dx
        return self._replace(steps=self.steps.moved(dx), scale=self.scale.moved(dy))


class Flow(NamedTuple):
    """An arrow or a line between two nodes.

    Attributes:
        flow: What it says of them.
        tail: The id of the node that it leaves.
        head: The id of the node that it reaches.
    """

    flow: Kind
    tail: str
    head: str

    def attributes(self) -> Attributes:
        """What an SVG says of it."""
        return {"data-flow": self.flow, "data-from": self.tail, "data-to": self.head}

    def expressions(self) -> tuple[str, ...]:
        """None: its ends have theirs."""
        return ()

    def moved(self, dx: float, dy: float) -> "Flow":
        """The same arrow at another place."""
        return self


class Says(NamedTuple):
    """A sentence: each number or name in it with its expression.

    Attributes:
        values: What stands in the sentence, in its order, and the expression
            that yields it; an empty one where only the figure's metadata do.
        claim: An expression that is true wherever the sentence is.
        is_own: Whether it is of the figure's writer, and not proven.
    """

    values: tuple[tuple[str, str], ...] = ()
    claim: str = ""
    is_own: bool = False

    def attributes(self) -> Attributes:
        """What an SVG says of it."""
        text = json.dumps(self.values, ensure_ascii=False)
        claim = {"data-claim": self.claim} if self.claim else {}
        own = {"data-own": "true"} if self.is_own else {}
        return {"data-says": text if self.values else "", **claim, **own}

    def expressions(self) -> tuple[str, ...]:
        """What is to be valid."""
        claims = (self.claim,) if self.claim else ()
        return (*(expr for _, expr in self.values if expr), *claims)

    def moved(self, dx: float, dy: float) -> "Says":
        """The same sentence at another place."""
        return self


class Accent(NamedTuple):
    """Why a mark stands out from others of its kind, or stands back.

    Attributes:
        look: Which of the two.
        where: An expression that is true of this mark, and of no plain one of
            its kind: of the value that it stands for, which is `it`, and of
            the keys by which labels name that, as in `unit == 0`.
    """

    look: Literal["strong", "back"]
    where: str

    def attributes(self) -> Attributes:
        """What an SVG says of it."""
        return {f"data-{self.look}": self.where}

    def expressions(self) -> tuple[str, ...]:
        """None: `it` and the keys have values only beside the mark."""
        return ()

    def moved(self, dx: float, dy: float) -> "Accent":
        """The same accent at another place."""
        return self


class Sample(NamedTuple):
    """What in a legend looks as the marks do that it stands for.

    Attributes:
        of: Their ids; of the colours of a scale, those of its heat maps.
    """

    of: tuple[str, ...]

    def attributes(self) -> Attributes:
        """What an SVG says of it."""
        return {"data-for": " ".join(self.of)}

    def expressions(self) -> tuple[str, ...]:
        """None: what it stands for has its own."""
        return ()

    def moved(self, dx: float, dy: float) -> "Sample":
        """The same sample at another place."""
        return self


Binding = (
    Names | Node | Call | Length | Place | Shade | Heat | Course | Flow | Says | Accent | Sample
)


class Sentence(NamedTuple):
    """A sentence that is to be set, with what it says.

    Attributes:
        text: As it is read.
        says: What stands in it.
    """

    text: str
    says: Says = Says()

    def __str__(self) -> str:
        return self.text


def sentence_of(statement: Statement) -> Sentence:
    """A sentence about tensors, as one that is to be set."""
    return sentence(statement.template, *statement.values, claim=statement.claim)


def sentence(template: str, *values: tuple[object, Ref | str], claim: str = "") -> Sentence:
    """A sentence from a template and its values.

    Args:
        template: With `{}` for each value.
        values: What is printed, and the expression that yields it.
        claim: An expression that is true wherever the sentence is.

    >>> sentence("Step {} of {}.", (2, "1 + 1"), (4, "len(x)")).text
    'Step 2 of 4.'
    """
    pairs = tuple((str(value), str(expr)) for value, expr in values)
    text = template.format(*(value for value, _ in pairs))
    return Sentence(text, Says(pairs, claim))
