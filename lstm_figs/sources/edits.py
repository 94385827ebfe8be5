"""Change single parameters and inputs of a module: `--set x[1,0,0]=0.5`.

The names are those of preambles: `lstm.weight_hh_l0[0, 1]` (or
`cell.weight_hh[0, 1]`), `readout.weight[0, 1]`, and `x`, `h_0` and `c_0`. These
three belong to the whole module, whichever layer a figure shows.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Literal, NamedTuple

import numpy as np

from ..errors import MAX_QUOTED, UsageError
from ..model.lstm import run
from ..model.origin import Origin, Readout
from ..model.tensors import Array, Step, Trace, Weights, signature
from ..names import printable, quoted_name, quoted_names, suggestion
from ..proof import literals

_FORM = re.compile(r"\s*([\w.]+)\s*\[([^\[\]]*)\]\s*=(.*)", re.S)
"""An edit: name, index and value."""

EXAMPLE = "lstm.weight_hh_l0[0,1]=0"
"""An example for error messages."""

STATES = ("h_0", "c_0")
"""The names of the initial state."""

RESULTS = {field.name for field in fields(Step)} - {"x"} | {*("output", "h_n", "c_n", "answers")}
"""Names in preambles of computed tensors, which cannot be edited."""


class Edit(NamedTuple):
    """A new value for one number of a tensor.

    Attributes:
        name: The name of the tensor in preambles.
        at: The index of the number.
        value: The new value.
    """

    name: str
    at: tuple[int, ...]
    value: float

    def __str__(self) -> str:
        """The edit as it is typed on the command line.

        >>> str(Edit("x", (1, 0, 0), 0.5)), str(Edit("c_0", (0, 0, 1), -2.0))
        ('x[1,0,0]=0.5', 'c_0[0,0,1]=-2')
        """
        index = ",".join(map(str, self.at))
        return f"{self.name}[{index}]={repr(self.value).removesuffix('.0')}"

    @property
    def place(self) -> str:
        """The number in Python, such as `x[1, 0, 0]`."""
        return f"{self.name}{list(self.at)}"


def read_edits(typed: Iterable[str]) -> tuple[Edit, ...]:
    """Parse edits of the form `NAME[INDEX]=VALUE`.

    Raises:
        UsageError: If one is malformed, or two change the same number.

    >>> read_edits(["x[1, 0, 0] = .5"])
    (Edit(name='x', at=(1, 0, 0), value=0.5),)
    """
    edits = tuple(map(_read, typed))
    places = [edit.place for edit in edits]
    for place in places:
        if places.count(place) > 1:
            raise UsageError(
                f"got {printable(place, MAX_QUOTED)} to set {places.count(place)} times, "
                "expected each number once; leave the others out"
            )
    return edits


def _read(typed: str) -> Edit:
    """One edit, after checking its form."""
    match = _FORM.fullmatch(typed)
    if match is None:
        raise UsageError(
            f"got {quoted_name(typed)} to set, expected NAME[INDEX]=VALUE, such as {EXAMPLE}; "
            "write it in this form"
        )
    name, index, value = match.groups()
    places = [place.strip() for place in index.split(",")]
    # int() raises an error for thousands of digits; no index has more than nine.
    if not all(re.fullmatch("[0-9]{1,9}", place) for place in places):
        raise UsageError(
            f"got the index {quoted_name(f'[{index}]')} of {quoted_name(name)} to set, "
            "expected whole numbers from 0 with commas between them, such as "
            "[0,1]; count from the first"
        )
    return Edit(name, tuple(map(int, places)), _number(name, value.strip()))


def _number(name: str, typed: str) -> float:
    """The new value of an edit."""
    try:
        value = float(typed)
    except ValueError:
        raise UsageError(
            f"got {quoted_name(typed)} to set in {quoted_name(name)}, expected a number, "
            "such as -0.5, 1e-3, nan or inf; write one"
        ) from None
    # float() also makes infinity of a number that is too large.
    if math.isinf(value) and "inf" not in typed.lower():
        raise _too_large(name, typed, "float64")
    # The same NaN object, so that an edit equals itself.
    return math.nan if math.isnan(value) else value


def _too_large(place: str, typed: str, dtype: object) -> UsageError:
    """The error of a number that its dtype cannot hold."""
    return UsageError(
        f"got {quoted_name(typed)} to set in {printable(place, MAX_QUOTED)}, expected a number "
        f"that {dtype} holds; choose one nearer to zero, or inf"
    )


class RunInputs(NamedTuple):
    """The parameters and inputs of a module.

    Attributes:
        stack: The parameters, an entry for each layer and direction.
        kind: The class of the module.
        x: The input, shape `(seq_len, batch, input_size)`.
        h_0: The initial hidden state, `(num_layers*directions, batch, size)`.
        c_0: The initial cell state, with the same axes.
        readout: The read-out from the output, if the network has one.
    """

    stack: tuple[Weights, ...]
    kind: Literal["LSTM", "LSTMCell"]
    x: Array
    h_0: Array
    c_0: Array
    readout: Readout | None = None

    def parameters(self) -> dict[str, Array]:
        """The parameters of the module by their names in preambles."""
        return {
            self._name(layer, base): array
            for layer in self.stack
            for base, array in layer.parameters().items()
        }

    def tensors(self) -> dict[str, Array]:
        """Every tensor by its name in preambles."""
        arrays = self.parameters()
        if self.readout is not None:
            for base, array in self.readout.parameters().items():
                arrays[f"readout.{base}"] = array
        return {**arrays, "x": self.x, "h_0": self.h_0, "c_0": self.c_0}

    def with_edits(self, edits: Sequence[Edit]) -> "RunInputs":
        """A copy with edits.

        Raises:
            UsageError: If there is no such number, or the tensor's type cannot
                represent the value.
        """
        arrays = self.tensors()
        for edit in edits:
            _check(edit, arrays, signature(self.stack, self.kind))
        # Copies, because the module itself does not change.
        for name in {edit.name for edit in edits}:
            arrays[name] = np.array(arrays[name])
        for edit in edits:
            arrays[edit.name][edit.at] = edit.value
        stack = []
        for layer in self.stack:
            parameters: dict[str, Any] = {
                base: arrays[self._name(layer, base)] for base in layer.parameters()
            }
            stack.append(replace(layer, **parameters))
        readout = self.readout and replace(
            self.readout, weight=arrays["readout.weight"], bias=arrays.get("readout.bias")
        )
        x, h_0, c_0 = arrays["x"], arrays["h_0"], arrays["c_0"]
        return RunInputs(stack=tuple(stack), kind=self.kind, x=x, h_0=h_0, c_0=c_0, readout=readout)

    def _name(self, layer: Weights, base: str) -> str:
        """The name of a parameter in preambles."""
        if self.kind == "LSTMCell":
            return f"cell.{base}"
        return f"lstm.{base}{layer.suffix}"


def _check(edit: Edit, arrays: Mapping[str, Array], module: str) -> None:
    """Raise an error if a number does not exist, or its type cannot represent the value."""
    got = f"got {printable(edit.place, MAX_QUOTED)} to set"
    if edit.name in RESULTS:
        raise UsageError(
            f"{got}, which is computed, expected a number of a parameter, x, h_0 or c_0; "
            "change one of those"
        )
    if edit.name not in arrays:
        raise UsageError(
            f"got {quoted_name(edit.name)} to set, which is neither a parameter nor an input "
            f"of nn.{module}, expected one of "
            f"{quoted_names([*arrays])}{suggestion(edit.name, arrays) or '; name one of them'}"
        )
    array = arrays[edit.name]
    if len(edit.at) != array.ndim or not all(
        place < count for place, count in zip(edit.at, array.shape, strict=True)
    ):
        last = [count - 1 for count in array.shape]
        raise UsageError(
            f"{got}, expected {edit.name}{[0] * array.ndim} to {edit.name}{last}, because its "
            f"shape is {array.shape}; choose one of these"
        )
    with np.errstate(over="ignore"):
        stored = array.dtype.type(edit.value)
    if math.isfinite(edit.value) and not np.isfinite(stored):
        raise _too_large(edit.place, repr(edit.value), array.dtype)


def setup(edits: Sequence[Edit], *, of_readout: bool = False) -> str:
    """Python that applies edits in a preamble.

    Args:
        edits: The edits.
        of_readout: Whether to apply those of the read-out, which the preamble
            makes later, or all others.
    """
    applied = [edit for edit in edits if edit.name.startswith("readout.") is of_readout]
    lines = []
    # Parameters can be changed in place only under torch.no_grad().
    parameters = [edit for edit in applied if "." in edit.name]
    if parameters:
        lines.append("with torch.no_grad():")
        lines += [f"    {_assignment(edit)}" for edit in parameters]
    if any(edit.name in STATES for edit in applied):
        # Both names may refer to the same tensor.
        lines.append("h_0, c_0 = h_0.clone(), c_0.clone()")
    lines += [_assignment(edit) for edit in applied if edit not in parameters]
    return "\n".join(lines)


def _assignment(edit: Edit) -> str:
    """An edit as a statement of Python."""
    return f"{edit.place} = {literals.literal(np.array(edit.value))}"


def edited(trace: Trace, edits: Sequence[Edit]) -> Trace:
    """Run a trace's module again with edits.

    For packed sequences, only the longest is run, because figures draw that.

    Raises:
        UsageError: If there is no such number, or the tensor's type cannot
            represent the value.
    """
    # Imported here, because only edits need it and it is slow to import.
    from ..proof.runs.variants import unpacked

    trace = literals.source_setup(trace)
    # The preamble then uses the reader's own module and x, which must stay as they are.
    is_own = literals.count(trace) > literals.LITERALS or trace.origin == Origin()
    trace = unpacked(trace)
    origin = trace.origin
    before = RunInputs(
        stack=trace.weights,
        kind=trace.kind,
        x=trace.x,
        h_0=trace.h_0,
        c_0=trace.c_0,
        readout=origin.readout,
    )
    inputs = before.with_edits(edits)
    lines = [origin.setup.strip(), ""]
    if is_own:
        lines += [_copy_code(inputs), "x = x.clone()"]
    return replace(
        run(inputs.stack, inputs.x, inputs.h_0, inputs.c_0),
        kind=trace.kind,
        tokens=trace.tokens,
        clock=trace.clock,
        labels=trace.labels,
        origin=origin._replace(
            setup="\n".join([*lines, setup(edits)]),
            command=None,
            edited=True,
            original_parameters=origin.original_parameters or before.parameters(),
            training=None,
            readout=inputs.readout,
            readout_setup="\n".join(
                filter(None, [origin.readout_setup, setup(edits, of_readout=True)])
            ),
        ),
    )


def _copy_code(inputs: RunInputs) -> str:
    """Python that makes a copy of the module, to leave the user's own unchanged."""
    name = "cell" if inputs.kind == "LSTMCell" else "lstm"
    return (
        f"copied = torch.nn.{signature(inputs.stack, inputs.kind)}\n"
        "copied.load_state_dict({\n"
        f"    name: getattr({name}, name) for name in copied.state_dict()\n"
        "})\n"
        f"{name} = copied"
    )
