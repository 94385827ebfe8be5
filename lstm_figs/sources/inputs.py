"""Read inputs and tokens from files."""

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..model.tensors import Array
from ..names import first_line, quoted_name
from ..proof.literals import text

if TYPE_CHECKING:
    from .load import Content


def read_input(name: str) -> tuple[Array, str]:
    """Read an input file as float32.

    Args:
        name: A `.npy`, `.json` or `.safetensors` file.

    Returns:
        The array, and Python that reads the same tensor into `x`.

    Raises:
        InputError: If there is no such file, or it does not have exactly one
            array.
    """
    # Imported here, because only files need it and it is slow to import.
    from .load import content_of, unreadable
    from .load.safetensors import loading

    readers = {
        ".npy": (
            _read_npy,
            f"import numpy\nx = torch.from_numpy(numpy.load({text(name)}).astype(numpy.float32))",
        ),
        ".json": (
            _read_json,
            # With a dtype, because torch would make int64 from ints, which may overflow.
            "import json, pathlib\n"
            "x = torch.tensor(json.loads("
            f"pathlib.Path({text(name)}).read_bytes()), dtype=torch.float)",
        ),
        ".safetensors": (
            _read_safetensors,
            "\n".join(loading(name, "x = next(iter({}.values())).float()")),
        ),
    }
    suffix = Path(name).suffix
    expected = f"expected one of {', '.join(readers)} for --input"
    if suffix not in readers:
        raise InputError(
            f"{quoted_name(name)} ends in {suffix or 'nothing'!r}, {expected}; convert it"
        )
    read, setup = readers[suffix]
    try:
        array = np.asarray(read(content_of(name, expected)))
        if array.dtype.kind not in "biuf":  # Booleans, integers and floats.
            raise ValueError(f"it has numbers of type {array.dtype}")
        finite = np.isfinite(array)
        with np.errstate(over="ignore"):
            array = array.astype(np.float32)
        if not np.all(np.isfinite(array) == finite):
            raise ValueError("it has a number that is beyond float32")
        if not finite.all():
            place = np.argwhere(~finite)[0].tolist()
            raise InputError(
                f"--input {quoted_name(name)} has {array[tuple(place)]} at {place}, expected "
                "numbers; correct it, or see with --set x[0,0,0]=nan what follows from one"
            )
    except InputError:
        raise
    except OSError as error:
        raise unreadable(name, error, expected) from error
    except Exception as error:
        raise InputError(
            f"--input {quoted_name(name)} cannot be read as one array of numbers "
            f"({first_line(error)}), expected one; save it again as {suffix}"
        ) from error
    return array, setup


def read_tokens(name: str) -> tuple[str, ...]:
    """Read the tokens of steps.

    Args:
        name: A `.json` file with a list of strings.

    Raises:
        InputError: If there is no such file, or it has no such list.
    """
    expected = "expected a .json file with a list of strings for --tokens"
    tokens = read_json("--tokens", name, expected)
    if not isinstance(tokens, list) or not tokens:
        got = "nothing" if tokens in ([], "", {}) else type(tokens).__name__
        raise InputError(
            f"--tokens {quoted_name(name)} holds {got}, {expected}; write one for each step"
        )
    return tuple(tokens)


def read_json(option: str, name: str, expected: str) -> Any:
    """The content of a `.json` file.

    Args:
        option: The option that names it, such as `--tokens`.
        name: The file.
        expected: The expected content, for error messages.

    Raises:
        InputError: If it cannot be read.
    """
    from .load import content_of, unreadable

    try:
        return json.loads(_bytes(content_of(name, expected)))
    except InputError:
        raise
    except OSError as error:
        raise unreadable(name, error, expected) from error
    except Exception as error:
        raise InputError(
            f"{option} {quoted_name(name)} cannot be read ({first_line(error)}), "
            f"{expected}; save it again"
        ) from error


def _bytes(content: "Content") -> bytes:
    with content.open() as file:
        return file.read()


def _read_npy(content: "Content") -> Any:
    """An array from a `.npy` file."""
    data = _bytes(content)
    # NumPy would try to unpickle anything else.
    if not data.startswith(b"\x93NUMPY"):
        raise ValueError("it does not begin like such a file")
    return np.load(io.BytesIO(data), allow_pickle=False)


def _read_json(content: "Content") -> Any:
    """An array from nested lists."""
    # A whole number may have more digits than float() reads, or than 64 bits hold.
    rows = json.loads(_bytes(content), parse_int=lambda digits: float(int(digits)))
    try:
        return np.asarray(rows)
    except ValueError as error:
        raise ValueError("its rows have different lengths") from error


def _read_safetensors(content: "Content") -> Any:
    """The only array of a file."""
    from .load.safetensors import read_safetensors

    checkpoint = read_safetensors(content.name, content)
    if len(checkpoint.tensors) != 1:
        raise ValueError(f"it holds {len(checkpoint.tensors)} arrays")
    (name,) = checkpoint.tensors
    return checkpoint.array(name)
