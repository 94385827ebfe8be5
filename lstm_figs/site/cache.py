"""Drawn figures, kept under what decides their bytes.

Nothing here imports NumPy, Matplotlib or torch: a build in which nothing has
changed needs none of them.
"""

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from ..errors import LstmFigsError
from ..files import write_files

LIBRARIES = (
    "numpy", "matplotlib", "graphviz", "safetensors", "torch", "griffelib",
)  # fmt: skip
"""The libraries that make tensors, draw, or read docstrings."""

PACKAGE = Path(__file__).parents[1]
ROOMS = tuple(
    PACKAGE / name
    for name in (
        "capture", "cli", "figures", "gradients", "html", "load", "messages",
        "mistakes", "parts", "porting", "preamble", "render", "runs", "site",
        "sources",
    )
)  # fmt: skip

UNUSED_DAYS = 30
"""How long an entry is kept that no build asks for."""


def folder() -> Path:
    """Where entries are kept."""
    named = os.environ.get("LSTM_FIGS_CACHE")
    if named:
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return Path(home) / "lstm-figs"


def fetch(
    kind: str, text: str, files: Iterable[str] = (), named: str | None = None
) -> Any:
    """What `drawing` makes of a text, from the cache if it can be.

    Args:
        kind: A name in `drawing.KINDS`.
        text: What is to be drawn.
        files: Files that it is drawn from.
        named: What the text is called in the cache, where it is a path that
            differs from folder to folder.

    Raises:
        LstmFigsError: If it cannot be drawn; errors are not kept.
    """
    kept = folder()
    path = kept / f"{_key(kind, named or text, files)}.json"
    try:
        entry = json.loads(path.read_bytes())
        for used in (path.name, *_images(entry)):
            os.utime(kept / used)
    except (OSError, ValueError):
        entry = _make(kind, text)
        write_files(
            {
                kept / name: svg.encode()
                for name, svg in _put_aside(entry).items()
            }
        )
        # Characters that are not escaped are read much faster.
        text_of = json.dumps(entry, ensure_ascii=False)
        write_files({path: text_of.encode()})
        _prune()
    return entry


def _drawings(entry: Any) -> Iterator[dict[str, Any]]:
    """The figures of an entry that are shown as images."""
    if isinstance(entry, list):
        for one in entry:
            yield from _drawings(one)
    elif isinstance(entry, dict) and "light" in entry:
        yield entry
        yield from _drawings(entry.get("narrow"))


def _images(entry: Any) -> Iterator[str]:
    """The names of its images, which are kept beside it."""
    for drawn in _drawings(entry):
        yield from (drawn["light"], drawn["dark"])


def _put_aside(entry: Any) -> dict[str, str]:
    """Put names for the images of an entry; the images by these names.

    They become files of the site as they are, so nothing reads them.
    """
    images = {}
    for drawn in _drawings(entry):
        for scheme in ("light", "dark"):
            name = f"{drawn['digest']}-{scheme}.svg"
            images[name], drawn[scheme] = drawn[scheme], name
    return images


def package_digest() -> str:
    """The digest of the package's own files, looked at twice a second."""
    return _digest_at(int(2 * time.monotonic()))


@lru_cache(maxsize=1)
def _digest_at(_: int) -> str:
    return _digest(
        tuple(
            (entry.path, entry.stat().st_mtime_ns, entry.stat().st_size)
            for folder in (PACKAGE, *ROOMS)
            for entry in os.scandir(folder)
            if entry.name.endswith(".py")
        )
    )


@lru_cache(maxsize=1)
def _digest(files: tuple[tuple[str, int, int], ...]) -> str:
    """The digest of files, kept by their ages and sizes: they are many."""
    known = hashlib.sha256(repr(sorted(files)).encode()).hexdigest()
    path = folder() / f"package-{known}.json"
    try:
        return str(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        digest = hashlib.sha256()
        for name, *_ in sorted(files):
            digest.update(Path(name).read_bytes())
        write_files({path: json.dumps(digest.hexdigest()).encode()})
        return digest.hexdigest()


_IMPORTED = package_digest()
"""The digest of the code that this process runs."""


def _key(kind: str, text: str, files: Iterable[str]) -> str:
    digest = _tools(package_digest()).copy()
    for part in (kind, text):
        digest.update(part.encode() + b"\0")
    for name in files:
        digest.update(_bytes(Path(name)))
    return digest.hexdigest()


def _bytes(path: Path) -> bytes:
    """A file's bytes; what draws from it says what is wrong with it."""
    try:
        return path.read_bytes() if path.is_file() else b"missing"
    except OSError:
        return b"missing"


@lru_cache(maxsize=1)
def _tools(package: str) -> "hashlib._Hash":
    """The digest of what draws, which all entries share."""
    digest = hashlib.sha256()
    for part in (package, *_versions(), *_dot()):
        digest.update(part.encode() + b"\0")
    return digest


def _make(kind: str, text: str) -> Any:
    """Draw in this process, or in a new one when the code has changed.

    A live server imports the package once; a figure that is edited meanwhile
    is to be seen at once.
    """
    if package_digest() == _IMPORTED:
        from .drawing import KINDS

        return KINDS[kind](text)
    import subprocess

    done = subprocess.run(
        [sys.executable, "-m", "lstm_figs.site.drawing", kind, text],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no message"]
        raise LstmFigsError(said[-1])
    return json.loads(done.stdout)


@cache
def _versions() -> tuple[str, ...]:
    found = [sys.version]
    for name in LIBRARIES:
        try:
            # Its metadata as text; to parse the version out of it is slow.
            found.append(distribution(name).read_text("METADATA") or "")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return tuple(found)


@cache
def _dot() -> tuple[str, ...]:
    """Graphviz's program, known by its size and age without running it."""
    program = shutil.which("dot")
    if program is None:
        return ("no dot",)
    stat = Path(program).stat()
    return (f"dot {stat.st_size} {stat.st_mtime_ns}",)


def _prune() -> None:
    oldest = time.time() - UNUSED_DAYS * 24 * 3600
    for path in folder().glob("*.*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
