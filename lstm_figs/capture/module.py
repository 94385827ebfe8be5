"""Traces of live modules, and modules made from a seed."""

import inspect
from dataclasses import asdict, replace
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from torch.nn.utils.parametrize import cached
from torch.nn.utils.rnn import PackedSequence

from ..errors import ProofError, ShapeError, UnsupportedModule, quoted
from ..model.arguments import ModuleArguments
from ..model.lstm import run
from ..model.origin import Origin, Statement
from ..model.tensors import Array, Direction, Trace, Weights
from ..proof import literals
from .compare import verify
from .torch_state import LOCK, fresh_torch, seed_cpu


class Seeded(NamedTuple):
    """A module's weights and an input, made from a seed, and the version of torch."""

    stack: tuple[Weights, ...]
    x: Array
    torch: str


def version() -> str:
    """The version of torch, without the build suffix."""
    return str(torch.__version__).partition("+")[0]


def seeded(arguments: ModuleArguments, seed: int, seq_len: int, batch_size: int) -> Seeded:
    """Create `torch.nn.LSTM` and an input from a seed.

    torch's random state is restored afterwards.

    Returns:
        The weights, the input of shape `(seq_len, batch_size, input_size)`
        and torch's version.
    """
    sizes = asdict(arguments)
    dtype = getattr(torch, sizes.pop("dtype"))
    try:
        with fresh_torch():
            seed_cpu(seed)
            module = torch.nn.LSTM(**sizes, dtype=dtype)
            x = torch.randn(seq_len, batch_size, arguments.input_size, dtype=dtype)
            # The module is not shared, so its memory can be reused.
            stack = weights_of(module, copied=False)
            return Seeded(stack, x.numpy(), version())
    except RuntimeError as error:
        # torch has no specific exception for this.
        if "allocate" in str(error):
            raise MemoryError(str(error)) from error
        raise


def weights_of(module: Any, *, copied: bool = True) -> tuple[Weights, ...]:
    """The parameters of a module, one entry for each layer and direction.

    Args:
        module: An `LSTMCell` or an `LSTM`, in float32 or float64. Parametrized
            weights, for example by `weight_norm`, are used as computed.
        copied: Whether to copy, so that later changes of the module have no
            effect.

    Raises:
        UnsupportedModule: If the module is not supported.
    """
    arrays = {
        name: as_array(tensor, name, copied=copied) for name, tensor in _tensors(module).items()
    }
    return tuple(_part(arrays, *part) for part in _parts(module))


def _parts(module: Any) -> list[tuple[str, int, Direction]]:
    """The suffix of parameter names, for each layer and direction."""
    if isinstance(module, torch.nn.LSTMCell):
        return [("", 0, "forward")]
    parts: list[tuple[str, int, Direction]] = []
    for layer in range(module.num_layers):
        parts.append((f"_l{layer}", layer, "forward"))
        if module.bidirectional:
            parts.append((f"_l{layer}_reverse", layer, "reverse"))
    return parts


