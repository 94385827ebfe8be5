"""The figure `gate-functions`: the curves of σ and tanh, with the points of one step on them."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.excerpts import MAX_UNFOLDED
from ..layout.margins import inner_width
from ..layout.motifs import charts, over_time
from ..layout.number_lists import number_list
from ..layout.provenance import provenance, source, step_items
from ..layout.shapes import Point
from ..model.layer_run import LayerRun
from ..model.lstm import GATES, sigmoid
from ..model.reference import Number, Ref, Vector
from ..model.tensors import Array
from ..proof.bindings import Along, Course, Flow, Length, Node, Place, Scale, Sentence, sentence
from ..proof.digits import text
from ..scene.marks import Box, Mark, Path, shift
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import Paint


class Squash(NamedTuple):
    """A function, with its arguments and results in a step.

    Attributes:
        name: Its symbol.
        function: The function in NumPy.
        torch: The name of the tensor method.
        low: The lower end of its range.
        pairs: Each argument with its result.
    """

    name: str
    function: Callable[[Array], Array]
    torch: str
    low: int
    pairs: tuple[tuple[str, str], ...]


SQUASHES = (
    Squash("σ", sigmoid, "sigmoid", 0, (("z_i", "i"), ("z_f", "f"), ("z_o", "o"))),
    Squash("tanh", np.tanh, "tanh", -1, (("z_g", "g"), ("c", "tanh_c"))),
)
"""Both functions, with the sums that each of them is applied to and the results."""
ARGUMENTS = tuple(name for squash in SQUASHES for name, _ in squash.pairs)
"""All sums, and c, to which a function is applied."""
MAX_LANES = max(len(squash.pairs) for squash in SQUASHES)
"""The most sums that one function is applied to."""

PANEL_GAP, STACKED_GAP = 32.0, 26.0
"""Between two panels side by side, and one below the other."""
MIN_SIDE_BY_SIDE = 560.0
"""The least width for panels side by side."""
NAMES_WIDTH, HEADING_HEIGHT, RIGHT_MARGIN = 46.0, 30.0, 12.0
"""Left of a plot for names, above it for the function, and right of it for half a tick
label."""
PLOT_HEIGHT, STACKED_PLOT_HEIGHT = 150.0, 116.0
"""The height of a plot whose panel is beside or below the other."""
LANES_GAP, TICKS_GAP, TABLE_GAP = 8.0, 10.0, 28.0
"""From a plot down to its lanes, from these to the middle of the ticks, and from there to
the middle of the headings of the table."""
ROW_HEIGHT, FIRST_ROW = 19.0, 22.0
"""The height of a row of numbers, and from the headings down to the first."""
ROW_HALF, RULE_OFFSET = 8.0, 10.0
"""From the middle of the last row down to its bottom, and from that of the headings to the
line below them."""
SYMBOL_GAP = 8.0
"""From a plot to the symbols at its left."""
MIN_AXIS_END, MAX_AXIS_END = 4, 20
"""The least and the largest end of the horizontal axis."""
SAMPLES = 161
"""The points of a curve."""
POINT_SIZE, LANE_HEIGHT, LANE_GAP = 7.0, 24.0, 4.0
"""The size of a point with its outline, the height of a lane of ticks, and the gap below
its line."""
TICK_HEIGHT, DIGIT_HEIGHT = 8.0, 12.0
"""The height of a tick, and of the digit above it."""
MIN_TICK_GAP, MIN_DIGIT_GAP = 10.0, 6.0
"""Between two ticks with digits, and between a digit and a line that passes."""
BINS, HISTOGRAM_HEIGHT, HISTOGRAM_GAP = 48, 30.0, 6.0
"""The number of bars in a histogram, its height, and the gap to the next one."""
PERCENT_WITHIN = 95
"""The axis reaches at least this percentage of the arguments of many units."""

Row = tuple[str, dict[str, object], dict[str, Number]]
"""A row of the table: its name, the key of its label, and column -> number."""
Pairs = Mapping[int, tuple[Number, Number]]
"""Unit -> its argument and its result."""


def gate_functions(subject: LayerRun, width: float, *, step: int = 2) -> Diagram:
    """The curves of σ and tanh, with the points that one step takes on them.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    form = _ManyUnits if subject.weights.hidden_size > MAX_UNFOLDED else _FewUnits
    return form(subject, subject.step_index(step), width).diagram()


