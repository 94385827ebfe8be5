"""Find every LSTM and LSTMCell in a file by the names of its tensors."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ...errors import InputError, LstmFigsError, ShapeError, UnsupportedModule, UsageError
from ...model.arguments import MAX_SIZE, ModuleArguments
from ...model.tensors import Weights
from ...names import quoted_name
from .checkpoint import FLOATS, Checkpoint, Location, Stored
from .parameters import Parameter, parse
from .parametrized import missing, parse_part


@dataclass(frozen=True)
class StoredLstm:
    """An LSTM in a file, with the fields that `inspect --json` prints.

    Attributes:
        module: The prefix of its tensors' names, without the last dot.
        kind: Its class.
        input_size: The number of input features.
        hidden_size: The number of units.
        num_layers: The number of layers, 1 for a cell.
        bidirectional: Whether there are weights of a reverse direction.
        proj_size: The size of h after projection, 0 without one.
        bias: Whether there are biases.
        dtype: Its dtype in the file, as torch names it.
        parameters: The number of its parameters.
    """

    module: str
    kind: Literal["LSTM", "LSTMCell"]
    input_size: int
    hidden_size: int
    num_layers: int
    bidirectional: bool
    proj_size: int
    bias: bool
    dtype: str
    parameters: int

    @property
    def arguments(self) -> ModuleArguments:
        """Its constructor arguments."""
        return ModuleArguments(
            input_size=self.input_size,
            hidden_size=self.hidden_size,
            num_layers=self.num_layers,
            bidirectional=self.bidirectional,
            proj_size=self.proj_size,
            bias=self.bias,
        )

    def names(self) -> list[Parameter]:
        """Its parameters in PyTorch's order."""
        bases = ["weight_ih", "weight_hh"]
        if self.bias:
            bases += ["bias_ih", "bias_hh"]
        if self.proj_size:
            bases.append("weight_hr")
        layers = [None] if self.kind == "LSTMCell" else range(self.num_layers)
        directions = (False, True) if self.bidirectional else (False,)
        return [
            Parameter(self.module, base=base, layer=layer, reverse=reverse)
            for layer in layers
            for reverse in directions
            for base in bases
        ]


class Survey(NamedTuple):
    """The recurrent modules in a file.

    Attributes:
        lstms: The LSTMs.
        others: The classes of different recurrent modules, by name.
        broken: The errors of modules with missing or inconsistent tensors, by
            name.
    """

    lstms: tuple[StoredLstm, ...]
    others: Mapping[str, str]
    broken: Mapping[str, LstmFigsError]


Parts = dict[Parameter, Stored]
"""Parameter of a module -> its tensor in the file."""

Key = tuple[str, bool, Location | None]
"""The common properties of a module's tensors: its name, whether it is a cell,
and their location in the file."""

ADVICE = {
    "sparse": "save its .to_dense()",
    "meta": "save the module once it has numbers",
    "": "save the tensors that it is made of",
}
"""The advice for each kind of tensor that cannot be read."""


def survey(checkpoint: Checkpoint) -> Survey:
    """Find every recurrent module."""
    modules: dict[Key, Parts] = {}
    computed: dict[Key, dict[Parameter, dict[str, str]]] = {}
    for name, stored in checkpoint.tensors.items():
        if stored.location is not None and stored.location.is_optimizer:
            continue
        if parameter := parse(name):
            modules.setdefault(_key(parameter, stored), {})[parameter] = stored
        elif part := parse_part(name):
            parameter, end = part
            names_of_parts = computed.setdefault(_key(parameter, stored), {})
            names_of_parts.setdefault(parameter, {})[end] = name
    lstms: list[StoredLstm] = []
    others: dict[str, str] = {}
    broken: dict[str, LstmFigsError] = {}
    for key, names_of_parts in computed.items():
        problem = missing(names_of_parts, modules.get(key, {}))
        if problem is not None:
            broken[key[0]] = problem
            modules.pop(key, None)
    for (module, is_cell, _location), parts in modules.items():
        if not any(parameter.base in ("weight_ih", "weight_hh") for parameter in parts):
            continue
        other = _other(module, is_cell, parts)
        if other:
            others[module] = other
            continue
        try:
            lstms.append(_examine(module, is_cell, parts))
        except LstmFigsError as error:
            broken[module] = error
    known_modules = {lstm.module for lstm in lstms} | {*others, *broken}
    for module, refusal in checkpoint.refused.items():
        if module not in known_modules:
            broken[module] = refusal
    return Survey(tuple(lstms), others, broken)


