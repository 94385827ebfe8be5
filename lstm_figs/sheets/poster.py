"""The sheet `poster`: how an LSTM counts, and what shuts its gate."""

from collections.abc import Sequence
from typing import NamedTuple

from ..errors import BeyondLimit
from ..figures.keep_write_show import keep_write_show
from ..figures.reading import drawn_units, inhibitions, reading
from ..figures.reading.inhibitions import Inhibition
from ..figures.reading.moves import MIN_OFFER, SHUT
from ..figures.reading.reader import (
    COUNTING_EXPRESSION,
    MIN_CORRELATION,
    QUOTE_EXPRESSION,
    Reader,
    reader_of,
)
from ..layout import styles, words
from ..layout.margins import margin
from ..layout.provenance import count_item, provenance, source
from ..model.layer_run import LayerRun
from ..model.lstm import GATES
from ..names import visible_token
from ..proof.bindings import Flow, Says, Sentence, sentence
from ..scene.marks import Box, Group, Mark, Path, bounds, shift, walk
from ..scene.scenes import Diagram, Head
from ..scene.theme import Paint
from .paper import HEADING_SIZE, heading_and_bottom, paper, placed, setups
from .weight_table import weight_table

WIDTH, SIDE_MARGIN = 840.0, 40.0
"""The width of the paper and of its side margins, in units."""
FOOTER_MARGIN = 32.0
"""The margin below the last line."""
INNER_WIDTH = WIDTH - 2 * SIDE_MARGIN
"""The width between the margins."""
TITLE_SIZE, LEAD_SIZE = 72.0, 19.0
"""The font sizes of the title, readable from two metres, and of the lead."""
PANEL_WIDTH = 360.0
"""The width that the step's panel is composed for."""
MATRIX_WIDTH, WEIGHT_ROW_HEIGHT = 384.0, 20.0
"""The width of the weight table, and the height of a row."""
ARROW_WIDTH, TIP_LENGTH = 3.0, 9.0
"""The stroke width of the arrow to the weight that shuts the gate, and the length of
its head."""
ACCENT: Paint = "neg"
"""The paint of what shuts a gate, here and in `reading`."""
GAP = 12.0
"""The gap between parts."""


class Story(NamedTuple):
    """The contents of the sheet.

    Attributes:
        subject: The layer run to draw.
        units: The units, from the top.
        reader: The network's read-out.
        inhibition: The inhibition that shuts a gate, see `reading.inhibitions`.
        t: The step that is shown in numbers, counted from 0.
    """

    subject: LayerRun
    units: tuple[int, ...]
    reader: Reader
    inhibition: Inhibition
    t: int

    @property
    def counting_unit(self) -> tuple[int, str]:
        """The unit that counts brackets, and its expression."""
        return self.inhibition.target, COUNTING_EXPRESSION.format([*self.units], MIN_CORRELATION)

    @property
    def telling_unit(self) -> tuple[int, str]:
        """The unit that is on inside quotes, and its expression."""
        return self.inhibition.source, QUOTE_EXPRESSION.format([*self.units])

    @property
    def step(self) -> int:
        """The number of that step, from 1."""
        return self.subject.step_number(self.t)


def poster(subject: LayerRun) -> Diagram:
    """A sheet A3 to hang up: how an LSTM counts, and what shuts its gate."""
    story = _story(subject)
    sheet = paper("A3", WIDTH)
    # A figure is narrower than its width by two margins, which the sheet has already.
    reading_figure = reading(subject, INNER_WIDTH + 2 * margin(INNER_WIDTH))
    step_figure = keep_write_show(
        subject, PANEL_WIDTH, step=story.step, units=(story.inhibition.target,), detail="units"
    )
    last_line_top = sheet.height - FOOTER_MARGIN - words.LINE_HEIGHT
    marks, y = _heading_and_last_lines(story, last_line_top)
    marks.append(placed("reading", reading_figure, SIDE_MARGIN, y))
    y += reading_figure.height + GAP - 6
    marks.append(_rule(y))
    y += GAP
    weight_marks, alt_text = _weights(story, y)
    parts = [*_step(story, step_figure, y), *weight_marks]
    if bounds(parts).bottom > last_line_top:
        raise BeyondLimit(
            f"got {len(subject.steps)} characters, whose rows are higher than "
            "the sheet, expected a text of 9 characters or more that is read "
            "in one row; take another text, or draw reading"
        )
    marks += [*parts, *_inputs(story, last_line_top)]
    return Diagram(
        heading=_head(story),
        description=f"{reading_figure.description} {step_figure.description} {alt_text}",
        width=sheet.width,
        height=sheet.height,
        marks=tuple(marks),
        figure_width=WIDTH,
        setup=setups((reading_figure, step_figure)),
        paper=sheet,
    )


