"""Derive a run of a different form: a second direction, a projection, a batch.

Some figures show a feature that the given module lacks. They derive it and say
so in a note. The derived run has its own setup, so its numbers are proven like
all others.
"""

from dataclasses import replace

import numpy as np

from ...errors import BeyondLimit
from ...model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ...model.lstm import run
from ...model.origin import Statement, joined_statements
from ...model.tensors import Trace, signature
from ..digits import count_phrase
from ..preamble.write import layer_as_module
from .batches import NEGATED, batch_of, negated, second_direction_note

LARGE = 256
"""The most units for which a further run takes negligible time."""


def unpacked(trace: Trace) -> Trace:
    """The longest sequence of a packed input; other runs unchanged."""
    if trace.batch_sizes is None:
        return trace
    firsts = np.cumsum((0, *trace.batch_sizes[:-1]))
    new_trace = run(trace.weights, trace.x[firsts][:, None], trace.h_0[:, :1], trace.c_0[:, :1])
    count = trace.batch_sizes[0]
    longest = Statement(
        "The longest of {} packed sequences.",
        ((count, "len(packed_lengths)"),),
        "packed_lengths[0] == max(packed_lengths)",
    )
    return _derived_trace(trace, new_trace, _UNPACKED, longest if count > 1 else None)


def beginning(trace: Trace) -> Trace:
    """The first steps only, so that rounding errors stay small."""
    if len(trace.x) <= MAX_SUMMED_STEPS:
        return trace
    new_trace = run(trace.weights, trace.x[:MAX_SUMMED_STEPS], trace.h_0, trace.c_0)
    note = Statement(
        "Run over the first {} of {} steps.",
        ((MAX_SUMMED_STEPS, "len(x)"), (len(trace.x), "len(all_steps)")),
    )
    setup = f"all_steps, x = x, x[:{MAX_SUMMED_STEPS}]"
    return _derived_trace(trace, new_trace, setup, note)


