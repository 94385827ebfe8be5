"""Weights from anywhere: any file of tensors, and the LSTMs in it."""

from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import InputError, LstmFigsError
from ...names import first_line, quoted_name
from .checkpoint import Checkpoint, Stored
from .choice import advice_for_others, choose, describe
from .content import Content, content_of, unreadable
from .modules import StoredLstm, Survey, check_size, survey, weights

if TYPE_CHECKING:
    from .archive import Archive

__all__ = [
    "Checkpoint",
    "Content",
    "Stored",
    "StoredLstm",
    "Survey",
    "advice_for_others",
    "check_size",
    "choose",
    "content_of",
    "describe",
    "read_weights",
    "survey",
    "unreadable",
    "weights",
]

EXPECTED = "expected a .safetensors, .npz, .pt, .pth, .ckpt, .bin, .onnx, .keras or .h5 file"

EXPORTED = ("archive_format", "serialized_exported_program.json")
"""Members of what torch.export saves, now and in earlier releases."""


def read_weights(name: str) -> Checkpoint:
    """What a weights file holds.

    What kind of file it is, is found by its content.

    Args:
        name: The file, relative to the current folder.

    Raises:
        InputError: If there is no such file, or it cannot be read.
    """
    try:
        return _read(name, content_of(name, EXPECTED))
    except LstmFigsError:
        raise
    except Exception as error:
        # A library says by one, too, that it does not understand a file.
        if isinstance(error, OSError) and error.strerror:
            raise unreadable(name, error, EXPECTED) from error
        raise InputError(
            f"{quoted_name(name)} cannot be read ({first_line(error)}), {EXPECTED}; "
            "fetch or save it again"
        ) from error


def _read(name: str, content: Content) -> Checkpoint:
    with content.open() as file:
        start = file.read(64)
    if not start:
        raise InputError(f"{quoted_name(name)} is empty, {EXPECTED}; fetch or save it again")
    # First, because the length that it starts with can look like another kind.
    if start[8:9] == b"{":
        return _read_safetensors(name, content)
    if start.startswith(b"PK"):
        return _read_zip(name, content)
    if start.startswith(b"\x80"):
        from .pickles import read_legacy

        return read_legacy(name, content)
    if start.startswith(b"\x89HDF"):
        from .keras import read_hdf5

        return read_hdf5(name, content)
    if Path(name).suffix == ".safetensors":
        return _read_safetensors(name, content)
    # The bytes of ONNX begin with no sign of it.
    if Path(name).suffix.lower() == ".onnx":
        from .onnx import read_onnx

        return read_onnx(name, content)
    raise InputError(f"{quoted_name(name)} {_kind(start)}")


def _read_safetensors(name: str, content: Content) -> Checkpoint:
    from .safetensors import read_safetensors

    return read_safetensors(name, content)


def _read_zip(name: str, content: Content) -> Checkpoint:
    # Late, because they bring every kind of compression.
    from zipfile import BadZipFile

    from .archive import Archive

    try:
        return _read_archive(name, Archive(content))
    except BadZipFile as error:
        raise InputError(
            f"{quoted_name(name)} is a zip archive without an end, {EXPECTED}; it "
            "is damaged or incomplete, so fetch or save it again"
        ) from error


def _read_archive(name: str, archive: "Archive") -> Checkpoint:
    if any(member.endswith(EXPORTED) for member in archive.members):
        raise InputError(
            f"{quoted_name(name)} is a program of torch.export, {EXPECTED}; save "
            "the state_dict() of the module that it was made from"
        )
    if "model.weights.h5" in archive.members:
        from .keras import read_keras

        return read_keras(name, archive)
    if any(member.endswith(".npy") for member in archive.members):
        from .npz import read_npz

        return read_npz(name, archive)
    if any(_is_code(member) for member in archive.members):
        from .torchscript import read_torchscript

        return read_torchscript(name, archive)
    if any(member.endswith("data.pkl") for member in archive.members):
        from .pickles import read_zipped

        return read_zipped(name, archive)
    raise InputError(
        f"{quoted_name(name)} is a zip archive without tensors, {EXPECTED}; check how it was saved"
    )


def _is_code(member: str) -> bool:
    _, _, rest = member.partition("/")
    return rest == "constants.pkl" or rest.startswith("code/")


def _kind(start: bytes) -> str:
    """What a file is that holds no weights that can be read."""
    if start.startswith(b"version https://git-lfs"):
        return f"is a pointer of Git LFS, {EXPECTED}; run: git lfs pull"
    if start.startswith(b"\x93NUMPY"):
        return f"is one array without a name, {EXPECTED}; save the arrays by name with numpy.savez"
    return f"is no file of weights, {EXPECTED}; check how it was saved"
