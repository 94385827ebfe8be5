"""Capture the call of an LSTM inside a model."""

from typing import Any, NamedTuple

import torch

from ..errors import UsageError, quoted
from ..names import first_line
from .torch_state import LOCK


class Call(NamedTuple):
    """A module and the arguments of its call.

    Attributes:
        module: The module.
        inputs: The positional arguments.
        named: The keyword arguments.
    """

    module: Any
    inputs: tuple[Any, ...]
    named: dict[str, Any]


def captured_call(model: Any, inputs: tuple[Any, ...], named: dict[str, Any], name: str) -> Call:
    """Call a model and capture the call of one of its submodules.

    Args:
        model: The model.
        inputs: The positional arguments.
        named: The keyword arguments.
        name: The path of the submodule, such as `encoder.rnn`.

    Raises:
        UsageError: If the model has no such submodule, if the call fails, or if
            it does not call the submodule exactly once.
    """
    if not isinstance(model, torch.nn.Module):
        raise UsageError(
            f"got {type(model).__name__}, expected a torch.nn.Module that has "
            f"{quoted(name)} inside; pass the model"
        )
    parts = dict(model.named_modules())
    if not isinstance(name, str) or name not in parts:
        kinds = torch.nn.LSTM | torch.nn.LSTMCell
        known = [key for key, part in parts.items() if isinstance(part, kinds)]
        raise UsageError(
            f"got module={quoted(name)}, expected the name of an LSTM in the "
            f"model, {' or '.join(map(repr, known)) or 'which has none'}; "
            "choose one"
        )
    calls: list[Call] = []
    hook = parts[name].register_forward_pre_hook(
        lambda part, args, more: calls.append(Call(part, args, more)), with_kwargs=True
    )
    try:
        with LOCK, torch.no_grad():
            model(*inputs, **named)
    except Exception as error:
        raise UsageError(
            f"the model cannot be called so ({first_line(error)}), expected "
            "inputs that it takes; call it yourself first"
        ) from error
    finally:
        hook.remove()
    if len(calls) != 1:
        raise UsageError(
            f"got {len(calls)} calls of {quoted(name)} in one of the model, "
            "expected one; trace the part itself with what it is called with"
        )
    return calls[0]
