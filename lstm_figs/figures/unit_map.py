"""The figure `unit-map`: a heat map of all units of a layer over the steps."""

import math
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Literal, NamedTuple

import numpy as np

from ..errors import BeyondLimit
from ..layout import WIDE, styles, words
from ..layout.margins import inner_width
from ..layout.motifs import charts, heat, label_rows, over_time
from ..layout.motifs.over_time import Steps
from ..layout.motifs.population import LASTING, Population
from ..layout.motifs.token_rows import tokens_by_step
from ..layout.provenance import count_item, provenance, source
from ..layout.unit_choice import largest_claim
from ..model.layer_run import LayerRun
from ..model.reference import Number, Ref
from ..model.tensors import GATES, Array
from ..model.units import (
    MAX_SHORT_LIFETIME,
    MIN_LONG_LIFETIME,
    MIN_MOVING_DEVIATION,
    similarity_order,
)
from ..proof.bindings import Flow, Heat, Sample, Sentence, sentence
from ..proof.digits import count_phrase, text
from ..proof.preamble import units as torch_of
from ..scene.marks import Box, Group, Mark, Path, Text, bounds
from ..scene.scenes import Diagram, Head
from ..scene.theme import DARKEST, Paint

MAX_CELLS = 16_000
"""The most cells that keep the file small enough."""
ROW_HEIGHTS = ((2, 30.0), (16, 18.0), (32, 15.0), (64, 8.0), (100, 5.0), (300, 2.0))
"""Numbers of rows, and the height of a row up to each; with more, it is one pixel."""
LEADER_WIDTH, COLUMN_GAP = 12.0, 10.0
"""The gaps between a row and the name of its unit, and between the name and a number."""
HEADING_GAP = 6.0
"""The gap between the heading of a band and its rows."""
TOKENS_GAP, NUMBERS_MIDDLE, STEPS_HEIGHT = 4.0, 9.0, 24.0
"""From the last row down to tokens and to the middle of step numbers, and the height of
the numbers with the gap below."""
MIN_STEP_WIDTH, MAX_STEP_WIDTH, MIN_WHOLE_WIDTH = 2.0, 160.0, 8.0
"""The least and the largest width of a step; from the third on, the width is a whole number."""
BAND_GAP = 16.0
"""The gap between two bands."""
LINE_MIDDLE, LINE_PITCH = words.line_height(words.SMALL) / 2, 17.0
"""The distances from the top of a line of small text to its middle, and between lines."""
MIN_NAME_GAP = 15.0
"""The least distance between two names; rows at least this high are all named."""
MEDIAN_WIDTH = 170.0
"""The space for the median of a band right of its heading."""
SCALE_WIDTH, SCALE_HEIGHT, SCALE_COLOURS = 96.0, 8.0, 25
"""The size of the colour scale, and its number of colours."""
SCALE_GAP = 6.0
"""Between the colour scale and the numbers at its ends."""
ROUND_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Possible distances of numbered steps; the first that leaves space is used."""
SMALLEST_NORMAL = 1e-30
"""A unit whose largest |c| is smaller has no share of it; dividing would overflow."""
MIN_WIDTH = 240.0
"""The least width of a map, so that its heading is not wider."""
EXTREME, EXTREME_CHARS = "largest |c|", 6
"""The heading of the largest |c| of each row, and the most characters of a number."""
SHORT_REASONS = {"keeps": "c moves most beyond its trend, where a write lasts three steps"}
"""Why a unit is named, shorter than in other figures."""
MIN_UNITS, MIN_SHARE = 3, 0.2
"""The title reports a loss if at least this many units, and this share of them, lose."""

POSITIVE_GATES = ("i", "f", "o")
"""Gates that are never negative, and use the colour of the gate."""
TENSORS = {
    "c_share": "c_share[:, {}].T",
    "c": "c[:, 0, {}].T",
    "h": "output[:, 0, {}].T",
    "ig": "(i * g)[:, 0, {}].T",
    **{gate: f"{gate}[:, 0, {{}}].T" for gate in "ifgo"},
}
"""The expressions of the values of a band, for each kind of value."""
SCALE_NAMES = {"c_share": "c_share", "c": "c", "h": "h", "ig": "i*g"}
"""What the scale names in `words.label`, for each kind of value but gates."""
SYMBOLS = {
    "c": "c",
    "h": "h",
    "ig": "i·g",
    "i": "i write",
    "f": "f keep",
    "g": "g new",
    "o": "o show",
}
"""The caption of the scale, for each kind of value."""
KIND_NAMES = {
    "c": "c",
    "h": "h",
    "ig": "i·g, what is written,",
    "i": "i (write)",
    "f": "f (keep)",
    "g": "g (new)",
    "o": "o (show)",
}
"""The kind of value, as a sentence begins with it."""
C_SHARE = """\
# Each c as a share of the largest of its unit.
c_share = c[:, 0].detach()
c_share = c_share / c_share.abs().amax(0).clamp(min=1e-30)"""
"""The Python code that computes `c_share`."""


class Band(NamedTuple):
    """Units with similar lifetimes.

    Attributes:
        name: The name of its list of units in the preamble.
        duration: How long a write lasts, in words.
        claim: An expression that is true for these units.
        units: The units that have a row, from top to bottom.
        size: The number of units in the band, with or without a row.
    """

    name: str
    duration: str
    claim: str
    units: tuple[int, ...]
    size: int

    @property
    def id(self) -> str:
        """The id of the rows."""
        return f"map-{self.name}"


class UnitRow(NamedTuple):
    """The row of a unit: the cells of its band, and its vertical middle."""

    cells: Group
    middle: float


class Loss(NamedTuple):
    """A step at which several units with long lifetimes lose over half of c.

    Attributes:
        t: The step, counted from 0.
        units: The number of units that lose.
        of: The number of units in the band.
    """

    t: int
    units: int
    of: int


def unit_map(
    subject: LayerRun,
    width: float,
    *,
    of: Literal["c", "h", "i", "f", "g", "o", "ig"] = "c",
    row_scale: Literal["own", "shared"] = "own",
) -> Diagram:
    """All units over the steps, a row each, by how long a write lasts.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        of: What is shown of each unit; ig is i·g, what is written.
        row_scale: Whether each row of c has colours up to its own largest |c|,
            or all share one scale, as rows of h and of gates always do.
    """
    if of == "h" and subject.weights.proj_size:
        raise BeyondLimit(
            f"got --of h for proj_size={subject.weights.proj_size}, expected "
            "a module whose h has an element for each unit; draw c, o or ig",
            "of",
        )
    return _UnitMap(subject, width, of, is_own=of == "c" and row_scale == "own").diagram()


def _bands(population: Population, steps: int, always: Collection[int]) -> tuple[Band, ...]:
    """The bands that have units, the longest lifetime first.

    Args:
        population: The units.
        steps: The most steps to draw. With too many cells, only every second
            (third, …) unit has a row; its neighbours are similar.
        always: Units that have a row in any case.
    """
    c, life = population.results("c"), population.lifetimes
    cells = len(population.order) * min(steps, population.step_count)
    stride = math.ceil(cells / MAX_CELLS)
    bands = []
    long, medium = life >= MIN_LONG_LIFETIME, life > MAX_SHORT_LIFETIME
    long_claim, long_words = f"life >= {MIN_LONG_LIFETIME}", "ten steps or more"
    if population.step_count <= MIN_LONG_LIFETIME:
        # So short a sequence does not show that a write lasts that long.
        long, long_claim, long_words = np.isinf(life), "life.isinf()", "to the end"
    for name, duration, claim, is_member in (
        ("long", long_words, long_claim, long),
        (
            "medium",
            "three to nine steps",
            f"(life > {MAX_SHORT_LIFETIME}) & ~({long_claim})",
            medium & ~long,
        ),
        ("short", "one or two steps", f"life <= {MAX_SHORT_LIFETIME}", ~medium),
    ):
        units = np.array([unit for unit in population.finite_units if is_member[unit]], int)
        if len(units):
            order = units[similarity_order(c[:, units])].tolist()
            visible = tuple(
                unit for k, unit in enumerate(order) if k % stride == 0 or unit in always
            )
            bands.append(Band(name, duration, claim, visible, len(units)))
    return tuple(bands)


class _UnitMap:
    """Bands of rows, one row per unit, grouped by how long a write lasts.

    Attributes:
        of: The kind of value: c, h, ig, or a gate.
        is_own: Whether each row has its own colour scale.
        named_units: The units with a name beside their row.
        units: The units that have a row, from top to bottom.
        extremes: The largest |c| of each unit; empty if there is no space for them.
        values: The values, shape `(steps, units)`.
        end: The value with the strongest colour; None if all are 0.
        steps: The drawn steps.
    """

    def __init__(self, subject: LayerRun, width: float, of: str, *, is_own: bool):
        self.subject, self.width, self.of, self.is_own = subject, width, of, is_own
        self.population, self.space = Population(subject), inner_width(width)
        self.named_units = _named_units(self.population)
        # The wide and the narrow form show the same units.
        max_steps = int(inner_width(WIDE) / MIN_STEP_WIDTH)
        self.bands = _bands(self.population, max_steps, self.named_units)
        self.units = [unit for band in self.bands for unit in band.units]
        self.values = self.shown_values()
        self.end = self.largest()
        self.row_height = next(
            (height for max_rows, height in ROW_HEIGHTS if len(self.units) <= max_rows), 1.0
        )
        has_extremes = self.names_all and self.is_own and width >= WIDE
        self.extremes = {unit: self.extreme(unit) for unit in self.units if has_extremes}
        self.steps = self.drawn_steps()

    def shown_values(self) -> Array:
        """The values of all units, also of those without a row."""
        if self.of == "ig":
            return self.population.results("i") * self.population.results("g")
        values = self.population.results(self.of)
        if self.is_own:
            with np.errstate(invalid="ignore"):  # Units that are left out may be infinite.
                values = values / np.maximum(abs(values).max(0), np.float32(SMALLEST_NORMAL))
        return values

    def largest(self) -> Number | None:
        """The value of largest magnitude among units with a row; None if all are 0."""
        visible_values = self.values[:, self.units].astype(np.float64)
        # If two values have the same magnitude, prefer the positive one.
        sizes = np.where(visible_values > 0, visible_values * (1 + 1e-9), -visible_values)
        step, row = map(int, np.unravel_index(sizes.argmax(), visible_values.shape))
        unit = self.units[row]
        value = self.values[step, unit]
        if not value or not math.isfinite(value):
            return None
        if self.is_own:
            return Number(value, Ref("c_share")[step, unit])
        tensor = {"h": Ref("output"), "ig": Ref("i") * Ref("g")}.get(self.of, Ref(self.of))
        return Number(value, tensor[step, 0, unit])

    @property
    def names_all(self) -> bool:
        """Whether each row has the number of its unit beside it."""
        return self.row_height >= MIN_NAME_GAP

    def extreme(self, unit: int) -> Number:
        """The largest |c| of a unit."""
        return Number(
            abs(self.population.results("c")[:, unit]).max(),
            f"c[:, 0, {unit}].abs().max()",
            max(step.scale for step in self.subject.steps),
        )

    @property
    def name_width(self) -> float:
        """The width of the longest name."""
        if not self.names_all:
            return words.width(f"unit {self.population.unit_count - 1}", words.SMALL, bold=True)
        return words.width("unit", words.SMALL)

    @property
    def decimals(self) -> words.NumberAlignment:
        """How the largest |c| align."""
        return words.NumberAlignment.of(self.extremes.values(), EXTREME_CHARS)

    def drawn_steps(self) -> Steps:
        """The steps that fit beside the names, and the numbers beside them."""
        names_width = LEADER_WIDTH + self.name_width
        if self.extremes:
            names_width += COLUMN_GAP + self.extremes_width
        space = self.space - names_width
        count = min(len(self.subject.steps), int(space / MIN_STEP_WIDTH))
        step_width = min(space / count, max(MAX_STEP_WIDTH, MIN_WIDTH / count))
        # Widths with few digits keep the file small. Those between 6 and 8 stay exact,
        # because letters need 7.2 pixels.
        if step_width >= MIN_WHOLE_WIDTH:
            step_width = math.floor(step_width)
        elif step_width < words.SMALL / 2:
            step_width = math.floor(10 * step_width) / 10
        labels = tuple(map(self.subject.step_number, range(count)))
        clock = self.subject.trace.clock
        return Steps(0, labels, 0.0, step_width, is_crowded=True, clock=clock)

    @property
    def extremes_width(self) -> float:
        """The width of the largest |c| and their heading."""
        return max(self.decimals.width(words.SMALL), words.width(EXTREME, words.SMALL))

    @property
    def hue(self) -> Paint:
        """The colour of a gate; empty if colours show the sign."""
        return f"gate-{self.of}" if self.of in POSITIVE_GATES else ""

    @property
    def limit(self) -> float:
        """The magnitude with the strongest colour."""
        return abs(float(self.end.value)) if self.end else 1.0

    @property
    def tensor(self) -> str:
        """The kind of value that colours show, a key of `TENSORS`."""
        return "c_share" if self.is_own else self.of

    @property
    def term(self) -> str:
        """The terms of the cells."""
        return "i g" if self.of == "ig" else self.of

    def expr(self, units: str) -> str:
        """The expression of the values of some units."""
        part = self.steps.as_slice
        steps = ":" if len(self.steps.labels) == len(self.values) else f"{part.start}:{part.stop}"
        return TENSORS[self.tensor].format(units).replace("[:", f"[{steps}", 1)

    def diagram(self) -> Diagram:
        marks: list[Mark] = []
        rows: dict[int, UnitRow] = {}
        y = 0.0
        for band in self.bands:
            heading = self.heading(band, y)
            # Rows begin at whole pixels, so that their edges are sharp.
            y = round(bounds(heading).bottom + HEADING_GAP)
            cells = self.rows(band, y)
            marks += [*heading, cells]
            for unit in band.units:
                rows[unit] = UnitRow(cells, y + self.row_height / 2)
                y += self.row_height
            y += BAND_GAP
        y -= BAND_GAP
        marks += self.row_names(rows) if self.names_all else self.names(rows, y)
        last_band = self.bands[-1]
        tokens = tokens_by_step(
            self.subject, self.steps, y + TOKENS_GAP, [last_band.id], below=True
        )
        marks += tokens.marks or self.step_numbers(cells, y + NUMBERS_MIDDLE)
        y += max(STEPS_HEIGHT, tokens.height + 12)
        labels = label_rows.label_rows(self.subject, self.steps, y)
        y += labels.height
        key = self.key(y)
        return Diagram(
            heading=self.head(tokens.notes),
            description=self.description(),
            width=self.space,
            height=bounds(key).bottom if key else y,
            marks=(*marks, *labels.marks, *key),
            figure_width=self.width,
            setup=self.setup(),
        )

    def heading(self, band: Band, y: float) -> list[Mark]:
        """The number of units in a band, and the median of their largest |c|."""
        noun = "unit" if band.size == 1 else "units"
        statement = sentence(
            f"{{}} {noun}: a write lasts {band.duration}",
            (band.size, f"int(({band.claim}).sum())"),
            claim=f"bool((({band.claim})[{band.name}]).all())",
        )
        name, _ = words.paragraph(
            0, y, statement, self.space, size=words.SMALL, fill="ink", bold=True
        )
        if self.of != "c" or (self.names_all and self.is_own):
            return [name]
        x, level = words.width(statement.text, words.SMALL, bold=True) + 20, y + LINE_MIDDLE
        if x + MEDIAN_WIDTH > self.space:
            x, level = 0.0, level + LINE_PITCH
        return [name, *self.median_label(band, x, level)]

    def median_label(self, band: Band, x: float, y: float) -> list[Mark]:
        """The median of the largest |c| of a band; `y` is the middle of its letters."""
        sizes, _ = words.paragraph(
            x, y - LINE_MIDDLE, sentence("largest |c|,"), 90, size=words.SMALL
        )
        x += words.width("largest |c|,", words.SMALL) + 4
        number = words.number(
            x + words.width("median", words.SMALL) + 6,
            y,
            Number(
                self.median(band),
                f"c[:, 0, {band.name}].abs().amax(0).median()",
                max(step.scale for step in self.subject.steps),
            ),
            size=words.SMALL,
            anchor="start",
            id=f"median-{band.name}",
            term="c",
        )
        label = words.label(
            x, y, "median", names={"statistic": "median"}, of=[number], style=words.FINE
        )
        return [sizes, label, number]

    def rows(self, band: Band, top: float) -> Group:
        """The cells of a band."""
        steps = self.steps
        gap = 1.0 if self.names_all else 0.0
        # A path for each colour, with a line for each run of steps that have it; this
        # keeps the file small.
        segments: dict[Paint, list[tuple[str, tuple[float, float]]]] = {}
        for row, unit in enumerate(band.units):
            y = top + (row + 0.5) * self.row_height
            step = 0
            for paint, run in groupby(map(self.paint, self.values[steps.as_slice, unit])):
                next_step = step + len([*run])
                left, right = (steps.left + t * steps.width for t in (step, next_step))
                segments.setdefault(paint, []).extend((("M", (left, y)), ("L", (right, y))))
                step = next_step
        paths = tuple(
            Path(tuple(d), stroke=paint, stroke_width=self.row_height - gap, crisp=True)
            for paint, d in sorted(segments.items())
        )
        bottom = top + len(band.units) * self.row_height
        bound = Heat(self.expr(band.name), self.limit, (steps.left, top, steps.right, bottom))
        return Group(paths, id=band.id, term=self.term, bound=(bound,))

    def paint(self, value: float) -> Paint:
        """The colour of a cell; its strength is in per cent."""
        strength = round(min(1.0, abs(value) / self.limit) * DARKEST)
        hue = self.hue or ("pos" if value > 0 else "neg")
        return f"{hue}:{strength}" if strength else "panel"

    def row_names(self, rows: dict[int, UnitRow]) -> list[Mark]:
        """The number of each unit beside its row, with its largest |c| if there is space."""
        right = self.steps.right + LEADER_WIDTH + self.name_width
        extremes = self.extreme_numbers(rows, right + COLUMN_GAP) if self.extremes else {}
        marks: list[Mark] = [_heading("unit", right), *extremes.values()]
        if extremes:
            marks.append(_heading(EXTREME, right + COLUMN_GAP + self.extremes_width))
        for unit, (cells, y) in rows.items():
            name = words.label(
                right,
                y,
                str(unit),
                names={"unit": unit},
                of=[cells, extremes[unit]] if extremes else [cells],
                along="row",
                style=words.FINE,
                anchor="end",
                fill="ink",
                id=f"name-{unit}",
            )
            marks.append(name)
        return marks

    def extreme_numbers(self, rows: dict[int, UnitRow], left: float) -> dict[int, Text]:
        """The largest |c| of each unit, beside its row."""
        x = left + self.extremes_width - self.decimals.width(words.SMALL) / 2
        return {
            unit: self.decimals.number(
                x,
                y,
                self.extremes[unit],
                size=words.SMALL,
                max_chars=EXTREME_CHARS,
                id=f"extreme-{k}",
                term="c",
            )
            for k, (unit, (_, y)) in enumerate(rows.items())
        }

    def names(self, rows: dict[int, UnitRow], bottom: float) -> list[Mark]:
        """The names of some units, each beside its row.

        Args:
            rows: The row of each unit.
            bottom: The bottom of the last row.
        """
        right = self.steps.right
        units = sorted(self.named_units, key=lambda unit: rows[unit].middle)
        half_name = 6
        levels = charts.spaced_positions(
            [rows[unit].middle for unit in units],
            MIN_NAME_GAP,
            half_name,
            max(bottom - half_name, half_name),
        )
        marks: list[Mark] = []
        for unit, y in zip(units, levels, strict=True):
            cells, middle = rows[unit]
            label = words.label(
                right + LEADER_WIDTH,
                y,
                f"unit {unit}",
                names={"unit": unit},
                of=[cells],
                along="row",
                style=words.FINE_STRONG,
                id=f"name-{unit}",
            )
            leader = Path(
                (("M", (right + LEADER_WIDTH - 2, y)), ("L", (right, middle))),
                stroke="ink",
                stroke_width=styles.LINE.muted.weight,
                bound=(Flow("points", label.id, cells.id),),
            )
            marks += [label, leader]
        return marks

    def step_numbers(self, cells: Group, y: float) -> list[Mark]:
        """As many step numbers as fit below the last band, for sequences without tokens."""
        steps = self.steps
        if steps.clock:
            return over_time.step_labels(steps, y, [cells.id])
        min_distance = 12 + words.width(str(steps.labels[-1]), words.SMALL)
        fitting = (count for count in ROUND_STEPS if count * steps.width >= min_distance)
        numbered_every = next(fitting, ROUND_STEPS[-1])
        return [
            words.label(
                steps.middle(t),
                y,
                str(label),
                names={"step": label},
                of=[cells],
                style=words.FINE,
                anchor="middle",
            )
            for t, label in zip(steps.ts, steps.labels, strict=True)
            # The first step has a number as well.
            if label % numbered_every == 0 or (label == 1 and t == 0)
        ]

    def key(self, y: float) -> list[Mark]:
        """The colour scale, with its ends and its meaning."""
        if self.end is None:
            return []
        level = y + SCALE_HEIGHT / 2
        ends = [(self.end, "scale")] if self.hue else heat.scale_ends(self.end, "scale")
        # A gate has no number at its low end, which is 0.
        *low, high = (
            words.number(0, level, number, size=words.SMALL, anchor="start", id=id, term=self.term)
            for number, id in ends
        )
        left = low[0].width + SCALE_GAP if low else 0.0
        high = high._replace(x=left + SCALE_WIDTH + SCALE_GAP)
        names: dict[str, object] = {"tensor": SCALE_NAMES.get(self.tensor)}
        if self.of in GATES:
            names = {"gate": self.of}
        name = words.label(
            high.x + high.width + 10,
            level,
            SYMBOLS[self.of],
            names=names,
            of=[*low, high],
            style=words.FINE,
        )
        scale = sentence(
            "divided by the row's largest |c|" if self.is_own else "one scale for all rows"
        )
        x, top = name.x + name.width + 8, level - LINE_MIDDLE
        if x + words.width(scale.text, words.SMALL) > self.space:
            x, top = 0.0, y + SCALE_HEIGHT + 4
        scale_note, _ = words.paragraph(x, top, scale, self.space, size=words.SMALL)
        return [*low, self.ramp(left, y), high, name, scale_note]

    def ramp(self, left: float, y: float) -> Group:
        """The colours of the scale, from the lowest value to the highest."""
        width = SCALE_WIDTH / SCALE_COLOURS
        boxes: list[Mark] = []
        lowest = 0 if self.hue else -1
        for k, share in enumerate(np.linspace(lowest, 1, SCALE_COLOURS).tolist()):
            # Boxes overlap a little, so that no gap shows between them.
            box_width = width + 0.4 if share < 1 else width
            paint = self.paint(share * self.limit)
            boxes.append(Box(left + k * width, y, box_width, SCALE_HEIGHT, fill=paint))
        return Group(tuple(boxes), bound=(Sample(tuple(band.id for band in self.bands)),))

    def median(self, band: Band) -> float:
        """The (lower) median of the largest |c| of each unit."""
        sizes = abs(self.population.results("c")[:, list(band.units)]).max(0)
        middle: float = np.sort(sizes)[(len(sizes) - 1) // 2]
        return middle

    @property
    def visible_count(self) -> tuple[int, str]:
        """The number of units with a row, and its expression."""
        return len(self.units), " + ".join(f"len({band.name})" for band in self.bands)

    def head(self, token_notes: Iterable[Sentence]) -> Head:
        rest = ""
        if self.population.step_count > 1 and any(len(band.units) > 2 for band in self.bands):
            alike = "Similar rows" if self.of == "c" else "Rows with a similar c"
            rest = f" {alike} are neighbours."
        if self.of == "c" and any(band.name == "short" for band in self.bands):
            rest += " Where c outlasts a write, it is rewritten."
        return Head(
            self.title(),
            sentence(
                f"{KIND_NAMES[self.of]} of each unit, step by step.{rest}",
                claim=" and ".join(self.order_claims()),
            ),
            provenance(self.subject, count_item("step", self.population.step_count, "len(x)")),
            (*token_notes, *self.notes()),
            source(self.subject),
        )

    def order_claims(self) -> Iterator[str]:
        """Claims that each band is correct, and that its rows are ordered by similarity.

        Of the units below a row, the next is the one whose c is most similar. That
        is claimed where there is something to order (several steps, three units or
        more) and no unit of the band was left out.
        """
        for band in self.bands:
            band_c = f"c[:, 0, {band.name}].double()"
            yield f"bool(({band.claim})[{band.name}].all())"
            if self.population.step_count > 1 and 2 < len(band.units) == band.size:
                is_moving = f"({band_c}.std(0, False) >= {MIN_MOVING_DEVIATION:g})"
                yield (
                    f"all(each[k + 1] >= each[k + 1:].max() - 1e-5 "
                    f"for k, each in enumerate(torch.corrcoef(({band_c} * "
                    f"{is_moving}).T).nan_to_num(-1)[:-1]))"
                )

    def title(self) -> Sentence:
        """What units with long lifetimes lose at one step, or else what is shown."""
        population = self.population
        if loss := self.largest_loss():
            step, sizes = self.subject.step_number(loss.t), "c[:, 0, long].abs()"
            return sentence(
                "{} of {} units that hold long lose over half of c at step {}",
                (
                    loss.units,
                    f"int((({sizes}[{loss.t}] < {sizes}[{loss.t - 1}] / 2) & "
                    f"({sizes}[{loss.t - 1}] >= {sizes}.amax(0) / 2)).sum())",
                ),
                (loss.of, "len(long)"),
                (step, f"len(x) - {population.step_count - step}"),
            )
        if (population.ordered_lifetimes <= MAX_SHORT_LIFETIME).all():
            return sentence(
                "No unit holds a write for three steps",
                claim=f"bool((life[short] <= {MAX_SHORT_LIFETIME}).all())",
            )
        count = (population.unit_count, "c.shape[-1]")
        if population.step_count == 1:
            return sentence("One step: nothing is forgotten yet", claim="len(x) == 1")
        if population.unit_count == 1:
            return sentence(
                f"A write lasts {self.bands[0].duration}",
                claim=f"bool(({self.bands[0].claim}).all())",
            )
        if population.step_count <= MIN_LONG_LIFETIME:
            if not np.isinf(population.ordered_lifetimes).any():
                return sentence(
                    "No write outlasts these {} steps",
                    (population.step_count, "len(x)"),
                    claim="not bool(life.isinf().any())",
                )
            return sentence(
                "In {} of {} units a write outlasts these {} steps",
                (int(np.isinf(population.ordered_lifetimes).sum()), "int(life.isinf().sum())"),
                count,
                (population.step_count, "len(x)"),
            )
        if (population.ordered_lifetimes < MIN_LONG_LIFETIME).all():
            return sentence(
                "No write lasts ten steps or more",
                claim=f"bool((life < {MIN_LONG_LIFETIME}).all())",
            )
        return sentence(
            "In {} of {} units a write lasts ten steps or more",
            (
                int((population.ordered_lifetimes >= MIN_LONG_LIFETIME).sum()),
                f"int((life >= {MIN_LONG_LIFETIME}).sum())",
            ),
            count,
        )

    def largest_loss(self) -> Loss | None:
        """The step at which most units with long lifetimes lose over half of a large c."""
        long = next((band for band in self.bands if band.name == "long"), None)
        if long is None:
            return None
        sizes = abs(self.population.results("c")[:, list(long.units)].astype(np.float64))
        large = sizes[:-1] >= sizes.max(0) / 2
        counts = (large & (sizes[1:] < sizes[:-1] / 2)).sum(1)
        if not counts.size:
            return None
        t, count = int(counts.argmax()) + 1, int(counts.max())
        if count < MIN_UNITS or count < MIN_SHARE * len(long.units):
            return None
        return Loss(t, count, len(long.units))

    def notes(self) -> Iterator[Sentence]:
        population = self.population
        yield sentence(LASTING)
        yield from self.unit_notes()
        if len(self.units) < len(population.order):
            also = ", and those that are named." if self.named_units else "."
            yield sentence(
                "{} of {} units are shown, evenly spaced in their order" + also,
                self.visible_count,
                (population.unit_count, "c.shape[-1]"),
            )
        if population.left_out_count:
            yield sentence(
                "{} of {} units are NaN or infinite at some step, and left out.",
                (population.left_out_count, "int(life.isnan().sum())"),
                (population.unit_count, "c.shape[-1]"),
            )
        count = len(self.steps.labels)
        if count < population.step_count:
            yield over_time.left_out_note(self.subject, population.step_count - count)

    def unit_notes(self) -> Iterator[Sentence]:
        """Why each unit with a name has it, unless all have one."""
        if self.names_all:
            return
        reasons = {reason.unit: reason for reason in self.population.reasons}
        farthest = largest_claim("c[:, 0].abs().amax(0)", self.named_units[-1:])
        parts, claims = [], []
        values: list[tuple[object, str]] = []
        for unit in self.named_units:
            values.append((unit, str(unit)))
            if reason := reasons.get(unit):
                parts.append(SHORT_REASONS.get(reason.role, reason.text))
                claims.append(f"({reason.claim})")
                values += reason.values
            else:
                parts.append("c goes farthest from zero")
                claims.append(f"({farthest})")
        if parts:
            text = "; unit {}: ".join(parts)
            yield sentence(f"Unit {{}}: {text}.", *values, claim=" and ".join(claims))

    def description(self) -> str:
        """The size of each band, and its largest values."""
        units, steps = self.population.unit_count, self.population.step_count
        sentences = [f"{count_phrase(units, 'unit')} over {count_phrase(steps, 'step')}"]
        for band in self.bands:
            more = ""
            if self.of == "c":
                more = (
                    ", and the median of their largest magnitudes of c is "
                    f"{text(self.median(band))}"
                )
            sentences.append(f"In {band.size} a write lasts {band.duration}{more}")
        if self.end is not None:
            sentences.append(f"The strongest colour stands for {text(self.end.value)}")
        return ". ".join(sentences) + "."

    def setup(self) -> str:
        """The Python code that the expressions of the figure need."""
        lines = [torch_of.LIFE]
        if self.population.left_out_count:
            lines += ["", torch_of.LEFT_OUT]
        if self.is_own:
            lines += ["", C_SHARE]
        lines.append("")
        lines += [f"{band.name} = {list(band.units)}" for band in self.bands]
        reasons = () if self.names_all else self.population.reasons
        setups = dict.fromkeys(part for why in reasons for part in why.setup)
        if any("tokens" in part for part in setups):
            lines += ["", *over_time.tokens_setup(self.subject.trace)]
        elif self.subject.trace.tokens:
            # The labels of steps name the tokens.
            lines += over_time.tokens_setup(self.subject.trace)
        lines += label_rows.setup(self.subject)
        lines += [line for part in setups for line in ("", part)]
        return "\n".join(lines)


def _heading(text: str, right: float) -> Mark:
    """The heading of a column beside the rows."""
    heading, _ = words.paragraph(right, 0, sentence(text), 90, size=words.SMALL, anchor="end")
    return heading


def _named_units(population: Population) -> list[int]:
    """The units to name: those that have a reason, and the one with the largest |c|."""
    if population.left_out_count:
        return []
    farthest = int(abs(population.results("c")).max(0).argmax())
    units = [*(reason.unit for reason in population.reasons), farthest]
    return [*dict.fromkeys(units)]
