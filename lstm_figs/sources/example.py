"""The example network, which most pages of the site use."""

import numpy as np

from ..model.origin import Statement
from ..model.tensors import Weights
from ..proof.literals import build_module
from .loaded import LoadedModule

EXAMPLE = Weights(
    weight_ih=np.array(
        [
            [2, -2, 1.75],
            [-1.75, 0.5, -0.25],
            [2, -1.5, -1.75],
            [-2, 1.25, 0.75],
            [-0.5, 2, -0.25],
            [-0.75, 1.75, -1.25],
            [0.5, -1, -1.5],
            [-1.5, -1, 1.75],
        ],
        np.float32,
    ),
    weight_hh=np.array(
        [
            [-0.75, -0.25],
            [-0.25, 1],
            [1, -1],
            [0, -1.5],
            [1.25, -0.75],
            [-2, -1.25],
            [-1.75, 2],
            [-0.75, 1.25],
        ],
        np.float32,
    ),
    bias_ih=np.array([1, 0, 0, -0.75, -0.25, 1, -1, 1], np.float32),
    bias_hh=np.array([0, 0.75, 1, -0.5, -0.5, -1, -1, 0.75], np.float32),
)
"""Its parameters are multiples of a quarter, so that step 1 can be computed by hand.

Each gate has two rows, in the order i, f, g, o.
"""


def example(seq_len: int, batch_size: int) -> LoadedModule:
    """The example network with one-hot inputs.

    Sequence n is the first sequence, started n steps later. `runs.batches`
    makes batches in the same way.
    """
    features = EXAMPLE.input_size
    # Sequences wrap around at their end, but a short one goes on to the next feature.
    period = max(seq_len, features)
    hot = [[(t + n) % period % features for n in range(batch_size)] for t in range(seq_len)]
    return LoadedModule(
        stack=(EXAMPLE,),
        setup=build_module((EXAMPLE,)),
        x=np.eye(EXAMPLE.input_size, dtype=np.float32)[np.array(hot)],
        input_setup=f"x = torch.eye({EXAMPLE.input_size})[torch.tensor({hot})]",
        label=Statement("The example network"),
    )
