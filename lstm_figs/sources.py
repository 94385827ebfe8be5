"""Where the tensors come from: the example network, or sizes and a seed."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from .errors import InputError, ShapeError, UsageError
from .literals import build_module, first_state
from .lstm import run
from .origin import Origin
from .tensors import Array, Trace, Weights

SEQ_LEN, BATCH_SIZE, SEED = 4, 1, 0

EXAMPLE = Weights(
    weight_ih=np.array(
        [
            [2, -2, 1.75],
            [-1.75, 0.5, -0.25],
            [2, -1.5, -1.75],
            [-2, 1.25, 0.75],
            [-0.5, 2, -0.25],
            [-0.75, 1.75, -1.25],
            [0.5, -1, -1.5],
            [-1.5, -1, 1.75],
        ],
        np.float32,
    ),
    weight_hh=np.array(
        [
            [-0.75, -0.25],
            [-0.25, 1],
            [1, -1],
            [0, -1.5],
            [1.25, -0.75],
            [-2, -1.25],
            [-1.75, 2],
            [-0.75, 1.25],
        ],
        np.float32,
    ),
    bias_ih=np.array([1, 0, 0, -0.75, -0.25, 1, -1, 1], np.float32),
    bias_hh=np.array([0, 0.75, 1, -0.5, -0.5, -1, -1, 0.75], np.float32),
)
"""The network that runs through the site: quarters, so step 1 fits on paper."""


@dataclass(frozen=True)
class Source:
    """What the command line says about weights and input.

    Attributes:
        input_size: With `hidden_size`, the sizes of a seeded module.
        hidden_size: See `input_size`.
        seed: The seed; 0 by default.
        input: A file with the input, `.npy`, `.json` or `.safetensors`.
        seq_len: Number of steps; 4 by default.
        batch_size: Number of sequences; 1 by default.
    """

    input_size: int | None = None
    hidden_size: int | None = None
    seed: int | None = None
    input: str | None = None
    seq_len: int | None = None
    batch_size: int | None = None

    def __post_init__(self) -> None:
        if (self.input_size is None) != (self.hidden_size is None):
            got, missing = ("--hidden-size", "--input-size")
            if self.hidden_size is None:
                got, missing = missing, got
            raise UsageError(
                f"got {got} without {missing}, expected both or neither; "
                f"add {missing}"
            )
        if self.seed is not None and self.input_size is None:
            raise UsageError(
                "got --seed without sizes, expected --input-size and "
                "--hidden-size beside it; add them, or leave --seed out for "
                "the example network"
            )
        if self.input is not None and (self.seq_len or self.batch_size):
            raise UsageError(
                "got --input with --seq-len or --batch-size, expected one of "
                "them; the file's shape says both"
            )

    def arguments(self) -> tuple[str, ...]:
        """The options that say the same on a command line."""
        pairs = (
            ("--input-size", self.input_size, None),
            ("--hidden-size", self.hidden_size, None),
            ("--seed", self.seed, SEED),
            ("--input", self.input, None),
            ("--seq-len", self.seq_len, SEQ_LEN),
            ("--batch-size", self.batch_size, BATCH_SIZE),
        )
        return tuple(
            word
            for option, value, default in pairs
            if value is not None and value != default
            # Else argparse takes a file that begins with - for an option.
            for word in (
                (f"{option}={value}",)
                if str(value).startswith("-")
                else (option, str(value))
            )
        )

    def files(self) -> tuple[str, ...]:
        """The files that are read."""
        return (self.input,) if self.input is not None else ()

    def trace(self) -> Trace:
        """Make or read the tensors, and run them.

        Raises:
            InputError: If the input file cannot be read.
            MissingTool: If torch is needed and not installed.
            ShapeError: If the input does not fit the module.
        """
        if self.input_size is not None and self.hidden_size is not None:
            return self._seeded(self.input_size, self.hidden_size)
        return self._example()

    def _sizes(self) -> tuple[int, int]:
        return self.seq_len or SEQ_LEN, self.batch_size or BATCH_SIZE

    def _input(self, input_size: int) -> tuple[Array, str] | None:
        """The input file's array, and the Python that reads it."""
        if self.input is None:
            return None
        x, setup = read_input(self.input)
        if x.ndim not in (2, 3) or 0 in x.shape or x.shape[-1] != input_size:
            raise ShapeError(
                f"{self.input} has shape {x.shape}, expected (seq_len, "
                f"{input_size}) or (seq_len, batch, {input_size}), none of "
                "them 0; reshape it or change --input-size"
            )
        if x.ndim == 2:
            x, setup = x[:, None], f"{setup}[:, None]"
        return x, setup

    def _given(self) -> str:
        """What the foot of a figure says of an input of one's own."""
        return ", input from a file" if self.input is not None else ""

    def _example(self) -> Trace:
        seq_len, batch_size = self._sizes()
        given = self._input(EXAMPLE.input_size)
        if given is None:
            hot = [
                [(t + n) % EXAMPLE.input_size for n in range(batch_size)]
                for t in range(seq_len)
            ]
            x = np.eye(EXAMPLE.input_size, dtype=np.float32)[np.array(hot)]
            given = (
                x,
                f"x = torch.eye({EXAMPLE.input_size})[torch.tensor({hot})]",
            )
        x, setup = given
        trace = run(EXAMPLE, x)
        setup = "\n".join(
            [build_module(trace.weights), setup, first_state(trace)]
        )
        label = f"The example network{self._given()}."
        origin = Origin(label, setup, self.arguments())
        return replace(trace, origin=origin)

    def _seeded(self, input_size: int, hidden_size: int) -> Trace:
        from .capture import seeded

        seq_len, batch_size = self._sizes()
        seed = SEED if self.seed is None else self.seed
        made = seeded(input_size, hidden_size, seed, seq_len, batch_size)
        given = self._input(input_size)
        x, read = given or (
            made.x, f"x = torch.randn({seq_len}, {batch_size}, {input_size})"
        )  # fmt: skip
        trace = run(made.weights, x)
        setup = "\n".join(
            [
                f"torch.manual_seed({seed})",
                f"lstm = torch.nn.LSTM({input_size}, {hidden_size})",
                read,
                first_state(trace),
            ]
        )
        label = f"Seed {seed}{self._given()}, torch {made.torch}."
        origin = Origin(label, setup, self.arguments(), made.torch)
        return replace(trace, origin=origin)


