"""What was noted while the network was trained, as two curves over batches."""

import math
from functools import cached_property

from ...layout import styles, words
from ...layout.motifs import charts
from ...model.tensors import Array
from ...proof.bindings import Course, Place, Scale, sentence
from ...proof.reference import Number, Ref
from ...scene.marks import Box, Mark, Path
from ...scene.theme import Paint
from .moments import EACH, LAST, Learned, Seen

BAND = (450, 700)
"""Between these batches most of it is learned."""
HEAD, HIGH, LOW, APART = 28.0, 104.0, 60.0, 12.0
"""The heights of a heading and of both planes, and what is between them."""
LEFT, RIGHT = 46.0, 18.0
"""What is beside the planes."""
BELOW = 34.0
"""What is below the lower plane, its axis and air."""
POINT = 8.0
BESIDE = 39.0
"""What a number beside a point takes."""
LEAST, NUMBERS = 64.0, 28.0
"""How far apart numbers on a curve are at least, and those of the axis."""
FEW = 10.0
"""From how many per cent on a number is beside a point."""
EACH_TICK = 4
"""What is between two ticks of the weight."""
PALE = "pos:24"
RIGHT_PAINT, WEIGHT_PAINT = "pos", "neg"
END = LAST // EACH


class Chart:
    """Both curves.

    Args:
        learned: What is drawn.
        room: The width.
        narrow: Whether there is little room.
    """

    def __init__(self, learned: Learned, room: float, *, narrow: bool):
        self.learned, self.room, self.narrow = learned, room, narrow
        across = Scale(0, END, LEFT, room - RIGHT)
        self.batches = Scale(0, LAST, LEFT, room - RIGHT)
        low = EACH_TICK * math.floor(learned.weight.min() / EACH_TICK)
        top = HEAD + HIGH + APART + HEAD
        self.upper = charts.Plot(across, Scale(0, 100, HEAD + HIGH, HEAD))
        self.lower = charts.Plot(across, Scale(low, 0, top + LOW, top))

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.lower.bottom + BELOW

    def marks(self) -> list[Mark]:
        """All of it."""
        down = self.lower.down
        ticks = range(round(down.low), 1, EACH_TICK)
        below = self.lower._replace(across=self.batches)
        return [
            *charts.grid(self.upper, (), (0, 50, 100)),
            *charts.grid(below, (0, LAST), ticks),
            *self._axis(),
            *self._percent(),
            *self._weight(),
        ]

    def _band(self) -> list[Mark]:
        """What grows in the batches of which the title tells."""
        first, last = (batches // EACH for batches in BAND)
        part = slice(first, last + 1)
        scale = self.upper.across
        ends = scale(first), scale(last)
        across = Scale(0, last - first, *ends)
        plot = self.upper._replace(across=across)
        values = self.learned.percent[part]
        area = _area(plot, values, f"percent[{first}:{last + 1}]", PALE)
        marks: list[Mark] = [styles.strong(area, f"len(it[0]) == {len(values)}")]
        for x, k in zip(ends, (first, last), strict=True):
            for one, drawn in (
                (self.upper, self.learned.percent),
                (self.lower, self.learned.weight),
            ):
                y = one.down(float(drawn[k]))
                if one.bottom - y > POINT:
                    marks.append(_guide(x, y, one.bottom))
        return marks

    def _axis(self) -> list[Mark]:
        """What the axis below is, and the batches that are told of."""
        top = self.lower.bottom + 13 - words.LINE * words.SMALL / words.NOTE / 2
        said, _ = words.paragraph(
            LEFT - 11, top, sentence("batch"), 60, size=words.SMALL, anchor="end"
        )
        marks: list[Mark] = [said]
        found = [self.batches(end) for end in (0, LAST)]
        told = [(f"noted_after[{one // EACH}]", one) for one in BAND]
        told += [(f"batches[{k}]", one.batches) for k, one in enumerate(self.learned.noted)]
        for expr, batches in told:
            x = self.batches(batches)
            if min(abs(x - other) for other in found) < NUMBERS:
                continue
            found.append(x)
            said, _ = words.paragraph(
                x,
                top,
                sentence("{}", (batches, expr)),
                60,
                size=words.SMALL,
                anchor="middle",
                fill="ink",
            )
            marks.append(said)
        return marks

    def _percent(self) -> list[Mark]:
        """On how many fresh strings the network is right."""
        strings = self.learned.training.strings
        said, _ = words.paragraph(
            0,
            0,
            sentence("Of {} fresh strings, right throughout, in %", (f"{strings:,}", "strings")),
            self.room,
            size=words.SMALL if self.narrow else words.LABEL,
            fill="ink",
            bold=True,
        )
        values, plot = self.learned.percent, self.upper
        marks: list[Mark] = [
            said,
            _area(plot, values, "percent", f"{RIGHT_PAINT}:10"),
            *self._band(),
            charts.curve(
                plot,
                values.tolist(),
                "percent",
                RIGHT_PAINT,
                width=styles.CURVE.strong.weight,
                id="percent",
            ),
        ]
        for k, one in enumerate(self.learned.noted):
            if one.percent is None or not _is_on_curve(one):
                continue
            x, y = self.batches(one.batches), plot.down(one.percent)
            of = f"batches[{k}], percent_at[{k}]"
            marks.append(self._point(x, y, f"percent-{k}", of, plot))
        marks += self._ends("percent", values, plot)
        return [*marks, *map(self._share, self._shared())]

    def _shared(self) -> list[int]:
        """Where a share is printed: each clear of others and of guides."""
        across = self.upper.across
        taken = [across(batches // EACH) for batches in BAND]
        spans = [(x, x) for x in taken]
        found = []
        first, last, *others = self._told()
        for k in (first, last, END, *others):
            x = across(k)
            span = (x - BESIDE, x) if k == END else (x + 1, x + BESIDE)
            is_free = all(span[1] <= left or right <= span[0] for left, right in spans)
            if is_free and self.learned.percent[k] >= FEW:
                found.append(k)
                spans.append(span)
        return sorted(found)

    def _share(self, k: int) -> Mark:
        """How many per cent are right, beside their place on the curve."""
        percent = float(self.learned.percent[k])
        x, y = self.upper.across(k), self.upper.down(percent)
        at_end = k == END
        x, y = (x - 2, y + 18) if at_end else (x + 8, y + 9)
        said, _ = words.paragraph(
            x,
            y - words.LINE * words.SMALL / words.NOTE / 2,
            sentence("{} %", (f"{percent:.0f}", f"round(percent[{k}].item())")),
            60,
            size=words.SMALL,
            anchor="end" if at_end else "start",
            fill="ink",
            bold=True,
        )
        return said

    def _ends(self, name: str, values: Array, plot: charts.Plot) -> list[Mark]:
        """The points of the batches of which the title tells."""
        return [
            self._point(
                self.batches(batches),
                plot.down(float(values[k])),
                f"{name}-at-{batches}",
                f"noted_after[{k}], {name}[{k}]",
                plot,
            )
            for batches in BAND
            for k in [batches // EACH]
        ]

    def _point(self, x: float, y: float, id: str, of: str, plot: charts.Plot) -> Mark:
        """A moment that is drawn below, on a curve."""
        return Box(
            x - POINT / 2,
            y - POINT / 2,
            POINT,
            POINT,
            radius=POINT / 2,
            fill=RIGHT_PAINT if plot is self.upper else WEIGHT_PAINT,
            id=id,
            bound=(Place(of, self.batches, plot.down),),
        )

    def _weight(self) -> list[Mark]:
        """The weight by which unit 1 shuts unit 0."""
        plot, size = self.lower, words.SMALL
        values = self.learned.weight
        numbers = [
            words.number(
                self.batches(k * EACH),
                plot.down(float(values[k])) - 11,
                Number(values[k], Ref("weight")[k]),
                size=size,
                places=1,
                id=f"weight-{k}",
                term="weight_hh",
            )
            for k in self.printed
        ]
        points = [
            self._point(
                self.batches(one.batches),
                plot.down(float(one.weight)),
                f"held-{k}",
                f"batches[{k}], weight_at[{k}]",
                plot,
            )
            for k, one in enumerate(self.learned.noted)
            if _is_on_curve(one)
        ]
        points += self._ends("weight", values, plot)
        named = words.label(
            0,
            plot.top - HEAD + 9,
            "weight_hh_l0[0, 1]",
            {"tensor": "weight"},
            ["weight", *(one.id for one in (*numbers, *points))],
            "block",
            style=words.FINE_STRONG_CODE if self.narrow else words.STRONG_CODE,
            fill="ink",
            term="weight_hh",
        )
        said, _ = words.paragraph(
            named.width + 6,
            plot.top - HEAD,
            sentence("by which unit {} shuts unit {}", (1, "1"), (0, "0")),
            self.room,
            size=size if self.narrow else words.LABEL,
        )
        line = charts.curve(
            plot,
            values.tolist(),
            "weight",
            WEIGHT_PAINT,
            width=styles.CURVE.plain.weight,
            id="weight",
            term="weight_hh",
        )
        return [named, said, line, *points, *numbers]

    @cached_property
    def printed(self) -> list[int]:
        """Where the weight is printed: at the end, and at moments before it.

        Those come first that the title tells of. The narrow form has no
        numbers but those of the wide one.
        """
        found = [END]
        across = self.lower.across
        for k in self._told():
            apart = min(abs(across(other) - across(k)) for other in found)
            above = self.lower.down(float(self.learned.weight[k])) - 18
            if apart >= LEAST and above > self.lower.top:
                found.append(k)
        return sorted(found)

    def _told(self) -> list[int]:
        """What was noted at the batches of the title, and at moments."""
        every = [*BAND, *(one.batches for one in self.learned.noted)]
        found = [batches // EACH for batches in every if not batches % EACH]
        return list(dict.fromkeys([*found[:2], *reversed(found[2:])]))


def _is_on_curve(one: Seen) -> bool:
    """Whether a moment has a point of its own on what is drawn."""
    return one.batches not in BAND and not one.batches % EACH


def _guide(x: float, y: float, end: float) -> Mark:
    """A dotted line from a point to an edge of its plane."""
    return Path(
        (("M", (x, y)), ("L", (x, end))),
        stroke="muted",
        stroke_width=styles.GUIDE.weight,
        dash=styles.GUIDE.dash,
    )


def _area(plot: charts.Plot, values: Array, expr: str, fill: Paint) -> Path:
    """What is between a curve and zero."""
    edge = [(plot.across(k), plot.down(float(v))) for k, v in enumerate(values)]
    ends = (plot.right, plot.bottom), (plot.left, plot.bottom)
    edges = f"torch.stack([torch.zeros({len(values)}), {expr}])"
    return Path(
        (("M", edge[0]), *(("L", p) for p in (*edge[1:], *ends)), ("Z",)),
        fill=fill,
        compact=True,
        id=f"area-{expr.partition('[')[0]}-{len(values)}",
        bound=(Course(edges, "area", plot.across, plot.down),),
    )
