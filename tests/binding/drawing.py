"""A parsed SVG: its marks with boxes, and the namespace of its preamble."""

import math
import re
import shlex
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import torch

from lstm_figs.scene import metrics
from tests.proof import SVG, Element, code_of, metadata, read

MIDDLE = 0.36
"""Height of the middle of letters above the baseline, per font size."""

ASCENT, DESCENT = 0.8, 0.25
"""How far letters reach above and below the baseline, per font size."""

SLACK = 0.5
"""Tolerance for positions, which have two decimals."""

OPERATORS = ("σ", "tanh", "=", "×", "+", "·", "…")
"""The only texts that are neither numbers, labels, ticks nor sentences."""

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle; `x` and `y` are its middle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self):
        return self.right - self.left

    @property
    def height(self):
        return self.bottom - self.top

    @property
    def x(self):
        return (self.left + self.right) / 2

    @property
    def y(self):
        return (self.top + self.bottom) / 2

    def contains(self, x, y):
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def joined(boxes):
    """The smallest box around boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


@dataclass(frozen=True, eq=False)
class Mark:
    """An SVG element with its ancestors.

    Attributes:
        ancestors: The elements around it, the root first.
        name: Its id without the figure's prefix; empty if it has none.
    """

    element: Element
    ancestors: tuple[Element, ...]
    name: str

    def get(self, key, default=""):
        return self.element.get(key, default)

    def has(self, key):
        return key in self.element.attrib

    @cached_property
    def tag(self):
        return self.element.tag.removeprefix(SVG)

    @property
    def draws(self):
        """What its value draws of it, such as its width; empty for none."""
        return self.get("data-draws")

    @property
    def of(self):
        """The expression of the value that draws it, or that it stands for."""
        return self.get("data-of")

    @property
    def flow(self):
        """The kind of an arrow; empty for other marks."""
        return self.get("data-flow")

    @property
    def value(self):
        """The exact value of a number."""
        return float(self.get("data-value"))

    @property
    def scale(self):
        """The sum of the absolute addends behind a number; at least 1."""
        return float(self.get("data-scale", "1"))

    @property
    def printed(self):
        """The number that a text shows."""
        return float(self.text.replace("−", "-"))

    @cached_property
    def text(self):
        return "".join(self.element.itertext())

    @property
    def is_text(self):
        return self.tag == "text"

    @property
    def is_ellipsis(self):
        """Whether it marks an omission, unlike a token that consists of dots."""
        return self.is_text and self.text == "…" and not self.has("data-names")

    @cached_property
    def box(self):
        return box(self.element)

    def with_box(self, box):
        """The mark with a different box, such as one of its cells."""
        part = Mark(self.element, self.ancestors, self.name)
        # The place where the cached property looks for its value.
        part.__dict__["box"] = box
        return part

    @cached_property
    def letters(self):
        """Its box; for a text, the box of the letters without ascent and descent."""
        if not self.is_text:
            return self.box
        half = MIDDLE * float(self.get("font-size"))
        return self.box._replace(top=self.middle - half, bottom=self.middle + half)

    @cached_property
    def chains(self):
        """A path as polylines, each of shape (count, 2)."""
        return [np.array(points) for points in lines(self.get("d"))]

    @cached_property
    def _pieces(self):
        """The straight pieces of a path: x, y, x, y, of shape (4, count)."""
        pieces = [np.hstack([chain[:-1], chain[1:]]) for chain in self.chains]
        return np.concatenate(pieces or [np.empty((0, 4))]).T

    def crossings(self, x):
        """The heights at which a path crosses a vertical line."""
        left, _, right, _ = self._pieces
        is_crossed = (np.minimum(left, right) <= x) & (x <= np.maximum(left, right))
        heights = []
        for x1, y1, x2, y2 in self._pieces[:, is_crossed].T.tolist():
            if x1 == x2:
                heights += [y1, y2]
            else:
                heights.append(y1 + (y2 - y1) * (x - x1) / (x2 - x1))
        return heights

    @cached_property
    def middle(self):
        """The middle of its height; for a text, of its letters."""
        if self.is_text:
            return float(self.get("y")) - MIDDLE * float(self.get("font-size"))
        return self.box.y

    @cached_property
    def expression(self):
        """The expression of its number, or of the value that draws it; may be empty."""
        return self.get("data-expr") or self.of

    @property
    def is_bound(self):
        """Whether an expression says what it shows."""
        return any(map(self.has, ("data-expr", "data-of", "data-call")))

    @cached_property
    def bound_elements(self):
        return [e for e in self.element.iter() if e.get("data-expr") or e.get("data-of")]

    @cached_property
    def names(self):
        """The keys and values that a label names."""
        pairs = (p.partition("=") for p in self.get("data-names").split())
        return {key: value for key, _, value in pairs}

    @property
    def along(self):
        """Where a label is relative to its marks, such as in their `row`; may be empty."""
        return self.get("data-along")

    def __str__(self):
        if self.is_text:
            return f"{self.name or 'text'} {self.text!r}"
        return self.name or self.expression or self.element.tag


class Run(NamedTuple):
    """The result of running a preamble, with caches for expressions.

    Attributes:
        names: The namespace after the run.
        values: Expression -> value.
        meanings: Meanings of expressions, by figure.
        views: Views of whole tensors, by figure and source text.
    """

    names: dict[str, Any]
    values: dict[str, Any]
    meanings: dict[tuple[str, str], Any]
    views: dict[tuple[str, str], Any]


@dataclass(frozen=True, eq=False)
class Drawing:
    """A parsed figure.

    Attributes:
        own_names: Variables that the preamble expects the reader to define.
    """

    root: Element
    own_names: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def figure(self):
        return metadata(self.root)["figure"]

    @cached_property
    def preamble(self):
        return metadata(self.root)["preamble"]

    @cached_property
    def command(self):
        """The words of its command; empty if it has none."""
        return shlex.split(metadata(self.root)["command"] or "")

    @cached_property
    def module_variable(self):
        """The preamble's name for the module whose results are shown."""
        called = re.findall(r"^output, \(h_n, c_n\) = (\w+)\(x", self.preamble, re.MULTILINE)
        candidates = (*called[-1:], "layer", "lstm", "cell")
        return next((name for name in candidates if name in self.namespace), "")

    @cached_property
    def run(self):
        """The preamble's result, shared by drawings with the same preamble."""
        return _run(self.preamble, tuple(self.own_names.items()))

    @property
    def namespace(self):
        return self.run.names

    def value(self, expression):
        """Evaluate an expression after the preamble; tensors become lists of floats."""
        values = self.run.values
        if expression not in values:
            # A single namespace, because comprehensions do not see separate locals.
            # Only `blocks` computes derivatives.
            with torch.set_grad_enabled("blocks(" in expression):
                values[expression] = plain(eval(code_of(expression), self.namespace))
        return values[expression]

    @cached_property
    def marks(self):
        """Every element, in reading order."""
        return list(self._walk(self.root, ()))

    def _walk(self, element, ancestors):
        id = element.get("id", "")
        # The id of the root is the figure's prefix itself, so the root has no name.
        name = id.removeprefix(f"{self.root.get('id')}--")
        yield Mark(element, ancestors, name if name != id else "")
        for child in element:
            yield from self._walk(child, (*ancestors, element))

    def drawing_figure(self, mark):
        """The figure that draws a mark; on a sheet, the figure of that part."""
        parts = (element.get("id", "") for element in mark.ancestors)
        names = (id.partition("--part-")[2] for id in parts)
        return next(filter(None, names), self.figure)

    @cached_property
    def texts(self):
        return [mark for mark in self.marks if mark.is_text]

    @cached_property
    def labels(self):
        return [mark for mark in self.texts if mark.has("data-names")]

    @cached_property
    def numbers(self):
        return [mark for mark in self.texts if mark.has("data-value")]

    @cached_property
    def ticks(self):
        """The numbers of axes."""
        return [text for text in self.texts if text.get("class") == "lf-tick"]

    @cached_property
    def arrows(self):
        """The arrows and lines that connect two marks."""
        return [mark for mark in self.marks if mark.has("data-flow")]

    def ends(self, arrow):
        """The two marks that an arrow connects."""
        return [self.by_name[arrow.get(f"data-{k}")] for k in ("from", "to")]

    @cached_property
    def data_marks(self):
        """Marks that a value draws."""
        return [mark for mark in self.marks if mark.has("data-draws")]

    @cached_property
    def nodes(self):
        """Marks with an expression that are not drawn by its value."""
        return [mark for mark in self.marks if mark.has("data-of") and not mark.has("data-draws")]

    @cached_property
    def leaders(self):
        """The two ends of each leader, a line from a label to its target."""
        return [
            {mark.get("data-from"), mark.get("data-to")}
            for mark in self.arrows
            if mark.flow == "points"
        ]

    @cached_property
    def by_name(self):
        return {mark.name: mark for mark in self.marks if mark.name}

    @cached_property
    def _matched(self):
        """Pattern -> its marks, filled by `match`."""
        return {}

    def match(self, pattern):
        """The marks whose ids match a pattern; `*` matches one part of an id."""
        if "*" not in pattern:
            return [self.by_name[pattern]] if pattern in self.by_name else []
        if pattern not in self._matched:
            parts = ("[^-]+" if part == "*" else re.escape(part) for part in pattern.split("-"))
            compiled = re.compile("-".join(parts))
            self._matched[pattern] = [m for n, m in self.by_name.items() if compiled.fullmatch(n)]
        return self._matched[pattern]

    def targets_of(self, label):
        """The marks that a label names."""
        return [mark for pattern in label.get("data-for").split() for mark in self.match(pattern)]


