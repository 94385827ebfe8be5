"""Two curves over batches: the share of strings that are right, and one weight."""

import math
from functools import cached_property

from ...layout import styles, words
from ...layout.motifs import charts
from ...model.reference import Number, Ref
from ...model.tensors import Array
from ...proof.bindings import Course, Place, Scale, sentence
from ...scene.marks import Box, Mark, Path
from ...scene.theme import Paint
from .snapshots import BATCH_STEP, LAST_NOTED_BATCH, History, Snapshot

STEEP_BATCHES = (450, 700)
"""The title describes the batches from the first to the second, where most progress is made."""
HEADING_HEIGHT, UPPER_HEIGHT, LOWER_HEIGHT, GAP = 28.0, 104.0, 60.0, 12.0
"""The heights of a heading and of both plots, and the gap between the plots."""
LEFT, RIGHT = 46.0, 18.0
"""The space left and right of the plots."""
BOTTOM_HEIGHT = 34.0
"""The space below the lower plot, for its axis."""
AXIS_DROP, AXIS_NAME_GAP = 13.0, 11.0
"""The middle of the labels of the axis below the plot, and the gap left of them."""
LABEL_WIDTH = 60.0
"""The width of a label, enough for one line."""
SHARE_OFFSET, END_SHARE_OFFSET = (8.0, 9.0), (-2.0, 18.0)
"""How far right of its point and below it a share is printed, and that of the last point,
which ends there."""
NARROW_SHARE_OFFSET = (8.0, 15.0)
"""The same in the narrow form, where a share is lower than that of the last point, because
both are close to each other."""
WEIGHT_RISE, MIN_WEIGHT_SPACE = 11.0, 18.0
"""How far above its point a weight is printed, and the least space above the point."""
NAME_MIDDLE, CAPTION_GAP = 9.0, 6.0
"""The middle of the name of the weight, and the gap right of it."""
POINT_SIZE = 8.0
"""The size of a point on a curve."""
NUMBER_WIDTH = 39.0
"""The width of a number beside a point."""
MIN_LABEL_GAP, MIN_TICK_GAP = 64.0, 28.0
"""The least distance between numbers on a curve, and between tick labels."""
MIN_LABELLED_PERCENT = 10.0
"""The least percentage with a number beside its point."""
TICK_STEP = 4
"""The distance between two ticks of the weight."""
STEEP_PAINT = "pos:24"
"""The colour behind the batches in which a curve is steepest."""
RIGHT_PAINT, WEIGHT_PAINT = "pos", "neg"
"""The colours of the share of right strings, and of the weight."""
END = LAST_NOTED_BATCH // BATCH_STEP
"""The index of the last moment in the chart."""


