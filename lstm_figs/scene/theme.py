"""Colour roles with a light and a dark scheme.

A paint is a role (`ink`), or a percentage of a role over paper (`pos:40`).
Colours mix linearly in sRGB, like CSS `color-mix(in srgb, …)`, so that files
and pages have the same colours.
"""

from collections.abc import Iterable
from functools import cache
from typing import Literal

Scheme = Literal["light", "dark"]
"""The brightness of the paper; each role has one colour for either."""
Choice = Literal["auto", "light", "dark"]
"""The theme of a file: `auto` follows the reader's system, or the page."""
Theme = Literal["light", "dark", "auto", "page"]
"""A choice, or `page`: the CSS variables of a page of this site."""
Paint = str
"""A role, or a role with its share in percent, such as `pos:40`."""

COLOURS_BY_ROLE: dict[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#1e2129"),
    "panel": ("#f6f7f9", "#262a33"),
    "rule": ("#ccd1d9", "#474d59"),
    "ink": ("#1f2430", "#e8eaf0"),
    "muted": ("#5a6372", "#a3abb9"),
    "gate-i": ("#0072b2", "#56b4e9"),
    "gate-f": ("#b4520a", "#f0a35e"),
    "gate-g": ("#00795c", "#2fc79a"),
    "gate-o": ("#8a3b85", "#d490cf"),
    "h": ("#3d4658", "#c3cad8"),
    "c": ("#0e1118", "#ffffff"),
    "pos": ("#2a4ab6", "#6b84f2"),
    "neg": ("#a8223a", "#dd6672"),
}
"""Role -> (light, dark). All light colours are distinct."""

TEXT_ROLES = ("ink", "muted", "gate-i", "gate-f", "gate-g", "gate-o", "h", "c")
"""The roles used for text."""

STRONGEST = 55
"""The percentage of a hue in the darkest cell of a weight; text on it stays
readable."""

DARKEST = 85
"""The percentage of a hue in the darkest cell without a number."""


def tint(role: str) -> Paint:
    """A light tint of a role, on which text of that role is readable."""
    return f"{role}:8"


def wash(role: str) -> Paint:
    """A tint of a role behind a number in ink."""
    return f"{role}:18"


@cache
def colour(paint: Paint, scheme: Scheme) -> str:
    """A paint as a hexadecimal colour.

    >>> colour("ink", "light"), colour("ink:50", "light")
    ('#1f2430', '#8f9298')
    """
    role, _, share = paint.partition(":")
    column = 0 if scheme == "light" else 1
    if not share:
        return _colours(role)[column]
    weight = int(share) / 100
    own, paper = (_rgb(_colours(name)[column]) for name in (role, "paper"))
    mixed = (o * weight + p * (1 - weight) for o, p in zip(own, paper, strict=True))
    return "#" + "".join(f"{round(channel):02x}" for channel in mixed)


def _colours(role: str) -> tuple[str, str]:
    """The light and the dark colour of a role."""
    if role not in COLOURS_BY_ROLE:
        raise ValueError(
            f"got {role!r} as the role of a colour, expected one of {', '.join(COLOURS_BY_ROLE)}; "
            "use one of these, or add it to COLOURS_BY_ROLE in lstm_figs/scene/theme.py"
        )
    return COLOURS_BY_ROLE[role]


def variable(paint: Paint) -> str:
    """A paint as a CSS value that follows the page's scheme.

    >>> variable("pos:40")
    'color-mix(in srgb,var(--lf-pos) 40%,var(--lf-paper))'
    """
    role, _, share = paint.partition(":")
    if not share:
        return f"var(--lf-{role})"
    return f"color-mix(in srgb,var(--lf-{role}) {share}%,var(--lf-paper))"


def css(scope: str, theme: Theme, paints: Iterable[Paint]) -> str:
    """The style element inside an SVG, scoped to it.

    Args:
        scope: The id of the root element.
        theme: `page` declares variables for both schemes of a page; `auto`
            replaces light colours if the reader prefers dark ones; any other
            needs no style.
        paints: The paints that the figure uses.
    """
    if theme == "auto":
        rules = repaint(f"#{scope}", paints)
        return f"@media(prefers-color-scheme:dark){{{rules}}}"
    if theme == "page":
        roles = sorted({p.partition(":")[0] for p in paints} | {"paper"})

        def declare(scheme: Scheme) -> str:
            return ";".join(f"--lf-{r}:{colour(r, scheme)}" for r in roles)

        return (
            f"#{scope}{{{declare('light')}}}"
            f'[data-md-color-scheme="slate"] #{scope}{{{declare("dark")}}}'
        )
    return ""


def repaint(selector: str, paints: Iterable[Paint]) -> str:
    """CSS rules that replace light colours with dark ones.

    >>> repaint("#cell", ["ink"]).partition("}")[0]
    '#cell [fill="#1f2430"]{fill:#e8eaf0'
    """
    return "".join(
        f'{selector} [{attribute}="{colour(paint, "light")}"]'
        f"{{{attribute}:{colour(paint, 'dark')}}}"
        for paint in sorted(set(paints))
        for attribute in ("fill", "stroke")
    )


def contrast(first: str, second: str) -> float:
    """The WCAG contrast ratio of two hexadecimal colours.

    >>> contrast("#ffffff", "#000000")
    21.0
    """
    lighter, darker = sorted(map(_luminance, (first, second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _rgb(hexadecimal: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(hexadecimal[1:])
    return red, green, blue


def _luminance(hexadecimal: str) -> float:
    """The relative luminance, as WCAG defines it."""
    linear = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (value / 255 for value in _rgb(hexadecimal))
    )
    return sum(
        weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )
