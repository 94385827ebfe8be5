"""`lstm-figs trace`: print every intermediate result."""

import argparse
import json
import math
from collections.abc import Sequence
from typing import Any

from ..command.parsing import Commands, add_source, source_of
from ..errors import no_gates
from ..model.tensors import Step, Trace
from ..names import visible_token
from .input_warnings import warn_of_input
from .streams import print_text

STEP_TENSORS = (
    "x",
    "h_prev",
    "c_prev",
    "z_i",
    "z_f",
    "z_g",
    "z_o",
    "i",
    "f",
    "g",
    "o",
    "c",
    "tanh_c",
    "h",
)
"""The results of each step that `trace --json` prints."""


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser("trace", help="print every intermediate result")
    add_source(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print the tensors of every step."""
    source = source_of(arguments)
    trace = source.trace()
    if trace.origin.plain is not None:
        raise no_gates("trace")
    warn_of_input(source, trace)
    if arguments.json:
        print_text(json.dumps(_json(trace)))
        return
    for step in trace.steps:
        token = f": {visible_token(trace.step_names[step.t])}" if trace.step_names else ""
        print_text(f"step {step.t + 1}{_direction(trace, step)}{token}")
        for name in STEP_TENSORS:
            print_text(f"  {name:7}{_rows(getattr(step, name))}")
    print_text(f"output {tuple(trace.output.shape)}")
    for name, state in (("h_n", trace.h_n), ("c_n", trace.c_n)):
        for part in state:
            print_text(f"{name:7}{_rows(part)}")


def _direction(trace: Trace, step: Step) -> str:
    """The layer and direction of a step, if the module has several."""
    if len(trace.weights) == 1:
        return ""
    return f", layer {step.layer}, {step.direction}"


def _rows(array: Any) -> str:
    """The rows of a matrix on one line."""
    rows = (" ".join(f"{v: .6f}" for v in row) for row in array.tolist())
    return " | ".join(rows)


def _json(trace: Trace) -> dict[str, object]:
    """What `--json` prints."""
    weights = trace.weights[0]
    return {
        "torch": trace.origin.torch,
        "input_size": weights.input_size,
        "hidden_size": weights.hidden_size,
        "num_layers": trace.num_layers,
        "bidirectional": trace.bidirectional,
        "proj_size": weights.proj_size,
        # Whatever the module takes, time is the first axis here.
        "batch_first": False,
        "steps": [
            {
                "t": step.t,
                "layer": step.layer,
                "direction": step.direction,
                **{name: _as_lists(getattr(step, name).tolist()) for name in STEP_TENSORS},
            }
            for step in trace.steps
        ],
        "output": _as_lists(trace.output.tolist()),
        "h_n": _as_lists(trace.h_n.tolist()),
        "c_n": _as_lists(trace.c_n.tolist()),
    }


def _as_lists(value: Any) -> Any:
    """Nested lists with NaN and infinities as strings."""
    if isinstance(value, list):
        return [_as_lists(item) for item in value]
    return value if math.isfinite(value) else str(value)
