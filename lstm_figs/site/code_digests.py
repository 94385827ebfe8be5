"""Digests of the package's code, so that an edit redraws only what it affects."""

import hashlib
import json
import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path

from ..figures import SHEETS
from . import store

PACKAGE = Path(__file__).parents[1]
"""The package's folder."""


class Code:
    """One version of the code.

    Args:
        digests: The digest of each module, by its path in the package.
    """

    def __init__(self, digests: Mapping[str, str]):
        self._digests = digests
        # Figures and sheets with a module of their own, named as in Python.
        self._figures = {figure for path in digests if (figure := _owner(path))}
        self._digest_by_figures: dict[frozenset[str], str] = {}

    @cached_property
    def full_digest(self) -> str:
        """The digest of all modules."""
        return self._digest(self._digests)

    @cached_property
    def shared_digest(self) -> str:
        """The digest without modules that belong to one figure."""
        return self._digest(path for path in self._digests if not _owner(path))

    def figures_digest(self, words: Collection[str]) -> str:
        """The digest of the code that draws the figures named among the words.

        That is the package without the modules of other figures, and without
        most of `site`, which only shows the drawings. A sheet may combine any
        figures.
        """
        chosen = frozenset(self._figures & {word.replace("-", "_") for word in words})
        if words and (not chosen or chosen & _SHEETS):
            # An unknown figure may be in any module.
            chosen = frozenset(self._figures)
        if chosen not in self._digest_by_figures:
            self._digest_by_figures[chosen] = self._digest(
                path
                for path in self._digests
                if _owner(path) in {"", *chosen}
                and (path == RENDERING or not path.startswith("site/"))
            )
        return self._digest_by_figures[chosen]

    @property
    def listing_digest(self) -> str:
        """The digest for listings: of the modules that run files, and show them or their code."""
        return self._digest((RENDERING, PROGRAMS))

    def _digest(self, paths: Iterable[str]) -> str:
        return hashlib.sha256(
            "".join(f"{p} {self._digests[p]}\n" for p in sorted(paths)).encode()
        ).hexdigest()


_SHEETS = {name.replace("-", "_") for name in SHEETS}
"""The modules of the sheets."""

RENDERING = "site/rendering.py"
"""The module of `site` that makes every payload."""
PROGRAMS = "site/programs.py"
"""The module that runs the files of `lstm-run`."""


def _owner(path: str) -> str:
    """The figure or sheet that a module belongs to, empty if several share it.

    >>> _owner("figures/cell.py"), _owner("figures/cell_input/addend_bars.py")
    ('cell', 'cell_input')
    >>> _owner("figures/__init__.py"), _owner("layout/number_lists.py")
    ('', '')
    >>> _owner("sheets/poster.py"), _owner("sheets/card.py")
    ('poster', '')
    """
    folder, _, rest = path.partition("/")
    figure = rest.partition("/")[0].removesuffix(".py")
    if folder == "sheets":
        # Other modules of this folder belong to all sheets, and to cards.
        return figure if figure in _SHEETS else ""
    return "" if folder != "figures" or figure == "__init__" else figure


def code() -> Code:
    """The code on disk, read at most twice a second."""
    return _code_at(int(2 * time.monotonic()))


@lru_cache(maxsize=1)
def _code_at(_: int) -> Code:
    return _code(tuple(sorted(_modules(str(PACKAGE)))))


def _modules(folder: str) -> Iterator[tuple[str, int, int]]:
    """Each module and each shipped network, with its modification time and size."""
    for entry in os.scandir(folder):
        if entry.name.endswith((".py", ".safetensors")):
            stat = entry.stat()
            yield entry.path, stat.st_mtime_ns, stat.st_size
        elif entry.name != "__pycache__" and entry.is_dir():
            yield from _modules(entry.path)


@lru_cache(maxsize=1)
def _code(files: tuple[tuple[str, int, int], ...]) -> Code:
    """The code of these files; digests are cached by times and sizes, because files are many."""
    name = store.name(f"package {files!r}")
    stored = store.read(name)
    if stored is None:
        digests = {
            Path(path).relative_to(PACKAGE).as_posix(): hashlib.sha256(
                Path(path).read_bytes()
            ).hexdigest()
            for path, *_ in files
        }
        stored = json.dumps(digests).encode()
        store.write(name, stored)
    return Code(json.loads(stored))
