"""The figure `keep-write-show`."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import WIDE, curves, gauges, over_time, rows, words
from ..layout.cells import spoken
from ..layout.choice import MOST, units_of
from ..layout.provenance import provenance, source
from ..layout.room import inner
from ..proof.bindings import Node, Scale, Shade, sentence
from ..proof.digits import decimals, text
from ..proof.subject import Number, Subject
from ..scene.marks import Anchor, Box, Mark, Path, Text, shift
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import tint

NARROWEST_WIDE = 480
"""Below this width what stands beside each other is close."""
SUM, CURVE, GATE = 46.0, 29.0, 45.0
"""The widths of a sum, of its curve and of a gate."""
RIBBON, LEAST_PANEL = 24.0, 187.0
"""The least widths of ribbons and of a unit's panel beside the rows."""
AIRY = 4.5
"""The most that cells are widened by, where there is room."""
PANEL = 190.0
"""The height of a unit's panel."""
HEAD = 50.0
"""The height of what stands above the rows."""

USES = {"keep": ("f", "c_prev"), "write": ("i", "g"), "show": ("o", "tanh_c")}
"""What each gauge does: the gate, and what it is a part of."""


class Columns(NamedTuple):
    """The columns of one block of the rows.

    Attributes:
        name: The tensor, with which its ids begin.
        label: What is written below it.
        length: How many columns.
        width: Of one of them.
        value: Numbers by gate, unit and column.
        above: The vector that meets them, if one does.
        apart: The space right of them.
        printed: Whether there is room for numbers.
    """

    name: str
    label: str
    length: int
    width: float
    value: dict[tuple[str, int, int], Number]
    above: str = ""
    apart: float = 8
    printed: bool = True


def keep_write_show(
    subject: Subject, room: float, *, step: int = 2, units: tuple[int, ...] = ()
) -> Diagram:
    """All of one step: from the weights to what is kept, written and shown.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: Which step, counted from 1.
        units: The units that are drawn, by default all of up to 4, else the
            two whose c the step changes most.
    """
    t = subject.at(step)
    now = subject.steps[t]
    change = abs(now.c[0] - now.c_prev[0])
    chosen = units_of(subject, tuple(sorted(units)), change, MOST)
    where = rows.Rows(
        chosen, subject.weights.hidden_size, close=room < NARROWEST_WIDE
    )
    blocks, whole = _blocks(subject, t, where, inner(room))
    space, table = inner(room), where.left + _width(blocks)
    ends = SUM + CURVE + GATE
    together = table + ends <= space
    beside = len(chosen) <= 2 and table + ends + RIBBON + LEAST_PANEL <= space
    where = where._replace(
        top=HEAD if whole else 26.0, height=37.0 if beside else 30.0
    )
    marks = _weights(subject, t, where, blocks, _made(t) * together)
    y = where.bottom + (22 if blocks[-1].printed else 36)
    if together:
        marks += _gates(subject, t, where, table)
    else:
        made, y = _halves(subject, t, where, y + 30, space)
        marks += made
    if beside:
        panels, bottom = _beside(subject, t, where, table + ends, space)
        y = max(y, bottom)
    else:
        panels, y = _below(subject, t, chosen, y + 8, space)
    marks += panels
    return Diagram(
        _head(subject, t, chosen, blocks, whole),
        _description(subject, t, where, blocks),
        space,
        y,
        tuple(marks),
        room,
    )


def _beside(
    subject: Subject, t: int, where: rows.Rows, x: float, space: float
) -> tuple[list[Mark], float]:
    """The units right of the rows, with ribbons to them, and their bottom."""
    left, top = x + RIBBON, where.top - 22
    count = len(where.units)
    spare = where.bottom + 14 - top - count * PANEL
    apart = PANEL + max(10.0, spare / max(1, count - 1))
    marks: list[Mark] = []
    for k, unit in enumerate(where.units):
        corner = (left, top + k * apart)
        marks += _ribbons(where, t, unit, x - 4, corner)
    for k, unit in enumerate(where.units):
        y = top + k * apart
        marks += _panel(subject, t, unit, space - left, left, y)
    return marks, top + (count - 1) * apart + PANEL