def _key(parameter: Parameter, stored: Stored) -> Key:
    """The key of the module that a tensor belongs to."""
    return parameter.module, parameter.layer is None, stored.location


def weights(checkpoint: Checkpoint, lstm: StoredLstm) -> tuple[Weights, ...]:
    """Read the parameters of a module, as float32.

    Returns:
        One entry for each layer and direction, in PyTorch's order.

    Raises:
        InputError: If a tensor cannot be read.
        UsageError: If the module has too many parameters.
    """
    lstm.arguments.check_parameters()
    arrays: dict[tuple[int, bool], dict[str, object]] = {}
    for parameter in lstm.names():
        arrays_of_part = arrays.setdefault((parameter.layer or 0, parameter.reverse), {})
        arrays_of_part[parameter.base] = checkpoint.array(parameter.name)
    return tuple(
        Weights(
            **arrays_of_part,  # type: ignore[arg-type]
            layer=layer,
            direction="reverse" if reverse else "forward",
        )
        for (layer, reverse), arrays_of_part in arrays.items()
    )


def check_size(checkpoint: Checkpoint, lstm: StoredLstm) -> None:
    """Check before reading a module that figures can show it.

    Raises:
        UsageError: If it is too large.
    """
    if max(lstm.input_size, lstm.hidden_size) > MAX_SIZE:
        module = f"{quoted_name(lstm.module)} of " if lstm.module else ""
        raise UsageError(
            f"{module}{quoted_name(checkpoint.path)} has input_size "
            f"{lstm.input_size} and hidden_size {lstm.hidden_size}, "
            f"expected 1 to {MAX_SIZE}; larger ones cannot be drawn"
        )
    lstm.arguments.check_parameters()


def _other(module: str, is_cell: bool, parts: Parts) -> str:
    """The class of a recurrent module that is not an LSTM; empty for an LSTM."""
    layer = None if is_cell else 0
    ih, hh = (
        parts.get(Parameter(module, base=base, layer=layer, reverse=False))
        for base in ("weight_ih", "weight_hh")
    )
    if ih is None or hh is None or len(hh.shape) != 2:
        return ""
    rows, units = hh.shape
    name = {3 * units: "GRU", units: "RNN"}.get(rows, "")
    is_projected = any(parameter.base == "weight_hr" for parameter in parts)
    if not name or is_projected or ih.shape[:1] != (rows,):
        return ""
    return f"{name}Cell" if is_cell else name


def _examine(module: str, is_cell: bool, parts: Parts) -> StoredLstm:
    """The LSTM that some tensors belong to, after checking all shapes.

    Raises:
        LstmFigsError: If a tensor is missing or its shape does not fit; the
            message names it.
    """
    ih, hh = _matrices(module, is_cell, parts)
    hr = None if is_cell else parts.get(Parameter(module, base="weight_hr", layer=0, reverse=False))
    hidden_size = hr.shape[-1] if hr is not None and hr.shape else hh.shape[1]
    lstm = StoredLstm(
        module=module,
        kind="LSTMCell" if is_cell else "LSTM",
        input_size=ih.shape[1],
        hidden_size=hidden_size,
        num_layers=1 + max(parameter.layer or 0 for parameter in parts),
        bidirectional=any(parameter.reverse for parameter in parts),
        proj_size=hh.shape[1] if hr is not None else 0,
        bias=any(parameter.base.startswith("bias") for parameter in parts),
        dtype=", ".join(dict.fromkeys(s.dtype for s in parts.values())),
        parameters=sum(math.prod(s.shape) for s in parts.values()),
    )
    if hr is not None and hh.shape[1] >= hidden_size:
        raise ShapeError(
            f"weight_hr of {quoted_name(module)} has shape {hr.shape}, expected a "
            "projection of an LSTM to fewer than its hidden_size; check how "
            "it was saved"
        )
    for parameter, shape in _shapes(lstm):
        if parameter not in parts:
            raise _missing(parameter, parts)
        if parts[parameter].shape != shape:
            raise _misfit(parameter, shape, parts, lstm)
    names = set(lstm.names())
    for parameter in parts:
        if parameter not in names:
            raise ShapeError(
                f"{quoted_name(parameter.name)} has shape {parts[parameter].shape}, expected no "
                f"such tensor in an {lstm.kind} of {lstm.num_layers} layers, proj_size "
                f"{lstm.proj_size}; check how it was saved"
            )
    return lstm


