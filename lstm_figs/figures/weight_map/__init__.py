"""The figure `weight-map`."""

from typing import NamedTuple

import numpy as np

from ...layout.cells import spoken
from ...layout.motifs import heat, matrix, rows
from ...layout.provenance import origin, provenance
from ...layout.room import inner
from ...model.lstm import GATES
from ...proof.bindings import Sentence, sentence
from ...proof.digits import text
from ...proof.subject import Subject
from ...scene.marks import Mark
from ...scene.scenes import Diagram, Head
from . import biases, projection

NARROWEST_WIDE = 480
"""Below this width what stands beside each other is close."""


class Body(NamedTuple):
    """What is drawn, and what is said of it."""

    marks: list[Mark]
    height: float
    said: list[str]
    notes: list[Sentence]


def weight_map(subject: Subject, room: float) -> Diagram:
    """Every parameter of the module, row by row."""
    body = _printed(subject, room) or _mapped(subject, room)
    if subject.weights.proj_size:
        more, height, said = projection.block(subject, inner(room), body.height + 26)
        body = body._replace(marks=[*body.marks, *more], height=height, said=[*body.said, *said])
    return Diagram(
        _head(subject, body.notes),
        ". ".join(["The rows are in the order input, forget, cell, output", *body.said]) + ".",
        inner(room),
        body.height,
        tuple(body.marks),
        room,
        heat.RMS,
    )


def _printed(subject: Subject, room: float) -> Body | None:
    """Every number, where all can be read."""
    size, close = subject.weights.hidden_size, room < NARROWEST_WIDE
    if size > matrix.MOST_UNITS:
        return None
    where = rows.Rows(
        tuple(range(size)), size, top=matrix.HEAD, height=30 if size <= 2 else 25, close=close
    )
    # On a phone the stored numbers alone have room.
    tensors = matrix.parameters(subject, summed=not close)
    fit = matrix.fitted(tensors, where.units, inner(room) - where.left, close=close)
    if fit is None:
        return None
    every = matrix.parameters(subject, summed=True)
    end = matrix.end_of(tensors)
    said = [
        f"Gate {gate}, row {where.row(gate, unit)}: "
        + "; ".join(
            f"{one.name if not one.stored else one.id} "
            + spoken(one.values[gate, unit, k] for k in range(one.columns))
            for one in every
        )
        for gate, unit in where.each
    ]
    return Body(
        matrix.printed(where, tensors, fit, end),
        where.bottom,
        said,
        [sentence("Blue is positive, red is negative.")],
    )


def _mapped(subject: Subject, room: float) -> Body:
    """A cell for each element or block, and the biases of each band."""
    size, wide = subject.weights.hidden_size, room >= NARROWEST_WIDE
    tensors = matrix.parameters(subject)
    left = matrix.Bands.gutter(size)
    ranged = size > matrix.MOST_ROWS and subject.weights.bias_ih is not None
    if ranged:
        tensors = [one for one in tensors if one.meets]
    aside = biases.WIDTH + 24 if ranged and wide else 0
    maps = matrix.mapped(tensors, inner(room) - left - aside, left, apart=28 if wide else 16)
    cut = maps[0].cells.rows
    high = max(6, min(24, 96 // cut.cells))
    bands = matrix.Bands(cut, high, matrix.TOP, left)
    ids = [f"{one.id}-{{gate}}" for one in tensors]
    marks = bands.names(ids, biases.IDS if ranged and wide else ())
    marks += matrix.drawn(bands, maps)
    height = bands.bottom + matrix.below(maps)
    if ranged and wide:
        marks += biases.beside(subject, bands, inner(room) - biases.WIDTH)
    elif ranged:
        more, height = biases.below(subject, height + 20, inner(room))
        marks += more
    said = [*_said(subject), *matrix.spoken_scales(maps)]
    return Body(marks, height, said, _notes(subject, maps, ranged))


def _said(subject: Subject) -> list[str]:
    """How large the weights of each band are."""
    weights = subject.weights
    found = []
    for k, gate in enumerate(GATES):
        size = weights.hidden_size
        band = slice(k * size, (k + 1) * size)
        sizes = [
            f"{name} {text(heat.rms(array[band], size, array.shape[1])[0, 0])}"
            for name, array in weights.parameters().items()
            if name.startswith("weight") and name != "weight_hr"
        ]
        said = f"Gate {gate}, root mean square: {', '.join(sizes)}"
        if weights.bias_ih is not None:
            middle = text(biases.ranked(subject, k).middle.value)
            said += f", median of the biases {middle}"
        found.append(said)
    counts = np.sum([heat.special(array) for array in weights.parameters().values()], axis=0)
    if counts.any():
        nan, most, least = counts
        found.append(f"{nan} NaN, {most} ∞, {least} −∞")
    return found


def _notes(subject: Subject, maps: list[matrix.Map], ranged: bool) -> list[Sentence]:
    folded = [one for one in maps if one.cells.is_folded]
    notes = matrix.alike_notes(maps)
    notes += [
        sentence(
            f"A cell of {one.tensor.id} is a block of {{}} × {{}} weights, as "
            "strong as their root mean square; {} of {} blocks are beyond the "
            "strongest colour.",
            *matrix.blocks_said(one),
        )
        for one in folded
        if not one.alike
    ]
    if len(folded) < len(maps) or projection.has_signs(subject):
        notes.append(
            sentence("Blue is positive, red is negative; colours end at the largest magnitude.")
        )
    if ranged:
        notes.append(
            sentence(
                "Of the sums of both biases, the thick bar has the middle "
                "half, the thin one all but a hundredth at each end, and the "
                "notch is the median."
            )
        )
    return [*notes, *matrix.special_notes(subject)]


def _head(subject: Subject, notes: list[Sentence]) -> Head:
    sizes = subject.weights
    count = sum(array.size for array in sizes.parameters().values())
    held = subject.shown
    if sizes.bias_ih is None:
        notes = [*notes, sentence("The module has no bias.", claim=f"not {held}.bias")]
    if sizes.proj_size:
        notes = [
            *notes,
            sentence(
                "weight_hr has no bands: it makes h of what the units show.",
                claim=f"{held}.proj_size > 0",
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
            subject, ("{} weights", f"{count:,}", f"sum(p.numel() for p in {held}.parameters())")
        ),
        tuple(notes),
        origin(subject),
    )
