"""The rows: c of both units over one string, one row per moment of the training."""

from collections.abc import Iterator
from itertools import chain, zip_longest
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...model.reference import Ref, Vector
from ...model.tensors import Array
from ...proof.bindings import Course, Says, Scale, Sentence, sentence
from ...scene.marks import Mark, Path
from .snapshots import History, Snapshot

MIN_CORRELATION, MIN_MOVE, MIN_JUMP = 0.95, 0.3, 1.0
"""The limits for remarks on a moment.

Unit 0 counts if the correlation of c and depth exceeds the first. It reacts to
a bracket if c changes by more than the second. Unit 1 jumps if c changes by
more than the third.
"""
PIXELS = 12.0
"""The height of one unit of c, if the lanes do not get too high."""
MAX_HEIGHT = 100.0
"""The greatest height of both lanes together."""
LETTERS_HEIGHT, LANE_GAP, MARKS_HEIGHT, MOMENT_GAP = 30.0, 8.0, 6.0, 16.0
"""The heights of the tokens, a gap between lanes, the marks, and a gap between moments."""
HEADING_HEIGHT = 24.0
"""The height of a heading above lanes."""
LETTER_SIZE = 14.0
"""The preferred font size of tokens."""
MIN_TICK_GAP = 16.0
"""The least distance between two tick labels."""
TINT = "pos:6"
"""The colour of the area between c and zero."""


class Row(NamedTuple):
    """The layout of a row.

    Attributes:
        history: The moments of the training.
        steps: The characters of the string.
        upper: The scale of unit 0, relative to the top of the row.
        lower: The scale of unit 1, relative to the top of the row.
        is_narrow: Whether headings are above the lanes.
        width: The width of the figure.
    """

    history: History
    steps: Steps
    upper: Scale
    lower: Scale
    is_narrow: bool
    width: float

    @property
    def has_letters(self) -> bool:
        """Whether the steps are wide enough for the characters."""
        widest = over_time.needed_token_width(self.history.tokens, words.SMALL)
        return self.steps.width >= widest

    @property
    def height(self) -> float:
        """The height from the top of the first lane to the bottom of the marks."""
        return self.lower.start + LANE_GAP + MARKS_HEIGHT


def row_layout(history: History, width: float, *, is_narrow: bool) -> Row:
    """Return the layout that all rows share."""
    left, right = (22.0, 59.5) if is_narrow else (182.0, 66.0)
    count = len(history.text)
    labels = tuple(range(1, count + 1))
    steps = Steps(0, labels, left, (width - left - right) / count)
    c = np.stack([snapshot.c for snapshot in history.snapshots])
    depth = max(history.truth.depth)
    ends = [
        (min(-0.25, float(c[..., 0].min())), max(1, depth, c[..., 0].max())),
        (min(-1.0, float(c[..., 1].min())), max(1, c[..., 1].max())),
    ]
    spans = [float(high) - low for low, high in ends]
    unit = min(PIXELS, MAX_HEIGHT / sum(spans))
    (low, high), (second_low, second_high) = ends
    bottom = spans[0] * unit
    top = Scale(low, float(high), bottom, 0)
    y = bottom + LANE_GAP
    lower = Scale(second_low, float(second_high), y + spans[1] * unit, y)
    return Row(history, steps, top, lower, is_narrow, width)


def all_moments(row: Row) -> tuple[list[Mark], float]:
    """Draw all rows; return the marks and their bottom."""
    marks, y = _head(row)
    for k, snapshot in enumerate(row.history.snapshots):
        if k:
            marks.append(_rule(row, y))
            y += MOMENT_GAP
        moment_marks, y = _moment(row, k, snapshot, y)
        marks += moment_marks
        y += MOMENT_GAP
    if not row.has_letters:
        ids = [f"c-{k}-0" for k in range(len(row.history.snapshots))]
        marks += over_time.step_labels(row.steps, y, ids)
        y += MOMENT_GAP
    return marks, y - MOMENT_GAP


def _head(row: Row) -> tuple[list[Mark], float]:
    """Draw the string above all rows; return the marks and their bottom."""
    middle = LETTERS_HEIGHT / 2
    heading, _ = words.paragraph(
        0,
        middle - words.LINE / 2,
        sentence("This one string"),
        row.width,
        size=words.LABEL,
        fill="ink",
        bold=True,
    )
    marks: list[Mark] = [heading]
    if not row.has_letters:
        return marks, LETTERS_HEIGHT
    if row.is_narrow:
        middle += words.LINE
    steps = row.steps
    read = row.history.tokens
    large = steps.width >= over_time.needed_token_width(read, LETTER_SIZE)
    strong = {t for t, ch in enumerate(row.history.text) if ch in '()"'}
    marks += over_time.token_labels(
        steps,
        middle,
        read,
        [f"c-{k}-0" for k in range(len(row.history.snapshots))],
        size=LETTER_SIZE if large else words.SMALL,
        strong=strong,
    )
    return marks, middle + LETTERS_HEIGHT / 2


