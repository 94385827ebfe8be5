"""What blocks show, kept under what decides its bytes.

Nothing here imports NumPy, Matplotlib or torch: a build in which nothing has
changed needs none of them.
"""

import hashlib
import json
import os
import shlex
import shutil
import sys
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from stat import S_ISREG
from typing import Any

from ..figures import RECORDED
from . import code_digests, store
from .requests import FIGURES, PAYLOAD_SCHEMAS, BlockRequest, fits
from .workers import Job, Workers

LIBRARIES = ("numpy", "matplotlib", "graphviz", "safetensors", "torch", "griffelib")
"""The libraries that make tensors, draw, or read docstrings."""

_TORCH_OPTIONS = ("--input-size", "--hidden-size", "--weights")
"""Options of sources that torch makes, or may have made."""


@dataclass(frozen=True)
class Entry:
    """What has been drawn.

    Attributes:
        payload: What `rendering` made, in which an image is the digest of its SVG.
    """

    payload: Any
    _sizes: Mapping[str, int]
    _request: BlockRequest
    _name: str
    _images: Mapping[str, bytes] | None = None

    def images(self) -> Mapping[str, bytes]:
        """The SVG of its images by their digests, drawn anew if need be."""
        if self._images is not None:
            return self._images
        tail = store.read_tail(self._name) or b""
        svgs, start = {}, 0
        for digest, size in self._sizes.items():
            svg = tail[start : start + size]
            if _digest(svg) != digest:
                return _draw(self._request).images()
            svgs[digest], start = svg, start + size
        return svgs

    def size(self, digest: str) -> int:
        """How many bytes an image has."""
        return self._sizes[digest]


def fetch(request: BlockRequest) -> Entry:
    """What is wanted, from the cache if it can be.

    Raises:
        LstmFigsError: If it cannot be drawn, or if torch computes something
            else; errors are not kept.
    """
    name = _entry_name(request)
    cached = None if name in _pending else _cached_entry(request, name)
    entry = cached or _draw(request)
    if request.kind in FIGURES and entry.payload["verify"] is not None:
        _verify(BlockRequest("verified", entry.payload["verify"], request.files))
    return entry


def _cached_entry(request: BlockRequest, name: str) -> Entry | None:
    """What the cache has, None if that is not of the form that it kept."""
    head = store.read(name)
    if head is None:
        return None
    # Whoever knows how an entry is signed can have put anything there.
    with suppress(ValueError, RecursionError):
        contents = json.loads(head)
        if fits(contents, (PAYLOAD_SCHEMAS[request.kind], dict)):
            payload, sizes = contents
            if {*_digests(payload)} == sizes.keys() and fits([*sizes.values()], [int]):
                return Entry(payload, sizes, request, name)
    return None


def prefetch(requests: Iterable[BlockRequest]) -> None:
    """Begin to draw what is not in the cache; nobody waits for it."""
    unique_requests = dict.fromkeys(requests)
    if any(request.kind in FIGURES for request in unique_requests):
        # Most are of the example, which waits for torch to be imported.
        unique_requests = {BlockRequest("verified"): None, **unique_requests}
    missing = [
        request
        for request in unique_requests
        if (name := _entry_name(request)) not in _pending and not store.exists(name)
    ]
    if any(request.kind != "verified" for request in missing):
        # What takes longest goes first, so that all cores end together.
        _order(sorted(missing, key=lambda request: request.kind != "run"))


_pending: dict[str, Future[Entry]] = {}
"""What is being drawn and has not been fetched, by its name in the cache."""

_workers = Workers()


def _order(missing: Iterable[BlockRequest], urgent: bool = False) -> None:
    """Have things drawn, what is drawn of one text in one job."""
    jobs: dict[tuple[Any, ...], Job] = {}
    for request in missing:
        kind, text, files, _ = request
        job = jobs.setdefault(
            (text, files, kind in FIGURES or kind), Job(text, {}, _is_heavy(kind, text))
        )
        name, future = _entry_name(request), Future[Entry]()
        job.kinds[kind] = future, partial(_store_entry, request, name)
        _pending[name] = future
    if jobs:
        _workers.add(jobs.values(), code_digests.code().full_digest, urgent)


def _draw(request: BlockRequest) -> Entry:
    name = _entry_name(request)
    if name not in _pending:
        _order([request], urgent=True)
    return _pending.pop(name).result()


def _store_entry(request: BlockRequest, name: str, payload: Any) -> Entry:
    """Put what was drawn into the cache."""
    images = dict(_extract_files(payload))
    sizes = {digest: len(svg) for digest, svg in images.items()}
    # What has been edited meanwhile may have been drawn already.
    if _entry_name(request) == name:
        # Characters that are not escaped are read much faster.
        head = json.dumps([payload, sizes], ensure_ascii=False)
        store.write(name, head.encode(), b"".join(images.values()))
    return Entry(payload, sizes, request, name, images)


