"""The named units: their names above the columns, and the table of their numbers."""

from math import inf
from typing import NamedTuple

from ...layout import styles, words
from ...layout.motifs import charts
from ...layout.motifs.population import Population, Reason
from ...layout.unit_choice import largest_claim
from ...model.reference import Number
from ...model.units import MAX_SHORT_LIFETIME
from ...proof import digits
from ...proof.bindings import Flow, Sentence, sentence
from ...scene.marks import Mark, Path
from . import unit_rows
from .strips import Columns, Row

MAX_UNITS = 4
"""The most units to name; each is named for a reason."""
HEADING_HEIGHT, LINE_HEIGHT = 34.0, 22.0
"""The height of the table head, and the height of a table line."""
NUMBERS_LEFT, NUMBER_WIDTH = 72.0, 62.0
"""The left edge of the numbers, and the width of a column of numbers."""
NAMES_HEIGHT = 26.0
"""The height of the names above the columns."""
MIN_NAME_GAP = 10.0
"""The least gap between two names."""


class NamedUnit(NamedTuple):
    """A unit that has a name, and the reasons for it."""

    unit: int
    reasons: tuple[Reason, ...]

    @property
    def explanation(self) -> Sentence:
        """The reasons as a sentence."""
        text = "; ".join(reason.text for reason in self.reasons)
        values = (value for reason in self.reasons for value in reason.values)
        claim = " and ".join(f"({reason.claim})" for reason in self.reasons)
        return sentence(text, *values, claim=claim)


def named_units_of(population: Population) -> tuple[NamedUnit, ...]:
    """Return the units to name, in the order of their columns."""
    if unit_rows.has_unit_rows(population):
        return tuple(NamedUnit(unit, ()) for unit in population.order)
    reasons_of: dict[int, list[Reason]] = {}
    for reason in [*_extremes(population), *population.reasons]:
        if reason.unit in reasons_of or len(reasons_of) < MAX_UNITS:
            reasons_of.setdefault(reason.unit, []).append(reason)
    order = population.order.index
    return tuple(NamedUnit(unit, tuple(reasons_of[unit])) for unit in sorted(reasons_of, key=order))


def _extremes(population: Population) -> list[Reason]:
    """Return the reasons for the longest lifetime and for the largest |c|."""
    if population.left_out:
        # Units that are left out might exceed these, so there is no certain maximum.
        return [] if population.reasons else [_farthest(population)]
    longest, second, *_ = population.order
    reasons = []
    # If several units outlast the sequence, it is unknown which lasts longest.
    if population.lifetimes[longest] > MAX_SHORT_LIFETIME and population.lifetimes[second] < inf:
        claim = largest_claim("life", (longest,))
        reasons.append(Reason(longest, "a write lasts longest", claim))
    return [*reasons, _farthest(population)]


def _farthest(population: Population) -> Reason:
    """Return the reason for the unit with the largest |c| among those drawn."""
    units = list(population.order)
    place = int(abs(population.of("c")[:, units]).max(0).argmax())
    unit = units[place]
    if population.left_out:
        claim = largest_claim("c[:, 0, order].abs().amax(0)", (place,))
        return Reason(unit, "of those drawn, c goes farthest from zero", claim)
    claim = largest_claim("c[:, 0].abs().amax(0)", (unit,))
    return Reason(unit, "c goes farthest from zero", claim)


def above(
    columns: Columns, row: Row, named_units: tuple[NamedUnit, ...], top: float, right: float
) -> list[Mark]:
    """Draw the names of units, each with a line to its column.

    Args:
        columns: The columns.
        row: The topmost row, where the lines end.
        named_units: The units to name.
        top: The top edge of the names.
        right: The right edge of the figure.
    """
    population = columns.population
    texts = [f"unit {named_unit.unit}" for named_unit in named_units]
    name_width = max(words.width(text, words.SMALL) for text in texts)
    xs = charts.spaced_positions(
        [columns.middle(named_unit.unit) for named_unit in named_units],
        name_width + MIN_NAME_GAP,
        columns.left + name_width / 2 - 12,
        right - name_width / 2,
    )
    marks: list[Mark] = []
    for named_unit, text, x in zip(named_units, texts, xs, strict=True):
        at = columns.middle(named_unit.unit)
        end, to = row.tops[population.order.index(named_unit.unit) // columns.units_per_column]
        id, head = f"name-{named_unit.unit}", top + NAMES_HEIGHT - 2
        line = (("M", (x, top + 16)), ("L", (at, head)), ("L", (at, end)))
        marks += [
            words.label(
                x,
                top + 8,
                text,
                {"unit": named_unit.unit},
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
    """The head of a column of numbers.

    Attributes:
        caption: The text.
        names: What the text names, as in `words.label`.
        id: The id prefix of the numbers; the unit follows.
        term: The term of the numbers.
    """

    caption: str
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
"""The heads of the table."""


def _value(population: Population, head: Head, unit: int) -> Number:
    """Return the number of a unit in a column."""
    if head.id == "life":
        return population.lifetime(unit)
    series = population.of("c")[:, unit]
    statistic = str(head.names["statistic"])
    scale = max(step.scale for step in population.subject.steps)
    return Number(getattr(series, statistic)(), f"c[:, 0, {unit}].{statistic}()", scale)


def table(
    population: Population, named_units: tuple[NamedUnit, ...], width: float
) -> tuple[list[Mark], float]:
    """Draw the table of the named units; return the marks and their bottom.

    Args:
        population: The units.
        named_units: The units in the table.
        width: The width of the figure.
    """
    named_units = tuple(sorted(named_units))
    marks: list[Mark] = []
    printed: list[tuple[Head, float, words.Decimals]] = []
    right = NUMBERS_LEFT
    for head in HEADS:
        x, right = right + NUMBER_WIDTH / 2, right + NUMBER_WIDTH
        numbers = [_value(population, head, named_unit.unit) for named_unit in named_units]
        places = 0 if head.id == "life" else digits.DECIMALS
        printed.append((head, x, words.Decimals.of(numbers, 6, places)))
        ids = [f"{head.id}-{named_unit.unit}" for named_unit in named_units]
        marks.append(
            words.label(
                x,
                24,
                head.caption,
                head.names,
                ids,
                "column",
                anchor="middle",
                style=words.FINE,
                fill="ink",
                term=head.term,
            )
        )
    label, _ = words.paragraph(
        printed[0][1], 0, sentence("steps"), 140, size=words.SMALL, anchor="middle"
    )
    marks.append(label)
    text_left = right + 24
    fits_beside = width - text_left >= 200
    y = HEADING_HEIGHT + LINE_HEIGHT / 2 + 4
    for named_unit in named_units:
        marks.append(
            words.label(
                0,
                y,
                f"unit {named_unit.unit}",
                {"unit": named_unit.unit},
                [f"{head.id}-{named_unit.unit}" for head in HEADS],
                "row",
                style=words.FINE_STRONG,
            )
        )
        for head, x, decimals in printed:
            marks.append(
                decimals.number(
                    x,
                    y,
                    _value(population, head, named_unit.unit),
                    size=words.SMALL,
                    max_chars=6,
                    id=f"{head.id}-{named_unit.unit}",
                    term=head.term,
                )
            )
        down = LINE_HEIGHT
        if named_unit.reasons:
            x, start = (text_left, y - 8) if fits_beside else (0.0, y + 9)
            size = width - x
            lines, end = words.paragraph(x, start, named_unit.explanation, size, size=words.SMALL)
            marks.append(lines)
            down = max(LINE_HEIGHT, end - y + 12)
        y += down
    return marks, y - LINE_HEIGHT / 2
