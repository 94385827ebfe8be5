"""The figure `projection`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..errors import BeyondLimit
from ..layout.cells import CHARACTER, heat, largest, number, spoken
from ..layout.chain import SHOWN, chain
from ..layout.fold import Excerpt, Gap, excerpt
from ..layout.heading import inner
from ..layout.panels import Panel, code, stack
from ..layout.vectors import gap, size_notes
from ..options import Value
from ..proof import digits
from ..proof.digits import counted
from ..proof.runs.variants import projected
from ..proof.subject import Number, Subject
from ..scene.marks import Box, Mark, Text, shift
from ..scene.scenes import Diagram, Heading
from ..scene.terms import TERMS
from ..scene.theme import wash

CELL, MOST, ROW = 24.0, 48.0, 26.0
"""Sizes of the product: the height of a cell, the most that it takes across,
and from one row to the next."""
LINE, BELOW, APART = 20.0, 16.0, 16.0
"""Sizes of the shapes: of a line, of one below it, and between columns."""


def made(subject: Subject, options: Mapping[str, Value]) -> Subject:
    """The layer with a projection: its own, or one that is made for it.

    Raises:
        BeyondLimit: If it cannot have the projection that is asked for.
    """
    asked, weights = options["project"], subject.weights
    assert isinstance(asked, int)
    if weights.proj_size:
        if asked not in (0, weights.proj_size):
            raise BeyondLimit(
                f"got --project {asked} for {subject.module}, expected its "
                f"own proj_size {weights.proj_size}; leave --project out",
                "project",
            )
        return subject
    if weights.hidden_size == 1 and not asked:
        return subject
    trace = projected(subject, asked or weights.hidden_size // 2)
    return replace(subject, trace=trace, layer=0, direction="forward")


def projection(
    subject: Subject, room: float, *, step: int = 2, project: int = 0
) -> Diagram:
    """How weight_hr narrows h at every step, while c keeps its length.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
        project: The length of h for a module without a projection; 0 for half.
    """
    t, weights = subject.at(step), subject.weights
    shown = subject.steps[:SHOWN]
    narrowed = weights.proj_size > 0
    space = inner(room)
    panels = [
        chain(subject, shown, room)._replace(
            label="over time: c keeps its length, h is short"
            if narrowed
            else "over time"
        ),
        _shapes(subject, space)._replace(label="shapes"),
    ]
    if narrowed:
        label = f"step {step}: weight_hr @ (o * tanh_c) = h"
        panels.insert(0, _product(subject, t, room)._replace(label=label))
    body = stack(panels, 0)
    units, size = counted(weights.hidden_size, "element"), weights.size
    left_out = len(subject.steps) - len(shown)
    return Diagram(
        Heading(
            "h is projected at every step, c is not"
            if narrowed
            else "One unit cannot be projected",
            f"{subject.module}: c has {units}, h and output have {size}",
            (
                "Blue is positive, red is negative."
                if narrowed
                else "proj_size has to be smaller than hidden_size, and that "
                "is 1 here.",
                *[f"{counted(left_out, 'more step')} left out."]
                * (left_out > 0),
                *size_notes(subject),
            ),
            subject.source,
        ),
        _said(subject, t, len(shown)),
        body.width,
        body.height,
        body.marks,
        room,
    )


def _said(subject: Subject, t: int, count: int) -> str:
    """The product and the states in words."""
    weights = subject.weights
    sentences = [
        f"{name} {array.shape}." for name, array in weights.parameters().items()
    ]
    if weights.proj_size:
        rows = "; ".join(
            f"row {k}: {spoken(subject.row('weight_hr', k))}"
            for k in excerpt(weights.proj_size).indices
        )
        sentences.append(
            f"Step {subject.label(t)}: weight_hr, {rows}, times o * tanh_c "
            f"{spoken(subject.product('o', 'tanh_c', t))} is h "
            f"{spoken(subject.vector('h', t))}."
        )
    first = subject.steps[0].t
    sentences.append(
        f"At the start c is {spoken(subject.vector('c_prev', first))} and h is "
        f"{spoken(subject.vector('h_prev', first))}."
    )
    sentences += [
        f"Step {subject.label(k)}: x {spoken(subject.vector('x', k))}; "
        f"c {spoken(subject.vector('c', k))}; "
        f"h {spoken(subject.vector('h', k))}."
        for k in range(count)
    ]
    return " ".join(sentences)


def _product(subject: Subject, t: int, room: float) -> Panel:
    """The matrix below the vector that it projects, and h beside or below."""
    weights, wide = subject.weights, room >= 480
    columns, rows = excerpt(weights.hidden_size), excerpt(weights.proj_size)
    across = max(len(columns.lines), 0 if wide else len(rows.lines))
    pitch = min(MOST, (room - 24) / across)
    matrix = {k: subject.row("weight_hr", k) for k in rows.indices}
    top = largest(n for row in matrix.values() for n in row)
    places = digits.decimals(
        n.value for row in matrix.values() for n in columns.of(row)
    )
    line = _Line(columns, pitch, "shown", f"shown-{t}")
    name = subject.parameter_name("weight_hr")
    marks: list[Mark] = [
        _named("o * tanh_c", "shown", 0),
        *line.across(subject.product("o", "tanh_c", t), 18),
        _named(name, "weight_hr", 56),
    ]
    first = y = 74.0
    for k in rows.lines:
        if isinstance(k, Gap):
            marks += gap(pitch / 2, y + CELL / 2 + 4, k.count)
        else:
            line = _Line(columns, pitch, "weight_hr", f"weight_hr-{k}", top)
            marks += line.across(matrix[k], y, places)
        y += ROW
    h = subject.vector("h", t)
    line = _Line(rows, pitch, "h", f"h-projected-{t}")
    if not wide:
        marks += [_named("= h", "h", y + 10), *line.across(h, y + 28)]
        return Panel(room - 24, y + 28 + CELL, tuple(marks))
    x = max(pitch * len(columns.lines), code(0, 0, name, "start").width) + 30
    beside = [
        _named("h", "h", 56),
        Text(
            x=-16, y=(first + y) / 2 + 3, content="=", size=14, fill="muted",
            anchor="middle",
        ),
        *line.down(h, first),
    ]  # fmt: skip
    marks += [shift(mark, x, 0) for mark in beside]
    return Panel(x + pitch, y - ROW + CELL, tuple(marks))


def _named(name: str, term: str, y: float) -> Text:
    """A name above numbers that begin 18 pixels below y."""
    text = code(0, y + 10, name, "start", fill=TERMS[term].role, bold=True)
    return text._replace(term=term)


class _Line(NamedTuple):
    """A vector in cells; they are coloured if the scale has a top."""

    shown: Excerpt
    pitch: float
    term: str
    id: str
    top: float | None = None

    def across(
        self, values: Sequence[Number], y: float, places: int | None = None
    ) -> list[Mark]:
        """From left to right."""
        return [
            mark
            for k, line in enumerate(self.shown.lines)
            for mark in self.cell(values, line, k * self.pitch, y, places)
        ]

    def down(self, values: Sequence[Number], y: float) -> list[Mark]:
        """From top to bottom."""
        return [
            mark
            for k, line in enumerate(self.shown.lines)
            for mark in self.cell(values, line, 0, y + k * ROW)
        ]

    def cell(
        self,
        values: Sequence[Number],
        line: int | Gap,
        x: float,
        y: float,
        places: int | None = None,
    ) -> list[Mark]:
        """One element, or how many are left out."""
        middle, width = x + self.pitch / 2, self.pitch - 1.5
        if isinstance(line, Gap):
            return gap(middle, y + CELL / 2 + 4, line.count)
        if places is None:
            places = digits.decimals(n.value for n in self.shown.of(values))
        value = values[line]
        fill = wash("h") if self.top is None else heat(value.value, self.top)
        return [
            Box(x=x, y=y, width=width, height=CELL, radius=3, fill=fill),
            number(
                x + width / 2, y + CELL / 2 + 4, value, places=places,
                room=int((width + 0.2) / CHARACTER), id=f"{self.id}-{line}",
                term=self.term,
            ),
        ]  # fmt: skip


def _shapes(subject: Subject, space: float) -> Panel:
    """The parameters and what is returned, each with its shape."""
    weights, trace = subject.weights, subject.trace
    size = "proj_size" if weights.proj_size else "hidden_size"
    across = {
        "weight_ih": "4*hidden_size, input_size",
        "weight_hh": f"4*hidden_size, {size}",
        "bias_ih": "4*hidden_size",
        "bias_hh": "4*hidden_size",
        "weight_hr": "proj_size, hidden_size",
    }
    parameters = [
        (name, subject.parameter_name(name), array.shape, across[name])
        for name, array in weights.parameters().items()
    ]
    batch = trace.x.shape[1]
    results = [
        ("output", "output", (len(subject.steps), batch, weights.size), size),
        ("h_n", "h_n", (1, batch, weights.size), size),
        ("c_n", "c_n", (1, batch, weights.hidden_size), "hidden_size"),
    ]
    left, right = _list(parameters, space), _list(results, space)
    dx, dy = left.width + 40, 0.0
    if dx + right.width > space:
        dx, dy = 0.0, left.height + 14
    return Panel(
        max(left.width, dx + right.width),
        max(left.height, dy + right.height),
        (*left.marks, *(shift(mark, dx, dy) for mark in right.marks)),
    )


def _list(
    lines: Sequence[tuple[str, str, tuple[int, ...], str]], space: float
) -> Panel:
    """Names, shapes, and what the shapes are made of.

    Where all three are wider than the space, the last stands below.
    """
    rows = [
        (
            code(
                0, 0, label, "start", bold=True, fill=TERMS[term].role
            )._replace(term=term),
            code(0, 0, str(shape), "start"),
            Text(x=0, y=0, content=said, size=11, fill="muted"),
        )
        for term, label, shape, said in lines
    ]
    name, shape, said = (
        max(text.width for text in column) for column in zip(*rows, strict=True)
    )
    x, meant = name + APART, name + shape + 2 * APART
    below = 0.0
    if meant + said > space:
        meant, below = x, BELOW
    marks: list[Mark] = []
    for k, row in enumerate(rows):
        y = 12 + (LINE + below) * k
        marks += [
            text._replace(x=left, y=y + down)
            for text, left, down in zip(
                row, (0, x, meant), (0, 0, below), strict=True
            )
        ]
    return Panel(
        max(x + shape, meant + said),
        (LINE + below) * len(rows) - 4,
        tuple(marks),
    )
