"""Lanes over the steps: step labels, gates as columns, states as lines."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np

from ...model.layer_run import LayerRun
from ...model.reference import Number, Vector
from ...model.tensors import Clock, Trace
from ...names import visible_token
from ...proof import digits, literals
from ...proof.bindings import Course, Length, Node, Says, Scale, Sentence, sentence
from ...scene import metrics
from ...scene.marks import Box, Mark, Path, Text, walk
from ...scene.theme import Paint
from .. import words

VERBS = {"f": "keep", "i": "write", "g": "new", "o": "show"}
"""The verb of each gate."""

SHADE_PAINT = "ink:5"
"""The background of steps at which a condition is true."""
EMPTY_PAINT = "muted:14"
"""The empty part of a column."""
MAX_SEPARATE_COLUMNS = 128
"""With more steps than this, columns are joined into one mark."""
CHARACTERS_PER_SPECIAL_TOKEN = 8
"""Up to one token in this many may be longer than a character in a text of
characters."""
LABEL_GAP = 5.0
"""The minimum gap between two step numbers."""
MAX_NARROW_GUTTER = 90.0
"""The widest gutter of a narrow form."""
TOKEN_MARGIN = 1.0
"""The minimum gap beside a token."""
MAX_TIMES = 12
"""The most numbers on an axis of time."""
TICK_GAP = 3.0
"""The minimum gap between the ticks of a horizontal axis."""
MAX_FRACTION_SPAN = 1.5
"""The span from which an axis has whole numbers only, unless it may have fractions."""
GAP_SHARE, MAX_GAP = 0.12, 2.0
"""The share of a column's width that is left empty, and the widest gap in pixels."""
MIN_WIDTH_WITH_GAP = 6.0
"""The minimum column width at which the gap is visible."""
MAX_CROSS_SIZE = 8.0
"""The size of a cross; smaller in a narrow column."""
MAX_EXACT_CORNERS = 200
"""With more corners than this, the file of a line has rounded coordinates."""
MIN_WIDTH_WITH_DECIMALS, CHAR_WIDTH = 36.0, 7.5
"""The minimum width of a step for numbers with all decimals; the width of a character
of a small number, with its share of the gap to the next number."""


class Steps(NamedTuple):
    """The positions of steps, as columns of equal width.

    Attributes:
        first: The first step, counted from 0 in the order of processing.
        labels: The number of each step.
        left: The left edge of the first column.
        width: The width of a column.
        is_crowded: Whether the whole figure has too many columns for separate
            marks.
        clock: When the steps are, for an axis of time in place of step numbers.
    """

    first: int
    labels: tuple[int, ...]
    left: float
    width: float
    is_crowded: bool = False
    clock: Clock | None = None

    @property
    def ts(self) -> range:
        """The steps, counted from 0 in the order of processing."""
        return range(self.first, self.first + len(self.labels))

    @property
    def as_slice(self) -> slice:
        """The slice of all steps."""
        return slice(self.first, self.first + len(self.labels))

    @property
    def right(self) -> float:
        """The right edge of the last column."""
        return self.left + len(self.labels) * self.width

    @property
    def scale(self) -> Scale:
        """The scale from a step, relative to the first, to the middle of its column."""
        first = self.left + self.width / 2
        return Scale(0, 1, first, first + self.width)

    def edge(self, t: int) -> float:
        """The left edge of a step's column."""
        return self.left + (t - self.first) * self.width

    def middle(self, t: int) -> float:
        """The middle of a step's column."""
        return self.edge(t) + self.width / 2

    @property
    def are_joined(self) -> bool:
        """Whether there are too many columns for separate marks."""
        return self.is_crowded or len(self.labels) > MAX_SEPARATE_COLUMNS

    def column_id(self, id: str, t: int) -> str:
        """The id of a column: `id` with `{t}` replaced by the step."""
        joined = f"from{self.first}" if self.first else "all"
        return id.format(t=joined if self.are_joined else t)

    def column(self, t: int) -> tuple[float, float]:
        """The left edge and the width of a column without its gap."""
        gap = min(MAX_GAP, GAP_SHARE * self.width)
        return self.edge(t) + gap / 2, self.width - gap


