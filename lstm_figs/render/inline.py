"""SVG for embedding in any HTML page, protected from the page's styles.

A CSS rule of the page, such as `text { font-size: 30px }`, overrides SVG
attributes. So the SVG contains a rule for each of its attributes, scoped to its
id. It inherits only the choice between light and dark.
"""

from collections.abc import Iterable
from xml.etree import ElementTree

from ..scene.theme import Choice, Paint, colour
from .compose import Sheet
from .svg import SANS, sheet_paints, write_svg

DARK = (
    *(".dark", ".dark-mode", ".quarto-dark", ".vscode-dark"),
    *("[theme=dark]", "[data-theme=dark]", "[data-bs-theme=dark]"),
    *("[data-md-color-scheme=slate]", "[data-jp-theme-light=false]"),
)
"""Selectors by which sites and notebooks declare a dark scheme."""

LIGHT = (
    *(".light", ".light-mode", ".quarto-light", ".vscode-light"),
    *("[theme=light]", "[data-theme=light]", "[data-bs-theme=light]"),
    *("[data-md-color-scheme=default]", "[data-jp-theme-light=true]"),
)
"""Selectors by which they declare a light scheme."""

SYSTEM = ("[theme=auto]", "[data-theme=auto]", "[data-bs-theme=auto]")
"""Selectors by which they declare that the reader's system chooses."""

_STYLED = {
    *("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap"),
    *("stroke-linejoin", "opacity", "text-anchor"),
    *("font-family", "font-size", "font-weight"),
}
"""Attributes that a page's CSS could override."""

_INHERITED = (
    *("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap"),
    *("stroke-linejoin", "font", "text-anchor", "letter-spacing"),
    *("word-spacing", "text-transform", "text-shadow", "white-space"),
    *("visibility", "paint-order"),
)
"""Properties that CSS of the page could set, and that elements inherit."""
_INITIAL = (
    *("opacity", "filter", "animation", "transition", "text-decoration"),
    *("dominant-baseline", "mix-blend-mode", "outline"),
)
"""Further properties that CSS of the page could set, and that are not inherited."""


def write_inline(
    sheet: Sheet,
    *,
    id: str,
    title: str,
    description: str,
    metadata: dict[str, object],
    theme: Choice,
    more: str = "",
) -> str:
    """An `<svg>` element for any HTML page.

    Args:
        sheet: The sheet to render.
        id: The figure's id, which must be unique in the page.
        title: The accessible name.
        description: The text alternative, with the figure's numbers.
        metadata: The figure's JSON metadata.
        theme: `auto` follows the page's scheme switch, if it uses a common
            convention; otherwise its `color-scheme`, which is light by default.
        more: CSS for elements around the SVG, because HTML allows a style
            element only in the head.
    """
    svg = write_svg(
        sheet,
        id=id,
        title=title,
        description=description,
        metadata=metadata,
        theme="dark" if theme == "dark" else "light",
    )
    # HTML parsers interpret markup in a style element inside an SVG.
    around = more.replace("&", "&amp;").replace("<", "&lt;")
    rules = [around, *_shield(id, svg)]
    if theme == "auto":
        rules += _schemes(id, sheet_paints(sheet))
    end = "</metadata>\n"
    return svg.replace(end, f"{end}<style>{''.join(rules)}</style>\n", 1)


def _shield(id: str, svg: str) -> Iterable[str]:
    """CSS rules that repeat the attributes."""
    root, *elements = ElementTree.fromstring(svg).iter()
    yield (
        f"#{id}{{all:initial;color-scheme:inherit;display:block;direction:ltr;overflow:hidden;"
        f"width:{root.get('width')}px;height:{root.get('height')}px;"
        f"font-family:{SANS};fill:none;border-radius:4px}}"
    )
    plain = [f"{name}:inherit" for name in _INHERITED]
    plain += [f"{name}:initial" for name in _INITIAL]
    yield f"#{id} *{{{';'.join(plain)}}}"
    attributes = {
        (name, value)
        for element in elements
        for name, value in element.attrib.items()
        if name in _STYLED
    }
    for name, value in sorted(attributes):
        css_value = value
        if name == "font-size" and not value.endswith("px"):
            css_value = f"{value}px"
        elif value.startswith("#"):
            css_value = f"var({_variable(value)},{value})"
        yield f'#{id} [{name}="{value}"]{{{name}:{css_value}}}'


def _schemes(id: str, paints: Iterable[Paint]) -> Iterable[str]:
    """CSS rules that switch each light colour to its dark one."""
    pairs = sorted({(colour(p, "light"), colour(p, "dark")) for p in paints})
    either_scheme = ";".join(
        f"{_variable(first)}:light-dark({first},{other})" for first, other in pairs
    )
    light = ";".join(f"{_variable(hexadecimal)}:{hexadecimal}" for hexadecimal, _ in pairs)
    dark = ";".join(f"{_variable(hexadecimal)}:{other}" for hexadecimal, other in pairs)
    # The page's `color-scheme`; without one it is light, whatever the reader's system is.
    yield f"@supports(color:light-dark(#fff,#000)){{#{id}{{{either_scheme}}} }}"
    system = f":is({','.join(SYSTEM)}) #{id}{{{dark}}}"
    yield f"@media(prefers-color-scheme:dark){{{system} }}"
    yield f":is({','.join(LIGHT)}) #{id}{{{light}}}"
    yield f":is({','.join(DARK)}) #{id}{{{dark}}}"


def _variable(hexadecimal: str) -> str:
    """The CSS variable of a colour."""
    return f"--lf-{hexadecimal[1:]}"
