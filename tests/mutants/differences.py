"""What differs between two drawings of one figure."""

from typing import Literal
from xml.etree import ElementTree

from lstm_figs.scene.theme import TOKENS

Kind = Literal["same", "layout", "says"]

PLACES = frozenset(
    {
        *("x", "y", "dx", "dy", "width", "height", "rx", "d"),
        *("viewBox", "font-size", "stroke-width", "stroke-dasharray"),
        *("text-anchor", "opacity", "shape-rendering"),
    }
)
"""Attributes that are places and sizes."""

LOOKS = frozenset({"fill", "stroke", "font-weight", "font-family"})
"""Attributes that are looks, unless their colour has a meaning."""

MEANT = frozenset(
    light
    for role, (light, _) in TOKENS.items()
    if role.startswith("gate-") or role in ("pos", "neg", "c", "h")
)
"""Colours that say something."""

HELD = {
    "width": {"x", "width"},
    "height": {"y", "height"},
    "x": {"x"},
    "y": {"y"},
    "stroke-width": {"stroke-width"},
    "area": {"width", "height"},
    "path": {"d"},
    "fill": set[str](),
}
"""What a value draws -> the places and sizes that it decides."""

Element = ElementTree.Element


def kind(before: str, after: str) -> Kind:
    """How much two SVGs differ.

    Returns:
        `layout` if nothing but places, sizes and looks differ, of marks whose
        length no value decides, or that moved together with their scale; `says`
        if anything else does.

    >>> kind('<svg><text x="1">3</text></svg>', '<svg><text>3</text></svg>')
    'layout'
    >>> kind('<svg><text>3</text></svg>', '<svg><text>4</text></svg>')
    'says'
    """
    if before == after:
        return "same"
    old, new = (list(ElementTree.fromstring(s).iter()) for s in (before, after))
    if len(old) != len(new):
        return "says"
    kinds = {_differ(a, b) for a, b in zip(old, new, strict=True)}
    return "says" if "says" in kinds else "layout"


def _differ(old: Element, new: Element) -> Kind:
    if (old.tag, old.text, old.tail) != (new.tag, new.text, new.tail):
        return "says"
    changed = {
        key
        for key in {*old.attrib, *new.attrib}
        if old.get(key) != new.get(key)
    }
    scaled = "data-map" in changed
    changed -= {"data-map"}
    if not changed <= PLACES | LOOKS:
        return "says"
    held = set().union(
        *map(HELD.__getitem__, old.get("data-draws", "").split())
    )
    if changed & held and not scaled:
        return "says"
    colours = {e.get(key) for e in (old, new) for key in changed & LOOKS}
    return "says" if colours & MEANT else "layout" if changed else "same"
