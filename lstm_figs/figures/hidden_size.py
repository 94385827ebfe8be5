"""The figure `hidden-size`."""

from itertools import pairwise
from typing import NamedTuple

from ..layout import styles, words
from ..layout.motifs import gauges, rows
from ..layout.provenance import origin, provenance
from ..layout.room import inner
from ..model.lstm import GATES
from ..proof.bindings import Node, Sentence, sentence
from ..proof.subject import Subject
from ..scene.marks import Box, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS

NARROWEST_WIDE = 480
"""Below this width bars are short."""
MOST = 4
"""The most units that are drawn."""
FIRST = "unit == 0"
"""What is true of the rows that stand out."""
UNIT, CHIP = 21.0, 17.0
"""From one row of a unit to the next, and the height of its bar."""
NAME, APART = 24.0, 14.0
"""What the name of a unit takes, and the space between two units."""
HEAD = 30.0
"""The height of the headings above the rows."""


class Places(NamedTuple):
    """Where rows stand, as they are stored and by unit.

    Attributes:
        where: The rows as they are stored.
        bar: The width of a stored row.
        left: The left of the units.
        right: The right of the units.
        top: The top of the first unit.
    """

    where: rows.Rows
    bar: float
    left: float
    right: float
    top: float

    def stored(self, gate: str, unit: int) -> tuple[float, float]:
        """The right end of a stored row."""
        return self.where.left + self.bar, self.where.y(gate, unit)

    def frame(self, unit: int) -> tuple[float, float]:
        """The top left of a unit."""
        place = self.where.units.index(unit)
        return self.left, self.top + place * (self.high + APART)

    @property
    def high(self) -> float:
        """The height of a unit."""
        return NAME + 4 * UNIT + 4

    def owned(self, gate: str, unit: int) -> float:
        """The middle of a row in its unit."""
        _, top = self.frame(unit)
        return top + NAME + (GATES.index(gate) + 0.5) * UNIT


def hidden_size(subject: Subject, room: float) -> Diagram:
    """Whose rows are whose: all rows as stored, and those of each unit."""
    size = subject.weights.hidden_size
    units = tuple(range(size))
    if size > MOST:
        units = (0, 1, 2, size - 1)
    space, close = inner(room), room < NARROWEST_WIDE
    count = len(units)
    tall = count * (NAME + 4 * UNIT + 4 + APART) - APART
    height = min(34.0, max(22.0, (tall - 3 * 12) / (4 * count)))
    where = rows.Rows(units, size, HEAD, height, apart=12, close=close)
    top = HEAD + max(0.0, (where.bottom - HEAD - tall) / 2)
    places = Places(where, 80 if close else 190, space - (120 if close else 230), space, top)
    marks: list[Mark] = rows.gutter(where, ["stored-{row}"])
    # What the others are drawn over is what the first unit owns.
    for unit in reversed(units):
        marks += _ribbons(places, unit, strong=unit == units[0])
    for gate, unit in where.each:
        marks.append(_stored(subject, places, gate, unit))
    for unit in units:
        marks += _unit(subject, places, unit)
    marks += _stride(subject, places)
    for said, x in (
        ("as stored", where.left + places.bar / 2),
        ("by unit", (places.left + places.right) / 2),
    ):
        lines, _ = words.paragraph(
            x, 0, sentence(said), 200, size=words.LABEL, anchor="middle", fill="ink", bold=True
        )
        marks.append(lines)
    bottom = max(where.bottom, top + tall)
    return Diagram(
        _head(subject, units), _description(subject, units), space, bottom, tuple(marks), room
    )


def _row(subject: Subject, row: int) -> Node:
    return Node(subject.ref("weight_ih")[row])


def _bar(x: float, y: float, width: float, height: float, gate: str, *, strong: bool) -> Box:
    role = TERMS[gate].role
    look = styles.BAND.strong if strong else styles.BAND.plain
    bar = Box(
        x,
        y - height / 2,
        width,
        height,
        radius=4,
        stroke=role,
        stroke_width=look.weight,
        fill=f"{role}:{look.tint}",
    )
    return styles.strong(bar, FIRST if strong else "")


def _stored(subject: Subject, places: Places, gate: str, unit: int) -> Box:
    where = places.where
    row = where.row(gate, unit)
    bar = _bar(
        where.left,
        where.y(gate, unit),
        places.bar,
        where.height - 4,
        gate,
        strong=unit == where.units[0],
    )
    return bar._replace(id=f"stored-{row}", term=gate, bound=(_row(subject, row), *bar.bound))


