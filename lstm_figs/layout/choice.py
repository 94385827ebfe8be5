"""Which units a figure draws, where it does not draw all."""

import numpy as np

from ..errors import BeyondLimit
from ..model.tensors import Array
from ..proof.subject import Subject

MOST = 4
"""The most units that are drawn one by one."""


def units_of(
    subject: Subject, asked: tuple[int, ...], change: Array, whole: int
) -> tuple[int, ...]:
    """The units that are drawn, in the order of the asking.

    Args:
        subject: What is drawn.
        asked: What `--units` says; empty for a choice.
        change: How much each unit changes; the two that do most are chosen.
        whole: Up to how many units all are drawn.

    Raises:
        BeyondLimit: If there is no such unit, one is asked for twice, or too
            many are.
    """
    size = subject.weights.hidden_size
    for unit in asked:
        subject.check("units", unit, size)
    if len(asked) > MOST or len(set(asked)) < len(asked):
        raise BeyondLimit(
            f"got --units {','.join(map(str, asked))}, expected at most "
            f"{MOST}, each once; leave some out",
            "units",
        )
    if asked:
        return asked
    if size <= whole:
        return tuple(range(size))
    most = np.argsort(-np.nan_to_num(change), kind="stable")[:2]
    return tuple(sorted(int(unit) for unit in most))
