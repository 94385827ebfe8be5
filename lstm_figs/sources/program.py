"""Load what a function of a user's file makes: a model, and what it is called with.

The file runs in a process of its own, which writes tensors to a temporary file.
Nothing is pickled.
"""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from .. import files
from ..errors import InputError, MissingTool, UsageError, quoted
from ..model.origin import Statement
from ..model.tensors import Weights
from ..names import quoted_name
from .load import Checkpoint, content_of, read_weights, survey, weights
from .loaded import LoadedModule
from .weights_file import module_in_file, setup_and_label

CODE = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from lstm_figs.capture.program import main
from lstm_figs.sources.program import read_lstms
main(sys.argv[2], read_lstms)
"""
"""What the process runs, with the search path of this one."""


def read_lstms(name: str) -> dict[str, tuple[str, tuple[Weights, ...]]]:
    """The class and the parameters of each LSTM in a file, by name.

    Raises:
        LstmFigsError: If the file cannot be read, or every LSTM in it is broken.
    """
    checkpoint = read_weights(name)
    contents = survey(checkpoint)
    for error in contents.broken.values():
        if not contents.lstms:
            raise error
    return {lstm.module: (lstm.kind, weights(checkpoint, lstm)) for lstm in contents.lstms}


class Program(NamedTuple):
    """A function of a file.

    Attributes:
        file: The file, as it was typed.
        function: The name of the function.
    """

    file: str
    function: str


def read_program(typed: str) -> Program:
    """A function of a file, as `--run` takes it.

    Raises:
        UsageError: If it is not a `.py` file and a name.
    """
    file, _, function = typed.rpartition(":")
    if not file.endswith(".py") or not function.isidentifier():
        raise UsageError(
            f"got --run {quoted(typed)}, expected FILE.py:FUNCTION, such as run.py:make; "
            "name a file and a function in it"
        )
    return Program(file, function)


def from_program(typed: str, module: str | None, call_index: int | None) -> LoadedModule:
    """Run a function that makes a model, and load the LSTM inside it with its input.

    Args:
        typed: The function, as `--run` takes it.
        module: The name of the LSTM in the model; None for the only one.
        call_index: The only call of it to take; None for all.

    Raises:
        LstmFigsError: If the file, the function or what it returns cannot be used.
    """
    program = read_program(typed)
    return _loaded(program, module, call_index, str(Path.cwd()), content_of(program.file, EXPECTED))


EXPECTED = "expected a .py file with the function that --run names"
"""The end of error messages."""


@cache
def _loaded(
    program: Program, module: str | None, call_index: int | None, _folder: str, _content: object
) -> LoadedModule:
    """See `from_program`; figures of one command share one run.

    A different working folder or a changed file is a new run.
    """
    with result_of(program, module, call_index) as checkpoint:
        about = json.loads(checkpoint.metadata["about"])
        arrays = {name: stored.read() for name, stored in checkpoint.tensors.items()}
    stack = []
    for k, (layer, direction) in enumerate(about["parts"]):
        start = f"{k}."
        parameters = {
            key.removeprefix(start): array for key, array in arrays.items() if key.startswith(start)
        }
        stack.append(Weights(**parameters, layer=layer, direction=direction))
    where = f"{program.function}() of {quoted_name(program.file)}"
    setup, name = about["setup"], about["name"]
    label, input_label = Statement("A live module"), None
    module_name, file = name, program.file
    # A setup without all numbers begins with a comment.
    is_incomplete = setup.startswith("# ")
    if "onnx" in about:
        module_name, file = about["module"], about["onnx"]
        module_setup, label = setup_and_label(file, module_name)
        input_label = Statement("input from {}", ((f"{program.function}()", ""),))
        if is_incomplete:
            shapes = [str(arrays[key].shape) for key in ("x", "h_0", "c_0")]
            input_setup = about["input_setup"] or (
                f"# `x`, `h_0` and `c_0` are your own: what {name!r} reads in {where},\n"
                f"# of shapes {shapes[0]}, {shapes[1]} and {shapes[2]}."
            )
            setup = f"{module_setup}\n\n{input_setup}"
    elif is_incomplete:
        setup = (
            f"# The model is what {where} returns, `module` is its LSTM {name!r}, and the\n"
            f"# rest is what that gets when the model is called.\n{setup}"
        )
    return LoadedModule(
        stack=tuple(stack),
        setup=setup,
        x=arrays["x"],
        input_setup="",
        label=label,
        name=module_in_file(module_name, file),
        input_label=input_label,
        kind=about["kind"],
        torch=None if "onnx" in about else about["torch"],
        state=(arrays["h_0"], arrays["c_0"]),
        batch_sizes=about["batch_sizes"] and tuple(about["batch_sizes"]),
    )


@contextmanager
def result_of(
    program: Program,
    module: str | None = None,
    call_index: int | None = None,
    *,
    survey: bool = False,
) -> Iterator[Checkpoint]:
    """Run a function in a process of its own, and open what that writes.

    Args:
        program: The function.
        module: The name of the LSTM in its model; None for the only one.
        call_index: The only call of it to take; None for all.
        survey: Whether to write the parameters of all LSTMs in the model, in
            place of the run of one.

    Raises:
        InputError: If there is no such file, or it raises an error.
        MissingTool: If torch is not installed.
    """
    content_of(program.file, EXPECTED)
    if importlib.util.find_spec("torch") is None:
        raise MissingTool(
            "torch is not installed, and --run needs it; install it with: "
            "pip install 'lstm-figs[torch]'"
        )
    _announce(program)
    # So a signal raises an exception, which ends the process and removes the folder.
    before, files.writing = files.writing, True
    try:
        with TemporaryDirectory(prefix="lstm-figs-") as folder:
            request = {
                **program._asdict(),
                "module": module,
                "call_index": call_index,
                "survey": survey,
                "folder": folder,
            }
            # With -P, Python adds no folder of its own to the search path.
            words = [sys.executable, "-P", "-c", CODE, json.dumps(sys.path), json.dumps(request)]
            # What the file prints does not belong into the output of a command.
            output = subprocess.DEVNULL if sys.stderr is None else 2
            done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=output, check=False)
            yield _read(program, Path(folder), done.returncode)
    finally:
        files.writing = before


def _announce(program: Program) -> None:
    """Say on standard error, if there is one, that a file is about to be run."""
    if sys.stderr is not None:
        with suppress(OSError):
            message = f"lstm-figs: running {program.function}() of {quoted_name(program.file)}"
            print(message, file=sys.stderr, flush=True)


def _read(program: Program, folder: Path, code: int) -> Checkpoint:
    """What the process has written.

    Raises:
        InputError: If that is an error, or nothing.
    """
    from .load.safetensors import read_safetensors

    error, result = folder / "error.txt", folder / "result.safetensors"
    if error.exists():
        raise InputError(error.read_text("utf-8", "surrogateescape"))
    if code or not result.exists():
        raise InputError(
            f"{quoted_name(program.file)} ended Python with {code}, expected "
            f"{program.function}() to return a model and its arguments; run it by itself first"
        )
    path = str(result)
    return read_safetensors(path, content_of(path, EXPECTED))