def step_labels(steps: Steps, y: float, of: Sequence[str], *, above: bool = False) -> list[Mark]:
    """The numbers of as many steps as fit, or an axis of time.

    Args:
        steps: The columns of the steps.
        y: The vertical middle of the numbers.
        of: The ids of the marks that a number names, with `{t}` for the step.
        above: Whether the numbers are above the columns.
    """
    if steps.clock and steps.clock.step_seconds:
        return _time_axis(steps, steps.clock.step_seconds, y, above=above)
    times = steps.clock.times if steps.clock else ()
    texts = [times[label - 1] if times else str(label) for label in steps.labels]
    widest = max(words.width(text, words.SMALL) for text in texts)
    min_distance = max(min(24, 10 + widest), LABEL_GAP + widest)
    if times:
        # Times look alike, so only a few are printed.
        min_distance = 3 * widest
    interval = next(
        round_number * 10**power
        for power in range(9)
        for round_number in (1, 2, 5)
        if round_number * 10**power * steps.width >= min_distance
    )
    # The first of all steps has number 1: its time is printed, but only round numbers are.
    offset = 1 if times else 0
    labelled = [k for k, number in enumerate(steps.labels) if (number - offset) % interval == 0]
    is_first_far = not labelled or labelled[0] * 2 > interval
    if not times and steps.labels[0] % interval and is_first_far:
        labelled = [0, *labelled]
    numbers = [
        words.label(
            steps.middle(steps.first + k),
            y,
            texts[k],
            names={"step": steps.labels[k]},
            of=[steps.column_id(id, steps.first + k) for id in of],
            along="column",
            style=words.FINE,
            anchor="middle",
            says=Says(((texts[k], f"times[{steps.labels[k] - 1}]"),)) if times else None,
        )
        for k in labelled
    ]
    if times:
        return _with_axis_name(steps, "time", y, numbers)
    return [_axis_name(_left_of(steps, numbers), "step", y), *numbers]


def _left_of(steps: Steps, numbers: Sequence[Text]) -> float:
    """The right end of the name of an axis; a long first number overhangs its column."""
    return min([steps.left - 6, *(number.left - 4 for number in numbers)])


class TimeUnit(NamedTuple):
    """A unit of an axis of time.

    Attributes:
        name: Its plural.
        symbol: Its symbol, which follows a number.
        seconds: How many seconds it lasts.
    """

    name: str
    symbol: str
    seconds: int

    @property
    def division(self) -> str:
        """The code that divides seconds by it."""
        return f" / {self.seconds}" if self.seconds > 1 else ""


TIME_UNITS = (
    TimeUnit("seconds", "s", seconds=1),
    TimeUnit("minutes", "min", seconds=60),
    TimeUnit("hours", "h", seconds=3600),
    TimeUnit("days", "d", seconds=86400),
)
"""The units, from the shortest."""
MIN_IN_UNIT = 3
"""How many of a unit a run must last at least to be measured in it."""


def _time_unit(seconds: float) -> TimeUnit:
    """The longest unit of which a run lasts at least `MIN_IN_UNIT`.

    >>> [_time_unit(seconds).name for seconds in (2, 600, 86400, 864000)]
    ['seconds', 'minutes', 'hours', 'days']
    """
    *_, longest = (u for u in TIME_UNITS if u.seconds * MIN_IN_UNIT <= seconds or u.seconds == 1)
    return longest


def step_text(subject: LayerRun, step: int) -> tuple[str, str]:
    """Words for a step, and their expression: its number, or its time where an axis has times.

    Args:
        subject: The layer run.
        step: The number of the step.
    """
    clock = subject.trace.clock
    if clock and clock.times:
        return f"at {clock.times[step - 1]}", f'"at " + times[{step - 1}]'
    if clock:
        text, expr = time_text(subject, step)
        symbol = run_unit(subject).symbol
        return f"at {text} {symbol}", f'"at " + {expr} + " {symbol}"'
    return f"step {step}", f'"step {step}"'


