"""`lstm-figs shapes`: the shape of everything, without running anything."""

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


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser(
        "shapes", help="print the shape of every tensor of an nn.LSTM"
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
    """Print shapes and the number of parameters.

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
    if arguments.json:
        shapes = {name: _shape(axes) for name, axes in passed.items()}
        parameters = {name: _shape(axes) for name, axes in held.items()}
        found = {**shapes, "parameters": parameters, "count": count}
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
    say(f"{count} parameters")


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
