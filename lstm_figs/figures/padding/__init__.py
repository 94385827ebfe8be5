"""The figure `padding`."""

from ...layout.blocks import below, beside
from ...layout.cells import spoken
from ...layout.fold import few
from ...layout.provenance import count_of, provenance, source
from ...layout.room import inner
from ...proof.bindings import sentence, sentence_of
from ...proof.digits import counted
from ...proof.runs.batches import Built, both_ways, state_note
from ...proof.subject import Subject
from ...scene.scenes import Diagram, Head
from .lanes import Lanes
from .runs import Run, runs_of, setup_of

SHOWN = 7
"""The most steps, with padding."""
WIDE, APART = 640.0, 36.0
"""From which width on both directions stand beside each other, and how far
apart."""
MOST = (inner(720) - APART) / 2
"""The most that a direction takes, so that no form has numbers of its own."""


def padding(subject: Subject, room: float, *, padding: int = 3) -> Diagram:
    """What a run over padding does to the hidden state.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        padding: How many steps of padding follow the sequence, 1 to 6.
    """
    subject.check("padding", padding, SHOWN - 1, 1)
    length = min(len(subject.steps), SHOWN - padding)
    both, space = both_ways(subject), inner(room)
    runs = runs_of(subject, both, length, padding)
    wide = room >= WIDE
    each = (space - APART) / 2 if wide else min(space, MOST)
    blocks = [
        Lanes(way, part, length, each).block()
        for way, part in (("forward", runs[:2]), ("reverse", runs[2:]))
    ]
    body = beside(blocks, APART) if wide else below(blocks, 26)
    return Diagram(
        _head(subject, both, runs, length, padding),
        f"A sequence of {counted(length, 'step')} and "
        f"{counted(padding, 'step')} of padding. " + " ".join(_said(one) for one in runs),
        space,
        body.height,
        body.marks,
        room,
        setup_of(both, length, padding, len(subject.weights.weight_ih[0])),
    )


def _head(subject: Subject, both: Built, runs: list[Run], length: int, padding: int) -> Head:
    notes = [
        sentence(
            "A bar is h of one unit, upwards if it is positive, and hollow if "
            "it is wrong. A line leads from the step where h_n is read. "
            "Packed, the output has zeros in place of the padding."
        )
    ]
    if subject.weights.bias_ih is None and runs[2].valid:
        notes.append(
            sentence(
                "Without biases zeros leave a state of zeros as it is, so the "
                "reverse direction is right here.",
                claim="not both.bias",
            )
        )
    told = both.note, state_note(subject)
    notes += [sentence_of(one) for one in told if one]
    if len(subject.steps) > length:
        notes.append(sentence("The sequence is cut after step {}.", (length, "len(sequence)")))
    units = few(len(runs[0].h_n))
    if units.folded:
        notes.append(
            sentence(
                "{} of {} units are drawn.",
                (len(units.indices), str(len(units.indices))),
                (units.count, "padded_h_n.shape[-1]"),
            )
        )
    return Head(
        sentence("Padding is read like any other step"),
        sentence(
            "Forward, h_n is read after the padding; packed, after the last step of the sequence."
        )
        if runs[2].valid
        else sentence(
            "Forward, h_n is read after the padding. In reverse the padding "
            "is read first, so the sequence starts from the state that it "
            "leaves. Packed, both are right."
        ),
        provenance(
            subject,
            count_of("step", length, "len(sequence)"),
            ("{} of padding", padding, "len(zeros)"),
            built=("both", both.signature),
        ),
        tuple(notes),
        source(subject),
    )


def _said(one: Run) -> str:
    """A run for a description."""
    way = "Reverse" if one.key.startswith("reverse") else "Forward"
    steps = "; ".join(f"step {t + 1} h {spoken(h)}" for t, h in enumerate(one.h))
    return (
        f"{way}, {one.code}: {steps}; h_n {spoken(one.h_n)}, {'right' if one.right else 'wrong'}."
    )