def _story(subject: LayerRun) -> Story:
    """Find the units, the weight and the step to show.

    Raises:
        BeyondLimit: If no unit counts, or nothing shuts its gate.
    """
    units = drawn_units(subject)
    reader, inhibition = reader_of(subject, units), inhibitions.inhibition_of(subject, units)
    if (
        not (reader and reader.truth and inhibition)
        or reader.counting_unit != inhibition.target
        or reader.quote_unit != inhibition.source
    ):
        raise BeyondLimit(
            "got a run in which no unit counts brackets while one that is on "
            "in quotes shuts its gate, expected one of --network brackets "
            "whose --text has a bracket in quotes; take another text, or draw "
            "reading"
        )
    g, c_prev = (subject.series(name, inhibition.target).values for name in ("g", "c_prev"))
    is_in_quotes = reader.truth.inside
    # Choose the step where the most is kept, which shows best that nothing is written.
    candidates = [t for t in inhibition.steps if abs(g[t]) >= MIN_OFFER and is_in_quotes[t]]
    t = max(candidates or [inhibition.t], key=lambda t: abs(float(c_prev[t])))
    return Story(subject, units, reader, inhibition, t)


def _heading_and_last_lines(story: Story, last_line_top: float) -> tuple[list[Mark], float]:
    """The title and the lead, and at the bottom the source.

    Args:
        story: The contents.
        last_line_top: The top of the last line.

    Returns:
        The marks, and the top of what is below the lead.
    """
    head = _head(story)
    title, title_bottom = words.paragraph(
        SIDE_MARGIN,
        SIDE_MARGIN - 22,
        head.title,
        INNER_WIDTH,
        size=TITLE_SIZE,
        fill="ink",
        bold=True,
        serif=True,
    )
    lead, lead_bottom = words.paragraph(
        SIDE_MARGIN, title_bottom - 6, head.lead, INNER_WIDTH, size=LEAD_SIZE
    )
    footer = [line for line in (head.provenance, head.source) if line.text]
    lines: list[Mark] = []
    for k, line_text in enumerate(footer):
        lines_below = len(footer) - 1 - k
        top = last_line_top - lines_below * words.LINE_HEIGHT
        line, _ = words.paragraph(SIDE_MARGIN, top, line_text, INNER_WIDTH)
        lines.append(line)
    return [title, *lines, lead], lead_bottom + GAP


def _step(story: Story, figure: Diagram, y: float) -> list[Mark]:
    """One step in numbers, and how to read it."""
    subject, t, shut = story.subject, story.t, story.inhibition.target
    step, width = story.step, figure.width
    i, g = (subject.series(name, shut)[t].expr for name in "ig")
    token = visible_token(subject.trace.tokens[step - 1])
    title = words.label(
        SIDE_MARGIN,
        y + words.LINE_HEIGHT * HEADING_SIZE / words.NOTE / 2,
        f"Step {step}: {token} in quotes is not counted",
        names={"step": step, "unit": shut},
        of=[f"{gate}-{t}-{shut}" for gate in GATES],
        along="block",
        style=words.Style(HEADING_SIZE, fill="ink", bold=True),
        says=Says(
            ((str(step), str(step)), (token, f"tokens[{step - 1}]")),
            # The rounding of torch may move a value that is just at a limit.
            f"bool({i} < {SHUT} + 1e-6 and abs({g}) > {MIN_OFFER} - 1e-6 and inside[{t}])",
        ),
    )
    y += words.LINE_HEIGHT * HEADING_SIZE / words.NOTE + 12
    marks = [title, placed("keep-write-show", figure, SIDE_MARGIN, y)]
    y += figure.height + 12
    for note in (
        sentence(
            "Dashed is what there is, filled what the gate lets through; a "
            "write begins where the keep ended."
        ),
        sentence("A ribbon leads from each gate to what it fills."),
        sentence("Blue weights are positive, red ones negative."),
    ):
        lines, y = words.paragraph(SIDE_MARGIN, y, note, width)
        marks.append(lines)
    return marks


def _weights(story: Story, y: float) -> tuple[list[Mark], str]:
    """All weights.

    Returns:
        The marks, and the text alternative.
    """
    left = WIDTH - SIDE_MARGIN - MATRIX_WIDTH
    title, y = heading_and_bottom(left, y, sentence("Its {} weights", _count(story)), MATRIX_WIDTH)
    table = weight_table(story.subject, MATRIX_WIDTH, WEIGHT_ROW_HEIGHT)
    if table is None:
        raise BeyondLimit(
            f"got {story.subject.module}, whose weights have no room on the "
            "sheet, expected a module as small as the bracket network; draw "
            "weight-map"
        )
    top = y + 12 + words.LINE_HEIGHT
    marks = tuple(shift(mark, left, top) for mark in table.marks)
    group = Group(marks, id="part-weight-map")
    return [title, group, *_shutting_weight(story, marks, y + 8)], table.alt_text


