"""What blocks want to show, known from a page before Markdown reads it."""

import math
import re
import shlex
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..figures import CATALOG, SHEETS

FIGURES = ("figure", "picture", "sheet", "thumbnail", "card")
"""The kinds whose text is the header of a figure."""

DIGEST = re.compile("[0-9a-f]{16}")
"""What stands for an image, whose bytes are kept beside what is said of it."""

_IMAGE = {
    **dict.fromkeys(("id", "name", "title", "description", "summary"), str),
    **dict.fromkeys(("width", "height", "top"), int | float),
    **dict.fromkeys(("light", "dark"), DIGEST),
}
_FORMS = {"id": str, "title": str, "forms": [(int | float, str)]}
_PART = {"title?": str | None, "text?": str, "code?": str, "entries?": [(str, str | None)]}
_ITEM: dict[str, Any] = {"id": str, "name": str, "code": str, "parts": [_PART]}
_ITEM["members"] = [_ITEM]
_CODE = {"name": str, "code": str}

PAYLOAD_SCHEMAS: dict[str, Any] = {
    "run": {**_CODE, "output": str},
    "code": _CODE,
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
        "verify": str | None,
    },
    "picture": {**_IMAGE, "verify": str | None, "narrow?": _IMAGE},
    "sheet": {**_IMAGE, "pdf": DIGEST, "paper": str, "verify": str | None},
    "thumbnail": {
        "id": str,
        **dict.fromkeys(("width", "height"), int | float),
        **dict.fromkeys(("light", "dark"), DIGEST),
        "verify": str | None,
    },
    "card": {"id": str, "title": str, "png": DIGEST, "verify": str | None},
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
"""What is said of each kind of `rendering.KINDS`, see `fits`."""


def fits(value: Any, schema: Any) -> bool:
    """Whether JSON has a form.

    Args:
        value: The JSON.
        schema: A dict of forms by key, of which one that ends in `?` may be
            left out; a list of one form, which all items have; a tuple, of
            which each is the form of one item; a pattern; or a type.

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


_DRAWN_AS = {"live": "figure", "scene": "picture"}
"""Blocks that are drawn as another one is."""

_FILE_OPTIONS = ("--input", "--weights", "--tokens")

_BLOCK = re.compile(r"[\s>]*/{3,}\s*lstm-(\w+)\s*(?:\|\s*(.*?)\s*)?$")

_FENCE = re.compile(r"[\s>]*(`{3,}|~{3,})")


class BlockRequest(NamedTuple):
    """What a block wants to show.

    Attributes:
        kind: A name in `rendering.KINDS`.
        text: What is to be drawn.
        files: Files that it is drawn from.
        text_in_cache: What the text is called in the cache, where it is a path that
            differs from folder to folder.
    """

    kind: str
    text: str = ""
    files: tuple[str, ...] = ()
    text_in_cache: str | None = None


def figure_request(kind: str, header: str) -> BlockRequest:
    """A figure, in one of the kinds of `FIGURES`."""
    return BlockRequest(kind, header, _files(header))


def file_request(kind: str, header: str, page: Path | None) -> BlockRequest:
    """A file, which is named from the folder of the page.

    Args:
        kind: `code` for the file alone, `run` with what it prints.
        header: The file.
        page: The page that shows it.
    """
    path = str((page.parent if page else Path()) / header)
    return BlockRequest(kind, path, (path,), header)


def preview_kinds(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds in which a page's first figure stands for it, as configured.

    >>> preview_kinds({"thumbnails": True}), preview_kinds({})
    (('thumbnail',), ())
    """
    kinds = {"thumbnails": "thumbnail", "cards": "card"}
    return tuple(kind for key, kind in kinds.items() if options.get(key))


def can_preview(block: str, kind: str) -> bool:
    """Whether what a block shows can stand for its page in a kind.

    A sheet is too large for a card.
    """
    return (block, kind) != ("sheet", "card")


def requests_of_page(
    text: str, page: Path | None, preview_kinds: Collection[str] = ()
) -> Iterator[BlockRequest]:
    """What a page is likely to show, from its lines alone.

    What only looks like a block is drawn for nobody, and what is overlooked is
    drawn later; both cost time and nothing else.

    Args:
        text: The page.
        page: Its file.
        preview_kinds: In which kinds its first figure stands for it elsewhere.
    """
    picture_header = ""
    for name, header in _blocks(text):
        match name:
            case "figure" | "picture" | "scene" | "sheet" | "live" if not {
                *CATALOG,
                *SHEETS,
            }.isdisjoint(header.split()):
                if name == "live":
                    yield BlockRequest(name, header)
                drawn_kind = _DRAWN_AS.get(name, name)
                if drawn_kind == "picture":
                    picture_header = header
                yield figure_request(drawn_kind, header)
                yield from (
                    figure_request(kind, header)
                    for kind in preview_kinds
                    if can_preview(drawn_kind, kind)
                )
                preview_kinds = ()
            case "proof" if picture_header:
                yield figure_request("figure", picture_header)
            case "code" | "run" | "table":
                kind = "code" if name == "code" else "run"
                yield file_request(kind, header, page)
            case "gallery":
                yield BlockRequest("catalogue")
                yield from (figure_request("picture", name) for name in CATALOG)
            case "api" | "options" | "imports" | "shapes" | "vocabulary":
                yield BlockRequest(name, header)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Names, without `lstm-`, and headers of blocks outside fences."""
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
    """Files that a header names, without parsing the rest of it."""
    if not any(option in header for option in _FILE_OPTIONS):
        return ()
    try:
        words = shlex.split(header)
    except ValueError:
        return ()
    return tuple(
        value
        for word, after in zip(words, [*words[1:], ""], strict=True)
        for option, _, joined in [word.partition("=")]
        if option in _FILE_OPTIONS
        for value in [joined or after]
    )
