"""Every LSTM and LSTMCell in a file, found by the names of its tensors."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ...errors import InputError, LstmFigsError, ShapeError, UnsupportedModule, UsageError
from ...model.form import LARGEST, Form
from ...model.tensors import Weights
from ...names import shown
from .checkpoint import FLOATS, Checkpoint, Home, Stored
from .computed import missing, parse_part
from .parameters import Parameter, parse


@dataclass(frozen=True)
class Found:
    """An LSTM in a file, as `inspect --json` prints it.

    Attributes:
        module: What its tensors' names begin with, without the last dot.
        kind: The class that it was saved from.
        input_size: Number of input features.
        hidden_size: Number of units.
        num_layers: 1 for a cell.
        bidirectional: Whether there are weights of a reverse direction.
        proj_size: Length of h after projection, 0 without one.
        bias: Whether there are biases.
        dtype: The type of its numbers in the file, as torch names it.
        parameters: How many numbers it has.
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
    def form(self) -> Form:
        """Its arguments."""
        return Form(
            self.input_size,
            self.hidden_size,
            self.num_layers,
            self.bidirectional,
            self.proj_size,
            self.bias,
        )

    def names(self) -> list[Parameter]:
        """Its parameters in PyTorch's order."""
        bases = ["weight_ih", "weight_hh"]
        bases += ["bias_ih", "bias_hh"] * self.bias
        bases += ["weight_hr"] * bool(self.proj_size)
        layers = [None] if self.kind == "LSTMCell" else range(self.num_layers)
        return [
            Parameter(self.module, base, layer, reverse)
            for layer in layers
            for reverse in (False, True)[: 1 + self.bidirectional]
            for base in bases
        ]


class Survey(NamedTuple):
    """What a file holds.

    Attributes:
        found: Its LSTMs.
        others: Names of other recurrent modules, and what they are.
        broken: Names of modules that contradict themselves, and how.
    """

    found: tuple[Found, ...]
    others: Mapping[str, str]
    broken: Mapping[str, LstmFigsError]


Parts = dict[Parameter, Stored]

Key = tuple[str, bool, Home | None]
"""What tensors of one module have in common: its name, whether it is a cell,
and where in the file they are."""

ADVICE = {
    "sparse": "save what .to_dense() makes of it",
    "meta": "save the module once it has numbers",
    "": "save the tensors that it is made of",
}
"""What to do about a tensor of a kind."""


def survey(checkpoint: Checkpoint) -> Survey:
    """Find every LSTM, and what is only like one."""
    modules: dict[Key, Parts] = {}
    computed: dict[Key, dict[Parameter, dict[str, str]]] = {}
    for name, stored in checkpoint.tensors.items():
        if stored.home is not None and stored.home.is_optimizer:
            continue
        if parameter := parse(name):
            modules.setdefault(_key(parameter, stored), {})[parameter] = stored
        elif part := parse_part(name):
            parameter, end = part
            own = computed.setdefault(_key(parameter, stored), {})
            own.setdefault(parameter, {})[end] = name
    found: list[Found] = []
    others: dict[str, str] = {}
    broken: dict[str, LstmFigsError] = {}
    for key, own in computed.items():
        problem = missing(own, modules.get(key, {}))
        if problem is not None:
            broken[key[0]] = problem
            modules.pop(key, None)
    for (module, is_cell, _), parts in modules.items():
        if not any(p.base in ("weight_ih", "weight_hh") for p in parts):
            continue
        other = _other(module, is_cell, parts)
        if other:
            others[module] = other
            continue
        try:
            found.append(_examine(module, is_cell, parts))
        except LstmFigsError as error:
            broken[module] = error
    known = {one.module for one in found} | {*others, *broken}
    broken |= {k: e for k, e in checkpoint.refused.items() if k not in known}
    return Survey(tuple(found), others, broken)


def _key(parameter: Parameter, stored: Stored) -> Key:
    return parameter.module, parameter.layer is None, stored.home


def weights(checkpoint: Checkpoint, found: Found) -> tuple[Weights, ...]:
    """Read the parameters of a module, as float32.

    Returns:
        One entry for each layer and direction, in PyTorch's order.

    Raises:
        InputError: If a tensor cannot be read.
        UsageError: If the module has too many parameters.
    """
    found.form.check_parameters()
    arrays: dict[tuple[int, bool], dict[str, object]] = {}
    for p in found.names():
        own = arrays.setdefault((p.layer or 0, p.reverse), {})
        own[p.base] = checkpoint.array(p.name)
    return tuple(
        Weights(
            **own,  # type: ignore[arg-type]
            layer=layer,
            direction="reverse" if reverse else "forward",
        )
        for (layer, reverse), own in arrays.items()
    )


def check_size(checkpoint: Checkpoint, found: Found) -> None:
    """Refuse a module that figures are not made for, before it is read.

    Raises:
        UsageError: If it is too large.
    """
    if max(found.input_size, found.hidden_size) > LARGEST:
        module = f"{shown(found.module)} of " if found.module else ""
        raise UsageError(
            f"{module}{shown(checkpoint.path)} has input_size "
            f"{found.input_size} and hidden_size {found.hidden_size}, "
            f"expected 1 to {LARGEST}; larger ones cannot be drawn"
        )
    found.form.check_parameters()


