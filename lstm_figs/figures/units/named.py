"""The units that have a name above their column, and their numbers below."""

from math import inf
from typing import NamedTuple

from ...layout import styles, words
from ...layout.choice import largest
from ...layout.motifs import charts
from ...layout.motifs.population import Population, Reason
from ...model.units import SHORT
from ...proof import digits
from ...proof.bindings import Flow, Sentence, sentence
from ...proof.reference import Number
from ...scene.marks import Mark, Path
from . import few
from .strips import Columns, Row

MOST = 4
"""Of more units only this many have, each for a reason."""
HEAD, LINE = 34.0, 22.0
"""The height of the heads of columns, and from one unit to the next."""
LEFT, WIDE = 72.0, 62.0
"""The left of the columns of numbers, and the width of one."""
OVER = 26.0
"""The height of names above the columns."""
AIR = 10.0
"""The least space between two names."""


class Reasons(NamedTuple):
    """A unit that is named, and why."""

    unit: int
    why: tuple[Reason, ...]

    @property
    def said(self) -> Sentence:
        """Why it is named."""
        text = "; ".join(reason.said for reason in self.why)
        values = (value for reason in self.why for value in reason.values)
        claim = " and ".join(f"({reason.claim})" for reason in self.why)
        return sentence(text, *values, claim=claim)


def named(population: Population) -> tuple[Reasons, ...]:
    """The units that have numbers, in the order of their columns."""
    if few.suits(population):
        return tuple(Reasons(unit, ()) for unit in population.order)
    found: dict[int, list[Reason]] = {}
    for reason in [*_extremes(population), *population.chosen]:
        if reason.unit in found or len(found) < MOST:
            found.setdefault(reason.unit, []).append(reason)
    order = population.order.index
    return tuple(Reasons(unit, tuple(found[unit])) for unit in sorted(found, key=order))


def _extremes(population: Population) -> list[Reason]:
    """The unit in which a write lasts longest, and that of the largest |c|."""
    if population.left_out:
        # None is known to be first of all: some are no numbers.
        return [] if population.chosen else [_farthest(population)]
    longest, second, *_ = population.order
    found = []
    # Of several whose writes are not seen to end none is known to be first.
    if population.life[longest] > SHORT and population.life[second] < inf:
        claim = largest("life", (longest,))
        found.append(Reason(longest, "a write lasts longest", claim))
    return [*found, _farthest(population)]


def _farthest(population: Population) -> Reason:
    """The unit of the largest |c| of those that are drawn."""
    own = list(population.order)
    place = int(abs(population.of("c")[:, own]).max(0).argmax())
    unit = own[place]
    if population.left_out:
        claim = largest("c[:, 0, order].abs().amax(0)", (place,))
        return Reason(unit, "of those drawn, c goes farthest from zero", claim)
    claim = largest("c[:, 0].abs().amax(0)", (unit,))
    return Reason(unit, "c goes farthest from zero", claim)


def above(
    columns: Columns, row: Row, of: tuple[Reasons, ...], top: float, room: float
) -> list[Mark]:
    """The names of units, each with a line to its column.

    Args:
        columns: The columns.
        row: The first row of them.
        of: Which units.
        top: The top of the names.
        room: The right end of the figure.
    """
    population = columns.population
    texts = [f"unit {one.unit}" for one in of]
    wide = max(words.width(text, words.SMALL) for text in texts)
    xs = charts.apart(
        [columns.middle(one.unit) for one in of],
        wide + AIR,
        columns.left + wide / 2 - 12,
        room - wide / 2,
    )
    marks: list[Mark] = []
    for one, text, x in zip(of, texts, xs, strict=True):
        at = columns.middle(one.unit)
        end, to = row.tops[population.order.index(one.unit) // columns.per]
        id, head = f"name-{one.unit}", top + OVER - 2
        line = (("M", (x, top + 16)), ("L", (at, head)), ("L", (at, end)))
        marks += [
            words.label(
                x,
                top + 8,
                text,
                {"unit": one.unit},
                [to],
                "column",
                anchor="middle",
                style=words.FINE_STRONG,
                id=id,
            ),
            Path(
                line,
                stroke="muted",
                stroke_width=styles.LINE.back.weight,
                bound=(Flow("points", id, to),),
            ),
        ]
    return marks


class Head(NamedTuple):
    """What a column of numbers is.

    Attributes:
        said: Its name.
        names: As in `words.label`.
        id: Ids of its numbers are this and the unit.
        term: Of its numbers.
    """

    said: str
    names: dict[str, object]
    id: str
    term: str


HEADS = (
    Head("lasts", {"tensor": "life"}, "life", "life"),
    *(
        Head(f"c {how}", {"tensor": "c", "statistic": how}, f"c-{how}", "c")
        for how in ("min", "max")
    ),
)
"""The columns of numbers."""


def _value(population: Population, head: Head, unit: int) -> Number:
    """The number of a unit in a column."""
    if head.id == "life":
        return population.lasts(unit)
    series = population.of("c")[:, unit]
    how = str(head.names["statistic"])
    scale = max(step.scale for step in population.subject.steps)
    return Number(getattr(series, how)(), f"c[:, 0, {unit}].{how}()", scale)


def table(population: Population, of: tuple[Reasons, ...], room: float) -> tuple[list[Mark], float]:
    """A line for each unit: its numbers, and why it is named; and its end.

    Args:
        population: The units.
        of: Which of them.
        room: The width of the figure.
    """
    of = tuple(sorted(of))
    marks: list[Mark] = []
    printed: list[tuple[Head, float, words.Decimals]] = []
    right = LEFT
    for head in HEADS:
        x, right = right + WIDE / 2, right + WIDE
        numbers = [_value(population, head, one.unit) for one in of]
        places = 0 if head.id == "life" else digits.DECIMALS
        printed.append((head, x, words.Decimals.of(numbers, 6, places)))
        ids = [f"{head.id}-{one.unit}" for one in of]
        marks.append(
            words.label(
                x,
                24,
                head.said,
                head.names,
                ids,
                "column",
                anchor="middle",
                style=words.FINE,
                fill="ink",
                term=head.term,
            )
        )
    over, _ = words.paragraph(
        printed[0][1], 0, sentence("steps"), 140, size=words.SMALL, anchor="middle"
    )
    marks.append(over)
    aside = right + 24
    beside = room - aside >= 200
    y = HEAD + LINE / 2 + 4
    for one in of:
        marks.append(
            words.label(
                0,
                y,
                f"unit {one.unit}",
                {"unit": one.unit},
                [f"{head.id}-{one.unit}" for head in HEADS],
                "row",
                style=words.FINE_STRONG,
            )
        )
        for head, x, decimals in printed:
            marks.append(
                decimals.number(
                    x,
                    y,
                    _value(population, head, one.unit),
                    size=words.SMALL,
                    room=6,
                    id=f"{head.id}-{one.unit}",
                    term=head.term,
                )
            )
        down = LINE
        if one.why:
            x, start = (aside, y - 8) if beside else (0.0, y + 9)
            size = room - x
            lines, end = words.paragraph(x, start, one.said, size, size=words.SMALL)
            marks.append(lines)
            down = max(LINE, end - y + 12)
        y += down
    return marks, y - LINE / 2