def _tensors(module: Any) -> dict[str, torch.Tensor]:
    """The tensors of a module by name, as used in a run.

    Raises:
        UnsupportedModule: If the module is not supported.
    """
    if not isinstance(module, torch.nn.LSTM | torch.nn.LSTMCell):
        name, advice = type(module).__name__, "pass the recurrent layer itself"
        model = model_of(module)
        if model is not None and (inside := lstms_inside(model)):
            advice = f"name the one inside it: module={' or '.join(map(repr, inside))}"
        if isinstance(module, type):
            name, advice = f"the class {module.__name__}", "create one from it"
        elif "quantiz" in type(module).__module__:
            name = f"a quantized {name}"
            advice = "pass the layer from which it was made"
        elif isinstance(module, torch.nn.GRU | torch.nn.GRUCell):
            advice = "lf.draw('gru') shows how a GRU differs from it"
        elif isinstance(module, torch.nn.RNNBase | torch.nn.RNNCellBase):
            advice = "other recurrent layers cannot be traced"
        raise UnsupportedModule(
            f"got {name}, expected torch.nn.LSTM or torch.nn.LSTMCell; {advice}"
        )
    kinds = ["weight_ih", "weight_hh"]
    try:
        if module.bias:
            kinds += ["bias_ih", "bias_hh"]
        if getattr(module, "proj_size", 0) > 0:
            kinds.append("weight_hr")
        parts = _parts(module)
        if not parts:
            raise TypeError("it has no layer")
    except (AttributeError, TypeError) as error:
        raise UnsupportedModule(
            f"got {type(module).__name__} whose sizes cannot be read ({error}), expected those "
            "of its constructor; create it again"
        ) from error
    tensors: dict[str, torch.Tensor] = {}
    for suffix, _, _ in parts:
        for kind in kinds:
            name = f"{kind}{suffix}"
            tensor = getattr(module, name, None)
            if not isinstance(tensor, torch.Tensor):
                raise UnsupportedModule(
                    f"got {type(module).__name__} whose {name} is not a tensor, expected one "
                    "that fits its sizes; create it again with the right sizes"
                )
            if tensor.is_meta:
                raise UnsupportedModule(
                    f"got {name} on the meta device, which keeps no numbers, "
                    "expected a tensor that has them; make the module on a "
                    "real device and load its weights"
                )
            if tensor.dtype not in (torch.float32, torch.float64):
                raise UnsupportedModule(
                    f"got {name} of {tensor.dtype}, expected torch.float32 or "
                    "torch.float64; convert the module with .float()"
                )
            tensors[name] = tensor
    return tensors


def model_of(model: Any) -> torch.nn.Module | None:
    """A model, or the model that a method belongs to; None for anything else."""
    owner = getattr(model, "__self__", None) if inspect.ismethod(model) else model
    return owner if isinstance(owner, torch.nn.Module) else None


def lstms_inside(module: torch.nn.Module) -> list[str]:
    """The names of the LSTMs in a module, also of TorchScript."""
    return [
        name
        for name, part in module.named_modules(remove_duplicate=False)
        if name
        and (
            isinstance(part, torch.nn.LSTM | torch.nn.LSTMCell)
            or getattr(part, "original_name", "") in ("LSTM", "LSTMCell")
        )
    ]


def _part(arrays: dict[str, Array], suffix: str, layer: int, direction: Direction) -> Weights:
    """The weights of one layer and direction, from all arrays by name."""
    return Weights(
        weight_ih=arrays[f"weight_ih{suffix}"],
        weight_hh=arrays[f"weight_hh{suffix}"],
        bias_ih=arrays.get(f"bias_ih{suffix}"),
        bias_hh=arrays.get(f"bias_hh{suffix}"),
        layer=layer,
        direction=direction,
        weight_hr=arrays.get(f"weight_hr{suffix}"),
    )


def capture(module: Any, x: Any, hx: Any = None, calls_setup: str = "") -> Trace:
    """Run a module and keep every intermediate result.

    Args:
        module: An `LSTMCell` or an `LSTM`, in float32 or float64.
        x: The input as the module takes it; may be a `PackedSequence`.
        hx: The initial state as the module takes it; zeros by default.
        calls_setup: See `own_setup`.

    Returns:
        A trace whose `output`, `h_n` and `c_n` are what the module returns
        without gradients. With gradients, torch uses a different kernel, and
        results differ by about 1e-7.

    Raises:
        UnsupportedModule: If the module or the input is not supported, or if
            the module computes something else than its class.
        ShapeError: If torch rejects the input.
        ProofError: If the equations and the module disagree.
    """
    check_input(module, x)
    # A parametrization may return a different weight on each access.
    with LOCK, cached():
        returned = _call(module, x, hx)
        # A hook may set the weights just before the run.
        stack = weights_of(module)
    standard = standard_input(module, x)
    if 0 in standard.x.shape:
        raise ShapeError(
            f"got an input of shape {_shape(x)}, expected at least one "
            "step of one sequence; there is nothing to draw"
        )
    trace = run(stack, standard.x, *first_states(stack, standard, hx), standard.batch_sizes)
    output, h_n, c_n = _results(module, x, returned, trace)
    # The results are compared in standard form, then returned in that of the module.
    trace = replace(trace, output=output, h_n=h_n, c_n=c_n)
    if standard.batch_first:
        trace = replace(trace, output=output.swapaxes(0, 1))
    elif standard.order is not None:
        trace = replace(trace, h_n=h_n[:, standard.order], c_n=c_n[:, standard.order])
    trace = proven(module, trace, own_setup(module, x, hx is not None, trace, calls_setup))
    return replace(trace, output=output, h_n=h_n, c_n=c_n)


