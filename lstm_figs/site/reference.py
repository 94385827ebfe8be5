"""What a reference says: from docstrings, from parsers, from the catalogue.

An item is a heading, a line of code that shows how the thing is written,
parts (text, code, or entries below a title) and members, which are items.
"""

import json
from argparse import Action
from collections.abc import Iterator
from functools import cache
from typing import Any

import griffe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from .. import __all__ as public
from ..command.parsing import Parser
from ..errors import UnknownName
from ..figures import CATALOG
from ..options import figure_options, summary, written
from .package import PACKAGE
from .session import pasteable

MODULES = ("errors",)
"""Modules that are shown whole, beside the public names."""

LINE = 64
"""A longer signature gets a line for each parameter."""

TITLES = {
    "parameters": "Arguments",
    "other parameters": "Other arguments",
    "attributes": "Attributes",
    "returns": "Returns",
    "raises": "Raises",
}
"""Sections of a docstring, by griffe's names and by ours."""

GROUPS = {"source": "Source", "figure options": "Figure options", "output": "Output"}
"""Groups of options, in help and on a page."""

Item = dict[str, Any]
Part = dict[str, Any]


def api(header: str) -> list[Item]:
    """Public names, from the package's own source; nothing is imported.

    Raises:
        UnknownName: If a name is not public.
    """
    names = header.split()
    for name in names:
        if name not in (*public, *MODULES):
            raise UnknownName("public name", name, [*public, *MODULES])
    package = _package()
    return [_item(package[name], f"{PACKAGE.name}.{name}") for name in names]


@cache
def _package() -> Any:
    """The package's source, which takes longer to read than to describe."""
    return griffe.load(
        PACKAGE.name,
        search_paths=[PACKAGE.parent],
        docstring_parser="google",
        allow_inspection=False,
    )


def _item(named: Any, path: str) -> Item:
    """One name; `path` is how a user writes it."""
    found = named.final_target if named.is_alias else named
    members = [
        m for m in found.members.values() if not m.is_alias and m.name[0] != "_" and m.docstring
    ]
    if found.is_function or found.is_attribute:
        members = []
    properties = [m for m in members if m.is_attribute]
    shown = [m for m in members if not m.is_attribute]
    parts = list(_parts(found))
    if properties:
        entries = [[m.name, _prose(m.docstring.value)] for m in properties]
        parts.append({"title": "Properties", "entries": entries})
    short = path.removeprefix(f"{PACKAGE.name}.")
    return {
        "id": path,
        "name": short,
        "code": _highlight(_signature(found, path)),
        "parts": parts,
        "members": [_item(m, f"{path}.{m.name}") for m in shown],
    }


def _signature(found: Any, path: str) -> str:
    """How a thing is called, one line or one for each parameter."""
    if found.is_attribute:
        return f"{path}: {found.annotation}"
    if found.is_module:
        return f"import {path}"
    bases = ", ".join(map(str, found.bases)) if found.is_class else ""
    if found.is_class and "dataclass" not in found.labels:
        return f"class {path}({bases})"
    words = list(_parameters(found))
    start = f"{'class ' * found.is_class}{path}("
    end = ")" if found.is_class else f") -> {found.returns}"
    line = f"{start}{', '.join(words)}{end}"
    if len(line) <= LINE:
        return line
    return "\n".join([start, *(f"    {word}," for word in words), end])


def _parameters(found: Any) -> Iterator[str]:
    """Parameters as they are written; griffe keeps their stars as kinds."""
    star = False
    for parameter in found.parameters:
        kind = parameter.kind.value
        if parameter.name == "self":
            continue
        if kind == "keyword-only" and not star:
            yield "*"
        star = star or kind in ("keyword-only", "variadic positional")
        stars = {"variadic positional": "*", "variadic keyword": "**"}
        word = f"{stars.get(kind, '')}{parameter.name}"
        if parameter.annotation is not None:
            word += f": {str(parameter.annotation).strip(chr(39))}"
        if parameter.default is not None and kind not in stars:
            word += f" = {_default(found, str(parameter.default))}"
        yield word


