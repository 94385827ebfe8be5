"""The parts of a mistake, and helpers for all mistakes."""

from typing import NamedTuple

from ...layout.blocks import proven_code
from ...model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ...model.reference import Vector
from ...model.tensors import Trace
from ...proof.bindings import Sentence, joined, sentence, sentence_of
from ...proof.runs.batches import Batch, BuiltModule, batch_of, inputs, state_note


class Result(NamedTuple):
    """A vector that a way yields, drawn as numbers one below the other.

    Attributes:
        caption: The code that yields it, or None.
        values: One number for each unit; None if the way does not yield it.
        wrong: Whether the numbers are wrong, or missing.
        term: Their term.
    """

    caption: Sentence | None
    values: Vector | None
    wrong: bool
    term: str = "h_n"


class Side(NamedTuple):
    """One way, right or wrong.

    Attributes:
        code: The lines of code.
        columns: The number of sequences, or the headings of the columns.
        rows: The results, row by row and column by column.
        bands: The order of gates in the file, and the order in which they are
            read, such as `iofg`; empty if it does not matter.
        steps: The number of steps to draw for the route of the state; 0 to draw
            none.
        is_along_steps: Whether the state goes from step to step, not from
            sequence to sequence.
        memory: The direction and the sequence of the element of h_n that each
            result copies, by row and column; empty to draw no memory.
    """

    code: tuple[Sentence, ...]
    columns: int | tuple[str, ...]
    rows: tuple[tuple[Result, ...], ...]
    bands: tuple[str, str] = ("", "")
    steps: int = 0
    is_along_steps: bool = True
    memory: tuple[tuple[tuple[int, int], ...], ...] = ()


class Mistake(NamedTuple):
    """A wrong way and the right way.

    Attributes:
        title: The point of the figure.
        lead: Why the mistake goes unnoticed.
        notes: Why the numbers differ, and what was built for the figure.
        wrong: The wrong way.
        right: The right way.
        setup: The Python code that defines `wrong` and `right`.
        expected: The expression of the right result.
        compared: The part of a way to compare with it; `{}` is `wrong` or
            `right`.
        both_signature: The signature of the bidirectional module that the setup
            builds; empty if it builds none.
    """

    title: Sentence
    lead: Sentence
    notes: tuple[Sentence, ...]
    wrong: Side
    right: Side
    setup: str
    expected: str
    compared: str = "{}[1]"
    both_signature: str = ""

    def claim(self, name: str) -> str:
        """The claim that a way is `wrong` or `right`."""
        tolerances = "rtol=1e-3, atol=1e-5, equal_nan=True"
        if name == "wrong":
            # Small differences are wrong as well.
            tolerances = "rtol=1e-6, atol=0"
        same = (
            "(lambda made, meant: made.shape == meant.shape and "
            f"torch.allclose(made, meant, {tolerances}))"
            f"({self.compared.format(name)}, {self.expected})"
        )
        return f"not {same}" if name == "wrong" else same

    @property
    def state(self) -> str:
        """The name of a state in the preamble; its last axis is the units."""
        return "h_n" if "(h_n, _)" in self.setup else "right"


def captioned(code: str, name: str, values: Vector, *, wrong: bool) -> Result:
    """A block with a state, captioned by the code that yields it.

    Args:
        code: The code, which starts with `h_n` or `output`.
        name: The name of that result in the preamble.
        values: The state.
        wrong: Whether the state is wrong.
    """
    term = code.partition("[")[0]
    same = f"torch.allclose({code}, {values.part}, equal_nan=True)"
    claim = same if term == name else f"(lambda {term}: {same})({name})"
    return Result(proven_code(code, claim), values, wrong, term)


def scale_of(*traces: Trace) -> float:
    """The largest rounding scale of any step."""
    return max(step.scale for trace in traces for step in trace.steps)


def two_sequences(subject: LayerRun) -> Batch:
    """Two sequences: those of the input, or made from it."""
    return batch_of(inputs(subject), 2, MAX_SUMMED_STEPS)


def built_notes(subject: LayerRun, built: BuiltModule, batch: Batch) -> list[Sentence]:
    """The notes on what was built for the figure, as one paragraph."""
    notes = [sentence_of(note) for note in (built.note, batch.note, state_note(subject)) if note]
    is_batch_made = subject.trace.x.shape[1] == 1
    if is_batch_made and built.note and batch.note:
        # Both notes together would need two lines.
        both = sentence(
            "Made for this figure: the reverse direction, with weight_ih negated, "
            "and a second sequence, a step later.",
            claim=f"{built.note.claim} and {batch.note.claim}",
        )
        notes = [both, *notes[2:]]
    return [joined(notes)] if notes else []
