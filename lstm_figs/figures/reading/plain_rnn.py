"""The figure for a plain RNN that reads a text: its answers and its h."""

from dataclasses import dataclass
from functools import cached_property

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
from .headings import LETTER_SIZE, TOKENS_MIDDLE
from .plan import MAX_BANDS, Plan
from .reader import Reader
from .title import WRONG_COUNT, wrong_answers

NAME = "hidden"
"""The name of h in the preamble."""
UNIT_HEIGHT = 30.0
"""The height of one unit of h."""
ANSWERS_TOP, NUMBERS_HEIGHT = 24.0, 28.0
"""The distance from the top to the answers, and the height of the numbers."""
MIN_NUMBER_GAP, MAX_NUMBER_OVERHANG = 3.0, 5.0
"""The least gap between two printed numbers, and how far one may be left of the steps."""
BAND_GAP, UNIT_GAP = 24.0, 12.0
"""The gaps between two bands, and between the answers and a unit."""


def diagram(subject: LayerRun, width: float, network: Plain) -> Diagram:
    """Draw the answers after each character, and below them h of each unit.

    Args:
        subject: The run whose text is read; its LSTM is not drawn.
        width: The width that the figure may use.
        network: The plain RNN that reads the text.
    """
    return _Reading(subject, width, network).diagram()