def proven(module: Any, trace: Trace, setup: str) -> Trace:
    """A run of a module after comparing it with torch, with its origin.

    Args:
        module: The module.
        trace: Its run, with the results of the module in standard form.
        setup: Python for a module that is too large for literals.

    Raises:
        UnsupportedModule: If the module computes something else than its class.
        ProofError: If the equations and the module disagree.
    """
    trace = replace(trace, kind=kind_of(module))
    try:
        verify(trace)
    except ProofError as error:
        is_unchanged = type(module) in (torch.nn.LSTM, torch.nn.LSTMCell)
        if is_unchanged and not module._forward_hooks:
            raise
        raise UnsupportedModule(
            f"got {type(module).__name__} with its own forward or a hook, whose "
            f"{str(error).partition(',')[0]}, expected the results of torch.nn.{trace.kind}; "
            "pass that layer"
        ) from error
    if literals.count(trace) <= literals.LITERALS:
        setup = literals.full_setup(trace)
    label = Statement("A live module, torch {}.", ((version(), ""),))
    return replace(trace, origin=Origin(label, setup=setup, torch=version()))


def kind_of(module: Any) -> Literal["LSTM", "LSTMCell"]:
    """The class of a module."""
    return "LSTMCell" if isinstance(module, torch.nn.LSTMCell) else "LSTM"


def check_input(module: Any, x: Any) -> None:
    """Raise an error for an unsupported module or input before running it.

    Raises:
        UnsupportedModule: If the module or the input is not supported.
    """
    tensors = _tensors(module)
    dropout = getattr(module, "dropout", 0)
    if module.training and dropout and module.num_layers > 1:
        raise UnsupportedModule(
            f"got an LSTM in training mode with dropout={dropout}, expected one that gives the "
            "same result twice; call .eval() first"
        )
    first = next(iter(tensors.values()))
    dtype, device = first.dtype, first.device.type
    # Autocast does not affect float64.
    if dtype == torch.float32 and torch.is_autocast_enabled(device):
        raise UnsupportedModule(
            f"got {type(module).__name__} within torch.autocast, which runs it "
            f"in {torch.get_autocast_dtype(device)}, expected {dtype}; trace "
            f"it outside, or within torch.autocast({device!r}, enabled=False)"
        )
    tensor = x.data if isinstance(x, PackedSequence) else x
    if not isinstance(tensor, torch.Tensor) or tensor.dtype != dtype:
        got, advice = getattr(tensor, "dtype", type(x).__name__), "convert it"
        if isinstance(tensor, np.ndarray):
            got, advice = f"a NumPy array of {got}", f"pass torch.from_numpy(x).to({dtype})"
        raise UnsupportedModule(
            f"got {got} as input, expected a tensor of {dtype}, the module's type; {advice}"
        )


class StandardInput(NamedTuple):
    """An input in standard form: time first, with a batch axis.

    Attributes:
        x: Shape `(seq_len, batch, input_size)`, or packed data.
        batch_sizes: The batch sizes of a packed sequence.
        order: The order of the batch, if a packed sequence was sorted.
        batch_first: Whether the first two axes were swapped.
    """

    x: Array
    batch_sizes: tuple[int, ...] | None = None
    order: Array | None = None
    batch_first: bool = False


