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

_LAST_COMMA = re.compile(r",\n(?=[\]})])")
_OPEN_LINE = re.compile(r"^((?:(?!//|`).)*[,;{(\[])\n", re.MULTILINE)
"""Ends of lines that a browser does not need: after a last comma, which it does
not need either, and where a statement is at its end or goes on."""

_STRING_OR_SPACE = re.compile(
    r"""("(?:\\.|[^"\\])*"|`[^`]*`)"""
    r"""| ?([=<>!&|?:,;{}()\[\]*]+) ?"""
    r"""|(?<![-+]) ([-+]) (?=[\w(])"""
)
"""A string, which stays as it is, or an operator with the spaces around it."""

_OTHER_STRING = re.compile(r"""['/`]""")
"""What begins a different string, a regular expression or a division."""

_STYLE_COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)
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
    return _STYLE_COMMENT.sub("", read)


def script(name: str) -> str:
    """A script with all that it imports, as a page carries it.

    A page that is a file may not load modules, so that each becomes a function
    which runs at once and returns what it exports.

    Args:
        name: Of its file in the folder, without `.js`: `reading/live`.
    """
    collected: dict[str, str] = {}
    _collect(name, collected)
    *modules, own = collected.items()
    scoped = [_scoped(module, code) for module, code in modules]
    # Nothing imports it, and what is no module may not export.
    last = _EXPORT.sub("", _linked(*own))
    return "".join(map(_minified, [*scoped, last]))


def _minified(code: str) -> str:
    r"""A script without comments, indentation, and most line ends and spaces.

    Where a text goes over several lines, its own line ends are kept, and all
    others.

    >>> print(_minified("// One.\nconst a = [\n  1,\n];\nconst b = `\n`;\n"))
    const a = [
    1,
    ];
    const b = `
    `;
    <BLANKLINE>
    >>> print(_minified("// One.\nconst a = [\n  1,\n];\nf(a)\n"))
    const a=[1];f(a)
    <BLANKLINE>
    """
    short = _COMMENT.sub("", code)
    lines = short.splitlines()
    if any(line.count("`") % 2 for line in lines):
        return short
    squeezed = "".join(f"{_without_spaces(line)}\n" for line in lines if line)
    return _OPEN_LINE.sub(r"\1", _LAST_COMMA.sub("", squeezed))


def _without_spaces(line: str) -> str:
    """A line of code without the spaces around its operators.

    A line that has a regular expression, a division, or a template in a
    template stays as it is.

    >>> print(_without_spaces('const a = b ? [1, 2 - c] : "x = y";'))
    const a=b?[1,2-c]:"x = y";
    >>> print(_without_spaces("const a = b / 2;"))
    const a = b / 2;
    """
    if line.count("`") > 2 or _OTHER_STRING.search(_STRING_OR_SPACE.sub("", line)):
        return line
    return _STRING_OR_SPACE.sub(r"\1\2\3", line)


def _collect(name: str, collected: dict[str, str]) -> None:
    """A module after those that it imports, each once."""
    if name in collected:
        return
    code = _code(name)
    for _, other in _IMPORT.findall(code):
        _collect(_imported_module(name, other), collected)
    collected[name] = code


def _code(name: str) -> str:
    """What a module says: its file, or the moments, which are in none."""
    if name != MOMENTS:
        return (FOLDER / f"{name}.js").read_text(encoding="utf-8")
    # Late, because most pages have no moments, and to read them takes time.
    from .training_moments import moments_script

    return moments_script()


def _imported_module(name: str, other: str) -> str:
    """The module that another imports.

    >>> _imported_module("reading/live", "../twin/words"), _imported_module("live", "./touch")
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

    def link(match: re.Match[str]) -> str:
        names = match[1].replace(" as ", ": ")
        return f"const {names} = {_constant(_imported_module(name, match[2]))};\n"

    return _IMPORT.sub(link, code)


def _scoped(name: str, code: str) -> str:
    """A module as a constant that has what it exports."""
    names = [
        identifier
        for exported in _EXPORT.findall(code)
        for identifier in re.findall(r"\w+", exported)
    ]
    body = _EXPORT.sub("", _linked(name, code))
    return f"const {_constant(name)} = (() => {{\n{body}return {{ {', '.join(names)} }};\n}})();\n"