def repeated(trace: Trace, count: int) -> Trace:
    """A run with at least `count` steps; a shorter input is repeated."""
    steps = len(trace.x)
    if steps >= count:
        return trace
    times = -(-count // steps)
    x = np.tile(trace.x, (times, 1, 1))[:count]
    new_trace = run(trace.weights, x, trace.h_0, trace.c_0)
    setup = f"# The input, over and over.\nonce, x = x, x.repeat({times}, 1, 1)[:{count}]"
    note = Statement(
        f"The input of {{}} {'step' if steps == 1 else 'steps'} is repeated to {{}}.",
        ((steps, "len(once)"), (count, "len(x)")),
    )
    return _derived_trace(trace, new_trace, setup, note)


def without_zeros(trace: Trace) -> Trace:
    """The same run; the example, whose inputs are one-hot, reads an input without zeros."""
    is_one_hot = bool((trace.x.sum(axis=-1) == 1).all())  # It may be edited.
    if not (trace.origin.example and is_one_hot):
        return trace
    new_trace = run(trace.weights, (trace.x + 1) / 2, trace.h_0, trace.c_0)
    note = Statement(
        "The input is made for this figure: that of the example, which is one-hot, plus "
        "one and halved.",
        claim="torch.equal(x, (one_hot + 1) / 2) and bool((one_hot.sum(-1) == 1).all())",
    )
    setup = "# An input without zeros.\none_hot, x = x, (x + 1) / 2"
    return _derived_trace(trace, new_trace, setup, note)


def sequences(trace: Trace, count: int) -> Trace:
    """The same run, or one with a batch derived from its one sequence."""
    if trace.x.shape[1] > 1:
        return trace
    batch = batch_of(trace.x, count, len(trace.x))
    new_trace = run(
        trace.weights, batch.x, np.repeat(trace.h_0, count, 1), np.repeat(trace.c_0, count, 1)
    )
    setup = _SEQUENCES.format(setup=batch.setup, count=count)
    return _derived_trace(trace, new_trace, setup, batch.note)


def two_directions(trace: Trace) -> Trace:
    """The same run, or a bidirectional one of layer 0 with a derived direction."""
    if trace.bidirectional:
        return trace
    first = trace.weights[0]
    pair = first, negated(first)
    new_trace = run(pair, trace.x, np.repeat(trace.h_0[:1], 2, 0), np.repeat(trace.c_0[:1], 2, 0))
    is_cell = trace.kind == "LSTMCell"
    setup = _TWO_DIRECTIONS.format(
        built=signature(pair, "LSTM"),
        negated=NEGATED,
        variable="cell" if is_cell else "lstm",
        suffix="" if is_cell else "_l0",
        names=", ".join(f'"{name}"' for name in first.parameters()),
    )
    statements = [second_direction_note("lstm")]
    if trace.num_layers > 1:
        statements.insert(0, Statement("Layer {} is shown.", ((0, "0"),)))
    return _derived_trace(trace, new_trace, setup, joined_statements(statements))


def two_layers(trace: Trace) -> Trace:
    """The one layer of a module without projection, with a second layer above it."""
    ih = np.concatenate([weights.weight_hh for weights in trace.weights], axis=1)
    above = [
        replace(weights, layer=1, weight_ih=sign * ih)
        for weights, sign in zip(trace.weights, (1, -1), strict=False)
    ]
    stack = *trace.weights, *above
    new_trace = run(stack, trace.x, np.tile(trace.h_0, (2, 1, 1)), np.tile(trace.c_0, (2, 1, 1)))
    is_bidirectional = trace.bidirectional
    setup = _TWO_LAYERS.format(
        built=signature(stack, "LSTM"),
        more=', state["weight_hh_l0_reverse"]' * is_bidirectional,
        reverse='\n    "weight_ih_l1_reverse": -weight_ih,' * is_bidirectional,
    )
    hh = "lstm.weight_hh_l0"
    both_hh = f"torch.cat([{hh}, {hh}_reverse], 1)"
    note = Statement(
        "The second layer is made for this figure: it reads h with weight_hh of the first.",
        claim=f"torch.equal(lstm.weight_ih_l1, {both_hh if is_bidirectional else hh})",
    )
    return _derived_trace(trace, new_trace, setup, note)


def projected(subject: LayerRun, proj_size: int) -> Trace:
    """The shown layer with a projection derived from its `weight_hh`.

    Args:
        subject: A layer run without a projection.
        proj_size: The length of h.

    Raises:
        BeyondLimit: If it is not smaller than hidden_size.
    """
    trace, layer_weights, first = subject.trace, subject.weights, subject.steps[0]
    if proj_size >= layer_weights.hidden_size:
        raise BeyondLimit(
            f"got a projection to {count_phrase(proj_size, 'element')} for "
            f"{subject.module}, expected fewer than hidden_size "
            f"{layer_weights.hidden_size}; choose a smaller one",
            option="project",
        )
    weights = replace(
        layer_weights,
        weight_hh=layer_weights.weight_hh[:, :proj_size],
        weight_hr=layer_weights.weight_hh[:proj_size],
        layer=0,
        direction="forward",
    )
    new_trace = run(
        weights,
        np.stack([step.x for step in subject.steps]),
        first.h_prev[None, :, :proj_size],
        first.c_prev[None],
    )
    cell = trace.kind == "LSTMCell"
    setup = _PROJECTED.format(
        built=signature((weights,), "LSTM"),
        variable=subject.module_variable,
        suffix="" if cell else "_l0",
        same=", ".join(f'"{name}"' for name in layer_weights.parameters() if name != "weight_hh"),
        size=proj_size,
    )
    if subject.module_variable == "layer":
        setup = f"{layer_as_module(subject)}\nstack = lstm\n\n{setup}"
    note = Statement(
        f"The {'example' if trace.origin.example else 'network'} has no "
        f"projection: this one, to {{}} {'element' if proj_size == 1 else 'elements'}, is "
        "made of the first columns and rows of its weight_hh.",
        ((proj_size, "lstm.proj_size"),),
        _FIRST_OF_WEIGHT_HH,
    )
    new_trace = _derived_trace(trace, new_trace, setup, note)
    label = joined_statements((new_trace.origin.label, *subject.part("stack")))
    return replace(new_trace, origin=new_trace.origin._replace(label=label))


def _derived_trace(trace: Trace, new_trace: Trace, setup: str, note: Statement | None) -> Trace:
    """A derived run with the origin of the given one, and a note on the derivation."""
    origin = trace.origin._replace(
        notes=(*([note] if note else []), *trace.origin.notes),
        setup=f"{trace.origin.setup.strip()}\n\n{setup}",
    )
    same = new_trace.weights is trace.weights
    return replace(new_trace, origin=origin, kind=trace.kind if same else "LSTM")


_UNPACKED = """\
# The longest of the packed sequences, alone.
x, packed_lengths = torch.nn.utils.rnn.pad_packed_sequence(x)
x = x[:, :1].contiguous()
h_0, c_0 = h_0[:, :1], c_0[:, :1]"""
"""Python that takes one sequence of a packed batch."""

_SEQUENCES = """\
{setup}
x, h_0, c_0 = batch, h_0.repeat(1, {count}, 1), c_0.repeat(1, {count}, 1)"""
"""Python that makes a batch of sequences, with a state for each."""

_TWO_DIRECTIONS = """\
# The same weights in a module of two directions, one of them negated.
state = {{
    f"{{name}}_l0{{end}}": getattr({variable}, f"{{name}}{suffix}")
    for name in [{names}]
    for end in ("", "_reverse")
}}
{negated}both = torch.nn.{built}
both.load_state_dict(state)
lstm, h_0, c_0 = both, h_0[:1].repeat(2, 1, 1), c_0[:1].repeat(2, 1, 1)"""
"""Python that makes a bidirectional module."""

_TWO_LAYERS = """\
# A second layer, which reads h with weight_hh of the first.
deep = torch.nn.{built}
state = lstm.state_dict()
weight_ih = torch.cat([state["weight_hh_l0"]{more}], dim=1)
deep.load_state_dict({{
    **state,
    **{{name.replace("l0", "l1"): tensor for name, tensor in state.items()}},
    "weight_ih_l1": weight_ih,{reverse}
}})
lstm, h_0, c_0 = deep, h_0.repeat(2, 1, 1), c_0.repeat(2, 1, 1)"""
"""Python that makes a module of two layers."""

_FIRST_OF_WEIGHT_HH = (
    "torch.allclose(lstm.weight_hh_l0, weight_hh[:, :lstm.proj_size], 0, 0, "
    "True) and torch.allclose(lstm.weight_hr_l0, weight_hh[:lstm.proj_size], "
    "0, 0, True)"
)
"""The last argument treats NaN as equal to NaN."""

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
"""Python that makes a module with a projection."""
