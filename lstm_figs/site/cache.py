"""The cache of payloads, keyed by a digest of everything that affects them.

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
from ..html import scripts
from . import code_digests, store
from .requests import PAYLOAD_SCHEMAS, BlockRequest, fits
from .workers import Job, Workers

LIBRARIES = ("numpy", "matplotlib", "graphviz", "safetensors", "torch", "griffelib")
"""The libraries whose versions affect a payload."""

_TORCH_OPTIONS = ("--input-size", "--hidden-size", "--weights")
"""Options of sources for which torch may be needed."""


@dataclass(frozen=True)
class Entry:
    """A payload with its files, from the cache or just drawn.

    Attributes:
        request: What was asked for.
        payload: What `rendering` returned, with digests in place of files.
    """

    request: BlockRequest
    payload: Any
    _sizes: Mapping[str, int]
    _name: str
    _images: Mapping[str, bytes] | None = None

    def images(self) -> Mapping[str, bytes]:
        """The contents of its files by digest, drawn again if they are damaged."""
        if self._images is not None:
            return self._images
        tail = store.read_tail(self._name) or b""
        contents, start = {}, 0
        for digest, size in self._sizes.items():
            content = tail[start : start + size]
            if _digest(content) != digest:
                return _draw(self.request).images()
            contents[digest], start = content, start + size
        return contents

    def size(self, digest: str) -> int:
        """The size of a file in bytes."""
        return self._sizes[digest]


def fetch(request: BlockRequest) -> Entry:
    """The entry for a request, drawn unless it is in the cache.

    Raises:
        LstmFigsError: If it cannot be drawn, or if torch computes different
            values; errors are not cached.
    """
    entry = _cached_entry(request) or _draw(request)
    if request.is_figure:
        if "verify" not in entry.payload:
            raise TypeError(
                f"got a payload of kind {request.kind!r} without verify, expected it "
                "in each kind of requests.FIGURES; return it, see rendering.picture"
            )
        if entry.payload["verify"] is not None:
            _verify(
                BlockRequest(kind="verified", header=entry.payload["verify"], files=request.files)
            )
    return entry


def _cached_entry(request: BlockRequest) -> Entry | None:
    """The entry in the cache, None if there is none or it is malformed."""
    name = _entry_name(request)
    if name in _pending:
        return None
    head = store.read(name)
    if head is None:
        return None
    # An entry may hold anything: its digest proves that it is undamaged, not who wrote it.
    with suppress(ValueError, RecursionError):
        contents = json.loads(head)
        if fits(contents, (PAYLOAD_SCHEMAS[request.kind], dict)):
            payload, sizes = contents
            if {*_digests(payload)} == sizes.keys() and fits([*sizes.values()], [int]):
                return Entry(request, payload, sizes, name)
    return None


def minified_script(name: str) -> bytes:
    """A script of pages, minified unless the cache has it."""
    modules = scripts.modules(name)
    key = store.name("\0".join(("script", code_digests.code().full_digest, *modules)))
    minified = store.read(key)
    if minified is None:
        minified = scripts.minified(modules).encode()
        store.write(key, minified)
    return minified


def prefetch(requests: Iterable[BlockRequest]) -> None:
    """Start drawing requests that are not in the cache, without waiting."""
    unique_requests = dict.fromkeys(requests)
    if any(request.is_figure for request in unique_requests):
        # Most figures show the example, and its check has to import torch first.
        unique_requests = {BlockRequest("verified"): None, **unique_requests}
    missing = [
        request
        for request in unique_requests
        if (name := _entry_name(request)) not in _pending and not store.exists(name)
    ]
    if any(request.kind != "verified" for request in missing):
        # Programs take longest. Starting with them lets all cores finish together.
        _queue(sorted(missing, key=lambda request: request.kind != "run"))


_pending: dict[str, Future[Entry]] = {}
"""Entries that are being drawn and have not been fetched, by name."""

_workers = Workers()
"""The processes that draw."""


def _queue(missing: Iterable[BlockRequest], urgent: bool = False) -> None:
    """Queue requests to be drawn; all kinds of one figure are one job.

    A sheet is a job of its own, so that a figure in the block of a sheet is no error in others.
    """
    jobs: dict[tuple[Any, ...], Job] = {}
    for request in missing:
        argument = request.argument
        is_shared = request.is_figure and request.kind != "sheet"
        job = jobs.setdefault(
            (argument, request.files, is_shared or request.kind),
            Job(argument, {}, _is_heavy(request)),
        )
        name, future = _entry_name(request), Future[Entry]()
        job.kinds[request.kind] = future, partial(_store_entry, request, name)
        _pending[name] = future
    if jobs:
        _workers.add(jobs.values(), code_digests.code().full_digest, urgent)


def _draw(request: BlockRequest) -> Entry:
    """Draw a request, or wait for it if it is queued already."""
    name = _entry_name(request)
    if name not in _pending:
        _queue([request], urgent=True)
    return _pending.pop(name).result()


def _store_entry(request: BlockRequest, name: str, payload: Any) -> Entry:
    """Write a payload that was just drawn into the cache."""
    images = dict(_extract_files(payload))
    sizes = {digest: len(content) for digest, content in images.items()}
    # If a file was edited in the meantime, it is unclear which version was drawn.
    if _entry_name(request) == name:
        # JSON is parsed much faster without escapes.
        head = json.dumps([payload, sizes], ensure_ascii=False)
        store.write(name, head.encode(), b"".join(images.values()))
    return Entry(request, payload, sizes, name, images)


_BINARY_KEYS = ("pdf", "png")
"""Those of `_FILE_KEYS` with base64."""
_FILE_KEYS = ("light", "dark", "file", *_BINARY_KEYS)
"""Keys of a payload that hold the content of a file of the site."""
_HOLDER_KEYS = ("narrow", "steps")
"""Keys of nested payloads with such keys."""

_verified: set[str] = set()
"""The entries of sources that this process has checked."""


def _verify(request: BlockRequest) -> None:
    """Check the tensors of a source against torch, once for all its figures."""
    name = _entry_name(request)
    if name not in _verified:
        fetch(request)
        _verified.add(name)


def _extract_files(payload: Any) -> Iterator[tuple[str, bytes]]:
    """Replace files in a payload by their digests, and yield both.

    The files are copied into the site unread, so they stay out of the JSON.
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
    """The digests that `_extract_files` put into a payload."""
    if isinstance(payload, dict):
        yield from (payload[key] for key in _FILE_KEYS if key in payload)
        for key in filter(payload.__contains__, _HOLDER_KEYS):
            yield from _digests(payload[key])