def run_unit(subject: LayerRun) -> TimeUnit:
    """The unit of a run whose steps have a known duration."""
    assert subject.trace.clock is not None
    return _time_unit(subject.trace.clock.step_seconds * len(subject.steps))


def time_text(subject: LayerRun, step: int) -> tuple[str, str]:
    """When a step of known duration begins, in the unit of the run, and its expression."""
    assert subject.trace.clock is not None
    unit = run_unit(subject)
    begin = (step - 1) * subject.trace.clock.step_seconds / unit.seconds
    return f"{begin:.4g}", f'f"{{times[{step - 1}]{unit.division}:.4g}}"'


def _axis_name(right: float, name: str, y: float) -> Mark:
    """What the numbers along the steps are."""
    line, _ = words.paragraph(
        right,
        y - words.line_height(words.SMALL) / 2,
        sentence(name),
        60,
        size=words.SMALL,
        anchor="end",
    )
    return line


def _with_axis_name(steps: Steps, name: str, y: float, numbers: Sequence[Text]) -> list[Mark]:
    """The name of the axis at its left, or without room there at its right, and its numbers."""
    right, width = _left_of(steps, numbers), words.width(name, words.SMALL)
    if right >= width:
        return [_axis_name(right, name, y), *numbers]
    limit = steps.right - width - 10
    fitting = [number for number in numbers if number.left + number.width <= limit]
    return [_axis_name(steps.right, name, y), *fitting]


class TimeSpan(NamedTuple):
    """The time that consecutive steps take.

    Attributes:
        low: Where the earliest step begins, in the unit.
        high: Where the latest step ends, in the unit.
        unit: The unit.
        expr: The expression of both.
        is_reversed: Whether the latest step comes first.
    """

    low: float
    high: float
    unit: TimeUnit
    expr: str
    is_reversed: bool

    def scale(self, start: float, stop: float) -> Scale:
        """The scale from the first of the steps, at `start`, to the last one."""
        if self.is_reversed:
            start, stop = stop, start
        return Scale(self.low, self.high, start, stop)


def time_span(labels: Sequence[int], seconds: float) -> TimeSpan:
    """The time that steps take, each of them some seconds; `labels` are their numbers.

    >>> time_span((3, 2, 1), 0.5)[:2], time_span((3, 4), 0.5)[:2]
    ((0.0, 1.5), (1.0, 2.0))
    """
    before, last = min(labels) - 1, max(labels)
    unit = _time_unit(seconds * last)
    duration = seconds / unit.seconds
    return TimeSpan(
        low=before * duration,
        high=last * duration,
        unit=unit,
        expr=f"times[[{before}, {last}]]{unit.division}",
        is_reversed=labels[0] > labels[-1],
    )


def _time_axis(steps: Steps, seconds: float, y: float, *, above: bool) -> list[Mark]:
    """A line along the steps, with round numbers of a unit; `y` is their vertical middle."""
    span = time_span(steps.labels, seconds)
    scale = span.scale(steps.left, steps.right)
    left, right = steps.left - 12, steps.right + 12
    values = ticks_across(scale, MAX_TIMES, left, right, fractions=True)
    numbers = [words.tick(scale(value), y, tick_text(value), "middle") for value in values]
    length = Length(span.expr, "width", scale)
    top = y + 8 if above else y - 10
    line = Box(steps.left, top, steps.right - steps.left, 1, fill="rule", bound=(length,))
    return [line, *_with_axis_name(steps, span.unit.name, y, numbers)]


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
    """The token of each step, above its column; `y` is the vertical middle.

    Rotated tokens start there and rise.

    Args:
        steps: The columns of the steps.
        y: The vertical middle of the letters.
        read: The tokens of all steps of the sequence.
        of: The ids of the marks that a token names, with `{t}` for the step.
        size: The font size.
        strong: The steps whose tokens are bold.
        turn: The rotation in degrees.
        width: The maximum width of a token; by default the width of a step.
    """
    marks: list[Mark] = []
    letters = are_letters(read)
    for t, label in zip(steps.ts, steps.labels, strict=True):
        if letters and read[t] == " ":
            continue  # The gap between letters already shows the space.
        token, expr = shortened_token(
            read[t], f"tokens[{label - 1}]", (width or steps.width) - TOKEN_MARGIN, size
        )
        bold = t in strong
        style = words.Style(
            size, fill="ink" if bold or not strong else "muted", bold=bold, mono=True
        )
        marks.append(token_label(steps, t, y, token, expr, of, style, turn=turn))
    return marks


