"""The pieces of `layout` that figures are made of, each with a picture.

The code that a page shows beside a picture is the code that draws it.
"""

import inspect
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any, get_args

from ..layout import blocks, words
from ..layout.motifs import charts, curves, gauges, over_time, weight_rows
from ..model.layer_run import LayerRun
from ..options import summary
from ..proof.bindings import Scale, sentence
from ..render import Sheet
from ..render.svg import write_svg
from ..scene.marks import Box, Mark, bounds, shift
from ..sources import Source

MODULES: tuple[ModuleType, ...] = (words, blocks, weight_rows, gauges, curves, over_time, charts)
"""The modules in the order in which a newcomer needs them."""

SAMPLES: dict[str, str] = {
    "words.number": 'words.number(20, 10, c[1], id="c")',
    "words.label": """\
words.label(
    0, 10, "unit 0", names={"unit": 0}, of=["c"], along="row"
)""",
    "words.operator": 'words.operator(0, 0, "tanh", fill="ink")',
    "words.tick": 'words.tick(0, 0, "0.5")',
    "words.paragraph": """\
words.paragraph(0, 0, sentence("c is {}.", (2, "len(x)")), 200)""",
    "blocks.text_block": 'blocks.text_block(sentence("What a block says."), 120)',
    "blocks.titled_block": """\
blocks.titled_block(
    sentence("A title"), blocks.text_block(sentence("What it says."), 120)
)""",
    "blocks.framed_block": """\
blocks.framed_block(blocks.text_block(sentence("On a plane."), 120))""",
    "blocks.block_row": """\
blocks.block_row(
    [blocks.framed_block(blocks.text_block(sentence(text), 90)) for text in ("a", "b")]
)""",
    "blocks.block_column": """\
blocks.block_column(
    [blocks.framed_block(blocks.text_block(sentence(text), 90)) for text in ("a", "b")], 8
)""",
    "blocks.block_row_or_column": """\
blocks.block_row_or_column(
    [blocks.framed_block(blocks.text_block(sentence(text), 90)) for text in ("a", "b")], 60
)""",
    "blocks.code_block": """\
blocks.code_block(blocks.proven_code("lstm(x)", "bool(lstm(x))"), 200)""",
    "blocks.verdict_block": 'blocks.verdict_block("runs", "True", right=True)',
    "blocks.verdict_sign": "blocks.verdict_sign(0, 0, right=False)",
    "weight_rows.gutter_marks": """\
weight_rows.gutter_marks(
    weight_rows.Rows((0, 1), 2, height=22), ["z-{row}"]
)""",
    "weight_rows.gate_letter": 'weight_rows.gate_letter("f", 20, ["z-2"])',
    "weight_rows.gate_bar": 'weight_rows.gate_bar("f", 14, 0, 40)',
    "weight_rows.cells": """\
weight_rows.cells(
    weight_rows.Rows((0,), 2, height=24), 0, 46, 3,
    {
        (g, 0, j): subject.parameter("weight_ih", 2 * k, j)
        for k, g in enumerate("ifgo") for j in range(3)
    },
    end=4, id="weight_ih", term="weight_ih",
)""",
    "gauges.gauge_marks": """\
gauges.gauge_marks(
    gauges.Gauge(
        0, 0.8, 0.3, "c_prev[1, 0, 0]", "(f * c_prev)[1, 0, 0]",
        "ink", "gate-f", "keep", "f",
    ),
    0, Scale(0, 1, 0, 160),
)""",
    "gauges.link": 'gauges.link((0, 0), (40, 20), "keep", "write")',
    "gauges.ribbon": 'gauges.ribbon((0, 0), (80, 30), "gate-g", "g", "g-used")',
    "curves.activation_curve": """\
curves.activation_curve(
    0, 20, subject.vector("z_i", 1)[0], subject.vector("i", 1)[0],
    "gate-i", tanh=False, id="i", term="i",
)""",
    "over_time.step_labels": 'over_time.step_labels(steps, 0, ["f-{t}"])',
    "over_time.token_labels": """\
over_time.token_labels(steps, 0, list("(ab)"), ["f-{t}"], size=15)""",
    "over_time.token_label": """\
over_time.token_label(
    steps, 0, 0, "(", "tokens[0]", ["f-{t}"], words.STRONG_CODE
)""",
    "over_time.columns": """\
over_time.columns(
    steps, 0, 24, f, "gate-f", id="f-{t}", term="f"
)""",
    "over_time.step_line": """\
over_time.step_line(
    steps, Scale(-1, 1, 60, 0), c, "ink", width=2.5, id="c-line", term="c"
)""",
    "over_time.separate_numbers": """\
over_time.separate_numbers(
    steps, 0, c, [abs(n.value) for n in c], lambda _: "ink", max_numbers=4,
    id="c-{t}", term="c",
)""",
    "over_time.shade": "over_time.shade(steps, 1, 3, 0, 40)",
    "over_time.axis": "over_time.axis(steps, Scale(-1, 1, 60, 0), [-1, 0, 1])",
    "over_time.grid_line": 'over_time.grid_line(40, 160, 0, "0.5", gap=6)',
    "over_time.lane_labels": """\
over_time.lane_labels(
    steps, 0, "f", "keep", {"gate": "f"}, ["f-*"], paint="gate-f", term="f"
)""",
    "charts.grid": "charts.grid(plot, [0, 1, 2, 3], [-1, 0, 1])",
    "charts.curve": """\
charts.curve(plot, [n.value for n in c], "c[:, 0, 0]", "ink", id="c-curve")""",
    "charts.leader_line": 'charts.leader_line((0, 0), (30, 20), "c-name", "c")',
    "charts.label_leader": """\
charts.label_leader(
    words.label(
        40, 0, "c", names={"tensor": "c"}, of=["c"], along="band", id="c-name"
    ),
    (0, 20), "c",
)""",
}
"""Each piece, as `module.function`, with code that draws it after `SETUP`."""

