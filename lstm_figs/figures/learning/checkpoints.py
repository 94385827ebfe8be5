"""The form for several weights files: the same units at checkpoints of one training."""

from collections.abc import Sequence
from functools import cached_property
from textwrap import indent
from typing import NamedTuple

import numpy as np

from ...errors import BeyondLimit
from ...layout import styles, words
from ...layout.margins import inner_width
from ...layout.motifs import charts, label_rows, over_time, ranked_labels
from ...layout.motifs.over_time import Steps
from ...layout.motifs.population import Choice, unit_choice
from ...layout.motifs.ranked_labels import RankedLabel
from ...layout.provenance import count_item, provenance, source
from ...layout.unit_choice import selected_units
from ...model import label_ranking, units
from ...model.layer_run import LayerRun
from ...model.reference import Number, Ref, Vector
from ...model.tensors import Array
from ...names import printable
from ...proof.bindings import Course, Place, Scale, Sentence, joined, sentence
from ...proof.literals import text
from ...proof.preamble.units import LIFE
from ...proof.preamble.write import preamble
from ...scene.marks import Box, Mark, Path
from ...scene.scenes import Diagram, Head

MAX_UNITS = 2
"""The most units that are drawn."""
QUANTILES = (90, 50, 10)
"""The quantiles of all units in per cent, from the top of the chart downwards."""
MIN_UNITS_FOR_QUANTILES = 10
"""With fewer units no quantiles are drawn."""
LIFE_HEIGHT, AUC_HEIGHT = 110.0, 70.0
"""The heights of the plot of lifetimes, and of a plot of AUCs."""
LANES_HEIGHT, MAX_PIXELS = 72.0, 20.0
"""The height of all lanes of a file, and the most pixels for one unit of c."""
AXIS_HEIGHT, CAPTION_GAP, LANE_GAP, ROW_GAP = 26.0, 12.0, 8.0, 16.0
"""The height of an axis, and the gaps below a caption, between lanes and between rows."""
POINT_SIZE = 7.0
"""The size of a point on a curve."""
LEFT, RIGHT = 46.0, 112.0
"""The space left and right of the charts."""
NAME_WIDTH, UNIT_WIDTH = 150.0, 62.0
"""The width of the name of a file beside its lanes, and of the name of a unit."""
LABEL_GAP = 15.0
"""The least distance between names of curves."""
MAX_NAME_LENGTH = 15
"""The most characters of the name of a file."""
MIN_TOP = 10
"""The least number of steps at the top of the plot of lifetimes."""
MANY_STEPS = 100
"""From this many steps on, lines are thin."""
MIN_TICK_GAP = 14.0
"""The least distance between two tick labels."""
LOW_AUC = 0.5
"""The AUC of guessing."""
CHANCE_PAINT = "muted:24"
"""The colour of the area of what chance reaches."""
AXIS_DROP, AXIS_NAME_GAP, LABEL_WIDTH = 13.0, 11.0, 60.0
"""The middle of the labels of an axis below its plot, the gap left of them, and their
width."""
CURVE_NAME_GAP, UNIT_NAME_GAP, FILE_NAME_GAP = 3.0, 8.0, 20.0
"""The gaps left of the name of a curve, left of that of a unit, and right of that of a
file."""
NARROW_NAME_GAP, SHADE_OVERHANG = 4.0, 3.0
"""The gap below the name of a file above its lanes, and how far shades extend beyond the
lanes."""
THIN_WIDTH = 1.0
"""The width of a line over many steps."""
MAX_TICKS = 3
"""The most ticks of c."""

MATCHED = "A number is the same unit only within one training."
"""The note on what makes units of different files the same."""