def _matrices(module: str, is_cell: bool, parts: Parts) -> tuple[Stored, Stored]:
    """The first weight_ih and weight_hh, which determine the sizes."""
    for parameter, stored in parts.items():
        if stored.kind:
            raise UnsupportedModule(
                f"{quoted_name(parameter.name)} is a {stored.kind} tensor, expected one "
                "that has all its numbers in the file; "
                f"{ADVICE.get(stored.kind, ADVICE[''])}"
            )
        if stored.dtype not in FLOATS:
            raise UnsupportedModule(
                f"{quoted_name(parameter.name)} has dtype {stored.dtype}, expected one of "
                f"{', '.join(FLOATS)}; convert it"
            )
    matrices = []
    for base in ("weight_ih", "weight_hh"):
        parameter = Parameter(module, base=base, layer=None if is_cell else 0, reverse=False)
        if parameter not in parts:
            raise _missing(parameter, parts)
        if len(parts[parameter].shape) != 2 or min(parts[parameter].shape) < 1:
            raise ShapeError(
                f"{quoted_name(parameter.name)} has shape {parts[parameter].shape}, expected two "
                "axes, each of at least 1; check how it was saved"
            )
        matrices.append(parts[parameter])
    return matrices[0], matrices[1]


def _shapes(lstm: StoredLstm) -> Iterator[tuple[Parameter, tuple[int, ...]]]:
    """Every parameter that a module should have, with its shape."""
    rows = 4 * lstm.hidden_size
    h_out = lstm.proj_size or lstm.hidden_size
    below = h_out * (2 if lstm.bidirectional else 1)
    for parameter in lstm.names():
        yield (
            parameter,
            {
                "weight_ih": (rows, below if parameter.layer else lstm.input_size),
                "weight_hh": (rows, h_out),
                "weight_hr": (lstm.proj_size, lstm.hidden_size),
            }.get(parameter.base, (rows,)),
        )


def _missing(parameter: Parameter, parts: Parts) -> LstmFigsError:
    """The error that names a missing tensor and one that is there, with its shape."""
    others = {"weight_ih": "weight_hh", "weight_hh": "weight_ih"}
    neighbour = parameter._replace(base=others.get(parameter.base, "weight_ih"))
    if neighbour not in parts:
        neighbour = next(iter(parts))
    return InputError(
        f"{quoted_name(parameter.name)} is missing, expected it next to "
        f"{quoted_name(neighbour.name)} of shape {parts[neighbour].shape}; save all parameters "
        "of the module"
    )


def _misfit(
    parameter: Parameter, shape: tuple[int, ...], parts: Parts, lstm: StoredLstm
) -> LstmFigsError:
    """The error that names a tensor and the one that it contradicts."""
    base = "weight_ih" if parameter.base == "weight_hh" else "weight_hh"
    layer = parameter.layer
    if parameter.base == "weight_ih" and layer and parts[parameter].shape[:1] == shape[:1]:
        # The columns are wrong, whose number the layer below determines.
        layer -= 1
    if parameter.base in ("weight_hh", "weight_ih") and lstm.proj_size:
        base = "weight_hr"
    neighbour = parameter._replace(base=base, layer=layer)
    if neighbour not in parts or neighbour == parameter:
        neighbour = next(other for other in parts if other != parameter)
    return ShapeError(
        f"{quoted_name(parameter.name)} has shape {parts[parameter].shape}, expected {shape} for "
        f"hidden_size {lstm.hidden_size} next to {quoted_name(neighbour.name)} of shape "
        f"{parts[neighbour].shape}; check how it was saved"
    )
