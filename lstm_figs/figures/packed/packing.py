"""Sequences of different lengths, and their `PackedSequence`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...errors import BeyondLimit
from ...layout.excerpts import MAX_UNFOLDED
from ...model.layer_run import LayerRun
from ...model.reference import Number, Ref, Vector
from ...model.tensors import Array
from ...proof.runs.batches import Batch, batch_of

PADDED, DATA = Ref("padded"), Ref("packed.data")
"""The expressions of the padded batch and of the packed data."""
SORTED = Ref("padded[:, packed.sorted_indices]")
"""The expression of the padded batch, longest sequence first."""

MAX_SEQUENCES = 64
"""The most sequences in a batch."""
DEFAULT_SEQUENCES = 4
"""The number of sequences made from an input with only one."""
LENGTH_QUARTERS = (2, 4, 3, 1)
"""The default lengths, in quarters of the input.

They are unsorted, and with three or more sequences, sorted and unsorted indices
differ.
"""


@dataclass(frozen=True, eq=False)
class Packing:
    """One feature of a batch of sequences, padded and packed.

    Attributes:
        batch: The sequences, reduced to one feature, shape `(steps, count, 1)`.
        lengths: The number of steps of each sequence.
        input_size: The number of features of the input.
    """

    batch: Batch
    lengths: tuple[int, ...]
    input_size: int

    @property
    def count(self) -> int:
        """The number of sequences."""
        return len(self.lengths)

    @property
    def is_small(self) -> bool:
        """Whether there are few enough sequences to tell them apart by fill."""
        return self.count <= MAX_UNFOLDED

    @property
    def steps(self) -> int:
        """The number of steps of the longest sequence."""
        return max(self.lengths)

    @cached_property
    def order(self) -> list[int]:
        """The rows of the batch sorted by length; rows of equal length keep their order."""
        return sorted(range(self.count), key=lambda n: -self.lengths[n])

    @cached_property
    def batch_sizes(self) -> list[int]:
        """The number of sequences that reach each step."""
        return [sum(length > t for length in self.lengths) for t in range(self.steps)]

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """For each row of data, its step and its sorted row."""
        return [(t, k) for t, size in enumerate(self.batch_sizes) for k in range(size)]

    @property
    def data_shape(self) -> tuple[int, int]:
        """The shape of the packed data."""
        return sum(self.lengths), self.input_size

    def padded(self, t: int, n: int) -> Number:
        """Return the value of sequence `n` at step `t` in the padded batch."""
        value = self.batch.x[t, n, 0]
        return Number(value if t < self.lengths[n] else value.dtype.type(0), PADDED[t, n, 0])

    def ordered(self, t: int, k: int) -> Number:
        """Return the value at step `t` in row `k` of the sorted batch."""
        return Number(self.batch.x[t, self.order[k], 0], SORTED[t, k, 0])

    def data(self, j: int) -> Number:
        """Return the value in row `j` of the packed data."""
        t, k = self.places[j]
        return Number(self.batch.x[t, self.order[k], 0], DATA[j, 0])

    def number(self, t: int, n: int) -> Number:
        """Return the number of the sequence in a row of the batch."""
        return Number(np.int64(n), Ref("numbers")[t, n])

    def ordered_number(self, t: int, k: int) -> Number:
        """Return the number of the sequence in a sorted row."""
        ordered = Ref("numbers[:, packed.sorted_indices]")
        return Number(np.int64(self.order[k]), ordered[t, k])

    def data_number(self, j: int) -> Number:
        """Return the number of the sequence in a row of the packed data."""
        _, k = self.places[j]
        return Number(np.int64(self.order[k]), Ref("packed_numbers.data")[j])

    def field(self, name: str) -> Vector:
        """Return the numbers of a field of `PackedSequence`, or of `lengths`."""
        values: dict[str, Sequence[int]] = {
            "lengths": self.lengths,
            "batch_sizes": self.batch_sizes,
            "sorted_indices": self.order,
            "unsorted_indices": np.argsort(self.order).tolist(),
        }
        tensor = name if name == "lengths" else f"packed.{name}"
        return Vector(np.array(values[name], np.int64), Ref(tensor))

    def values(self, name: str) -> Sequence[Number]:
        """Return the numbers of a field, or the first feature of the packed data."""
        if name == "data":
            return [self.data(j) for j in range(self.data_shape[0])]
        return self.field(name)

    @property
    def updates(self) -> tuple[Number, Number]:
        """The number of cell updates, padded and packed."""
        return (
            Number(np.int64(self.steps * self.count), "torch.tensor(padded.shape[:2]).prod()"),
            Number(np.int64(sum(self.lengths)), "packed.batch_sizes.sum()"),
        )

    @property
    def setup(self) -> str:
        """The Python code that makes `padded` and `packed`."""
        has_equal_lengths = len({*self.lengths}) < self.count
        pack = _PACK_EQUAL_LENGTHS if has_equal_lengths else _PACK
        return (_SETUP + pack + _NUMBERS).format(
            batch=self.batch.setup, lengths=list(self.lengths), steps=self.steps, count=self.count
        )


def packing_of(subject: LayerRun, lengths: tuple[int, ...]) -> Packing:
    """Assign lengths to the sequences of an input, and pack them.

    Args:
        subject: The run whose input is packed.
        lengths: The number of steps of each sequence; empty for the default.

    Raises:
        BeyondLimit: If the lengths do not fit the input.
    """
    x: Array = np.stack([step.x[:, :1] for step in subject.steps])
    steps, batch_size = x.shape[:2]
    if batch_size > 1:
        count = min(batch_size, MAX_SEQUENCES)
    else:
        # One sequence is copied, as often as there are lengths.
        count = len(lengths) or DEFAULT_SEQUENCES
    if not lengths:
        quarters = [LENGTH_QUARTERS[n % len(LENGTH_QUARTERS)] for n in range(count)]
        lengths = tuple(math.ceil(steps * quarter / 4) for quarter in quarters)
    if len(lengths) != count or count > MAX_SEQUENCES:
        raise BeyondLimit(
            f"got --lengths of {len(lengths)} sequences, expected "
            f"{count if batch_size > 1 else f'at most {MAX_SEQUENCES}'}; give one length "
            "for each sequence",
            "lengths",
        )
    if not 1 <= min(lengths) <= max(lengths) <= steps:
        raise BeyondLimit(
            f"got --lengths from {min(lengths)} to {max(lengths)}, expected "
            f"1 to {steps}, the steps of the input; choose such lengths, or "
            "give a longer input",
            "lengths",
        )
    batch = batch_of(x, count, max(lengths))
    return Packing(batch, lengths, subject.weights.input_size)


_SETUP = """\
{batch}
lengths = torch.tensor({lengths})
padding = torch.arange({steps})[:, None] >= lengths
padded = batch.masked_fill(padding[:, :, None], 0)
"""
"""Python that makes the padded batch."""

_PACK = """\
packed = torch.nn.utils.rnn.pack_padded_sequence(
    padded, lengths, enforce_sorted=False
)"""
"""Python that packs it, for lengths that all differ."""

_PACK_EQUAL_LENGTHS = """\
# Equal lengths stay in their order; enforce_sorted=False leaves that open.
order = lengths.argsort(descending=True, stable=True)
packed = torch.nn.utils.rnn.pack_padded_sequence(
    padded[:, order], lengths[order]
)
packed = torch.nn.utils.rnn.PackedSequence(
    packed.data, packed.batch_sizes, order, order.argsort()
)"""
"""Python that packs it, for lengths of which some are equal."""

_NUMBERS = """

# The number of its sequence at every place, packed in the same order.
numbers = torch.arange({count}).expand({steps}, -1)
packed_numbers = torch.nn.utils.rnn.pack_padded_sequence(
    numbers[:, packed.sorted_indices], lengths[packed.sorted_indices]
)"""
"""Python that packs the numbers of the sequences."""
