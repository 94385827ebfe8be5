"""Requests of blocks: what each one shows, and how a page is searched for them."""

import math
import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from ..figures import CATALOG, SHEETS

KIND_BY_BLOCK = {
    "lstm-api": "api",
    "lstm-code": "code",
    "lstm-figure": "figure",
    "lstm-gallery": "catalogue",
    "lstm-imports": "imports",
    "lstm-live": "figure",
    "lstm-moved": "",
    "lstm-vocabulary": "vocabulary",
    "lstm-options": "options",
    "lstm-picture": "picture",
    "lstm-proof": "figure",
    "lstm-run": "run",
    "lstm-scene": "picture",
    "lstm-shapes": "shapes",
    "lstm-sheet": "sheet",
    "lstm-table": "run",
}
"""Every block, with the kind of its payload in `rendering.KINDS`, empty without one."""

_PATHS = ("code", "run")
"""The kinds with the path of a Python file as header."""

DIGEST = re.compile("[0-9a-f]{16}")
"""The digest that replaces an image in a payload; its bytes are stored separately."""

_IMAGE = {
    **dict.fromkeys(("id", "name", "title", "description", "summary"), str),
    **dict.fromkeys(("width", "height", "top"), int | float),
    **dict.fromkeys(("light", "dark"), DIGEST),
}
"""The schema of an image in both schemes."""
_FORMS = {"id": str, "title": str, "forms": [(int | float, str)]}
"""The schema of both forms of a figure: each a width and an SVG."""
_PART = {"title?": str | None, "text?": str, "code?": str, "entries?": [(str, str | None)]}
"""The schema of a part of a docstring; `?` marks a key that may be missing."""
_ITEM: dict[str, Any] = {"id": str, "name": str, "code": str, "parts": [_PART]}
"""The schema of a function or class in the reference."""
_ITEM["members"] = [_ITEM]
_CODE = {"name": str, "code": str}
"""The schema of a listing."""

_FIGURE_SCHEMAS: dict[str, dict[str, Any]] = {
    "figure": {
        **_FORMS,
        **dict.fromkeys(("command", "proof"), str),
        "numbers": int,
        "saved?": {
            **dict.fromkeys(("command", "proof"), str),
            "names": [(str, str)],
            "reads": [str],
        },
        "steps?": {"file": DIGEST, "labels": [int], "current": int, "of": int, "read": [str]},
    },
    "picture": {**_IMAGE, "narrow?": _IMAGE},
    "sheet": {**_IMAGE, "pdf": DIGEST, "paper": str},
    "thumbnail": {
        "id": str,
        **dict.fromkeys(("width", "height"), int | float),
        **dict.fromkeys(("light", "dark"), DIGEST),
    },
    "card": {"id": str, "title": str, "png": DIGEST},
}
"""Kind of entry that a figure's command line makes -> its schema."""

FIGURES = tuple(_FIGURE_SCHEMAS)
"""The kinds with the command line of a figure as header."""

PAYLOAD_SCHEMAS: dict[str, Any] = {
    # `verify` says whose tensors are compared with torch, see `cache.fetch`.
    **{kind: {**schema, "verify": str | None} for kind, schema in _FIGURE_SCHEMAS.items()},
    "run": {**_CODE, "output": str},
    "code": _CODE,
    "titled": {"id": str, "title": str, "png": DIGEST},
    "verified": bool,
    "catalogue": [str],
    "imports": _FORMS,
    "shapes": {"html": str},
    "live": dict.fromkeys(("above", "below", "rows", "before", "script"), str),
    "vocabulary": {
        "start": str,
        "pieces": [dict.fromkeys(("name", "summary", "svg", "code"), str)],
    },
    "api": [_ITEM],
    "options": [_ITEM],
}
"""The schema of each kind's payload, see `fits`."""


def fits(value: Any, schema: Any) -> bool:
    """Whether decoded JSON matches a schema.

    Args:
        value: The decoded JSON.
        schema: A dict of schemas by key, where a key that ends in `?` is
            optional; a list of the one schema of all items; a tuple with a
            schema for each item; a pattern; or a type.

    >>> fits({"a": [1, 2]}, {"a": [int], "b?": str}), fits([1], (str,))
    (True, False)
    """
    match schema:
        case dict():
            keys = {key.rstrip("?"): key for key in schema}
            return (
                isinstance(value, dict)
                and value.keys() <= keys.keys()
                and all(
                    fits(value[name], schema[key]) if name in value else key != name
                    for name, key in keys.items()
                )
            )
        case list():
            return isinstance(value, list) and all(fits(item, schema[0]) for item in value)
        case tuple():
            return (
                isinstance(value, list)
                and len(value) == len(schema)
                and all(map(fits, value, schema))
            )
        case re.Pattern():
            return isinstance(value, str) and schema.fullmatch(value) is not None
    # JSON as Python reads it has NaN and infinities.
    return isinstance(value, schema) and not (isinstance(value, float) and not math.isfinite(value))


