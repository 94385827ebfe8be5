"""The figure `porting`: where each weight goes in a different library."""

from typing import Literal

from ...layout.blocks import block_column, titled_block
from ...layout.margins import inner_width
from ...layout.provenance import origin, provenance
from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...porting import TARGETS, Target
from ...proof.bindings import sentence
from ...proof.digits import text
from ...scene.scenes import Diagram, Head
from .band_ribbons import moved, turned
from .other_tensors import others
from .sides import Side, library_side, setup, torch_side

Library = Literal["keras", "onnx", "flax", "openvino"]

NARROWEST_WIDE = 560
"""In figures narrower than this, numbers are below the names of their bands."""


def porting(subject: LayerRun, width: float, *, to: Library = "keras") -> Diagram:
    """How the tensors of another library are made of PyTorch's.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        to: The library; keras by default.
    """
    target, space = TARGETS[to], inner_width(width)
    is_narrow = width < NARROWEST_WIDE
    left, right = torch_side(subject), library_side(subject, target, to)
    if target.transposed:
        bands = turned(left, right, space, is_narrow, target.by_gate)
    else:
        bands = moved(left, right, space, is_narrow)
    body = block_column(
        [
            bands,
            titled_block(
                sentence("The same row in the other tensors"),
                others(left, right, space, is_narrow, target.transposed),
                width=space,
            ),
        ],
        22,
    )
    return Diagram(
        _head(subject, target),
        _description(target, left, right),
        space,
        body.height,
        body.marks,
        width,
        setup(subject, target, to),
    )


def _head(subject: LayerRun, target: Target) -> Head:
    biased = subject.weights.bias_ih is not None
    adds = ", biases add up" if target.has_one_bias and biased else ""
    if target.by_gate:
        title = f"To {target.label}: one transposed matrix per gate"
    elif target.transposed:
        title = f"To {target.label}: rows become columns{adds}"
    else:
        title = f"To {target.label}: bands of rows change places{adds}"
    module = subject.variable
    notes = [sentence("Each band says its gate, and its rows or columns.")]
    if not biased:
        notes.append(sentence("The module has no bias.", claim=f"not {module}.bias"))
    elif target.has_one_bias:
        notes.append(sentence("Once they are added, the biases cannot be told apart."))
    else:
        notes.append(sentence("B holds both biases, one after the other."))
    if subject.weights.proj_size:
        notes.append(
            sentence(
                f"{target.label} has no projection, so weight_hr is left out.",
                claim=f"{module}.proj_size > 0",
            )
        )
    if not target.transposed:
        notes.append(
            sentence(f"In {target.label} the first axis of every tensor counts directions.")
        )
    return Head(
        sentence(title), sentence(_lead(target)), provenance(subject), tuple(notes), origin(subject)
    )


def _lead(target: Target) -> str:
    """Return the lead: the gates of the library, their order and their letters."""
    torch_order, library_order = ", ".join(GATES), ", ".join(target.letters)
    if target.by_gate:
        return (
            f"PyTorch stacks the gates {torch_order} in one tensor; {target.label} "
            "has one tensor for each."
        )
    return (
        f"PyTorch stacks the gates as {torch_order}, {target.label} as {library_order}: its "
        "c is PyTorch's g."
    )


def _description(target: Target, left: Side, right: Side) -> str:
    """Return the alternative text: where each band goes, and the traced weights."""
    ends = {band.gate: band for band in right.bands}
    sentences = []
    for band in left.bands:
        end = ends[band.gate]
        destination = (
            f"all of {end.matrix.name}"
            if target.by_gate
            else f"{'columns' if target.transposed else 'rows'} {end.first} "
            f"to {end.last} of {end.matrix.name}"
        )
        sentences.append(
            f"Gate {band.gate}, rows {band.first} to {band.last}: in {target.label} {destination}"
        )
    elements = {element.made_of: element for element in (left.traced, *left.others)}
    for element in (right.traced, *right.others):
        made_of = " + ".join(f"{name}{elements[name,].index_text}" for name in element.made_of)
        value = text(element.number.value, max_chars=6)
        if len(element.made_of) > 1:
            addends = (elements[name,].number.value for name in element.made_of)
            value = f"{' + '.join(map(text, addends))} = {value}"
        sentences.append(f"{made_of} becomes {element.tensor.name}{element.index_text}: {value}")
    return ". ".join(sentences) + "."
