"""Read HDF5 files safely: a small file may expand to far more memory.

Chunks of a dataset may have any size and be compressed to a thousandth of it,
and groups may be nested without end.
"""

import math
import zlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ...model.tensors import Array

MAX_DEPTH = 32
"""The deepest nesting of groups."""

SMALL = 1 << 20
"""A chunk of at most this many bytes may be larger than its dataset."""

MAX_CHUNKS = 100_000
"""The most chunks of a dataset; the library keeps a table of them."""

SLACK = 64
"""The bytes that a chunk may have in addition to its numbers, for a checksum."""

DEFLATE, SHUFFLE, CHECKSUM = 1, 2, 3
"""The supported filters, by their ids in HDF5."""


class Tree(NamedTuple):
    """The content of a file.

    Attributes:
        datasets: The shape and dtype of each tensor by path.
        names: The attribute `name` of groups `vars`, by the group's path.
    """

    datasets: dict[str, tuple[tuple[int, ...], str]]
    names: dict[str, str]


def tree(file: Any) -> Tree:
    """List the content of an open file.

    Links are not followed, and external data is left out.

    Raises:
        ValueError: If groups are nested too deeply.
    """
    contents = Tree({}, {})

    def look(path: str, node: Any) -> None:
        """Collect a dataset, or the name of a group."""
        if path.count("/") > MAX_DEPTH:
            raise ValueError(f"its groups are more than {MAX_DEPTH} deep")
        # Only datasets have a shape. Keras saves the name of a layer at its group `vars`.
        if not hasattr(node, "shape"):
            name = text_attribute(node, "name") if path.endswith("vars") else ""
            if name:
                contents.names[path] = name
        elif not node.is_virtual and not node.external:
            contents.datasets[path] = node.shape or (), node.dtype.name

    file.visititems(look)
    return contents


def text_attribute(node: Any, name: str) -> str:
    """An attribute that is a single string, or an empty string."""
    if name not in node.attrs:
        return ""
    attribute = node.attrs.get_id(name)
    # An array may refer to one string of the file a million times.
    # Strings have no length (O) or a fixed one (S).
    if attribute.shape != () or attribute.dtype.kind not in "OS":
        return ""
    text = node.attrs[name]
    if isinstance(text, bytes):
        # Any bytes are a name, as in Python's names of files.
        text = text.decode(errors="surrogateescape")
    return text if isinstance(text, str) else ""


def numbers(dataset: Any) -> Array:
    """The array of a dataset.

    Raises:
        ValueError: If its data is not in the file, or would need more memory
            than its shape.
    """
    if dataset.size and not dataset.id.get_storage_size():
        raise ValueError("its numbers were never written")
    if dataset.chunks is not None:
        _check_chunks(dataset)
    return np.asarray(dataset[()])


def _check_chunks(dataset: Any) -> None:
    """Raise an error if a chunk would need too much memory."""
    item_bytes = dataset.id.get_type().get_size()
    size = math.prod(dataset.chunks) * item_bytes
    most = max(dataset.size * item_bytes, SMALL)
    if size > most:
        raise ValueError(f"its chunks have {size:,} bytes, more than {most:,}")
    sides = zip(dataset.shape, dataset.chunks, strict=True)
    count = math.prod(math.ceil(length / part) for length, part in sides)
    if count > MAX_CHUNKS:
        raise ValueError(f"it has {count:,} chunks, more than {MAX_CHUNKS:,}")
    properties = dataset.id.get_create_plist()
    filters = [properties.get_filter(k)[0] for k in range(properties.get_nfilters())]
    known = {DEFLATE, SHUFFLE, CHECKSUM}
    # Data that is compressed twice expands further than one decompression shows.
    if not known >= {*filters} or len({*filters}) < len(filters):
        raise ValueError("its compression is not only gzip")
    if filters:
        _check_packed(dataset, filters, size + SLACK)


def _check_packed(dataset: Any, filters: Sequence[int], most: int) -> None:
    """Check that no chunk decompresses to more than the allowed size.

    Args:
        dataset: The dataset.
        filters: The filters of its chunks, in the order of the mask.
        most: The most bytes of a chunk.
    """
    chunks: list[Any] = []
    dataset.id.chunk_iter(chunks.append)
    for chunk in chunks:
        count = chunk.size
        # The mask marks filters that were skipped, for incompressible chunks.
        used = [filter_id for k, filter_id in enumerate(filters) if not chunk.filter_mask >> k & 1]
        if count <= most and DEFLATE in used:
            _, packed = dataset.id.read_direct_chunk(chunk.chunk_offset)
            # One byte more than allowed is enough to notice.
            count = len(zlib.decompressobj().decompress(packed, most + 1))
        if count > most:
            raise ValueError(f"a chunk has more than {most:,} bytes")
