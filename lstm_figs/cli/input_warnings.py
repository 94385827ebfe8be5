"""Warnings about input that may not be what the user meant."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..errors import no_gates
from ..model.tensors import Array, Trace
from ..sources import Source
from .streams import print_error

if TYPE_CHECKING:
    from ..model.layer_run import LayerRun

MIN_PADDING = 4
"""The fewest equal steps at an end that cause a warning about padding."""


OVER_STEPS = {
    "gates-over-time",
    "keep-write-show",
    "learning",
    "reading",
    "unit-map",
    "units",
    "writes",
}
"""The figures of what a network does over time."""


def warn_of_noise(source: Source, figures: Iterable[str] = OVER_STEPS) -> None:
    """Warn if the user's network gets random input, and a figure shows what it does with it."""
    if source.reads_noise and OVER_STEPS.intersection(figures):
        print_error(
            "the input is random, because none was given, so figures and statistics of steps "
            "show nothing about the network's task; pass one with --input FILE"
        )


def warn_of_input(source: Source, trace: Trace) -> None:
    """Warn if axes may be exchanged, or steps may be padding."""
    if source.input is source.program is None or trace.batch_sizes is not None:
        return
    steps, count = trace.x.shape[:2]
    if steps == 1 < count:
        print_error(
            f"the input has one step of {count} sequences, because its first axis is time; if "
            f"it is one sequence of {count} steps, transpose it: x.transpose(0, 1)"
        )
    sequence = trace.x[:, 0]
    before, after = equal_steps(sequence), equal_steps(sequence[::-1])
    if MIN_PADDING <= after < steps:
        print_error(
            f"the last {after} of {steps} steps read the same numbers, like padding, and "
            "statistics, titles and the choice of units include them; to leave them out, pass "
            f"only the first {steps - after} steps, whose forward results stay the same"
        )
    if MIN_PADDING <= before < steps:
        print_error(
            f"the first {before} of {steps} steps read the same numbers, like padding, and "
            "statistics, titles and the choice of units include them; to leave them out, pass "
            f"only the last {steps - before} steps, which then begin with states of zero"
        )


def layer_of(source: Source, command: str) -> "LayerRun":
    """Run the layer that a command prints, and warn of its input.

    Raises:
        LstmFigsError: If the source cannot be used.
    """
    from ..model.layer_run import LayerRun

    trace = source.trace()
    if trace.origin.plain is not None:
        raise no_gates(command)
    warn_of_noise(source)
    warn_of_input(source, trace)
    return LayerRun(trace, source.layer or 0, source.direction)


def run_notes(source: Source, trace: Trace) -> list[str]:
    """Notes below a table: random input, and which of several layers or sequences it is of."""
    # The options with which the command reads a different layer or direction.
    flags = []
    if trace.num_layers > 1:
        flags.append(f"--layer K, from 0 to {trace.num_layers - 1},")
    if trace.bidirectional and source.reverse:
        flags.append("no --reverse")
    elif trace.bidirectional:
        flags.append("--reverse")
    notes = []
    if source.reads_noise:
        notes.append(f"The input is random: {len(trace.x)} steps from seed {source.seed or 0}.")
    if flags:
        notes.append(
            f"This is only layer {source.layer or 0}, {source.direction}; "
            f"{' or '.join(flags).removesuffix(',')} reads another."
        )
    return notes + sequence_note(trace)


def sequence_note(trace: Trace) -> list[str]:
    """A note about the sequence of a batch that was read."""
    count = trace.x.shape[1]
    if count == 1:
        return []
    return [
        f"This is only sequence 1 of {count}; --sample K, from 0 to {count - 1}, reads another."
    ]


def equal_steps(x: Array) -> int:
    """The number of equal steps at the start.

    Args:
        x: One sequence, shape `(steps, input_size)`.

    >>> import numpy as np
    >>> equal_steps(np.array([[0.0], [0.0], [1.0], [0.0]]))
    2
    """
    others = (x != x[0]).any(1)
    return int(others.argmax()) if others.any() else len(x)
