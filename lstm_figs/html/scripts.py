"""The scripts and styles of pages, bundled and minified."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import product
from posixpath import dirname, join, normpath
from string import ascii_letters, ascii_uppercase, digits

FOLDER = files("lstm_figs") / "browser"
"""The folder of the scripts and styles, which may be inside a wheel."""

MOMENTS = "twin/written"
"""The generated module with the moments of the training."""

OWN = "own/"
"""The folder of the script for a network of anybody's. Its modules replace those of the
same names, which are of the bracket network, in its script."""

REPLACED = {
    place: f"{OWN}{place.rpartition('/')[2]}"
    for place in (
        *("twin/digest", "twin/frame", "twin/parameters", "twin/tokens"),
        *("reading/answers", "reading/head", "reading/headings", "reading/reader"),
        *("reading/title", "reading/trained_runs", "reading/wrapping"),
    )
}
"""The modules that `OWN` replaces."""
ORIGINAL = "original/"
"""The prefix of a replaced module that its replacement imports."""

_COMMENT = re.compile(r"^ *(//|/?\*).*\n|^ +", re.MULTILINE)
"""Lines of comments, and indentation."""

_LAST_COMMA = re.compile(r",\n(?=[\]})])")
"""A comma at the end of a list, which JavaScript does not need."""
_NEEDLESS_LINE_END = re.compile(r"(?<=[,;{(\[}+&|?:=])\n|\n(?=[)\]}.?:&|])")
"""A line end that can be removed, because the statement goes on, or has a semicolon or a
block at its end."""

_STRING_OR_SPACE = re.compile(
    r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`"""
    # A regular expression; the sign of a division is between two spaces.
    r"""|(?!(?<= )/ )/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[])+/)"""
    r"""| ?([=<>!&|?:,;{}()\[\]*%]+) ?| (/) """
    r"""|(?<![-+]) ([-+]) (?=[\w(])"""
)
"""A string or a regular expression, which stays as it is, or an operator with the spaces
around it."""

_DEFINED = re.compile(r"^ *(?:export )?const (\[[^]]*\]|\w+) =", re.MULTILINE)
"""What a line defines: a name, or several in brackets."""

_CAPITALS = re.compile(r"(?<![\w$])(?:(?<=\.\.\.)|(?<!\.))[A-Z][A-Z_\d]{2,}\b")
"""A name in capital letters that is no property, such as `GAP`."""

_TEXT = re.compile(r"""(["'])(?:\\.|(?!\1)[^\\\n])*\1|`[^`\n]*`""")
"""A text in quotes, or a template of one line."""

_TEMPLATE_CODE = re.compile(r"\$\{[^}]*\}")
"""The code in a template."""

_STYLE_COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)
"""A comment of a style sheet."""

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "(\.\.?/[\w/]+)\.js";\n', re.MULTILINE)
"""A line that imports a module: its names, and its path."""
_EXPORT = re.compile(
    r"^export (?=(?:const|(?:async )?function\*?|class) (\w+|\[[^\]]+\]))", re.MULTILINE
)
"""The word `export` before a definition."""


def style(name: str) -> str:
    """A minified style sheet, empty if there is none.

    Args:
        name: The name of its file in `FOLDER`, without `.css`.

    >>> style("touch").startswith(".lf-touch{"), "/*" in style("touch")
    (True, False)
    """
    file = FOLDER / f"{name}.css"
    read = file.read_text(encoding="utf-8") if file.is_file() else ""
    return _STYLE_COMMENT.sub("", read)


def script(name: str) -> str:
    """A minified script, bundled with everything that it imports.

    Args:
        name: The path of its file in `FOLDER`, without `.js`: `reading/live`.
    """
    return minified(modules(name))


def minified(modules: Iterable[str]) -> str:
    """The modules of a script, minified and joined."""
    return "".join(map(_minify, _with_short_constants(modules)))


def _with_short_constants(modules: Iterable[str]) -> list[str]:
    """Modules without comments, and with names of two characters for constants like `GAP`.

    A name stays if it is also a word of a text.

    >>> print(*_with_short_constants(['const [GAP, KEY] = [2, "KEY"];', "f(GAP, ...GAP);"]))
    const [Aa, KEY] = [2, "KEY"]; f(Aa, ...Aa);
    """
    bare = [_COMMENT.sub("", module) for module in modules]
    code = "\0".join(bare)
    defined = {name for names in _DEFINED.findall(code) for name in _CAPITALS.findall(names)}
    texts = [_TEMPLATE_CODE.sub(" ", text[0]) for text in _TEXT.finditer(code)]
    # Where a template has several lines, a text is not told from code.
    texts += filter(_has_long_template, bare)
    shortened = defined - {*re.findall(r"\w+", " ".join(texts))}
    counts = Counter(re.findall(r"\w+", code))
    pairs = map("".join, product(ascii_uppercase, ascii_letters + digits))
    free = (pair for pair in pairs if pair not in counts)
    short = dict(zip(sorted(shortened, key=lambda name: (-counts[name], name)), free, strict=False))
    return _CAPITALS.sub(lambda match: short.get(match[0], match[0]), code).split("\0")