SETUP = """\
subject = LayerRun(Source().trace())
x = subject.vector("x", 0)
c, f = subject.series("c", 0), subject.series("f", 0)
steps = over_time.Steps(0, (1, 2, 3, 4), 60, 30)
plot = charts.Plot(Scale(0, 3, 40, 160), Scale(-1, 1, 80, 10))
"""
"""Python that the samples need."""

MARGIN = 6.0
"""The space around a sample."""


def vocabulary() -> Iterator[dict[str, str]]:
    """Each piece: its name, its summary, the code and the drawing."""
    modules = {module.__name__.rpartition(".")[2]: module for module in MODULES}
    for name, code in SAMPLES.items():
        module, function = name.split(".")
        yield {
            "name": name,
            "summary": summary(getattr(modules[module], function)),
            "code": code,
            "svg": _piece_svg(name, code),
        }


def pieces() -> list[str]:
    """Every public function of `layout` that draws, as `module.function`."""
    return [
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and _returns_marks(function)
    ]


def _returns_marks(function: Any) -> bool:
    """Whether a function returns marks or a block."""
    returned = str(inspect.signature(function).return_annotation)
    kinds = (*get_args(Mark), blocks.Block)
    return any(kind in returned for kind in ("Mark", *(kind.__name__ for kind in kinds)))


def _piece_svg(name: str, code: str) -> str:
    """The SVG of a sample's code."""
    names: dict[str, Any] = {m.__name__.rpartition(".")[2]: m for m in MODULES}
    names |= {"Scale": Scale, "sentence": sentence}
    names |= {"LayerRun": LayerRun, "Source": Source}
    exec(SETUP, names)
    marks = list(_marks(eval(code, names)))
    left, top, right, bottom = bounds(marks)
    width, height = right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
    moved = (shift(mark, MARGIN - left, MARGIN - top) for mark in marks)
    paper = Box(0, 0, width, height, fill="paper")
    svg = write_svg(
        Sheet(width, height, (paper, *moved)),
        id=f"piece-{name.replace('.', '-').replace('_', '-')}",
        title=name,
        description=f"What {name} draws.",
        metadata={},
        theme="page",
    )
    # It is not a figure, so scripts must not count, save or repaint it.
    return svg.replace('class="lf-figure"', 'class="lf-piece"')


def _marks(piece: Any) -> Iterator[Mark]:
    """The marks in the result of a piece."""
    if isinstance(piece, blocks.Block):
        yield from piece.marks
    elif isinstance(piece, Mark):
        yield piece
    elif isinstance(piece, Iterable) and not isinstance(piece, str):
        for item in piece:
            if not isinstance(item, int | float):
                yield from _marks(item)
    else:
        raise TypeError(f"got {type(piece).__name__} in a piece, expected marks; see `Mark`")
