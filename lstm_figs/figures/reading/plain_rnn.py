"""The figure for a plain RNN that reads a text: its answers and its h."""

from collections.abc import Iterable

import numpy as np

from ...layout import WIDE, styles, words
from ...layout.margins import inner_width
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...layout.provenance import count_item, provenance
from ...model.layer_run import LayerRun
from ...model.lstm import sigmoid
from ...model.plain_rnn import Plain
from ...model.reference import Ref, Vector
from ...model.tensors import Array
from ...proof.bindings import Scale, Sentence, sentence
from ...proof.digits import count_phrase, text
from ...proof.preamble.truth import TRUTH_SETUP, Truth, truth
from ...scene.marks import Mark, Text
from ...scene.scenes import Diagram, Head
from .answers import answers, shades
from .headings import LETTER_SIZE
from .plan import MAX_BANDS, Plan, plan
from .reader import Reader
from .title import WRONG_COUNT, wrong_answers

NAME = "hidden"
"""The name of h in the preamble."""
UNIT_HEIGHT = 30.0
"""The height of one unit of h."""
TOKENS_MIDDLE, ANSWERS_TOP, NUMBERS_HEIGHT = 9.0, 24.0, 28.0
"""The distances from the top to the text and the answers; the height of the numbers."""
MIN_NUMBER_GAP = 3.0
"""The least gap between two printed numbers."""
BAND_GAP, UNIT_GAP = 24.0, 12.0
"""The gaps between two bands, and between the answers and a unit."""


def diagram(subject: LayerRun, width: float, network: Plain) -> Diagram:
    """Draw the answers after each character, and below them h of each unit.

    Args:
        subject: The run whose text is read; its LSTM is not drawn.
        width: The width that the figure may use.
        network: The plain RNN that reads the text.
    """
    origin = subject.trace.origin
    h = network.run(subject.trace.x[:, 0])
    ground_truth = truth(origin.text)
    reader = _reader(subject, h, ground_truth)
    layout, wide_layout = (_plan(subject, form_width, reader) for form_width in (width, WIDE))
    chosen = _candidate_steps(ground_truth)
    printed_steps = _printed_steps(wide_layout, h, chosen)
    clearest = int(np.argmax(abs(h[sorted(printed_steps)]).sum(0)))
    marks: list[Mark] = []
    y = 0.0
    bands = layout.all_bands[:MAX_BANDS]
    for steps in bands:
        band_marks, bottom = _band(layout, steps, y, reader, h, printed_steps, clearest)
        marks += band_marks
        y = bottom + BAND_GAP
    count = len(subject.steps)
    left_out = count - sum(len(steps.ts) for steps in bands)
    description = f"{count_phrase(count, 'step')}: {origin.text}."
    if printed_steps:
        values = (f"at step {t + 1} h is {text(h[t, clearest])}" for t in sorted(printed_steps))
        description += f" Unit {clearest}: {'; '.join(values)}."
    return Diagram(
        Head(
            _title(reader),
            Sentence(""),
            provenance(
                subject,
                count_item("step", count, "len(x)"),
                built=("rnn", f"nn.RNN{network.weight_ih.shape[::-1]}"),
            ),
            (over_time.left_out_note(subject, left_out),) if left_out else (),
        ),
        description,
        inner_width(width),
        y - BAND_GAP,
        tuple(marks),
        width,
        "\n".join(
            [
                over_time.tokens_setup(subject.trace)[0],
                TRUTH_SETUP,
                origin.readout_setup,
                f"{NAME}, _ = rnn(x)",
                f"answers = torch.sigmoid(readout({NAME}))",
                f"outputs = {list(reader.outputs)}",
            ]
        ),
    )


def _reader(subject: LayerRun, h: Array, ground_truth: Truth) -> Reader:
    readout = subject.trace.origin.readout
    assert readout is not None
    assert readout.bias is not None
    sums = h @ readout.weight.T + readout.bias
    return Reader(sigmoid(sums), sums, readout.outputs, ground_truth, False, None, None)


def _plan(subject: LayerRun, width: float, reader: Reader) -> Plan:
    """Return the layout of tokens and answers that focus `task` has for an LSTM."""
    units = (0, 1)[: subject.weights.hidden_size]
    return plan(subject, width, units, reader, focus="task")