def _other(module: str, is_cell: bool, parts: Parts) -> str:
    """The name of a recurrent module that is no LSTM, else nothing."""
    layer = None if is_cell else 0
    ih, hh = (
        parts.get(Parameter(module, base, layer, False)) for base in ("weight_ih", "weight_hh")
    )
    if ih is None or hh is None or len(hh.shape) != 2:
        return ""
    rows, units = hh.shape
    name = {3 * units: "GRU", units: "RNN"}.get(rows, "")
    is_projected = any(p.base == "weight_hr" for p in parts)
    if not name or is_projected or ih.shape[:1] != (rows,):
        return ""
    return f"{name}Cell" if is_cell else name


def _examine(module: str, is_cell: bool, parts: Parts) -> Found:
    """The form of a module, with every shape held against the others.

    Raises:
        LstmFigsError: If a tensor is missing or does not fit; the message
            names it.
    """
    ih, hh = _matrices(module, is_cell, parts)
    hr = None if is_cell else parts.get(Parameter(module, "weight_hr", 0, False))
    hidden_size = hr.shape[-1] if hr is not None and hr.shape else hh.shape[1]
    found = Found(
        module=module,
        kind="LSTMCell" if is_cell else "LSTM",
        input_size=ih.shape[1],
        hidden_size=hidden_size,
        num_layers=1 + max(p.layer or 0 for p in parts),
        bidirectional=any(p.reverse for p in parts),
        proj_size=hh.shape[1] if hr is not None else 0,
        bias=any(p.base.startswith("bias") for p in parts),
        dtype=", ".join(dict.fromkeys(s.dtype for s in parts.values())),
        parameters=sum(math.prod(s.shape) for s in parts.values()),
    )
    if hr is not None and hh.shape[1] >= hidden_size:
        raise ShapeError(
            f"weight_hr of {shown(module)} has shape {hr.shape}, expected a "
            "projection of an LSTM to fewer than its hidden_size; check how "
            "it was saved"
        )
    for p, shape in _shapes(found):
        if p not in parts:
            raise _missing(p, parts)
        if parts[p].shape != shape:
            raise _misfit(p, shape, parts, found)
    names = set(found.names())
    for p in (p for p in parts if p not in names):
        raise ShapeError(
            f"{shown(p.name)} has shape {parts[p].shape}, expected nothing of "
            f"that name in an {found.kind} of {found.num_layers} layers, "
            f"proj_size {found.proj_size}; check how it was saved"
        )
    return found


def _matrices(module: str, is_cell: bool, parts: Parts) -> tuple[Stored, Stored]:
    """The first weight_ih and weight_hh, which say the sizes."""
    for p, stored in parts.items():
        if stored.kind:
            raise UnsupportedModule(
                f"{shown(p.name)} is a {stored.kind} tensor, expected one "
                "that has all its numbers in the file; "
                f"{ADVICE.get(stored.kind, ADVICE[''])}"
            )
        if stored.dtype not in FLOATS:
            raise UnsupportedModule(
                f"{shown(p.name)} has dtype {stored.dtype}, expected one of "
                f"{', '.join(FLOATS)}; convert it"
            )
    found = []
    for base in ("weight_ih", "weight_hh"):
        p = Parameter(module, base, None if is_cell else 0, False)
        if p not in parts:
            raise _missing(p, parts)
        if len(parts[p].shape) != 2 or min(parts[p].shape) < 1:
            raise ShapeError(
                f"{shown(p.name)} has shape {parts[p].shape}, expected two "
                "axes, each of at least 1; check how it was saved"
            )
        found.append(parts[p])
    return found[0], found[1]


def _shapes(found: Found) -> Iterator[tuple[Parameter, tuple[int, ...]]]:
    """Every parameter that the form of a module asks for, and its shape."""
    rows = 4 * found.hidden_size
    h_out = found.proj_size or found.hidden_size
    for p in found.names():
        below = h_out * (1 + found.bidirectional)
        yield (
            p,
            {
                "weight_ih": (rows, below if p.layer else found.input_size),
                "weight_hh": (rows, h_out),
                "weight_hr": (found.proj_size, found.hidden_size),
            }.get(p.base, (rows,)),
        )


def _missing(p: Parameter, parts: Parts) -> LstmFigsError:
    others = {"weight_ih": "weight_hh", "weight_hh": "weight_ih"}
    beside = p._replace(base=others.get(p.base, "weight_ih"))
    if beside not in parts:
        beside = next(iter(parts))
    return InputError(
        f"{shown(p.name)} is missing, expected it beside "
        f"{shown(beside.name)} of shape {parts[beside].shape}; save all "
        "parameters of the module"
    )


def _misfit(p: Parameter, shape: tuple[int, ...], parts: Parts, found: Found) -> LstmFigsError:
    """Name the tensor, and the one that it contradicts."""
    base = "weight_ih" if p.base == "weight_hh" else "weight_hh"
    layer = p.layer
    if p.base == "weight_ih" and layer and parts[p].shape[:1] == shape[:1]:
        layer -= 1
    if p.base in ("weight_hh", "weight_ih") and found.proj_size:
        base = "weight_hr"
    beside = p._replace(base=base, layer=layer)
    if beside not in parts or beside == p:
        beside = next(other for other in parts if other != p)
    return ShapeError(
        f"{shown(p.name)} has shape {parts[p].shape}, expected {shape} for "
        f"hidden_size {found.hidden_size} beside {shown(beside.name)} of "
        f"shape {parts[beside].shape}; check how it was saved"
    )
