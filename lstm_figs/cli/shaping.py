"""`lstm-figs shapes`: all shapes, and what they cost, without running."""

import argparse
import dataclasses
import json
import math
from collections.abc import Iterator, Sequence

from ..command.parsing import Commands, whole
from ..errors import UsageError
from ..model.form import Form
from .streams import say

Axes = tuple[tuple[str, int], ...]
"""Each axis of a tensor: what it counts, and its length."""

LARGEST, DEEPEST = 10**6, 1000

FLOAT = 4
"""Bytes of a number in float32."""

ADAM = 4
"""Numbers for each parameter: itself, its gradient, and two averages."""


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser(
        "shapes",
        help="print the shape of every tensor of an nn.LSTM, and its cost",
    )
    size = whole(1, LARGEST)
    parser.add_argument(
        "--input-size", type=size, metavar="I", default=3, help="3 by default"
    )
    parser.add_argument(
        "--hidden-size", type=size, metavar="H", default=2, help="2 by default"
    )
    parser.add_argument(
        "--num-layers", type=whole(1, DEEPEST), metavar="L", default=1,
        help="1 by default",
    )  # fmt: skip
    parser.add_argument(
        "--bidirectional", action="store_true", help="in two directions"
    )
    parser.add_argument(
        "--proj-size", type=whole(0, LARGEST), metavar="P", default=0,
        help="smaller than hidden_size, 0 for none",
    )  # fmt: skip
    parser.add_argument("--no-bias", action="store_true", help="without biases")
    parser.add_argument(
        "--batch-first", action="store_true", help="with batch_first=True"
    )
    parser.add_argument(
        "--unbatched", action="store_true",
        help="one sequence without a batch axis",
    )  # fmt: skip
    parser.add_argument(
        "--seq-len", type=size, metavar="T", default=4, help="4 by default"
    )
    parser.add_argument(
        "--batch-size", type=size, metavar="N", help="1 by default"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print shapes, the number of parameters, and what a call costs.

    Raises:
        UsageError: If the arguments contradict each other.
    """
    if arguments.unbatched and arguments.batch_size is not None:
        raise UsageError(
            "got --unbatched with --batch-size, expected one of them; a "
            "sequence alone has no batch axis"
        )
    form = Form(
        arguments.input_size,
        arguments.hidden_size,
        arguments.num_layers,
        arguments.bidirectional,
        arguments.proj_size,
        not arguments.no_bias,
    )
    batch = None if arguments.unbatched else arguments.batch_size or 1
    passed = dict(
        _passed(form, arguments.seq_len, batch, arguments.batch_first)
    )
    held = dict(_held(form))
    count = sum(math.prod(_shape(axes)) for axes in held.values())
    updates = arguments.seq_len * (batch or 1)
    each = sum(_multiplied(form))
    kept = updates * sum(_kept(form))
    states = sum(math.prod(_shape(passed[name])) for name in ("h_n", "c_n"))
    at_once = updates * _at_once(form)
    numbers = count + updates * form.input_size + states + at_once
    run, train = FLOAT * numbers, FLOAT * (ADAM * count + kept)
    if arguments.json:
        shapes = {name: _shape(axes) for name, axes in passed.items()}
        parameters = {name: _shape(axes) for name, axes in held.items()}
        found = {
            **shapes,
            "parameters": parameters,
            "count": count,
            "multiplications": updates * each,
            "held_at_once": at_once,
            "kept_for_backward": kept,
            "bytes_to_run": run,
            "bytes_to_train": train,
        }
        say(json.dumps(found, indent=2))
        return
    say(_call(form, arguments.batch_first))
    rows = {**passed, **held}
    name_width = max(map(len, rows))
    shape_width = max(len(str(_shape(axes))) for axes in rows.values())
    for name, axes in rows.items():
        said = ", ".join(label for label, _ in axes)
        shape = str(_shape(axes))
        say(f"{name:{name_width}}  {shape:{shape_width}}  {said}")
    say(f"{count:,} parameters")
    say(f"{updates * each:,} multiplications, {each:,} per step and sequence")
    say(
        f"{run:,} bytes to run in float32: parameters, input, states, and "
        f"{at_once:,} numbers that exist at once"
    )
    say(
        f"{train:,} bytes to train with Adam: {ADAM} times the parameters, and "
        f"{kept:,} numbers that backward needs"
    )


def _shape(axes: Axes) -> tuple[int, ...]:
    return tuple(length for _, length in axes)


def _call(form: Form, batch_first: bool) -> str:
    """How the module is built, only with the arguments that matter."""
    more = {
        field.name: getattr(form, field.name)
        for field in dataclasses.fields(form)
        if getattr(form, field.name) != field.default
    }
    sizes = f"{more.pop('input_size')}, {more.pop('hidden_size')}"
    if batch_first:
        more["batch_first"] = True
    return f"nn.LSTM({sizes}{''.join(f', {k}={v}' for k, v in more.items())})"


def _h(form: Form) -> tuple[str, int]:
    """What h counts, and its length."""
    if form.proj_size:
        return "proj_size", form.proj_size
    return "hidden_size", form.hidden_size


def _both(axis: tuple[str, int], form: Form) -> tuple[str, int]:
    """An axis that has a part for each direction."""
    label, length = axis
    return (f"2 * {label}", 2 * length) if form.bidirectional else axis


def _passed(
    form: Form, seq_len: int, batch: int | None, batch_first: bool
) -> Iterator[tuple[str, Axes]]:
    """What the module takes and returns."""
    over: Axes = (("seq_len", seq_len),)
    state: Axes = (_both(("num_layers", form.num_layers), form),)
    if batch is not None:
        rows = ("batch", batch)
        over = (rows, *over) if batch_first else (*over, rows)
        state = (*state, rows)
    yield "input", (*over, ("input_size", form.input_size))
    yield "output", (*over, _both(_h(form), form))
    yield "h_n", (*state, _h(form))
    yield "c_n", (*state, ("hidden_size", form.hidden_size))


def _held(form: Form) -> Iterator[tuple[str, Axes]]:
    """The parameters, in the order of `named_parameters()`."""
    units = ("hidden_size", form.hidden_size)
    rows = ("4 * hidden_size", 4 * form.hidden_size)
    received = ("input_size", form.input_size)
    for layer in range(form.num_layers):
        for suffix in ("", "_reverse")[: 1 + form.bidirectional]:
            named: dict[str, Axes] = {
                "weight_ih": (rows, received),
                "weight_hh": (rows, _h(form)),
            }
            if form.bias:
                named |= {"bias_ih": (rows,), "bias_hh": (rows,)}
            if form.proj_size:
                named["weight_hr"] = (_h(form), units)
            for name, axes in named.items():
                yield f"{name}_l{layer}{suffix}", axes
        received = _both(_h(form), form)


def _layers(form: Form) -> Iterator[tuple[int, int, int]]:
    """Of each layer the length of its input, and of h; and its directions."""
    (_, size), directions = _h(form), 1 + form.bidirectional
    received = form.input_size
    for _ in range(form.num_layers):
        yield received, size, directions
        received = directions * size


def _multiplied(form: Form) -> Iterator[int]:
    """How many multiplications one step of one sequence takes, by layer.

    Those of the matrices, and three for each unit: `f * c`, `i * g` and
    `o * tanh(c)`.
    """
    units = form.hidden_size
    for received, size, directions in _layers(form):
        projected = form.proj_size * units
        yield directions * (
            4 * units * (received + size) + 3 * units + projected
        )


def _at_once(form: Form) -> int:
    """How many numbers of one step of one sequence exist at once, at the most.

    That is without gradients, beside the input and the last states. A layer
    multiplies the inputs of all steps by `weight_ih` before the first step,
    in each direction; it has `h` step by step and then as one tensor; and
    above the first it reads what the layer below gave. That is PyTorch's own
    code; oneDNN and cuDNN do it in their own way.
    """
    (_, size), directions = _h(form), 1 + form.bidirectional
    below = directions * size if form.num_layers > 1 else 0
    return directions * 4 * form.hidden_size + 2 * size + below


def _kept(form: Form) -> Iterator[int]:
    """How many numbers autograd keeps of one step of one sequence, by layer.

    The input, and in each direction four gates, `c`, `tanh(c)`, the `h` that
    goes on, and with a projection the longer one before it. That is what
    PyTorch's own operators keep; oneDNN and cuDNN keep them in their own way.
    """
    for received, size, directions in _layers(form):
        long = form.hidden_size if form.proj_size else 0
        yield received + directions * (6 * form.hidden_size + long + size)
