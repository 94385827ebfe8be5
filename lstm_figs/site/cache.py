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
from . import package, store
from .wanted import FIGURES, SAID, Wanted, fits
from .workers import Job, Workers

LIBRARIES = ("numpy", "matplotlib", "graphviz", "safetensors", "torch", "griffelib")
"""The libraries that make tensors, draw, or read docstrings."""

_OF_TORCH = ("--input-size", "--hidden-size", "--weights")
"""Options of sources that torch makes, or may have made."""


@dataclass(frozen=True)
class Entry:
    """What has been drawn.

    Attributes:
        said: What `drawing` made, in which an image is the digest of its SVG.
    """

    said: Any
    _sizes: Mapping[str, int]
    _wanted: Wanted
    _name: str
    _images: Mapping[str, bytes] | None = None

    def images(self) -> Mapping[str, bytes]:
        """The SVG of its images by their digests, drawn anew if need be."""
        if self._images is not None:
            return self._images
        tail = store.read_tail(self._name) or b""
        found, start = {}, 0
        for digest, size in self._sizes.items():
            svg = tail[start : start + size]
            if _digest(svg) != digest:
                return _draw(self._wanted).images()
            found[digest], start = svg, start + size
        return found

    def size(self, digest: str) -> int:
        """How many bytes an image has."""
        return self._sizes[digest]


def fetch(wanted: Wanted) -> Entry:
    """What is wanted, from the cache if it can be.

    Raises:
        LstmFigsError: If it cannot be drawn, or if torch computes something
            else; errors are not kept.
    """
    name = _name(wanted)
    kept = None if name in _ordered else _kept(wanted, name)
    entry = kept or _draw(wanted)
    if wanted.kind in FIGURES and entry.said["verify"] is not None:
        _verify(Wanted("verified", entry.said["verify"], wanted.files))
    return entry


def _kept(wanted: Wanted, name: str) -> Entry | None:
    """What the cache has, None if that is not of the form that it kept."""
    head = store.read(name)
    if head is None:
        return None
    # Whoever knows how an entry is signed can have put anything there.
    with suppress(ValueError, RecursionError):
        found = json.loads(head)
        if fits(found, (SAID[wanted.kind], dict)):
            said, sizes = found
            if {*_digests(said)} == sizes.keys() and fits([*sizes.values()], [int]):
                return Entry(said, sizes, wanted, name)
    return None


def prefetch(all_wanted: Iterable[Wanted]) -> None:
    """Begin to draw what is not in the cache; nobody waits for it."""
    expected = dict.fromkeys(all_wanted)
    if any(wanted.kind in FIGURES for wanted in expected):
        # Most are of the example, which waits for torch to be imported.
        expected = {Wanted("verified"): None, **expected}
    missing = [
        wanted
        for wanted in expected
        if (name := _name(wanted)) not in _ordered and not store.exists(name)
    ]
    if any(wanted.kind != "verified" for wanted in missing):
        # What takes longest goes first, so that all cores end together.
        _order(sorted(missing, key=lambda wanted: wanted.kind != "run"))


_ordered: dict[str, Future[Entry]] = {}
"""What is being drawn and has not been fetched, by its name in the cache."""

_workers = Workers()


def _order(missing: Iterable[Wanted], urgent: bool = False) -> None:
    """Have things drawn, what is drawn of one text in one job."""
    jobs: dict[tuple[Any, ...], Job] = {}
    for wanted in missing:
        kind, text, files, _ = wanted
        job = jobs.setdefault(
            (text, files, kind in FIGURES or kind), Job(text, {}, _is_heavy(kind, text))
        )
        name, future = _name(wanted), Future[Entry]()
        job.kinds[kind] = future, partial(_keep, wanted, name)
        _ordered[name] = future
    if jobs:
        _workers.add(jobs.values(), package.code().whole, urgent)


def _draw(wanted: Wanted) -> Entry:
    name = _name(wanted)
    if name not in _ordered:
        _order([wanted], urgent=True)
    return _ordered.pop(name).result()


