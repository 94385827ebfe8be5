"""Trace an LSTM that a model calls step by step, as one run."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch.nn.utils.rnn import PackedSequence

from ..errors import UnsupportedModule, UsageError, quoted
from ..model.lstm import run
from ..model.tensors import Array, Trace
from .module import (
    as_array,
    capture,
    check_input,
    first_states,
    kind_of,
    own_setup,
    proven,
    standard_input,
    weights_of,
)
from .scripted import is_scripted_lstm
from .submodule import Call, captured_calls


def input_and_state(*inputs: Any, **named: Any) -> tuple[Any, Any]:
    """The input and the initial state of a call, None for zeros.

    Raises:
        UsageError: If there is no input, or more than a state beside it.
    """
    positional = dict(zip(("input", "hx"), inputs, strict=False))
    # Our pages name the input x.
    keywords = {"input" if name == "x" else name: v for name, v in named.items()}
    arguments = keywords | positional
    is_repeated_or_surplus = len(arguments) < len(inputs) + len(keywords)
    unknown = arguments.keys() - {"input", "hx"}
    if "input" not in arguments or is_repeated_or_surplus or unknown:
        raise UsageError(
            f"got {len(inputs)} inputs{''.join(f', {n}=' for n in named)} for "
            "an LSTM, expected its input, and hx, the initial state, if it is "
            "not zeros; pass these"
        )
    return arguments["input"], arguments.get("hx")


def capture_model(
    model: Any,
    inputs: tuple[Any, ...],
    named: dict[str, Any],
    name: str | None = None,
    call_index: int | None = None,
    calls_setup: str = "",
) -> Trace:
    """Run a module, or a model with one inside, and keep every intermediate result.

    Args:
        model: The module, or the model.
        inputs: Its positional arguments.
        named: Its keyword arguments.
        name: The name of the LSTM inside a model.
        call_index: The only call of that LSTM to trace; None for all.
        calls_setup: Python that makes the calls, see `own_setup`.

    Raises:
        UsageError: If the calls of the LSTM do not continue each other, or there
            is no such call.
        LstmFigsError: If the module or its arguments cannot be used.
    """
    if name is None and is_scripted_lstm(model):
        name = ""
    if name is not None:
        calls = captured_calls(model, inputs, named, name)
        return capture_calls(calls, name, call_index, calls_setup)
    if call_index is not None:
        raise UsageError(
            f"got call_index={quoted(call_index)} without a model around the LSTM, expected "
            "a model that calls it; leave call_index out"
        )
    return capture(model, *input_and_state(*inputs, **named), calls_setup)


def capture_calls(
    calls: Sequence[Call], name: str, index: int | None = None, calls_setup: str = ""
) -> Trace:
    """Trace one call of a module, or all of them as one run.

    Args:
        calls: The calls, in order.
        name: The name of the module, for messages.
        index: The index of the only call to trace; None for all.
        calls_setup: Python that makes the calls, see `own_setup`.

    Raises:
        UsageError: If there is no call of that index, or a call does not begin
            with the state that the one before returned.
        UnsupportedModule: If the module or an input is not supported.
    """
    count = len(calls)
    if index is not None:
        if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < count:
            allowed = f"a whole number from 0 to {count - 1}" if count > 1 else "0"
            times = f"{count} times" if count > 1 else "once"
            raise UsageError(
                f"got call_index={quoted(index)}, expected {allowed}, because {quoted(name)} is "
                f"called {times}; choose one, or leave it out"
            )
        calls = [calls[index]]
        calls_setup += f"\ncalls = calls[{index}:]" if calls_setup else ""
    arguments = [input_and_state(*call.inputs, **call.named) for call in calls]
    if len(calls) == 1:
        return capture(calls[0].module, *arguments[0], calls_setup)
    module = calls[0].module
    for x, _ in arguments:
        check_input(module, x)
    problem = _why_not_joined(module, calls, arguments)
    if problem:
        raise UsageError(
            f"got {count} calls of {quoted(name)}, of which {problem}, expected calls that "
            "continue each other; make only those of one sequence, or choose one with "
            f"call_index=K, from 0 to {count - 1}"
        )
    return _joined(module, calls, arguments, calls_setup)


def _why_not_joined(
    module: Any, calls: Sequence[Call], arguments: Sequence[tuple[Any, Any]]
) -> str:
    """Why calls do not continue each other; empty if they do."""
    if getattr(module, "bidirectional", False):
        return "each also reads its own steps from the last to the first"
    for k, (x, hx) in enumerate(arguments):
        if isinstance(x, PackedSequence):
            return f"call {k} reads a packed sequence"
        if k == 0:
            continue
        before = calls[k - 1].returned
        # An LSTMCell returns its state, an LSTM its output and its state.
        state = before if kind_of(module) == "LSTMCell" else before[1]
        if hx is None or not _are_equal(hx, state):
            return f"call {k} does not begin with the state that call {k - 1} returned"
    return ""


def _are_equal(state: Any, other: Any) -> bool:
    """Whether two states have the same numbers; NaN equals NaN."""
    return all(
        np.array_equal(as_array(a, "hx"), as_array(b, "hx"), equal_nan=True)
        for a, b in zip(state, other, strict=True)
    )


def _joined(
    module: Any, calls: Sequence[Call], arguments: Sequence[tuple[Any, Any]], calls_setup: str
) -> Trace:
    """The run of calls that continue each other."""
    stack = weights_of(module)
    inputs = [standard_input(module, x) for x, _ in arguments]
    x = np.concatenate([standard.x for standard in inputs])
    first = arguments[0][1]
    trace = run(stack, x, *first_states(stack, inputs[0], first))
    is_cell, batch = kind_of(module) == "LSTMCell", x.shape[1]
    try:
        returned = [(c.returned[0], c.returned) if is_cell else c.returned for c in calls]
        outputs = [as_array(output, "output") for output, _ in returned]
        h_n, c_n = (as_array(state, "hx") for state in returned[-1][1])
    except (TypeError, ValueError) as error:
        raise UnsupportedModule(
            f"{type(module).__name__} returned {type(calls[0].returned).__name__}, expected "
            "the results of torch.nn.LSTM or LSTMCell; pass one of them"
        ) from error
    by_time = [a.swapaxes(0, 1) if inputs[0].batch_first else a for a in outputs]
    trace = replace(
        trace,
        # Outputs of an LSTMCell, or without a batch, lack an axis.
        output=np.concatenate([a.reshape(-1, batch, a.shape[-1]) for a in by_time]),
        h_n=h_n.reshape(trace.h_n.shape),
        c_n=c_n.reshape(trace.c_n.shape),
    )
    own_x, has_state = torch.from_numpy(x), first is not None
    setup = own_setup(module, own_x, has_state, trace, calls_setup, joined=True)
    trace = proven(module, trace, setup)
    output: Array = (
        np.stack(outputs) if is_cell else (np.concatenate(outputs, axis=int(inputs[0].batch_first)))
    )
    return replace(trace, output=output, h_n=h_n, c_n=c_n)