def _ribbons(places: Places, unit: int, *, strong: bool) -> list[Mark]:
    """From the stored rows of a unit to the unit."""
    marks: list[Mark] = []
    ribbon = styles.RIBBON.strong if strong else styles.RIBBON.back
    thread = styles.THREAD.strong if strong else styles.THREAD.back
    for gate in GATES:
        row = places.where.row(gate, unit)
        x, y = places.stored(gate, unit)
        wide, thin = gauges.ribbon(
            (x + 3, y),
            (places.left + 7, places.owned(gate, unit)),
            TERMS[gate].role,
            f"stored-{row}",
            f"owned-{row}",
        )
        assert isinstance(wide, Path)
        assert isinstance(thin, Path)
        marks += [
            wide._replace(stroke_width=ribbon.weight, opacity=ribbon.opacity),
            styles.strong(
                thin._replace(stroke_width=thread.weight, opacity=thread.opacity),
                FIRST if strong else "",
            ),
        ]
    return marks


def _unit(subject: Subject, places: Places, unit: int) -> list[Mark]:
    """A unit: its name and its four rows, each with its index."""
    where, (left, top) = places.where, places.frame(unit)
    strong = unit == where.units[0]
    width = places.right - left
    owned = [where.row(gate, unit) for gate in GATES]
    marks: list[Mark] = [
        Box(left, top, width, places.high, radius=6, stroke="rule", fill="panel"),
        words.label(
            left + 10,
            top + 13,
            f"unit {unit}",
            {"unit": unit},
            [f"owned-{row}" for row in owned],
            "block",
            style=words.STRONG if strong else words.PLAIN,
            fill="ink",
        ),
    ]
    for gate, row in zip(GATES, owned, strict=True):
        y = places.owned(gate, unit)
        bar = _bar(left + 10, y, width - 58, CHIP, gate, strong=strong)
        marks += [
            bar._replace(id=f"owned-{row}", term=gate, bound=(_row(subject, row), *bar.bound)),
            words.label(
                left + 18,
                y,
                gate,
                {"gate": gate},
                [f"owned-{row}"],
                "row",
                style=words.STRONG,
                term=gate,
            ),
            words.label(
                left + width - 54,
                y,
                str(row),
                {"row": row},
                [f"owned-{row}"],
                "row",
                style=words.FINE,
                fill="ink",
                anchor="end",
            ),
        ]
    return marks


def _stride(subject: Subject, places: Places) -> list[Mark]:
    """How far the rows of the first unit lie apart."""
    unit = places.where.units[0]
    size = places.where.hidden_size
    marks: list[Mark] = []
    for first, second in pairwise(GATES):
        y = (places.owned(first, unit) + places.owned(second, unit)) / 2
        said, _ = words.paragraph(
            places.right - 8,
            y - words.LINE * words.SMALL / words.NOTE / 2,
            sentence("+{}", (size, "c.shape[-1]")),
            60,
            size=words.SMALL,
            anchor="end",
            fill="ink",
            bold=True,
        )
        marks.append(said)
    return marks


def _head(subject: Subject, units: tuple[int, ...]) -> Head:
    sizes, held = subject.weights, subject.shown
    size, projected = sizes.hidden_size, sizes.proj_size > 0
    biases = 2 if sizes.bias_ih is not None else 0
    columns = sizes.input_size + sizes.size
    more = (size + 1) * (4 * (columns + (not projected) + biases) + sizes.proj_size)
    shown = f"{held}.proj_size" if projected else f"{held}.hidden_size + 1"
    proj = f" + {held}.proj_size" if projected else ""
    expr = f"({held}.hidden_size + 1) * (4 * ({held}.input_size + {shown} + 2 * {held}.bias){proj})"
    count = f"sum(p.numel() for p in {held}.parameters())"
    gains = "weight_hr" if projected else "weight_hh"
    numbers = sum(array.size for array in sizes.parameters().values())
    notes = [
        sentence(
            "There are {} parameters. One more unit would make that {}: every "
            f"band gains a row, and {gains} a column as well.",
            (f"{numbers:,}", count),
            (f"{more:,}", expr),
        )
    ]
    if projected:
        notes.append(
            sentence("weight_hr has no bands and is not drawn.", claim=f"{held}.proj_size > 0")
        )
    if len(units) < size:
        *some, last = map(str, units)
        notes.append(
            sentence(
                "The rows of units {}, of {}, are drawn.",
                (f"{', '.join(some)} and {last}", str(units)),
                (size, "c.shape[-1]"),
            )
        )
    return Head(
        _title(),
        sentence(
            "hidden_size is the number of units. Rows are stored gate by "
            "gate, so those of one unit lie {} (hidden_size) apart.",
            (size, "c.shape[-1]"),
        ),
        provenance(subject, ("{} rows", f"{4 * size:,}", f"len({subject.ref('weight_ih')})")),
        tuple(notes),
        origin(subject),
    )


def _title() -> Sentence:
    return sentence("Every unit owns one row of each band")


def _description(subject: Subject, units: tuple[int, ...]) -> str:
    size = subject.weights.hidden_size
    told = [
        f"The rows of the weights and biases are stored gate by gate, {size} "
        "for each, in the order i, f, g, o"
    ]
    told += [
        f"Unit {unit} owns rows "
        + ", ".join(str(subject.weights.row(gate, unit)) for gate in GATES)
        for unit in units
    ]
    return ". ".join(told) + "."
