"""The figure `weight-map`: every parameter of a layer, as numbers or as a heat map."""

from typing import NamedTuple

import numpy as np

from ...layout.margins import inner_width
from ...layout.motifs import heat, matrix, weight_rows
from ...layout.number_lists import number_list
from ...layout.provenance import origin, provenance
from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...proof.bindings import Sentence, sentence
from ...proof.digits import text
from ...scene.marks import Mark
from ...scene.scenes import Diagram, Head
from . import biases, projection

NARROWEST_WIDE = 480
"""Figures narrower than this have smaller gaps."""


class Body(NamedTuple):
    """The drawing, with its alternative text and its notes."""

    marks: list[Mark]
    height: float
    sentences: list[str]
    notes: list[Sentence]


def weight_map(subject: LayerRun, width: float) -> Diagram:
    """Every parameter of the module, row by row."""
    body = _printed(subject, width) or _mapped(subject, width)
    if subject.weights.proj_size:
        projection_marks, height, sentences = projection.block(
            subject, inner_width(width), body.height + 26
        )
        body = body._replace(
            marks=[*body.marks, *projection_marks],
            height=height,
            sentences=[*body.sentences, *sentences],
        )
    return Diagram(
        _head(subject, body.notes),
        ". ".join(["The rows are in the order input, forget, cell, output", *body.sentences]) + ".",
        inner_width(width),
        body.height,
        tuple(body.marks),
        width,
        heat.RMS,
    )


def _printed(subject: LayerRun, width: float) -> Body | None:
    """Print every number; None if they do not fit."""
    size, is_narrow = subject.weights.hidden_size, width < NARROWEST_WIDE
    if size > matrix.MAX_UNITS:
        return None
    layout = weight_rows.Rows(
        tuple(range(size)),
        size,
        top=matrix.HEAD_HEIGHT,
        height=30 if size <= 2 else 25,
        narrow=is_narrow,
    )
    # On a phone, there is only space for the stored numbers.
    tensors = matrix.parameters(subject, summed=not is_narrow)
    fit = matrix.column_fit(
        tensors, layout.units, inner_width(width) - layout.left, narrow=is_narrow
    )
    if fit is None:
        return None
    all_tensors = matrix.parameters(subject, summed=True)
    end = matrix.largest_magnitude(tensors)
    sentences = [
        f"Gate {gate}, row {layout.row(gate, unit)}: "
        + "; ".join(
            f"{tensor.name if not tensor.is_stored else tensor.id} "
            + number_list(tensor.values[gate, unit, k] for k in range(tensor.columns))
            for tensor in all_tensors
        )
        for gate, unit in layout.gate_unit_pairs
    ]
    return Body(
        matrix.printed_tensors(layout, tensors, fit, end),
        layout.bottom,
        sentences,
        [sentence("Blue is positive, red is negative.")],
    )


def _mapped(subject: LayerRun, width: float) -> Body:
    """Draw a cell for each element or block, and the biases of each gate."""
    size, is_wide = subject.weights.hidden_size, width >= NARROWEST_WIDE
    tensors = matrix.parameters(subject)
    left = matrix.Bands.gutter_width(size)
    has_bias_ranges = size > matrix.MAX_ROWS and subject.weights.bias_ih is not None
    if has_bias_ranges:
        tensors = [tensor for tensor in tensors if tensor.operand]
    biases_width = biases.WIDTH + 24 if has_bias_ranges and is_wide else 0
    maps = matrix.tensor_maps(
        tensors, inner_width(width) - left - biases_width, left, matrix_gap=28 if is_wide else 16
    )
    cut = maps[0].cells.rows
    cell_height = max(6, min(24, 96 // cut.cells))
    bands = matrix.Bands(cut, cell_height, matrix.HEIGHT_ABOVE_MAP, left)
    ids = [f"{tensor.id}-{{gate}}" for tensor in tensors]
    marks = bands.labels(ids, biases.IDS if has_bias_ranges and is_wide else ())
    marks += matrix.map_marks(bands, maps)
    height = bands.bottom + matrix.height_below(maps, marks)
    if has_bias_ranges and is_wide:
        marks += biases.right_of_bands(subject, bands, inner_width(width) - biases.WIDTH)
    elif has_bias_ranges:
        bias_marks, height = biases.below_maps(subject, height + 20, inner_width(width))
        marks += bias_marks
    sentences = [*_gate_sizes(subject), *matrix.scale_descriptions(maps)]
    return Body(marks, height, sentences, _notes(subject, maps, has_bias_ranges))


def _gate_sizes(subject: LayerRun) -> list[str]:
    """Return sentences on the size of each gate's weights."""
    weights = subject.weights
    sentences = []
    for k, gate in enumerate(GATES):
        size = weights.hidden_size
        band = slice(k * size, (k + 1) * size)
        sizes = [
            f"{name} {text(heat.rms(array[band], size, array.shape[1])[0, 0])}"
            for name, array in weights.parameters().items()
            if name.startswith("weight") and name != "weight_hr"
        ]
        line = f"Gate {gate}, root mean square: {', '.join(sizes)}"
        if weights.bias_ih is not None:
            middle = text(biases.percentiles_of(subject, k).middle.value)
            line += f", median of the biases {middle}"
        sentences.append(line)
    counts = np.sum(
        [heat.nonfinite_counts(array) for array in weights.parameters().values()], axis=0
    )
    if counts.any():
        nan, infinities, negative_infinities = counts
        sentences.append(f"{nan} NaN, {infinities} ∞, {negative_infinities} −∞")
    return sentences


def _notes(subject: LayerRun, maps: list[matrix.Map], has_bias_ranges: bool) -> list[Sentence]:
    folded = [tensor_map for tensor_map in maps if tensor_map.cells.is_folded]
    notes = matrix.alike_notes(maps)
    notes += [
        sentence(
            f"A cell of {tensor_map.tensor.id} is a block of {{}} × {{}} weights, as "
            "strong as their root mean square; {} of {} blocks are beyond the "
            "strongest colour.",
            *matrix.block_values(tensor_map),
        )
        for tensor_map in folded
        if not tensor_map.alike_blocks
    ]
    if len(folded) < len(maps) or projection.has_signs(subject):
        notes.append(
            sentence("Blue is positive, red is negative; colours end at the largest magnitude.")
        )
    if has_bias_ranges:
        notes.append(
            sentence(
                "Of the sums of both biases, the thick bar has the middle "
                "half, the thin one all but a hundredth at each end, and the "
                "notch is the median."
            )
        )
    return [*notes, *matrix.nonfinite_notes(subject)]


def _head(subject: LayerRun, notes: list[Sentence]) -> Head:
    sizes = subject.weights
    count = sum(array.size for array in sizes.parameters().values())
    module = subject.module_variable
    if sizes.bias_ih is None:
        notes = [*notes, sentence("The module has no bias.", claim=f"not {module}.bias")]
    if sizes.proj_size:
        notes = [
            *notes,
            sentence(
                "weight_hr has no bands: it makes h of what the units show.",
                claim=f"{module}.proj_size > 0",
            ),
        ]
    return Head(
        sentence("Four bands of rows, in the order i, f, g, o"),
        sentence(
            "A row is one sum: its weights times x, its weights times h, and "
            "its biases. Row k of each band belongs to unit k."
            if sizes.bias_ih is not None
            else "A row is one sum: its weights times x and its weights times "
            "h. Row k of each band belongs to unit k."
        ),
        provenance(
            subject, ("{} weights", f"{count:,}", f"sum(p.numel() for p in {module}.parameters())")
        ),
        tuple(notes),
        origin(subject),
    )