def _keep(wanted: Wanted, name: str, said: Any) -> Entry:
    """Put what was drawn into the cache."""
    images = dict(_put_aside(said))
    sizes = {digest: len(svg) for digest, svg in images.items()}
    # What has been edited meanwhile may have been drawn already.
    if _name(wanted) == name:
        # Characters that are not escaped are read much faster.
        head = json.dumps([said, sizes], ensure_ascii=False)
        store.write(name, head.encode(), b"".join(images.values()))
    return Entry(said, sizes, wanted, name, images)


_BINARY = ("pdf", "png")
_FILES = ("light", "dark", "file", *_BINARY)
"""Keys of what becomes a file of the site."""
_HOLDERS = ("narrow", "steps")
"""Keys of what holds some."""

_verified: set[str] = set()


def _verify(wanted: Wanted) -> None:
    """Hold tensors against torch, once for all their figures."""
    name = _name(wanted)
    if name not in _verified:
        fetch(wanted)
        _verified.add(name)


def _put_aside(said: Any) -> Iterator[tuple[str, bytes]]:
    """Put the digests of files of the site in their place.

    They are written there as they are, so nothing reads them.
    """
    if isinstance(said, list):
        for one in said:
            yield from _put_aside(one)
    elif isinstance(said, dict):
        for key in filter(said.__contains__, _FILES):
            content = said[key].encode()
            if key in _BINARY:
                content = b64decode(content)
            said[key] = _digest(content)
            yield said[key], content
        for key in filter(said.__contains__, _HOLDERS):
            yield from _put_aside(said[key])


def _digests(said: Any) -> Iterator[str]:
    """What stands in the place of files."""
    if isinstance(said, dict):
        yield from (said[key] for key in _FILES if key in said)
        for key in filter(said.__contains__, _HOLDERS):
            yield from _digests(said[key])


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _is_heavy(kind: str, text: str) -> bool:
    """Whether torch is needed, or all of the package's source."""
    if kind in FIGURES:
        sizes = any(option in text for option in _OF_TORCH)
        return sizes or not RECORDED.isdisjoint(text.split())
    return kind in ("verified", "api", "run")


def _name(wanted: Wanted) -> str:
    """The name in the cache, a digest of all that decides what is shown."""
    kind, text, files, named = wanted
    contents = [_content(path) for path in files]
    digest = _tools().copy()
    for part in (kind, named or text, _code(wanted), *contents):
        digest.update(part.encode() + b"\0")
    return store.name(digest.hexdigest())


def _code(wanted: Wanted) -> str:
    """The digest of the code that decides what is shown."""
    code = package.code()
    if wanted.kind in FIGURES:
        return _code_of(code, wanted.text)
    if wanted.kind in ("verified", "catalogue"):
        return code.of_figures(())
    if wanted.kind in ("api", "vocabulary"):
        return code.shared
    if wanted.kind == "code" or (wanted.kind == "run" and not _uses_package(wanted.files)):
        return code.drawing
    return code.whole


@lru_cache(maxsize=4096)
def _code_of(code: package.Code, header: str) -> str:
    """The digest of the code that draws a header, asked for several times."""
    try:
        return code.of_figures(shlex.split(header))
    except ValueError:
        return code.whole


def _uses_package(files: Iterable[str]) -> bool:
    try:
        return any(b"lstm_figs" in Path(path).read_bytes() for path in files)
    except OSError:
        return True


def _content(path: str) -> str:
    """The digest of a file; what is wrong with it is said when it is drawn."""
    try:
        stat = os.stat(path)  # noqa: PTH116
        if not S_ISREG(stat.st_mode):
            return "missing"
        return _content_at(path, stat.st_mtime_ns, stat.st_size)
    except (OSError, ValueError):
        return "missing"


@lru_cache(maxsize=256)
def _content_at(path: str, *_: int) -> str:
    with open(path, "rb") as file:  # noqa: PTH123
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _tools() -> "hashlib._Hash":
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
