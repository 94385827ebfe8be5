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
from ...scene.marks import Mark, Path, Text
from . import unit_rows
from .strips import Columns, Row

MAX_UNITS = 4
"""The most units to name; each is named for a reason."""
HEADING_HEIGHT, HEADING_MIDDLE, LINE_HEIGHT = 34.0, 24.0, 22.0
"""The height of the table head, the middle of its second line, and the height of a table
line."""
NUMBERS_LEFT, NUMBER_WIDTH = 72.0, 62.0
"""The left edge of the numbers, and the width of a column of numbers."""
NAMES_HEIGHT, NAME_MIDDLE, NAME_BOTTOM = 26.0, 8.0, 16.0
"""The height of the names above the columns, with the lines that lead down from them; and
from its top to the middle of a name, and to the start of its line."""
LEADER_BEND = 2.0
"""How far above the columns a line turns straight down."""
MIN_REASON_WIDTH, REASON_GAP = 200.0, 24.0
"""The least width of reasons beside the numbers, and the gap between both."""
REASON_OFFSET = 9.0
"""From the middle of the numbers down to the top of reasons below them."""
MAX_CHARS = 6
"""The most characters of a number."""
MIN_NAME_GAP = 10.0
"""The least gap between two names."""


class NamedUnit(NamedTuple):
    """A unit whose name is printed, and the reasons for that."""

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
        # All units have a row, so only what labels say of them is a reason.
        labels = [reason for reason in population.reasons if not reason.role]
        return tuple(
            NamedUnit(unit, tuple(reason for reason in labels if reason.unit == unit))
            for unit in population.order
        )
    reasons_of: dict[int, list[Reason]] = {}
    for reason in [*_extremes(population), *population.reasons]:
        if reason.unit in reasons_of or len(reasons_of) < MAX_UNITS:
            reasons_of.setdefault(reason.unit, []).append(reason)
    order = population.order.index
    return tuple(NamedUnit(unit, tuple(reasons_of[unit])) for unit in sorted(reasons_of, key=order))


def _extremes(population: Population) -> list[Reason]:
    """Return the reasons for the longest lifetime and for the largest |c|."""
    if population.left_out_count:
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
    place = int(abs(population.results("c")[:, units]).max(0).argmax())
    unit = units[place]
    if population.left_out_count:
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
        # The first name may begin a little left of the columns.
        columns.left + name_width / 2 - 12,
        right - name_width / 2,
    )
    marks: list[Mark] = []
    for named_unit, text, x in zip(named_units, texts, xs, strict=True):
        middle = columns.middle(named_unit.unit)
        end, area = row.tops[population.order.index(named_unit.unit) // columns.units_per_column]
        id, bend = f"name-{named_unit.unit}", top + NAMES_HEIGHT - LEADER_BEND
        line = (("M", (x, top + NAME_BOTTOM)), ("L", (middle, bend)), ("L", (middle, end)))
        marks += [
            words.label(
                x,
                top + NAME_MIDDLE,
                text,
                names={"unit": named_unit.unit},
                of=[area],
                anchor="middle",
                style=words.FINE_STRONG,
                id=id,
            ),
            Path(
                line,
                stroke="muted",
                stroke_width=styles.LINE.muted.weight,
                bound=(Flow("points", id, area.id),),
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
    Head("steps", {"tensor": "life"}, "life", "life"),
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
    series = population.results("c")[:, unit]
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
    columns = [
        words.NumberAlignment.of(
            [_value(population, head, named_unit.unit) for named_unit in named_units],
            MAX_CHARS,
            0 if head.id == "life" else digits.DECIMALS,
        )
        for head in HEADS
    ]
    lines: list[Mark] = []
    numbers: list[Text] = []
    y = HEADING_HEIGHT + LINE_HEIGHT / 2 + 4
    for named_unit in named_units:
        row = _numbers(population, columns, named_unit.unit, y)
        name, names = f"unit {named_unit.unit}", {"unit": named_unit.unit}
        lines += [words.label(0, y, name, names=names, of=row, style=words.FINE_STRONG), *row]
        numbers += row
        reason, line_distance = _explanation(named_unit, y, width)
        lines += reason
        y += line_distance
    return [*_heads(numbers), *lines], y - LINE_HEIGHT / 2


def _middle(k: int) -> float:
    """Return the middle of column `k` of the numbers."""
    return NUMBERS_LEFT + (k + 0.5) * NUMBER_WIDTH


def _heads(numbers: list[Text]) -> list[Mark]:
    """Draw the head of each column; `numbers` are those of all columns, line by line."""
    marks: list[Mark] = [
        words.label(
            _middle(k),
            HEADING_MIDDLE,
            head.caption,
            names=head.names,
            of=numbers[k :: len(HEADS)],
            anchor="middle",
            style=words.FINE,
            fill="ink",
            term=head.term,
        )
        for k, head in enumerate(HEADS)
    ]
    label, _ = words.paragraph(
        _middle(0), 0, sentence("lasts"), 140, size=words.SMALL, anchor="middle"
    )
    return [*marks, label]


def _numbers(
    population: Population, columns: list[words.NumberAlignment], unit: int, y: float
) -> list[Text]:
    """Print the numbers of a unit; `y` is their middle."""
    return [
        decimals.number(
            _middle(k),
            y,
            _value(population, head, unit),
            size=words.SMALL,
            max_chars=MAX_CHARS,
            id=f"{head.id}-{unit}",
            term=head.term,
        )
        for k, (head, decimals) in enumerate(zip(HEADS, columns, strict=True))
    ]


def _explanation(named_unit: NamedUnit, y: float, width: float) -> tuple[list[Mark], float]:
    """Print why a unit is named, beside its numbers or below them.

    Args:
        named_unit: The unit.
        y: The middle of its numbers.
        width: The width of the figure.

    Returns:
        The marks, and the distance to the next line.
    """
    if not named_unit.reasons:
        return [], LINE_HEIGHT
    x, top = NUMBERS_LEFT + len(HEADS) * NUMBER_WIDTH + REASON_GAP, y - 8
    if width - x < MIN_REASON_WIDTH:
        x, top = 0.0, y + REASON_OFFSET
    lines, bottom = words.paragraph(x, top, named_unit.explanation, width - x, size=words.SMALL)
    return [lines], max(LINE_HEIGHT, bottom - y + 12)
