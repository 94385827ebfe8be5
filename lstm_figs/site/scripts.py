"""The scripts of pages: each is one, without comments and indentation."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "browser"

_COMMENT = re.compile(r"^ *(//|/?\*).*\n|^ +", re.MULTILINE)
"""Lines of comments, and indentation, which a page need not carry."""

_IMPORT = re.compile(
    r'^import (\{[^}]*\}) from "\./([\w/]+)\.js";\n', re.MULTILINE
)
_EXPORT = re.compile(
    r"^export (?=(?:const|function\*?|class) (\w+|\[[^\]]+\]))", re.MULTILINE
)


def script(path: Path) -> str:
    """A script with all that it imports, as a page carries it.

    A page that is a file may not load modules, so that each becomes a function
    which runs at once and returns what it exports.
    """
    found: dict[Path, str] = {}
    _collect(path, found)
    *modules, own = found.items()
    scoped = [_scoped(one, code) for one, code in modules]
    return _COMMENT.sub("", "".join([*scoped, _linked(own[1])]))


def _collect(path: Path, found: dict[Path, str]) -> None:
    """A module after those that it imports, each once."""
    if path in found:
        return
    code = path.read_text(encoding="utf-8")
    for _, other in _IMPORT.findall(code):
        _collect(path.parent / f"{other}.js", found)
    found[path] = code


def _linked(code: str) -> str:
    """A module whose imports are those of `_scoped` ones."""

    def link(found: re.Match[str]) -> str:
        names = found[1].replace(" as ", ": ")
        return f"const {names} = ${Path(found[2]).name};\n"

    return _IMPORT.sub(link, code)


def _scoped(path: Path, code: str) -> str:
    """A module as a constant that has what it exports."""
    names = [
        name
        for exported in _EXPORT.findall(code)
        for name in re.findall(r"\w+", exported)
    ]
    body = _EXPORT.sub("", _linked(code))
    return (
        f"const ${path.stem} = (() => {{\n{body}"
        f"return {{ {', '.join(names)} }};\n}})();\n"
    )
