"""Accents: a mark stands out exactly where its expression is true.

Marks of one kind look alike. An exception has `data-strong` or `data-back`: an
expression over its value, named `it`, and over label keys, such as `unit == 0`.
The expression must be true for the accented marks and false for all others of
their kind.
"""

from collections import defaultdict
from functools import cache, lru_cache
from itertools import combinations, pairwise, product
from typing import NamedTuple

from lstm_figs.scene.theme import COLOURS_BY_ROLE, colour
from tests.binding.axes import expression_keys
from tests.binding.drawing import Mark, without_numbers
from tests.binding.lengths import channels, hues, sign_of
from tests.proof import SVG, code_of

ACCENTS = ("data-strong", "data-back")
"""Attributes for what is drawn strong, and for what is drawn faint behind it."""

PARTS = {"bar", "there", "cell", "box", "line", "drawn", "more", "tick"}
"""Last words of ids that identify a part of a mark."""

SERIES = {
    ("forget-bias", "left"),
    ("forget-bias", "point"),
    ("gradient-distance", "norms"),
    ("gradient-distance", "name"),
    ("packed", "padded"),
    ("packed", "ordered"),
    ("packed", "data"),
    ("packed", "sorted"),
    ("packed", "sorted_indices"),
    ("wrong-way", "wrong"),
}
"""(figure, first word of an id) of marks that may differ without an accent.

They have a series of tints, one for each run; tones of sequences, which
`lengths.tone_faults` checks; or verdicts about what is wrong.
"""

BOLD_LABELS = {("reading", "step")}
"""(figure, key) of labels that are bold where an arrow starts, such as at a token."""

HUED = {"autograd", "dispatch"}
"""Figures whose lines take the hue of their target.

Lines to what torch does not call are thin; `calls.faults` checks these.
"""

GREYS = {"paper", "panel", "rule", "muted"}
"""Colour roles without a hue."""


class Look(NamedTuple):
    """The look of a mark, without its place and hue.

    `fill` and `stroke` are the roles that a colour may have, see `tones`.
    """

    weight: str
    dash: bool
    opacity: str
    is_round: bool
    is_bold: bool
    size: str
    fill: frozenset[str]
    stroke: frozenset[str]

    def is_like(self, other):
        """Whether two looks are equal and their colours may have one role, in any hue."""
        is_alike = self._replace(fill=other.fill, stroke=other.stroke) == other
        return is_alike and bool(self.fill & other.fill) and bool(self.stroke & other.stroke)


def faults(drawing):
    for marks in marks_by_kind(drawing).values():
        yield from accent_faults(drawing, marks)
        owner = owners(drawing)[marks[0].element]
        figure = drawing.drawing_figure(marks[0])
        key = figure, owner.name.partition("-")[0]
        hued = marks[0].has("data-flow") and figure in HUED
        if key not in SERIES and not hued:
            yield from look_faults(drawing, marks)
    yield from label_faults(drawing)
    yield from size_faults(drawing)


def label_faults(drawing):
    """Labels whose style differs from others of their kind without a reason."""
    labels_by_kind = {}
    for label in drawing.labels:
        keys, marks = sorted(label.names), drawing.targets_of(label)
        stems = {without_numbers(mark.name) for mark in marks}
        # Marks of one label are mostly of one kind; otherwise any of them will do.
        kind = drawing.drawing_figure(label), label.along, *keys, min(stems, default="")
        is_strong = any(mark in accented_marks(drawing) for mark in marks)
        labels_by_kind.setdefault(kind, []).append((label, is_strong))
    for (drawer, _, *keys), labels in labels_by_kind.items():
        bold = [label for label, _ in labels if label.has("font-weight")]
        if len(bold) in (0, len(labels)) or (drawer, keys[0]) in BOLD_LABELS:
            continue
        if not any(is_strong for _, is_strong in labels):
            # Only labels with the same words are compared; "all" may look different.
            texts = {without_numbers(label.text) for label in bold}
            labels = [pair for pair in labels if without_numbers(pair[0].text) in texts]
            if len(labels) == len(bold):
                continue
        yield from (
            f"{label} is {'' if label in bold else 'not '}bold, but what it "
            f"names does {'' if is_strong else 'not '}stand out"
            for label, is_strong in labels
            if (label in bold) != is_strong
        )


