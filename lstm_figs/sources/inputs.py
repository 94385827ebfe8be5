"""An input of one's own, from a file."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..literals import text
from ..names import first_line, shown
from ..tensors import Array


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
            f"--input {shown(name)} ends in {path.suffix or 'nothing'!r}, "
            f"expected one of {', '.join(readers)}; convert it"
        )
    if not path.is_file():
        raise InputError(
            f"--input {shown(name)} is not a file; check the path, relative to "
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
        raise InputError(
            f"--input {shown(name)} cannot be read as one array of numbers "
            f"({first_line(error)}); save it again as {path.suffix}"
        ) from error
    return array, setup.format(text(name)) + ".float()"


def _read_npy(path: Path) -> Any:
    with path.open("rb") as file:
        # NumPy takes all else for a pickle.
        if file.read(6) != b"\x93NUMPY":
            raise ValueError("it does not begin as such a file does")
    return np.load(path, allow_pickle=False)


def _read_json(path: Path) -> Any:
    rows = json.loads(path.read_text(encoding="utf-8"))
    try:
        return np.asarray(rows)
    except ValueError as error:
        raise ValueError("its rows have different lengths") from error


def _read_safetensors(path: Path) -> Any:
    from safetensors.numpy import load_file

    arrays = load_file(path)
    if len(arrays) != 1:
        raise ValueError(f"it holds {len(arrays)} arrays")
    return next(iter(arrays.values()))