class Checkpoints:
    """The charts and the rows of several checkpoints.

    Attributes:
        subject: The run of the last checkpoint.
        requested_units: The units asked for; empty to choose them.
        figure_width: The width of the figure.
        runs: The runs of all checkpoints, in the order of the files.
        width: The width inside the margins.
        is_wide: Whether the names of files are beside their lanes.
        steps: The columns of the steps.
    """

    def __init__(
        self, subject: LayerRun, requested_units: tuple[int, ...], width: float, min_wide_width: int
    ):
        self.subject, self.figure_width = subject, width
        self.runs = [
            LayerRun(trace, subject.layer, subject.direction)
            for trace in (*subject.trace.earlier, subject.trace)
        ]
        self.width, self.is_wide = inner_width(width), width >= min_wide_width
        for name, run in zip(self.names, self.runs, strict=True):
            values = [getattr(step, tensor)[0] for step in run.steps for tensor in "fc"]
            if not np.isfinite(values).all():
                raise BeyondLimit(
                    f"got {name}, with c or f that is NaN or infinite at some step, expected "
                    "numbers; leave it out"
                )
        self.requested_units = requested_units
        left = NAME_WIDTH if self.is_wide else LEFT
        count = len(subject.steps)
        self.steps = Steps(
            0,
            tuple(map(subject.step_number, range(count))),
            left,
            (self.width - left - UNIT_WIDTH) / count,
        )

    @cached_property
    def names(self) -> list[str]:
        """The names of the files, without their folders and suffixes."""
        files = [run.trace.origin.file.rpartition("/")[2] for run in self.runs]
        return [printable(file.rpartition(".")[0] or file, MAX_NAME_LENGTH) for file in files]

    @cached_property
    def representatives(self) -> Choice | None:
        """The few units that represent all.

        None if units are requested, all are drawn, or there is no basis to choose.
        """
        return unit_choice(self.subject, self.requested_units, MAX_UNITS)

    @cached_property
    def units(self) -> tuple[int, ...]:
        """The units that are drawn, chosen at the last checkpoint."""
        if self.representatives is not None:
            return self.representatives.units
        change = np.ptp([step.c[0] for step in self.subject.steps], axis=0)
        return selected_units(self.subject, self.requested_units, change, MAX_UNITS)

    @cached_property
    def labels(self) -> tuple[RankedLabel, ...]:
        """The labels that a drawn unit tells better than chance at the last checkpoint."""
        labels = ranked_labels.drawn_labels(self.subject)
        return tuple(label for label in labels if label.unit in self.units)

    @cached_property
    def lives(self) -> Array:
        """How long a write lasts, shape `(checkpoints, units)`; at most all steps."""
        f: list[Array] = [np.array([step.f[0] for step in run.steps]) for run in self.runs]
        return np.minimum([units.lifetimes(gates) for gates in f], len(self.subject.steps))

    @cached_property
    def c(self) -> Array:
        """The cell states, shape `(checkpoints, steps, drawn units)`."""
        units = list(self.units)
        return np.array([[step.c[0, units] for step in run.steps] for run in self.runs])

    def aucs(self, label: RankedLabel) -> tuple[Array, Array]:
        """Return the AUC of a label's unit at each checkpoint, and of chance.

        Chance is what the best of all units reaches for the label moved by some steps.
        """
        values = self.subject.trace.labels[label.place][1]
        true = np.array(self.subject.in_processing_order(values))
        shifts = label_ranking.shifted(true)
        column = self.column(label)
        own, chance = [], []
        for run in self.runs:
            states = ranked_labels.states_by_step(run)
            areas = label_ranking.areas(states, true)
            own.append(label_ranking.two_sided_auc(areas)[column])
            moved = label_ranking.two_sided_auc(label_ranking.areas(states, shifts)).max(1)
            chance.append(np.quantile(moved, label_ranking.CHANCE_QUANTILE))
        return np.array(own), np.array(chance)

    def column(self, label: RankedLabel) -> int:
        """Return the column of a label's unit among c and h of all units."""
        size = self.subject.weights.hidden_size
        return label.unit + (size if label.state == "h" else 0)

    def diagram(self) -> Diagram:
        """Draw the figure."""
        marks, y = self._life_chart()
        for label in self.labels:
            chart, y = self._auc_chart(label, y + ROW_GAP)
            marks += chart
        rows, y = self._rows(y + ROW_GAP)
        return Diagram(
            heading=self._head(),
            description=self._description(),
            width=self.width,
            height=y,
            marks=(*marks, *rows),
            figure_width=self.figure_width,
            setup="\n".join(self._setup()),
        )

    def _plot(self, top: float, height: float, y_scale: Scale) -> charts.Plot:
        """Return a plot with a point for each checkpoint; its `y_scale` gets this height."""
        across = Scale(0, len(self.runs) - 1, LEFT, self.width - RIGHT)
        return charts.Plot(across, y_scale._replace(start=top + height, stop=top))

    def _axis(self, plot: charts.Plot) -> list[Mark]:
        """Print the numbers of the files below a plot."""
        top = plot.bottom + AXIS_DROP - words.line_height(words.SMALL) / 2
        name, _ = words.paragraph(
            LEFT - AXIS_NAME_GAP, top, sentence("file"), LABEL_WIDTH, size=words.SMALL, anchor="end"
        )
        numbers = [
            words.paragraph(
                plot.x_scale(k),
                top,
                sentence("{}", (k + 1, f"int(number[{k}])")),
                LABEL_WIDTH,
                size=words.SMALL,
                anchor="middle",
            )[0]
            for k in range(len(self.runs))
        ]
        return [name, *numbers]

    def _caption(self, text: Sentence, top: float) -> tuple[Mark, float]:
        """Print the heading of a chart; also return where its plot can begin."""
        size = words.LABEL if self.is_wide else words.SMALL
        caption, bottom = words.paragraph(
            0, top, text, self.width, size=size, fill="ink", bold=True
        )
        return caption, bottom + CAPTION_GAP

    def _points(self, plot: charts.Plot, name: str, of: str, values: Array) -> list[Mark]:
        """Draw a point for each file on a curve.

        Args:
            plot: The plot.
            name: What the ids of the points begin with.
            of: The expression of a value, with {} for the index of its file.
            values: The values.
        """
        # The same scale from the number of a file, which counts from 1.
        number_scale = plot.x_scale._replace(low=1, high=len(self.runs))
        return [
            Box(
                plot.x_scale(k) - POINT_SIZE / 2,
                plot.clamped_y(float(value)) - POINT_SIZE / 2,
                POINT_SIZE,
                POINT_SIZE,
                radius=POINT_SIZE / 2,
                fill="ink",
                id=f"{name}-at-{k}",
                bound=(Place(f"number[{k}], {of.format(k)}", number_scale, plot.y_scale),),
            )
            for k, value in enumerate(values)
        ]

    def _life_chart(self) -> tuple[list[Mark], float]:
        """Draw how long a write lasts in the drawn units, and in quantiles of all."""
        lives = self.lives
        percentages = QUANTILES if lives.shape[1] >= MIN_UNITS_FOR_QUANTILES else ()
        heading = sentence("Steps that a write lasts")
        if percentages:
            heading = sentence(
                "Steps that a write lasts; grey: at most so many in {}, {} and {} % of units",
                *((percent, f"int([*quantiles][{k}])") for k, percent in enumerate(percentages)),
            )
        caption, start = self._caption(heading, 0)
        top = float(max(lives.max(), MIN_TOP))
        scale, ticks = charts.log_scale([1, top])
        plot = self._plot(start, LIFE_HEIGHT, scale._replace(low=1, high=top))
        marks: list[Mark] = [caption]
        marks += charts.grid(plot, (), [tick for tick in ticks if tick <= top])
        marks += self._axis(plot)
        curves: list[_Curve] = []
        for percent in percentages:
            values = np.quantile(lives, percent / 100, axis=1)
            line = charts.curve(
                plot,
                values.tolist(),
                f'quantiles["{percent}"]',
                "muted",
                width=styles.CURVE.plain.weight,
                id=f"life-{percent}",
            )
            marks.append(line)
            curves.append(_Curve(line, f"{percent}", {"run": percent}, float(values[-1])))
        last = len(self.runs) - 1
        for unit in self.units:
            line = charts.curve(
                plot,
                lives[:, unit].tolist(),
                f"lives[:, {unit}]",
                "ink",
                width=styles.CURVE.strong.weight,
                id=f"life-unit-{unit}",
            )
            marks.append(line)
            number = Number(lives[last, unit], Ref("lives")[last, unit])
            end = float(lives[last, unit])
            curves.append(_Curve(line, f"unit {unit}", {"unit": unit}, end, number))
        marks += self._curve_names(plot, curves)
        return marks, plot.bottom + AXIS_HEIGHT

    def _curve_names(self, plot: charts.Plot, curves: "Sequence[_Curve]") -> list[Mark]:
        """Print the names of curves at their right ends, and their last numbers."""
        ends = [plot.clamped_y(curve.end) for curve in curves]
        places = charts.spaced_positions(ends, LABEL_GAP, plot.top, plot.bottom)
        marks: list[Mark] = []
        for curve, y, end in zip(curves, places, ends, strict=True):
            number = None
            if curve.number is not None:
                number = words.number(
                    self.width,
                    y,
                    curve.number,
                    size=words.SMALL,
                    decimals=0,
                    anchor="end",
                    bold=True,
                    id=f"last-{curve.line.id}",
                )
            name = words.label(
                plot.right + charts.LEADER_WIDTH + CURVE_NAME_GAP,
                y,
                curve.name,
                names=curve.names,
                of=[curve.line, *([number] if number else [])],
                style=words.FINE_STRONG if "unit" in curve.names else words.FINE,
                id=f"name-{curve.line.id}",
            )
            marks += [name, charts.label_leader(name, (plot.right, end), curve.line.id)]
            marks += [number] if number else []
        return marks

    def _auc_chart(self, label: RankedLabel, top: float) -> tuple[list[Mark], float]:
        """Draw how well a unit tells a label at each checkpoint, and what chance does."""
        place = label.place
        own, chance = self.aucs(label)
        heading = sentence(
            "How well {} of unit {} tells “{}” apart (AUC)",
            (label.state, f'told[{place}]["state"]'),
            (label.unit, f'told[{place}]["unit"]'),
            (label.name, f"names[{place}]"),
        )
        caption, start = self._caption(heading, top)
        plot = self._plot(start, AUC_HEIGHT, Scale(LOW_AUC, 1, 0, 1))
        first, *points = [
            (plot.x_scale(k), plot.clamped_y(float(area))) for k, area in enumerate(chance)
        ]
        corners = ((plot.right, plot.bottom), (plot.left, plot.bottom))
        bound = Course(
            f'torch.stack([torch.full(({len(chance)},), {LOW_AUC}), chances["{place}"]])',
            "area",
            plot.x_scale,
            plot.y_scale,
        )
        band = Path(
            (("M", first), *(("L", point) for point in (*points, *corners)), ("Z",)),
            fill=CHANCE_PAINT,
            compact=True,
            id=f"chance-{place}",
            bound=(bound,),
        )
        line = charts.curve(
            plot,
            own.tolist(),
            f'aucs["{place}"]',
            "ink",
            width=styles.CURVE.strong.weight,
            id=f"auc-{place}",
        )
        curves = (
            _Curve(line, "this unit", {"tensor": "aucs"}, float(own[-1])),
            _Curve(band, "chance", {"tensor": "chances"}, float(chance[-1])),
        )
        marks: list[Mark] = [caption, band]
        marks += [*charts.grid(plot, (), (LOW_AUC, 1)), *self._axis(plot), line]
        marks += self._points(plot, f"auc-{place}", f'aucs["{place}"][{{}}]', own)
        return [*marks, *self._curve_names(plot, curves)], plot.bottom + AXIS_HEIGHT

    def _rows(self, y: float) -> tuple[list[Mark], float]:
        """Draw c of the drawn units over the steps, a row for each file."""
        ids = [f"c-{k}-{self.units[0]}" for k in range(len(self.runs))]
        caption, y = self._caption(sentence("c over the steps"), y)
        marks: list[Mark] = [caption]
        tokens = self.subject.in_processing_order(self.subject.trace.tokens)
        if tokens and self.steps.width >= over_time.needed_token_width(tokens, words.SMALL):
            marks += over_time.token_labels(self.steps, y, tokens, ids, size=words.SMALL)
            y += ROW_GAP
        for k in range(len(self.runs)):
            row, y = self._row(k, y)
            marks += row
            y += ROW_GAP
        return [*marks, *over_time.step_labels(self.steps, y, ids)], y + ROW_GAP / 2

    def _row(self, k: int, y: float) -> tuple[list[Mark], float]:
        """Draw the lanes of one file; return their marks and their bottom."""
        name = sentence("{} {}", (k + 1, f"int(number[{k}])"), (self.names[k], f"files[{k}]"))
        width = NAME_WIDTH - FILE_NAME_GAP if self.is_wide else self.width
        heading, bottom = words.paragraph(
            0, y, name, width, size=words.SMALL, fill="ink", bold=k == len(self.runs) - 1
        )
        marks: list[Mark] = [heading]
        y = y if self.is_wide else bottom + NARROW_NAME_GAP
        top = y
        has_many_steps = len(self.steps.ts) >= MANY_STEPS
        line_width = THIN_WIDTH if has_many_steps else styles.CURVE.strong.weight
        for unit_index, unit in enumerate(self.units):
            low, high = self.ranges[unit_index]
            height = (high - low) * self.pixels
            scale = Scale(low, high, y + height, y)
            values = Vector(self.c[k, :, unit_index], Ref("states")[k], after=(unit,))
            line = over_time.step_line(
                self.steps, scale, values, "ink", width=line_width, id=f"c-{k}-{unit}", term="c"
            )
            label = words.label(
                self.steps.right + UNIT_NAME_GAP,
                y + height / 2,
                f"unit {unit}",
                names={"unit": unit},
                of=line,
                along="band",
                style=words.FINE,
            )
            ticks = [t for t in over_time.ticks(low, high, MAX_TICKS) if low <= t <= high]
            apart = [tick for tick in ticks if abs(scale(tick) - scale(0)) >= MIN_TICK_GAP]
            # 0, and the highest tick that is apart from it.
            marks += over_time.axis(self.steps, scale, [0.0, *apart[-1:]])
            marks += [*line, label]
            y += height + LANE_GAP
        y -= LANE_GAP
        shades: list[Mark] = []
        if self.labels:
            # The steps at which the first label is true, as in every row.
            label_shades = label_rows.label_shades(
                self.subject,
                self.labels[0].place,
                self.steps,
                top - SHADE_OVERHANG,
                y + SHADE_OVERHANG,
            )
            shades = [mark._replace(id=f"{mark.id}-in-{k}") for mark in label_shades]
        return [*shades, *marks], max(y, bottom)

    @cached_property
    def ranges(self) -> list[tuple[float, float]]:
        """The least and the largest c of each drawn unit, over all files."""
        ranges = []
        for unit_index in range(len(self.units)):
            c = self.c[..., unit_index]
            low, high = min(0.0, float(c.min())), max(0.0, float(c.max()))
            ranges.append((low, high) if low < high else (-1.0, 1.0))
        return ranges

    @cached_property
    def pixels(self) -> float:
        """The height of one unit of c, the same in all lanes."""
        spans = [high - low for low, high in self.ranges]
        return min(MAX_PIXELS, LANES_HEIGHT / sum(spans))

    def _head(self) -> Head:
        count = len(self.runs)
        notes = [sentence(MATCHED)]
        if len(self.units) < self.subject.weights.hidden_size:
            unit_count, size = len(self.units), self.subject.weights.hidden_size
            counts = (unit_count, str(unit_count)), (size, "c.shape[-1]")
            if self.requested_units:
                notes.append(sentence("{} of {} units are drawn.", *counts))
            else:
                notes.append(
                    sentence("{} of {} units are drawn, chosen in the last file.", *counts)
                )
        notes = [joined(notes)]
        if self.labels:
            notes.append(
                sentence(
                    "Grey is chance: for the same labels moved by some steps, the best of all "
                    "units is seldom better."
                )
            )
        return Head(
            self._title(),
            sentence("The same units at {} checkpoints, on one input.", (count, "len(runs)")),
            provenance(self.subject, count_item("step", len(self.subject.steps), "len(x)")),
            tuple(notes),
            source(self.subject),
        )

    def _title(self) -> Sentence:
        """Return when a unit tells a label, or how long a write lasts at first and at last."""
        if self.labels:
            return self._label_title(self.labels[0])
        last = len(self.runs) - 1

        def change(unit: int) -> float:
            """Return by which factor the time that a write lasts changes, as a logarithm."""
            return abs(float(np.log(self.lives[last, unit] / self.lives[0, unit])))

        unit = max(self.units, key=change)
        first, end = (f"lives[{k}, {unit}]" for k in (0, last))
        lives = [round(float(self.lives[k, unit])) for k in (0, last)]
        count = (len(self.subject.steps), "len(x)")
        values = [(unit, str(unit)), (lives[0], f"int({first})"), count]
        if lives[0] == lives[1]:
            template = "In unit {} a write lasts {} of {} steps, at first and at last"
            return sentence(template, *values, claim=f"bool({first} == {end})")
        return sentence(
            "In unit {} a write lasts {} of {} steps at first, {} at last",
            *values,
            (lives[1], f"int({end})"),
            claim=f"bool({first} != {end})",
        )

    def _label_title(self, label: RankedLabel) -> Sentence:
        """Return from which checkpoint on a unit tells a label better than chance."""
        own, chance = self.aucs(label)
        ahead = own >= chance + label_ranking.MIN_LEAD
        # The first of the checkpoints at the end that are all ahead.
        ahead_at_end = int(np.argmin([*ahead[::-1], False]))
        first = len(ahead) - ahead_at_end
        place = label.place
        is_ahead = f'(aucs["{place}"] >= chances["{place}"] + {label_ranking.MIN_LEAD})'
        values = ((label.unit, f'told[{place}]["unit"]'), (label.name, f"names[{place}]"))
        if not first:
            return sentence(
                "Unit {} tells “{}” apart in each file", *values, claim=f"bool({is_ahead}.all())"
            )
        return sentence(
            "From file {} on, unit {} tells “{}” apart",
            (first + 1, f"int(number[{first}])"),
            *values,
            claim=f"bool({is_ahead}[{first}:].all()) and not bool({is_ahead}[{first - 1}])",
        )

    def _description(self) -> str:
        """Return how long a write lasts in the drawn units, file by file."""
        sentences = []
        for k in range(len(self.runs)):
            for unit in self.units:
                life = round(float(self.lives[k, unit]))
                steps = "step" if life == 1 else "steps"
                sentences.append(f"In file {k + 1}, in unit {unit}, a write lasts {life} {steps}.")
        return " ".join(sentences)

    def _setup(self) -> list[str]:
        """Return the Python code of the drawn values."""
        lines = [*over_time.tokens_setup(self.subject.trace), *label_rows.setup(self.subject)]
        lines += self.representatives.setup if self.representatives is not None else ["", LIFE]
        names = ", ".join(map(text, self.names))
        lines += [
            "",
            f"files = [{names}]",
            "number = torch.arange(1, len(files) + 1)",
            "# The earlier ones, which read the same: f, c and h of each.",
        ]
        for k, run in enumerate(self.runs[:-1]):
            # A preamble computes the tensors that these expressions name.
            code = preamble(run, ("f[0, 0, 0]", "c[0, 0, 0]", "output[0, 0, 0]"))
            lines += [
                f"def earlier_{k}():",
                indent(code.partition("import torch\n")[2].strip(), "    "),
                "    return f, c, output",
                "",
            ]
        calls = ", ".join(f"earlier_{k}()" for k in range(len(self.runs) - 1))
        lines += [
            f"runs = [{calls}, (f, c, output)]",
            "runs = [[each[:, 0].detach().double() for each in run] for run in runs]",
            "# How many steps a write lasts, at most all; and c.",
            "lives = torch.stack([lasting(f_k) for f_k, _, _ in runs]).clamp(max=len(x))",
            "states = torch.stack([c_k for _, c_k, _ in runs])",
            "quantiles = {",
            *(f'    "{percent}": lives.quantile({percent / 100}, dim=1),' for percent in QUANTILES),
            "}",
        ]
        if self.labels:
            lines += [
                "# How well the unit of each label tells it, and the best of all units the",
                "# label moved by some steps.",
                "each_run = [torch.cat([c_k, h_k], 1) for _, c_k, h_k in runs]",
                "aucs, chances = {}, {}",
                f"for k, column in {[(label.place, self.column(label)) for label in self.labels]}:",
                "    true = labels[k].double()",
                "    aucs[str(k)] = torch.stack([areas(s, true)[column] for s in each_run])",
                "    best = [areas(s, shifted(true)).amax(1) for s in each_run]",
                f"    chance = [one.quantile({label_ranking.CHANCE_QUANTILE}) for one in best]",
                "    chances[str(k)] = torch.stack(chance)",
            ]
        return lines


class _Curve(NamedTuple):
    """A curve with its name.

    Attributes:
        line: The line, or the area below it.
        name: The name that is printed.
        names: What the name states, see `words.label`.
        end: The last value, at which the name is.
        number: The same as a number to print, if it is printed.
    """

    line: Path
    name: str
    names: dict[str, object]
    end: float
    number: Number | None = None