def standard_input(module: Any, x: Any) -> StandardInput:
    """The input of a module in standard form."""
    if isinstance(x, PackedSequence):
        return StandardInput(as_array(x.data, "x"), tuple(x.batch_sizes.tolist()), _order(x))
    if isinstance(module, torch.nn.LSTMCell):
        return StandardInput(as_array(x if x.dim() == 2 else x[None], "x")[None])
    if x.dim() == 2:
        return StandardInput(as_array(x.unsqueeze(1), "x"))
    if module.batch_first:
        return StandardInput(as_array(x.transpose(0, 1), "x"), batch_first=True)
    return StandardInput(as_array(x, "x"))


def _order(packed: PackedSequence) -> Array | None:
    """How the batch of a packed sequence was sorted; None if it was not.

    Raises:
        ShapeError: If it is not a permutation, or `unsorted_indices` is not its
            inverse.
    """
    if packed.sorted_indices is None:
        return None
    order = as_array(packed.sorted_indices, "sorted_indices")
    back = as_array(packed.unsorted_indices, "unsorted_indices")
    rows = np.arange(int(packed.batch_sizes[0]))
    if not (np.array_equal(np.sort(order), rows) and np.array_equal(np.argsort(order), back)):
        raise ShapeError(
            f"got a PackedSequence with sorted_indices {quoted(order)} and unsorted_indices "
            f"{quoted(back)} for {len(rows)} sequences, expected a permutation and its "
            "inverse; make it with pack_sequence or pack_padded_sequence"
        )
    return order


def _shape(x: Any) -> tuple[int, ...]:
    return tuple((x.data if isinstance(x, PackedSequence) else x).shape)


def first_states(
    stack: tuple[Weights, ...], standard: StandardInput, hx: Any
) -> tuple[Array | None, Array | None]:
    """The initial states, shape `(parts, batch, size)` each, sorted like the batch."""
    if hx is None:
        return None, None
    states = []
    batch = standard.batch_sizes[0] if standard.batch_sizes else standard.x.shape[1]
    for tensor in hx:
        state = as_array(tensor, "hx")
        state = state.reshape(len(stack), batch, state.shape[-1])
        states.append(state if standard.order is None else state[:, standard.order])
    return states[0], states[1]


def _call(module: Any, x: Any, hx: Any) -> Any:
    """Call the module.

    Raises:
        ShapeError: If it raises an exception.
    """
    try:
        with torch.no_grad():
            return module(x, hx) if hx is not None else module(x)
    except Exception as error:
        message_lines = str(error).strip().splitlines()
        # torch raises these, and their class adds nothing to their message.
        is_usual = isinstance(error, RuntimeError | ValueError)
        words = [] if is_usual and message_lines else [type(error).__name__]
        raise ShapeError(
            f"{type(module).__name__} raised an error for the input of shape "
            f"{_shape(x)}{' and hx' if hx is not None else ''} "
            f"({': '.join(words + message_lines[:1])}); pass an input for this module"
        ) from error


def _results(module: Any, x: Any, returned: Any, trace: Trace) -> tuple[Array, Array, Array]:
    """The output, h_n and c_n from a module's return value; a cell's output is h.

    Raises:
        UnsupportedModule: If it returned anything else.
    """
    expected = {"output": trace.output, "h_n": trace.h_n, "c_n": trace.c_n}
    try:
        if isinstance(module, torch.nn.LSTMCell):
            h_n, c_n = returned
            output = h_n
        else:
            output, (h_n, c_n) = returned
            output = output.data if isinstance(x, PackedSequence) else output
        arrays = [
            as_array(tensor, name)
            for name, tensor in zip(expected, (output, h_n, c_n), strict=True)
        ]
    except (AttributeError, TypeError, ValueError) as error:
        if isinstance(error, UnsupportedModule):
            raise
        raise UnsupportedModule(
            f"{type(module).__name__} returned {type(returned).__name__}, expected the results "
            "of torch.nn.LSTM or LSTMCell; pass one of them"
        ) from error
    for (name, expected_array), array in zip(expected.items(), arrays, strict=True):
        if array.dtype != expected_array.dtype or array.size != expected_array.size:
            raise UnsupportedModule(
                f"{type(module).__name__} returned {name} of {array.dtype} "
                f"and shape {array.shape}, expected {expected_array.dtype} and "
                f"{expected_array.shape}; pass an unchanged layer, without autocast"
            )
    return arrays[0], arrays[1], arrays[2]


