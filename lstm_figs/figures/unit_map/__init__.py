"""The figure `unit-map`: a heat map of all units of a layer over the steps."""

import math
from typing import Literal, NamedTuple

import numpy as np

from ...errors import BeyondLimit
from ...layout import WIDE, styles, words
from ...layout.margins import inner_width, margin
from ...layout.motifs import charts, heat, label_lanes
from ...layout.motifs.over_time import Steps
from ...layout.motifs.population import Population
from ...layout.motifs.token_rows import tokens_by_step
from ...model.layer_run import LayerRun
from ...model.reference import Number
from ...model.tensors import GATES
from ...proof.bindings import Flow, Sample, sentence
from ...scene.marks import Box, Group, Mark, Path, bounds
from ...scene.scenes import Diagram
from . import bands, texts
from .bands import Band, Map

LEADER_WIDTH = 12.0
"""The gap between a row and the name of its unit."""
NAME_OVERHANG = 18.0
"""How far a name may extend into the margin."""
MIN_STEP_WIDTH, MAX_STEP_WIDTH, MIN_WHOLE_WIDTH = 2.0, 160.0, 8.0
"""The least and the largest width of a step; from the third on, the width is a whole number."""
BAND_GAP = 16.0
"""The gap between two bands."""
LINE_MIDDLE, LINE_PITCH = words.LINE * words.SMALL / words.NOTE / 2, 17.0
"""The distances from the top of a line of small text to its middle, and between lines."""
MIN_NAME_GAP = 15.0
"""The least distance between two names."""
SCALE_WIDTH, SCALE_HEIGHT = 96.0, 8.0
"""The size of the colour scale."""


class Row(NamedTuple):
    """The row of a unit."""

    band: Band
    middle: float


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
    population, space = Population(subject), inner_width(width)
    name = f"unit {population.count - 1}"
    name_width = LEADER_WIDTH + words.width(name, words.SMALL, bold=True)
    steps_width = space - max(0.0, name_width - min(NAME_OVERHANG, margin(width) - 4))
    count = min(len(subject.steps), int(steps_width / MIN_STEP_WIDTH))
    step_width = min(steps_width / count, MAX_STEP_WIDTH)
    # Short numbers keep the file small. Widths between 6 and 8 stay exact, because
    # letters need 7.2 pixels.
    if step_width >= MIN_WHOLE_WIDTH:
        step_width = math.floor(step_width)
    elif step_width < words.SMALL / 2:
        step_width = math.floor(10 * step_width) / 10
    labels = tuple(map(subject.step_number, range(count)))
    steps = Steps(0, labels, 0.0, step_width, is_crowded=True)
    # The wide and the narrow form show the same units.
    parts = bands.bands(
        population, int(inner_width(WIDE) / MIN_STEP_WIDTH), texts.named_units(population)
    )
    units = [unit for band in parts for unit in band.units]
    is_own = of == "c" and row_scale == "own"
    values, end = bands.mapped(population, of, units, is_own=is_own)
    row_height = bands.row_height(len(units))
    cells = Map(population, of, is_own, steps, row_height, values, end)
    marks: list[Mark] = []
    rows: dict[int, Row] = {}
    y = 0.0
    for band in parts:
        heading = _heading(cells, band, y, space)
        marks += heading
        y = round(bounds(heading).bottom + 6)
        marks.append(cells.rows(band, y))
        for k, unit in enumerate(band.units):
            rows[unit] = Row(band, y + (k + 0.5) * row_height)
        y += len(band.units) * row_height + BAND_GAP
    bottom = y - BAND_GAP
    marks += _names(population, rows, steps.right, bottom)
    token_row = tokens_by_step(subject, steps, bottom + 4, [parts[-1].id], below=True)
    marks += token_row.marks or _numbers(steps, parts[-1].id, bottom + 9)
    y = bottom + max(24, token_row.height + 12)
    label_rows = label_lanes.label_rows(subject, steps, y)
    marks += label_rows.marks
    y += label_rows.height
    key = _key(cells, parts, y, space)
    marks += key
    return Diagram(
        texts.head(cells, parts, token_row.notes),
        texts.description(cells, parts),
        space,
        bounds(key).bottom if key else y,
        tuple(marks),
        width,
        texts.setup(cells, parts),
    )