def size_faults(drawing):
    """Points, squares and bars that are larger than others of their kind.

    Bars of one direction have the same thickness if they have the hue of a
    sign, if they have the hue of a gate, or if their ids and colours are alike.
    """
    kinds = {}
    for mark in drawing.marks:
        draws, expression = mark.draws, mark.expression
        if mark.element.tag != f"{SVG}rect" or not expression:
            continue
        width, height = mark.box.width, mark.box.height
        if draws in ("width", "height") and mark.has("fill"):
            if "torch.stack" in expression:
                # A range bar is thin over all values and thick over the middle ones.
                continue
            hue = without_numbers(mark.name) + mark.get("fill")
            if sign_of(channels(mark.get("fill"))):
                hue = "a sign"
            elif hues(mark):
                hue = "a gate"
            kind = draws, hue
            # The side across the length that the value draws.
            size = height if draws == "width" else width
        elif draws == "x y":
            kind, size = (draws,), width
        elif not draws and abs(width - height) < HAIR:
            kind, size = ("square", without_numbers(expression)), width
        else:
            continue
        kinds.setdefault((drawing.drawing_figure(mark), *kind), []).append((mark, size))
    for alike in kinds.values():
        first, usual = alike[0]
        for mark, size in alike:
            if abs(size - usual) > HAIR:
                yield f"{mark} is {size:.3g} thick, but {first} of the same kind is {usual:.3g}"


HAIR = 0.1
"""Tolerance for lengths written with two decimals."""


# Two are enough, because a drawing is checked as a whole.
@lru_cache(maxsize=2)
def accented_marks(drawing):
    """Marks that stand out, and the owners of such marks."""
    owner_by_element = owners(drawing)
    return {
        accented
        for mark in drawing.marks
        if mark.has("data-strong")
        for accented in (mark, owner_by_element.get(mark.element, mark))
    }


def marks_by_kind(drawing):
    """Marks grouped by kind: the first word of their id, and their part."""
    groups = {}
    for mark in drawing.marks:
        owner = owners(drawing).get(mark.element)
        tag = mark.tag
        is_shape = tag in ("rect", "path", "text") or mark.has("data-flow")
        # `label_faults` compares labels.
        if not owner or not is_shape or mark.has("data-names"):
            continue
        words = owner.name.split("-")
        part = words[-1] if words[-1] in PARTS else ""
        tensors = keys_of(drawing, mark).get("tensor", set())
        # A box without an id is not compared with the mark that it frames.
        arrow_or_named = mark.flow or bool(mark.name)
        if mark.has("data-flow"):
            # Arrows from different sources may look different.
            tail = drawing.by_name[mark.get("data-from")]
            before = expression_keys(drawing, tail.expression) if tail.expression else {}
            tag = f"line from {tail.name.partition('-')[0]}"
            tensors = tensors | {("before", t) for t in before.get("tensor", ())}
        drawer = drawing.drawing_figure(mark)
        key = (drawer, words[0], part, tag, arrow_or_named, *sorted(map(str, tensors)))
        groups.setdefault(key, []).append(mark)
    return groups


@lru_cache(maxsize=2)
def owners(drawing):
    """Element -> the named mark that it belongs to.

    An element with an id is its own owner. A line belongs to the mark that it
    leads to. A box belongs to the group that it begins, or to the number after
    it.
    """
    marks = {mark.element: mark for mark in drawing.marks}
    owner_by_element = {mark.element: mark for mark in drawing.marks if mark.name}
    for mark in drawing.marks:
        head = drawing.by_name.get(mark.get("data-to"))
        if head and not mark.name:
            owner_by_element[mark.element] = head
    for mark in drawing.marks:
        inside = [marks[element] for element in mark.element]
        for box, number in pairwise(inside):
            is_printed = is_bare(box) and number.has("data-value")
            if is_printed and box.box.contains(number.box.x, number.middle):
                owner_by_element[box.element] = number
        if mark.name and mark.has("data-of") and is_bare(*inside[:1]):
            owner_by_element[inside[0].element] = mark
    return owner_by_element


def is_bare(mark=None):
    """Whether a mark is a box without an id."""
    return bool(mark and mark.tag == "rect" and not mark.name)