def _rule(row: Row, y: float) -> Mark:
    """Draw a thin line between two moments."""
    return Path(
        (("M", (0.0, y)), ("L", (row.width, y))),
        stroke="rule",
        stroke_width=styles.LINE.back.weight,
    )


def _moment(row: Row, k: int, snapshot: Snapshot, y: float) -> tuple[list[Mark], float]:
    """Draw the row of a moment; return the marks and its bottom."""
    marks = _heading(row, k, snapshot, y)
    if row.is_narrow:
        y += HEADING_HEIGHT
    steps, history = row.steps, row.history
    top, low = row.upper.moved(y), row.lower.moved(y)
    bottom = y + row.height
    marks += _shades(row, k, y, bottom)
    deepest = max(history.truth.depth)
    is_apart = top(0) - top(deepest) >= MIN_TICK_GAP
    marks += over_time.axis(steps, top, [0, deepest] if is_apart else [0])
    marks += over_time.axis(steps, low, [0])
    marks.append(_area(steps, top, snapshot.c[:, 0], k))
    depth = np.array(history.truth.depth)
    marks += over_time.step_line(
        steps,
        top,
        Vector(depth, Ref("depth")),
        "muted",
        width=styles.LINE.plain.weight,
        dash=styles.OTHER,
        id=f"depth-{k}",
    )
    for unit, scale in enumerate((top, low)):
        marks += over_time.step_line(
            steps,
            scale,
            Vector(snapshot.c[:, unit], Ref("states")[k], after=(unit,)),
            "ink",
            width=styles.CURVE.strong.weight,
            id=f"c-{k}-{unit}",
            term="c",
        )
        marks.append(
            words.label(
                steps.right + 8,
                (scale.start + scale.stop) / 2,
                f"unit {unit}",
                {"unit": unit},
                [f"c-{k}-{unit}"],
                "band",
                style=words.FINE,
            )
        )
    marks += over_time.columns(
        steps._replace(is_crowded=True),
        bottom - MARKS_HEIGHT,
        MARKS_HEIGHT,
        Vector(snapshot.right.astype(float), Ref("correct")[k]),
        "ink:60",
        id=f"right-{k}-{{t}}",
        term="",
    )
    marks.append(_count(row, k, snapshot, bottom - MARKS_HEIGHT / 2))
    return marks, bottom


def _area(steps: Steps, scale: Scale, c: Array, k: int) -> Mark:
    """Draw the area between c of unit 0 and zero."""
    zero = scale(0)
    edge = [
        (steps.edge(t) + across, scale(float(c[t])))
        for t in steps.ts
        for across in (0, steps.width)
    ]
    ends = [(edge[-1][0], zero), (edge[0][0], zero)]
    edges = f"torch.stack([torch.zeros({len(c)}), states[{k}, 0:{len(c)}, 0]])"
    return Path(
        (("M", edge[0]), *(("L", p) for p in (*edge[1:], *ends)), ("Z",)),
        fill=TINT,
        compact=True,
        id=f"area-{k}",
        bound=(Course(edges, "area", steps.scale, scale),),
    )


def _shades(row: Row, k: int, top: float, bottom: float) -> list[Mark]:
    """Shade the steps inside quotes, both quotation marks included."""
    marks: list[Mark] = []
    for first, last in _quotations(row.history.text):
        closed = last is not None
        stop = len(row.history.text) if last is None else last
        claim = f"bool(inside[{first}:{stop}].all())"
        if closed:
            claim += f" and text[{stop}] == '\"'"
        plane = over_time.shade(row.steps, first, stop + closed, top - 3, bottom + 3)
        proof = Says(claim=claim)
        marks.append(plane._replace(id=f"quotes-{k}-{first}", bound=(proof,)))
    return marks


def _quotations(text: str) -> list[tuple[int, int | None]]:
    """Return where each quotation begins, and where it ends or None.

    >>> _quotations('"a""b')
    [(0, 2), (3, None)]
    """
    marks = [t for t, character in enumerate(text) if character == '"']
    return list(zip_longest(marks[::2], marks[1::2]))


