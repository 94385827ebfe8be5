"""What a mistake is, and what all of them are made of."""

from typing import NamedTuple

from ...model.tensors import Array, Trace
from ...proof.runs.batches import Batch, Built, batch_of, inputs, state_note
from ...proof.subject import SUMMED, Number, Subject


class Block(NamedTuple):
    """Numbers of all units, one below the other.

    Attributes:
        caption: What they are in code.
        values: One for each unit; None where they are missing.
        wrong: Whether they are not what was meant.
        term: Their term.
    """

    caption: str
    values: list[Number] | None
    wrong: bool
    term: str = "h_n"


class Side(NamedTuple):
    """A way to do it.

    Attributes:
        code: What one writes.
        columns: What stands above each column of blocks.
        rows: Blocks, from the top.
        bands: What the bands of rows are, and what they are taken for, where
            that matters.
        steps: How many steps two sequences have, where it matters which way
            the state goes.
        along: Whether it goes along the steps, not from one sequence to the
            other.
    """

    code: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Block, ...], ...]
    bands: tuple[str, str] = ("", "")
    steps: int = 0
    along: bool = True


class Mistake(NamedTuple):
    """A wrong way and the right one.

    Attributes:
        title: States the point.
        subtitle: Names the module and what is shown.
        notes: Why the numbers differ, and what was made for the figure.
        wrong: The wrong way.
        right: The right way.
        setup: Python that makes `wrong` and `right`.
    """

    title: str
    subtitle: str
    notes: tuple[str, ...]
    wrong: Side
    right: Side
    setup: str


def numbers(values: Array, expr: str, scale: float) -> list[Number]:
    """A vector; `{}` in the expression is the unit."""
    return [
        Number(value, expr.format(k), scale) for k, value in enumerate(values)
    ]


def scale_of(*traces: Trace) -> float:
    """The largest scale of any step."""
    return max(step.scale for trace in traces for step in trace.steps)


def two(subject: Subject) -> Batch:
    """Two sequences, given or made."""
    return batch_of(inputs(subject), 2, SUMMED)


def sequences(batch: Batch) -> tuple[str, ...]:
    """What columns of sequences are called."""
    return tuple(f"sequence {n}" for n in range(batch.x.shape[1]))


def described(built: Built, batch: Batch) -> str:
    """The module and what it runs over."""
    steps, count = batch.x.shape[:2]
    return (
        f"{built.signature}, {count} sequences of {steps} "
        f"step{'s' * (steps > 1)}"
    )


def made(subject: Subject, built: Built, batch: Batch) -> list[str]:
    """What was made for the figure."""
    return [
        note for note in (built.note, batch.note, state_note(subject)) if note
    ]
