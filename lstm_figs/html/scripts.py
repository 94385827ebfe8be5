"""The scripts and styles of pages, without comments."""

import re
from importlib.resources import files
from posixpath import dirname, join, normpath

FOLDER = files("lstm_figs") / "browser"
"""Where they are, also in a wheel that is not unpacked."""

MOMENTS = "twin/written"
"""The module that has the moments of a training."""

_COMMENT = re.compile(r"^ *(//|/?\*).*\n|^ +", re.MULTILINE)
"""Lines of comments, and indentation, which a page need not carry."""

_LAST = re.compile(r",\n(?=[\]})])")
_OPEN = re.compile(r"^((?:(?!//|`).)*[,;{(\[])\n", re.MULTILINE)
"""Ends of lines that a browser does not need: after a last comma, which it does
not need either, and where a statement is at its end or goes on."""

_REMARK = re.compile(r"/\*.*?\*/\n?", re.DOTALL)
"""A comment of a style sheet."""

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "(\.\.?/[\w/]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:const|(?:async )?function\*?|class) (\w+|\[[^\]]+\]))", re.MULTILINE
)


def style(name: str) -> str:
    """A style sheet as a page carries it, empty where there is none.

    Args:
        name: Of its file in the folder, without `.css`.

    >>> style("touch").startswith(".lf-touch{"), "/*" in style("touch")
    (True, False)
    """
    file = FOLDER / f"{name}.css"
    read = file.read_text(encoding="utf-8") if file.is_file() else ""
    return _REMARK.sub("", read)


def script(name: str) -> str:
    """A script with all that it imports, as a page carries it.

    A page that is a file may not load modules, so that each becomes a function
    which runs at once and returns what it exports.

    Args:
        name: Of its file in the folder, without `.js`: `reading/live`.
    """
    found: dict[str, str] = {}
    _collect(name, found)
    *modules, own = found.items()
    scoped = [_scoped(one, code) for one, code in modules]
    # Nothing imports it, and what is no module may not export.
    last = _EXPORT.sub("", _linked(*own))
    return "".join(map(_short, [*scoped, last]))


def _short(code: str) -> str:
    r"""A script without comments, indentation and most of its line ends.

    Where a text goes over several lines, its own line ends are kept, and all
    others.

    >>> print(_short("// One.\nconst a = [\n  1,\n];\nconst b = `\n`;\n"))
    const a = [
    1,
    ];
    const b = `
    `;
    <BLANKLINE>
    >>> print(_short("// One.\nconst a = [\n  1,\n];\nf(a)\n"))
    const a = [1];f(a)
    <BLANKLINE>
    """
    short = _COMMENT.sub("", code)
    if any(line.count("`") % 2 for line in short.splitlines()):
        return short
    return _OPEN.sub(r"\1", _LAST.sub("", short))


def _collect(name: str, found: dict[str, str]) -> None:
    """A module after those that it imports, each once."""
    if name in found:
        return
    code = _code(name)
    for _, other in _IMPORT.findall(code):
        _collect(_beside(name, other), found)
    found[name] = code


def _code(name: str) -> str:
    """What a module says: its file, or the moments, which are in none."""
    if name != MOMENTS:
        return (FOLDER / f"{name}.js").read_text(encoding="utf-8")
    # Late, because most pages have no moments, and to read them takes time.
    from .moments import written

    return written()


def _beside(name: str, other: str) -> str:
    """The module that another imports.

    >>> _beside("reading/live", "../twin/words"), _beside("live", "./touch")
    ('twin/words', 'touch')
    """
    return normpath(join(dirname(name), other))


def _constant(name: str) -> str:
    """What a module is called among others: two folders may have its file.

    >>> _constant("twin/words")
    '$twin_words'
    """
    return f"${name.replace('/', '_')}"


def _linked(name: str, code: str) -> str:
    """A module whose imports are those of `_scoped` ones."""

    def link(found: re.Match[str]) -> str:
        names = found[1].replace(" as ", ": ")
        return f"const {names} = {_constant(_beside(name, found[2]))};\n"

    return _IMPORT.sub(link, code)


def _scoped(name: str, code: str) -> str:
    """A module as a constant that has what it exports."""
    names = [one for exported in _EXPORT.findall(code) for one in re.findall(r"\w+", exported)]
    body = _EXPORT.sub("", _linked(name, code))
    return f"const {_constant(name)} = (() => {{\n{body}return {{ {', '.join(names)} }};\n}})();\n"
