"""Select one sequence of a batch, as if it had been run alone."""

from dataclasses import replace

from ..errors import UsageError
from ..model.lstm import run
from ..model.origin import Statement
from ..model.tensors import Trace
from ..proof.literals import source_setup


def sampled(trace: Trace, sample: int) -> Trace:
    """The run of one sequence of a batch.

    Args:
        trace: The run of all sequences. Its tokens are kept, but not a text,
            which belongs to the first sequence.
        sample: The index of the sequence.

    Raises:
        UsageError: If there is no such sequence, or they are packed.
    """
    if trace.batch_sizes is not None:
        raise UsageError(
            f"got sample {sample} of a packed sequence, expected a batch of sequences with "
            "equal lengths; trace the sequence alone"
        )
    trace = source_setup(trace)
    count = trace.x.shape[1]
    if not 0 <= sample < count:
        raise UsageError(
            f"got sample {sample} of {count} sequence{'s' if count != 1 else ''}, expected "
            f"{f'0 to {count - 1}' if count > 1 else '0'}; choose another, or pass a batch"
        )
    # A slice keeps the axis of the batch.
    origin, place = trace.origin, slice(sample, sample + 1)
    slices = ", ".join(f"{name}[:, {place.start}:{place.stop}]" for name in ("x", "h_0", "c_0"))
    chosen = f"sequences = x.shape[1]\nx, h_0, c_0 = {slices}"
    is_first = sample == 0 or not origin.text
    note = Statement("Sequence {} of {}.", ((sample + 1, str(sample + 1)), (count, "sequences")))
    return replace(
        run(trace.weights, trace.x[:, place], trace.h_0[:, place], trace.c_0[:, place]),
        kind=trace.kind,
        tokens=trace.tokens if is_first else (),
        clock=trace.clock,
        labels=trace.labels,
        origin=origin._replace(
            setup=f"{origin.setup.strip()}\n{chosen}",
            command=None,
            text=origin.text if is_first else "",
            notes=(*origin.notes, note),
        ),
    )