@dataclass(frozen=True, eq=False)
class _Reading:
    """A plain RNN that reads a text; the attributes are those of `diagram`."""

    subject: LayerRun
    width: float
    network: Plain

    @cached_property
    def h(self) -> Array:
        """The h of every step, shape `(seq_len, hidden_size)`."""
        return self.network.run(self.subject.trace.x[:, 0])

    @cached_property
    def ground_truth(self) -> Truth:
        """The right answers after each step."""
        return truth(self.subject.trace.origin.text)

    @cached_property
    def reader(self) -> Reader:
        """The answers of the network, and the right ones."""
        readout = self.subject.trace.origin.readout
        assert readout is not None
        assert readout.bias is not None
        sums = self.h @ readout.weight.T + readout.bias
        return Reader(
            answers=sigmoid(sums),
            sums=sums,
            outputs=readout.outputs,
            truth=self.ground_truth,
            trained=False,
            counting_unit=None,
            quote_unit=None,
        )

    def plan(self, width: float) -> Plan:
        """Return the layout of tokens and answers that focus `task` has for an LSTM."""
        # `Plan` needs units for its widths; its c is not drawn here.
        units = (0, 1)[: self.subject.weights.hidden_size]
        return Plan(self.subject, width, units, self.reader, focus="task")

    @cached_property
    def layout(self) -> Plan:
        """The layout of this form."""
        return self.plan(self.width)

    @property
    def bands(self) -> list[Steps]:
        """The bands that are drawn."""
        return self.layout.all_bands[:MAX_BANDS]

    @property
    def candidate_steps(self) -> list[int]:
        """The steps at which a bracket opens, and the steps just before those.

        h before and after a bracket shows what the bracket changes.
        """
        depth = self.ground_truth.depth
        changes = enumerate(zip((0, *depth), depth, strict=False))
        opens = [t for t, (before, now) in changes if now > before]
        return sorted({*opens, *(t - 1 for t in opens[1:])})

    @cached_property
    def printed_steps(self) -> list[int]:
        """The candidate steps for which the wide form can print h of any unit."""
        candidates = self.candidate_steps
        bands = self.plan(WIDE).all_bands[:MAX_BANDS]
        printed = [
            {mark.id for steps in bands for mark in self.numbers(steps, 0, unit, candidates)}
            for unit in range(self.h.shape[1])
        ]
        return [
            t
            for t in candidates
            if all(_number_id(t, unit) in ids for unit, ids in enumerate(printed))
        ]

    @cached_property
    def clearest_unit(self) -> int:
        """The unit whose h is printed: that with the largest |h| at these steps."""
        return int(np.argmax(abs(self.h[self.printed_steps]).sum(0)))

    def diagram(self) -> Diagram:
        """Draw the figure."""
        marks: list[Mark] = []
        y = 0.0
        for steps in self.bands:
            band_marks, bottom = self.band(steps, y)
            marks += band_marks
            y = bottom + BAND_GAP
        return Diagram(
            heading=self.head(),
            description=self.description(),
            width=inner_width(self.width),
            height=y - BAND_GAP,
            marks=tuple(marks),
            figure_width=self.width,
            setup=self.setup(),
        )

    def band(self, steps: Steps, y: float) -> tuple[list[Mark], float]:
        """Draw a band; return its marks and its bottom."""
        top = y
        marks = over_time.token_labels(
            steps,
            y + TOKENS_MIDDLE,
            self.layout.tokens,
            [f"h-{steps.first}-{unit}" for unit in range(self.h.shape[1])],
            size=words.NUMBER if self.layout.is_narrow else LETTER_SIZE,
        )
        answer_marks, y = answers(self.layout, self.reader, steps, y + ANSWERS_TOP)
        marks += answer_marks
        for unit in range(self.h.shape[1]):
            unit_marks, y = self.unit(steps, y + UNIT_GAP, unit)
            marks += unit_marks
        return [*shades(self.reader, steps, top - 4, y), *marks], y

    def unit(self, steps: Steps, y: float, unit: int) -> tuple[list[Mark], float]:
        """Draw h of a unit, with numbers for the clearest; return marks and bottom."""
        middle, top = y + NUMBERS_HEIGHT / 2, y + NUMBERS_HEIGHT
        scale = Scale(-1, 1, top + 2 * UNIT_HEIGHT, top)
        values = Vector(self.h[steps.as_slice, unit], Ref(NAME), first=steps.first, after=(0, unit))
        line = over_time.step_line(
            steps,
            scale,
            values,
            "ink",
            width=styles.LINE.strong.weight,
            id=f"h-{steps.first}-{unit}",
            term="h",
        )
        numbers: list[Text] = []
        if unit == self.clearest_unit:
            numbers = self.numbers(steps, middle, unit, self.printed_steps)
        unit_name = words.label(
            0,
            middle,
            f"unit {unit}",
            names={"unit": unit},
            of=numbers or line,
            along="row" if numbers else "block",
            style=words.STRONG,
        )
        line_name = words.label(
            steps.right + 4,
            scale(float(values.values[-1])),
            "h",
            names={"tensor": NAME, "unit": unit},
            of=line,
            along="band",
            style=words.STRONG,
            term="h",
        )
        axis = over_time.axis(steps, scale, (-1, 0, 1))
        return [unit_name, *numbers, *axis, *line, line_name], scale.start

    def numbers(self, steps: Steps, y: float, unit: int, printed_steps: list[int]) -> list[Text]:
        """Print h at some steps, except where a number would touch the previous one."""
        values = Vector(self.h[:, unit], Ref(NAME), after=(0, unit))
        marks: list[Text] = []
        for t in printed_steps:
            if t not in steps.ts:
                continue
            number = words.number(
                steps.middle(t), y, values[t], size=words.SMALL, id=_number_id(t, unit), term="h"
            )
            # The gap beside the tick labels has space for a part of the first number.
            min_left = steps.left - MAX_NUMBER_OVERHANG
            if marks:
                min_left = marks[-1].left + marks[-1].width + MIN_NUMBER_GAP
            if number.left > min_left:
                marks.append(number)
        return marks

    def head(self) -> Head:
        """Return the texts above and below the drawing."""
        count, network = len(self.subject.steps), self.network
        left_out = count - sum(len(steps.ts) for steps in self.bands)
        return Head(
            self.title(),
            Sentence(""),
            provenance(
                self.subject,
                count_item("step", count, "len(x)"),
                # The shape of weight_ih is (hidden_size, input_size).
                built=("rnn", f"nn.RNN{network.weight_ih.shape[::-1]}"),
            ),
            (over_time.left_out_note(self.subject, left_out),) if left_out else (),
        )

    def title(self) -> Sentence:
        wrong = wrong_answers(self.reader)
        if not wrong:
            return sentence("A plain RNN: every answer is right", claim=f"{WRONG_COUNT} == 0")
        verb = "are" if wrong > 1 else "is"
        return sentence(
            f"A plain RNN: {{}} of {{}} answers {verb} wrong",
            (wrong, WRONG_COUNT),
            (self.reader.answers.size, "answers.numel()"),
        )

    def description(self) -> str:
        """Return the alternative text: the text that is read, and the printed numbers."""
        steps_text = count_phrase(len(self.subject.steps), "step")
        description = f"{steps_text}: {self.subject.trace.origin.text}."
        if not self.printed_steps:
            return description
        unit = self.clearest_unit
        values = (f"at step {t + 1} h is {text(self.h[t, unit])}" for t in self.printed_steps)
        return f"{description} Unit {unit}: {'; '.join(values)}."

    def setup(self) -> str:
        """Return the Python that runs the network."""
        return "\n".join(
            [
                over_time.tokens_setup(self.subject.trace)[0],
                TRUTH_SETUP,
                self.subject.trace.origin.readout_setup,
                f"{NAME}, _ = rnn(x)",
                f"answers = torch.sigmoid(readout({NAME}))",
                f"outputs = {list(self.reader.outputs)}",
            ]
        )


def _number_id(t: int, unit: int) -> str:
    """Return the id of h of a unit at a step."""
    return f"shown-{t}-{unit}"