def read_input(name: str) -> tuple[Array, str]:
    """Read an input file as float32.

    Args:
        name: A `.npy`, `.json` or `.safetensors` file.

    Returns:
        The array, and Python that reads the same tensor into `x`.

    Raises:
        InputError: If there is no such file, or it holds no single array.
    """
    path = Path(name)
    readers = {
        ".npy": (
            _read_npy,
            "import numpy\n"
            "x = torch.from_numpy(numpy.load({}).astype(numpy.float32))",
        ),
        ".json": (
            _read_json,
            "import json, pathlib\n"
            "x = torch.tensor(json.loads(pathlib.Path({}).read_bytes()))",
        ),
        ".safetensors": (
            _read_safetensors,
            "from safetensors.torch import load_file\n"
            "x = next(iter(load_file({}).values()))",
        ),
    }
    if path.suffix not in readers:
        raise InputError(
            f"--input {name!r} ends in {path.suffix or 'nothing'!r}, expected "
            f"one of {', '.join(readers)}; convert it"
        )
    if not path.is_file():
        raise InputError(
            f"--input {name!r} is not a file; check the path, relative to "
            "the current folder"
        )
    read, setup = readers[path.suffix]
    try:
        array = np.asarray(read(path))
        if array.dtype.kind not in "biuf":
            raise ValueError(f"it has numbers of type {array.dtype}")
        finite = np.isfinite(array)
        with np.errstate(over="ignore"):
            array = array.astype(np.float32)
        if not np.all(np.isfinite(array) == finite):
            raise ValueError("it has a number that is beyond float32")
    except Exception as error:
        reason = (
            str(error).splitlines()[0] if str(error) else type(error).__name__
        )
        raise InputError(
            f"--input {name!r} cannot be read as one array of numbers "
            f"({reason}); save it again as {path.suffix}"
        ) from error
    return array, setup.format(json.dumps(name)) + ".float()"


def _read_npy(path: Path) -> Any:
    return np.load(path, allow_pickle=False)


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _read_safetensors(path: Path) -> Any:
    from safetensors.numpy import load_file

    arrays = load_file(path)
    if len(arrays) != 1:
        raise ValueError(f"it holds {len(arrays)} arrays")
    return next(iter(arrays.values()))
