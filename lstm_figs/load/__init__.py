"""Weights from anywhere: any file of tensors, and the LSTMs in it."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from ..errors import InputError, MissingTool
from ..names import first_line, shown
from .checkpoint import Checkpoint, Stored
from .choose import choose, describe
from .modules import Found, Survey, survey, weights

__all__ = [
    "Checkpoint",
    "Found",
    "Stored",
    "Survey",
    "choose",
    "describe",
    "read_weights",
    "survey",
    "weights",
]

EXPECTED = "expected a .safetensors, .npz, .pt, .pth, .ckpt or .bin file"


def read_weights(name: str) -> Checkpoint:
    """What a weights file holds.

    What kind of file it is, is found by its content.

    Args:
        name: The file, relative to the current folder.

    Raises:
        InputError: If there is no such file, or it cannot be read.
        MissingTool: If torch is needed and not installed.
    """
    try:
        path = Path(name)
        if path.is_dir():
            raise InputError(
                f"{shown(name)} is a folder, {EXPECTED}; name one in it"
            )
        if not path.is_file():
            raise InputError(
                f"{shown(name)} is not a file, {EXPECTED}; check the path, "
                "relative to the current folder"
            )
        return _read(name)
    except (InputError, MissingTool):
        raise
    except BadZipFile as error:
        raise InputError(
            f"{shown(name)} is a zip archive without an end, {EXPECTED}; it "
            "is damaged or incomplete, so fetch or save it again"
        ) from error
    except Exception as error:
        raise InputError(
            f"{shown(name)} cannot be read ({first_line(error)}), {EXPECTED}; "
            "fetch or save it again"
        ) from error


def _read(name: str) -> Checkpoint:
    with Path(name).open("rb") as file:
        start = file.read(64)
    if not start:
        raise InputError(
            f"{shown(name)} is empty, {EXPECTED}; fetch or save it again"
        )
    # First, because the length that it starts with can look like another kind.
    if start[8:9] == b"{":
        return _read_safetensors(name)
    if start.startswith(b"PK"):
        return _read_zip(name)
    if start.startswith(b"\x80"):
        from .pickles import read_pickles

        return read_pickles(name, mapped=False)
    if Path(name).suffix == ".safetensors":
        return _read_safetensors(name)
    raise InputError(f"{shown(name)} {_kind(start)}")


def _read_safetensors(name: str) -> Checkpoint:
    from .safetensors import read_safetensors

    return read_safetensors(name)


def _read_zip(name: str) -> Checkpoint:
    with ZipFile(name) as archive:
        members = archive.namelist()
        if any(member.endswith(".npy") for member in members):
            from .npz import read_npz

            return read_npz(name, archive)
        if any(_is_code(member) for member in members):
            from .torchscript import read_torchscript

            return read_torchscript(name, archive)
    if any(member.endswith("data.pkl") for member in members):
        from .pickles import read_pickles

        return read_pickles(name, mapped=True)
    raise InputError(
        f"{shown(name)} is a zip archive without tensors, {EXPECTED}; check "
        "how it was saved"
    )


def _is_code(member: str) -> bool:
    _, _, rest = member.partition("/")
    return rest == "constants.pkl" or rest.startswith("code/")


def _kind(start: bytes) -> str:
    """What a file is that holds no weights that can be read."""
    if start.startswith(b"version https://git-lfs"):
        return f"is a pointer of Git LFS, {EXPECTED}; run: git lfs pull"
    if start.startswith(b"\x93NUMPY"):
        return (
            f"is one array without a name, {EXPECTED}; save the arrays by "
            "name with numpy.savez"
        )
    if start.startswith(b"\x89HDF"):
        return f"is an HDF5 file, {EXPECTED}; convert it"
    return f"is no file of weights, {EXPECTED}; check how it was saved"
