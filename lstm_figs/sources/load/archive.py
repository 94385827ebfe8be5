"""Read members of zip archives, with their sizes checked beforehand."""

import zipfile
from typing import IO

from ...model.tensors import Array
from .content import CHUNK, Content, read_exactly

SMALL = 1 << 20
"""A compressed member of at most this many bytes may be larger than its archive."""


class Archive:
    """A zip archive, which is opened for each read.

    Attributes:
        content: The file.
        members: Its members by name.

    Raises:
        zipfile.BadZipFile: If it is damaged.
    """

    def __init__(self, content: Content):
        self.content = content
        with content.open() as file, zipfile.ZipFile(file) as archive:
            self.members = {info.filename: info for info in archive.infolist()}

    def read(self, name: str) -> bytes:
        """The content of a member, which may be compressed.

        Raises:
            ValueError: If it is larger than both the archive and `SMALL`.
        """
        size = self.members[name].file_size
        most = max(self.content.size, SMALL)
        if size > most:
            raise ValueError(f"{name} claims to have {size:,} bytes, more than {most:,}")
        return self.read_part(name, 0, size).tobytes()

    def read_part(self, name: str, start: int, count: int) -> Array:
        """Some bytes of an uncompressed member.

        The checksum is not verified, because torch may leave it out.
        """
        info = self.members[name]
        if start + count > info.file_size:
            raise EOFError("it ends too early")
        with self.content.open() as file:
            if info.compress_type == zipfile.ZIP_STORED:
                file.seek(_data_offset(file, info) + start)
                return read_exactly(file, count)
            with zipfile.ZipFile(file) as archive, archive.open(info) as member:
                while start:
                    start -= len(member.read(min(start, CHUNK))) or start
                return read_exactly(member, count)


def _data_offset(file: IO[bytes], info: zipfile.ZipInfo) -> int:
    """The offset of an uncompressed member's bytes.

    They follow a header of 30 bytes, the name and the extra field. The last four
    bytes of the header have the lengths of these two.
    """
    file.seek(info.header_offset)
    header = read_exactly(file, 30).tobytes()
    if header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("a member is not at the place that the archive lists")
    name, more = (int.from_bytes(header[k : k + 2], "little") for k in (26, 28))
    return info.header_offset + 30 + name + more