class _Form(ABC):
    """For each function a panel: its curve, its arguments, and a table.

    Attributes:
        lane_height: The height of the lane of an argument, below the curve.
        row_names_width: The width of the names of the table's rows.
        id_part: What ids of the table's numbers have before the row.
        note: How to read the lanes and the table.
    """

    lane_height: float
    row_names_width: float
    id_part: str
    note: str

    def __init__(self, subject: LayerRun, t: int, width: float):
        self.subject, self.t, self.width = subject, t, width
        space = inner_width(width)
        self.is_side_by_side = space >= MIN_SIDE_BY_SIDE
        self.panel_width = (space - PANEL_GAP) / 2 if self.is_side_by_side else space
        self.axis_end = axis_end(self.magnitudes())

    @abstractmethod
    def magnitudes(self) -> list[float]:
        """Magnitudes of arguments that the axis has to reach."""

    @abstractmethod
    def lanes(self, squash: Squash, plot: charts.Plot, top: float) -> list[Mark]:
        """The arguments of a function in lanes, and points on its curve."""

    @abstractmethod
    def rows(self, squash: Squash) -> list[Row]:
        """The rows of a function's table."""

    @abstractmethod
    def describe(self, squash: Squash, argument: str, result: str) -> list[str]:
        """Sentences about an argument and its result."""

    def diagram(self) -> Diagram:
        marks: list[Mark] = []
        x = y = height = 0.0
        for squash in SQUASHES:
            panel, bottom = self.panel(squash)
            marks += [shift(mark, x, y) for mark in panel]
            height = y + bottom
            if self.is_side_by_side:
                x = self.panel_width + PANEL_GAP
            else:
                y = height + STACKED_GAP
        return Diagram(
            heading=self.head(),
            description=self.description(),
            width=inner_width(self.width),
            height=height,
            marks=tuple(marks),
            figure_width=self.width,
        )

    def panel(self, squash: Squash) -> tuple[list[Mark], float]:
        """The panel of a function, and its bottom."""
        plot_height = PLOT_HEIGHT if self.is_side_by_side else STACKED_PLOT_HEIGHT
        plot = charts.Plot(
            Scale(-self.axis_end, self.axis_end, NAMES_WIDTH, self.panel_width - RIGHT_MARGIN),
            Scale(squash.low, 1, HEADING_HEIGHT + plot_height, HEADING_HEIGHT),
        )
        y = plot.bottom + LANES_GAP
        marks = [*curve(squash, plot), *self.lanes(squash, plot, y)]
        # Side by side, the ticks of both panels are at one height.
        lane_count = MAX_LANES if self.is_side_by_side else len(squash.pairs)
        y += lane_count * self.lane_height + TICKS_GAP
        # If no argument is finite, nothing is on the axis.
        if any(mark.id.endswith("-point") for mark in marks):
            marks += ticks(plot, y)
        table, bottom = self.table(squash, y + TABLE_GAP)
        return [*marks, *table], bottom

    def table(self, squash: Squash, y: float) -> tuple[list[Mark], float]:
        """The rows of a function below their headings, whose middle is at `y`."""
        pair_width = (self.panel_width - self.row_names_width) / len(squash.pairs)
        column_rights: dict[str, float] = {}
        for k, (argument, result) in enumerate(squash.pairs):
            right = self.row_names_width + pair_width * (k + 1)
            column_rights |= {argument: right - pair_width / 2, result: right}
        columns: dict[str, list[Mark]] = {name: [] for name in column_rights}
        marks: list[Mark] = []
        level = y + FIRST_ROW
        for k, (label, names, numbers) in enumerate(self.rows(squash)):
            level = y + FIRST_ROW + ROW_HEIGHT * k
            row = {
                name: self.number(
                    k, (column_rights[name], level), name, number, is_count="near" in names
                )
                for name, number in numbers.items()
            }
            for name, mark in row.items():
                columns[name].append(mark)
            row_name = words.label(
                0, level, label, names=names, of=[*row.values()], style=words.FINE
            )
            marks += [*row.values(), row_name]
        marks += [_symbol(right, y, name, columns[name]) for name, right in column_rights.items()]
        rule = (("M", (0, y + RULE_OFFSET)), ("L", (self.panel_width, y + RULE_OFFSET)))
        marks += [
            *self.row_heading(y),
            Path(rule, stroke="rule", stroke_width=styles.LINE.muted.weight),
        ]
        return marks, level + ROW_HALF

    def number(self, k: int, at: Point, name: str, number: Number, *, is_count: bool) -> Mark:
        """A number in row `k` of the table, with its right end at a point."""
        return words.number(
            *at,
            number,
            size=words.SMALL,
            decimals=0 if is_count else 2,
            max_chars=6,
            anchor="end",
            bold=name in GATES,
            id=f"{name}-{self.t}-{self.id_part}{k}",
            term=name,
        )

    def row_heading(self, y: float) -> list[Mark]:
        """The heading of the names of rows."""
        return []

    def head(self) -> Head:
        return Head(
            sentence("σ gives a share, tanh a signed value"),
            sentence(
                "What goes into the two functions, and what comes out: i, f and o "
                "lie between zero and one, g and tanh c between minus one and one."
            ),
            provenance(self.subject, *step_items(self.subject, self.subject.step_number(self.t))),
            (sentence(self.note), *self.beyond_notes()),
            source(self.subject),
        )

    def beyond_notes(self) -> list[Sentence]:
        """How many arguments are beyond the ends of the axis, if any."""
        vectors = [self.subject.vector(name, self.t) for name in ARGUMENTS]
        count = sum(
            int(np.count_nonzero(np.isfinite(vector.values) & (abs(vector.values) > self.axis_end)))
            for vector in vectors
        )
        if not count:
            return []
        sums = " + ".join(
            f"({vector.of}.isfinite() & ({vector.of}.abs() > {self.axis_end})).sum()"
            for vector in vectors
        )
        template = "{} argument lies" if count == 1 else "{} arguments lie"
        return [sentence(f"{template} beyond the axis.", (count, f"({sums}).item()"))]

    def description(self) -> str:
        sentences = [f"Step {self.subject.step_number(self.t)}."]
        for squash in SQUASHES:
            for argument, result in squash.pairs:
                sentences += self.describe(squash, argument, result)
        return " ".join(sentences)


