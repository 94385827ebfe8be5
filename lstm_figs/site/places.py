"""Find the file and line of an error on a page.

Markdown does not keep line numbers. So a page with an error is converted once
more, with a mark on each line that may have the error. The block, text or
equation then contains the mark of its line, even in a list, a quotation or a
snippet.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from markdown import Markdown

from .missed_blocks import match_start

Spot = tuple[str, int]
"""A kind, such as `block` or `text`, and the index among those of its kind."""


class Place(NamedTuple):
    """A line of a file, and the place that includes the file."""

    file: str
    line: int
    included_at: "Place | None" = None

    def sort_key(self) -> list[int]:
        """Line numbers to sort by, starting with the line of the page."""
        above = self.included_at.sort_key() if self.included_at else []
        return [*above, self.line]

    def __str__(self) -> str:
        position = f"{self.file}:{self.line}"
        return f"{self.included_at}: in {position}" if self.included_at else position


_MARK = re.compile(r"zlf(\d+)z")
"""A mark that `places` has put into the text, with the index of its place. It has only
letters and digits, so that it is text wherever it is put."""
_SLASHES = re.compile(r"/{2,}\s*[\w-]+.*")
"""The first line of a block."""
_BARE = re.compile(r"/{3,}\s*[\w-]+\s*")
"""The first line of a block without a header."""
_INCLUDE = re.compile(r"""(-8<-+[ \t]+["'])(?!;|https?:)""")
"""The beginning of a line that includes a file."""
_INCLUDES = re.compile(r"[ \t]*-+8<-+[ \t]*$")
"""A line before or after several included files."""


class Places:
    """The place of each mark on a page.

    Args:
        texts: Texts to mark in addition to blocks, such as the TeX of equations.
    """

    def __init__(self, texts: Iterable[str]):
        self.texts = frozenset(filter(None, texts))
        self.places: list[Place] = []
        self.places_by_spot: dict[Spot, Place] = {}

    def record(self, spot: Spot, text: str) -> None:
        """Record the place of a spot, if its text has a mark."""
        if mark := _MARK.search(text):
            self.places_by_spot[spot] = self.places[int(mark[1])]

    def marked_lines(
        self,
        lines: Iterable[str],
        file: str,
        numbers: Iterable[int],
        included_at: Place | None = None,
    ) -> Iterator[str]:
        """The lines of a file with marks.

        Args:
            lines: The lines.
            file: The name of the file for error messages.
            numbers: The line numbers; surplus ones are ignored.
            included_at: The place that includes the file.
        """
        is_in_list = False
        for line, number in zip(lines, numbers, strict=False):
            mark = f"zlf{len(self.places)}z"
            self.places.append(Place(file, number, included_at))
            line = line.rstrip("\r")
            for text in self.texts:
                line = line.replace(text, text + mark)
            if _INCLUDES.match(line):
                is_in_list = not is_in_list
            elif is_in_list and line.strip(" \t;"):
                line = re.sub(r"(?=[^ \t])", f"{mark}/", line, count=1)
            else:
                line = _INCLUDE.sub(rf"\g<1>{mark}/", line)
            block = _SLASHES.search(line)
            if block and match_start(block[0]):
                bar = " | " if _BARE.fullmatch(block[0]) else ""
                line = line.rstrip() + bar + mark
            yield line

    @contextmanager
    def in_snippets(self, md: Markdown) -> Iterator[None]:
        """Let `pymdownx.snippets` read files whose lines have marks."""
        if "snippet" not in md.preprocessors:
            yield
            return
        snippets: Any = md.preprocessors["snippet"]
        find_path, copies = snippets.get_snippet_path, dict[str, str]()
        with TemporaryDirectory() as folder:

            def path_of(name: str) -> str | None:
                """The marked copy of a snippet's file; None if there is no such file."""
                mark = _MARK.match(name)
                included_at = self.places[int(mark[1])] if mark else None
                path = find_path(name[mark.end() + 1 :] if mark else name)
                if path is None:
                    return None
                # One copy for each file, because snippets detect circles by path.
                if path not in copies:
                    copy = Path(folder) / f"{len(copies)}"
                    text = Path(path).read_text(encoding=snippets.encoding)
                    relative_path = os.path.relpath(path)
                    lines = self.marked_lines(
                        text.split("\n"), relative_path, count(1), included_at
                    )
                    copy.write_text("\n".join(lines), encoding=snippets.encoding)
                    copies[path] = str(copy)
                return copies[path]

            snippets.get_snippet_path = path_of
            try:
                yield
            finally:
                del snippets.get_snippet_path
