"""From live torch modules to NumPy: the only module that imports torch."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from . import literals
from .errors import MissingTool, ProofError, ShapeError, UnsupportedModule
from .lstm import Array, Trace, Weights, run, step
from .origin import Origin

try:
    import torch
except ModuleNotFoundError as error:
    raise MissingTool(
        "torch is not installed, and sizes or a module need it; "
        "install it with: pip install 'lstm-figs[torch]'"
    ) from error

TOLERANCE = 1e-6
"""How far we may be from torch, for results of addends up to 1."""

CHAOTIC = 10.0
"""Above this scale rounding grows from step to step beyond any tolerance."""


class Seeded(NamedTuple):
    """What a seed gave."""

    weights: Weights
    x: Array
    torch: str


def version() -> str:
    """The version of torch, without the name of its build."""
    return str(torch.__version__).partition("+")[0]


def seeded(
    input_size: int, hidden_size: int, seed: int, seq_len: int, batch_size: int
) -> Seeded:
    """Make `torch.nn.LSTM` and an input from a seed.

    torch's own random state is as before afterwards.

    Returns:
        The weights, the input of shape `(seq_len, batch_size, input_size)`
        and torch's version.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = torch.nn.LSTM(input_size, hidden_size)
        x = torch.randn(seq_len, batch_size, input_size)
    return Seeded(weights_of(module), x.numpy(), version())


def weights_of(module: Any) -> Weights:
    """The parameters of a module, copied.

    Args:
        module: An `LSTMCell`, or an `LSTM` with one layer and one direction,
            in float32.

    Raises:
        UnsupportedModule: If the module is of another form.
    """
    suffix = _suffix(module)
    arrays: dict[str, Any] = {}
    for name, parameter in module.named_parameters():
        if parameter.dtype != torch.float32:
            raise UnsupportedModule(
                f"got {name} of {parameter.dtype}, expected torch.float32; "
                "convert the module with .float()"
            )
        arrays[name.removesuffix(suffix)] = _array(parameter)
    return Weights(**arrays)