def token_label(
    steps: Steps,
    t: int,
    y: float,
    token: str,
    expr: str,
    of: Sequence[str],
    style: words.Style,
    *,
    turn: int = 0,
    below: bool = False,
) -> Text:
    """A token at the middle of its step.

    Args:
        steps: The columns of the steps.
        t: The step, counted from 0 in the order of processing.
        y: The vertical middle of the letters. A rotated token starts there,
            or ends there if `below`.
        token: The text.
        expr: The expression that yields the text.
        of: The ids of the marks that the token names, with `{t}` for the step.
        style: The text style.
        turn: The rotation in degrees.
        below: Whether the token is below the steps.
    """
    text = words.label(
        steps.middle(t),
        y,
        token,
        names={"step": steps.labels[t - steps.first]},
        of=[steps.column_id(id, t) for id in of],
        along="column",
        style=style,
        anchor="middle",
        says=Says(((token, expr),)),
    )
    if not turn:
        return text
    # The middle line of the rotated letters passes through the middle of the step.
    offset = words.middle_to_baseline(style.size) * math.sin(math.radians(turn))
    return text._replace(anchor="end" if below else "start", turn=turn, x=text.x + offset, y=y)


def runs(flags: Sequence[bool], steps: Steps) -> Iterator[tuple[int, int]]:
    """Each run of consecutive steps whose flag is set: its first step, and the one after it."""
    first = None
    for t in steps.ts:
        if flags[t] and first is None:
            first = t
        elif not flags[t] and first is not None:
            yield first, t
            first = None
    if first is not None:
        yield first, steps.as_slice.stop


def shade(steps: Steps, first: int, last: int, top: float, bottom: float) -> Box:
    """A background behind the steps from `first` up to, but not including, `last`."""
    width = (last - first) * steps.width
    return Box(steps.edge(first), top, width, bottom - top, radius=3, fill=SHADE_PAINT)


def letter_width(size: float) -> float:
    """The width of one monospace character."""
    return Text(0, 0, "0", size, mono=True).width