_BINARY_KEYS = ("pdf", "png")
_FILE_KEYS = ("light", "dark", "file", *_BINARY_KEYS)
"""Keys of what becomes a file of the site."""
_HOLDER_KEYS = ("narrow", "steps")
"""Keys of what holds some."""

_verified: set[str] = set()


def _verify(request: BlockRequest) -> None:
    """Hold tensors against torch, once for all their figures."""
    name = _entry_name(request)
    if name not in _verified:
        fetch(request)
        _verified.add(name)


def _extract_files(payload: Any) -> Iterator[tuple[str, bytes]]:
    """Put the digests of files of the site in their place.

    They are written there as they are, so nothing reads them.
    """
    if isinstance(payload, list):
        for item in payload:
            yield from _extract_files(item)
    elif isinstance(payload, dict):
        for key in filter(payload.__contains__, _FILE_KEYS):
            content = payload[key].encode()
            if key in _BINARY_KEYS:
                content = b64decode(content)
            payload[key] = _digest(content)
            yield payload[key], content
        for key in filter(payload.__contains__, _HOLDER_KEYS):
            yield from _extract_files(payload[key])


def _digests(payload: Any) -> Iterator[str]:
    """What stands in the place of files."""
    if isinstance(payload, dict):
        yield from (payload[key] for key in _FILE_KEYS if key in payload)
        for key in filter(payload.__contains__, _HOLDER_KEYS):
            yield from _digests(payload[key])


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _is_heavy(kind: str, text: str) -> bool:
    """Whether torch is needed, or all of the package's source."""
    if kind in FIGURES:
        sizes = any(option in text for option in _TORCH_OPTIONS)
        return sizes or not RECORDED.isdisjoint(text.split())
    return kind in ("verified", "api", "run")


def _entry_name(request: BlockRequest) -> str:
    """The name in the cache, a digest of all that decides what is shown."""
    kind, text, files, text_in_cache = request
    contents = [_file_digest(path) for path in files]
    digest = _tools_digest().copy()
    for part in (kind, text_in_cache or text, _code_digest(request), *contents):
        digest.update(part.encode() + b"\0")
    return store.name(digest.hexdigest())


def _code_digest(request: BlockRequest) -> str:
    """The digest of the code that decides what is shown."""
    code = code_digests.code()
    if request.kind in FIGURES:
        return _figure_code_digest(code, request.text)
    if request.kind in ("verified", "catalogue"):
        return code.figures_digest(())
    if request.kind in ("api", "vocabulary"):
        return code.shared_digest
    if request.kind == "code" or (request.kind == "run" and not _uses_package(request.files)):
        return code.listing_digest
    return code.full_digest


@lru_cache(maxsize=4096)
def _figure_code_digest(code: code_digests.Code, header: str) -> str:
    """The digest of the code that draws a header, asked for several times."""
    try:
        return code.figures_digest(shlex.split(header))
    except ValueError:
        return code.full_digest


def _uses_package(files: Iterable[str]) -> bool:
    try:
        return any(b"lstm_figs" in Path(path).read_bytes() for path in files)
    except OSError:
        return True


def _file_digest(path: str) -> str:
    """The digest of a file; what is wrong with it is said when it is drawn."""
    try:
        stat = os.stat(path)  # noqa: PTH116
        if not S_ISREG(stat.st_mode):
            return "missing"
        return _file_digest_at(path, stat.st_mtime_ns, stat.st_size)
    except (OSError, ValueError):
        return "missing"


@lru_cache(maxsize=256)
def _file_digest_at(path: str, *_: int) -> str:
    with open(path, "rb") as file:  # noqa: PTH123
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _tools_digest() -> "hashlib._Hash":
    """The digest of the libraries and programs that draw."""
    digest = hashlib.sha256()
    for part in (sys.version, *_libraries(), _dot()):
        digest.update(part.encode() + b"\0")
    return digest


def _libraries() -> Iterator[str]:
    for name in LIBRARIES:
        try:
            # Its metadata as text; to parse the version out of it is slow.
            yield distribution(name).read_text("METADATA") or ""
        except PackageNotFoundError:
            yield f"no {name}"


def _dot() -> str:
    """Graphviz's program, known by its size and age without running it."""
    program = shutil.which("dot")
    if program is None:
        return "no dot"
    stat = Path(program).stat()
    return f"dot {stat.st_size} {stat.st_mtime_ns}"
