"""Lanes over the steps: names of steps, gates as columns, states as lines."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np

from ...model.layer_run import LayerRun
from ...model.reference import Number, Vector
from ...model.tensors import Trace
from ...names import visible_token
from ...proof import digits, literals
from ...proof.bindings import Course, Length, Node, Says, Scale, Sentence, sentence
from ...scene import metrics
from ...scene.marks import Box, Mark, Path, Text, walk
from ...scene.theme import Paint
from .. import words

VERBS = {"f": "keep", "i": "write", "g": "new", "o": "show"}
"""What a gate does, in a word."""

SHADE_PAINT = "ink:5"
"""What is behind steps at which something is true."""
EMPTY_PAINT = "muted:14"
"""What a column is made of where it is not full."""
MAX_SEPARATE_COLUMNS = 128
"""The most columns that are marks of their own."""
CHARACTERS_PER_SPECIAL_TOKEN = 8
"""One of so many characters may be more than that, and is cut."""
LABEL_GAP = 5.0
"""The least space between the numbers of two steps."""
MAX_NARROW_GUTTER = 90.0
"""The widest gutter of a narrow form."""
TOKEN_MARGIN = 1.0
"""The least space beside a token."""
TICK_GAP = 3.0
"""The least space between the ticks of an axis from left to right."""
GAP_SHARE = 0.12
"""The share of a column that is left free."""
MIN_WIDTH_WITH_GAP = 6.0
"""From which width of a column on what is left free is seen."""


class Steps(NamedTuple):
    """Where steps stand, as columns of one width.

    Attributes:
        first: The first of them, counted from 0 in the order of processing.
        labels: What each is called.
        left: The left of the first.
        width: Of a column.
        is_crowded: Whether the figure has too many columns for marks of their own.
    """

    first: int
    labels: tuple[int, ...]
    left: float
    width: float
    is_crowded: bool = False

    @property
    def ts(self) -> range:
        """The steps, counted from 0 in the order of processing."""
        return range(self.first, self.first + len(self.labels))

    @property
    def part(self) -> slice:
        """Which part of all steps they are."""
        return slice(self.first, self.first + len(self.labels))

    @property
    def right(self) -> float:
        """The right of the last."""
        return self.left + len(self.labels) * self.width

    @property
    def scale(self) -> Scale:
        """The middle of each column; the first of these steps is at 0."""
        first = self.left + self.width / 2
        return Scale(0, 1, first, first + self.width)

    def edge(self, t: int) -> float:
        """The left of the column of a step."""
        return self.left + (t - self.first) * self.width

    def middle(self, t: int) -> float:
        """The middle of the column of a step."""
        return self.edge(t) + self.width / 2

    @property
    def are_joined(self) -> bool:
        """Whether columns are too many to be marks of their own."""
        return self.is_crowded or len(self.labels) > MAX_SEPARATE_COLUMNS

    def column_id(self, id: str, t: int) -> str:
        """The id of a column, which is `id` with `{t}` for the step."""
        joined = f"from{self.first}" if self.first else "all"
        return id.format(t=joined if self.are_joined else t)

    def column(self, t: int) -> tuple[float, float]:
        """Left and width of what fills a column but for a gap."""
        gap = min(2.0, GAP_SHARE * self.width)
        return self.edge(t) + gap / 2, self.width - gap


def step_labels(steps: Steps, y: float, of: Sequence[str]) -> list[Mark]:
    """The numbers of steps, as many as have room; `y` is their middle."""
    wide = words.width(str(max(steps.labels)), words.SMALL)
    interval = next(
        nice * 10**power
        for power in range(9)
        for nice in (1, 2, 5)
        if nice * 10**power * steps.width >= max(min(24, 10 + wide), LABEL_GAP + wide)
    )
    labelled = [k for k, n in enumerate(steps.labels) if n % interval == 0]
    if steps.labels[0] % interval and (not labelled or labelled[0] * 2 > interval):
        labelled = [0, *labelled]
    numbers = [
        words.label(
            steps.middle(steps.first + k),
            y,
            str(steps.labels[k]),
            {"step": steps.labels[k]},
            [steps.column_id(id, steps.first + k) for id in of],
            "column",
            style=words.FINE,
            anchor="middle",
        )
        for k in labelled
    ]
    # A long first number reaches beyond its column.
    right = min([steps.left - 6, *(number.left - 4 for number in numbers)])
    step, _ = words.paragraph(
        right,
        y - words.LINE * words.SMALL / words.NOTE / 2,
        sentence("step"),
        40,
        size=words.SMALL,
        anchor="end",
    )
    return [step, *numbers]


def token_labels(
    steps: Steps,
    y: float,
    read: Sequence[str],
    of: Sequence[str],
    *,
    size: float,
    strong: Collection[int] = (),
    turn: int = 0,
    width: float = 0,
) -> list[Mark]:
    """What is read at each step, above it; `y` is its middle.

    What is turned begins there, and rises.

    Args:
        steps: The steps.
        y: The middle of the letters.
        read: One token for each step of the whole sequence.
        of: Ids of what a step names, with `{t}` for the step.
        size: The font size.
        strong: Steps that matter, whose tokens are bold.
        turn: Degrees by which tokens are turned.
        width: The width of a token; by default that of a step.
    """
    marks: list[Mark] = []
    letters = are_letters(read)
    for t, label in zip(steps.ts, steps.labels, strict=True):
        if letters and read[t] == " ":
            continue  # Between letters a space is seen as one.
        token, expr = shortened_token(
            read[t], f"tokens[{label - 1}]", (width or steps.width) - TOKEN_MARGIN, size
        )
        bold = t in strong
        text = words.label(
            steps.middle(t),
            y,
            token,
            {"step": label},
            [steps.column_id(id, t) for id in of],
            "column",
            style=words.Style(size, bold=bold, mono=True),
            anchor="middle",
            fill="ink" if bold or not strong else "muted",
            says=Says(((token, expr),)),
        )
        if turn:
            # The middle of its letters goes through the middle of its step.
            offset = words.middle(size) * math.sin(math.radians(turn))
            text = text._replace(anchor="start", turn=turn, x=text.x + offset, y=y)
        marks.append(text)
    return marks


def runs(flags: Sequence[bool], steps: Steps) -> Iterator[tuple[int, int]]:
    """First and one past the last of steps in a row that have a flag."""
    first = None
    for t in steps.ts:
        if flags[t] and first is None:
            first = t
        elif not flags[t] and first is not None:
            yield first, t
            first = None
    if first is not None:
        yield first, steps.part.stop


def shade(steps: Steps, first: int, last: int, top: float, bottom: float) -> Box:
    """A plane behind some steps: from the first to before the last."""
    width = (last - first) * steps.width
    return Box(steps.edge(first), top, width, bottom - top, radius=3, fill=SHADE_PAINT)


def letter_width(size: float) -> float:
    """The width of a letter of a token."""
    return Text(0, 0, "0", size, mono=True).width


def are_letters(read: Sequence[str]) -> bool:
    """Whether tokens are the characters of a text, but for a few such as <s>.

    >>> are_letters("to be"), are_letters(["to", "be"]), are_letters([])
    (True, False, True)
    >>> are_letters(["<s>", *"to be or not"])
    True
    """
    return len(read) - len(letters_of(read)) <= len(read) / CHARACTERS_PER_SPECIAL_TOKEN


def letters_of(read: Iterable[str]) -> list[str]:
    """The tokens that are drawn as one character."""
    return [token for token in read if len(visible_token(token)) == 1]


def shortened_token(token: str, expr: str, width: float, size: float) -> tuple[str, str]:
    """A token as it is drawn, and its expression.

    Words that are longer than their room end in dots.

    >>> shortened_token("unbelievably", "token_labels[0]", 50, 12)
    ('unbel…', 'token_labels[0][:5] + "…"')
    """
    visible_text, most = visible_token(token), int(width / letter_width(size))
    if len(visible_text) == 1 or metrics.column_count(visible_text) <= max(1, most):
        return visible_text, expr
    return metrics.elided(visible_text, expr, max(1, most) - 1)


def columns(
    steps: Steps,
    top: float,
    height: float,
    values: Vector,
    paint: Paint,
    *,
    id: str,
    term: str,
    low: float = 0,
) -> list[Mark]:
    """Columns as full as values are: from `low`, 0 or −1, to 1.

    A cross stands for what is no finite number. Where columns are joined, they
    are one area; see `Steps.are_joined`.

    Args:
        steps: The steps.
        top: Where a value of 1 is.
        height: From there to `low`.
        values: One for each of the steps.
        paint: Of the full part.
        id: Ids are this with `{t}` for the step.
        term: Of the full part.
        low: The value at the bottom.
    """
    scale = Scale(low, 1, top + height, top)
    level = scale(0)
    marks: list[Mark] = []
    if steps.are_joined:
        area = _skyline(steps, scale, values)
        return [
            Box(steps.left, top, steps.right - steps.left, height, fill=EMPTY_PAINT),
            area._replace(fill=paint, id=steps.column_id(id, 0), term=term),
            *_crosses(steps, top + height / 2, values),
        ]
    for t, value in zip(steps.ts, values, strict=True):
        x, width = steps.column(t)
        marks.append(Box(x, top, width, height, fill=EMPTY_PAINT))
        number = float(value.value)
        if not np.isfinite(number):
            cross = _cross(steps.middle(t), top + height / 2, min(width, 8) / 2)
            marks.append(cross._replace(id=id.format(t=t), term=term, bound=(Node(value.expr),)))
            continue
        end = scale(min(1.0, max(low, number)))
        marks.append(
            Box(
                x,
                min(level, end),
                width,
                abs(end - level),
                fill=paint,
                id=id.format(t=t),
                term=term,
                bound=(Length(value.expr, "height", scale),),
            )
        )
    if low < 0:
        line = (("M", (steps.left, level)), ("L", (steps.right, level)))
        marks.append(Path(line, stroke="rule", stroke_width=0.75))
    return marks


def _skyline(steps: Steps, scale: Scale, values: Vector) -> Path:
    """The area from 0 to each value, a step wide; none without a number."""
    numbers = values.values.tolist()
    pieces: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
    runs = groupby(
        zip(steps.ts, numbers, strict=True),
        # Columns that are wide enough are apart.
        lambda pair: pair[0] if steps.width >= MIN_WIDTH_WITH_GAP else math.isfinite(pair[1]),
    )
    gap = min(2.0, GAP_SHARE * steps.width) if steps.width >= MIN_WIDTH_WITH_GAP else 0.0
    for _, run in runs:
        tops = [
            (steps.edge(t) + across, scale(min(1.0, max(scale.low, number))))
            for t, number in run
            if math.isfinite(number)
            for across in (gap / 2, steps.width - gap / 2)
        ]
        if not tops:
            continue
        ends = [(tops[-1][0], scale(0)), (tops[0][0], scale(0))]
        lines = [("L", point) for point in (*tops[1:], *ends)]
        pieces += [("M", tops[0]), *lines, ("Z",)]
    edges = f"torch.stack([torch.zeros({len(values)}), {values.part}])"
    return Path(
        tuple(pieces) or (("M", (steps.left, scale(0))),),
        compact=True,
        bound=(Course(edges, "area", steps.scale, scale),),
    )


def _crosses(steps: Steps, y: float, values: Vector) -> list[Mark]:
    """A cross at each value that is no finite number, all of them one path."""
    if steps.width < MIN_WIDTH_WITH_GAP:
        return []
    crosses = [
        _cross(steps.middle(t), y, min(steps.width - 2, 8) / 2)
        for t, value in enumerate(values.values.tolist(), steps.first)
        if not math.isfinite(value)
    ]
    pieces = tuple(piece for cross in crosses for piece in cross.d)
    return [crosses[0]._replace(d=pieces)] if pieces else []


def _cross(x: float, y: float, half: float) -> Path:
    """The cross that stands for a value that is not finite."""
    return Path(
        (
            ("M", (x - half, y - half)),
            ("L", (x + half, y + half)),
            ("M", (x - half, y + half)),
            ("L", (x + half, y - half)),
        ),
        stroke="ink",
    )


def step_line(
    steps: Steps,
    scale: Scale,
    values: Vector,
    paint: Paint,
    *,
    width: float,
    dash: str = "",
    id: str,
    term: str = "",
) -> list[Mark]:
    """A value that holds for the width of its step; none where it is no number.

    Args:
        steps: The steps.
        scale: Where values are.
        values: One for each of the steps.
        paint: Of the line.
        width: Of the line.
        dash: Of the line.
        id: Of the line.
        term: Of the line.
    """
    pieces: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
    joined = False
    for t, value in zip(steps.ts, values.values.tolist(), strict=True):
        if not math.isfinite(value):
            joined = False
            continue
        y = scale(value)
        pieces.append(("L" if joined else "M", (steps.edge(t), y)))
        pieces.append(("L", (steps.edge(t) + steps.width, y)))
        joined = True
    if not pieces:
        # A line that is nowhere still has its names.
        pieces.append(("M", (steps.left, scale(0))))
    course = Course(values.part, "path", steps.scale, scale)
    return [
        Path(
            tuple(pieces),
            stroke=paint,
            stroke_width=width,
            dash=dash,
            compact=len(pieces) > 200,
            id=id,
            term=term,
            bound=(course,),
        )
    ]


def separate_numbers(
    steps: Steps,
    y: float,
    values: Sequence[Number],
    ranks: Sequence[float],
    paint: Callable[[float], Paint],
    *,
    max_numbers: int,
    allowed_steps: Collection[int] | None = None,
    id: str,
    term: str,
) -> list[Text]:
    """The values of at most `max_numbers` steps as numbers that do not touch.

    Args:
        steps: The steps.
        y: The middle of the digits.
        values: One for each of the steps.
        ranks: How much each step matters; what is below 0 is not printed.
        paint: From a value to the paint of its number.
        max_numbers: How many are printed.
        allowed_steps: The only steps that may be printed, as a narrow form prints
            nothing that the wide one does not.
        id: Ids are this with `{t}` for the step.
        term: Of the numbers.
    """
    places = digits.DECIMALS if steps.width >= 36 else 1
    # Of steps that matter alike, the earlier is printed.
    ordered = sorted(
        (np.inf if np.isnan(rank) else round(rank, 1), -t)
        for t, rank in zip(steps.ts, ranks, strict=True)
    )
    marks: list[Text] = []
    for rank, negative in reversed(ordered):
        t = -negative
        if rank < 0 or (allowed_steps is not None and t not in allowed_steps):
            continue
        value = values[t - steps.first]
        number = words.number(
            steps.middle(t),
            y,
            value,
            size=words.SMALL,
            places=places,
            max_chars=max(5, int(steps.width / 7.5)),
            fill=paint(float(value.value)),
            id=id.format(t=t),
            term=term,
        )
        half = number.width / 2 + 2.5
        # Left of the steps stands what the row is.
        if number.left < steps.left - 5:
            continue
        if all(abs(m.x - number.x) > half + m.width / 2 for m in marks):
            marks.append(number)
        if len(marks) == max_numbers:
            break
    return sorted(marks, key=lambda mark: mark.x)


def axis(steps: Steps, scale: Scale, ticks: Sequence[float], *, gap: float = 6) -> list[Mark]:
    """Lines at round values, named at the left."""
    marks: list[Mark] = []
    for value in ticks:
        y = scale(value)
        across = (("M", (steps.left, y)), ("L", (steps.right, y)))
        marks.append(Path(across, stroke="rule", stroke_width=0.75))
        marks.append(words.tick(steps.left - gap, y, tick_text(value)))
    return marks


def tick_text(value: float) -> str:
    """A value of an axis, as a tick says it.

    >>> tick_text(-0.5), tick_text(2.0), tick_text(1e-7)
    ('−0.5', '2', '1e−7')
    """
    short = f"{value:g}".replace("e-0", "e-").replace("e+0", "e")
    return short.replace("-", digits.MINUS)


def ticks(low: float, high: float, max_ticks: int = 6) -> list[float]:
    """Round values from `low` to `high`, 0 among them.

    >>> ticks(-1, 3), ticks(-40, 10)
    ([-1.0, 0, 1.0, 2.0, 3.0], [-40.0, -30.0, -20.0, -10.0, 0, 10.0])
    >>> ticks(0, 0.3)
    [0, 0.1, 0.2, 0.3]
    """
    power = math.floor(math.log10((high - low) / max_ticks)) - 1
    step = next(
        nice * 10.0**e
        for e in range(power, power + 4)
        for nice in (1, 2, 5)
        if (high - low) / (nice * 10.0**e) <= max_ticks - 1 + 1e-9
        and (nice * 10.0**e >= 1 or high - low < 1.5)
    )
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    places = max(0, -math.floor(math.log10(step)))
    return [round(k * step, places) or 0 for k in range(first, last + 1)]


def ticks_across(scale: Scale, max_ticks: int, left: float, right: float) -> list[float]:
    """Round values of an axis from left to right, as many as have room.

    Args:
        scale: Where values are.
        max_ticks: How many there are at most.
        left: What no word may reach beyond.
        right: The same at the other end.

    >>> ticks_across(Scale(-1, 3, 0, 150), 5, -10, 160)
    [-1.0, 0, 1.0, 2.0, 3.0]
    >>> ticks_across(Scale(-1906, 2018, 0, 150), 5, -10, 160)
    [-1000.0, 0, 1000.0]
    """
    for count in range(max_ticks, 1, -1):
        extents = {
            value: (scale(value) - half, scale(value) + half)
            for value in ticks(scale.low, scale.high, count)
            for half in [words.width(tick_text(value), words.SMALL) / 2]
        }
        within = {
            value: ends for value, ends in extents.items() if left <= ends[0] and ends[1] <= right
        }
        spaces = [after[0] - before[1] for before, after in pairwise(within.values())]
        if min(spaces, default=TICK_GAP) >= TICK_GAP:
            break
    return [*within]


def left_out_note(subject: LayerRun, count: int) -> Sentence:
    """Says how many steps have no room, those that are processed last."""
    # Backwards, what is processed last is what stands first.
    end = "first" if subject.direction == "reverse" else "last"
    visible_count = len(subject.steps) - count
    return sentence(f"The {end} {{}} steps are left out.", (count, f"len(x) - {visible_count}"))


def gutter_width(width: float) -> float:
    """The width left of the steps, in a figure of that width."""
    return 112 if width >= 480 else 62


def lane_labels(
    steps: Steps,
    y: float,
    letter: str,
    word: str,
    names: dict[str, object],
    of: Sequence[str],
    *,
    paint: Paint,
    term: str,
) -> list[Mark]:
    """The letter of a lane and, where there is room, what its gate does.

    Args:
        steps: The steps, in a figure with a `gutter_width`.
        y: The middle of the lane.
        letter: What is drawn.
        word: What it does.
        names: As in `words.label`.
        of: Ids of its columns.
        paint: Of the words.
        term: Of the letter.
    """
    wide = steps.left > MAX_NARROW_GUTTER
    first = words.label(
        steps.left - (78 if wide else 6),
        y,
        letter,
        names,
        of,
        "band",
        anchor="start" if wide else "end",
        style=words.STRONG,
        fill=paint,
        term=term,
    )
    if not wide:
        return [first]
    second = words.label(
        steps.left - 6, y, word, names, of, "band", style=words.FINE, fill=paint, anchor="end"
    )
    return [first, second]


def tokens_setup(trace: Trace, marks: Sequence[Mark] | None = None) -> list[str]:
    """Python that makes `token_labels`, if steps have names.

    Args:
        trace: The run.
        marks: Where given, it is made only if one of these says a token.
    """
    expressions = [
        expression
        for mark in walk(marks or ())
        for binding in mark.bound
        for expression in binding.expressions()
    ]
    uses_tokens = marks is None or any("tokens[" in e for e in expressions)
    if not trace.tokens or not uses_tokens:
        return []
    return [literals.tokens(trace)]


def max_token_width(read: Iterable[str], size: float = words.SMALL) -> float:
    """The width of the longest token; 0 of none."""
    widths = (metrics.width(visible_token(token), size, mono=True) for token in read)
    return max(widths, default=0.0)


def needed_token_width(read: Sequence[str], size: float) -> float:
    """The width that the longest token needs; among letters, the widest one.

    Letters may stand as close as in a text, but words need a space.
    """
    if are_letters(read):
        return max_token_width(letters_of(read), size)
    return max_token_width(read, size) + size / 2