def _heading(row: Row, k: int, snapshot: Snapshot, y: float) -> list[Mark]:
    """Print the batch of a moment, and a remark on it."""
    batch_label, bottom = words.paragraph(
        0,
        y,
        sentence("batch {}", (f"{snapshot.batches:,}", f"batches[{k}]")),
        row.width,
        size=words.LABEL,
        fill="ink",
        bold=True,
    )
    remark = remark_of(row.history, k)
    if remark is None:
        return [batch_label]
    x = 0.0
    if row.is_narrow:
        x, bottom = words.width("batch 6,000", words.LABEL, bold=True) + 10, y
    remark_label, _ = words.paragraph(
        x, bottom, remark, row.width - x if row.is_narrow else 140, size=words.SMALL
    )
    return [batch_label, remark_label]


def _count(row: Row, k: int, snapshot: Snapshot, y: float) -> Mark:
    """Print after how many characters both answers are right."""
    right, count = int(snapshot.right.sum()), len(snapshot.right)
    label, _ = words.paragraph(
        row.width,
        y - words.LINE * words.SMALL / words.NOTE / 2,
        sentence("{} of {}", (right, f"int(correct[{k}].sum())"), (count, "len(text)")),
        80,
        size=words.SMALL,
        anchor="end",
        fill="ink",
        bold=right == count,
    )
    return label


def remark_of(history: History, k: int) -> Sentence | None:
    """Return the first remark that is true at a moment."""
    snapshot = history.snapshots[k]
    if snapshot.batches == history.training.moments[-1].batches:
        return sentence("the end of training", claim=f"batches[{k}] == {snapshot.batches}")
    if not snapshot.batches:
        return sentence("before training", claim=f"batches[{k}] == 0")
    remarks = chain(_quote_remarks(history, k), _bracket_remarks(history, k))
    return next(remarks, None)


def _quote_remarks(history: History, k: int) -> Iterator[Sentence]:
    """Yield remarks on how unit 1 reacts to quotes, if it does."""
    c, truth = history.snapshots[k].c, history.truth
    inside = np.array(truth.inside)
    if not inside.any():
        return
    if ((c[:, 1] > 0.5) == inside).all():
        tells = f"bool(((states[{k}, :, 1] > 0.5) == inside).all())"
        if _follows(c[:, 0], np.array(truth.depth)):
            counts = (
                f"bool(torch.corrcoef(torch.stack([states[{k}, :, 0], "
                f"depth.float()]))[0, 1] > {MIN_CORRELATION})"
            )
            yield sentence(
                "unit {} counts, unit {} is on in quotes",
                (0, "0"),
                (1, "1"),
                claim=f"{counts} and {tells}",
            )
        yield sentence("unit {} is on in quotes", (1, "1"), claim=tells)
    moved, first = _moved(c)[:, 1], history.text.index('"')
    if moved.argmax() == first and moved[first] > MIN_JUMP:
        jumps = f"moved[{k}, :, 1]"
        yield sentence(
            "unit {} jumps at the first quote",
            (1, "1"),
            claim=f"bool({jumps}.argmax() == text.index('\"')) and bool({jumps}.max() > "
            f"{MIN_JUMP})",
        )


def _bracket_remarks(history: History, k: int) -> Iterator[Sentence]:
    """Yield remarks on how unit 0 reacts to brackets, outside quotes and in them."""
    moved = _moved(history.snapshots[k].c)[:, 0]
    inside, marks = np.array(history.truth.inside), np.array([*history.text])
    opens, closes = (marks == "(") & ~inside, (marks == ")") & ~inside
    within = (marks == "(") & inside
    if (
        opens.any()
        and closes.any()
        and moved[opens].min() > MIN_MOVE
        and moved[closes].max() < -MIN_MOVE
    ):
        yield sentence(
            "unit {} goes up at ( and down at )",
            (0, "0"),
            claim=f"bool(moved[{k}, opens, 0].min() > {MIN_MOVE}) and "
            f"bool(moved[{k}, closes, 0].max() < -{MIN_MOVE})",
        )
    if within.any() and moved[within].min() > MIN_MOVE:
        yield sentence(
            "unit {} goes up at ( in quotes as well",
            (0, "0"),
            claim=f"bool(moved[{k}, within, 0].min() > {MIN_MOVE})",
        )


def _moved(c: Array) -> Array:
    """Return by how much c changes at each character."""
    moved: Array = np.diff(c, axis=0, prepend=np.zeros((1, 2), c.dtype))
    return moved


def _follows(c: Array, depth: Array) -> bool:
    """Return whether c follows the number of open brackets."""
    if not np.ptp(c) or not np.ptp(depth):
        return False
    return bool(np.corrcoef(c, depth)[0, 1] > MIN_CORRELATION)
