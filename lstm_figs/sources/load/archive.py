"""Members of zip archives, whose size is known before they are read."""

import zipfile
from typing import IO

from ...model.tensors import Array
from .content import CHUNK, Content, read_exactly

SMALL = 1 << 20
"""A member of so few bytes may be larger than the archive that it is in."""


class Archive:
    """A zip archive in a file, opened anew whenever a member is read.

    Attributes:
        content: The file.
        members: What it holds, by name.

    Raises:
        zipfile.BadZipFile: If it is damaged.
    """

    def __init__(self, content: Content):
        self.content = content
        with content.open() as file, zipfile.ZipFile(file) as archive:
            self.members = {info.filename: info for info in archive.infolist()}

    def read(self, name: str) -> bytes:
        """A member that is read at once, of which a packed one may be large.

        Raises:
            ValueError: If it is larger than the file that it is in, and more
                than a little.
        """
        size = self.members[name].file_size
        most = max(self.content.size, SMALL)
        if size > most:
            raise ValueError(f"{name} is said to have {size:,} bytes, more than {most:,}")
        return self.read_part(name, 0, size).tobytes()

    def read_part(self, name: str, start: int, count: int) -> Array:
        """Some bytes of a member.

        They are not held against its checksum, which torch can leave out.
        """
        info = self.members[name]
        if start + count > info.file_size:
            raise EOFError("it ends too early")
        with self.content.open() as file:
            if info.compress_type == zipfile.ZIP_STORED:
                file.seek(_data(file, info) + start)
                return read_exactly(file, count)
            with zipfile.ZipFile(file) as archive, archive.open(info) as member:
                while start:
                    start -= len(member.read(min(start, CHUNK))) or start
                return read_exactly(member, count)


def _data(file: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Where the bytes of a member begin that is not packed.

    Before them are 30 bytes of sizes and flags, then its name and more, whose
    lengths stand in the last four of those.
    """
    file.seek(info.header_offset)
    header = read_exactly(file, 30).tobytes()
    if header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("a member is not where it is said to be")
    name, more = (int.from_bytes(header[k : k + 2], "little") for k in (26, 28))
    return info.header_offset + 30 + name + more
