"""The scripts of pages: each is one, without comments and indentation."""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "browser"

_COMMENT = re.compile(r"^ *(//|/?\*).*\n|^ +", re.MULTILINE)
"""Lines of comments, and indentation, which a page need not carry."""

_IMPORT = re.compile(
    r'^import (\{[^}]*\}) from "(\.\.?/[\w/]+)\.js";\n', re.MULTILINE
)
_EXPORT = re.compile(
    r"^export (?=(?:const|(?:async )?function\*?|class) (\w+|\[[^\]]+\]))",
    re.MULTILINE,
)


def script(path: Path) -> str:
    """A script with all that it imports, as a page carries it.

    A page that is a file may not load modules, so that each becomes a function
    which runs at once and returns what it exports.
    """
    found: dict[Path, str] = {}
    _collect(path.resolve(), found)
    *modules, own = found.items()
    scoped = [_scoped(one, code) for one, code in modules]
    return _COMMENT.sub("", "".join([*scoped, _linked(*own)]))


def _collect(path: Path, found: dict[Path, str]) -> None:
    """A module after those that it imports, each once."""
    if path in found:
        return
    code = path.read_text(encoding="utf-8")
    for _, other in _IMPORT.findall(code):
        _collect(_beside(path, other), found)
    found[path] = code


def _beside(path: Path, other: str) -> Path:
    """The module that another imports."""
    return (path.parent / f"{other}.js").resolve()


def _name(path: Path) -> str:
    """What a module is called among others: two folders may have its file.

    >>> _name(FOLDER / "twin" / "words.js")
    '$twin_words'
    """
    parts = path.relative_to(FOLDER).with_suffix("").parts
    return f"${'_'.join(parts)}"


def _linked(path: Path, code: str) -> str:
    """A module whose imports are those of `_scoped` ones."""

    def link(found: re.Match[str]) -> str:
        names = found[1].replace(" as ", ": ")
        return f"const {names} = {_name(_beside(path, found[2]))};\n"

    return _IMPORT.sub(link, code)


def _scoped(path: Path, code: str) -> str:
    """A module as a constant that has what it exports."""
    names = [
        name
        for exported in _EXPORT.findall(code)
        for name in re.findall(r"\w+", exported)
    ]
    body = _EXPORT.sub("", _linked(path, code))
    return (
        f"const {_name(path)} = (() => {{\n{body}"
        f"return {{ {', '.join(names)} }};\n}})();\n"
    )
