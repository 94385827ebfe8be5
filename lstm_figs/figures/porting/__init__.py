"""The figure `porting`."""

from typing import Literal

from ...layout.blocks import below, titled
from ...layout.provenance import origin, provenance
from ...layout.room import inner
from ...model.lstm import GATES
from ...porting import TARGETS, Target
from ...proof.bindings import sentence
from ...proof.digits import text
from ...proof.subject import Subject
from ...scene.scenes import Diagram, Head
from .bands import moved, turned
from .others import others
from .sides import Side, ours, setup, theirs

Library = Literal["keras", "onnx", "flax", "openvino"]

NARROWEST_WIDE = 560
"""Below this width numbers stand below what they are in."""


def porting(subject: Subject, room: float, *, to: Library = "keras") -> Diagram:
    """How the tensors of another library are made of PyTorch's.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        to: The library; keras by default.
    """
    target, space = TARGETS[to], inner(room)
    close = room < NARROWEST_WIDE
    left, right = ours(subject), theirs(subject, target, to)
    if target.transposed:
        drawn = turned(left, right, space, close, target.by_gate)
    else:
        drawn = moved(left, right, space, close)
    body = below(
        [
            drawn,
            titled(
                sentence("The same row in the other tensors"),
                others(left, right, space, close, target.transposed),
                room=space,
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
        room,
        setup(subject, target, to),
    )


def _head(subject: Subject, target: Target) -> Head:
    biased = subject.weights.bias_ih is not None
    adds = ", biases add up" if target.summed and biased else ""
    if target.by_gate:
        title = f"To {target.label}: one transposed matrix per gate"
    elif target.transposed:
        title = f"To {target.label}: rows become columns{adds}"
    else:
        title = f"To {target.label}: bands of rows change places{adds}"
    held = subject.variable
    notes = [sentence("Each band says its gate, and its rows or columns.")]
    if not biased:
        notes.append(sentence("The module has no bias.", claim=f"not {held}.bias"))
    elif target.summed:
        notes.append(sentence("Once they are added, the biases cannot be told apart."))
    else:
        notes.append(sentence("B holds both biases, one after the other."))
    if subject.weights.proj_size:
        notes.append(
            sentence(
                f"{target.label} has no projection, so weight_hr is left out.",
                claim=f"{held}.proj_size > 0",
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
    """Which gates the library has, in which order, by which letters."""
    mine, here = ", ".join(GATES), ", ".join(target.letters)
    if target.by_gate:
        return (
            f"PyTorch stacks the gates {mine} in one tensor; {target.label} "
            "has one tensor for each."
        )
    return f"PyTorch stacks the gates as {mine}, {target.label} as {here}: its c is PyTorch's g."


def _description(target: Target, left: Side, right: Side) -> str:
    """Where each band goes, and the traced weights."""
    ends = {band.gate: band for band in right.bands}
    said = []
    for band in left.bands:
        end = ends[band.gate]
        there = (
            f"all of {end.whole.name}"
            if target.by_gate
            else f"{'columns' if target.transposed else 'rows'} {end.first} "
            f"to {end.last} of {end.whole.name}"
        )
        said.append(
            f"Gate {band.gate}, rows {band.first} to {band.last}: in {target.label} {there}"
        )
    every = {one.made_of: one for one in (left.traced, *left.others)}
    for one in (right.traced, *right.others):
        made_of = " + ".join(f"{name}{every[name,].written}" for name in one.made_of)
        value = text(one.number.value, room=6)
        if len(one.made_of) > 1:
            addends = (every[name,].number.value for name in one.made_of)
            value = f"{' + '.join(map(text, addends))} = {value}"
        said.append(f"{made_of} becomes {one.tensor.name}{one.written}: {value}")
    return ". ".join(said) + "."
