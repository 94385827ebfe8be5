"""A run of another form, made from the run at hand.

Some figures show what a module may lack: a second direction, a projection, a
batch. They make it from what there is, and say so. What is made has a setup of
its own, so its numbers are proven like all others.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from ..digits import counted
from ..errors import UsageError
from ..lstm import run
from ..preamble.write import alone
from ..proof import SUMMED, Subject
from ..tensors import Trace, signature


def unpacked(trace: Trace) -> Trace:
    """The longest of packed sequences, alone; other runs are as they were."""
    if trace.batch_sizes is None:
        return trace
    firsts = np.cumsum((0, *trace.batch_sizes[:-1]))
    made = run(
        trace.weights, trace.x[firsts][:, None], trace.h_0[:, :1],
        trace.c_0[:, :1],
    )  # fmt: skip
    count = trace.batch_sizes[0]
    note = "" if count == 1 else f"The longest of {count} packed sequences."
    return _after(trace, made, _UNPACKED, note)


def beginning(trace: Trace) -> Trace:
    """The first steps, so few that rounding does not grow."""
    if len(trace.x) <= SUMMED:
        return trace
    made = run(trace.weights, trace.x[:SUMMED], trace.h_0, trace.c_0)
    note = f"Run over the first {SUMMED} of {len(trace.x)} steps."
    return _after(trace, made, f"x = x[:{SUMMED}]", note)


def two_sequences(trace: Trace) -> Trace:
    """The same, and beside a single sequence the same with its sign changed."""
    if trace.x.shape[1] > 1:
        return trace
    made = run(
        trace.weights,
        np.concatenate([trace.x, -trace.x], 1),
        np.repeat(trace.h_0, 2, 1),
        np.repeat(trace.c_0, 2, 1),
    )
    return _after(
        trace,
        made,
        _TWO_SEQUENCES,
        "Sequence 1 is made of sequence 0: its sign is changed.",
    )


def two_directions(trace: Trace) -> Trace:
    """The same, or layer 0 with its weights negated for the way back."""
    if trace.bidirectional:
        return trace
    first = trace.weights[0]
    back: dict[str, Any] = {
        name: -array for name, array in first.parameters().items()
    }
    pair = first, replace(first, direction="reverse", **back)
    made = run(
        pair,
        trace.x,
        np.repeat(trace.h_0[:1], 2, 0),
        np.repeat(trace.c_0[:1], 2, 0),
    )
    cell = trace.kind == "LSTMCell"
    setup = _TWO_DIRECTIONS.format(
        built=signature(pair, "LSTM"),
        variable="cell" if cell else "lstm",
        suffix="" if cell else "_l0",
        names=", ".join(f'"{name}"' for name in first.parameters()),
    )
    whose = "Layer 0" if trace.num_layers > 1 else "The module"
    note = f"{whose} has one direction; here it has a second, with its "
    return _after(trace, made, setup, f"{note}weights negated.")


def projected(subject: Subject, proj_size: int) -> Trace:
    """The layer that is shown, with a projection made of its `weight_hh`.

    Args:
        subject: A layer without a projection, in its direction.
        proj_size: The length of h.

    Raises:
        UsageError: If that is not smaller than hidden_size.
    """
    trace, one, first = subject.trace, subject.weights, subject.steps[0]
    if proj_size >= one.hidden_size:
        raise UsageError(
            f"got a projection to {counted(proj_size, 'element')} for "
            f"{subject.module}, expected fewer than hidden_size "
            f"{one.hidden_size}; choose a smaller one"
        )
    weights = replace(
        one,
        weight_hh=one.weight_hh[:, :proj_size],
        weight_hr=one.weight_hh[:proj_size],
        layer=0,
        direction="forward",
    )
    made = run(
        weights,
        np.stack([step.x for step in subject.steps]),
        first.h_prev[None, :, :proj_size],
        first.c_prev[None],
    )
    cell = trace.kind == "LSTMCell"
    setup = _PROJECTED.format(
        built=signature((weights,), "LSTM"),
        variable=subject.shown,
        suffix="" if cell else "_l0",
        same=", ".join(
            f'"{name}"' for name in one.parameters() if name != "weight_hh"
        ),
        size=proj_size,
    )
    if subject.shown == "layer":
        setup = f"{alone(subject)}\n\n{setup}"
    made = _after(
        trace,
        made,
        setup,
        "The module has no projection; here it has one to "
        f"{counted(proj_size, 'element')}, made of the first columns and rows "
        "of weight_hh.",
    )
    part = subject.origin.removeprefix(trace.origin.label)
    origin = made.origin._replace(label=made.origin.label + part)
    return replace(made, origin=origin)


def _after(trace: Trace, made: Trace, setup: str, note: str) -> Trace:
    """A run with the origin of another, and what was done to that."""
    origin = trace.origin._replace(
        label=f"{note} {trace.origin.label}".strip(),
        setup=f"{trace.origin.setup.strip()}\n\n{setup}",
    )
    same = made.weights is trace.weights
    return replace(made, origin=origin, kind=trace.kind if same else "LSTM")


_UNPACKED = """\
# The longest of the packed sequences, alone.
x = torch.nn.utils.rnn.pad_packed_sequence(x)[0][:, :1]
h_0, c_0 = h_0[:, :1], c_0[:, :1]"""

_TWO_SEQUENCES = """\
# A batch of two: the sequence, and the same with its sign changed.
x = torch.cat([x, -x], dim=1)
h_0, c_0 = h_0.repeat(1, 2, 1), c_0.repeat(1, 2, 1)"""

_TWO_DIRECTIONS = """\
# The same weights in a module of two directions, negated for the reverse.
both = torch.nn.{built}
both.load_state_dict({{
    f"{{name}}_l0{{end}}": sign * getattr({variable}, f"{{name}}{suffix}")
    for name in [{names}]
    for end, sign in (("", 1), ("_reverse", -1))
}})
lstm, h_0, c_0 = both, h_0[:1].repeat(2, 1, 1), c_0[:1].repeat(2, 1, 1)"""

_PROJECTED = """\
# The same weights with a projection: weight_hh keeps its first columns, and
# its first rows are weight_hr.
projected = torch.nn.{built}
weight_hh = {variable}.weight_hh{suffix}
projected.load_state_dict({{
    "weight_hh_l0": weight_hh[:, :{size}],
    "weight_hr_l0": weight_hh[:{size}],
    **{{
        f"{{name}}_l0": getattr({variable}, f"{{name}}{suffix}")
        for name in [{same}]
    }},
}})
lstm, h_0 = projected, h_0[:, :, :{size}]"""
