"""The figure `batch-first`: the axes with time first, with batch first and without a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.blocks import Block, block_column
from ..layout.margins import inner_width
from ..layout.motifs.strips import HEAD_HEIGHT, Axis, Strip
from ..layout.provenance import count_item, origin, provenance
from ..model.layer_run import LayerRun
from ..model.reference import Number, Ref
from ..model.tensors import signature
from ..options import Value
from ..proof.bindings import Flow, sentence
from ..proof.runs.variants import LARGE, sequences
from ..scene.marks import Mark, Path, shift
from ..scene.scenes import Diagram, Head

SEQUENCES = 3
"""The batch has this many sequences, made from the one of the subject."""
NARROWEST_WIDE = 540.0
"""A drawing of less width has two columns of tensors above two others."""
NAME_WIDTH, NAME_WIDTH_NARROW = 104.0, 72.0
"""The width of the names of forms."""
TENSOR_GAP, TENSOR_GAP_NARROW = 16.0, 8.0
"""The gap between two tensors."""
AXIS_GAP, AXIS_GAP_NARROW, MAX_AXIS_WIDTH = 3.0, 2.0, 60.0
"""The gap between two axes of a tensor, and the largest width of an axis."""
FORM_HEIGHT, FORM_GAP = 42.0, 40.0
"""The height of a form, and the gap to the next one."""
LINE_GAP = 2.0
"""Between an axis and the line that leads to the same axis in the next form."""

AXIS_NAMES = {
    "step": "time",
    "sample": "batch",
    "input": "input",
    "unit": "unit",
    "feature": "unit",
    "part": "layer",
}
"""Axis -> its label."""


class Form(NamedTuple):
    """One way to call the module.

    Attributes:
        name_lines: The lines of its name.
        suffix: The suffix of its tensors in the setup code.
        axes: Tensor -> its axes in order.
        claim: An expression that is true if the module is called this way.
    """

    name_lines: tuple[str, ...]
    suffix: str
    axes: dict[str, tuple[str, ...]]
    claim: str


def variant(subject: LayerRun, options: Mapping[str, Value]) -> LayerRun:
    """The subject with several sequences; a large module keeps its one."""
    if subject.weights.hidden_size > LARGE:
        return subject
    trace = sequences(subject.trace, SEQUENCES)
    # The figure shows no element, so it need not say how the batch is made.
    silent_origin = trace.origin._replace(notes=subject.trace.origin.notes)
    return replace(subject, trace=replace(trace, origin=silent_origin))


def batch_first(subject: LayerRun, width: float) -> Diagram:
    """The axes of every tensor: time first, batch first, without a batch."""
    space, forms = inner_width(width), _forms(subject)
    sizes = _sizes(subject)
    names = list(forms[0].axes)
    # A cell has no output, so the second part may be short.
    parts = [names] if space > NARROWEST_WIDE else [names[:2], names[2:]]
    blocks = [_forms_block(forms, part, sizes, space) for part in parts if part]
    body = block_column(blocks, gap=30)
    return Diagram(
        heading=_head(subject),
        description=" ".join(
            f"{' '.join(form.name_lines)}: "
            + "; ".join(_axes_in_words(name, form, sizes) for name in form.axes)
            + "."
            for form in forms
        ),
        width=space,
        height=body.height,
        marks=body.marks,
        figure_width=width,
        setup=_setup(subject),
    )


def _head(subject: LayerRun) -> Head:
    if subject.trace.kind == "LSTMCell":
        title = sentence("A cell has no axis for time")
        lead = sentence("Without a batch every tensor is one row.")
        notes = []
    else:
        title = sentence("batch_first leaves the states as they are")
        lead = sentence(
            "It swaps time and batch of the input and of output, and nothing "
            "else: h_n and c_n keep the batch second."
        )
        notes = [
            sentence(
                "Every form gives the same output at each step of each sequence.",
                claim="torch.allclose(output, output_first.transpose(0, 1), "
                "rtol=1e-3, atol=1e-5, equal_nan=True)",
            )
        ]
    if subject.trace.bidirectional:
        notes.append(
            sentence(
                "A layer has two entries in h_n and c_n, one a direction.",
                claim=f"len(h_n) == 2 * {subject.variable}.num_layers",
            )
        )
    shape = subject.trace.x.shape
    count = (
        count_item("row", shape[1], "x.shape[1]")
        if subject.trace.kind == "LSTMCell"
        else count_item("step", shape[0], "len(x)")
    )
    return Head(title, lead, provenance(subject, count), tuple(notes), origin(subject))


def _forms(subject: LayerRun) -> list[Form]:
    """Every way to call the module, each with the axes of all tensors."""
    if subject.trace.kind == "LSTMCell":
        return [
            Form(
                ("a batch",),
                "_batch",
                {"x": ("sample", "input"), "h_n": ("sample", "unit"), "c_n": ("sample", "unit")},
                "x_batch.dim() == 2",
            ),
            Form(
                ("without", "a batch"),
                "_one",
                {"x": ("input",), "h_n": ("unit",), "c_n": ("unit",)},
                "x_one.dim() == 1",
            ),
        ]
    # With two directions, output has more features than there are units.
    last = "feature" if subject.trace.bidirectional else "unit"

    def form(name_lines: tuple[str, ...], suffix: str, order: tuple[str, ...], claim: str) -> Form:
        batch_axis = ("sample",) if "sample" in order else ()
        state = ("part", *batch_axis, "unit")
        axes = {"x": (*order, "input"), "output": (*order, last), "h_n": state, "c_n": state}
        return Form(name_lines, suffix, axes, claim)

    batch_second_claim, unbatched_claim = "not lstm.batch_first", "x_one.dim() == 2"
    return [
        form(("batch_first", "=False"), "", ("step", "sample"), batch_second_claim),
        form(("batch_first", "=True"), "_first", ("sample", "step"), "batch_first.batch_first"),
        form(("without", "a batch"), "_one", ("step",), unbatched_claim),
    ]


def _sizes(subject: LayerRun) -> dict[str, dict[str, int]]:
    """Tensor -> the length of each of its axes."""
    trace = subject.trace
    steps, batch, inputs = trace.x.shape
    hidden, size = trace.c_0.shape[2], trace.h_0.shape[2]
    state = {"part": len(trace.weights), "sample": batch}
    output = size * (1 + trace.bidirectional)
    order = {"step": steps, "sample": batch}
    return {
        "x": {**order, "input": inputs},
        "output": {**order, "unit": output, "feature": output},
        "h_n": {**state, "unit": size},
        "c_n": {**state, "unit": hidden},
    }


def _axes_in_words(name: str, form: Form, sizes: dict[str, dict[str, int]]) -> str:
    """The axes of a tensor in words."""
    axes = form.axes[name]
    names = ", ".join(AXIS_NAMES[axis] for axis in axes)
    lengths = ", ".join(str(sizes[name][axis]) for axis in axes)
    return f"{_label(name)} ({names}) is ({lengths})"


def _label(name: str) -> str:
    """The name of a tensor in the figure."""
    return "input" if name == "x" else name


def _forms_block(
    forms: Sequence[Form], names: Sequence[str], sizes: dict[str, dict[str, int]], space: float
) -> Block:
    """A column for each tensor, a row for each form."""
    is_wide = space > NARROWEST_WIDE
    left, tensor_gap, gap = NAME_WIDTH, TENSOR_GAP, AXIS_GAP
    if not is_wide:
        left, tensor_gap, gap = NAME_WIDTH_NARROW, TENSOR_GAP_NARROW, AXIS_GAP_NARROW
    first_form = forms[0]
    max_axes = max(len(first_form.axes[name]) for name in names)
    tensor_width = (space - left - tensor_gap * (len(names) - 1)) / len(names)
    width = min(MAX_AXIS_WIDTH, (tensor_width - gap * (max_axes - 1)) / max_axes)
    strip = Strip(width=width, height=FORM_HEIGHT, gap=gap, inside=True)
    marks: list[Mark] = []
    for column, name in enumerate(names):
        x = left + column * (max_axes * (width + gap) - gap + tensor_gap)
        marks += _tensor_column(forms, name, sizes[name], strip, x)
    for row, form in enumerate(forms):
        lines = form.name_lines
        middle = HEAD_HEIGHT + row * (FORM_HEIGHT + FORM_GAP) + FORM_HEIGHT / 2
        top = middle - words.LINE_HEIGHT / 2 * len(lines)
        for k, line in enumerate(lines):
            paragraph, _ = words.paragraph(
                0,
                top + words.LINE_HEIGHT * k,
                sentence(line, claim=form.claim),
                left,
                fill="ink",
                bold=k == 0 and is_wide,
                size=words.LABEL if is_wide else words.SMALL,
            )
            marks.append(paragraph)
    height = HEAD_HEIGHT + len(forms) * FORM_HEIGHT + (len(forms) - 1) * FORM_GAP
    return Block(space, height, tuple(marks))


def _tensor_column(
    forms: Sequence[Form], name: str, sizes: dict[str, int], strip: Strip, x: float
) -> list[Mark]:
    """The axes of a tensor in every form, with lines from each axis to itself."""
    marks: list[Mark] = []
    middles_above: dict[str, float] = {}
    for row, form in enumerate(forms):
        y = row * (FORM_HEIGHT + FORM_GAP)
        axes, id, tensor = form.axes[name], f"shape-{name}-{row}", f"{name}{form.suffix}"
        places = _places(axes, forms[0].axes[name], strip.width + strip.gap)
        shape = Ref(f"torch.tensor({tensor}.shape)")
        boxes = [
            Axis(
                AXIS_NAMES[axis],
                axis,
                Number(np.int64(sizes[axis]), shape[k]),
                # The batch is the axis that moves.
                accent="ink" if axis == "sample" else "",
                x=places[axis],
            )
            for k, axis in enumerate(axes)
        ]
        label = _label(name) if row == 0 else ""
        block = strip.draw(label, tensor, boxes, id=id, term=name)
        marks += [shift(mark, x, y) for mark in block.marks]
        middles = {axis: x + places[axis] + strip.width / 2 for axis in axes}
        for k, axis in enumerate(axes):
            if axis not in middles_above:
                continue
            above = forms[row - 1].axes[name].index(axis)
            marks.append(
                _line_to_same(
                    (middles_above[axis], y + HEAD_HEIGHT - FORM_GAP + LINE_GAP),
                    (middles[axis], y + HEAD_HEIGHT - LINE_GAP),
                    f"shape-{name}-{row - 1}-{above}-box",
                    f"{id}-{k}-box",
                    is_emphasized=axis == "sample",
                )
            )
        middles_above = middles
    return marks


def _places(axes: tuple[str, ...], all_axes: tuple[str, ...], pitch: float) -> dict[str, float]:
    """The left of each axis; without a batch axis, its place stays empty."""
    if len(axes) == len(all_axes):
        return {axis: k * pitch for k, axis in enumerate(axes)}
    # The form above has the batch first, except in tensors without steps.
    batch_first = ("sample", *(axis for axis in all_axes if axis != "sample"))
    order = batch_first if "step" in all_axes else all_axes
    return {axis: order.index(axis) * pitch for axis in axes}


def _line_to_same(
    start: tuple[float, float],
    stop: tuple[float, float],
    tail: str,
    head: str,
    *,
    is_emphasized: bool,
) -> Mark:
    """A line from an axis to the same axis in the next form."""
    (x, y), (end_x, end_y) = start, stop
    bend = (end_y - y) / 2
    look = styles.LINE.strong if is_emphasized else styles.LINE.plain
    line = Path(
        (("M", start), ("C", (x, y + bend), (end_x, end_y - bend), stop)),
        stroke="ink" if is_emphasized else "muted",
        stroke_width=look.weight,
        bound=(Flow("copies", tail, head),),
    )
    return styles.emphasized(line, 'axis == "sample"' if is_emphasized else "")


def _setup(subject: LayerRun) -> str:
    """Python that runs the module with its axes in different orders.

    Names that end in `_first` belong to a run with `batch_first=True`, which a
    cell does not have. Names that end in `_one` belong to the last sequence
    without a batch axis.
    """
    if subject.trace.kind == "LSTMCell":
        return _UNBATCHED_CELL
    built = signature(subject.trace.weights, "LSTM", batch_first=True)
    return f"{_BATCH_FIRST.format(built=built)}\n\n{_UNBATCHED}"


_BATCH_FIRST = """\
# The same weights and input, with the batch first. The states are as before.
batch_first = torch.nn.{built}
batch_first.load_state_dict(lstm.state_dict())
x_first = x.transpose(0, 1)
output_first, (h_n_first, c_n_first) = batch_first(x_first, (h_0, c_0))"""
"""Python that calls a module with `batch_first=True`."""

_UNBATCHED = """\
# The last sequence alone, without a batch.
x_one = x[:, -1]
output_one, (h_n_one, c_n_one) = lstm(x_one, (h_0[:, -1], c_0[:, -1]))"""
"""Python that calls a module without a batch."""

_UNBATCHED_CELL = """\
# The first step as it is, and its last row alone, without a batch.
x_batch, x_one = x[0], x[0, -1]
h_n_batch, c_n_batch = cell(x_batch, (h_0[0], c_0[0]))
h_n_one, c_n_one = cell(x_one, (h_0[0, -1], c_0[0, -1]))"""
"""Python that calls a cell without a batch."""
