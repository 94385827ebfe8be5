"""The arguments and results of σ and tanh for many units."""

from collections.abc import Sequence

import numpy as np

from ...layout import styles, words
from ...layout.motifs import charts
from ...model.layer_run import Subject
from ...model.reference import Number
from ...model.tensors import Array
from ...proof.bindings import Course, Scale
from ...scene.marks import Mark, Path
from ...scene.terms import TERMS
from . import curve_plots
from .percentiles import LIMITS, passing, ranked

BINS, HISTOGRAM_HEIGHT = 48, 30.0
"""How many bins a histogram has, and how high it is."""
PERCENT_WITHIN = 95
"""So many in a hundred arguments the axis reaches at least."""


NEAR_LABELS = {"> 0.9": "near 1", "< 0.1": "near 0", "< −0.9": "near −1"}
"""How limits are said: within a tenth of the end of a range."""


def values(subject: Subject, t: int, name: str) -> Array:
    """A result of all units."""
    array: Array = getattr(subject.steps[t], name)[0]
    return array


def statistics(subject: Subject, t: int, name: str) -> dict[str, Number]:
    """Ranks of a result, and how many are near the ends of its range."""
    vector = subject.vector(name, t)
    return ranked(vector) | {
        NEAR_LABELS[limit.label]: passing(vector, limit) for limit in LIMITS.get(name, ())
    }


def axis_magnitudes(subject: Subject, t: int, names: Sequence[str]) -> list[float]:
    """Magnitudes that an axis for some results reaches."""
    magnitudes: list[float] = []
    for name in names:
        array = values(subject, t, name)
        sizes = np.sort(abs(array[np.isfinite(array)]))
        magnitudes += sizes[: -(-len(sizes) * PERCENT_WITHIN // 100)][-1:].tolist()
    return magnitudes


def median(subject: Subject, t: int, name: str, result: str, plot: charts.Plot) -> list[Mark]:
    """The point of the middle of all units; none where it is not finite."""
    z, output = (statistics(subject, t, tensor)["median"] for tensor in (name, result))
    if not np.isfinite(z.value):
        return []
    paint, id = TERMS[result].role, f"{result}-{t}-median-point"
    return [curve_plots.point(plot, z, output, paint, id=id, term=result)]


def histogram(subject: Subject, t: int, name: str, plot: charts.Plot, bottom: float) -> list[Mark]:
    """How many units have which argument; the highest bin is as high as all."""
    end = plot.x_scale.high
    array = values(subject, t, name).astype(np.float64)
    inside = array[np.isfinite(array) & (abs(array) <= end)]
    bins = np.minimum((inside + end) * BINS / (2 * end), BINS - 1).astype(int)
    counts = np.bincount(bins, minlength=BINS)
    max_count = max(1, int(counts.max(initial=0)))
    scale = Scale(0, max_count, bottom, bottom - HISTOGRAM_HEIGHT)
    width = (plot.right - plot.left) / BINS
    corners = [(plot.left, bottom)]
    for k, count in enumerate(counts.tolist()):
        y = scale(count)
        corners += [(plot.left + k * width, y), (plot.left + (k + 1) * width, y)]
    corners.append((plot.right, bottom))
    first, *others = corners
    middle = plot.left + width / 2
    of = subject.vector(name, t).of
    counted = f"torch.histc({of}[{of}.isfinite()].double(), {BINS}, {-end:g}, {end:g})"
    paint = TERMS[name].role
    return [
        Path(
            (("M", first), *(("L", point) for point in others), ("Z",)),
            fill=f"{paint}:45",
            stroke=paint,
            compact=True,
            stroke_width=styles.CELL.plain.weight,
            id=f"{name}-histogram",
            term=name,
            bound=(
                Course(
                    f"torch.stack([torch.zeros({BINS}), {counted}.float()])",
                    "area",
                    Scale(0, BINS - 1, middle, middle + (BINS - 1) * width),
                    scale,
                ),
            ),
        ),
        words.label(
            plot.left - 8,
            bottom - 9,
            TERMS[name].symbol,
            {"tensor": name},
            [f"{name}-histogram"],
            "band",
            anchor="end",
            style=words.STRONG,
            fill=paint,
            term=name,
        ),
    ]