@lru_cache(maxsize=2**9)
def _run(preamble, own_names):
    """Run a preamble with the reader's variables.

    Cached, because both widths and many figures of one network share a
    preamble.
    """
    names = dict(own_names)
    exec(preamble, names)
    return Run(names, {}, {}, {})


def drawing(svg, own_names=None):
    """Parse an SVG."""
    return Drawing(read(svg), own_names or {})


def without_numbers(text):
    """An id, an expression or words with # for each number."""
    return re.sub(r"\d+", "#", text)


def number_range(value):
    """Parse a number or a range of numbers.

    >>> sorted(number_range("2..4")), number_range("7")
    ([2, 3, 4], {7})
    """
    first, _, last = value.partition("..")
    return set(range(int(first), int(last or first) + 1))


def plain(value):
    """Convert tensors to numbers and lists; return anything else unchanged."""
    if isinstance(value, torch.Tensor):
        return value.tolist()
    if isinstance(value, torch.Size):
        return tuple(value)
    if isinstance(value, list | tuple):
        return type(value)(plain(v) for v in value)
    return value


@lru_cache(maxsize=2**14)
def box(element):
    """The box of an element; of texts by the letter widths of DejaVu Sans."""

    def length(key):
        return float(element.get(key, "0"))

    match element.tag.removeprefix(SVG):
        case "rect":
            left, top = length("x"), length("y")
            return Box(left, top, left + length("width"), top + length("height"))
        case "path":
            chains = lines(element.get("d", ""))
            xs, ys = zip(*chain.from_iterable(chains), strict=True)
            return Box(min(xs), min(ys), max(xs), max(ys))
        case "text":
            size, y = length("font-size"), length("y")
            width = sum(
                metrics.width(
                    text,
                    float(run_element.get("font-size", size)),
                    bold="font-weight" in element.attrib
                    and "font-weight" not in run_element.attrib,
                    mono="font-family" in element.attrib,
                )
                for run_element, text in text_runs(element)
            )
            anchor = element.get("text-anchor", "start")
            share = {"start": 0, "middle": 0.5, "end": 1}[anchor]
            turned = element.get("transform", "")
            if turned.startswith("rotate(-90 ") and element.get("data-value"):
                # A number that reads upwards: its height is the width of its letters.
                x, bottom = length("x"), y + share * width
                return Box(x - 2 * MIDDLE * size, bottom - width, x, bottom)
            if turned:
                # Rotated text starts at its anchor, at the middle of its letters. Its
                # box is about that of its first letter.
                degrees = float(turned.removeprefix("rotate(-").split()[0])
                x = length("x") - MIDDLE * size * math.sin(math.radians(degrees))
                return Box(x - size / 2, y - size, x + size / 2, y)
            left = length("x") - share * width
            return Box(left, y - ASCENT * size, left + width, y + DESCENT * size)
        case "svg" | "g":
            assert len(element), f"the group {element.get('id')!r} is empty"
            return joined([box(child) for child in element])
        case tag:
            raise ValueError(
                f"got <{tag}>, expected svg, g, rect, path or text; for a new kind of mark, add "
                "it here, to TAGS in shape_index, is_filled in covers, marks_by_kind in "
                "accents, and _visible_elements in tests/renderer_calls.py"
            )


