"""Classify the differences between two drawings of one figure."""

from xml.etree import ElementTree

from lstm_figs.scene.theme import COLOURS_BY_ROLE, colour
from tests.binding.arrow_heads import heads_of, is_aligned, line_of
from tests.binding.drawing import Mark

PLACE_ATTRIBUTES = frozenset(
    {
        *("x", "y", "dx", "dy", "width", "height", "rx", "d"),
        *("viewBox", "font-size", "stroke-width"),
        *("text-anchor", "opacity", "shape-rendering"),
    }
)
"""Attributes for positions and sizes."""

STYLE_ATTRIBUTES = frozenset({"fill", "stroke", "font-weight", "font-family"})
"""Attributes for appearance, unless their colour has a meaning."""

MEANINGFUL_ROLES = [
    role for role in COLOURS_BY_ROLE if role.startswith("gate-") or role in ("pos", "neg", "c", "h")
]
"""Roles whose colours have a meaning."""

MEANINGFUL_COLOURS = frozenset(
    colour(paint, "light")
    for role in MEANINGFUL_ROLES
    for paint in (role, *(f"{role}:{share}" for share in range(1, 100)))
)
"""Colours with a meaning, and all their tints."""

DECIDED_ATTRIBUTES = {
    "width": {"x", "width"},
    "height": {"y", "height"},
    "x": {"x"},
    "y": {"y"},
    "stroke-width": {"stroke-width"},
    "area": {"width", "height", "d"},
    "path": {"d"},
    "down": set[str](),
    "fill": set[str](),
}
"""Property drawn for a value -> the positions and sizes that the value decides.

`down` is the direction of a curve, and decides nothing by itself.
"""


def kind(before, after):
    """Classify the difference between two SVGs.

    Returns:
        `same`; `layout` if only positions, sizes and looks differ, and no value decides
        them or the mark moved together with its scale; else `says`.

    >>> kind('<svg><text x="1">3</text></svg>', '<svg><text>3</text></svg>')
    'layout'
    >>> kind('<svg><text>3</text></svg>', '<svg><text>4</text></svg>')
    'says'
    """
    if before == after:
        return "same"
    old, new = (list(ElementTree.fromstring(s).iter()) for s in (before, after))
    if len(old) != len(new) or _is_painted_anew(old, new):
        return "says"
    kinds = {_difference(a, b) for a, b in zip(old, new, strict=True)}
    return "says" if "says" in kinds else "layout"


def _is_painted_anew(old, new):
    """Whether the same marks are painted in a different order."""
    first, second = ([str(_without_children(e)) for e in marks] for marks in (old, new))
    return first != second and sorted(first) == sorted(second)


def _without_children(element):
    return element.tag, element.text, element.tail, sorted(element.items())


def _head_turns(arrow):
    """Whether each head of an arrow is at its end, and points along it."""
    mark = Mark(arrow, (), "")
    line = line_of(mark)
    return [is_aligned(line, head) for head in heads_of(mark)] if line else []


def _difference(old, new):
    if (old.tag, old.text, old.tail) != (new.tag, new.text, new.tail):
        return "says"
    if "data-flow" in old.attrib and _head_turns(old) != _head_turns(new):
        return "says"
    changed = {key for key in {*old.attrib, *new.attrib} if old.get(key) != new.get(key)}
    scaled = "data-map" in changed
    changed -= {"data-map"}
    if not changed <= PLACE_ATTRIBUTES | STYLE_ATTRIBUTES:
        return "says"
    decided = set().union(*map(DECIDED_ATTRIBUTES.__getitem__, old.get("data-draws", "").split()))
    if changed & decided and not scaled:
        return "says"
    colours = {e.get(key) for e in (old, new) for key in changed & STYLE_ATTRIBUTES}
    if colours & MEANINGFUL_COLOURS:
        return "says"
    return "layout" if changed else "same"