def modules(name: str) -> list[str]:
    """A script and everything that it imports, without `import` and `export`.

    A page without a server cannot load modules. So each module becomes a
    function that is called at once and returns its exports.

    Args:
        name: The path of its file in `FOLDER`, without `.js`: `reading/live`.
    """
    collected: dict[str, str] = {}
    _collect(name, collected, REPLACED if name.startswith(OWN) else {})
    *others, (_, own_code) = collected.items()
    # Nothing imports the last one, and exports are invalid outside modules.
    return [*(_as_constant(module, code) for module, code in others), _EXPORT.sub("", own_code)]


@cache
def _minify(code: str) -> str:
    r"""A script without comments, indentation, and most line ends and spaces.

    All line ends are kept in a script with a template literal of several lines.

    >>> print(_minify("// One.\nconst a = [\n  1,\n];\nconst b = `\n`;\n"))
    const a = [
    1,
    ];
    const b = `
    `;
    <BLANKLINE>
    >>> print(_minify("// One.\nconst a = [\n  1,\n];\nf(a)\n"))
    const a=[1];f(a)
    <BLANKLINE>
    """
    short = _COMMENT.sub("", code)
    if _has_long_template(short):
        return short
    squeezed = "".join(f"{_without_spaces(line)}\n" for line in short.splitlines() if line)
    return _NEEDLESS_LINE_END.sub("", _LAST_COMMA.sub("", squeezed))


def _has_long_template(code: str) -> bool:
    """Whether a script has a template of several lines."""
    return any(line.count("`") % 2 for line in code.splitlines())


def _without_spaces(line: str) -> str:
    """A line of code without the spaces around its operators.

    A line that has a template in a template stays as it is.

    >>> print(_without_spaces('const a = b ? [1, 2 - c] : "x = y";'))
    const a=b?[1,2-c]:"x = y";
    >>> print(_without_spaces("const a = b / 2 % c.replace(/ - | [/]/g, ' - ');"))
    const a=b/2%c.replace(/ - | [/]/g,' - ');
    """
    if line.count("`") > 2:
        return line

    def without_spaces(match: re.Match[str]) -> str:
        """The one group of a match: a string as it is, or an operator."""
        return str(match[match.lastindex or 0])

    return _STRING_OR_SPACE.sub(without_spaces, line)


def _collect(name: str, collected: dict[str, str], replaced: Mapping[str, str]) -> None:
    """Collect a module after the modules that it imports, each once, with imports linked.

    A module that replaces another one can import that one by its own name.
    """
    if name in collected:
        return
    place = name.removeprefix(ORIGINAL)
    path = replaced.get(name, place)

    def link(match: re.Match[str]) -> str:
        """An import as the constants of a module that is bundled with it."""
        other = _imported_module(place, match[2])
        if other == name:
            # The module that this one replaces gets a name of its own.
            other = f"{ORIGINAL}{other}"
        _collect(other, collected, replaced)
        names = match[1].replace(" as ", ": ")
        return f"const {names} = {_constant(other)};\n"

    linked = _IMPORT.sub(link, _code(path))
    collected[name] = linked


def _code(name: str) -> str:
    """The code of a module: its file, or the generated moments."""
    if name != MOMENTS:
        return (FOLDER / f"{name}.js").read_text(encoding="utf-8")
    # Imported here, because most pages have no moments and reading them is slow.
    from .training_moments import moments_script

    return moments_script()


def _imported_module(name: str, other: str) -> str:
    """The module that an import in a different module refers to.

    >>> _imported_module("reading/live", "../twin/words"), _imported_module("live", "./touch")
    ('twin/words', 'touch')
    """
    return normpath(join(dirname(name), other))


def _constant(name: str) -> str:
    """The constant for a module, with its folder to be unique.

    >>> _constant("twin/words")
    '$twin_words'
    """
    return f"${name.replace('/', '_')}"


def _as_constant(name: str, code: str) -> str:
    """A module as a constant with its exports."""
    names = [
        identifier
        for exported in _EXPORT.findall(code)
        for identifier in re.findall(r"\w+", exported)
    ]
    body = _EXPORT.sub("", code)
    return f"const {_constant(name)} = (() => {{\n{body}return {{ {', '.join(names)} }};\n}})();\n"