class Lane(NamedTuple):
    """The argument of a function, as a tick for each unit on a line.

    Attributes:
        plot: The plot above.
        argument: The name of the argument.
        result: The name of the result.
        pairs: The argument and the result of each unit.
        base: The height of the line.
    """

    plot: charts.Plot
    argument: str
    result: str
    pairs: Pairs
    base: float

    @property
    def top(self) -> float:
        """The top of the ticks."""
        return self.base - TICK_HEIGHT

    @property
    def paint(self) -> Paint:
        """The paint of ticks, digits, lines and points."""
        return TERMS[self.result].role

    @property
    def places(self) -> dict[int, float]:
        """Unit -> the position of its tick, if the argument is finite."""
        return tick_places(self.plot, self.pairs)


class _FewUnits(_Form):
    """A tick and a point for each unit, and a table of all units."""

    lane_height = LANE_HEIGHT
    row_names_width = 18.0
    id_part = ""
    note = "Each tick is the argument of one unit; the table names them."

    def magnitudes(self) -> list[float]:
        return [
            abs(float(number.value))
            for name in ARGUMENTS
            for number in self.subject.vector(name, self.t)
            if np.isfinite(number.value)
        ]

    def rows(self, squash: Squash) -> list[Row]:
        names = [name for pair in squash.pairs for name in pair]
        return [
            (
                str(unit),
                {"unit": unit},
                {name: self.subject.vector(name, self.t)[unit] for name in names},
            )
            for unit in range(self.subject.weights.hidden_size)
        ]

    def row_heading(self, y: float) -> list[Mark]:
        unit, _ = words.paragraph(0, y - 9, sentence("unit"), 40, size=words.SMALL)
        return [unit]

    def describe(self, squash: Squash, argument: str, result: str) -> list[str]:
        ins, outs = (number_list(self.subject.vector(n, self.t)) for n in (argument, result))
        return [f"{squash.name} of {argument} {ins} is {result} {outs}."]

    def lanes(self, squash: Squash, plot: charts.Plot, top: float) -> list[Mark]:
        marks: list[Mark] = []
        passing: list[float] = []
        # From the lowest lane up, because its lines pass the lanes above.
        for k, (argument, result) in reversed([*enumerate(squash.pairs)]):
            vectors = (self.subject.vector(name, self.t) for name in (argument, result))
            pairs = dict(enumerate(zip(*vectors, strict=True)))
            base = top + (k + 1) * LANE_HEIGHT - LANE_GAP
            lane = Lane(plot, argument, result, pairs, base)
            marks += self.lane(lane, passing)
            passing += outermost(lane.places).values()
        return marks

    def lane(self, lane: Lane, passing: Collection[float]) -> list[Mark]:
        """A tick for the argument of each unit, and lines to two of the results.

        Args:
            lane: The lane.
            passing: Where lines from the lanes below pass this one.
        """
        plot, base = lane.plot, lane.base
        has_digits = _digits_fit(lane.places.values(), passing)
        line = Path(
            (("M", (plot.left, base)), ("L", (plot.right, base))),
            stroke="rule",
            stroke_width=styles.LINE.muted.weight,
            id=f"{lane.argument}-lane",
            bound=(Node(Ref(lane.argument)[self.t, 0]),),
        )
        symbol = _symbol(plot.left - SYMBOL_GAP, base, lane.argument, [line])
        marks: list[Mark] = [line, symbol]
        for unit, x in outermost(lane.places).items():
            start = (x, lane.top - DIGIT_HEIGHT if has_digits else lane.top)
            end = (x, plot.clamped_y(float(lane.pairs[unit][1].value)))
            from_id = self.tick_id(lane.argument, unit)
            to_id = self.point_id(lane.result, unit)
            marks.append(drop_line(start, end, lane.paint, from_id=from_id, to_id=to_id))
        for unit in lane.places:
            marks += self.unit(lane, unit, has_digit=has_digits)
        return marks

    def unit(self, lane: Lane, unit: int, *, has_digit: bool) -> list[Mark]:
        """The tick of a unit, its point on the curve, and its number above the tick."""
        x, (z, output) = lane.places[unit], lane.pairs[unit]
        tick = Path(
            (("M", (x, lane.top)), ("L", (x, lane.base))),
            stroke=lane.paint,
            stroke_width=styles.CELL.strong.weight,
            id=self.tick_id(lane.argument, unit),
            term=lane.argument,
            bound=(Length(f"torch.stack([{z.expr}, {z.expr}])", "width", lane.plot.x_scale),),
        )
        id = self.point_id(lane.result, unit)
        marks: list[Mark] = [tick, point(lane.plot, z, output, lane.paint, id=id, term=lane.result)]
        if has_digit:
            digit = words.label(
                x,
                lane.top - 6,
                str(unit),
                names={"unit": unit},
                of=[tick],
                style=words.FINE_STRONG,
                fill=lane.paint,
                anchor="middle",
                term=lane.result,
            )
            marks.append(digit)
        return marks

    def tick_id(self, argument: str, unit: int) -> str:
        return f"{argument}-{self.t}-{unit}-tick"

    def point_id(self, result: str, unit: int) -> str:
        return f"{result}-{self.t}-{unit}-point"


