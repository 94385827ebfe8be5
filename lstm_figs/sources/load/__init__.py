"""Read weights files of all formats, and find the LSTMs in them."""

from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import InputError, LstmFigsError
from ...names import first_line, quoted_name
from .checkpoint import Checkpoint, Stored
from .choice import advice_for_others, choose, describe
from .content import MAX_HEADER, Content, content_of, unreadable
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
"""The end of error messages."""

EXPORTED = ("archive_format", "serialized_exported_program.json")
"""Members of archives by torch.export, in current and earlier releases."""


def read_weights(name: str) -> Checkpoint:
    """Read a weights file of any format, which is detected from its content.

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
        # Libraries also raise OSError, without a reason, for malformed files.
        if isinstance(error, OSError) and error.strerror:
            raise unreadable(name, error, EXPECTED) from error
        raise InputError(
            f"{quoted_name(name)} cannot be read ({first_line(error)}), {EXPECTED}; "
            "fetch or save it again"
        ) from error


def _read(name: str, content: Content) -> Checkpoint:
    """Recognize the format by the first bytes, else by the suffix."""
    with content.open() as file:
        start = file.read(64)
    if not start:
        raise InputError(f"{quoted_name(name)} is empty, {EXPECTED}; fetch or save it again")
    # First, because the length at its start can begin like PK or a pickle.
    if _is_safetensors(start):
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
    # ONNX has no magic number.
    if Path(name).suffix.lower() == ".onnx":
        from .onnx import read_onnx

        return read_onnx(name, content)
    raise InputError(f"{quoted_name(name)} {_kind(start)}")


def _is_safetensors(start: bytes) -> bool:
    """Whether a file begins with a length that a header can have, and a JSON object.

    A magic number of four letters or more is never such a length, so a file of
    a different format may have a brace there.
    """
    return start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= MAX_HEADER


def _read_safetensors(name: str, content: Content) -> Checkpoint:
    from .safetensors import read_safetensors

    return read_safetensors(name, content)


def _read_zip(name: str, content: Content) -> Checkpoint:
    """Read a zip archive."""
    # Imported here, because they import every kind of compression.
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
    """Recognize the format by the archive's members."""
    if any(member.endswith(EXPORTED) for member in archive.members):
        raise InputError(
            f"{quoted_name(name)} is a program from torch.export, {EXPECTED}; save the "
            "state_dict() of its module"
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
    """Whether a member of an archive is code of TorchScript."""
    _, _, rest = member.partition("/")
    return rest == "constants.pkl" or rest.startswith("code/")


def _kind(start: bytes) -> str:
    """A description of a file without readable weights, for the error message."""
    if start.startswith(b"version https://git-lfs"):
        return f"is a Git LFS pointer, {EXPECTED}; run: git lfs pull"
    if start.startswith(b"\x93NUMPY"):
        return f"is one array without a name, {EXPECTED}; save the arrays by name with numpy.savez"
    return f"is not a weights file, {EXPECTED}; check how it was saved"