def are_letters(read: Sequence[str]) -> bool:
    """Whether tokens are single characters, except for a few such as <s>.

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
    """A token shortened to a width, and the expression of the result.

    Shortened words end in an ellipsis.

    >>> shortened_token("unbelievably", "token_labels[0]", 50, 12)
    ('unbel…', 'token_labels[0][:5] + "…"')
    """
    visible_text = visible_token(token)
    max_columns = max(1, int(width / letter_width(size)))
    if len(visible_text) == 1 or metrics.column_count(visible_text) <= max_columns:
        return visible_text, expr
    # The ellipsis takes one column.
    return metrics.elided(visible_text, expr, max_columns - 1)


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
    """Columns filled from 0 to their value, on a scale from `low` (0 or −1) to 1.

    A cross marks a value that is not finite. Joined columns are drawn as one
    area; see `Steps.are_joined`.

    Args:
        steps: The columns of the steps.
        top: The y coordinate of the value 1.
        height: The height from there down to `low`.
        values: One value for each of the steps.
        paint: The paint of the filled part.
        id: The ids, with `{t}` for the step.
        term: The terms of the filled part.
        low: The value at the bottom.
    """
    scale = Scale(low, 1, top + height, top)
    if steps.are_joined:
        area = _skyline(steps, scale, values)
        return [
            Box(steps.left, top, steps.right - steps.left, height, fill=EMPTY_PAINT),
            area._replace(fill=paint, id=steps.column_id(id, 0), term=term),
            *_crosses(steps, top + height / 2, values),
        ]
    marks: list[Mark] = []
    for t, value in zip(steps.ts, values, strict=True):
        x, width = steps.column(t)
        filled = _column(steps, t, value, scale, paint)
        marks += [
            Box(x, top, width, height, fill=EMPTY_PAINT),
            filled._replace(id=id.format(t=t), term=term),
        ]
    if low < 0:
        line = (("M", (steps.left, scale(0))), ("L", (steps.right, scale(0))))
        marks.append(Path(line, stroke="rule", stroke_width=0.75))
    return marks


def _column(steps: Steps, t: int, value: Number, scale: Scale, paint: Paint) -> Box | Path:
    """The filled part of a column, or a cross if its value is not finite."""
    x, width = steps.column(t)
    number, level = float(value.value), scale(0)
    if not np.isfinite(number):
        middle = (scale.start + scale.stop) / 2
        cross = _cross(steps.middle(t), middle, min(width, MAX_CROSS_SIZE) / 2)
        return cross._replace(bound=(Node(value.expr),))
    end = scale(min(scale.high, max(scale.low, number)))
    bound = (Length(value.expr, "height", scale),)
    return Box(x, min(level, end), width, abs(end - level), fill=paint, bound=bound)


def _skyline(steps: Steps, scale: Scale, values: Vector) -> Path:
    """The area between 0 and the values, one step wide each, without values that are not finite."""
    has_gaps = steps.width >= MIN_WIDTH_WITH_GAP
    gap = min(MAX_GAP, GAP_SHARE * steps.width) if has_gaps else 0.0

    def run_key(pair: tuple[int, float]) -> object:
        """Equal for columns that are drawn as one: none, or all between values not finite."""
        t, number = pair
        return t if has_gaps else math.isfinite(number)

    commands: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
    numbers = values.values.tolist()
    for _, run in groupby(zip(steps.ts, numbers, strict=True), run_key):
        tops = [
            (steps.edge(t) + across, scale(min(1.0, max(scale.low, number))))
            for t, number in run
            if math.isfinite(number)
            for across in (gap / 2, steps.width - gap / 2)
        ]
        if not tops:
            continue
        (left, _), (right, _) = tops[0], tops[-1]
        bottom_corners = [(right, scale(0)), (left, scale(0))]
        lines = [("L", point) for point in (*tops[1:], *bottom_corners)]
        commands += [("M", tops[0]), *lines, ("Z",)]
    edges = f"torch.stack([torch.zeros({len(values)}), {values.part}])"
    return Path(
        # Without any finite value, an empty area that labels can still refer to.
        tuple(commands) or (("M", (steps.left, scale(0))),),
        compact=True,
        bound=(Course(edges, draws="area", steps=steps.scale, scale=scale),),
    )


def _crosses(steps: Steps, y: float, values: Vector) -> list[Mark]:
    """Crosses at the values that are not finite, as one path."""
    if steps.width < MIN_WIDTH_WITH_GAP:
        return []
    crosses = [
        _cross(steps.middle(t), y, min(steps.width - 2, MAX_CROSS_SIZE) / 2)
        for t, value in enumerate(values.values.tolist(), steps.first)
        if not math.isfinite(value)
    ]
    commands = tuple(command for cross in crosses for command in cross.d)
    # All crosses look alike: one path has the look of the first.
    return [crosses[0]._replace(d=commands)] if crosses else []


def _cross(x: float, y: float, half: float) -> Path:
    """The cross that marks a value that is not finite."""
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
    """A line that is level within each step, interrupted where a value is not finite.

    Args:
        steps: The columns of the steps.
        scale: The scale of the values.
        values: One value for each of the steps.
        paint: The paint of the line.
        width: The stroke width.
        dash: The dash pattern.
        id: The id of the line.
        term: The terms of the line.
    """
    commands: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
    is_joined = False
    for t, value in zip(steps.ts, values.values.tolist(), strict=True):
        if not math.isfinite(value):
            is_joined = False
            continue
        y = scale(value)
        commands.append(("L" if is_joined else "M", (steps.edge(t), y)))
        commands.append(("L", (steps.edge(t) + steps.width, y)))
        is_joined = True
    if not commands:
        # Labels still refer to the line if it has no points.
        commands.append(("M", (steps.left, scale(0))))
    course = Course(values.part, draws="path", steps=steps.scale, scale=scale)
    return [
        Path(
            tuple(commands),
            stroke=paint,
            stroke_width=width,
            dash=dash,
            compact=len(commands) > MAX_EXACT_CORNERS,
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
    """The values of at most `max_numbers` steps as numbers that do not overlap.

    Args:
        steps: The columns of the steps.
        y: The vertical middle of the digits.
        values: One value for each of the steps.
        ranks: The priority of each step; steps below 0 are never printed.
        paint: Maps a value to the paint of its number.
        max_numbers: The most numbers to print.
        allowed_steps: If given, only these steps may be printed. A narrow form
            prints nothing that the wide form does not.
        id: The ids, with `{t}` for the step.
        term: The terms of the numbers.
    """
    decimals = digits.DECIMALS if steps.width >= MIN_WIDTH_WITH_DECIMALS else 1
    marks: list[Text] = []
    for t in _by_rank(steps, ranks):
        if allowed_steps is not None and t not in allowed_steps:
            continue
        value = values[t - steps.first]
        number = words.number(
            steps.middle(t),
            y,
            value,
            size=words.SMALL,
            decimals=decimals,
            # A number may be wider than its step, because not all steps have one.
            max_chars=max(5, int(steps.width / CHAR_WIDTH)),
            fill=paint(float(value.value)),
            id=id.format(t=t),
            term=term,
        )
        # The row's label is left of the steps.
        if number.left < steps.left - 5:
            continue
        half_with_gap = number.width / 2 + 2.5
        if all(abs(other.x - number.x) > half_with_gap + other.width / 2 for other in marks):
            marks.append(number)
        if len(marks) == max_numbers:
            break
    return sorted(marks, key=lambda mark: mark.x)


def _by_rank(steps: Steps, ranks: Sequence[float]) -> list[int]:
    """The steps whose rank is not below 0, highest first; of equal ones, the earlier first."""
    # Rounded, so that rounding errors do not decide between equal ranks.
    rounded_ranks = {
        t: math.inf if math.isnan(rank) else round(rank, 1)
        for t, rank in zip(steps.ts, ranks, strict=True)
    }
    ranked_steps = (t for t, rank in rounded_ranks.items() if rank >= 0)
    return sorted(ranked_steps, key=lambda t: (-rounded_ranks[t], t))


def axis(steps: Steps, scale: Scale, ticks: Sequence[float], *, gap: float = 6) -> list[Mark]:
    """Horizontal lines at round values, with ticks at the left."""
    return [
        mark
        for value in ticks
        for mark in grid_line(steps.left, steps.right, scale(value), tick_text(value), gap=gap)
    ]


def grid_line(left: float, right: float, y: float, text: str, *, gap: float) -> list[Mark]:
    """A horizontal grid line with its tick at the left."""
    line = (("M", (left, y)), ("L", (right, y)))
    return [Path(line, stroke="rule", stroke_width=0.75), words.tick(left - gap, y, text)]


def tick_text(value: float) -> str:
    """The text of a tick.

    >>> tick_text(-0.5), tick_text(2.0), tick_text(1e-7)
    ('−0.5', '2', '1e−7')
    """
    short = f"{value:g}".replace("e-0", "e-").replace("e+0", "e")
    return short.replace("-", digits.MINUS)


def ticks(low: float, high: float, max_ticks: int = 6, *, fractions: bool = False) -> list[float]:
    """Round values from `low` to `high`, 0 among them.

    Without `fractions`, a wide axis has whole numbers only.

    >>> ticks(-1, 3), ticks(-40, 10)
    ([-1.0, 0, 1.0, 2.0, 3.0], [-40.0, -30.0, -20.0, -10.0, 0, 10.0])
    >>> ticks(0, 0.3), ticks(0, 2, fractions=True)
    ([0, 0.1, 0.2, 0.3], [0, 0.5, 1.0, 1.5, 2.0])
    """
    span, rounding_error = high - low, 1e-9
    least_power = math.floor(math.log10(span / max_ticks)) - 1
    round_steps = (
        round_number * 10.0**power
        for power in range(least_power, least_power + 4)
        for round_number in (1, 2, 5)
    )
    step = next(
        step
        for step in round_steps
        if span / step <= max_ticks - 1 + rounding_error
        and (fractions or step >= 1 or span < MAX_FRACTION_SPAN)
    )
    first = math.ceil(low / step - rounding_error)
    last = math.floor(high / step + rounding_error)
    decimals = max(0, -math.floor(math.log10(step)))
    # `or 0` turns −0.0 into 0.
    return [round(k * step, decimals) or 0 for k in range(first, last + 1)]


def ticks_across(
    scale: Scale, max_ticks: int, left: float, right: float, *, fractions: bool = False
) -> list[float]:
    """The ticks of a horizontal axis, as many as fit.

    Args:
        scale: The scale of the axis.
        max_ticks: The most ticks.
        left: The left limit of tick labels.
        right: The right limit of tick labels.
        fractions: Whether a wide axis may have fractions, see `ticks`.

    >>> ticks_across(Scale(-1, 3, 0, 150), 5, -10, 160)
    [-1.0, 0, 1.0, 2.0, 3.0]
    >>> ticks_across(Scale(-1906, 2018, 0, 150), 5, -10, 160)
    [-1000.0, 0, 1000.0]
    """
    for count in range(max_ticks, 1, -1):
        visible: dict[float, tuple[float, float]] = {}
        for value in ticks(scale.low, scale.high, count, fractions=fractions):
            half = words.width(tick_text(value), words.SMALL) / 2
            start, end = scale(value) - half, scale(value) + half
            if left <= start and end <= right:
                visible[value] = start, end
        gaps = [start - end for (_, end), (start, _) in pairwise(sorted(visible.values()))]
        if min(gaps, default=TICK_GAP) >= TICK_GAP:
            break
    return [*visible]


def left_out_note(subject: LayerRun, count: int) -> Sentence:
    """A note on how many steps are left out: those processed last."""
    # In the reverse direction, the first step is processed last.
    end = "first" if subject.direction == "reverse" else "last"
    visible_count = len(subject.steps) - count
    return sentence(f"The {end} {{}} steps are left out.", (count, f"len(x) - {visible_count}"))


def gutter_width(width: float) -> float:
    """The width of the gutter left of the steps, for a figure width."""
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
    """The letter of a lane and, if it fits, the verb of its gate.

    Args:
        steps: The columns of the steps, in a figure with a `gutter_width`.
        y: The vertical middle of the lane.
        letter: The name of the result.
        word: The verb of the gate.
        names: The properties, as in `words.label`.
        of: The ids of the columns.
        paint: The paint of both texts.
        term: The terms of the letter.
    """
    is_wide = steps.left > MAX_NARROW_GUTTER
    letter_label = words.label(
        steps.left - (78 if is_wide else 6),
        y,
        letter,
        names=names,
        of=of,
        along="band",
        anchor="start" if is_wide else "end",
        style=words.STRONG,
        fill=paint,
        term=term,
    )
    if not is_wide:
        return [letter_label]
    verb_label = words.label(
        steps.left - 6,
        y,
        word,
        names=names,
        of=of,
        along="band",
        style=words.FINE,
        fill=paint,
        anchor="end",
    )
    return [letter_label, verb_label]


def tokens_setup(trace: Trace, marks: Sequence[Mark] | None = None) -> list[str]:
    """Python that defines `tokens`, if the steps have tokens.

    Args:
        trace: The run.
        marks: If given, return code only if one of these marks uses a token.
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
    """The width of the longest token; 0 if there are none."""
    widths = (metrics.width(visible_token(token), size, mono=True) for token in read)
    return max(widths, default=0.0)


def needed_token_width(read: Sequence[str], size: float) -> float:
    """The width needed per step to show every token.

    Single characters may be as close as in text, but words need a space between
    them.
    """
    if are_letters(read):
        return max_token_width(letters_of(read), size)
    return max_token_width(read, size) + size / 2