def mark_name(drawing, mark):
    """The name of a mark; of one without an id, by the mark that contains it."""
    owner = owners(drawing)[mark.element]
    part = "line to" if mark.has("data-flow") else "frame of"
    return str(mark) if mark.name else f"the {part} {owner}"


def expression_of(drawing, mark):
    return mark.expression or owners(drawing)[mark.element].expression


def keys_of(drawing, mark):
    """The keys of the value that a mark shows, such as its unit."""
    expression = expression_of(drawing, mark)
    return expression_keys(drawing, expression) if expression else {}


def accent_faults(drawing, marks):
    """Expressions of accents that are false for their mark or true for another."""
    for accent in ACCENTS:
        for where in sorted({m.get(accent) for m in marks} - {""}):
            for mark in marks:
                holds = is_true(drawing, mark, where)
                if holds is not mark.has(accent):
                    name, no = mark_name(drawing, mark), "" if mark.has(accent) else "no "
                    yield f"{name} has {no}{accent}, but {where} is {holds} for it"


def is_true(drawing, mark, where):
    """Whether the condition of an accent is true for a mark; the error if it raises one."""
    keys = keys_of(drawing, mark).items()
    names = {**drawing.namespace, **{k: value_of(v) for k, v in keys}}
    try:
        names["it"] = eval(code_of(expression_of(drawing, mark)), names)
        return bool(eval(code_of(where), names))
    except Exception as error:  # The expression is test data and may raise anything.
        return repr(error)


def value_of(values):
    """The single value of a key, or its values in order."""
    if len(values) == 1:
        return next(iter(values))
    numbers = [value for value in values if isinstance(value, int)]
    return sorted(numbers) or sorted(map(str, values))


def look_faults(drawing, marks):
    """Accented marks with the same reason that look different."""
    firsts = {}
    for mark in marks:
        if is_empty(mark):
            continue
        accents = tuple(accent for accent in ACCENTS if mark.has(accent))
        first, look = firsts.setdefault(accents, (mark, look_of(mark)))
        if not look.is_like(look_of(mark)):
            yield (
                f"{mark_name(drawing, mark)} looks different from "
                f"{mark_name(drawing, first)}, but has no data-strong or data-back"
            )
    looks = (look for _, look in firsts.values())
    if any(look.is_like(other) for look, other in combinations(looks, 2)):
        yield (
            f"{mark_name(drawing, marks[0])} and others of its kind are marked as accented, "
            "but look like the rest"
        )


def is_empty(mark):
    """Whether a mark is drawn for a value of 0."""
    left, top, right, bottom = mark.box
    return mark.has("data-draws") and (left == right or top == bottom)


def look_of(mark):
    """How a mark looks, apart from what its value draws."""
    if mark.has("data-flow") and not mark.has("stroke"):
        # The line of an arrow is inside its group.
        first = next(e for e in mark.element.iter() if e.get("stroke"))
        mark = Mark(first, (*mark.ancestors, mark.element), "")
    draws = mark.draws
    is_thick = draws == "stroke-width"
    fill = mark.get("fill", "none")
    if mark.is_text and fill == colour("paper", "light"):
        # White text on a dark background counts as ink.
        fill = colour("ink", "light")
    return Look(
        weight="" if is_thick else mark.get("stroke-width"),
        dash=not is_thick and mark.has("stroke-dasharray"),
        opacity=mark.get("opacity"),
        is_round=mark.has("rx"),
        is_bold=mark.has("font-weight"),
        size=mark.get("font-size"),
        fill=frozenset({"of its value"}) if draws == "fill" else tones(fill),
        stroke=tones(mark.get("stroke", "none")),
    )


@cache
def _tones():
    """Colour -> what it may be: a grey role or some hue, with its share in per cent."""
    kinds_by_colour = defaultdict(set)
    kinds = {role: role if role in GREYS else "a hue" for role in COLOURS_BY_ROLE}
    for (role, kind), share in product(kinds.items(), range(1, 100)):
        kinds_by_colour[colour(f"{role}:{share}", "light")].add(f"{kind}:{share}")
    for role, kind in kinds.items():
        kinds_by_colour[colour(role, "light")] = {kind}
    return {paint: frozenset(kinds) for paint, kinds in kinds_by_colour.items()}


def tones(paint):
    """What a colour may be; see `_tones`."""
    return _tones().get(paint, frozenset({paint}))