class _ManyUnits(_Form):
    """A histogram of all units, a point for the median, and a table of ranks."""

    lane_height = HISTOGRAM_HEIGHT + HISTOGRAM_GAP
    row_names_width = 48.0
    id_part = "rank-"
    note = (
        "Below each curve are histograms of its arguments over the units, "
        "each scaled to its own height; points on the curve are medians. "
        "Nine tenths of the units are at or below p90, one tenth at or "
        "below p10; near means within a tenth."
    )

    def values(self, name: str) -> Array:
        """An argument or a result of all units."""
        array: Array = getattr(self.subject.steps[self.t], name)[0]
        return array

    def statistics(self, name: str) -> dict[str, Number]:
        """The ranks of a result, and how many units are near an end of its range."""
        vector = self.subject.vector(name, self.t)
        return ranked(vector) | {
            NEAR_LABELS[limit.label]: count_beyond(vector, limit) for limit in LIMITS.get(name, ())
        }

    def magnitudes(self) -> list[float]:
        magnitudes: list[float] = []
        for name in ARGUMENTS:
            array = self.values(name)
            sizes = np.sort(abs(array[np.isfinite(array)]))
            count = math.ceil(len(sizes) * PERCENT_WITHIN / 100)
            # The largest of them; none if no argument is finite.
            magnitudes += sizes[:count][-1:].tolist()
        return magnitudes

    def rows(self, squash: Squash) -> list[Row]:
        rows: dict[str, dict[str, Number]] = {}
        for name in [name for pair in squash.pairs for name in pair]:
            for label, number in self.statistics(name).items():
                rows.setdefault(label, {})[name] = number
        return [
            (
                label,
                {"rank": label} if label in PERCENTS else {"near": label.removeprefix("near ")},
                numbers,
            )
            for label, numbers in rows.items()
        ]

    def describe(self, squash: Squash, argument: str, result: str) -> list[str]:
        sentences = []
        for name in (argument, result):
            values = "; ".join(
                f"{label} {text(number.value, 2 if label in PERCENTS else 0)}"
                for label, number in self.statistics(name).items()
            )
            sentences.append(f"{name}: {values}.")
        return sentences

    def lanes(self, squash: Squash, plot: charts.Plot, top: float) -> list[Mark]:
        marks: list[Mark] = []
        for k, (argument, result) in reversed([*enumerate(squash.pairs)]):
            marks += self.median(plot, argument, result)
            marks += self.histogram(plot, argument, top + (k + 1) * self.lane_height - 2)
        return marks

    def median(self, plot: charts.Plot, argument: str, result: str) -> list[Mark]:
        """The point of the medians; none if they are not finite."""
        z, output = (self.statistics(name)["median"] for name in (argument, result))
        if not np.isfinite(z.value):
            return []
        paint, id = TERMS[result].role, f"{result}-{self.t}-median-point"
        return [point(plot, z, output, paint, id=id, term=result)]

    def histogram(self, plot: charts.Plot, argument: str, bottom: float) -> list[Mark]:
        """The distribution of an argument; the highest bin has the full height."""
        end = plot.x_scale.high
        array = self.values(argument).astype(np.float64)
        inside = array[np.isfinite(array) & (abs(array) <= end)]
        bins = np.minimum((inside + end) * BINS / (2 * end), BINS - 1).astype(int)
        counts = np.bincount(bins, minlength=BINS)
        max_count = max(1, int(counts.max(initial=0)))
        scale = Scale(0, max_count, bottom, bottom - HISTOGRAM_HEIGHT)
        width = (plot.right - plot.left) / BINS
        corners = []
        for k, count in enumerate(counts.tolist()):
            y = scale(count)
            corners += [(plot.left + k * width, y), (plot.left + (k + 1) * width, y)]
        corners.append((plot.right, bottom))
        middle = plot.left + width / 2
        ref = self.subject.vector(argument, self.t).of
        counted = f"torch.histc({ref}[{ref}.isfinite()].double(), {BINS}, {-end:g}, {end:g})"
        paint = TERMS[argument].role
        area = Path(
            (("M", (plot.left, bottom)), *(("L", corner) for corner in corners), ("Z",)),
            fill=f"{paint}:45",
            stroke=paint,
            compact=True,
            stroke_width=styles.CELL.plain.weight,
            id=f"{argument}-histogram",
            term=argument,
            bound=(
                # The area is bound at the middles of its bars.
                Course(
                    f"torch.stack([torch.zeros({BINS}), {counted}.float()])",
                    "area",
                    Scale(0, BINS - 1, middle, middle + (BINS - 1) * width),
                    scale,
                ),
            ),
        )
        symbol = _symbol(plot.left - SYMBOL_GAP, bottom - 9, argument, [area], "band")
        return [area, symbol]


