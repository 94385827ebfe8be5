"""Record the calls of an LSTM inside a model."""

import inspect
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import torch
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence
from torch.overrides import TorchFunctionMode

from ..errors import LstmFigsError, UnsupportedModule, UsageError, quoted
from ..names import first_line
from .module import lstms_inside, model_of
from .scripted import recording
from .torch_state import LOCK

DROPOUTS = (
    functional.dropout,
    functional.alpha_dropout,
    functional.dropout1d,
    functional.dropout2d,
    functional.dropout3d,
    functional.feature_alpha_dropout,
)
"""The functions that drop numbers unless they are called with `training=False`."""


class Call(NamedTuple):
    """A call of a module.

    Attributes:
        module: The module.
        inputs: The positional arguments.
        named: The keyword arguments.
        returned: What it returned.
    """

    module: Any
    inputs: tuple[Any, ...]
    named: dict[str, Any]
    returned: Any


def captured_calls(
    model: Any, inputs: tuple[Any, ...], named: dict[str, Any], name: str
) -> list[Call]:
    """Call a model and capture the calls of one of its submodules.

    Args:
        model: The model, or a method of it.
        inputs: The positional arguments.
        named: The keyword arguments.
        name: The path of the submodule, such as `encoder.rnn`; empty for a
            model of TorchScript that is the LSTM itself.

    Raises:
        UsageError: If the model has no such submodule, if it is not called, or
            if the call of the model fails.
        UnsupportedModule: If a part of the model computes something else in training mode.
    """
    owner = model_of(model)
    if owner is None:
        raise UsageError(
            f"got {type(model).__name__}, expected a torch.nn.Module that contains "
            f"{quoted(name)}, or a method of it; pass one of them"
        )
    parts = dict(owner.named_modules(remove_duplicate=False))
    if not isinstance(name, str) or name not in parts:
        raise UsageError(
            f"got module={quoted(name)}, expected the name of an LSTM in the "
            f"model, {' or '.join(map(repr, lstms_inside(owner))) or 'which has none'}; "
            "choose one"
        )
    for path, part in parts.items():
        if _is_random(part):
            raise UnsupportedModule(
                f"got a model whose {quoted(path)} is in training mode, expected one that gives "
                "the same result twice, as it does after training; call .eval() of the model first"
            )
    calls: list[Call] = []
    part = parts[name]

    def record(module: Any, inputs: Any, named: Any, returned: Any) -> None:
        """A hook that stores the arguments and the result of each call."""
        calls.append(Call(module, _copied(inputs), _copied(named), _copied(returned)))

    lstms = {path: parts[path] for path in lstms_inside(owner)}
    try:
        with LOCK, torch.no_grad(), _noting_calls(lstms) as called:
            if isinstance(part, torch.jit.ScriptModule):
                # Its calls of functions cannot be seen.
                with recording(part, record):
                    model(*inputs, **named)
            else:
                hook = part.register_forward_hook(record, with_kwargs=True)
                try:
                    with _NoDropout():
                        model(*inputs, **named)
                finally:
                    hook.remove()
    except LstmFigsError:
        raise
    except Exception as error:
        raise UsageError(
            f"the model raised an error ({first_line(error)}), expected inputs that it "
            "accepts; call it yourself first"
        ) from error
    if not calls:
        # torch.jit.trace leaves the operators of which a cell consists.
        is_traced = isinstance(part, torch.jit.ScriptModule)
        advice = "make the model from its class" if is_traced else "pass inputs with which it does"
        if called:
            advice = f"choose one that it calls: {' or '.join(map(quoted, called))}"
        raise UsageError(
            f"got no call of {quoted(name)} {'as a whole ' * is_traced}in one call of the "
            f"model, expected one or several; {advice}"
        )
    return calls


class _NoDropout(TorchFunctionMode):
    """Raises an error if a model calls a function of dropout that drops numbers."""

    def __torch_function__(
        self, called: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        if called in DROPOUTS:
            options = inspect.signature(called).bind(*args, **kwargs)
            options.apply_defaults()
            if options.arguments["training"] and options.arguments["p"]:
                raise UnsupportedModule(
                    f"got a model that calls {called.__name__}() in training mode, expected one "
                    "that gives the same result twice, as it does after training; call .eval() "
                    "of the model first, and pass training=self.training to that function"
                )
        return called(*args, **kwargs)


@contextmanager
def _noting_calls(modules: Mapping[str, Any]) -> Iterator[dict[str, None]]:
    """The names of the modules that are called in the block, in the order of first calls.

    Modules of TorchScript take no hooks, so they are left out.
    """
    names: dict[str, None] = {}
    # What a hook returns replaces the output, unless it is None, as here.
    hooks = [
        module.register_forward_hook(lambda *_, name=name: names.setdefault(name))
        for name, module in modules.items()
        if not isinstance(module, torch.jit.ScriptModule)
    ]
    try:
        yield names
    finally:
        for hook in hooks:
            hook.remove()


def _is_random(part: Any) -> bool:
    """Whether a module computes something else in training mode, by chance or by its batch."""
    kind = getattr(part, "original_name", type(part).__name__)
    is_layer = "BatchNorm" in kind or ("Dropout" in kind and getattr(part, "p", True))
    is_stack = isinstance(part, torch.nn.RNNBase) and part.dropout and part.num_layers > 1
    return bool(part.training and (is_layer or is_stack))


def call_each(call: Callable[[Any], Any], arguments: Iterable[Any]) -> None:
    """Call a function for each of several arguments; a generator gets the results."""
    iterator = iter(arguments)
    returned: Any = None
    with suppress(StopIteration):
        while True:
            if isinstance(iterator, Generator):
                returned = call(iterator.send(returned))
            else:
                call(next(iterator))


def _copied(value: Any) -> Any:
    """Arguments or results with copies of the tensors, which a model may change."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, PackedSequence):
        return PackedSequence(*map(_copied, value))
    if type(value) in (tuple, list):
        return type(value)(map(_copied, value))
    if type(value) is dict:
        return {key: _copied(item) for key, item in value.items()}
    return value
