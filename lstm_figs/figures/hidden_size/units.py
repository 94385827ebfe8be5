"""The rows of one unit below the heat maps that they are rows of."""

from ...layout.cells import NUMBER, number, spoken
from ...layout.heatmap import HEAD as MAP_HEAD
from ...layout.heatmap import heat_map, row_names
from ...layout.maps import GUTTER, Line, lines, spoken_scales
from ...layout.panels import Panel, code, stack
from ...layout.tiles import APART, picked
from ...model.lstm import GATES
from ...proof.digits import counted, decimals
from ...proof.subject import Subject
from ...scene.marks import Box, Mark, Text, shift

ROW, HEAD, SIDE = 12, 44, 12
"""The height of a row, and what is above and below the rows."""
PITCH = ROW + APART
ENDS = 62
"""What the names of units right of a map take."""


def unit_maps(subject: Subject, room: float) -> tuple[Panel, str]:
    """All rows as heat maps, and below them those of some units.

    Args:
        subject: What is drawn.
        room: What they may take across.

    Returns:
        The panel, and what it shows in words.
    """
    sizes = subject.weights
    last = sizes.hidden_size - 1
    drawn = lines(subject, room, 330, beside=ENDS)
    chosen = sorted({0, min(1, last), last})
    stored = [
        Panel(*line.panel[:2], (*line.panel.marks, *_ends(line, last)))
        for line in drawn
    ]
    units = [unit_panel(subject, drawn, unit) for unit in chosen]
    body = stack(
        [
            stored[0]._replace(label="as stored, gate by gate"),
            *stored[1:],
            units[0]._replace(label=_label(chosen, last)),
            *units[1:],
        ],
        room,
        gap=16,
    )
    said = [_spoken(subject, unit) for unit in chosen]
    return body, " ".join([*said, *spoken_scales(drawn)])


def _spoken(subject: Subject, unit: int) -> str:
    rows = [subject.weights.row(gate, unit) for gate in GATES]
    names = [n for n in subject.weights.parameters() if n.startswith("bias")]
    biases = "".join(
        f"; {subject.parameter_name(name)} "
        + spoken(subject.parameter(name, row) for row in rows)
        for name in names
    )
    return f"Unit {unit} owns rows {', '.join(map(str, rows))}{biases}."


def _label(chosen: list[int], last: int) -> str:
    left_out = last + 1 - len(chosen)
    more = f"; {counted(left_out, 'unit')} left out" if left_out else ""
    return f"by unit{more}"


def _ends(line: Line, last: int) -> list[Mark]:
    """The units that own the first and the last row of each band."""
    rows = line.tiles[0].rows
    names = [(9.0, 0), (rows.length - 1.0, last)] if last else []
    if rows.length < 26:
        return []
    return [
        Text(
            x=line.right + 8, y=MAP_HEAD + k * (rows.length + APART) + y,
            content=f"unit {unit}", size=11, fill="muted", term=gate,
        )
        for k, gate in enumerate(GATES)
        for y, unit in names
    ]  # fmt: skip


def unit_panel(subject: Subject, lines: list[Line], unit: int) -> Panel:
    """The four rows of a unit in a frame, columns below those of the maps.

    Args:
        subject: What is drawn.
        lines: The maps; each has its own rows in the frame.
        unit: Counts from 0.
    """
    rows = [subject.weights.row(gate, unit) for gate in GATES]
    width = max(line.right for line in lines) + SIDE
    y = HEAD
    marks: list[Mark] = []
    for line in lines:
        marks += row_names(rows, GUTTER, y, ROW, APART)
        for one, tiles, left in zip(
            line.shown, line.tiles, line.lefts, strict=True
        ):
            marks += (
                _biases(subject, rows, left, y)
                if one.id == "bias"
                else [
                    shift(mark, left, y)
                    for mark in heat_map(picked(tiles, rows, ROW)).marks
                ]
            )
        y += 4 * PITCH - APART + SIDE
    name = Text(x=SIDE, y=21, content=f"unit {unit}", bold=True, size=12.5)
    owned = code(
        SIDE + name.width + 14, 21, f"[{', '.join(map(str, rows))}]", "start",
        fill="muted",
    )  # fmt: skip
    frame = Box(x=0, y=0, width=width, height=y, radius=10, stroke="rule")
    return Panel(width, y, (frame, name, owned, *marks))


def _biases(
    subject: Subject, rows: list[int], left: float, top: float
) -> list[Mark]:
    """The biases of each row, as numbers."""
    marks: list[Mark] = []
    for k, name in enumerate(("bias_ih", "bias_hh")):
        values = [subject.parameter(name, row) for row in rows]
        places = decimals(value.value for value in values)
        x = left + 16 + 46 * k
        marks.append(
            Text(
                x=x, y=top - 7, content=name[5:], size=NUMBER, mono=True,
                fill="muted", anchor="middle",
            )
        )  # fmt: skip
        marks += [
            number(
                x, top + j * PITCH + ROW / 2 + 4, value,
                places=places, room=6, id=f"{name}-{row}",
                term=f"{name} {gate}",
            )
            for j, (gate, row, value) in enumerate(
                zip(GATES, rows, values, strict=True)
            )
        ]  # fmt: skip
    return marks