def capture(module: Any, x: Any, hx: Any = None) -> Trace:
    """Run a module and keep every intermediate result.

    Args:
        module: An `LSTMCell`, or an `LSTM` with one layer and one direction.
        x: The input as the module takes it.
        hx: The first state as the module takes it, zeros by default.

    Returns:
        A trace whose `output`, `h_n` and `c_n` are the module's own.

    Raises:
        UnsupportedModule: If the module or the input is of another form.
        ShapeError: If torch refuses the input.
        ProofError: If our equations and the module disagree.
    """
    weights = weights_of(module)
    cell = isinstance(module, torch.nn.LSTMCell)
    if not isinstance(x, torch.Tensor) or x.dtype != torch.float32:
        got = getattr(x, "dtype", type(x).__name__)
        raise UnsupportedModule(
            f"got an input of {got}, expected a float32 tensor; convert it"
        )
    try:
        with torch.no_grad():
            returned = module(x, hx) if hx is not None else module(x)
    except (
        AttributeError,
        IndexError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        raise ShapeError(
            f"{type(module).__name__} refused the input of shape "
            f"{tuple(x.shape)} ({str(error).splitlines()[0]}); "
            "pass it as the module takes it"
        ) from error
    output, h_n, c_n = (
        (returned[0], *returned) if cell else (returned[0], *returned[1])
    )

    # Ours is always (seq_len, batch, features), the state (batch, hidden_size).
    batched = x.dim() == (2 if cell else 3)
    sequence = x if batched else x.unsqueeze(0 if cell else 1)
    if cell:
        sequence = sequence.unsqueeze(0)
    elif module.batch_first and batched:
        sequence = sequence.transpose(0, 1)
    state = (sequence.shape[1], weights.hidden_size)
    first = (
        [np.zeros(state, np.float32)] * 2
        if hx is None
        else [_array(tensor).reshape(state) for tensor in hx]
    )
    trace = run(weights, _array(sequence), *first)
    _compare(module, trace, first)
    trace = replace(
        trace,
        output=_array(output),
        h_n=_array(h_n),
        c_n=_array(c_n),
        kind="LSTMCell" if cell else "LSTM",
    )
    setup = (
        literals.whole_setup(trace)
        if literals.count(trace) <= literals.LITERALS
        else _own_setup(module, batched, hx is not None, trace)
    )
    label = f"A live module, torch {version()}."
    return replace(trace, origin=Origin(label, setup, torch=version()))


def _own_setup(module: Any, batched: bool, given: bool, trace: Trace) -> str:
    """Python for a module that is too large to be spelt out."""
    lines = ["# `module`, `x` and `hx` are your own." if given else
             "# `module` and `x` are your own."]  # fmt: skip
    if trace.kind == "LSTMCell":
        lines += [
            "cell = module",
            "x = x[None]" if batched else "x = x[None, None]",
        ]
    elif module.batch_first:
        lines += [
            "import copy",
            "lstm = copy.deepcopy(module)",
            "lstm.batch_first = False",
            "x = x.transpose(0, 1)" if batched else "x = x[:, None]",
        ]
    else:
        lines += ["lstm = module"] + ([] if batched else ["x = x[:, None]"])
    shape = (1, *trace.steps[0].h_prev.shape)
    lines.append(
        f"h_0, c_0 = (tensor.reshape{shape} for tensor in hx)"
        if given
        else f"h_0 = c_0 = torch.zeros{shape}"
    )
    return "\n".join(lines)


def verify(trace: Trace) -> None:
    """Load a trace's weights into a real module and compare.

    Raises:
        ProofError: If our equations and the module disagree.
    """
    (weights,) = trace.weights
    bias = weights.bias_ih is not None
    module = torch.nn.LSTM(weights.input_size, weights.hidden_size, bias=bias)
    module.load_state_dict(
        {
            f"{name}_l0": torch.from_numpy(array)
            for name, array in weights.parameters().items()
        }
    )
    _compare(module, trace, [trace.steps[0].h_prev, trace.steps[0].c_prev])


def _compare(module: Any, trace: Trace, first: list[Array]) -> None:
    """Hold each step, and a run that is not chaotic, against the module.

    A step is started from the module's own previous state.
    """
    h, c = first
    for ours in trace.steps:
        theirs = _call(module, ours.x, h, c)
        again = step(trace.weights[0], ours.x, h, c, ours.t)
        for name, value in zip("hc", theirs, strict=True):
            _close(getattr(again, name), value, again.scale, name, ours.t)
            if max(s.scale for s in trace.steps) <= CHAOTIC:
                _close(getattr(ours, name), value, ours.scale, name, ours.t)
        h, c = theirs


def _call(module: Any, x: Array, h: Array, c: Array) -> tuple[Array, Array]:
    tensors = [torch.from_numpy(a) for a in (x, h, c)]
    with torch.no_grad():
        if isinstance(module, torch.nn.LSTMCell):
            after = module(tensors[0], (tensors[1], tensors[2]))
        else:
            sequence, h_0, c_0 = (tensor.unsqueeze(0) for tensor in tensors)
            if module.batch_first:
                sequence = sequence.transpose(0, 1)
            after = module(sequence, (h_0, c_0))[1]
    h_n, c_n = (_array(tensor).reshape(h.shape) for tensor in after)
    return h_n, c_n


def _close(ours: Array, theirs: Array, scale: float, name: str, t: int) -> None:
    finite = np.isfinite(ours) & np.isfinite(theirs)
    allowed = TOLERANCE * np.maximum(max(1, scale), abs(theirs))
    with np.errstate(invalid="ignore"):
        close = abs(ours - theirs) <= allowed
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    if not np.all(np.where(finite, close, same)):
        raise ProofError(
            f"{name} after step {t + 1} differs from torch by "
            f"{np.nanmax(abs(ours - theirs)):.1e}, expected at most "
            f"{allowed.max():.1e}; please report it with torch {version()}"
        )


def _suffix(module: Any) -> str:
    if isinstance(module, torch.nn.LSTMCell):
        return ""
    if not isinstance(module, torch.nn.LSTM):
        raise UnsupportedModule(
            f"got {type(module).__name__}, expected torch.nn.LSTM or "
            "torch.nn.LSTMCell; pass the recurrent layer itself"
        )
    for name, is_default in (
        ("num_layers", module.num_layers == 1),
        ("bidirectional", not module.bidirectional),
        ("proj_size", not module.proj_size),
    ):
        if not is_default:
            raise UnsupportedModule(
                f"got an LSTM with {name}={getattr(module, name)}, expected "
                "one layer, one direction and no projection; this cannot be "
                "captured yet"
            )
    return "_l0"


def _array(tensor: Any) -> Array:
    array: Array = tensor.detach().cpu().numpy().copy()
    return array
