"""The rows: c of both units over one string, one row per moment of the training."""

from collections.abc import Iterator
from itertools import chain, zip_longest

import numpy as np

from ...layout import styles, words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...model.reference import Ref, Vector
from ...model.tensors import Array
from ...proof.bindings import Course, Says, Scale, Sentence, sentence
from ...scene.marks import Mark, Path
from .snapshots import History

MIN_CORRELATION = 0.95
"""Unit 0 counts if c correlates with the number of open brackets by more than this."""
MIN_MOVE, MIN_JUMP = 0.3, 1.0
"""The least change of c with which unit 0 reacts to a bracket, and unit 1 jumps."""
ON = 0.5
"""A unit is on if its c is above this."""
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
MARKS_PAINT = "ink:60"
"""The colour of the columns of right answers."""
SHADE_OVERHANG = 3.0
"""How far shades extend above and below a row."""
NAME_GAP, COUNT_WIDTH = 8.0, 80.0
"""The gap left of the name of a unit, and the width of the count of right answers."""
REMARK_WIDTH, REMARK_GAP = 140.0, 10.0
"""The width of a remark below its batch, and the gap left of one beside it."""
SIDE_SPACES, NARROW_SIDE_SPACES = (182.0, 66.0), (22.0, 59.5)
"""The space left and right of the lanes, in the wide and in the narrow form."""
MIN_RANGES = ((-0.25, 1), (-1.0, 1))
"""The range of c that the lane of each unit has at least."""


