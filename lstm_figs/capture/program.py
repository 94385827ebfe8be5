"""Run a function of a user's file that makes a model, in a process of its own.

`sources.program` starts this process. The result is a `.safetensors` file, and
an error is a text file with one sentence.
"""

import importlib.util
import inspect
import json
import random
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MethodType
from typing import Any, NamedTuple

import numpy as np
import torch
from safetensors.numpy import save_file
from torch.nn.utils.rnn import PackedSequence

from ..errors import LstmFigsError, UnknownName, UsageError
from ..model.tensors import Array, Trace
from ..names import first_line, quoted_name
from ..proof.literals import text
from .joined import capture_model
from .module import lstms_inside, model_of
from .onnx_model import OnnxModel, Stacks
from .submodule import call_each

PACKAGE = Path(__file__).resolve().parents[1]
"""The folder of this package."""

RETURNED = (
    "expected a model or a method of it, a tuple of arguments, and a dict of named ones if any, "
    "or the name of an .onnx file and a dict of its inputs"
)
"""What a function has to return, for messages."""

RUN = """\
import random
import runpy
import sys

import numpy

# Run this in the folder in which the figure was drawn: it runs {function}() of {file}.
sys.path.insert(0, {folder})
random.seed(0)
numpy.random.seed(0)
torch.manual_seed(0)
program = runpy.run_path({file})
{returned} = program["{function}"]()"""
"""Python that runs a function again."""

CALLS = """\
import copy

module = {module}
calls = []

def record(_, inputs, named, returned):
    calls.append(copy.deepcopy(dict(zip(("input", "hx"), inputs), **named)))

hook = module.register_forward_hook(record, with_kwargs=True)
with torch.no_grad():
    {call}
hook.remove()"""
"""Python that records the calls of the LSTM in a model."""

EACH_CALL = """\
returned = None
    try:
        while True:
            each = inputs.send(returned)
            returned = model(*(each if isinstance(each, (tuple, list)) else (each,)){named})
    except StopIteration:
        pass"""
"""Python that calls a model with what a generator yields."""


def main(request: str, read_lstms: Callable[[str], Stacks]) -> None:
    """Run a function, and write its result or a sentence about its error.

    Args:
        request: JSON with the `file`, the `function`, the `module` inside its
            model, the `call_index` and whether to `survey` the model alone;
            and the `folder` to write `result.safetensors` or `error.txt` to.
        read_lstms: Reads the LSTMs of an ONNX model.
    """
    options = json.loads(request)
    folder = Path(options["folder"])
    try:
        tensors, about = _result(options, read_lstms)
        metadata = {"about": json.dumps(about)}
        save_file(tensors, folder / "result.safetensors", metadata)
    except (Exception, SystemExit) as error:
        sentence = _sentence(error, options["file"], options["function"])
        (folder / "error.txt").write_text(sentence, "utf-8", "surrogateescape")


def _result(
    options: dict[str, Any], read_lstms: Callable[[str], Stacks]
) -> tuple[dict[str, Array], dict[str, Any]]:
    """Tensors by name, and what else describes a trace."""
    # The same command gives the same figure, also if the file itself makes random weights.
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
    function = _function(Path(options["file"]), options["function"])
    model_call = _model_call(function(), read_lstms)
    model, inputs, named = model_call.model, model_call.inputs, model_call.named
    owner = model_of(model)
    assert owner is not None
    if options["survey"]:
        return _states(owner), {}
    name = options["module"]
    if name is None and isinstance(owner, torch.nn.LSTM | torch.nn.LSTMCell):
        # A method of the LSTM may call it several times, so its calls are recorded.
        name = None if model is owner else ""
    elif name is None:
        known = lstms_inside(owner)
        if len(known) > 1:
            raise UsageError(
                f"got a model with {len(known)} LSTMs, expected --module with one of "
                f"{', '.join(map(repr, known))}; name one"
            )
        name = known[0] if known else None
    calls_setup = _calls_setup(options, model_call, name or "")
    trace = capture_model(model, inputs, named, name, options["call_index"], calls_setup)
    of_onnx = {}
    if isinstance(owner, OnnxModel) and name is not None:
        input_setup = owner.input_setup(name, options["call_index"], trace)
        if input_setup:
            input_setup = f"{_run_setup(options, '_, feeds')}\n\n{input_setup}"
        of_onnx = {"onnx": owner.path, "module": owner.in_file[name], "input_setup": input_setup}
    return _tensors(trace), {
        "name": name,
        **of_onnx,
        "kind": trace.kind,
        "parts": [(weights.layer, weights.direction) for weights in trace.weights],
        "setup": trace.origin.setup,
        "torch": trace.origin.torch,
        "batch_sizes": trace.batch_sizes,
    }


