"""The figure `keep-write-show`."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from ..layout import WIDE, words
from ..layout.cells import spoken
from ..layout.choice import MOST, units_of
from ..layout.motifs import curves, gauges, rows, waterfall
from ..layout.panels import arrow, round_arrow
from ..layout.provenance import provenance, source
from ..layout.room import inner
from ..model.lstm import GATES
from ..proof.bindings import Node, Scale, Sentence, Shade, sentence
from ..proof.digits import decimals, text
from ..proof.reference import Number
from ..proof.subject import Subject
from ..scene.marks import Anchor, Box, Mark, Path, shift
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES, TERMS
from ..scene.theme import tint

BETWEEN = 16.0
"""What is between panels."""
NARROWEST_WIDE = 480
"""Below this width what stands beside each other is close."""
AIRY, APART = 9.0, 10.0
"""The most that cells, and what is between blocks, are widened by."""
LOOP, NAMES = 14.0, 48.0
"""The room of the line that leads on, and of the names of the gates."""
LEAST_PANEL = 250.0
"""The least width of a unit's panel."""
HEAD, STRIP = 66.0, 26.0
"""The heights of what stands above the rows, and above the panels."""

BARS = dict(zip(("keep", "write", "show"), waterfall.TOPS, strict=True))
"""The tops of the gauges; below two of them stands where they end."""
USES = {"keep": ("f", "c_prev"), "write": ("i", "g"), "show": ("o", "tanh_c")}
"""What each gauge does: the gate, and what it is a part of."""


class Ends(NamedTuple):
    """The widths of a sum, of its curve and of a gate.

    Attributes:
        names: Of the name of a gate, 0 for none.
    """

    sum: float = 46.0
    curve: float = 29.0
    gate: float = 45.0
    names: float = 0.0

    @property
    def width(self) -> float:
        """Of all."""
        return sum(self)


LEAST, MOST_ENDS = Ends(), Ends(54.0, 58.0, 62.0, NAMES)


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


class Table(NamedTuple):
    """What stands above the units, from the weights to the gates.

    Attributes:
        where: The rows.
        blocks: The columns of weights, or of what they make.
        whole: Whether every weight has its column.
        marks: All of it.
        bottom: Where it ends.
        right: How far the units below it reach.
        beside: The room right of the gates.
    """

    where: rows.Rows
    blocks: list[Columns]
    whole: bool
    marks: list[Mark]
    bottom: float
    right: float
    beside: float


def keep_write_show(
    subject: Subject,
    room: float,
    *,
    step: int = 2,
    units: tuple[int, ...] = (),
    detail: Literal["all", "units"] = "all",
) -> Diagram:
    """All of one step: from the weights to what is kept, written and shown.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: Which step, counted from 1.
        units: The units that are drawn, by default all of up to 4, else the
            two whose c the step changes most.
        detail: How much of the step: `units` leaves out the weights, and the
            sums that they make.
    """
    t = subject.at(step)
    now = subject.steps[t]
    change = abs(now.c[0] - now.c_prev[0])
    chosen = units_of(subject, tuple(sorted(units)), change, MOST)
    where = rows.Rows(
        chosen, subject.weights.hidden_size, close=room < NARROWEST_WIDE
    )
    space = inner(room)
    table = (
        _table(subject, t, where, space)
        if detail == "all"
        else Table(where, [], False, [], -8, space, 0)
    )
    marks, y, right = table.marks, table.bottom, table.right
    per_line = _per_line(len(chosen), right)
    goes_on = t + 1 < len(subject.steps)
    looped = (
        goes_on
        and table.whole
        and per_line == len(chosen)
        and table.beside >= LOOP
    )
    y += STRIP if looped else 8
    if looped:
        marks += _loop(
            subject, t, table.where, table.blocks, right, y, per_line
        )
    panels, y = _panels(subject, t, chosen, y, right, per_line)
    marks += panels
    if goes_on and not looped:
        said, y = words.paragraph(
            right / 2, y + 8, _on(subject, t), right, size=words.SMALL,
            anchor="middle",
        )  # fmt: skip
        marks.append(said)
    return Diagram(
        _head(subject, t, chosen, table),
        _description(subject, t, table),
        space,
        y,
        tuple(marks),
        room,
    )


