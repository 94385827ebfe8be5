"""How far back the last output depends on the input, in an RNN and in LSTMs."""

import inspect
from collections.abc import Mapping

import numpy as np
import torch

from ..model.gradients.gradient_norms import lstm_gradient_norms, rnn_gradient_norms
from ..model.gradients.rounding import CERTAIN
from ..model.layer_run import LayerRun, Record
from ..model.tensors import Array
from ..options import Value
from .module import version, weights_of
from .torch_state import fresh_torch, seed_cpu

Norms = dict[str, Array]
"""The norm of the gradient by x of each step, for each run."""

AMOUNTS = (0, 1, 2, 5)
"""The amounts added to the forget gates' bias."""

RELATIVE_CHANGE, CHANGE_COUNT = 1e-6, 4
"""The relative perturbation of x, and the number of perturbations, for
estimating the sensitivity of the norms.
Each element is perturbed independently, like rounding; uniform changes could
cancel.
"""


def with_forget_bias(module: torch.nn.LSTM | torch.nn.LSTMCell, amount: float) -> torch.nn.LSTM:
    """The same LSTM in float64, with more bias at its forget gates."""
    size = module.hidden_size
    proj_size = getattr(module, "proj_size", 0)
    zeros, more = torch.zeros(2, 4 * size, dtype=torch.float64)
    more[size : 2 * size] = amount
    parameters = {"bias_ih_l0": zeros, "bias_hh_l0": zeros}
    for name, tensor in module.state_dict().items():
        parameters[f"{name.removesuffix('_l0')}_l0"] = tensor
    parameters["bias_ih_l0"] = parameters["bias_ih_l0"] + more
    lstm = torch.nn.LSTM(module.input_size, size, proj_size=proj_size, dtype=torch.float64)
    lstm.load_state_dict(parameters)
    return lstm


def reach(
    module: torch.nn.LSTM | torch.nn.RNN, x: torch.Tensor, *state: torch.Tensor
) -> torch.Tensor:
    """The norm of the gradient of the last output, by x of each step."""
    x = x[:, :1].detach().double().requires_grad_()
    first = tuple(tensor[:, :1].double() for tensor in state) or None
    output, _ = module(x, first)
    (gradient,) = torch.autograd.grad(output[-1].sum(), x)
    norms: torch.Tensor = gradient.norm(dim=2)[:, 0]
    return norms


def record(subject: LayerRun, _: Mapping[str, Value]) -> Record:
    """Compute how far gradients reach, and how far in modules to compare with.

    New weights are compared with a plain RNN and with more forget bias. Weights
    that may be trained are compared with a new LSTM of the same sizes.
    The values come from the equations; the setup uses autograd.

    Returns:
        A record with three values. `norms` has an array of shape `(seq_len,)`
        for each run: `RNN` and each of `AMOUNTS`, or `new` and `0`. `exact` has
        the norms of the LSTMs without rounding in tanh. `scales` is the
        sensitivity of the norms to rounding of x.
    """
    weights, steps = subject.weights, subject.steps
    sizes = weights.input_size, weights.hidden_size
    x = np.stack([step.x[0] for step in steps])
    initial = steps[0].h_prev[0], steps[0].c_prev[0]
    is_new = subject.trace.origin.untrained
    as_it_is = (0,)
    amounts = AMOUNTS if is_new else as_it_is
    with fresh_torch(grad=False):
        seed_cpu(0)
        if is_new:
            rnn = torch.nn.RNN(*sizes)
        else:
            (new,) = weights_of(torch.nn.LSTM(*sizes, proj_size=weights.proj_size))

    def compared_norms(x: Array) -> tuple[Norms, Norms]:
        """The norms of the module to compare with, as computed and exact; an RNN has no exact."""
        if not is_new:
            zeros = np.zeros(new.size), np.zeros(new.hidden_size)
            reached, exact = lstm_gradient_norms(new, x, *zeros, (0,))
            return {"new": reached[0]}, {"new": exact[0]}
        by_x, by_h, *biases = (p.numpy() for p in rnn.state_dict().values())
        bias = np.sum(biases, axis=0, dtype=float)
        return {"RNN": rnn_gradient_norms(by_x, by_h, bias, x)}, {}

    def norms(x: Array) -> tuple[Norms, Norms]:
        """The norms of all modules, as computed and exact."""
        names = [str(amount) for amount in amounts]
        rounded, exact = lstm_gradient_norms(weights, x, *initial, amounts)
        other_rounded, other_exact = compared_norms(x)
        return (
            other_rounded | dict(zip(names, rounded, strict=True)),
            other_exact | dict(zip(names, exact, strict=True)),
        )

    norms_of_x, exact = norms(x)
    # A higher layer reads the output of a lower one, whose rounding error may grow.
    moves = np.random.RandomState(0).choice(
        (-RELATIVE_CHANGE, RELATIVE_CHANGE), (CHANGE_COUNT, *x.shape)
    )
    moved = [norms(x * (1 + move))[0] for move in moves if weights.layer]
    return Record(
        "\n\n".join(
            [
                inspect.getsource(with_forget_bias),
                inspect.getsource(reach),
                (_OF_NEW if is_new else _OF_TRAINED).format(
                    sizes=str(sizes)[1:-1],
                    projection=f", proj_size={weights.proj_size}" * bool(weights.proj_size),
                    amounts=amounts,
                    module=subject.module_variable,
                ),
            ]
        ),
        version(),
        {
            "norms": norms_of_x,
            "exact": exact,
            "scales": {
                # The root mean square of the changes, in relation to that of x. Each norm
                # also includes sums over four rows of every unit.
                key: CERTAIN
                * sum(np.square(moved_norms[key] - norm) for moved_norms in moved) ** 0.5
                / (RELATIVE_CHANGE * CHANGE_COUNT**0.5)
                + norm * (4 * subject.weights.hidden_size) ** 0.5
                for key, norm in norms_of_x.items()
            },
        },
        needs=("x",),
    )


_OF_NEW = """\
torch.manual_seed(0)
rnn = torch.nn.RNN({sizes}).double()
norms = {{"RNN": reach(rnn, x)}}
for amount in {amounts}:
    more = with_forget_bias({module}, amount)
    norms[str(amount)] = reach(more, x, h_0, c_0)"""
"""Python that measures how far back the gradients of a plain RNN and of LSTMs reach."""

_OF_TRAINED = """\
torch.manual_seed(0)
new = torch.nn.LSTM({sizes}{projection}).double()
norms = {{
    "new": reach(new, x),
    "0": reach(with_forget_bias({module}, 0), x, h_0, c_0),
}}"""
"""Python that measures how far back the gradients of an LSTM and of a new one reach."""
