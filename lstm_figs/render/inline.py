"""An SVG inside a page that knows nothing of it, and has a style of its own.

A rule of that page such as `text { font-size: 30px }` is stronger than an
attribute. So the SVG brings a rule for each of its attributes, which names its
id, and takes from around it nothing but the choice of light or dark.
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
"""How sites and notebooks say that they are dark, whatever the system is."""

LIGHT = (
    *(".light", ".light-mode", ".quarto-light", ".vscode-light"),
    *("[theme=light]", "[data-theme=light]", "[data-bs-theme=light]"),
    *("[data-md-color-scheme=default]", "[data-jp-theme-light=true]"),
)
"""How they say that they are light."""

_STYLED = {
    *("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap"),
    *("stroke-linejoin", "opacity", "text-anchor"),
    *("font-family", "font-size", "font-weight"),
}
"""Attributes that a rule of a page would overrule."""

_INHERITED = (
    *("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap"),
    *("stroke-linejoin", "font", "text-anchor", "letter-spacing"),
    *("word-spacing", "text-transform", "text-shadow", "white-space"),
    *("visibility", "paint-order"),
)
_INITIAL = (
    *("opacity", "filter", "animation", "transition", "text-decoration"),
    *("dominant-baseline", "mix-blend-mode", "outline"),
)


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
    """One `<svg>` for any HTML page.

    Args:
        sheet: What to draw.
        id: The figure's id, which no element around it may have.
        title: Its name for assistive technology.
        description: What it shows, with its numbers.
        metadata: The figure's JSON object.
        theme: `auto` follows the page's switch where it has one that is
            widely used, else what the reader's system prefers.
        more: Style for what stands around the SVG; HTML has no place for
            it outside of the head.
    """
    svg = write_svg(
        sheet,
        id=id,
        title=title,
        description=description,
        metadata=metadata,
        theme="dark" if theme == "dark" else "light",
    )
    # Within an SVG a page reads markup in a style too.
    around = more.replace("&", "&amp;").replace("<", "&lt;")
    rules = [around, *_shield(id, svg)]
    if theme == "auto":
        rules += _schemes(id, sheet_paints(sheet))
    end = "</metadata>\n"
    return svg.replace(end, f"{end}<style>{''.join(rules)}</style>\n", 1)


def _shield(id: str, svg: str) -> Iterable[str]:
    """Rules that say what the attributes say."""
    root, *elements = ElementTree.fromstring(svg).iter()
    yield (
        f"#{id}{{all:initial;display:block;direction:ltr;overflow:hidden;"
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
    """Rules that give each light colour its dark one where that is meant."""
    pairs = sorted({(colour(p, "light"), colour(p, "dark")) for p in paints})
    light = ";".join(f"{_variable(hexadecimal)}:{hexadecimal}" for hexadecimal, _ in pairs)
    dark = ";".join(f"{_variable(hexadecimal)}:{other}" for hexadecimal, other in pairs)
    yield f"@media(prefers-color-scheme:dark){{#{id}{{{dark}}} }}"
    yield f":is({','.join(LIGHT)}) #{id}{{{light}}}"
    yield f":is({','.join(DARK)}) #{id}{{{dark}}}"


def _variable(hexadecimal: str) -> str:
    return f"--lf-{hexadecimal[1:]}"