def _candidate_steps(ground_truth: Truth) -> list[int]:
    """Return the steps at which a bracket opens, and the steps just before those."""
    opens = [
        t
        for t, (before, now) in enumerate(
            zip((0, *ground_truth.depth), ground_truth.depth, strict=False)
        )
        if now > before
    ]
    return sorted({*opens, *(t - 1 for t in opens[1:])})


def _printed_steps(wide_layout: Plan, h: Array, chosen: list[int]) -> set[int]:
    """Return the chosen steps for which the wide form can print h of any unit."""
    return set.intersection(
        *(
            {
                t
                for steps in wide_layout.all_bands[:MAX_BANDS]
                for t in steps.ts
                for mark in _numbers(steps, 0, h, unit, chosen)
                if mark.id.split("-")[1] == str(t)
            }
            for unit in range(h.shape[1])
        )
    )


def _numbers(steps: Steps, y: float, h: Array, unit: int, chosen: Iterable[int]) -> list[Text]:
    """Print h at the chosen steps, except where a number would touch the previous one."""
    values = Vector(h[:, unit], Ref(NAME), after=(0, unit))
    marks: list[Text] = []
    for t in sorted(chosen):
        if t not in steps.ts:
            continue
        number = words.number(
            steps.middle(t), y, values[t], size=words.SMALL, id=f"shown-{t}-{unit}", term="h"
        )
        min_left = steps.left - 5
        if marks:
            min_left = marks[-1].left + marks[-1].width + MIN_NUMBER_GAP
        if number.left > min_left:
            marks.append(number)
    return marks


def _band(
    plan: Plan,
    steps: Steps,
    y: float,
    reader: Reader,
    h: Array,
    printed_steps: set[int],
    clearest: int,
) -> tuple[list[Mark], float]:
    """Draw a band, with h printed for the unit `clearest`; return marks and bottom."""
    top, count = y, h.shape[1]
    h_ids = [f"h-{steps.first}-{unit}" for unit in range(count)]
    marks = over_time.token_labels(
        steps,
        y + TOKENS_MIDDLE,
        plan.tokens,
        h_ids,
        size=words.NUMBER if plan.is_narrow else LETTER_SIZE,
    )
    answer_marks, y = answers(plan, reader, steps, y + ANSWERS_TOP)
    marks += answer_marks
    y += UNIT_GAP
    for unit, id in enumerate(h_ids):
        unit_steps = printed_steps if unit == clearest else ()
        numbers = _numbers(steps, y + NUMBERS_HEIGHT / 2, h, unit, unit_steps)
        marks.append(
            words.label(
                0,
                y + NUMBERS_HEIGHT / 2,
                f"unit {unit}",
                {"unit": unit},
                [number.id for number in numbers] or [id],
                "row" if numbers else "block",
                style=words.STRONG,
            )
        )
        marks += numbers
        scale = Scale(-1, 1, y + NUMBERS_HEIGHT + 2 * UNIT_HEIGHT, y + NUMBERS_HEIGHT)
        values = Vector(h[steps.part, unit], Ref(NAME), first=steps.first, after=(0, unit))
        marks += over_time.axis(steps, scale, (-1, 0, 1))
        marks += over_time.step_line(
            steps, scale, values, "ink", width=styles.LINE.strong.weight, id=id, term="h"
        )
        marks.append(
            words.label(
                steps.right + 4,
                scale(float(values.values[-1])),
                "h",
                {"tensor": NAME, "unit": unit},
                [id],
                "band",
                style=words.STRONG,
                term="h",
            )
        )
        y = scale.start + UNIT_GAP
    bottom = y - UNIT_GAP
    return [*shades(reader, steps, top - 4, bottom), *marks], bottom


def _title(reader: Reader) -> Sentence:
    wrong = wrong_answers(reader)
    if not wrong:
        return sentence("A plain RNN: every answer is right", claim=f"{WRONG_COUNT} == 0")
    verb = "are" if wrong > 1 else "is"
    return sentence(
        f"A plain RNN: {{}} of {{}} answers {verb} wrong",
        (wrong, WRONG_COUNT),
        (reader.answers.size, "answers.numel()"),
    )