def own_setup(
    module: Any,
    x: Any,
    has_state: bool,
    trace: Trace,
    calls_setup: str = "",
    *,
    joined: bool = False,
) -> str:
    """Python for a module that is too large for literals.

    Args:
        module: The module.
        x: Its input, as it takes it.
        has_state: Whether it was called with a state.
        trace: Its run.
        calls_setup: Python that defines `module` and `calls`, the arguments by name of each
            call. Without it, they are left to the reader.
        joined: Whether `x` is the input of several calls, of shape
            `(seq_len, batch, input_size)`.
    """
    names = "`module`, `x` and `hx`" if has_state else "`module` and `x`"
    lines = [f"# {names} are your own."]
    if joined:
        lines = [
            f"# {names} are your own: x has what all calls of the module read, in",
            "# the shape (steps, batch, input_size)"
            + (", and hx is the initial state." if has_state else "."),
        ]
    packed = isinstance(x, PackedSequence)
    swapped = kind_of(module) == "LSTM" and module.batch_first
    if calls_setup:
        lines = [calls_setup, 'x = calls[0]["input"]']
        if joined:
            _, batch, size = trace.x.shape
            # Only a module with batch_first has steps along a different axis.
            by_time = f"reshape(-1, {batch}, {size})"
            if swapped and batch > 1:
                by_time = "transpose(0, 1)"
            lines[1] = f'x = torch.cat([call["input"].{by_time} for call in calls])'
        if has_state:
            lines.append('hx = calls[0]["hx"]')
    if kind_of(module) == "LSTMCell":
        lines.append("cell = module")
        lines += [] if joined else ["x = x[None]" if x.dim() == 2 else "x = x[None, None]"]
    elif swapped:
        lines += ["import copy", "lstm = copy.deepcopy(module)", "lstm.batch_first = False"]
    else:
        lines.append("lstm = module")
    order = ""
    if packed:
        if x.sorted_indices is not None:
            order = "[:, order]"
            lines.append("order = x.sorted_indices")
        lines.append("x = torch.nn.utils.rnn.PackedSequence(x.data, x.batch_sizes)")
    elif not joined and kind_of(module) == "LSTM" and (swapped or x.dim() == 2):
        lines.append("x = x.transpose(0, 1)" if x.dim() == 3 else "x = x[:, None]")
    shapes = [state.shape for state in (trace.h_0, trace.c_0)]
    data = "x.data" if packed else "x"
    lines.append(
        f"h_0 = hx[0].reshape{shapes[0]}{order}\nc_0 = hx[1].reshape{shapes[1]}{order}"
        if has_state
        else f"h_0 = {data}.new_zeros({shapes[0]})\nc_0 = {data}.new_zeros({shapes[1]})"
    )
    return "\n".join(lines)


def as_array(tensor: Any, name: str, *, copied: bool = True) -> Array:
    """The values of a tensor as an array.

    Raises:
        UnsupportedModule: If the values cannot be read.
    """
    try:
        array: Array = tensor.detach().cpu().resolve_neg().numpy()
    except (RuntimeError, TypeError) as error:
        raise UnsupportedModule(
            f"got {name} as {_describe(tensor)}, whose numbers cannot be "
            "read, expected an ordinary tensor of torch.float32 or "
            "torch.float64; leave the mode or autocast that makes it"
        ) from error
    return array.copy() if copied else array


def _describe(tensor: Any) -> str:
    """The type, dtype and device of a tensor, for messages."""
    if not isinstance(tensor, torch.Tensor):
        return type(tensor).__name__
    return f"{type(tensor).__name__} of {tensor.dtype} on {tensor.device}"