def _heading(cells: Map, band: Band, y: float, space: float) -> list[Mark]:
    """Print the number of units in a band, and the median of their largest |c|."""
    noun = "unit" if band.size == 1 else "units"
    in_band = f"(({band.claim})[{band.name}])"
    text = sentence(
        f"{{}} {noun}: a write lasts {band.duration}",
        (band.size, f"int(({band.claim}).sum())"),
        claim=f"bool({in_band}.all())",
    )
    name, _ = words.paragraph(0, y, text, space, size=words.SMALL, fill="ink", bold=True)
    if cells.of != "c":
        return [name]
    x, level = words.width(text.text, words.SMALL, bold=True) + 20, y + LINE_MIDDLE
    if x + 170 > space:
        x, level = 0.0, level + LINE_PITCH
    far, _ = words.paragraph(x, level - LINE_MIDDLE, sentence("largest |c|,"), 90, size=words.SMALL)
    left = x + words.width("largest |c|,", words.SMALL) + 4
    median = words.label(
        left,
        level,
        "median",
        {"statistic": "median"},
        [f"median-{band.name}"],
        "row",
        style=words.FINE,
    )
    expr = f"c[:, 0, {band.name}].abs().amax(0).median()"
    scale = max(step.scale for step in cells.population.subject.steps)
    number = words.number(
        left + median.width + 6,
        level,
        Number(texts.median(cells.population, band), expr, scale),
        size=words.SMALL,
        anchor="start",
        id=f"median-{band.name}",
        term="c",
    )
    return [name, far, median, number]


def _names(population: Population, rows: dict[int, Row], right: float, bottom: float) -> list[Mark]:
    """Name some units, each beside its row."""
    units = sorted(texts.named_units(population), key=lambda u: rows[u].middle)
    levels = charts.spaced_positions(
        [rows[unit].middle for unit in units], MIN_NAME_GAP, 6, max(bottom - 6, 6)
    )
    marks: list[Mark] = []
    for unit, y in zip(units, levels, strict=True):
        id, to = f"name-{unit}", rows[unit].band.id
        line = (("M", (right + LEADER_WIDTH - 2, y)), ("L", (right, rows[unit].middle)))
        marks += [
            words.label(
                right + LEADER_WIDTH,
                y,
                f"unit {unit}",
                {"unit": unit},
                [to],
                "row",
                style=words.FINE_STRONG,
                id=id,
            ),
            Path(
                line,
                stroke="ink",
                stroke_width=styles.LINE.back.weight,
                bound=(Flow("points", id, to),),
            ),
        ]
    return marks


def _numbers(steps: Steps, id: str, y: float) -> list[Mark]:
    """Print as many step numbers as fit, for sequences without tokens."""
    last = steps.labels[-1]
    numbers: list[Mark] = []
    nice = (1, 2, 5, 10, 20, 50, 100, 200, 500)
    label_step = next((n for n in nice if n * steps.width >= 12 + words.width(str(last), 12)), 1000)
    for t, label in zip(steps.ts, steps.labels, strict=True):
        if label % label_step == 0 or (t == 0 and label_step > 1 and label == 1):
            numbers.append(
                words.label(
                    steps.middle(t),
                    y,
                    str(label),
                    {"step": label},
                    [id],
                    "column",
                    style=words.FINE,
                    anchor="middle",
                )
            )
    return numbers


def _key(cells: Map, parts: tuple[Band, ...], y: float, space: float) -> list[Mark]:
    """Draw the colour scale, with its ends and its meaning."""
    if cells.end is None:
        return []
    is_share = bool(cells.hue)
    shares = np.linspace(0 if is_share else -1, 1, 25)
    limit = abs(float(cells.end.value))
    step, level = SCALE_WIDTH / 25, y + SCALE_HEIGHT / 2
    ends = [(cells.end, "scale")] if is_share else heat.scale_ends(cells.end, "scale")
    *low, high = (
        words.number(0, level, number, size=words.SMALL, anchor="start", id=id, term=cells.term)
        for number, id in ends
    )
    left = low[0].width + 6 if low else 0.0
    high = high._replace(x=left + SCALE_WIDTH + 6)
    boxes = []
    for k, share in enumerate(shares.tolist()):
        # Boxes overlap a little, so that no gap shows between them.
        box_width = step + 0.4 if k < 24 else step
        paint = cells.paint(share * limit)
        boxes.append(Box(left + k * step, y, box_width, SCALE_HEIGHT, fill=paint))
    names: dict[str, object] = (
        {"gate": cells.of} if cells.of in GATES else {"tensor": texts.TENSOR[cells.tensor]}
    )
    name = words.label(
        high.x + high.width + 10,
        level,
        texts.SYMBOL[cells.of],
        names,
        [id for _, id in ends],
        "row",
        style=words.FINE,
    )
    bar = Group(tuple(boxes), bound=(Sample(tuple(band.id for band in parts)),))
    marks: list[Mark] = [*low, bar, high, name]
    scale = sentence(
        "each row up to its own largest |c|" if cells.is_own else "one scale for all rows"
    )
    x = name.x + name.width + 8
    fits_beside = x + words.width(scale.text, words.SMALL) <= space
    x, top = (x, y + SCALE_HEIGHT / 2 - LINE_MIDDLE) if fits_beside else (0.0, y + SCALE_HEIGHT + 4)
    scale_note, _ = words.paragraph(x, top, scale, space, size=words.SMALL)
    return [*marks, scale_note]