def axis_end(magnitudes: Iterable[float]) -> int:
    """The end of the axis for some magnitudes: an even number.

    >>> axis_end([0.3]), axis_end([4.2]), axis_end([900])
    (4, 6, 20)
    """
    end = min(MAX_AXIS_END, max([MIN_AXIS_END, *magnitudes]))
    return 2 * math.ceil(end / 2)


def curve(squash: Squash, plot: charts.Plot) -> list[Mark]:
    """The curve of a function, its name, and the axes without the ticks below."""
    end = int(plot.x_scale.high)
    values = squash.function(np.linspace(-end, end, SAMPLES))
    samples = plot._replace(x_scale=Scale(0, SAMPLES - 1, plot.left, plot.right))
    name = words.operator(plot.left, 8, squash.name, fill="ink")
    return [
        name._replace(size=words.LETTER, bold=True, anchor="start"),
        *charts.grid(plot, (), (squash.low, (squash.low + 1) / 2, 1)),
        charts.curve(
            samples,
            values.tolist(),
            f"torch.linspace({-end}, {end}, {SAMPLES}, dtype=torch.float64).{squash.torch}()",
            "muted",
            width=styles.CURVE.muted.weight,
            id=f"{squash.torch}-curve",
        ),
    ]


def ticks(plot: charts.Plot, y: float) -> list[Mark]:
    """The tick labels of the arguments, with their middle at `y`."""
    end = plot.x_scale.high
    return [
        words.tick(plot.x_scale(value), y, over_time.tick_text(value), "middle")
        for value in (-end, -end / 2, 0, end / 2, end)
    ]


