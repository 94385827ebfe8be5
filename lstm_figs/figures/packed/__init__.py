"""The figure `packed`."""

from collections.abc import Sequence

from ...layout.cells import spoken
from ...layout.fold import WHOLE, dotted
from ...layout.provenance import count_of, origin, provenance
from ...layout.room import inner
from ...proof.bindings import Sentence, sentence, sentence_of
from ...proof.digits import counted, text
from ...proof.reference import Number
from ...proof.subject import Subject
from ...scene.scenes import Diagram, Head
from .bars import bars
from .grids import grids
from .packing import Packing, packing_of


def packed(subject: Subject, room: float, *, lengths: tuple[int, ...] = ()) -> Diagram:
    """A padded batch, sorted by length and packed step by step.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        lengths: Steps of each sequence, as in `5,2,3`; mixed by default.
    """
    shown, space = packing_of(subject, lengths), inner(room)
    printed = max(shown.count, shown.steps) <= WHOLE
    body = (grids if printed else bars)(shown, space)
    return Diagram(
        _head(subject, shown, dotted(body.marks), printed=printed),
        _said(shown, printed),
        space,
        body.height,
        body.marks,
        room,
        shown.setup,
    )


def _head(subject: Subject, shown: Packing, dots: Sequence[Sentence], *, printed: bool) -> Head:
    padded, packed = shown.updates
    notes = []
    if printed:
        dashed = min(shown.lengths) < shown.steps
        notes.append(
            sentence(
                "A cell is one step of the sequence whose number is in it"
                f"{'; dashed cells are padding' * dashed}. batch_sizes counts "
                "the sequences that reach a step.",
                claim="not padded[padding].any()" if dashed else "",
            )
        )
    else:
        notes.append(sentence("A bar is a sequence, as long as it has steps."))
    notes += dots
    given = subject.trace.x.shape[1]
    if shown.count < given:
        notes.append(
            sentence(
                "{} of {} sequences are shown.",
                (shown.count, "len(lengths)"),
                (given, "x.shape[1]"),
            )
        )
    elif shown.batch.note:
        notes.append(sentence_of(shown.batch.note))
    return Head(
        sentence("Packing leaves the padding out"),
        sentence(
            "A PackedSequence holds the first step of every sequence, then the "
            "second of those that have one, and so on: the cell runs {} "
            f"time{'s' * (int(packed.value) != 1)} instead of {{}}.",
            (text(packed.value, 0), f"{packed.expr}.item()"),
            (text(padded.value, 0), f"{padded.expr}.item()"),
        ),
        provenance(subject, count_of("sequence", shown.count, "len(lengths)")),
        tuple(notes),
        origin(subject),
    )


def _said(shown: Packing, printed: bool) -> str:
    padded, packed = shown.updates
    if printed:
        whose = [shown.data_number(j) for j in range(shown.data_shape[0])]
        words = [
            f"Sequence {n} has {counted(length, 'step')}" for n, length in enumerate(shown.lengths)
        ]
        several = "s" * (shown.count > 1)
        words.append(f"data is of sequence{several} {_all(whose)}")
    else:
        data = [shown.data(j) for j in range(shown.data_shape[0])]
        words = [f"lengths {spoken(shown.field('lengths'))}", f"data {spoken(data)}"]
    words += [
        *(
            f"{name} {spoken(shown.field(name))}"
            for name in ("batch_sizes", "sorted_indices", "unsorted_indices")
        ),
        f"{spoken([packed])} cell update{'s' * (int(packed.value) != 1)} "
        f"instead of {spoken([padded])}",
    ]
    return f"{counted(shown.count, 'sequence')}. " + ". ".join(words) + "."


def _all(values: list[Number]) -> str:
    """All of them, however many."""
    return ", ".join(spoken([value]) for value in values)
