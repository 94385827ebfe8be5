"""The figure `layers`."""

import textwrap
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from ..layout.cells import NUMBER, spoken
from ..layout.fold import excerpt, notes
from ..layout.heading import inner, wrap
from ..layout.layer_grid import LayerGrid, state
from ..layout.panels import Panel, arrow, code, flow
from ..model.tensors import signature
from ..options import Value
from ..proof import digits
from ..proof.digits import counted
from ..proof.runs.variants import two_layers
from ..proof.subject import Number, Subject
from ..scene import metrics
from ..scene.marks import Box, Mark, Path, Text, shift
from ..scene.scenes import Diagram, Heading

BETWEEN, NODE, LINE, WORDS = 72.0, 20.0, 17.0, 256.0
"""Heights: between layers, of a node, of a line; the width of the words."""
MONO = metrics.width("0", 11.5, mono=True)
"""The width of a character of code."""


class Dropped(NamedTuple):
    """One number, and what dropout with p = 1/2 makes of it if it is kept."""

    before: Number
    after: Number


def made(subject: Subject, options: Mapping[str, Value]) -> Subject:
    """The module as it is; the example with two layers."""
    if not subject.trace.origin.example:
        return subject
    return replace(subject, trace=two_layers(subject.trace))


def layers(subject: Subject, room: float) -> Diagram:
    """What each layer receives, and where dropout acts.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    trace, space = subject.trace, inner(room)
    grid = LayerGrid(
        subject=subject, pitch=76 if space > 400 else 62, top=BETWEEN,
        between=BETWEEN, inputs=True,
    )  # fmt: skip
    dropped = _dropped(subject) if trace.num_layers > 1 else None
    drawn = Panel(grid.right, grid.height, tuple(_grid(grid)))
    beside = drawn.width + 32 + WORDS <= space
    words = _words(grid, dropped, WORDS if beside else space, beside=beside)
    body = flow([drawn, words], space, gap=32)
    return Diagram(
        Heading(
            "Each layer reads the layer below",
            f"{subject.module}: {_point(subject)}",
            _notes(subject, grid),
            subject.source,
        ),
        _said(grid, dropped),
        body.width,
        body.height,
        body.marks,
        room,
    )


def _point(subject: Subject) -> str:
    count = subject.trace.num_layers
    if count == 1:
        return "with one layer nothing is handed up, so no dropout acts"
    return (
        f"the same as {count} modules in a chain, with dropout on what is "
        "handed up, never on what goes from step to step"
    )


def _notes(subject: Subject, grid: LayerGrid) -> tuple[str, ...]:
    sizes = subject.trace.weights[0]
    return (
        "Every number in a box is without dropout, as after .eval().",
        *grid.notes(),
        *notes(
            ("input", excerpt(sizes.input_size)),
            ("unit", excerpt(subject.trace.steps[0].h.shape[1])),
        ),
    )


def _dropped(subject: Subject) -> Dropped:
    """The first number that layer 1 receives."""
    before = state(subject, 0, 0)[0]
    # As torch does, in the tensor's own type.
    return Dropped(
        before,
        Number(before.value * 2, f"{before.expr} / (1 - 1 / 2)", before.scale),
    )


def _said(grid: LayerGrid, dropped: Dropped | None) -> str:
    trace = grid.subject.trace
    inputs = "; ".join(
        f"step {t + 1} {spoken(grid.received(t))}" for t in grid.steps.indices
    )
    acts = (
        f"Between layers dropout acts: with p = 1/2, {spoken(dropped[:1])} "
        f"becomes 0 or {spoken(dropped[1:])}."
        if dropped
        else "With one layer there is no place between layers, so dropout "
        "acts nowhere."
    )
    return (
        f"{counted(trace.num_layers, 'layer')}. Input: {inputs}. "
        f"{grid.said()} {acts} After the last layer, and from step to step, "
        "there is no dropout."
    )


def _grid(grid: LayerGrid) -> list[Mark]:
    """The grid, with a node on each arrow on which dropout acts."""
    columns, tops = grid.columns(), grid.tops()
    marks: list[Mark] = []
    for layer, start, end in grid.upwards():
        for x in columns.values():
            if not layer:
                marks.append(arrow((x, start), (x, end), paint="ink", term="x"))
                continue
            middle = (start + end) / 2
            marks += [
                arrow((x, start), (x, end), paint="h", term="h"),
                Box(
                    x=x - 12, y=middle - NODE / 2, width=24, height=NODE,
                    radius=NODE / 2, fill="paper", stroke="ink", dash="3 2",
                    stroke_width=1.5,
                ),
                code(x, middle + 4, "p", bold=True),
            ]  # fmt: skip
        if layer:
            marks.append(Text(x=0, y=(start + end) / 2 + 4, content="dropout"))
    top = min(tops.values())
    for t, x in columns.items():
        marks += [
            arrow((x, top), (x, top - 50), paint="h", term="output"),
            code(x, top - 57, f"[{t}]", fill="muted"),
        ]
    marks.append(
        Text(x=0, y=top - 57, content="output", bold=True, fill="h",
             term="output")
    )  # fmt: skip
    marks += _none(top - 25)
    return [*marks, *grid.marks()]


def _none(y: float) -> list[Mark]:
    """No dropout after the last layer: the word, struck through."""
    word = Text(x=0, y=y + 4, content="dropout", fill="muted")
    return [
        word,
        Path(d=(("M", (-2, y)), ("L", (word.width + 2, y))), stroke="neg",
             stroke_width=1.5),
    ]  # fmt: skip


def _words(
    grid: LayerGrid, dropped: Dropped | None, width: float, *, beside: bool
) -> Panel:
    """What is said of each layer, and of dropout, from the top."""
    tops = grid.tops()
    sections = [(min(tops.values()) - 25, _above(grid, width))]
    for layer, top in tops.items():
        named = "" if beside else f"layer {layer}: "
        said = _layer(grid, layer, width, named)
        sections.append((top + grid.block / 2, said))
        if dropped and layer == 1:
            middle = top + grid.block + BETWEEN / 2
            where = "here" if beside else "between layers"
            sections.append((middle, _acting(dropped, width, where)))
    marks: list[Mark] = []
    y = -1000.0 if beside else 0.0
    for middle, section in sections:
        if beside:
            y = max(y, middle - section.height / 2)
        marks += [shift(mark, 0, y) for mark in section.marks]
        y += section.height + (6 if beside else 14)
    height = grid.height if beside else y - 14
    return Panel(width, height, tuple(marks))


def _lines(texts: list[Text]) -> Panel:
    """Lines of text, one below the other."""
    placed = (shift(text, 0, 12 + LINE * k) for k, text in enumerate(texts))
    return Panel(0, LINE * len(texts), tuple(placed))


def _prose(text: str, width: float) -> list[Text]:
    return [
        Text(x=0, y=0, content=line, fill="muted")
        for line in wrap(text, 12, width)
    ]


def _code(text: str, width: float, *, bold: bool = False) -> list[Text]:
    return [
        code(0, 0, line, "start", bold=bold)
        for line in textwrap.wrap(text, int(width / MONO))
    ]


def _above(grid: LayerGrid, width: float) -> Panel:
    trace = grid.subject.trace
    if trace.kind == "LSTMCell":
        return _lines(_prose("A cell has no layers, and no dropout.", width))
    alone = " With one layer it acts nowhere, and torch warns."
    words = f"No dropout after the last layer.{alone * (trace.num_layers < 2)}"
    return _lines(_prose(words, width))


def _layer(grid: LayerGrid, layer: int, width: float, named: str) -> Panel:
    """A layer as a module of its own, and what it receives."""
    trace = grid.subject.trace
    first = layer * grid.directions
    own = tuple(
        replace(one, layer=0)
        for one in trace.weights[first : first + grid.directions]
    )
    shape = (*trace.x.shape[:2], own[0].input_size)
    both = "both directions" if grid.directions == 2 else "h"
    received = f"{both} of layer {layer - 1}" if layer else "x"
    name = grid.subject.parameter_name("weight_ih")
    if trace.kind == "LSTM":
        name = f"weight_ih_l{layer}"
    return _lines(
        [
            *_code(f"{named}nn.{signature(own, trace.kind)}", width, bold=True),
            *_prose(f"receives {received}, {shape}", width),
            *_code(f"{name} {own[0].weight_ih.shape}", width),
        ]
    )


def _acting(dropped: Dropped, width: float, where: str) -> Panel:
    """What dropout does, in words and to one number."""
    lines = _lines(
        _prose(
            f"In training each number {where} becomes 0 with probability p, "
            "or is divided by 1 − p.",
            width,
        )
    )
    y, x = lines.height + 12, 0.0
    marks: list[Mark] = []
    places = digits.decimals(number.value for number in dropped)
    for k, (words, number) in enumerate(
        zip(("p = 1/2:", "→ 0 or"), dropped, strict=True)
    ):
        said = Text(x=x, y=y, content=words, fill="muted")
        value = Text(
            x=x + said.width + 6, y=y, size=NUMBER, mono=True, number=number,
            content=digits.text(number.value, places), id=f"dropout-{k}",
            term="h",
        )  # fmt: skip
        marks += [said, value]
        x = value.x + value.width + 6
    return Panel(width, lines.height + LINE, (*lines.marks, *marks))
