"""What a mistake is, and what all of them are made of."""

from typing import NamedTuple

from ...layout.blocks import proven_code
from ...model.layer_run import MAX_SUMMED_STEPS, Subject
from ...model.reference import Vector
from ...model.tensors import Trace
from ...proof.bindings import Sentence, sentence_of
from ...proof.runs.batches import Batch, BuiltModule, batch_of, inputs, state_note


class Block(NamedTuple):
    """Numbers of all units, one below the other.

    Attributes:
        caption: What they are in code, or what the column is.
        values: One for each unit; None where they are missing.
        wrong: Whether they are not what was meant.
        term: Their term.
    """

    caption: Sentence | None
    values: Vector | None
    wrong: bool
    term: str = "h_n"


class Side(NamedTuple):
    """A way to do it.

    Attributes:
        code: What one writes.
        columns: How many sequences there are, or what each column is.
        rows: Blocks, from the top.
        bands: What the bands of rows are, and what they are taken for, where
            that matters.
        steps: How many steps two sequences have, where it matters which way
            the state goes.
        is_along_steps: Whether it goes along the steps, not from one sequence to the
            other.
    """

    code: tuple[Sentence, ...]
    columns: int | tuple[str, ...]
    rows: tuple[tuple[Block, ...], ...]
    bands: tuple[str, str] = ("", "")
    steps: int = 0
    is_along_steps: bool = True


class Mistake(NamedTuple):
    """A wrong way and the right one.

    Attributes:
        title: States the point.
        lead: Why nobody notices.
        notes: Why the numbers differ, and what was made for the figure.
        wrong: The wrong way.
        right: The right way.
        setup: Python that makes `wrong` and `right`.
        expected: An expression of what was meant.
        compared: What of a way has to be that; `{}` stands for the way.
        both_signature: The module of two directions as it is built, which `setup` calls
            `both_signature`; empty where the mistake needs none.
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
        """What is true where a way is called `wrong` or `right`."""
        near = "rtol=1e-3, atol=1e-5, equal_nan=True"
        if name == "wrong":
            near = "rtol=1e-6, atol=0"
        same = (
            "(lambda made, meant: made.shape == meant.shape and "
            f"torch.allclose(made, meant, {near}))"
            f"({self.compared.format(name)}, {self.expected})"
        )
        return f"not {same}" if name == "wrong" else same

    @property
    def state(self) -> str:
        """What the preamble calls a state, whose last axis is of units."""
        return "h_n" if "(h_n, _)" in self.setup else "right"


def captioned(code: str, name: str, values: Vector, *, wrong: bool) -> Block:
    """A state, with the code that yields it from what a module returned.

    Args:
        code: The code, in which the module's result is called `h_n` or
            `output`.
        name: What the preamble calls that result.
        values: The state.
        wrong: Whether it is not what was meant.
    """
    term = code.partition("[")[0]
    same = f"torch.allclose({code}, {values.part}, equal_nan=True)"
    claim = same if term == name else f"(lambda {term}: {same})({name})"
    return Block(proven_code(code, claim), values, wrong, term)


def scale_of(*traces: Trace) -> float:
    """The largest scale of any step."""
    return max(step.scale for trace in traces for step in trace.steps)


def two_sequences(subject: Subject) -> Batch:
    """Two sequences, given or made."""
    return batch_of(inputs(subject), 2, MAX_SUMMED_STEPS)


def built_notes(subject: Subject, built: BuiltModule, batch: Batch) -> list[Sentence]:
    """What was made for the figure."""
    notes = built.note, batch.note, state_note(subject)
    return [sentence_of(note) for note in notes if note]