class Chart:
    """Both plots.

    Attributes:
        history: The moments and the curves.
        width: The width inside the margins.
        is_narrow: Whether to use the narrow form.
        batches: The horizontal scale in batches.
        upper: The plot of right strings, over the index of a recorded value.
        lower: The plot of the weight, over the same.
    """

    def __init__(self, history: History, width: float, *, is_narrow: bool):
        self.history, self.width, self.is_narrow = history, width, is_narrow
        across = Scale(0, END, LEFT, width - RIGHT)
        self.batches = Scale(0, LAST_NOTED_BATCH, LEFT, width - RIGHT)
        low = TICK_STEP * math.floor(history.weight.min() / TICK_STEP)
        top = HEADING_HEIGHT + UPPER_HEIGHT + GAP + HEADING_HEIGHT
        self.upper = charts.Plot(
            across, Scale(0, 100, HEADING_HEIGHT + UPPER_HEIGHT, HEADING_HEIGHT)
        )
        self.lower = charts.Plot(across, Scale(low, 0, top + LOWER_HEIGHT, top))

    @property
    def bottom(self) -> float:
        """The bottom of the chart, with its axis."""
        return self.lower.bottom + BOTTOM_HEIGHT

    def marks(self) -> list[Mark]:
        """Draw both plots."""
        weight_ticks = range(round(self.lower.y_scale.low), 1, TICK_STEP)
        # Only the lower plot has the axis of batches, which both share.
        lower_in_batches = self.lower._replace(x_scale=self.batches)
        return [
            *charts.grid(self.upper, (), (0, 50, 100)),
            *charts.grid(lower_in_batches, (0, LAST_NOTED_BATCH), weight_ticks),
            *self._axis(),
            *self._percent(),
            *self._weight(),
        ]

    def _steep_part(self) -> list[Mark]:
        """Draw the area and the guides of `STEEP_BATCHES`."""
        first, last = (batches // BATCH_STEP for batches in STEEP_BATCHES)
        left, right = self.upper.x_scale(first), self.upper.x_scale(last)
        plot = self.upper._replace(x_scale=Scale(0, last - first, left, right))
        values = self.history.percent[first : last + 1]
        area = _area(plot, values, f"percent[{first}:{last + 1}]", STEEP_PAINT)
        marks: list[Mark] = [styles.emphasized(area, f"len(it[0]) == {len(values)}")]
        for x, k in ((left, first), (right, last)):
            for panel, series in (
                (self.upper, self.history.percent),
                (self.lower, self.history.weight),
            ):
                y = panel.y_scale(float(series[k]))
                # The point itself hides a shorter one.
                if panel.bottom - y > POINT_SIZE:
                    marks.append(_guide(x, y, panel.bottom))
        return marks

    def _axis(self) -> list[Mark]:
        """Draw the labels of the axis, of the batches of the title, and of the moments."""
        top = self.lower.bottom + AXIS_DROP - words.line_height(words.SMALL) / 2
        label, _ = words.paragraph(
            LEFT - AXIS_NAME_GAP,
            top,
            sentence("batch"),
            LABEL_WIDTH,
            size=words.SMALL,
            anchor="end",
        )
        marks: list[Mark] = [label]
        # `charts.grid` draws the labels at both ends.
        taken = [self.batches(end) for end in (0, LAST_NOTED_BATCH)]
        candidates = [(f"noted_after[{limit // BATCH_STEP}]", limit) for limit in STEEP_BATCHES]
        candidates += [
            (f"batches[{k}]", snapshot.batches) for k, snapshot in enumerate(self.history.noted)
        ]
        for expr, batches in candidates:
            x = self.batches(batches)
            if min(abs(x - other) for other in taken) < MIN_TICK_GAP:
                continue
            taken.append(x)
            label, _ = words.paragraph(
                x,
                top,
                sentence("{}", (batches, expr)),
                LABEL_WIDTH,
                size=words.SMALL,
                anchor="middle",
                fill="ink",
            )
            marks.append(label)
        return marks

    def _percent(self) -> list[Mark]:
        """Draw the share of fresh strings on which the network is right."""
        strings = self.history.training.strings
        caption, _ = words.paragraph(
            0,
            0,
            sentence("Of {} fresh strings, right throughout, in %", (f"{strings:,}", "strings")),
            self.width,
            size=words.SMALL if self.is_narrow else words.LABEL,
            fill="ink",
            bold=True,
        )
        values, plot = self.history.percent, self.upper
        marks: list[Mark] = [
            caption,
            _area(plot, values, "percent", f"{RIGHT_PAINT}:10"),
            *self._steep_part(),
            charts.curve(
                plot,
                values.tolist(),
                "percent",
                RIGHT_PAINT,
                width=styles.CURVE.strong.weight,
                id="percent",
            ),
        ]
        for k, snapshot in enumerate(self.history.noted):
            if snapshot.percent is None or not _is_on_curve(snapshot):
                continue
            x, y = self.batches(snapshot.batches), plot.y_scale(snapshot.percent)
            expr = f"batches[{k}], percent_at[{k}]"
            marks.append(self._point(x, y, f"percent-{k}", expr, plot))
        marks += self._steep_points("percent", values, plot)
        return [*marks, *map(self._share, self._labelled_shares())]

    def _labelled_shares(self) -> list[int]:
        """Return the indices at which a share is printed, clear of others and of guides."""
        across = self.upper.x_scale
        guides = [across(batches // BATCH_STEP) for batches in STEEP_BATCHES]
        taken = [(x, x) for x in guides]
        indices = []
        steep_start, steep_end, *others = self._noted_indices()
        for k in (steep_start, steep_end, END, *others):
            x = across(k)
            # A number begins right of its guide; the last one ends at the edge of the plot.
            left, right = (x - NUMBER_WIDTH, x) if k == END else (x + 1, x + NUMBER_WIDTH)
            is_free = all(
                right <= taken_left or taken_right <= left for taken_left, taken_right in taken
            )
            if is_free and self.history.percent[k] >= MIN_LABELLED_PERCENT:
                indices.append(k)
                taken.append((left, right))
        return sorted(indices)

    def _share(self, k: int) -> Mark:
        """Print a share beside its point."""
        percent = float(self.history.percent[k])
        x, y = self.upper.x_scale(k), self.upper.y_scale(percent)
        is_last = k == END
        right, down = NARROW_SHARE_OFFSET if self.is_narrow else SHARE_OFFSET
        if is_last:
            right, down = END_SHARE_OFFSET
        label, _ = words.paragraph(
            x + right,
            y + down - words.line_height(words.SMALL) / 2,
            sentence("{} %", (f"{percent:.0f}", f"round(percent[{k}].item())")),
            LABEL_WIDTH,
            size=words.SMALL,
            anchor="end" if is_last else "start",
            fill="ink",
            bold=True,
        )
        return label

    def _steep_points(self, name: str, values: Array, plot: charts.Plot) -> list[Mark]:
        """Draw the points of `STEEP_BATCHES` on a curve."""
        return [
            self._point(
                self.batches(batches),
                plot.y_scale(float(values[batches // BATCH_STEP])),
                f"{name}-at-{batches}",
                "noted_after[{0}], {1}[{0}]".format(batches // BATCH_STEP, name),
                plot,
            )
            for batches in STEEP_BATCHES
        ]

    def _point(self, x: float, y: float, id: str, of: str, plot: charts.Plot) -> Mark:
        """Draw a point on a curve."""
        return Box(
            x - POINT_SIZE / 2,
            y - POINT_SIZE / 2,
            POINT_SIZE,
            POINT_SIZE,
            radius=POINT_SIZE / 2,
            fill=RIGHT_PAINT if plot is self.upper else WEIGHT_PAINT,
            id=id,
            bound=(Place(of, self.batches, plot.y_scale),),
        )

    def _weight(self) -> list[Mark]:
        """Draw the weight by which unit 1 shuts unit 0."""
        plot, size = self.lower, words.SMALL
        values = self.history.weight
        numbers = [
            words.number(
                self.batches(k * BATCH_STEP),
                plot.y_scale(float(values[k])) - WEIGHT_RISE,
                Number(values[k], Ref("weight")[k]),
                size=size,
                decimals=1,
                id=f"weight-{k}",
                term="weight_hh",
            )
            for k in self.labelled_weights
        ]
        points = self._weight_points()
        line = charts.curve(
            plot,
            values.tolist(),
            "weight",
            WEIGHT_PAINT,
            width=styles.CURVE.plain.weight,
            id="weight",
            term="weight_hh",
        )
        name = words.label(
            0,
            plot.top - HEADING_HEIGHT + NAME_MIDDLE,
            "weight_hh_l0[0, 1]",
            names={"tensor": "weight"},
            of=[line, *numbers, *points],
            along="block",
            style=words.FINE_STRONG_CODE if self.is_narrow else words.STRONG_CODE,
            fill="ink",
            term="weight_hh",
        )
        caption, _ = words.paragraph(
            name.width + CAPTION_GAP,
            plot.top - HEADING_HEIGHT,
            sentence("by which unit {} shuts unit {}", (1, "1"), (0, "0")),
            self.width,
            size=size if self.is_narrow else words.LABEL,
        )
        return [name, caption, line, *points, *numbers]

    def _weight_points(self) -> list[Mark]:
        """Draw the points of moments, and of `STEEP_BATCHES`, on the curve of the weight."""
        plot = self.lower
        points = [
            self._point(
                self.batches(snapshot.batches),
                plot.y_scale(float(snapshot.weight)),
                f"held-{k}",
                f"batches[{k}], weight_at[{k}]",
                plot,
            )
            for k, snapshot in enumerate(self.history.noted)
            if _is_on_curve(snapshot)
        ]
        return points + self._steep_points("weight", self.history.weight, plot)

    @cached_property
    def labelled_weights(self) -> list[int]:
        """The indices at which the weight is printed: at the end, and at moments before it.

        Batches of the title come first. The narrow form prints no number that
        the wide form lacks.
        """
        indices = [END]
        across = self.lower.x_scale
        for k in self._noted_indices():
            distance = min(abs(across(other) - across(k)) for other in indices)
            space = self.lower.y_scale(float(self.history.weight[k])) - self.lower.top
            if distance >= MIN_LABEL_GAP and space > MIN_WEIGHT_SPACE:
                indices.append(k)
        return sorted(indices)

    def _noted_indices(self) -> list[int]:
        """Return the indices of the batches of the title, and of the moments from the last."""
        later_first = [snapshot.batches for snapshot in reversed(self.history.noted)]
        all_batches = dict.fromkeys([*STEEP_BATCHES, *later_first])
        return [batches // BATCH_STEP for batches in all_batches if not batches % BATCH_STEP]


def _is_on_curve(snapshot: Snapshot) -> bool:
    """Whether a moment has a point of its own on the curves."""
    return snapshot.batches not in STEEP_BATCHES and not snapshot.batches % BATCH_STEP


def _guide(x: float, y: float, end: float) -> Mark:
    """Draw a dotted line from a point to an edge of its plot."""
    return Path(
        (("M", (x, y)), ("L", (x, end))),
        stroke="muted",
        stroke_width=styles.GUIDE.weight,
        dash=styles.GUIDE.dash,
    )


def _area(plot: charts.Plot, values: Array, expr: str, fill: Paint) -> Path:
    """Draw the area between a curve and zero."""
    start, *points = [(plot.x_scale(k), plot.y_scale(float(v))) for k, v in enumerate(values)]
    corners = (plot.right, plot.bottom), (plot.left, plot.bottom)
    edges = f"torch.stack([torch.zeros({len(values)}), {expr}])"
    return Path(
        (("M", start), *(("L", point) for point in (*points, *corners)), ("Z",)),
        fill=fill,
        compact=True,
        id=f"area-{expr.partition('[')[0]}-{len(values)}",
        bound=(Course(edges, "area", plot.x_scale, plot.y_scale),),
    )
