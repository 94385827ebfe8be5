"""Compare the NumPy run with torch, step by step."""

import numpy as np
import torch

from ..errors import ProofError
from ..model.lstm import step
from ..model.tensors import Array, Step, Trace, Weights
from .torch_state import fresh_torch

TOLERANCE = 1e-6
"""The tolerance for results whose addends are up to 1 together, see `Step.scale`."""

MAX_STABLE_SCALE = 10.0
"""The largest `Step.scale` of a run that is compared as a whole.

Large sums can make a run chaotic: its rounding errors grow from step to step
beyond any tolerance. No derivation gives this limit. It is a round number that
has held for every run of the tests.
"""


def verify(trace: Trace) -> None:
    """Load a trace's weights into torch and compare every step.

    Each step starts from torch's own previous state. The outputs of the whole
    run are compared too, unless it is chaotic.

    Raises:
        ProofError: If NumPy and torch disagree.
    """
    largest = max(step.scale for step in trace.steps)
    is_stable = largest <= MAX_STABLE_SCALE
    with fresh_torch():
        _verify_run(trace, largest, is_stable)


def _verify_run(trace: Trace, largest: float, is_stable: bool) -> None:
    """Compare a run with a real module; `largest` are the sums that bound rounding errors."""
    received = [torch.from_numpy(x) for x in _inputs(trace)]
    outputs, states = [], []
    for index, weights in enumerate(trace.weights):
        initial = trace.h_0[index], trace.c_0[index]
        output, state = _verify_part(weights, trace.part(index), received, initial, is_stable)
        outputs.append(output)
        states.append(state)
        is_layer_complete = len(outputs) == (2 if trace.bidirectional else 1)
        if is_layer_complete:
            # The next layer reads the outputs of both directions.
            received = [torch.cat(parts, dim=1) for parts in zip(*outputs, strict=True)]
            outputs = []
    if is_stable:
        h_n, c_n = (np.stack(state) for state in zip(*states, strict=True))
        for name, own_result, torch_result in (
            ("output", trace.output, torch.cat(received).numpy()),
            ("h_n", trace.h_n, h_n),
            ("c_n", trace.c_n, c_n),
        ):
            _check_close(own_result, torch_result.reshape(own_result.shape), largest, name)


def _inputs(trace: Trace) -> list[Array]:
    """The input of each step of the first layer."""
    if trace.batch_sizes is None:
        return list(trace.x)
    return np.split(trace.x, np.cumsum(trace.batch_sizes)[:-1])


def _verify_part(
    weights: Weights,
    steps: tuple[Step, ...],
    received: list[torch.Tensor],
    initial: tuple[Array, Array],
    is_stable: bool,
) -> tuple[list[torch.Tensor], tuple[Array, Array]]:
    """Compare one layer and direction.

    Returns:
        torch's output of each step in the order of the sequence, and its final
        state.
    """
    module = _separate_module(weights)
    all_h, all_c = initial
    output = list(received)
    for own_step in steps:
        x = received[own_step.t]
        # In a packed sequence, later steps have fewer sequences than there are states.
        h_prev, c_prev = all_h[: len(x)], all_c[: len(x)]
        again = step(weights, x.numpy(), h_prev, c_prev, own_step.t)
        states = [torch.from_numpy(s)[None] for s in (h_prev, c_prev)]
        _, (h_n, c_n) = module(x[None], tuple(states))
        h, c = h_n[0].numpy(), c_n[0].numpy()
        all_h = np.concatenate([h, all_h[len(x) :]])
        all_c = np.concatenate([c, all_c[len(x) :]])
        output[own_step.t] = h_n[0]
        where = f"after step {own_step.t + 1}"
        for name, torch_state in (("h", h), ("c", c)):
            _check_close(getattr(again, name), torch_state, again.scale, name, where)
            if is_stable:
                _check_close(getattr(own_step, name), torch_state, own_step.scale, name, where)
    return output, (all_h, all_c)


def _separate_module(weights: Weights) -> torch.nn.LSTM:
    """One layer and direction as a separate module."""
    module = torch.nn.LSTM(
        weights.input_size,
        weights.hidden_size,
        bias=weights.bias_ih is not None,
        proj_size=weights.proj_size,
        dtype=torch.from_numpy(weights.weight_ih).dtype,
    )
    module.load_state_dict(
        {f"{name}_l0": torch.from_numpy(array) for name, array in weights.parameters().items()}
    )
    return module


def _check_close(
    own_result: Array, torch_result: Array, scale: float, name: str, where: str = ""
) -> None:
    """Raise an error if a result differs from torch's by more than rounding."""
    finite = np.isfinite(own_result) & np.isfinite(torch_result)
    allowed = TOLERANCE * np.maximum(max(1, scale), abs(torch_result))
    with np.errstate(invalid="ignore"):
        difference = abs(own_result - torch_result)
        close = difference <= allowed
    same = (own_result == torch_result) | (np.isnan(own_result) & np.isnan(torch_result))
    if not np.all(np.where(finite, close, same)):
        # The difference of numbers that are not finite may be NaN.
        worst, most = (np.nan_to_num(array, nan=np.inf).max() for array in (difference, allowed))
        raise ProofError(
            f"{' '.join(filter(None, (name, where)))} differs from torch by "
            f"{worst:.1e}, expected at most {most:.1e}; please report it with "
            f"torch {torch.__version__.partition('+')[0]}"
        )
