"""The figure `packed`: a padded batch and its `PackedSequence`."""

from collections.abc import Sequence

from ...layout.excerpts import MAX_UNFOLDED, dots_notes
from ...layout.margins import inner_width
from ...layout.number_lists import number_list
from ...layout.provenance import count_item, origin, provenance
from ...model.layer_run import LayerRun
from ...model.reference import Number
from ...proof.bindings import Sentence, joined, sentence, sentence_of
from ...proof.digits import count_phrase, text
from ...scene.scenes import Diagram, Head
from .bars import bars
from .grids import grids
from .packing import Packing, packing_of


def packed(subject: LayerRun, width: float, *, lengths: tuple[int, ...] = ()) -> Diagram:
    """A padded batch, sorted by length and packed step by step.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        lengths: Steps of each sequence, as in `5,2,3`; mixed by default.
    """
    packing, space = packing_of(subject, lengths), inner_width(width)
    printed = max(packing.count, packing.steps) <= MAX_UNFOLDED
    body = (grids if printed else bars)(packing, space)
    return Diagram(
        heading=_head(subject, packing, dots_notes(body.marks), printed=printed),
        description=_description(packing, printed),
        width=space,
        height=body.height,
        marks=body.marks,
        figure_width=width,
        setup=packing.setup,
    )


def _head(subject: LayerRun, packing: Packing, dots: Sequence[Sentence], *, printed: bool) -> Head:
    padded, packed = packing.updates
    batch_size, batch_note = subject.trace.x.shape[1], packing.batch.note
    if printed and batch_note:
        # One note says what both would say.
        number = "The number k in a cell is its sequence, a copy that starts k steps later."
        notes, batch_note = [sentence(number, claim=batch_note.claim)], None
    elif printed:
        notes = [sentence("The number in a cell is its sequence.")]
    else:
        notes = [sentence("A bar is a sequence, as long as it has steps.")]
    notes += dots
    if packing.count < batch_size:
        notes.append(
            sentence(
                "{} of {} sequences are shown.",
                (packing.count, "len(lengths)"),
                (batch_size, "x.shape[1]"),
            )
        )
    elif batch_note:
        notes.append(sentence_of(batch_note))
    updates = "cell update" if int(packed.value) == 1 else "cell updates"
    return Head(
        sentence("Packing leaves the padding out"),
        sentence(
            "A PackedSequence holds the first step of every sequence, then the "
            "second of those that have one, and so on: {} "
            f"{updates} instead of {{}}.",
            (text(packed.value, 0), f"{packed.expr}.item()"),
            (text(padded.value, 0), f"{padded.expr}.item()"),
        ),
        provenance(subject, count_item("sequence", packing.count, "len(lengths)")),
        (joined(notes),),
        origin(subject),
    )


def _description(packing: Packing, printed: bool) -> str:
    padded, packed = packing.updates
    if printed:
        owners = [packing.data_number(j) for j in range(packing.data_shape[0])]
        words = [
            f"Sequence {n} has {count_phrase(length, 'step')}"
            for n, length in enumerate(packing.lengths)
        ]
        noun = "sequence" if packing.count == 1 else "sequences"
        words.append(f"data is of {noun} {_all_numbers(owners)}")
    else:
        words = [f"{name} {number_list(packing.values(name))}" for name in ("lengths", "data")]
    updates = "cell update" if int(packed.value) == 1 else "cell updates"
    words += [
        *(
            f"{name} {number_list(packing.field(name))}"
            for name in ("batch_sizes", "sorted_indices", "unsorted_indices")
        ),
        f"{number_list([packed])} {updates} instead of {number_list([padded])}",
    ]
    return f"{count_phrase(packing.count, 'sequence')}. " + ". ".join(words) + "."


def _all_numbers(values: list[Number]) -> str:
    """Return all numbers as text, without an ellipsis."""
    return ", ".join(number_list([value]) for value in values)
