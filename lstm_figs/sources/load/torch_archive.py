"""Read the storages in an archive of torch, `NAME/data/KEY`."""

from collections.abc import Hashable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from ...model.tensors import Array
from .archive import Archive
from .checkpoint import Stored
from .unpickle import Described, Storage

Name = TypeVar("Name", bound=Hashable)


def is_data(member: str) -> bool:
    """Whether a member of an archive is the pickle with its tensors."""
    return member.count("/") == 1 and member.endswith("/data.pkl")


def data_of(archive: Archive) -> str:
    """The pickle of an archive.

    Raises:
        ValueError: If there is not exactly one.
    """
    members = [member for member in archive.members if is_data(member)]
    if len(members) != 1:
        raise ValueError(f"it has {len(members)} members NAME/data.pkl, not one")
    return members[0]


def connect_storages(
    archive: Archive, member: str, tensors: Iterable[tuple[Name, Described]]
) -> Iterator[tuple[Name, Stored]]:
    """Connect the tensors that a pickle describes to their storages.

    Args:
        archive: The archive.
        member: Its pickle.
        tensors: The tensors with any kind of names.
    """
    root = member.removesuffix("data.pkl")
    order, order_info = "<", archive.members.get(f"{root}byteorder")
    if order_info is not None and order_info.file_size == 3:
        # Only the text "big" has three bytes; without it, numbers are little-endian.
        order = {b"big": ">"}.get(archive.read(order_info.filename), "<")

    def fetch(storage: Storage, start: int, count: int) -> Array:
        """Some numbers of a storage."""
        name = f"{root}data/{storage.key}"
        size = archive.members[name].file_size // storage.itemsize
        if size != storage.size:
            raise ValueError(f"its storage has {size} numbers, not {storage.size}")
        return archive.read_part(name, start, count)

    for name, tensor in tensors:
        read = partial(tensor.read, fetch, order)
        yield name, Stored(tensor.shape, tensor.dtype, read=read, kind=tensor.kind)