_FILE_OPTIONS = ("--input", "--weights", "--tokens", "--labels")
"""The options of a figure that name files."""

_BLOCK = re.compile(r"[\s>]*/{3,}\s*(lstm-\w+)\s*(?:\|\s*(.*?)\s*)?$")
"""The first line of a block: its name and its header."""


_FENCE = re.compile(r"[\s>]*(`{3,}|~{3,})")
"""The first line of a fenced code block."""


class BlockRequest(NamedTuple):
    """A request for a payload.

    A block makes one from its header. `cache.fetch` returns its `Entry`, which
    carries the request on to the page.

    Attributes:
        kind: A name in `rendering.KINDS`.
        header: The header of the block; for `verified` the options of a source,
            for `titled` a title.
        files: Files that the payload is made from.
    """

    kind: str
    header: str = ""
    files: tuple[str, ...] = ()

    @property
    def argument(self) -> str:
        """The argument for the function in `rendering.KINDS`: a path or the header."""
        return self.files[0] if self.kind in _PATHS else self.header

    @property
    def is_figure(self) -> bool:
        """Whether the header is the command line of a figure."""
        return self.kind in FIGURES

    def in_kind(self, kind: str) -> "BlockRequest":
        """The same figure in a different kind."""
        return self._replace(kind=kind)

    def previews(self, kinds: Iterable[str]) -> "Iterator[BlockRequest]":
        """The previews of a page that has this figure first.

        A sheet is too large for a card.
        """
        for kind in kinds:
            if (self.kind, kind) != ("sheet", "card"):
                yield self.in_kind(kind)


def block_request(kind: str, header: str, page: Path | None = None) -> BlockRequest:
    """The request for a header.

    Args:
        kind: A name in `rendering.KINDS`.
        header: The header of the block.
        page: The file of the page; paths of Python files start in its folder.
    """
    files: tuple[str, ...] = ()
    if kind in FIGURES:
        files = _files(header)
    elif kind in _PATHS:
        files = (str((page.parent if page else Path()) / header),)
    return BlockRequest(kind=kind, header=header, files=files)


def preview_kinds(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The configured kinds of previews that are made from a page's first figure.

    >>> preview_kinds({"thumbnails": True}), preview_kinds({})
    (('thumbnail',), ())
    """
    kinds = {"thumbnails": "thumbnail", "cards": "card"}
    return tuple(kind for key, kind in kinds.items() if options.get(key))


def requests_of_page(
    text: str, page: Path | None, preview_kinds: Collection[str] = ()
) -> Iterator[BlockRequest]:
    """Guess from its lines what a page shows, so that drawing can start early.

    A wrong guess only costs time: text that looks like a block is drawn in vain,
    and an overlooked block is drawn later.

    Args:
        text: The Markdown of the page.
        page: Its file.
        preview_kinds: The kinds of previews of its first figure.
    """
    picture: BlockRequest | None = None
    for name, header in _blocks(text):
        if not KIND_BY_BLOCK.get(name):
            continue
        request = block_request(KIND_BY_BLOCK[name], header, page)
        if name == "lstm-proof":
            if picture:
                yield picture.in_kind("figure")
        elif not request.is_figure:
            yield request
            if request.kind == "catalogue":
                yield from (BlockRequest("picture", figure) for figure in CATALOG)
        elif not {*CATALOG, *SHEETS}.isdisjoint(header.split()):
            if name == "lstm-live":
                yield request.in_kind("live")
            if request.kind == "picture":
                picture = request
            yield request
            yield from request.previews(preview_kinds)
            preview_kinds = ()


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Names and headers of blocks outside fences."""
    fence = ""
    for line in text.splitlines():
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
        elif not fence and (match := _BLOCK.match(line)):
            yield match[1], match[2] or ""


def _files(header: str) -> tuple[str, ...]:
    """The files that the command line of a figure names, found without parsing it."""
    if not any(option in header for option in _FILE_OPTIONS):
        return ()
    try:
        words = shlex.split(header)
    except ValueError:
        return ()
    files = []
    for word, next_word in pairwise([*words, ""]):
        option, _, value = word.partition("=")
        if option in _FILE_OPTIONS:
            files.append(value or next_word)
    return tuple(files)
