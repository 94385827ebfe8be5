"""The context of a page: its files and addresses, and what the builder does."""

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
"""The log for errors while serving; a warning in MkDocs's own log would end it."""

_UNREADABLE_META = json.loads("[" * 128 + "]" * 128)
"""A value whose JSON is too deep for the library that reads Zensical's cache."""


class BlockError(LstmFigsError):
    """An error of a block on a page; the message names the page and the line."""


@dataclass
class Context:
    """A page, as a builder describes it.

    Attributes:
        source: The file of the page, None if unknown.
        name: The name of the page in error messages.
        base_address: The address that links in the page's HTML are relative to:
            the address of the page, or its file if the builder rewrites links.
        address: The address of the page in the site. Addresses that only a
            script reads are relative to it, because no builder rewrites them.
        site_dir: The folder of the built site, None if unknown.
        docs_dir: The folder of the pages, and of files that are copied into the
            site; None if unknown.
        left_out: Files in `docs_dir` that are not copied.
        site_url: The URL of the published site, empty if unknown.
        meta: The metadata of the page, which templates can read; None if
            unknown.
        defer: Whether the plugin puts figures into the page later.
        serving: Whether pages are served to their author, so that errors are
            shown on the page.
        errors: The errors that the plugin reports at the end.
        files: The files that figures are drawn from.
        images: The files of the site that pages show.
        html_by_placeholder: The HTML of deferred figures by placeholder.
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
        """The path of a file in the site, None if the site does not have it."""
        if self.docs_dir is None:
            return None
        docs = self.docs_dir.resolve()
        file = Path(path).resolve()
        if not file.is_relative_to(docs):
            return None
        place = file.relative_to(docs).as_posix()
        return None if place in self.left_out else place

    def fail(self, sentences: list[str]) -> None:
        """Stop the build, or let the plugin stop it after all pages.

        A server only logs the errors.

        Raises:
            BlockError: With the first sentence.
        """
        if self.serving:
            for sentence in sentences:
                LOG.error("lstm-figs: %s", sentence)
            if self.meta is not None and not self.defer:
                # A later build of Zensical takes served pages from its cache, even
                # those with errors. It converts a page again if it cannot read it.
                self.meta["lstm_figs_wrong"] = _UNREADABLE_META
            return
        self.errors += sentences
        if not self.defer:
            raise BlockError(self.error_summary())

    def error_summary(self) -> str:
        """The first error and the number of others, which are then forgotten."""
        first, *rest = self.errors
        self.errors.clear()
        return first + (f" (and {len(rest)} more like it)" if rest else "")

    def add_placeholder(self, text: str) -> str:
        """Store HTML for the plugin, and return its placeholder.

        Placeholders contain a random token, so that no page has one by chance.
        """
        placeholder = f"<!--lstm-figs {self._token} {len(self.html_by_placeholder)}-->"
        self.html_by_placeholder[placeholder] = text
        return placeholder

    def fill_placeholders(self, html: str) -> str:
        """HTML with its placeholders replaced."""
        return re.sub(
            f"<!--lstm-figs {self._token} \\d+-->",
            lambda match: self.html_by_placeholder[match[0]],
            html,
        )

    def line_numbers(self, lines: list[str]) -> list[int]:
        """The line number in the page's file of each line of its Markdown.

        The Markdown lacks the front matter, and a plugin may have inserted
        lines. An inserted line gets the number of the line above it.
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
    """The address of a page in the site that Zensical builds.

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
                # Zensical says so nowhere else.
                serving=sys.argv[1:2] == ["serve"],
            )
    return None
