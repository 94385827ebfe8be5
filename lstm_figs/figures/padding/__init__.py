"""The figure `padding`: h and h_n of a run over padding, and of the same run packed."""

from ...layout.blocks import block_column, block_row
from ...layout.excerpts import short_excerpt
from ...layout.margins import inner_width
from ...layout.number_lists import number_list
from ...layout.provenance import count_item, provenance, source
from ...model.layer_run import LayerRun
from ...proof.bindings import sentence, sentence_of
from ...proof.digits import count_phrase
from ...proof.runs.batches import BuiltModule, both_directions, state_note
from ...scene.scenes import Diagram, Head
from .lanes import Lanes
from .runs import Run, runs_of, setup_of

MAX_STEPS = 7
"""The most steps, padding included."""
MIN_WIDE_WIDTH, GAP = 640.0, 36.0
"""Figures at least this wide have both directions side by side, with this gap."""
MAX_DIRECTION_WIDTH = (inner_width(720) - GAP) / 2
"""The largest width of a direction; it keeps narrow forms from printing more numbers."""


def padding(subject: LayerRun, width: float, *, padding: int = 3) -> Diagram:
    """What a run over padding does to the hidden state.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        padding: How many steps of padding follow the sequence, 1 to 6.
    """
    subject.check("padding", padding, MAX_STEPS - 1, 1)
    length = min(len(subject.steps), MAX_STEPS - padding)
    both, space = both_directions(subject), inner_width(width)
    runs = runs_of(subject, both, length, padding)
    is_wide = width >= MIN_WIDE_WIDTH
    direction_width = (space - GAP) / 2 if is_wide else min(space, MAX_DIRECTION_WIDTH)
    blocks = [
        Lanes(way, part, length, direction_width).block()
        for way, part in (("forward", runs[:2]), ("reverse", runs[2:]))
    ]
    body = block_row(blocks, GAP) if is_wide else block_column(blocks, 26)
    return Diagram(
        _head(subject, both, runs, length, padding),
        f"A sequence of {count_phrase(length, 'step')} and "
        f"{count_phrase(padding, 'step')} of padding. "
        + " ".join(_run_description(run) for run in runs),
        space,
        body.height,
        body.marks,
        width,
        setup_of(both, length, padding, len(subject.weights.weight_ih[0])),
    )


def _head(subject: LayerRun, both: BuiltModule, runs: list[Run], length: int, padding: int) -> Head:
    notes = [
        sentence(
            "A bar is h of one unit, upwards if it is positive, and hollow if "
            "it is wrong. A line leads from the step where h_n is read. "
            "Packed, the output has zeros in place of the padding."
        )
    ]
    if subject.weights.bias_ih is None and runs[2].are_steps_right:
        notes.append(
            sentence(
                "Without biases zeros leave a state of zeros as it is, so the "
                "reverse direction is right here.",
                claim="not both.bias",
            )
        )
    remarks = both.note, state_note(subject)
    notes += [sentence_of(remark) for remark in remarks if remark]
    if len(subject.steps) > length:
        notes.append(sentence("The sequence is cut after step {}.", (length, "len(sequence)")))
    units = short_excerpt(len(runs[0].h_n))
    if units.is_folded:
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
        if runs[2].are_steps_right
        else sentence(
            "Forward, h_n is read after the padding. In reverse the padding "
            "is read first, so the sequence starts from the state that it "
            "leaves. Packed, both are right."
        ),
        provenance(
            subject,
            count_item("step", length, "len(sequence)"),
            ("{} of padding", padding, "len(zeros)"),
            built=("both", both.signature),
        ),
        tuple(notes),
        source(subject),
    )


def _run_description(run: Run) -> str:
    """Describe a run for the alternative text."""
    way = "Reverse" if run.key.startswith("reverse") else "Forward"
    steps = "; ".join(f"step {t + 1} h {number_list(h)}" for t, h in enumerate(run.h))
    return (
        f"{way}, {run.code}: {steps}; h_n {number_list(run.h_n)}, "
        f"{'right' if run.is_right else 'wrong'}."
    )
