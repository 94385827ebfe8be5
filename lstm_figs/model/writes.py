"""c, split into what each step wrote and what later forget gates left of it.

c[t] = f[t] · … · f[0] · c_0 + Σ_k f[t] · … · f[k+1] · i[k] · g[k]
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def split(f: NDArray[Any], written: NDArray[Any], ends: Sequence[int]) -> NDArray[Any]:
    """What is left of each write after some steps.

    Args:
        f: The forget gates, shape `(steps, units)`.
        written: The initial state, then i·g of each step, shape `(1 + steps,
            units)`.
        ends: The steps after which there is a row; the last is the last step.
            A column pools the steps since the row before.

    Returns:
        Shape `(rows, 1 + rows, units)`; the first column is the initial state.
        Products and sums are computed in float64.

    >>> split(np.array([[1.0], [0.5]]), np.array([[0.0], [0.8], [0.1]]), [0, 1])[:, :, 0]
    array([[0. , 0.8, 0. ],
           [0. , 0.4, 0.1]])
    """
    f, left_over = f.astype(np.float64), written.astype(np.float64)
    result = np.zeros((len(ends), len(ends) + 1, f.shape[1]))
    starts = [0, *(end + 1 for end in ends)]
    row = 0
    with np.errstate(all="ignore"):
        for t in range(len(f)):
            # left_over[0] is the initial state, left_over[k] the write of step k - 1.
            left_over[: t + 1] *= f[t]
            if t == ends[row]:
                result[row, 0] = left_over[0]
                writes = left_over[1 : t + 2]
                result[row, 1 : row + 2] = np.add.reduceat(writes, starts[: row + 1], axis=0)
                row += 1
    return result