class Rows:
    """A row per moment of the training, all with the same steps and scales.

    Attributes:
        history: The moments.
        width: The width inside the margins.
        steps: The characters of the string.
        upper: The scale of unit 0, relative to the top of a row.
        lower: The scale of unit 1, relative to the top of a row.
        height: The height from the top of the first lane to the bottom of the marks.
        has_letters: Whether the steps are wide enough for the characters.
        is_narrow: Whether headings are above the lanes.
    """

    def __init__(self, history: History, width: float, *, is_narrow: bool):
        self.history, self.width, self.is_narrow = history, width, is_narrow
        left, right = NARROW_SIDE_SPACES if is_narrow else SIDE_SPACES
        count = len(history.text)
        self.steps = Steps(0, tuple(range(1, count + 1)), left, (width - left - right) / count)
        self.upper, self.lower = self.scales()
        self.height = self.lower.start + LANE_GAP + MARKS_HEIGHT
        widest = over_time.needed_token_width(history.tokens, words.SMALL)
        self.has_letters = self.steps.width >= widest

    def scales(self) -> tuple[Scale, Scale]:
        """Return the scales of both units, with equally many pixels for 1."""
        # The lane of unit 0 also has the true number of open brackets.
        low_0, high_0 = self._range(0, *self.history.truth.depth)
        low_1, high_1 = self._range(1)
        pixels = min(PIXELS, MAX_HEIGHT / (high_0 - low_0 + high_1 - low_1))
        upper = Scale(low_0, high_0, (high_0 - low_0) * pixels, 0)
        lower_top = upper.start + LANE_GAP
        return upper, Scale(low_1, high_1, lower_top + (high_1 - low_1) * pixels, lower_top)

    def _range(self, unit: int, *other_values: float) -> tuple[float, float]:
        """Return the least and the largest value in the lanes of a unit."""
        low, high = MIN_RANGES[unit]
        c = np.array([snapshot.c[:, unit] for snapshot in self.history.snapshots])
        return min(low, float(c.min())), max(high, *other_values, float(c.max()))

    def marks(self) -> tuple[list[Mark], float]:
        """Draw all rows; return their marks and their bottom."""
        marks, y = self._head()
        for k in range(len(self.history.snapshots)):
            if k:
                marks.append(self._rule(y))
                y += MOMENT_GAP
            moment_marks, y = self._moment(k, y)
            marks += moment_marks
            y += MOMENT_GAP
        if not self.has_letters:
            marks += over_time.step_labels(self.steps, y, self._line_ids())
            y += MOMENT_GAP
        return marks, y - MOMENT_GAP

    def _line_ids(self) -> list[str]:
        """Return the ids of the lines of unit 0."""
        return [f"c-{k}-0" for k in range(len(self.history.snapshots))]

    def _head(self) -> tuple[list[Mark], float]:
        """Draw the string above all rows; return its marks and its bottom."""
        middle = LETTERS_HEIGHT / 2
        heading, _ = words.paragraph(
            0,
            middle - words.LINE_HEIGHT / 2,
            sentence("This one string"),
            self.width,
            size=words.LABEL,
            fill="ink",
            bold=True,
        )
        marks: list[Mark] = [heading]
        if not self.has_letters:
            return marks, LETTERS_HEIGHT
        if self.is_narrow:
            # The string is below the heading, not beside it.
            middle += words.LINE_HEIGHT
        tokens = self.history.tokens
        large = self.steps.width >= over_time.needed_token_width(tokens, LETTER_SIZE)
        marks += over_time.token_labels(
            self.steps,
            middle,
            tokens,
            self._line_ids(),
            size=LETTER_SIZE if large else words.SMALL,
            strong={t for t, ch in enumerate(self.history.text) if ch in '()"'},
        )
        return marks, middle + LETTERS_HEIGHT / 2

    def _rule(self, y: float) -> Mark:
        """Draw a thin line between two moments."""
        return Path(
            (("M", (0.0, y)), ("L", (self.width, y))),
            stroke="rule",
            stroke_width=styles.LINE.muted.weight,
        )

    def _moment(self, k: int, y: float) -> tuple[list[Mark], float]:
        """Draw the row of a moment; return its marks and its bottom."""
        marks = self._heading(k, y)
        if self.is_narrow:
            y += HEADING_HEIGHT
        snapshot, steps, truth = self.history.snapshots[k], self.steps, self.history.truth
        upper, lower = self.upper.moved(y), self.lower.moved(y)
        bottom = y + self.height
        marks += self._shades(k, y, bottom)
        deepest = max(truth.depth)
        ticks_are_apart = upper(0) - upper(deepest) >= MIN_TICK_GAP
        marks += over_time.axis(steps, upper, [0, deepest] if ticks_are_apart else [0])
        marks += over_time.axis(steps, lower, [0])
        marks.append(self._area(k, upper))
        marks += over_time.step_line(
            steps,
            upper,
            Vector(np.array(truth.depth), Ref("depth")),
            "muted",
            width=styles.LINE.plain.weight,
            dash=styles.OTHER_DASH,
            id=f"depth-{k}",
        )
        for unit, scale in enumerate((upper, lower)):
            marks += self._unit(k, unit, scale)
        marks += over_time.columns(
            steps._replace(is_crowded=True),
            bottom - MARKS_HEIGHT,
            MARKS_HEIGHT,
            Vector(snapshot.right.astype(float), Ref("correct")[k]),
            MARKS_PAINT,
            id=f"right-{k}-{{t}}",
            term="",
        )
        marks.append(self._count(k, bottom - MARKS_HEIGHT / 2))
        return marks, bottom

    def _unit(self, k: int, unit: int, scale: Scale) -> list[Mark]:
        """Draw c of a unit, with its name."""
        c = self.history.snapshots[k].c[:, unit]
        line = over_time.step_line(
            self.steps,
            scale,
            Vector(c, Ref("states")[k], after=(unit,)),
            "ink",
            width=styles.CURVE.strong.weight,
            id=f"c-{k}-{unit}",
            term="c",
        )
        name = words.label(
            self.steps.right + NAME_GAP,
            (scale.start + scale.stop) / 2,
            f"unit {unit}",
            names={"unit": unit},
            of=line,
            along="band",
            style=words.FINE,
        )
        return [*line, name]

    def _area(self, k: int, scale: Scale) -> Mark:
        """Draw the area between c of unit 0 and zero."""
        steps, c, zero = self.steps, self.history.snapshots[k].c[:, 0], scale(0)
        start, *points = [
            (steps.edge(t) + across, scale(float(c[t])))
            for t in steps.ts
            for across in (0, steps.width)
        ]
        corners = [(steps.right, zero), (steps.left, zero)]
        edges = f"torch.stack([torch.zeros({len(c)}), states[{k}, 0:{len(c)}, 0]])"
        return Path(
            (("M", start), *(("L", point) for point in (*points, *corners)), ("Z",)),
            fill=TINT,
            compact=True,
            id=f"area-{k}",
            bound=(Course(edges, "area", steps.scale, scale),),
        )

    def _shades(self, k: int, top: float, bottom: float) -> list[Mark]:
        """Shade the steps inside quotes, both quotation marks included."""
        text = self.history.text
        marks: list[Mark] = []
        for first, closing in _quotations(text):
            end = len(text) if closing is None else closing
            claim = f"bool(inside[{first}:{end}].all())"
            if closing is not None:
                claim += f" and text[{closing}] == '\"'"
                end += 1
            shade = over_time.shade(
                self.steps, first, end, top - SHADE_OVERHANG, bottom + SHADE_OVERHANG
            )
            proof = Says(claim=claim)
            marks.append(shade._replace(id=f"quotes-{k}-{first}", bound=(proof,)))
        return marks

    def _heading(self, k: int, y: float) -> list[Mark]:
        """Print the batch of a moment, and a remark on it."""
        batches = self.history.snapshots[k].batches
        batch_label, bottom = words.paragraph(
            0,
            y,
            sentence("batch {}", (f"{batches:,}", f"batches[{k}]")),
            self.width,
            size=words.LABEL,
            fill="ink",
            bold=True,
        )
        remark = remark_of(self.history, k)
        if remark is None:
            return [batch_label]
        x, width = 0.0, REMARK_WIDTH
        if self.is_narrow:
            # Right of the longest number, so that all remarks begin at the same x.
            x = words.width("batch 6,000", words.LABEL, bold=True) + REMARK_GAP
            bottom, width = y, self.width - x
        remark_label, _ = words.paragraph(x, bottom, remark, width, size=words.SMALL)
        return [batch_label, remark_label]

    def _count(self, k: int, y: float) -> Mark:
        """Print after how many characters both answers are right."""
        right = self.history.snapshots[k].right
        right_count, count = int(right.sum()), len(right)
        label, _ = words.paragraph(
            self.width,
            y - words.line_height(words.SMALL) / 2,
            sentence("{} of {}", (right_count, f"int(correct[{k}].sum())"), (count, "len(text)")),
            COUNT_WIDTH,
            size=words.SMALL,
            anchor="end",
            fill="ink",
            bold=right_count == count,
        )
        return label


