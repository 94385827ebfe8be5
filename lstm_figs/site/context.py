"""What the blocks know of the page and of the builder that builds it."""

import json
import logging
import re
import secrets
import sys
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from markdown import Markdown

from ..errors import LstmFigsError

LOG = logging.getLogger("lstm_figs")
"""Where a server says what is wrong: MkDocs ends at warnings of its own."""

_UNREADABLE_META = json.loads("[" * 128 + "]" * 128)
"""As JSON, too deep for the library that Zensical reads its cache with."""


class BlockError(LstmFigsError):
    """A block in a page cannot be used; the message names page and line."""


@dataclass
class Context:
    """A page, as a builder describes it.

    Attributes:
        source: The file of the page, None where nobody says it.
        name: The page as errors name it.
        base_address: Where addresses in the page's HTML start from: the page's own
            address, or its file where the builder rewrites addresses.
        address: The page's own address in the site, where those start from
            that no builder rewrites, since only a script reads them.
        site_dir: Where the site is built, None where nobody says it.
        docs_dir: Where the other pages are, and the files that become files
            of the site; None where nobody says it.
        left_out: Files below it that the site does not have.
        site_url: Where the site will stand, empty where nobody says it.
        meta: What the page says of itself, to which templates have access;
            None where nobody says it.
        defer: Whether figures are put into the page later, by the plugin.
        serving: Whether pages are served to who writes them, so that what is
            wrong with one is shown in it.
        errors: What is wrong with the pages, where the plugin collects it.
        files: Files that figures are drawn from.
        images: Files of the site that pages show.
        html_by_placeholder: Figures that the plugin is to put into pages, by the
            placeholders that stand for them.
    """

    source: Path | None = None
    name: str = ""
    base_address: str = ""
    address: str = ""
    site_dir: Path | None = None
    docs_dir: Path | None = None
    left_out: frozenset[str] = frozenset()
    site_url: str = ""
    meta: dict[str, Any] | None = None
    defer: bool = False
    serving: bool = False
    errors: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    images: set[str] = field(default_factory=set)
    html_by_placeholder: dict[str, str] = field(default_factory=dict)
    _token: str = field(default_factory=secrets.token_hex)

    def published(self, path: str) -> str | None:
        """Where in the site a file is, None where the site does not have it."""
        if self.docs_dir is None:
            return None
        docs = self.docs_dir.resolve()
        file = Path(path).resolve()
        if not file.is_relative_to(docs):
            return None
        place = file.relative_to(docs).as_posix()
        return None if place in self.left_out else place

    def fail(self, sentences: list[str]) -> None:
        """Stop the build, or let the plugin stop it when it is ready.

        A server only says what is wrong.

        Raises:
            BlockError: With the first sentence.
        """
        if self.serving:
            for sentence in sentences:
                LOG.error("lstm-figs: %s", sentence)
            if self.meta is not None and not self.defer:
                # Zensical builds from its cache what was served, also a page
                # that stops a build. One that it cannot read it makes anew.
                self.meta["lstm_figs_wrong"] = _UNREADABLE_META
            return
        self.errors += sentences
        if not self.defer:
            raise BlockError(self.error_summary())

    def error_summary(self) -> str:
        """The first error, and how many there are; they are told now."""
        first, *rest = self.errors
        self.errors.clear()
        return first + (f" (and {len(rest)} more like it)" if rest else "")

    def add_placeholder(self, text: str) -> str:
        """Keep HTML for the plugin; the placeholder that stands for it.

        It is not to be guessed, so nobody writes one by chance.
        """
        placeholder = f"<!--lstm-figs {self._token} {len(self.html_by_placeholder)}-->"
        self.html_by_placeholder[placeholder] = text
        return placeholder

    def fill_placeholders(self, html: str) -> str:
        """HTML with what its placeholders stand for."""
        return re.sub(
            f"<!--lstm-figs {self._token} \\d+-->",
            lambda match: self.html_by_placeholder[match[0]],
            html,
        )

    def line_numbers(self, lines: list[str]) -> list[int]:
        """Where in the page's file each line of its Markdown stands.

        The Markdown has no front matter, and a plugin may have put something
        into it; that has the number of the line above it.
        """
        numbers = list(range(1, len(lines) + 1))
        if self.source is None or not self.source.is_file():
            return numbers
        file_lines = self.source.read_text(encoding="utf-8-sig").splitlines()
        page_lines = [line.rstrip() for line in lines]
        matcher = SequenceMatcher(
            None, [line.rstrip() for line in file_lines], page_lines, autojunk=False
        )
        last = 1
        file_numbers = {
            page_index + k: file_index + k + 1
            for file_index, page_index, size in matcher.get_matching_blocks()
            for k in range(size)
        }
        for index in range(len(lines)):
            last = numbers[index] = file_numbers.get(index, last)
        return numbers


def _address(path: str, config: dict[str, Any]) -> str:
    """Where a page stands in the site that Zensical builds.

    >>> _address("a/cell.md", {}), _address("a/index.md", {})
    ('a/cell/', 'a/')
    >>> _address("a/cell.md", {"use_directory_urls": False})
    'a/cell.html'
    """
    folder, slash, name = path.removesuffix(".md").rpartition("/")
    if name in ("index", "README"):
        return folder + slash
    ending = "/" if config.get("use_directory_urls", True) else ".html"
    return f"{folder}{slash}{name}{ending}"


def zensical_context(md: Markdown) -> Context | None:
    """The context that Zensical leaves in a Markdown object.

    It registers a preprocessor that holds the page and the configuration.
    """
    for processor in md.preprocessors:
        page: Any = getattr(processor, "page", None)
        config: Any = getattr(processor, "config", None)
        if page is not None and isinstance(config, dict):
            root = Path(config.get("root_dir", "."))
            docs = root / str(config.get("docs_dir", "docs"))
            return Context(
                source=docs / page.path,
                name=page.path,
                base_address=page.path,
                address=_address(page.path, config),
                docs_dir=docs,
                site_url=str(config.get("site_url") or ""),
                meta=page.meta,
                site_dir=root / str(config.get("site_dir", "site")),
                # It says so nowhere else.
                serving=sys.argv[1:2] == ["serve"],
            )
    return None