def _symbol(
    right: float, y: float, name: str, of: Sequence[Mark], along: Along | None = None
) -> Mark:
    """The symbol of an argument or a result, as the name of a lane or a column."""
    return words.label(
        right,
        y,
        TERMS[name].symbol,
        names={"tensor": name},
        of=of,
        along=along,
        anchor="end",
        style=words.STRONG,
        fill=TERMS[name].role,
        term=name,
    )


def tick_places(plot: charts.Plot, pairs: Pairs) -> dict[int, float]:
    """Unit -> the position of its argument, if that is finite."""
    return {
        unit: _clamped_x(plot, float(z.value))
        for unit, (z, _) in pairs.items()
        if np.isfinite(z.value)
    }


def outermost(places: Mapping[int, float]) -> dict[int, float]:
    """The places of the units with the smallest and the largest argument."""
    ordered = sorted(places, key=places.__getitem__)
    return {unit: places[unit] for unit in (*ordered[:1], *ordered[-1:])}


def _digits_fit(xs: Iterable[float], passing: Collection[float]) -> bool:
    """Whether the digits above ticks touch neither each other nor a line."""
    ordered = sorted(xs)
    return all(np.diff(ordered) >= MIN_TICK_GAP) and all(
        abs(x - other) >= MIN_DIGIT_GAP for x in ordered for other in passing
    )


def drop_line(
    start: tuple[float, float], end: tuple[float, float], paint: Paint, *, from_id: str, to_id: str
) -> Path:
    """A line from the tick of an argument straight up to its point."""
    return Path(
        (("M", start), ("L", end)),
        stroke=paint,
        stroke_width=styles.LINE.muted.weight,
        bound=(Flow("order", from_id, to_id),),
    )