def _quotations(text: str) -> list[tuple[int, int | None]]:
    """Return where each quotation begins, and where it ends; None if it does not.

    >>> _quotations('"a""b')
    [(0, 2), (3, None)]
    """
    marks = [t for t, character in enumerate(text) if character == '"']
    opening, closing = marks[::2], marks[1::2]
    return list(zip_longest(opening, closing))


def remark_of(history: History, k: int) -> Sentence | None:
    """Return the first remark that is true at a moment, if there is one."""
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
    if ((c[:, 1] > ON) == inside).all():
        is_on = f"bool(((states[{k}, :, 1] > {ON}) == inside).all())"
        if _follows(c[:, 0], np.array(truth.depth)):
            counts = (
                f"bool(torch.corrcoef(torch.stack([states[{k}, :, 0], "
                f"depth.float()]))[0, 1] > {MIN_CORRELATION})"
            )
            yield sentence(
                "unit {} counts, unit {} is on in quotes",
                (0, "0"),
                (1, "1"),
                claim=f"{counts} and {is_on}",
            )
        yield sentence("unit {} is on in quotes", (1, "1"), claim=is_on)
    moved, first = _changes(c)[:, 1], history.text.index('"')
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
    moved = _changes(history.snapshots[k].c)[:, 0]
    inside, characters = np.array(history.truth.inside), np.array([*history.text])
    opens, closes = (characters == "(") & ~inside, (characters == ")") & ~inside
    within = (characters == "(") & inside
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


def _changes(c: Array) -> Array:
    """Return by how much c changes at each character; before the first it is 0."""
    moved: Array = np.diff(c, axis=0, prepend=np.zeros((1, 2), c.dtype))
    return moved


def _follows(c: Array, depth: Array) -> bool:
    """Return whether c follows the number of open brackets."""
    # What does not change has no correlation.
    if not np.ptp(c) or not np.ptp(depth):
        return False
    return bool(np.corrcoef(c, depth)[0, 1] > MIN_CORRELATION)
