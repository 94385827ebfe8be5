"""Read weights from a TorchScript archive without running its code.

`torch.jit.load` can run code from the archive. Here only its `data.pkl` is
read, with inert placeholders for objects of the archive's own classes.
"""

import re
from collections.abc import Iterator
from typing import Any

from ...errors import InputError
from ...names import quoted_name
from .archive import Archive
from .checkpoint import Checkpoint
from .pickle_machine import Inert
from .torch_archive import connect_storages, data_of
from .unpickle import Described, Refused, refusal, unpickled

_WHY_NOT_LOADED = (
    "# The file is a TorchScript archive, and torch.jit.load can run code that\n"
    "# the archive contains."
)
"""Why a preamble has the numbers, and does not load the file."""

_CLASSES = re.compile(r"(__torch__|torch\.jit\._pickle)\..*", re.DOTALL)
"""The names in such a pickle that are not for tensors."""


def read_torchscript(name: str, archive: Archive) -> Checkpoint:
    """The tensors of an archive, by their names in a state dict.

    Raises:
        InputError: If the archive has more than modules and tensors, or has no
            names for its tensors.
    """
    member = data_of(archive)
    try:
        module = unpickled(archive.read(member), _CLASSES).value
    except Refused as error:
        raise refusal(
            name,
            "a TorchScript archive",
            error,
            "tensors and modules alone; it was not loaded, because a pickle can run any code, "
            "so save the module's state_dict() with torch.save instead",
        ) from error
    tensors = dict(connect_storages(archive, member, _walk(module)))
    if not tensors and any("/constants/" in key for key in archive.members):
        raise InputError(
            f"{quoted_name(name)} is a TorchScript archive whose tensors are "
            "constants without names, as torch.jit.freeze leaves them, "
            "expected parameters by name; save the state_dict() of the module "
            "before it is frozen"
        )
    return Checkpoint(name, "TorchScript", tensors, why_not_loaded=_WHY_NOT_LOADED)


def _walk(module: Any) -> Iterator[tuple[str, Described]]:
    """All modules inside a module, with their names."""
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [("", module)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, Described):
            yield name, value
        elif isinstance(value, Inert) and isinstance(value.state, dict) and id(value) not in seen:
            seen.add(id(value))
            prefix = f"{name}." if name else ""
            waiting += [
                (f"{prefix}{key}", item)
                for key, item in reversed(value.state.items())
                if isinstance(key, str)
            ]