def _below(
    subject: Subject, t: int, chosen: tuple[int, ...], y: float, space: float
) -> tuple[list[Mark], float]:
    """The units in lines below the rows, and their bottom."""
    apart = 12.0
    most = max(1, int((space + apart) / (LEAST_PANEL + apart)))
    lines = -(-len(chosen) // most)
    per_line = -(-len(chosen) // lines)
    width = (space - apart * (per_line - 1)) / per_line
    marks: list[Mark] = []
    for k, unit in enumerate(chosen):
        down, across = divmod(k, per_line)
        corner = across * (width + apart), y + down * (PANEL + apart)
        marks += _panel(subject, t, unit, width, *corner)
    return marks, y + lines * (PANEL + apart) - apart


def _blocks(
    subject: Subject, t: int, where: rows.Rows, space: float
) -> tuple[list[Columns], bool]:
    """Every weight where the wide form has room, else what they make.

    A form that is too narrow for the numbers shows the weights by colour
    alone.
    """
    weights = subject.weights
    room, wide = inner(WIDE), where._replace(close=False)
    if wide.left + 30 * (weights.input_size + weights.size) <= room:
        found = _whole(subject, t, where)
        if wide.left + _width(_whole(subject, t, wide)) <= room:
            over = where.left + _width(found) - space
            if over > 0:
                count = sum(b.length for b in found)
                found = [
                    b._replace(width=b.width - over / count, printed=False)
                    for b in found
                ]
            return _widened(found, -over), True
    return _products(subject, t, where), False


def _widened(blocks: list[Columns], spare: float) -> list[Columns]:
    """Columns with more room around their numbers, if there is some to spare.

    What stands right of them keeps its place if it has one.
    """
    ends = SUM + CURVE + GATE
    for beside in (ends + RIBBON + LEAST_PANEL, ends):
        if spare >= beside:
            spare -= beside
            break
    more = min(AIRY, max(0.0, spare) / sum(b.length for b in blocks))
    return [b._replace(width=b.width + more) for b in blocks]


def _whole(subject: Subject, t: int, where: rows.Rows) -> list[Columns]:
    """Every weight in the rows."""
    parameters = subject.weights.parameters()
    apart = 4.0 if where.close else 5.0
    found = []
    for name, above in (("weight_ih", "x"), ("weight_hh", "h_prev")):
        count = parameters[name].shape[1]
        value = {
            (gate, unit, k): subject.parameter(name, where.row(gate, unit), k)
            for gate, unit in where.each
            for k in range(count)
        }
        named = len(name) * rows.CHARACTER + 2
        width = rows.cell_width(
            [*value.values(), *subject.vector(above, t)], named / count
        )
        found.append(Columns(name, name, count, width, value, above, apart))
    for name, symbol in (("bias_ih", "b_{ih}"), ("bias_hh", "b_{hh}")):
        if name in parameters:
            value = {
                (gate, unit, 0): subject.parameter(name, where.row(gate, unit))
                for gate, unit in where.each
            }
            width = rows.cell_width([*value.values()])
            found.append(
                Columns(
                    name, symbol, 1, width, value,
                    apart=apart if name == "bias_hh" else 0,
                )
            )  # fmt: skip
    return found


def _products(subject: Subject, t: int, where: rows.Rows) -> list[Columns]:
    """What the weights of a row make of x and of h, and its bias."""
    step = subject.steps[t]
    found = []
    for name in ("ih", "hh"):
        array = getattr(step, name)
        value = {
            (gate, unit, 0): Number(
                array[0, row], f"{name}[{t}, 0, {row}]", step.scale
            )
            for gate, unit in where.each
            for row in [where.row(gate, unit)]
        }
        found.append(_narrow(name, TERMS[name].symbol, value))
    if subject.weights.bias_ih is not None:
        value = {
            (gate, unit, 0): subject.bias(where.row(gate, unit))
            for gate, unit in where.each
        }
        found.append(_narrow("bias", "biases", value))
    return found


def _narrow(
    name: str, label: str, value: dict[tuple[str, int, int], Number]
) -> Columns:
    """One column, as wide as its name."""
    width = rows.cell_width([*value.values()], 56)
    return Columns(name, label, 1, width, value)


def _width(blocks: list[Columns]) -> float:
    """The width of blocks beside each other."""
    return sum(b.length * b.width + b.apart for b in blocks)


def _weights(
    subject: Subject,
    t: int,
    where: rows.Rows,
    blocks: list[Columns],
    made: list[str],
) -> list[Mark]:
    """The blocks in their rows, with what they meet above them."""
    ids = [*(f"{b.name}-{{row}}-*" for b in blocks), *made]
    marks: list[Mark] = rows.gutter(where, ids)
    finite = [
        abs(float(n.value))
        for b in blocks for n in b.value.values() if np.isfinite(n.value)
    ]  # fmt: skip
    end = max(finite, default=0) or 1
    x = where.left
    for k, block in enumerate(blocks):
        vector = subject.vector(block.above, t) if block.above else []
        marks += rows.cells(
            where, x, block.width, block.length, block.value, end=end,
            id=block.name, term=block.name,
            numbers=block.printed,
        )  # fmt: skip
        middle = x + (block.length * block.width - 2) / 2
        # Names of narrow columns are short, and every second one is lower.
        name = block.label if block.printed else TERMS[block.name].symbol
        below = where.bottom + 11 + 14 * (k % 2 and not block.printed)
        marks.append(
            words.label(
                middle, below, name,
                {"tensor": block.name}, [f"{block.name}-*-*"], "column",
                size=words.SMALL, anchor="middle",
                mono=name.startswith("weight"), term=block.name,
            )
        )  # fmt: skip
        if vector:
            marks += _above(x, where, block, vector, t)
        x += block.length * block.width + block.apart
    return marks


def _above(
    x: float, where: rows.Rows, block: Columns, vector: Sequence[Number], t: int
) -> list[Mark]:
    """The vector that meets a block, each element over its column."""
    top, height = where.top - 30, 24
    role = TERMS[block.above].role
    middle = x + (block.length * block.width - 2) / 2
    marks: list[Mark] = [
        words.label(
            middle, top - 10, block.above, {"tensor": block.above},
            [f"{block.above}-{t}-*"], "column", anchor="middle", bold=True,
            mono=True, fill=role, term=block.above,
        )
    ]  # fmt: skip
    places = decimals(n.value for n in vector)
    end = max((abs(float(n.value)) for n in vector), default=0)
    for k, number in enumerate(vector):
        left, id = x + k * block.width, f"{block.above}-{t}-{k}"
        box = Box(
            left, top, block.width - 2, height, radius=3, stroke=role,
            term=block.above,
        )  # fmt: skip
        if block.printed:
            marks += [
                box,
                words.number(
                    left + block.width / 2 - 1, top + height / 2, number,
                    size=words.SMALL, places=places, room=5,
                    id=id, term=block.above,
                ),
            ]  # fmt: skip
        else:
            marks.append(
                box._replace(
                    id=id, fill=rows.shade(float(number.value), end),
                    bound=(Shade(number.expr, end),),
                )
            )  # fmt: skip
    return marks


def _made(t: int) -> list[str]:
    """Ids of what a row makes, for `rows.gutter`."""
    return [f"z-{t}-{{gate}}-{{unit}}", f"{{gate}}-{t}-{{unit}}"]


def _halves(
    subject: Subject, t: int, where: rows.Rows, top: float, space: float
) -> tuple[list[Mark], float]:
    """What the rows of each unit make, two units beside each other."""
    width = where.left + SUM + CURVE + GATE
    per_line = max(1, int((space + 6) / width))
    marks: list[Mark] = []
    bottom = top
    for k, unit in enumerate(where.units):
        across = k % per_line * (space + 6) / per_line
        if k and not k % per_line:
            top = bottom + 30
        own = where._replace(units=(unit,), top=top, height=26.0, apart=2.0)
        parts = [
            *rows.gutter(own, _made(t)),
            *_gates(subject, t, own, own.left),
        ]
        marks += [shift(mark, across, 0) for mark in parts]
        bottom = own.bottom
    return marks, bottom + 6


def _gates(subject: Subject, t: int, where: rows.Rows, x: float) -> list[Mark]:
    """Each row's sum, its function with this step's point, and its gate."""
    marks: list[Mark] = []
    heads: tuple[tuple[str, float, Anchor], ...] = (
        ("sum", x + SUM - 6, "end"),
        ("i, f, g, o", x + SUM + CURVE + (GATE - 4) / 2, "middle"),
    )
    for head, place, anchor in heads:
        lines, _ = words.paragraph(
            place, where.top - 20, sentence(head), 90, size=words.SMALL,
            anchor=anchor,
        )  # fmt: skip
        marks.append(lines)
    for gate, unit in where.each:
        y, paint = where.y(gate, unit), TERMS[gate].role
        z = subject.vector(f"z_{gate}", t)[unit]
        opened = subject.vector(gate, t)[unit]
        marks.append(
            words.number(
                x + SUM - 6, y, z, size=13, room=5, anchor="end",
                id=f"z-{t}-{gate}-{unit}", term=f"z_{gate}",
            )
        )  # fmt: skip
        marks += curves.curve(
            x + SUM + 2, y, z, opened, paint, tanh=gate == "g",
            id=f"{gate}-{t}-{unit}-point", term=gate,
        )  # fmt: skip
        left = x + SUM + CURVE
        marks += [
            Box(
                left, y - 12, GATE - 4, 24, radius=3, fill=tint(paint),
                id=f"{gate}-{t}-{unit}-cell", term=gate,
                bound=(Node(opened.expr),),
            ),
            words.number(
                left + (GATE - 4) / 2, y, opened, size=13, room=5, bold=True,
                id=f"{gate}-{t}-{unit}", term=gate,
            ),
        ]  # fmt: skip
    return marks


WORDS = {"keep": 35.0, "write": 52.0, "show": 69.0}
"""Where the words of each gauge stand in a panel, their middles."""
BARS = {"keep": 86.0, "write": 104.0, "show": 137.0}
"""The tops of the gauges; below two of them stands where they end."""


def _ribbons(
    where: rows.Rows, t: int, unit: int, x: float, corner: tuple[float, float]
) -> list[Mark]:
    """From each gate of a unit to where the unit uses it."""
    left, top = corner
    marks: list[Mark] = []
    for verb, (gate, operand) in USES.items():
        used = [gate, operand] if operand == "g" else [gate]
        for k, name in enumerate(used):
            y = top + WORDS[verb] + (5 * k - 2.5) * (len(used) > 1)
            marks += gauges.ribbon(
                (x, where.y(name, unit)), (left, y), TERMS[name].role,
                f"{name}-{t}-{unit}-cell", f"{name}-{t}-{unit}-again",
            )  # fmt: skip
    return marks


def _reach(values: Sequence[float]) -> tuple[int, int]:
    """Whole numbers around values, and around −1 and 1.

    >>> _reach([0.2, 2.1])
    (-1, 3)
    """
    finite = [v for v in values if np.isfinite(v)]
    low = math.floor(min([-1, *finite]) + 1e-3)
    high = math.ceil(max([1, *finite]) - 1e-3)
    return low, high


def _panel(
    subject: Subject, t: int, unit: int, width: float, x: float, y: float
) -> list[Mark]:
    """What one unit keeps, writes and shows."""
    value = {
        name: subject.vector(name, t)[unit]
        for name in ("c_prev", "i", "f", "g", "o", "c", "tanh_c")
    }
    projected = subject.weights.proj_size > 0
    value["h"] = (
        subject.product("o", "tanh_c", t)[unit]
        if projected
        else subject.vector("h", t)[unit]
    )
    value["kept"] = subject.product("f", "c_prev", t)[unit]
    number = {name: float(n.value) for name, n in value.items()}
    edge = number["kept"] + number["g"]
    low, high = _reach([number["c_prev"], number["c"], edge])
    scale = Scale(low, high, 12, width - 12)
    found = _waterfall(value, number, f"[{t}, 0, {unit}]", f"{t}-{unit}")
    marks: list[Mark] = [
        Box(0, 0, width, PANEL, radius=6, fill="panel", id=f"unit-{unit}"),
        words.label(
            9, 15, f"unit {unit}", {"unit": unit},
            [f"*-{t}-{unit}-again", f"c-{t}-{unit}", f"h-{t}-{unit}"],
            "block", fill="ink", bold=True,
        ),
    ]  # fmt: skip
    finite = bool(np.isfinite([*number.values(), edge]).all())
    if finite:
        marks += _axis(scale, low, high)
    for verb, one in found.items():
        marks += _said(verb, value, t, unit)
        marks += gauges.gauge(one, BARS[verb], scale)
    if finite:
        kept, c, shown = (
            scale(number[name]) for name in ("kept", "c", "tanh_c")
        )
        top, bottom = BARS["write"], BARS["write"] + gauges.BAR
        before = BARS["keep"] + gauges.BAR
        at = f"{t}-{unit}"
        marks += [
            gauges.link(
                (kept, before), (kept, top), f"keep-{at}", f"write-{at}"
            ),
            gauges.link(
                (c, bottom), (shown, BARS["show"]), f"write-{at}",
                f"show-{at}-there", by=(c, BARS["show"] - 3),
            ),
        ]  # fmt: skip
    for name, verb in (("c", "write"), ("h", "show")):
        marks += _result(
            "o·tanh c" if projected and name == "h" else name, value[name],
            BARS[verb] + gauges.BAR + 10, f"{name}-{t}-{unit}", unit, scale,
            width,
        )  # fmt: skip
    return [shift(mark, x, y) for mark in marks]


def _waterfall(
    value: dict[str, Number], number: dict[str, float], index: str, at: str
) -> dict[str, gauges.Gauge]:
    """The gauges of a unit, each of which begins where c stands."""
    kept = number["kept"]
    return {
        "keep": gauges.Gauge(
            0, number["c_prev"], kept, value["c_prev"].expr,
            value["kept"].expr, "muted", "gate-f", f"keep-{at}", "f c_prev",
        ),
        "write": gauges.Gauge(
            kept, kept + number["g"], number["c"],
            f"torch.stack([(f * c_prev){index}, (f * c_prev + g){index}])",
            f"torch.stack([(f * c_prev){index}, c{index}])",
            "gate-g", "gate-i", f"write-{at}", "i g",
        ),
        "show": gauges.Gauge(
            0, number["tanh_c"], number["h"], value["tanh_c"].expr,
            value["h"].expr, "muted", "gate-o", f"show-{at}", "o tanh_c",
        ),
    }  # fmt: skip


def _axis(scale: Scale, low: float, high: float) -> list[Mark]:
    """Lines behind the gauges, at 0 and at other whole numbers."""
    marks: list[Mark] = []
    for value in over_time.ticks(low, high, 5):
        place = scale(value)
        # Not behind the words that stand between the gauges.
        spans = (
            (BARS["keep"] - 3, BARS["write"] + gauges.BAR + 2),
            (BARS["show"] - 2, BARS["show"] + gauges.BAR + 2),
        )
        marks += [
            Path(
                tuple(
                    piece for top, bottom in spans
                    for piece in (("M", (place, top)), ("L", (place, bottom)))
                ),
                stroke="muted" if value == 0 else "rule", stroke_width=0.75,
            ),
            words.tick(place, PANEL - 10, over_time.said(value), "middle"),
        ]  # fmt: skip
    return marks


def _said(verb: str, value: dict[str, Number], t: int, unit: int) -> list[Mark]:
    """What a gauge does, as in `keep f 0.37 × c_prev −0.81`."""
    gate, operand = USES[verb]
    y = WORDS[verb]
    name = "tanh c" if operand == "tanh_c" else operand
    key = "gate" if operand == "g" else "tensor"
    ids = {n: f"{n}-{t}-{unit}-again" for n in (gate, operand)}
    first = words.label(
        8, y, f"{verb} {gate}", {"gate": gate, "unit": unit}, [ids[gate]],
        "row", size=words.SMALL, fill=TERMS[gate].role, bold=True, term=gate,
    )  # fmt: skip
    opened = _again(first, y, value[gate], ids[gate], gate)
    times = words.operator(opened.left + opened.width + 6.5, y, "×")
    second = words.label(
        times.x + 6.5, y, name, {key: operand, "unit": unit}, [ids[operand]],
        "row", size=words.SMALL, term=operand,
        fill=TERMS[operand].role if operand == "g" else "muted",
        bold=operand == "g",
    )  # fmt: skip
    last = _again(second, y, value[operand], ids[operand], operand)
    return [first, opened, times, second, last]


def _again(after: Text, y: float, value: Number, id: str, term: str) -> Text:
    """A number right of its label, which an arrow may end at."""
    number = words.number(
        after.left + after.width + 4, y, value, size=words.SMALL, room=5,
        anchor="start", id=id, term=term,
    )  # fmt: skip
    return number._replace(bound=(Node(value.expr),))


def _result(
    name: str,
    value: Number,
    y: float,
    id: str,
    unit: int,
    scale: Scale,
    width: float,
) -> list[Mark]:
    """What a gauge ends at, below that end, on the side away from 0."""
    tensor = "o*tanh_c" if "·" in name else name
    term = name if name in TERMS else "h"
    label = words.label(
        0, y, name, {"tensor": tensor, "unit": unit}, [id], "row",
        fill="ink", bold=True, term=term,
    )  # fmt: skip
    number = words.number(
        label.width + 4, y, value, size=words.SMALL, room=6, anchor="start",
        bold=True, id=id, term=term,
    )  # fmt: skip
    length = label.width + 4 + number.width
    end = scale(float(value.value)) if np.isfinite(value.value) else width / 2
    right, left = end + 5, end - 5 - length
    x = left if float(value.value) < 0 else right
    if not 6 <= x <= width - 6 - length:
        x = right if x == left else left
    x = min(max(6.0, x), width - 6 - length)
    return [shift(label, x, 0), shift(number, x, 0)]


def _head(
    subject: Subject,
    t: int,
    chosen: tuple[int, ...],
    blocks: list[Columns],
    whole: bool,
) -> Head:
    size, count = subject.weights.hidden_size, len(subject.steps)
    label = subject.label(t)
    projected = subject.weights.proj_size > 0
    notes = [
        sentence(
            "A dashed outline is what there is, the filled part what the gate "
            "lets through. A write begins where the keep ended: "
            f"c = f·c_prev + i·g, then {'' if projected else 'h = '}o·tanh c."
        )
    ]
    if whole:
        notes.append(sentence("Blue weights are positive, red ones negative."))
        if not np.all(subject.steps[t].x[0]):
            notes.append(
                sentence(
                    "Under an input of zero a weight adds nothing.",
                    claim=f"not x[{t}, 0].all()",
                )
            )
    if len(chosen) < size:
        notes.append(
            sentence(
                "{} of {} units are drawn.", (len(chosen), str(len(chosen))),
                (size, "c.shape[-1]"),
            )
        )  # fmt: skip
    if projected:
        notes.append(
            sentence(
                "What the units show is projected to h by weight_hr.",
                claim=f"{subject.variable}.proj_size > 0",
            )
        )
    if t + 1 < count:
        after = subject.label(t + 1)
        notes.append(
            sentence("Both c and h go on to step {}.", (after, str(after)))
        )
    return Head(
        sentence("An LSTM keeps, writes and shows"),
        sentence(
            "Weights and inputs make sums. σ turns them into gates, tanh into "
            "a new value g, and the gates decide how much of each bar is "
            "filled."
        ),
        provenance(subject, ("step {}", label, str(label))),
        tuple(notes),
        source(subject),
    )


def _description(
    subject: Subject, t: int, where: rows.Rows, blocks: list[Columns]
) -> str:
    """The step, told unit by unit, then row by row."""
    told = [f"Step {subject.label(t)}."]
    for unit in where.units:
        value = {
            name: text(subject.vector(name, t)[unit].value)
            for name in ("c_prev", "i", "f", "g", "o", "c", "tanh_c")
        }
        shown = text(subject.product("o", "tanh_c", t)[unit].value)
        told.append(
            f"Unit {unit} keeps {value['f']} of {value['c_prev']} and writes "
            f"{value['i']} of {value['g']}, so c becomes {value['c']}; it "
            f"shows {value['o']} of {value['tanh_c']}, which is {shown}."
        )
    told += [
        f"{block.above} is {spoken(subject.vector(block.above, t))}."
        for block in blocks
        if block.above
    ]
    for gate, unit in where.each:
        row = ", ".join(
            f"{block.name} "
            + spoken(block.value[gate, unit, k] for k in range(block.length))
            for block in blocks
        )
        z = text(subject.vector(f"z_{gate}", t)[unit].value)
        told.append(
            f"Gate {gate} of unit {unit}, row {where.row(gate, unit)}: {row}; "
            f"the sum is {z}."
        )
    return " ".join(told)
