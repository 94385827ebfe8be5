"""The content of references, from docstrings, parsers and the catalogue.

An item has a heading, a line of code that shows how the name is used, parts
(text, code, or entries below a title) and members, which are items.
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
from ..options import as_typed, figure_options, summary
from .code_digests import PACKAGE
from .session import pasteable

MODULES = ("errors",)
"""Modules with all their members, in addition to the public names."""

QUOTE = "'"
"""The quote around an annotation that is a string in the source."""
MAX_LINE = 64
"""The longest signature on one line; a longer one has a line for each parameter."""

TITLES = {
    "parameters": "Arguments",
    "other parameters": "Other arguments",
    "attributes": "Attributes",
    "returns": "Returns",
    "raises": "Raises",
}
"""The titles of docstring sections, by griffe's names."""

GROUPS = {"source": "Source", "figure options": "Figure options", "output": "Output"}
"""The titles of option groups on a page, by their titles in `--help`."""

Item = dict[str, Any]
"""A function or class of the reference, as JSON; see `_ITEM` in `requests.py`."""
Part = dict[str, Any]
"""A part of its docstring, as JSON; see `_PART` there."""


def api(header: str) -> list[Item]:
    """The items of public names, read from the source without importing it.

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
    """The package as griffe reads it; cached, because reading is slow."""
    return griffe.load(
        PACKAGE.name,
        search_paths=[PACKAGE.parent],
        docstring_parser="google",
        allow_inspection=False,
    )


def _item(member: Any, path: str) -> Item:
    """The item of a name; `path` is the name as users write it."""
    target = member.final_target if member.is_alias else member
    members = [
        m for m in target.members.values() if not m.is_alias and m.name[0] != "_" and m.docstring
    ]
    if target.is_function or target.is_attribute:
        members = []
    properties = [m for m in members if m.is_attribute]
    nested = [m for m in members if not m.is_attribute]
    parts = list(_parts(target))
    if properties:
        entries = [[m.name, _prose(m.docstring.value)] for m in properties]
        parts.append({"title": "Properties", "entries": entries})
    short = path.removeprefix(f"{PACKAGE.name}.")
    return {
        "id": path,
        "name": short,
        "code": _highlight(_signature(target, path)),
        "parts": parts,
        "members": [_item(m, f"{path}.{m.name}") for m in nested],
    }


def _signature(target: Any, path: str) -> str:
    """A signature on one line, or with a line for each parameter."""
    if target.is_attribute:
        return f"{path}: {target.annotation}"
    if target.is_module:
        return f"import {path}"
    bases = ", ".join(map(str, target.bases)) if target.is_class else ""
    if target.is_class and "dataclass" not in target.labels:
        return f"class {path}({bases})"
    words = list(_parameters(target))
    start = f"class {path}(" if target.is_class else f"{path}("
    end = ")" if target.is_class else f") -> {target.returns}"
    line = f"{start}{', '.join(words)}{end}"
    if len(line) <= MAX_LINE:
        return line
    return "\n".join([start, *(f"    {word}," for word in words), end])


def _parameters(target: Any) -> Iterator[str]:
    """Parameters as they are written; griffe has their stars as kinds."""
    has_star = False
    for parameter in target.parameters:
        kind = parameter.kind.value
        if parameter.name == "self":
            continue
        if kind == "keyword-only" and not has_star:
            yield "*"
        has_star = has_star or kind in ("keyword-only", "variadic positional")
        stars = {"variadic positional": "*", "variadic keyword": "**"}
        word = f"{stars.get(kind, '')}{parameter.name}"
        if parameter.annotation is not None:
            word += f": {str(parameter.annotation).strip(QUOTE)}"
        if parameter.default is not None and kind not in stars:
            word += f" = {_default(target, str(parameter.default))}"
        yield word


def _default(target: Any, written: str) -> str:
    """A default value, which may be the value of a named constant."""
    constant = target.module.members.get(written)
    if constant is None:
        return written
    return str((constant.final_target if constant.is_alias else constant).value)


def _parts(target: Any) -> Iterator[Part]:
    """The sections of a docstring."""
    for section in target.docstring.parsed if target.docstring else ():
        kind = section.kind.value
        if kind == "text":
            yield from _text(section.value)
        elif kind == "returns":
            text = " ".join(_prose(entry.description) for entry in section.value)
            yield {"title": TITLES[kind], "text": text}
        else:
            names = (str(e.annotation) if kind == "raises" else e.name for e in section.value)
            descriptions = (_prose(entry.description) for entry in section.value)
            entries = [list(pair) for pair in zip(names, descriptions, strict=True)]
            yield {"title": TITLES[kind], "entries": entries}


def _text(text: str) -> Iterator[Part]:
    """Split a docstring into prose, examples and drawings."""
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
    """The items of commands with their options; `figures` has those of every figure.

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
    _replace_repeats(items)
    return items


def _replace_repeats(items: list[Item]) -> None:
    """Replace a group of options that an earlier command has by its title."""
    first: dict[str, Item] = {}
    for item in items:
        for part in item["parts"]:
            item_before = first.setdefault(json.dumps(part), item)
            if item_before is not item and len(part["entries"]) > 2:
                link = f"[`{item_before['name']}`](#{item_before['id']})"
                part.update(text=f"The same as in {link}.", entries=[])


def _command(parser: Parser) -> Item:
    """A command, with its groups of options."""
    own, *groups = parser.groups
    positional = [argument for argument in own.options if not argument.option_strings]
    options = [option for option in own.options if option.option_strings]
    all_groups = [("Arguments", "", positional), ("Options", "", options)]
    all_groups += [
        (GROUPS.get(group.title, group.title), group.description, group.options) for group in groups
    ]
    parts = [
        {
            "title": title,
            "text": about,
            "entries": [
                [", ".join(_typed_forms(option)), option.help]
                for option in options
                if option.dest != "help"
            ],
        }
        for title, about, options in all_groups
    ]
    return {
        "id": parser.prog.replace(" ", "-"),
        "name": parser.prog,
        "code": " ".join([parser.prog, *map(_argument_text, positional), "[options]"]),
        "parts": [part for part in parts if part["entries"]],
        "members": [],
    }


def _argument_text(action: Action) -> str:
    """The positional arguments of a command."""
    return f"{action.metavar}…" if action.nargs == "+" else str(action.metavar)


def _typed_forms(action: Any) -> list[str]:
    """The ways to type an option."""
    choices = "|".join(action.choices or ())
    value = "" if action.nargs == 0 else action.metavar or choices
    if not action.option_strings:
        return [value]
    return [f"{flag} {value}".strip() for flag in action.option_strings]


def _figure(name: str) -> Item:
    """A figure with its own options."""
    options = figure_options(CATALOG[name])
    entries = [
        [
            f"{option.flag} {option.metavar}",
            f"{option.help} Default: {as_typed(option.default) or 'none'}.",
        ]
        for option in options
    ]
    flags = "".join(f" [{option.flag} {option.metavar}]" for option in options)
    return {
        "id": f"options-{name}",
        "name": name,
        "code": f"lstm-figs draw {name}{flags}",
        "parts": [{"text": summary(CATALOG[name]), "entries": entries}],
        "members": [],
    }