def text_runs(element):
    """The pieces of a text, each with the element that styles it."""
    yield element, element.text or ""
    for piece in element:
        yield piece, piece.text or ""
        yield element, piece.tail or ""


_COMMAND = re.compile(r"([MLCHVZmlchvz])([^MLCHVZmlchvz]*)")
"""Matches a command of a path, and its numbers."""

_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_SAMPLES = 24
"""Number of line segments per curve."""


@lru_cache(maxsize=2**12)
def lines(path):
    """Convert a path to polylines; curves become many short segments."""
    chains = []
    position = (0.0, 0.0)
    for command, words in _COMMAND.findall(path):
        numbers = [float(word) for word in _NUMBER.findall(words)]
        relative = command.islower()
        kind = command.upper()
        if kind == "Z":
            chains[-1].append(chains[-1][0])
            position = chains[-1][0]
            continue
        if kind in "HV":
            for number in numbers:
                x, y = position
                if kind == "H":
                    x = number + (x if relative else 0)
                else:
                    y = number + (y if relative else 0)
                position = (x, y)
                chains[-1].append(position)
            continue
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        # A curve has two control points before its end.
        count = 3 if kind == "C" else 1
        for k in range(0, len(pairs), count):
            base = position if relative else (0.0, 0.0)
            points = [(x + base[0], y + base[1]) for x, y in pairs[k : k + count]]
            if kind == "M" and k == 0:
                # Further points after a move are lines.
                chains.append([points[0]])
            elif kind == "C":
                chains[-1] += curve_points(position, *points)
            else:
                chains[-1].append(points[0])
            position = points[-1]
    return chains


def curve_points(a, b, c, d):
    """Points on a cubic curve, without its first point."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = a, b, c, d
    return [
        (p * ax + q * bx + r * cx + s * dx, p * ay + q * by + r * cy + s * dy)
        for p, q, r, s in _WEIGHTS
    ]


_WEIGHTS = [
    ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    for t in (k / _SAMPLES for k in range(1, _SAMPLES + 1))
]
"""Bernstein weights of the control points, along the curve."""
