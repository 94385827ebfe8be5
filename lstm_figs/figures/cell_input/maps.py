"""The sums before the gates as heat maps: weights, what they meet, result."""

import numpy as np

from ...layout.heatmap import HEAD, labelled
from ...layout.maps import BETWEEN, Line, Named, biases, line, weight
from ...layout.panels import Panel, round_arrow, stack
from ...layout.tiles import APART, Cut, Matrix, tile
from ...proof.subject import Subject
from ...scene.marks import Mark, Text, shift
from ...scene.terms import TERMS

ROW, LEAD, SUM = 14, 20, 84
"""A vector's height, room for its arrows, and what the sums take across."""


def sum_maps(subject: Subject, t: int, room: float) -> tuple[Panel, list[Line]]:
    """Both products, the biases and the sums of a step, in aligned rows.

    Args:
        subject: What is drawn.
        t: The step, counted from 0.
        room: What they may take across.
    """
    weight_ih, weight_hh = (
        weight(subject, name)._replace(lead=LEAD)
        for name in ("weight_ih", "weight_hh")
    )
    bias = biases(subject)
    added = [bias] if bias else []
    z = _sums(subject, t)
    drawn = (
        [line([weight_ih, weight_hh, *added, z], room, 320)]
        if room >= 480
        else [
            line([weight_ih, *added], room, 200),
            line([weight_hh, z], room, 200),
        ]
    )
    return stack([_whole(subject, t, one) for one in drawn], room), drawn


def _sums(subject: Subject, t: int) -> Named:
    current = subject.steps[t]
    gates = ("z_i", "z_f", "z_g", "z_o")
    array = np.concatenate([getattr(current, name)[0] for name in gates])
    matrix = Matrix(
        array[:, None],
        f"torch.cat([{', '.join(gates)}], -1)[{t}, 0][:, None]",
        gates,
        current.scale,
    )
    return Named(matrix, "z", "z", array.shape, ("z",), SUM)


def _whole(subject: Subject, t: int, one: Line) -> Panel:
    """Maps with the vectors above them, and the signs between them."""
    vectors = {
        k: ("x" if named.id == "weight_ih" else "h_prev")
        for k, named in enumerate(one.shown)
        if named.lead
    }
    strips = {k: _vector(subject, t, one, k, n) for k, n in vectors.items()}
    down = max(int(panel.height) for panel in strips.values()) + 6
    marks = [shift(mark, 0, down) for mark in one.panel.marks]
    for k, panel in strips.items():
        up = down - 6 - int(panel.height)
        marks += [shift(mark, one.starts[k], up) for mark in panel.marks]
        marks += _arrows(one, k, vectors[k], up + HEAD + ROW / 2, down)
    for k in range(1, len(one.shown)):
        lead = one.shown[k].lead
        end = one.lefts[k - 1] + one.tiles[k - 1].width
        x = (
            one.starts[k] - lead - BETWEEN / 2
            if lead
            else (end + one.lefts[k]) / 2
        )
        sign = "=" if one.shown[k].id == "z" else "+"
        marks += [
            Text(
                x=x, y=y + down + 4, content=sign, fill="muted",
                anchor="middle",
            )
            for y in _middles(one)
        ]  # fmt: skip
    return Panel(one.panel.width, down + one.panel.height, tuple(marks))


def _vector(subject: Subject, t: int, one: Line, k: int, name: str) -> Panel:
    """A vector whose elements stand above the columns that they meet."""
    current = subject.steps[t]
    array = getattr(current, name)[:1]
    scale = current.scale if name == "h_prev" else 0
    matrix = Matrix(array, f"{name}[{t}, :1]", (name,), scale)
    tiles = tile(matrix, Cut(1, 1, 1, ROW), one.tiles[k].cols)
    return labelled(
        tiles, name, id=name, shape=array.shape[1:], width=one.widths[k]
    )


def _arrows(
    one: Line, k: int, name: str, start: float, down: float
) -> list[Mark]:
    """From a vector to the four bands."""
    x, end = one.starts[k] - 13, one.lefts[k] - 2
    gates = [terms.split()[1] for terms in one.tiles[k].matrix.terms]
    return [
        round_arrow(
            (one.lefts[k] - 1, start), (x, start), (x, y + down),
            (end, y + down), paint=TERMS[name].role, radius=6,
            term=f"{name} {gate}",
        )
        for gate, y in zip(gates, _middles(one), strict=True)
    ]  # fmt: skip


def _middles(one: Line) -> list[float]:
    """The middle of each band."""
    high = one.tiles[0].rows.length
    return [HEAD + k * (high + APART) + high / 2 for k in range(4)]