def _table(subject: Subject, t: int, where: rows.Rows, space: float) -> Table:
    """The rows of the units, and the gates beside or below them."""
    blocks, whole = _blocks(subject, t, where, space)
    table = where.left + _width(blocks)
    together = table + LEAST.width <= space
    where = where._replace(
        top=(HEAD if together else 50.0) if whole else 26.0,
        height=28.0 if together else 30.0, apart=10.0 if together else 8.0,
    )  # fmt: skip
    marks = _weights(subject, t, where, blocks, _made(t) * together)
    y = where.bottom + (22 if blocks[-1].printed else 36)
    ends = _ends(space - table)
    right = space
    if together:
        marks += _gates(subject, t, where, table, ends)
        if len(where.units) == 1:
            beside = max(LEAST_PANEL, table + ends.width + LOOP)
            right = min(space, beside)
    else:
        made, y = _halves(subject, t, where, y + 30, space)
        marks += made
    return Table(
        where, blocks, whole, marks, y, right, right - table - ends.width
    )


def _ends(spare: float) -> Ends:
    """What stands right of the weights, as wide as there is room for."""
    spare -= LEAST.width + LOOP + NAMES
    if spare < -0.5:
        return LEAST
    share = min(1.0, max(0.0, spare) / (MOST_ENDS.width - NAMES - LEAST.width))
    widths = [
        least + share * (most - least)
        for least, most in zip(LEAST, MOST_ENDS, strict=True)
    ]
    return Ends(*widths)._replace(names=NAMES)