def _default(found: Any, written: str) -> str:
    """A default, or the value of the constant that it names."""
    known = found.module.members.get(written)
    if known is None:
        return written
    return str((known.final_target if known.is_alias else known).value)


def _parts(found: Any) -> Iterator[Part]:
    """The sections of a docstring."""
    for section in found.docstring.parsed if found.docstring else ():
        kind = section.kind.value
        if kind == "text":
            yield from _text(section.value)
        elif kind == "returns":
            text = " ".join(_prose(entry.description) for entry in section.value)
            yield {"title": TITLES[kind], "text": text}
        else:
            names = (str(e.annotation) if kind == "raises" else e.name for e in section.value)
            said = (_prose(entry.description) for entry in section.value)
            entries = [list(pair) for pair in zip(names, said, strict=True)]
            yield {"title": TITLES[kind], "entries": entries}


def _text(text: str) -> Iterator[Part]:
    """Paragraphs of a docstring: prose, an example, or a drawing."""
    for paragraph in text.split("\n\n"):
        if paragraph.startswith(">>>"):
            yield {"code": _highlight(pasteable(paragraph))}
        elif paragraph.startswith("    "):
            yield {"code": _highlight(paragraph)}
        else:
            yield {"text": paragraph}


def _prose(text: str) -> str:
    return " ".join(text.split())


def _highlight(code: str) -> str:
    return str(highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)))


def options(header: str) -> list[Item]:
    """A command and its options, or `figures`, the options of every figure.

    Raises:
        UnknownName: If there is no such command.
    """
    from ..cli.commands import parsers

    commands = parsers(tuple(CATALOG))
    items = []
    for name in header.split():
        if name == "figures":
            items += [_figure(figure) for figure in CATALOG]
        elif name in commands:
            items.append(_command(commands[name]))
        else:
            raise UnknownName("command", name, [*commands, "figures"])
    _say_once(items)
    return items


def _say_once(items: list[Item]) -> None:
    """A group that an earlier command has too is named, not repeated."""
    first: dict[str, Item] = {}
    for item in items:
        for part in item["parts"]:
            item_before = first.setdefault(json.dumps(part), item)
            if item_before is not item and len(part["entries"]) > 2:
                link = f"[`{item_before['name']}`](#{item_before['id']})"
                part.update(text=f"The same as of {link}.", entries=[])


def _command(parser: Parser) -> Item:
    """A command, with its groups of options."""
    own, *groups = parser.groups
    places = [one for one in own.options if not one.option_strings]
    options = [one for one in own.options if one.option_strings]
    listed = [("Arguments", "", places), ("Options", "", options)]
    listed += [(GROUPS.get(one.title, one.title), one.about, one.options) for one in groups]
    parts = [
        {
            "title": title,
            "text": about,
            "entries": [
                [", ".join(_written(one)), one.help] for one in options if one.dest != "help"
            ],
        }
        for title, about, options in listed
    ]
    return {
        "id": parser.prog.replace(" ", "-"),
        "name": parser.prog,
        "code": " ".join([parser.prog, *map(_place, places), "[options]"]),
        "parts": [part for part in parts if part["entries"]],
        "members": [],
    }


def _place(action: Action) -> str:
    """What a command takes beside options."""
    return f"{action.metavar}{'…' * (action.nargs == '+')}"


def _written(action: Any) -> list[str]:
    """An option as it is typed."""
    choices = "|".join(action.choices or ())
    value = "" if action.nargs == 0 else action.metavar or choices
    if not action.option_strings:
        return [value]
    return [f"{flag} {value}".strip() for flag in action.option_strings]


def _figure(name: str) -> Item:
    """A figure with its own options."""
    own = figure_options(CATALOG[name])
    entries = [
        [
            f"{option.flag} {option.metavar}",
            f"{option.help} Default: {written(option.default) or 'none'}.",
        ]
        for option in own
    ]
    flags = "".join(f" [{option.flag} {option.metavar}]" for option in own)
    return {
        "id": f"options-{name}",
        "name": name,
        "code": f"lstm-figs draw {name}{flags}",
        "parts": [{"text": summary(CATALOG[name]), "entries": entries}],
        "members": [],
    }