def point(plot: charts.Plot, z: Number, output: Number, paint: Paint, *, id: str, term: str) -> Box:
    """A point on the curve; at the end of the axis if it is beyond."""
    x, y = _clamped_x(plot, float(z.value)), plot.clamped_y(float(output.value))
    expr = f"torch.stack([{z.expr}, {output.expr}])"
    return Box(
        x - POINT_SIZE / 2,
        y - POINT_SIZE / 2,
        POINT_SIZE,
        POINT_SIZE,
        radius=POINT_SIZE / 2,
        fill=paint,
        stroke="paper",
        id=id,
        term=term,
        bound=(Place(expr, plot.x_scale, plot.y_scale),),
    )


def _clamped_x(plot: charts.Plot, value: float) -> float:
    """The position of an argument, or the end of the axis that it is beyond."""
    return plot.x_scale(min(max(value, plot.x_scale.low), plot.x_scale.high))


PERCENTS = {"p90": 90, "median": 50, "p10": 10}
"""Ranks rather than a mean: they tell more about a gate, and do not depend on the
order of a sum."""
CLOSE = 1e-6
"""The rounding error of an element, as a share of its scale."""


def percentile_index(count: int, percent: int) -> int:
    """The index of a percentile among sorted elements; the lower of two.

    >>> percentile_index(256, 50), percentile_index(9, 90), percentile_index(1, 75)
    (127, 7, 0)
    """
    return (count - 1) * percent // 100


def ranked(vector: Vector) -> dict[str, Number]:
    """The elements of a vector at `PERCENTS`; NaN ranks highest, as in torch.

    >>> ranks = ranked(Vector(np.arange(11.0), Ref("f")[0, 0]))
    >>> ranks["p90"].value.item(), ranks["p90"].expr
    (9.0, 'f[0, 0].sort().values[9]')
    """
    ordered = replace(vector, values=np.sort(vector.values), of=Ref(f"{vector.of}.sort().values"))
    return {
        name: ordered[percentile_index(len(vector), percent)] for name, percent in PERCENTS.items()
    }


class Limit(NamedTuple):
    """A limit that an element near an end of its range is beyond."""

    sign: str
    value: float

    @property
    def label(self) -> str:
        """Its text, such as `< −0.9`."""
        return f"{self.sign} {self.value:g}".replace("-", "−")


SIGMOID_LIMITS = (Limit(">", 0.9), Limit("<", 0.1))
"""For results of σ."""
TANH_LIMITS = (Limit(">", 0.9), Limit("<", -0.9))
"""For results of tanh."""
LIMITS = {
    **dict.fromkeys(("i", "f", "o"), SIGMOID_LIMITS),
    **dict.fromkeys(("g", "tanh_c"), TANH_LIMITS),
}
"""Result -> its limits; arguments have no range, hence no limits."""
NEAR_LABELS = {"> 0.9": "near 1", "< 0.1": "near 0", "< −0.9": "near −1"}
"""Text of a limit -> the name of its row."""


def count_beyond(vector: Vector, limit: Limit) -> Number:
    """How many elements are beyond a limit.

    The count is uncertain by 1 for each element that rounding could move across.

    >>> f = Vector(np.array([0.5, 0.95]), Ref("f")[0, 0], 1)
    >>> count = count_beyond(f, Limit(">", 0.9))
    >>> count.value.item(), count.expr, count.scale
    (1, '(f[0, 0] > 0.9).sum()', 0.0)
    """
    array = vector.values
    passes = array > limit.value if limit.sign == ">" else array < limit.value
    near = abs(array - limit.value) <= CLOSE * np.maximum(1.0, vector.scale)
    return Number(
        np.int64(np.count_nonzero(passes)),
        f"({vector.of} {limit.sign} {limit.value:g}).sum()",
        # A number may differ by `CLOSE` times its scale.
        float(np.count_nonzero(near)) / CLOSE,
    )