def _per_line(count: int, space: float) -> int:
    """How many panels stand beside each other."""
    most = max(1, int((space + BETWEEN) / (LEAST_PANEL + BETWEEN)))
    return -(-count // -(-count // most))


def _panels(
    subject: Subject,
    t: int,
    chosen: tuple[int, ...],
    y: float,
    space: float,
    per_line: int,
) -> tuple[list[Mark], float]:
    """The units in lines below the rows, and their bottom."""
    width = (space - BETWEEN * (per_line - 1)) / per_line
    marks: list[Mark] = []
    for k, unit in enumerate(chosen):
        down, across = divmod(k, per_line)
        corner = (
            across * (width + BETWEEN),
            y + down * (waterfall.HEIGHT + BETWEEN),
        )
        marks += _panel(subject, t, unit, width, *corner)
    lines = -(-len(chosen) // per_line)
    return marks, y + lines * (waterfall.HEIGHT + BETWEEN) - BETWEEN


def _loop(
    subject: Subject,
    t: int,
    where: rows.Rows,
    blocks: list[Columns],
    right: float,
    top: float,
    count: int,
) -> list[Mark]:
    """A line from the panels back to where the next step reads h."""
    met = next(k for k, b in enumerate(blocks) if b.above == "h_prev")
    block = blocks[met]
    x = where.left + _width(blocks[: met + 1]) - block.apart + 3
    y = where.top - 37
    over, edge = top - 13, right - 1
    width = (right - BETWEEN * (count - 1)) / count
    marks: list[Mark] = [
        Path(
            (("M", (end, over)), ("L", (end, top))), stroke="muted",
            stroke_width=1.5,
        )
        for k in range(1, count)
        for end in [(k + 0.5) * (width + BETWEEN) - BETWEEN]
    ]  # fmt: skip
    said, _ = words.paragraph(
        (x + edge) / 2 + 4, y - 20, _on(subject, t), edge - x,
        size=words.SMALL, anchor="middle",
    )  # fmt: skip
    return [
        *marks,
        round_arrow(
            (width / 2, top), (width / 2, over), (edge, over), (edge, y),
            (x, y), paint="muted",
        ),
        said,
    ]  # fmt: skip


def _on(subject: Subject, t: int) -> Sentence:
    """Where c and h go from here."""
    after = subject.label(t + 1)

    same = (
        f"torch.allclose({subject.vector(past, t + 1).of}, "
        f"{subject.vector(name, t).of}, equal_nan=True)"
        for name, past in (("h", "h_prev"), ("c", "c_prev"))
    )
    return sentence(
        "h and c go on to step {} as h_prev and c_prev", (after, str(after)),
        claim=" and ".join(same),
    )  # fmt: skip


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
    for beside in (LEAST.width + LOOP + NAMES, LEAST.width):
        if spare >= beside:
            spare -= beside
            break
    else:
        # Nothing stands right of them, so no space is needed there.
        spare += blocks[-1].apart + 2
    count = sum(b.length for b in blocks)
    more = min(AIRY, max(0.0, spare) / count)
    spare -= count * more + MOST_ENDS.width - LEAST.width - NAMES
    apart = min(APART, max(0.0, spare) / len(blocks))
    return [
        b._replace(width=b.width + more, apart=b.apart + apart * (b.apart > 0))
        for b in blocks
    ]


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
    found = []
    for name in ("ih", "hh"):
        values = subject.vector(name, t)
        value = {
            (gate, unit, 0): values[where.row(gate, unit)]
            for gate, unit in where.each
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
            numbers=block.printed, faint=_met_by_zero(vector),
        )  # fmt: skip
        middle = x + (block.length * block.width - 2) / 2
        # Names of narrow columns are short, and every second one is lower.
        name = block.label if block.printed else TERMS[block.name].symbol
        below = where.bottom + 11 + 14 * (k % 2 and not block.printed)
        marks.append(
            words.label(
                middle, below, name,
                {"tensor": block.name}, [f"{block.name}-*-*"], "column",
                style=words.FINE_CODE if name.startswith("weight")
                else words.FINE,
                anchor="middle", term=block.name,
            )
        )  # fmt: skip
        if vector:
            marks += _above(x, where, block, vector, t)
        x += block.length * block.width + block.apart
    return marks


def _met_by_zero(vector: Sequence[Number]) -> list[int]:
    """The columns to which a vector brings nothing."""
    return [k for k, number in enumerate(vector) if number.value == 0]


def _above(
    x: float, where: rows.Rows, block: Columns, vector: Sequence[Number], t: int
) -> list[Mark]:
    """The vector that meets a block, each element over its column."""
    airy = where.top >= HEAD
    top, height = where.top - (49 if airy else 30), 24
    role = TERMS[block.above].role
    middle = x + (block.length * block.width - 2) / 2
    marks: list[Mark] = [
        words.label(
            middle, top - 10, block.above, {"tensor": block.above},
            [f"{block.above}-{t}-*"], "column", anchor="middle",
            style=words.STRONG_CODE, fill=role, term=block.above,
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
        if airy:
            middle = left + block.width / 2 - 1
            marks.append(
                arrow(
                    (middle, top + height + 3), (middle, where.top - 4)
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
    width = where.left + LEAST.width
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
            *_gates(subject, t, own, own.left, LEAST),
        ]
        marks += [shift(mark, across, 0) for mark in parts]
        bottom = own.bottom
    return marks, bottom + 6


def _gates(
    subject: Subject, t: int, where: rows.Rows, x: float, ends: Ends
) -> list[Mark]:
    """Each row's sum, its function with this step's point, and its gate."""
    marks: list[Mark] = []
    after = x + ends.sum
    left = after + ends.curve
    width = ends.gate - 4
    heads: tuple[tuple[str, float, Anchor], ...] = (
        ("sum", after - 6, "end"),
        ("i, f, g, o", left + width / 2, "middle"),
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
                after - 6, y, z, size=13, room=5, anchor="end",
                id=f"z-{t}-{gate}-{unit}", term=f"z_{gate}",
            )
        )  # fmt: skip
        marks += curves.curve(
            after + 2 + (ends.curve - 29) / 4, y, z, opened, paint,
            tanh=gate == "g", id=f"{gate}-{t}-{unit}-point", term=gate,
            width=curves.WIDTH + (ends.curve - 29) / 2,
        )  # fmt: skip
        marks += [
            Box(
                left, y - 12, width, 24, radius=3, fill=tint(paint),
                id=f"{gate}-{t}-{unit}-cell", term=gate,
                bound=(Node(opened.expr),),
            ),
            words.number(
                left + width / 2, y, opened, size=13, room=5, bold=True,
                id=f"{gate}-{t}-{unit}", term=gate,
            ),
        ]  # fmt: skip
    for gate in GATES * bool(ends.names):
        ids = [f"{gate}-{t}-{unit}" for unit in where.units]
        span = [where.y(gate, unit) for unit in where.units]
        marks.append(
            words.label(
                left + width + 6, sum(span) / len(span), GATE_NAMES[gate].name,
                {"gate": gate}, ids, "band", style=words.FINE,
                fill=TERMS[gate].role, term=gate,
            )
        )  # fmt: skip
    return marks


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
    product = subject.product("f", "c_prev", t)
    value["kept"] = product[unit]
    number = {name: float(n.value) for name, n in value.items()}
    value["edge"] = (product + subject.vector("g", t))[unit]
    edge = number["kept"] + number["g"]
    low, high = waterfall.reach([number["c_prev"], number["c"], edge])
    scale = Scale(low, high, waterfall.SIDES[0], width - waterfall.SIDES[1])
    found = _waterfall(value, number, f"{t}-{unit}")
    marks: list[Mark] = [
        waterfall.ground(width, waterfall.HEIGHT, f"unit-{unit}"),
        words.label(
            10, 17, f"unit {unit}", {"unit": unit},
            [f"*-{t}-{unit}-again", f"c-{t}-{unit}", f"h-{t}-{unit}"],
            "block", style=words.STRONG,
        ),
    ]  # fmt: skip
    finite = bool(np.isfinite([*number.values(), edge]).all())
    if finite:
        marks += waterfall.axis(scale, apart=True)
    for verb, one in found.items():
        use = _use(verb, value, t, unit, one)
        marks += waterfall.said(use, BARS[verb], width - 10)
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
                f"show-{at}-there", by=(c, BARS["show"] - 5),
            ),
        ]  # fmt: skip
    for name, verb in (("c", "write"), ("h", "show")):
        text = "o·tanh c" if projected and name == "h" else name
        ended = waterfall.Named(
            text, {"tensor": "o*tanh_c" if "·" in text else text, "unit": unit},
            value[name], f"{name}-{t}-{unit}", name, "ink",
        )  # fmt: skip
        marks += waterfall.result(ended, BARS[verb], scale, width)
    return [shift(mark, x, y) for mark in marks]


def _use(
    verb: str, value: dict[str, Number], t: int, unit: int, one: gauges.Gauge
) -> waterfall.Use:
    """A gauge with what is said beside it."""

    def named(name: str) -> waterfall.Named:
        is_gate = name in GATES
        return waterfall.Named(
            "tanh c" if name == "tanh_c" else name,
            {"gate" if is_gate else "tensor": name, "unit": unit},
            value[name],
            f"{name}-{t}-{unit}-again",
            name,
            TERMS[name].role if is_gate else "muted",
        )

    gate, operand = USES[verb]
    return waterfall.Use(verb, named(gate), named(operand), one)


def _waterfall(
    value: dict[str, Number], number: dict[str, float], at: str
) -> dict[str, gauges.Gauge]:
    """The gauges of a unit, each of which begins where c stands."""
    kept, of = number["kept"], value["kept"].expr
    return {
        "keep": gauges.Gauge(
            0, number["c_prev"], kept, value["c_prev"].expr,
            value["kept"].expr, "muted", "gate-f", f"keep-{at}", "f c_prev",
        ),
        "write": gauges.Gauge(
            kept, kept + number["g"], number["c"],
            f"torch.stack([{of}, {value['edge'].expr}])",
            f"torch.stack([{of}, {value['c'].expr}])",
            "gate-g", "gate-i", f"write-{at}", "i g",
        ),
        "show": gauges.Gauge(
            0, number["tanh_c"], number["h"], value["tanh_c"].expr,
            value["h"].expr, "muted", "gate-o", f"show-{at}", "o tanh_c",
        ),
    }  # fmt: skip


def _head(
    subject: Subject, t: int, chosen: tuple[int, ...], table: Table
) -> Head:
    size = subject.weights.hidden_size
    label = subject.label(t)
    projected = subject.weights.proj_size > 0
    notes = [
        sentence(
            "Dashed is what there is, filled what the gate lets through; a "
            "write begins where the keep ended."
        )
    ]
    if table.whole:
        met = [block.above for block in table.blocks if block.above]
        zeros = [n for n in met if not np.all(getattr(subject.steps[t], n)[0])]
        notes.append(
            sentence(
                "Blue weights are positive, red ones negative; pale ones meet "
                "a zero and add nothing.",
                claim=" or ".join(f"not {n}[{t}, 0].all()" for n in zeros),
            )
            if zeros
            else sentence("Blue weights are positive, red ones negative.")
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
    return Head(
        sentence("An LSTM keeps, writes and shows"),
        sentence(
            "Weighted inputs make sums; σ makes gates of them, tanh a new "
            "value g, and the gates fill the bars."
        )
        if table.blocks
        else sentence("A gate says how much of its bar is filled."),
        provenance(subject, ("step {}", label, str(label))),
        tuple(notes),
        source(subject),
    )


def _description(subject: Subject, t: int, table: Table) -> str:
    """The step, told unit by unit, then row by row."""
    told = [f"Step {subject.label(t)}."]
    for unit in table.where.units:
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
        for block in table.blocks
        if block.above
    ]
    for gate, unit in table.where.each if table.blocks else ():
        row = ", ".join(
            f"{block.name} "
            + spoken(block.value[gate, unit, k] for k in range(block.length))
            for block in table.blocks
        )
        z = text(subject.vector(f"z_{gate}", t)[unit].value)
        told.append(
            f"Gate {gate} of unit {unit}, row {table.where.row(gate, unit)}: "
            f"{row}; the sum is {z}."
        )
    return " ".join(told)
