"""What a mistake is, and what all of them are made of."""

from typing import NamedTuple

from ...layout.blocks import proven
from ...model.tensors import Array, Trace
from ...proof.bindings import Sentence, sentence_of
from ...proof.runs.batches import Batch, Built, batch_of, inputs, state_note
from ...proof.subject import SUMMED, Number, Subject


class Block(NamedTuple):
    """Numbers of all units, one below the other.

    Attributes:
        caption: What they are in code, or what the column is.
        values: One for each unit; None where they are missing.
        wrong: Whether they are not what was meant.
        term: Their term.
    """

    caption: Sentence | None
    values: list[Number] | None
    wrong: bool
    term: str = "h_n"

    @property
    def of(self) -> str:
        """The expression of all of its numbers.

        >>> numbers = [Number(0.5, "wrong[1, 2 + 0]"), Number(1.0, "")]
        >>> Block(None, numbers, False).of
        'wrong[1, 2:4]'
        """
        if not self.values:
            return ""
        head, _, tail = self.values[0].expr.rpartition("[")
        inside, _, rest = tail.partition("]")
        *before, last = inside.split(", ")
        first = int(last.partition(" + ")[0]) if " + " in last else 0
        part = f"{first}:{first + len(self.values)}"
        return f"{head}[{', '.join([*before, part])}]{rest}"


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
        along: Whether it goes along the steps, not from one sequence to the
            other.
    """

    code: tuple[Sentence, ...]
    columns: int | tuple[str, ...]
    rows: tuple[tuple[Block, ...], ...]
    bands: tuple[str, str] = ("", "")
    steps: int = 0
    along: bool = True


class Mistake(NamedTuple):
    """A wrong way and the right one.

    Attributes:
        title: States the point.
        lead: Why nobody notices.
        notes: Why the numbers differ, and what was made for the figure.
        wrong: The wrong way.
        right: The right way.
        setup: Python that makes `wrong` and `right`.
        both: The module of two directions as it is built, which `setup` calls
            `both`; empty where the mistake needs none.
    """

    title: Sentence
    lead: Sentence
    notes: tuple[Sentence, ...]
    wrong: Side
    right: Side
    setup: str
    both: str = ""

    @property
    def state(self) -> str:
        """What the preamble calls a state, whose last axis is of units."""
        return "h_n" if "(h_n, _)" in self.setup else "right"


def numbers(values: Array, expr: str, scale: float) -> list[Number]:
    """A vector; `{}` in the expression is the unit."""
    return [
        Number(value, expr.format(k), scale) for k, value in enumerate(values)
    ]


def captioned(
    code: str, of: str, name: str, values: Array, scale: float, *, wrong: bool
) -> Block:
    """A state, with the code that yields it from what a module returned.

    Args:
        code: The code, in which the module's result is called `h_n` or
            `output`.
        of: What numbers are called, with `{}` for the unit.
        name: What the preamble calls that result.
        values: The state.
        scale: Of the numbers.
        wrong: Whether it is not what was meant.
    """
    term = code.partition("[")[0]
    block = Block(None, numbers(values, of, scale), wrong, term)
    same = f"torch.allclose({code}, {block.of}, equal_nan=True)"
    claim = same if term == name else f"(lambda {term}: {same})({name})"
    return block._replace(caption=proven(code, claim))


def scale_of(*traces: Trace) -> float:
    """The largest scale of any step."""
    return max(step.scale for trace in traces for step in trace.steps)


def two(subject: Subject) -> Batch:
    """Two sequences, given or made."""
    return batch_of(inputs(subject), 2, SUMMED)


def made(subject: Subject, built: Built, batch: Batch) -> list[Sentence]:
    """What was made for the figure."""
    told = built.note, batch.note, state_note(subject)
    return [sentence_of(one) for one in told if one]
