"""A run over padding, and the same run packed."""

from typing import NamedTuple

import numpy as np

from ...model.layer_run import LayerRun
from ...model.lstm import run
from ...model.reference import Ref, Vector
from ...model.tensors import Array
from ...proof.runs.batches import BuiltModule, inputs


class Run(NamedTuple):
    """One direction of a run, with or without packing.

    Attributes:
        key: The id prefix.
        code: The call, as Python code.
        h: The hidden state of each step.
        h_n: The final state that the module returns.
        is_right: Whether `h_n` is right.
        are_steps_right: Whether h is right at the steps of the sequence.
    """

    key: str
    code: str
    h: list[Vector]
    h_n: Vector
    is_right: bool
    are_steps_right: bool


def runs_of(subject: LayerRun, both: BuiltModule, length: int, padding: int) -> list[Run]:
    """Return the forward run and the reverse run, each with padding and packed.

    Args:
        subject: The run whose input is used.
        both: A bidirectional module.
        length: The number of steps of the input to use.
        padding: The number of steps of zeros that follow.
    """
    x = inputs(subject)[:length, :1]
    zeros = np.zeros((padding, *x.shape[1:]), x.dtype)
    padded = run(both.stack, np.concatenate([x, zeros]))
    packed = run(both.stack, x)
    runs = []
    for index, way in enumerate(("forward", "reverse")):
        truth = _of_direction(packed.output[:, 0], index)
        for kind, trace in (("padded", padded), ("packed", packed)):
            scale = max(step.scale for step in trace.part(index))
            half = _of_direction(trace.output[:, 0], index)
            rest = np.zeros((length + padding - len(half), half.shape[1]))
            columns = np.concatenate([half, rest.astype(x.dtype)])
            first = index * half.shape[1]
            runs.append(
                Run(
                    f"{way}-{kind}",
                    f"lstm({kind})",
                    [
                        Vector(column, Ref(f"{kind}_output")[t, 0], scale, first)
                        for t, column in enumerate(columns)
                    ],
                    Vector(trace.h_n[index, 0], Ref(f"{kind}_h_n")[index, 0], scale),
                    _same(trace.h_n[index], packed.h_n[index]),
                    _same(half[:length], truth),
                )
            )
    return runs


def _same(actual: Array, expected: Array) -> bool:
    """Return whether values are equal up to rounding, like `same` in the preamble."""
    size = abs(np.nan_to_num(expected, nan=0, posinf=0, neginf=0)).max()
    return np.allclose(actual, expected, rtol=1e-5, atol=1e-6 * float(size), equal_nan=True)


def _of_direction(output: Array, index: int) -> Array:
    """Return the features of one direction."""
    return np.split(output, 2, axis=1)[index]


def setup_of(both: BuiltModule, length: int, padding: int, size: int) -> str:
    """Return the Python code that the expressions of `runs_of` need."""
    return f"{both.setup}\n" + _SETUP.format(
        length=length, padding=padding, size=size, total=length + padding
    )


_SETUP = """\

sequence = x[:{length}, :1]
zeros = sequence.new_zeros({padding}, 1, {size})
padded = torch.cat([sequence, zeros])
padded_output, (padded_h_n, _) = both(padded)
packed = torch.nn.utils.rnn.pack_padded_sequence(padded, [{length}])
packed_output, (packed_h_n, _) = both(packed)
packed_output, _ = torch.nn.utils.rnn.pad_packed_sequence(
    packed_output, total_length={total}
)


def same(found, true):  # but for rounding
    size = true.nan_to_num(0, 0, 0).abs().max().item()
    return torch.allclose(found, true, 1e-5, 1e-6 * size, equal_nan=True)"""
