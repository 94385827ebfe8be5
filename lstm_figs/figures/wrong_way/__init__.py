"""The figure `wrong-way`."""

from ...errors import BeyondLimit
from ...layout.blocks import Block as Part
from ...layout.blocks import flow
from ...layout.cells import spoken
from ...layout.fold import excerpt
from ...layout.provenance import origin, provenance
from ...layout.room import inner
from ...proof.bindings import sentence
from ...proof.subject import Subject
from ...scene.scenes import Diagram, Head
from .mistake import Mistake, Side
from .mistakes import MISTAKES, Name
from .sides import Drawn, units_of


def wrong_way(subject: Subject, room: float, *, mistake: Name = "h-n-view") -> Diagram:
    """A classic mistake, its numbers beside the right ones.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        mistake: Which mistake.

    Raises:
        BeyondLimit: If it changes nothing here.
    """
    found, space = MISTAKES[mistake](subject), inner(room)
    if _second(found.wrong) == _second(found.right):
        raise BeyondLimit(
            f"got tensors with which --mistake {mistake} changes no number, "
            "expected some that show it; choose other weights or another input"
        )
    lines = max(len(side.code) for side in (found.wrong, found.right))
    sides: list[Part] = [
        Drawn(side, name, found.claim(name), lines, space).block()
        for name, side in (("wrong", found.wrong), ("right", found.right))
    ]
    body = flow(sides, space, 40)
    return Diagram(
        _head(subject, found),
        " ".join(
            _said(name, side) for name, side in (("wrong", found.wrong), ("right", found.right))
        ),
        space,
        body.height,
        body.marks,
        room,
        found.setup,
    )


def _second(side: Side) -> list[float]:
    """The numbers of the second column, but for rounding; NaN is unlike NaN."""
    return [
        float(f"{number.value:.5g}") for blocks in side.rows for number in blocks[1].values or ()
    ]


def _head(subject: Subject, found: Mistake) -> Head:
    notes = list(found.notes)
    units = excerpt(units_of(found.right))
    if units.folded:
        notes.append(
            sentence(
                "{} of {} units are drawn; dots stand for the others.",
                (len(units.indices), str(len(units.indices))),
                (units.count, "right[0].shape[-1]")
                if isinstance(found.right.columns, tuple)
                else (units.count, f"{found.state}.shape[-1]"),
            )
        )
    return Head(
        found.title,
        found.lead,
        provenance(subject, built=("both", found.both) if found.both else None),
        tuple(notes),
        origin(subject),
    )


def _said(name: str, side: Side) -> str:
    """The numbers of a side: of each sequence, or of each column."""
    if isinstance(side.columns, tuple):
        rows = [(block,) for block in side.rows[0][:2]]
    else:
        rows = list(zip(*side.rows, strict=True))
    told = []
    for k, blocks in enumerate(rows):
        values = [n for block in blocks for n in block.values or ()]
        wrong = ", wrong" * any(block.wrong for block in blocks)
        each = [block.values for block in blocks if block.values]
        # What is printed is said, also where all of it would be an excerpt.
        if all(not excerpt(len(one)).folded for one in each):
            listed = ", ".join(map(spoken, each))
        else:
            listed = spoken(values)
        told.append(f"{name}[{k}] is {listed}{wrong}")
    return f"{name.capitalize()}: {'; '.join(told)}."