def _shutting_weight(story: Story, table_marks: Sequence[Mark], y: float) -> list[Mark]:
    """A frame around the weight that shuts the gate, and a sentence about it.

    Args:
        story: The contents.
        table_marks: The marks of all weights.
        y: The vertical middle of the sentence.
    """
    shut, by = story.inhibition.target, story.inhibition.source
    weight = story.subject.parameter("weight_hh", shut, by)
    id = f"weight_hh-{shut}-{by}"
    number, cell = (
        next(mark for mark in walk(table_marks) if mark.id == mark_id)
        for mark_id in (id, f"{id}-cell")
    )
    assert isinstance(cell, Box)
    label = words.label(
        WIDTH - SIDE_MARGIN,
        y,
        f"this weight is how unit {by} shuts gate i of unit {shut}",
        names={"tensor": "weight_hh", "row": shut, "input": by},
        of=[number, cell],
        style=words.FINE_STRONG,
        anchor="end",
        fill=ACCENT,
        says=Says(
            ((str(by), story.telling_unit[1]), (str(shut), story.counting_unit[1])),
            f"bool({weight.expr} < 0)",
        ),
        id="hero",
    )
    frame = cell._replace(id="", fill=None, stroke=ACCENT, stroke_width=ARROW_WIDTH, bound=())
    arrow = _dotted_arrow(cell.x + cell.width - 2, start=y + 9, end=cell.y - 1)
    return [label, frame, arrow._replace(bound=(Flow("points", label.id, cell.id),))]


def _dotted_arrow(x: float, start: float, end: float) -> Group:
    """The dotted arrow from the sentence down to the weight."""
    dotted = Path(
        (("M", (x, start)), ("L", (x, end - TIP_LENGTH + 1))),
        stroke=ACCENT,
        stroke_width=ARROW_WIDTH,
        dash=f"{ARROW_WIDTH:g} {ARROW_WIDTH:g}",
    )
    tip = Path(
        (
            ("M", (x, end)),
            ("L", (x - 5, end - TIP_LENGTH)),
            ("L", (x + 5, end - TIP_LENGTH)),
            ("Z",),
        ),
        fill=ACCENT,
    )
    return Group((dotted, tip))


def _inputs(story: Story, top: float) -> list[Mark]:
    """The note on what each input encodes, if each but the first encodes one token."""
    subject = story.subject
    x, tokens = subject.trace.x[:, 0], subject.trace.tokens
    # The first step at which each input is 1, for all inputs but x[0].
    first_steps = [int(x[:, feature].argmax()) for feature in range(1, x.shape[1])]
    values: list[tuple[object, str]] = []
    for feature, first in enumerate(first_steps, 1):
        encoded = {tokens[t] for t in x[:, feature].nonzero()[0]}
        if encoded != {tokens[first]}:
            return []
        values.append((feature, f"x[{first}, 0].argmax().item()"))
        values.append((visible_token(tokens[first]), f"tokens[{first}]"))
    listed = ", ".join("x[{}] is {}" for _ in first_steps)
    note = sentence(
        f"What is read: {listed}, x[{{}}] is all else.",
        *values,
        (0, f"x[{int(x[:, 0].argmax())}, 0].argmax().item()"),
        claim=f"all(tokens[t] == tokens[s] for k, s in enumerate({first_steps}, 1) "
        "for t in x[:, 0, k].nonzero()[:, 0])",
    )
    lines, _ = words.paragraph(WIDTH - SIDE_MARGIN - MATRIX_WIDTH, top, note, MATRIX_WIDTH)
    return [lines]


def _count(story: Story) -> tuple[int, str]:
    """The number of weights in the module, and its expression."""
    subject = story.subject
    count = sum(array.size for array in subject.weights.parameters().values())
    return count, f"sum(p.numel() for p in {subject.module_variable}.parameters())"


def _rule(y: float) -> Path:
    """A rule across the sheet."""
    line = (("M", (SIDE_MARGIN, y)), ("L", (WIDTH - SIDE_MARGIN, y)))
    return Path(line, stroke="ink", stroke_width=styles.CELL.strong.weight)


def _head(story: Story) -> Head:
    subject, count = story.subject, len(story.subject.steps)
    return Head(
        sentence("Nobody told it to count")
        if story.reader.trained
        else sentence("Unit {} counts brackets", story.counting_unit),
        _lead(story),
        provenance(subject, count_item("step", count, "len(x)")),
        (),
        source(subject),
    )


def _lead(story: Story) -> Sentence:
    """What the network was trained to do, and how it does it."""
    finding = "Unit {} counts brackets; in quotes unit {} shuts the gate that unit {} writes by."
    units = (story.counting_unit, story.telling_unit, story.counting_unit)
    claim = f"bool(inside[{story.inhibition.t}])"
    if not story.reader.trained:
        return sentence(finding, *units, claim=claim)
    first_answer, second_answer = story.reader.outputs
    return sentence(
        f"It was taught only two answers: “{{}}” and “{{}}”. {finding}",
        (first_answer, "outputs[0]"),
        (second_answer, "outputs[1]"),
        *units,
        claim=f"{claim} and len(outputs) == 2",
    )