def _function(file: Path, name: str) -> Any:
    """The function of a file, which is run as a module.

    Raises:
        UnknownName: If the file has no such function.
    """
    sys.path.insert(0, str(file.resolve().parent))
    sys.argv = [str(file)]
    # A file may have the name of a module that is imported, such as random.py.
    stem = file.stem if file.stem not in sys.modules else f"{file.stem}_program"
    spec = importlib.util.spec_from_file_location(stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[stem] = module
    spec.loader.exec_module(module)
    function_names = {
        key
        for key, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == stem
    }
    function = getattr(module, name, None)
    if not callable(function):
        raise UnknownName("function", name, function_names)
    return function


class _ModelCall(NamedTuple):
    """A model and its arguments, as a function returned them.

    Attributes:
        model: The model, or a method of it.
        inputs: Its positional arguments.
        named: Its keyword arguments.
        is_method: Whether the function returned a method of the model.
        call: Python that calls `model` with `inputs`, and with `named` if it has these.
    """

    model: Any
    inputs: tuple[Any, ...]
    named: dict[str, Any]
    is_method: bool
    call: str = ""


def _calls_setup(options: dict[str, Any], model_call: _ModelCall, name: str) -> str:
    """Python that calls a model again and records the calls of its LSTM.

    It is empty for ONNX and TorchScript, which have no modules with hooks.
    """
    owner = model_of(model_call.model)
    assert owner is not None
    part = dict(owner.named_modules(remove_duplicate=False)).get(name)
    if isinstance(part, torch.jit.ScriptModule) or isinstance(owner, OnnxModel):
        return ""
    module = "model.__self__" if model_call.is_method else "model"
    calls = CALLS.format(
        module=f"{module}.get_submodule({text(name)})" if name else module, call=model_call.call
    )
    returned = "model, inputs, named" if "**named" in model_call.call else "model, inputs"
    return f"{_run_setup(options, returned)}\n\n{calls}"


def _run_setup(options: dict[str, Any], returned: str) -> str:
    """Python that runs a function again, and names what it returns."""
    file = options["file"]
    return RUN.format(
        function=options["function"],
        file=text(file),
        folder=text(str(Path(file).parent)),
        returned=returned,
    )


def _model_call(returned: Any, read_lstms: Callable[[str], Stacks]) -> _ModelCall:
    """The model and its arguments, from what a function returned.

    Raises:
        UsageError: If a function returned something else.
    """
    if not isinstance(returned, tuple) or len(returned) not in (2, 3):
        raise UsageError(f"got {_kind(returned)}, {RETURNED}; return them")
    model, inputs, *rest = returned
    is_feed = inspect.isgenerator(inputs) or isinstance(inputs, dict | list)
    if isinstance(model, str) and model.endswith(".onnx") and is_feed and not rest:
        return _ModelCall(OnnxModel(model, read_lstms(model)), (inputs,), {}, False)
    named = rest[0] if rest else {}
    if inspect.isgenerator(inputs) and (owner := model_of(model)) is not None:

        def call_several(_: Any, arguments: Any) -> None:
            call_each(lambda each: model(*_as_tuple(each), **named), arguments)

        call = EACH_CALL.format(named=", **named" if rest else "")
        return _ModelCall(
            MethodType(call_several, owner), (inputs,), {}, inspect.ismethod(model), call
        )
    is_single = isinstance(inputs, torch.Tensor | PackedSequence)
    inputs = _as_tuple(inputs)
    if (
        model_of(model) is None
        or not isinstance(inputs, tuple | list)
        or not isinstance(named, dict)
    ):
        raise UsageError(f"got {', '.join(map(_kind, returned))}, {RETURNED}; return them")
    call = f"model({'' if is_single else '*'}inputs{', **named' if rest else ''})"
    return _ModelCall(model, tuple(inputs), named, inspect.ismethod(model), call)


def _as_tuple(inputs: Any) -> Any:
    """Positional arguments, which may be one tensor alone."""
    return (inputs,) if isinstance(inputs, torch.Tensor | PackedSequence) else inputs


def _kind(value: Any) -> str:
    return f"a tuple of {len(value)}" if isinstance(value, tuple) else type(value).__name__


def _states(model: Any) -> dict[str, Array]:
    """The tensors of all LSTMs in a model, by name."""
    tensors: dict[str, Array] = {}
    for name, part in model.named_modules():
        kind = getattr(part, "original_name", "")
        if isinstance(part, torch.nn.LSTM | torch.nn.LSTMCell) or kind in ("LSTM", "LSTMCell"):
            for key, tensor in part.state_dict().items():
                # NumPy has no bfloat16.
                readable = tensor.float() if tensor.dtype == torch.bfloat16 else tensor
                tensors[f"{name}.{key}" if name else key] = readable.cpu().contiguous().numpy()
    return tensors


def _tensors(trace: Trace) -> dict[str, Array]:
    """The parameters and inputs of a trace."""
    tensors = {"x": trace.x, "h_0": trace.h_0, "c_0": trace.c_0}
    for k, weights in enumerate(trace.weights):
        for base, array in weights.parameters().items():
            tensors[f"{k}.{base}"] = array
    return {name: np.ascontiguousarray(array) for name, array in tensors.items()}


def _sentence(error: BaseException, file: str, function: str) -> str:
    """An error of a user's file, or one about what it returned, in one sentence."""
    cause = error.__cause__ or error
    places = [*_places(cause, Path(file).resolve().parent)]
    # Our own errors need no place in the file, even if they pass through it.
    if isinstance(error, LstmFigsError) and not (error.__cause__ and places):
        return str(error).replace("call_index=", "--call-index ")
    where = ""
    if places:
        name, line = places[-1]
        of_file = f" of {quoted_name(name)}" if name != Path(file).name else ""
        where = f" in line {line}{of_file}"
    expected = f"{function}() to return a model and its arguments"
    # An error while the model runs is wrapped by `captured_calls`.
    if isinstance(error, LstmFigsError):
        expected = f"the model of {function}() to run"
    return (
        f"{quoted_name(file)} raised {type(cause).__name__}{where} ({first_line(cause)}), "
        f"expected {expected}; correct it"
    )


def _places(error: BaseException, folder: Path) -> Iterator[tuple[str, int]]:
    """The files and lines of the user that an error passed through, innermost last."""
    frames = [(f.filename, f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        frames.append((error.filename, error.lineno))
    for name, line in frames:
        path = Path(name).resolve()
        is_installed = "site-packages" in path.parts or path.is_relative_to(PACKAGE)
        if path.is_relative_to(folder) and not is_installed and line is not None:
            yield str(path.relative_to(folder)), line