def _digest(content: bytes) -> str:
    """A short digest, which names a file."""
    return hashlib.sha256(content).hexdigest()[:16]


def _is_heavy(request: BlockRequest) -> bool:
    """Whether drawing needs torch, or reads the whole source of the package."""
    if request.is_figure:
        needs_sizes = any(option in request.header for option in _TORCH_OPTIONS)
        return needs_sizes or not RECORDED.isdisjoint(request.header.split())
    return request.kind in ("verified", "api", "run")


def _entry_name(request: BlockRequest) -> str:
    """The name of an entry: a digest of everything that affects its payload."""
    contents = [_file_digest(path) for path in request.files]
    digest = _tools_digest().copy()
    # The header of a Python file and not its path, which differs between folders.
    for part in (request.kind, request.header, _code_digest(request), *contents):
        digest.update(part.encode() + b"\0")
    return store.name(digest.hexdigest())


def _code_digest(request: BlockRequest) -> str:
    """The digest of the code that the payload depends on."""
    code = code_digests.code()
    if request.is_figure:
        return _figure_code_digest(code, request.header)
    if request.kind in ("verified", "catalogue"):
        return code.figures_digest(())
    if request.kind in ("api", "vocabulary"):
        return code.shared_digest
    if request.kind == "code" or (request.kind == "run" and not _uses_package(request.files)):
        return code.listing_digest
    return code.full_digest


@lru_cache(maxsize=4096)
def _figure_code_digest(code: code_digests.Code, header: str) -> str:
    """The digest of the code that draws a figure; builds ask for it several times."""
    try:
        return code.figures_digest(shlex.split(header))
    except ValueError:
        return code.full_digest


def _uses_package(files: Iterable[str]) -> bool:
    """Whether a file mentions the package, or cannot be read."""
    try:
        return any(b"lstm_figs" in Path(path).read_bytes() for path in files)
    except OSError:
        return True


def _file_digest(path: str) -> str:
    """The digest of a file; errors in it are reported when it is drawn."""
    try:
        stat = os.stat(path)  # noqa: PTH116
        if not S_ISREG(stat.st_mode):
            return "missing"
        return _file_digest_at(path, stat.st_mtime_ns, stat.st_size)
    except (OSError, ValueError):
        return "missing"


@lru_cache(maxsize=256)
def _file_digest_at(path: str, *_: int) -> str:
    """The digest of a file; its time and size are only keys, so that a changed file is read."""
    with open(path, "rb") as file:  # noqa: PTH123
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _tools_digest() -> "hashlib._Hash":
    """The digest of the versions of Python, the libraries and Graphviz; copies are extended."""
    digest = hashlib.sha256()
    for part in (sys.version, *_libraries(), _dot()):
        digest.update(part.encode() + b"\0")
    return digest


def _libraries() -> Iterator[str]:
    """The metadata of each library that decides what is drawn, with its version."""
    for name in LIBRARIES:
        try:
            # The metadata as text, because parsing the version is slow.
            yield distribution(name).read_text("METADATA") or ""
        except PackageNotFoundError:
            yield f"no {name}"


def _dot() -> str:
    """Graphviz's program, identified by size and age because running it is slow."""
    program = shutil.which("dot")
    if program is None:
        return "no dot"
    stat = Path(program).stat()
    return f"dot {stat.st_size} {stat.st_mtime_ns}"
