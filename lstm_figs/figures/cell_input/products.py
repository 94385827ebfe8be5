"""One unit: its four rows of weights, every product, the sums and the gates."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ...layout import words
from ...layout.excerpts import Excerpt, excerpt
from ...layout.motifs import curves, weight_rows
from ...layout.unit_choice import largest_claim
from ...model.layer_run import Subject
from ...model.lstm import GATES
from ...model.reference import Number
from ...proof.bindings import Shade, sentence
from ...proof.digits import decimals, text
from ...scene.marks import Box, Mark, Path, Text, bounds
from ...scene.terms import GATE_NAMES, TERMS
from ...scene.theme import tint
from .parts import VECTOR_HEIGHT, Body

ROW_HEIGHT = 50.0
"""The height of a row: a weight, and its product below it."""
ROWS_TOP = 66.0
"""The height of the headings above the rows."""
SUM_WIDTH, CURVE_WIDTH, GATE_WIDTH = 58.0, 34.0, 50.0
"""The widths of a sum, of its activation curve and of a gate."""
MAX_PRODUCTS = 4
"""If not all products fit, at most this many columns are drawn for a vector."""


class Part(NamedTuple):
    """One of the two products of a row, as columns.

    Attributes:
        name: `ih` or `hh`.
        vector: The vector that the weights are multiplied by.
        visible: The elements whose products are written out.
    """

    name: str
    vector: str
    visible: Excerpt

    @property
    def columns(self) -> int:
        """The number of columns; one for all elements that are left out."""
        return len(self.visible.indices) + self.visible.is_folded


def body(subject: Subject, t: int, unit: int, space: float, *, close: bool) -> Body:
    """Four rows of products that end in gates; four columns in a narrow figure."""
    parts = _parts(subject, t, unit)
    draw = _columns if close else _rows
    marks, height = draw(subject, t, unit, parts, space)
    sentences = [f"Step {subject.step_number(t)}, unit {unit}"]
    sentences += _sentences(subject, t, unit, parts)
    notes = []
    if not close:
        notes.append(sentence("Blue weights are positive, red ones negative."))
    if any(p.visible.is_folded for p in parts):
        notes.append(
            sentence(
                "Written out are the products that are largest for any of "
                "the gates; the others are added up.",
                claim=" and ".join(
                    largest_claim(_sizes(subject, t, unit, p), p.visible.indices)
                    for p in parts
                    if p.visible.is_folded
                ),
            )
        )
    return Body(marks, height, sentences, notes)


def _rows(
    subject: Subject, t: int, unit: int, parts: Sequence[Part], space: float
) -> tuple[list[Mark], float]:
    """Four rows of weights, with their products below them."""
    rows = weight_rows.Rows(
        (unit,), subject.weights.hidden_size, top=ROWS_TOP, height=ROW_HEIGHT, gap=6
    )
    has_bias = subject.weights.bias_ih is not None
    ends = SUM_WIDTH + CURVE_WIDTH + GATE_WIDTH
    count = sum(p.columns for p in parts) + (2 if has_bias else 0)
    column_width = min(66.0, (space - rows.left - ends - 16) / count)
    marks: list[Mark] = _gutter(rows, t)
    x = rows.left
    for part in parts:
        marks += _part(subject, t, rows, part, x, column_width)
        x += part.columns * column_width + 8
    if has_bias:
        marks += _biases(subject, rows, x, column_width)
        x += 2 * column_width
    marks += _row_ends(subject, t, rows, min(x + 8, space - ends))
    return marks, rows.bottom


LINE_PITCH, HEADINGS_HEIGHT = 24.0, 46.0
"""From one addend to the next, and the height of the headings."""


def _columns(
    subject: Subject, t: int, unit: int, parts: Sequence[Part], space: float
) -> tuple[list[Mark], float]:
    """Four columns of products, added up from top to bottom."""
    left, column_width = 92.0, (space - 84) / 4
    middles = {g: left + (k + 0.5) * column_width for k, g in enumerate(GATES)}
    gate_rows = {gate: subject.weights.row(gate, unit) for gate in GATES}
    marks: list[Mark] = []
    y = HEADINGS_HEIGHT
    for part in parts:
        part_products = {g: products(subject, t, row, part) for g, row in gate_rows.items()}
        values = subject.vector(part.vector, t)
        letter, key = ("x", "input") if part.name == "ih" else ("h", "unit")
        point = _decimals(values, part)
        for line in range(part.columns):
            k = (*part.visible.indices, "others")[line]
            ids = [f"{part.name}-{gate}-{k}" for gate in GATES]
            if isinstance(k, int):
                first = f"{part.vector}-{t}-{k}"
                marks += [
                    words.label(
                        0,
                        y,
                        f"{letter}[{k}]",
                        {key: k},
                        [first, *ids],
                        "row",
                        style=words.FINE_CODE,
                    ),
                    point.number(
                        66, y, values[k], size=words.SMALL, max_chars=6, id=first, term=part.vector
                    ),
                ]
            else:
                more, _ = words.paragraph(
                    0,
                    y - words.LINE * words.SMALL / words.NOTE / 2,
                    sentence("{} more", (part.visible.left_out, _left_out(part, t))),
                    80,
                    size=words.SMALL,
                )
                marks.append(more)
            marks += _line(
                {g: part_products[g][line] for g in GATES},
                middles,
                y,
                {g: f"{part.name}-{g}-{k}" for g in GATES},
                part.name,
            )
            y += LINE_PITCH
        y += 6
    for name in ("bias_ih", "bias_hh"):
        if subject.weights.bias_ih is None:
            break
        numbers = {g: subject.parameter(name, r) for g, r in gate_rows.items()}
        of = {g: f"{name}-{row}" for g, row in gate_rows.items()}
        marks.append(
            words.label(
                0,
                y,
                TERMS[name].symbol,
                {"tensor": name},
                [*of.values()],
                "row",
                style=words.FINE,
                term=name,
            )
        )
        marks += _line(numbers, middles, y, of, name)
        y += LINE_PITCH
    results = _results(subject, t, unit, middles, y + 10)
    # The line above the sums is as wide as the numbers.
    texts = [mark for mark in (*marks, *results) if isinstance(mark, Text)]
    right = bounds(texts).right
    marks.append(Path((("M", (0, y - 8)), ("L", (right, y - 8))), stroke="ink"))
    marks += results
    marks += _heads(gate_rows, middles, t, unit)
    return marks, y + 74


def _line(
    numbers: Mapping[str, Number],
    middles: Mapping[str, float],
    y: float,
    ids: Mapping[str, str],
    term: str,
) -> list[Mark]:
    """A row with one addend for each gate."""
    point = words.Decimals.of(numbers.values(), 5)
    return [
        point.number(
            middles[gate],
            y,
            number,
            size=words.SMALL,
            max_chars=5,
            id=ids[gate],
            term=f"{term} {gate}",
        )
        for gate, number in numbers.items()
    ]


def _heads(
    gate_rows: Mapping[str, int], middles: Mapping[str, float], t: int, unit: int
) -> list[Mark]:
    """The heading of each column: a gate, and its row of the weights."""
    marks: list[Mark] = []
    for gate, row in gate_rows.items():
        paint = TERMS[gate].role
        number_ids = [f"ih-{gate}-*", f"hh-{gate}-*", f"z_{gate}-{t}-{unit}", f"{gate}-{t}-{unit}"]
        marks += [
            words.label(
                middles[gate],
                8,
                gate,
                {"gate": gate},
                number_ids,
                "column",
                style=words.GATE,
                fill=paint,
                anchor="middle",
                term=gate,
            ),
            words.label(
                middles[gate],
                25,
                f"row {row}",
                {"row": row},
                number_ids,
                "column",
                style=words.FINE,
                anchor="middle",
            ),
        ]
    return marks


def _results(
    subject: Subject, t: int, unit: int, middles: Mapping[str, float], y: float
) -> list[Mark]:
    """The sums, their activation curves, and the gates."""
    z = {g: subject.vector(f"z_{g}", t)[unit] for g in GATES}
    point = words.Decimals.of(z.values(), 5)
    marks: list[Mark] = []
    for head, level in (("z", y), ("gate", y + 48)):
        lines, _ = words.paragraph(0, level - words.LINE / 2, sentence(head), 60, size=words.LABEL)
        marks.append(lines)
    for gate, middle in middles.items():
        paint, opened = TERMS[gate].role, subject.vector(gate, t)[unit]
        marks += [
            point.number(
                middle,
                y,
                z[gate],
                size=words.SMALL,
                max_chars=5,
                bold=True,
                id=f"z_{gate}-{t}-{unit}",
                term=f"z_{gate}",
            ),
            *curves.activation_curve(
                middle - curves.WIDTH / 2,
                y + 22,
                z[gate],
                opened,
                paint,
                tanh=GATE_NAMES[gate].function == "tanh",
                id=f"{gate}-{t}-{unit}-point",
                term=gate,
            ),
            Box(middle - 24, y + 36, 48, 24, radius=4, fill=tint(paint), term=gate),
            words.number(
                middle,
                y + 48,
                opened,
                size=words.SMALL,
                max_chars=5,
                bold=True,
                id=f"{gate}-{t}-{unit}",
                term=gate,
            ),
        ]
    return marks


def _sizes(subject: Subject, t: int, unit: int, part: Part) -> str:
    """The expression for the largest product of each column in the four rows."""
    size = subject.weights.hidden_size
    gate_rows = [unit + k * size for k in range(len(GATES))]
    name = subject.parameter_name(f"weight_{part.name}")
    weight = f"{subject.variable}.{name}[{gate_rows}]"
    return f"({weight} * {part.vector}[{t}, 0]).abs().amax(0)"


def _parts(subject: Subject, t: int, unit: int) -> list[Part]:
    """Both parts, with all products if they fit, else with the largest ones."""
    weights, step = subject.weights, subject.steps[t]
    all_fit = weights.input_size + weights.size <= 9
    parts = []
    chosen = [weights.row(gate, unit) for gate in GATES]
    for name, vector in (("ih", "x"), ("hh", "h_prev")):
        array = weights.parameters()[f"weight_{name}"]
        with np.errstate(all="ignore"):
            sizes = abs(array[chosen] * getattr(step, vector)[0]).max(0)
        count = array.shape[1]
        if all_fit or count <= MAX_PRODUCTS:
            visible = excerpt(count, max_unfolded=count)
        else:
            order = np.argsort(-np.nan_to_num(sizes, nan=np.inf, posinf=np.inf), kind="stable")
            visible = Excerpt(count, tuple(sorted(order[: MAX_PRODUCTS - 1].tolist())))
        parts.append(Part(name, vector, visible))
    return parts


def _gutter(rows: weight_rows.Rows, t: int) -> list[Mark]:
    """The letter, the bar and the row of each gate, left of its products."""
    marks: list[Mark] = []
    for gate, unit in rows.gate_unit_pairs:
        y, row = rows.y(gate, unit), rows.row(gate, unit)
        paint = TERMS[gate].role
        ids = [
            f"weight_ih-{row}-*",
            f"weight_hh-{row}-*",
            f"ih-{gate}-*",
            f"hh-{gate}-*",
            f"z_{gate}-{t}-{unit}",
            f"{gate}-{t}-{unit}",
        ]
        marks += [
            words.label(
                6,
                y,
                gate,
                {"gate": gate},
                ids,
                "band",
                style=words.GATE,
                fill=paint,
                anchor="middle",
                term=gate,
            ),
            Box(14, y - ROW_HEIGHT / 2 + 2, 3, ROW_HEIGHT - 4, radius=1.5, fill=paint, term=gate),
            words.label(
                rows.left - 5,
                y,
                str(row),
                {"row": row},
                ids,
                "band",
                style=words.FINE,
                anchor="end",
            ),
        ]
    return marks


def _part(
    subject: Subject, t: int, rows: weight_rows.Rows, part: Part, x: float, column_width: float
) -> list[Mark]:
    """A vector at the top, and below it its weights and products."""
    name, vector = part.name, part.vector
    key, letter = ("input", "x") if name == "ih" else ("unit", "h")
    values = subject.vector(vector, t)
    point = _decimals(values, part)
    span = len(part.visible.indices) * column_width - 2
    role = TERMS[vector].role
    marks: list[Mark] = [
        words.label(
            x + span / 2,
            8,
            vector,
            {"tensor": vector},
            [f"{vector}-{t}-*"],
            "column",
            anchor="middle",
            style=words.STRONG,
            fill=role,
            term=vector,
        )
    ]
    for column, k in enumerate(part.visible.indices):
        middle = x + (column + 0.5) * column_width - 1
        ids = [f"{vector}-{t}-{k}", f"weight_{name}-*-{k}", f"{name}-*-{k}"]
        marks += [
            words.label(
                middle,
                25,
                f"{letter}[{k}]",
                {key: k},
                ids,
                "column",
                style=words.FINE_CODE,
                anchor="middle",
            ),
            Box(
                x + column * column_width,
                36,
                column_width - 2,
                VECTOR_HEIGHT,
                radius=4,
                stroke=role,
                term=vector,
            ),
            point.number(
                middle,
                36 + VECTOR_HEIGHT / 2,
                values[k],
                size=words.SMALL,
                max_chars=6,
                id=f"{vector}-{t}-{k}",
                term=vector,
            ),
        ]
    if part.visible.is_folded:
        more, _ = words.paragraph(
            x + (part.columns - 0.5) * column_width - 1,
            36 + VECTOR_HEIGHT / 2 - words.LINE,
            sentence("{} more", (part.visible.left_out, _left_out(part, t))),
            column_width - 14,
            size=words.SMALL,
            anchor="middle",
        )
        marks.append(more)
    for gate, unit in rows.gate_unit_pairs:
        marks += _products(subject, t, rows, part, (gate, unit), x, column_width)
    return marks


def _decimals(values: Sequence[Number], part: Part) -> words.Decimals:
    numbers = [values[k] for k in part.visible.indices]
    return words.Decimals.of(numbers, 6, decimals(n.value for n in numbers))


def _left_out(part: Part, t: int) -> str:
    return f"len({part.vector}[{t}, 0]) - {len(part.visible.indices)}"


def _products(
    subject: Subject,
    t: int,
    rows: weight_rows.Rows,
    part: Part,
    pair: tuple[str, int],
    x: float,
    column_width: float,
) -> list[Mark]:
    """The weights of a row on coloured cells, and each product below."""
    gate, unit = pair
    name, row, y = part.name, rows.row(gate, unit), rows.y(gate, unit)
    end = _colour_end(subject, unit)
    weights = [subject.parameter(f"weight_{name}", row, k) for k in part.visible.indices]
    row_products = products(subject, t, row, part)
    points = words.Decimals.of(weights, 5), words.Decimals.of(row_products, 5)
    ids = [f"{name}-{gate}-{k}" for k in part.visible.indices]
    if part.visible.is_folded:
        ids.append(f"{name}-{gate}-others")
    marks: list[Mark] = []
    for column, weight in enumerate(weights):
        left = x + column * column_width
        id = f"weight_{name}-{row}-{part.visible.indices[column]}"
        marks += [
            Box(
                left,
                y - ROW_HEIGHT / 2 + 2,
                column_width - 2,
                22,
                radius=3,
                fill=weight_rows.shade(float(weight.value), end),
                id=f"{id}-cell",
                term=f"weight_{name} {gate}",
                bound=(Shade(weight.expr, end),),
            ),
            points[0].number(
                left + column_width / 2 - 1,
                y - ROW_HEIGHT / 2 + 13,
                weight,
                size=words.SMALL,
                max_chars=5,
                id=id,
                term=f"weight_{name} {gate}",
            ),
        ]
    marks += [
        points[1].number(
            x + (column + 0.5) * column_width - 1,
            y + 10,
            product,
            size=words.SMALL,
            max_chars=5,
            id=id,
            term=f"{name} {gate}",
        )
        for column, (product, id) in enumerate(zip(row_products, ids, strict=True))
    ]
    return marks


def products(subject: Subject, t: int, row: int, part: Part) -> list[Number]:
    """The visible products of a row, then the sum of the others if there are any."""
    weights = subject.row(f"weight_{part.name}", row)
    values = subject.vector(part.vector, t)
    numbers = [weights[k] * values[k] for k in part.visible.indices]
    if part.visible.is_folded:
        left_out = list(part.visible.indices)
        with np.errstate(all="ignore"):
            all_products = weights.values * values.values
            others = np.delete(all_products, left_out).sum()
        numbers.append(
            Number(
                others,
                f"({weights.of * values.of}).index_fill(0, torch.tensor({left_out}), 0).sum()",
                subject.steps[t].scale,
            )
        )
    return numbers


def _colour_end(subject: Subject, unit: int) -> float:
    """The largest magnitude in the four rows, which has the strongest colour."""
    chosen = [subject.weights.row(gate, unit) for gate in GATES]
    maximum = 0.0
    for name, array in subject.weights.parameters().items():
        if name != "weight_hr":
            values = array[chosen]
            finite = abs(values[np.isfinite(values)])
            maximum = max(maximum, float(finite.max()) if finite.size else 0.0)
    return maximum or 1.0


def _biases(subject: Subject, rows: weight_rows.Rows, x: float, column_width: float) -> list[Mark]:
    """Two columns of biases, at the height of the products they are added to."""
    end = _colour_end(subject, rows.units[0])
    marks: list[Mark] = []
    for k, name in enumerate(("bias_ih", "bias_hh")):
        left = x + k * column_width
        values = {pair: subject.parameter(name, rows.row(*pair)) for pair in rows.gate_unit_pairs}
        point = words.Decimals.of(values.values(), 5)
        marks.append(
            words.label(
                left + column_width / 2 - 1,
                36 + VECTOR_HEIGHT / 2,
                TERMS[name].symbol,
                {"tensor": name},
                [f"{name}-*"],
                "column",
                anchor="middle",
                style=words.STRONG,
                term=name,
            )
        )
        for (gate, unit), value in values.items():
            y = rows.y(gate, unit)
            id = f"{name}-{rows.row(gate, unit)}"
            marks += [
                Box(
                    left,
                    y + ROW_HEIGHT / 2 - 26,
                    column_width - 2,
                    22,
                    radius=3,
                    fill=weight_rows.shade(float(value.value), end),
                    id=f"{id}-cell",
                    term=f"{name} {gate}",
                    bound=(Shade(value.expr, end),),
                ),
                point.number(
                    left + column_width / 2 - 1,
                    y + 10,
                    value,
                    size=words.SMALL,
                    max_chars=5,
                    id=id,
                    term=f"{name} {gate}",
                ),
            ]
    return marks


def _row_ends(subject: Subject, t: int, rows: weight_rows.Rows, x: float) -> list[Mark]:
    """The sum of each row, its activation curve, and its gate."""
    unit = rows.units[0]
    z = [subject.vector(f"z_{gate}", t)[unit] for gate in GATES]
    point = words.Decimals.of(z, 6)
    low, y_head = 10.0, rows.top - 20
    marks: list[Mark] = []
    heads = (("z", x + SUM_WIDTH / 2 + 4), ("gate", x + SUM_WIDTH + CURVE_WIDTH + GATE_WIDTH / 2))
    for head, place in heads:
        lines, _ = words.paragraph(
            place, y_head - words.LINE / 2, sentence(head), 80, size=words.LABEL, anchor="middle"
        )
        marks.append(lines)
    for gate, value in zip(GATES, z, strict=True):
        y = rows.y(gate, unit) + low
        paint = TERMS[gate].role
        opened = subject.vector(gate, t)[unit]
        left = x + SUM_WIDTH + CURVE_WIDTH
        marks += [
            words.operator(x + 8, y, "="),
            point.number(
                x + SUM_WIDTH / 2 + 8,
                y,
                value,
                size=words.LABEL,
                max_chars=6,
                id=f"z_{gate}-{t}-{unit}",
                term=f"z_{gate}",
            ),
            *curves.activation_curve(
                x + SUM_WIDTH + 6,
                y,
                value,
                opened,
                paint,
                tanh=GATE_NAMES[gate].function == "tanh",
                id=f"{gate}-{t}-{unit}-point",
                term=gate,
            ),
            Box(left + 2, y - 13, GATE_WIDTH - 2, 26, radius=4, fill=tint(paint), term=gate),
            words.number(
                left + GATE_WIDTH / 2 + 1,
                y,
                opened,
                size=words.NUMBER,
                max_chars=5,
                bold=True,
                id=f"{gate}-{t}-{unit}",
                term=gate,
            ),
        ]
    return marks


def _sentences(subject: Subject, t: int, unit: int, parts: Sequence[Part]) -> list[str]:
    sentences = []
    for gate in GATES:
        row = subject.weights.row(gate, unit)
        added = []
        for part in parts:
            row_products = products(subject, t, row, part)
            for k, product in zip(part.visible.indices, row_products, strict=False):
                weight = subject.parameter(f"weight_{part.name}", row, k)
                value = subject.vector(part.vector, t)[k]
                added.append(
                    f"{part.vector}[{k}] {text(weight.value)} × "
                    f"{text(value.value)} = {text(product.value)}"
                )
            if part.visible.is_folded:
                others = text(row_products[-1].value)
                added.append(f"the others of {part.vector} {others}")
        if subject.weights.bias_ih is not None:
            added += [
                f"{name} {text(subject.parameter(name, row).value)}"
                for name in ("bias_ih", "bias_hh")
            ]
        z = text(subject.vector(f"z_{gate}", t)[unit].value)
        opened = text(subject.vector(gate, t)[unit].value)
        sentences.append(
            f"Gate {gate}, row {row}: {'; '.join(added)}; the sum is {z}, the gate {opened}"
        )
    return sentences
