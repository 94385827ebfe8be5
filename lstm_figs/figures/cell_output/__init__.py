"""The figure `cell-output`."""

from collections.abc import Sequence

from ...layout.cells import spoken
from ...layout.fold import Excerpt, excerpt, notes
from ...layout.vectors import statistics
from ...model.lstm import GATES
from ...proof.digits import counted
from ...proof.subject import Number, Subject
from ...scene.marks import Mark, shift
from ...scene.scenes import Diagram, Heading
from ...scene.terms import GATE_NAMES
from .unit_table import NARROW, WIDE, Columns, Line, Part, UnitTable

APART = 26.0
"""The space between parts."""
PARTS = [
    Part(
        "gates",
        "i, f, g, o = σ(z_i), σ(z_f), tanh(z_g), σ(z_o)",
        "z_i σ i | z_f σ f | z_g tanh g | z_o σ o",
    ),
    Part(
        "c",
        "c = f * c_prev + i * g",
        "f × c_prev + i × g = f*c_prev + i*g = c",
    ),
    Part("h", "h = o * tanh(c)", "c → tanh_c × o = h", ("c",)),
]
CLOSE_PARTS = [
    Part("gates", "i, f = σ(z_i), σ(z_f)", "z_i σ i | z_f σ f"),
    Part("gates", "g, o = tanh(z_g), σ(z_o)", "z_g tanh g | z_o σ o"),
    Part("c", "f * c_prev, i * g", "f × c_prev = f*c_prev | i × g = i*g"),
    Part(
        "h",
        "c = f * c_prev + i * g, h = o * tanh(c)",
        "f*c_prev + i*g = c → tanh_c × o = h",
        ("f*c_prev", "i*g"),
    ),
]
"""The parts where there is little room."""


def cell_output(subject: Subject, room: float, *, step: int = 2) -> Diagram:
    """From the sums before the gates to c and h, one row a unit.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    t = subject.at(step)
    proj_size = subject.weights.proj_size
    parts, sizes = (PARTS, WIDE) if room >= 480 else (CLOSE_PARTS, NARROW)
    if proj_size:
        parts = [_unprojected(part) for part in parts]
    units = excerpt(subject.weights.hidden_size)
    vectors = {
        name: _rows(_values(subject, name, t), units)
        for part in parts
        for name in part.columns.split()[::2]
    }
    marks: list[Mark] = []
    width = y = 0.0
    for part in parts:
        table = UnitTable(vectors, units, t, part, sizes).panel()
        marks += [shift(mark, 0, y) for mark in table.marks]
        width = max(width, table.width)
        y += table.height + APART
    said = [_said(vectors, unit) for unit in units.indices]
    if units.folded:
        said.append(_said_of_all(vectors, units.count))
    return Diagram(
        Heading(
            "From here, each unit stands alone",
            f"{subject.module}, step {step}: from the sums z to c and "
            f"{'o * tanh(c)' if proj_size else 'h'}, element by element, one "
            "row a unit",
            (
                f"No number leaves its row; h = weight_hr @ (o * tanh(c)), of "
                f"{counted(proj_size, 'element')}, is what joins them again."
                if proj_size
                else "No number leaves its row; units meet only in "
                "weight_hh @ h_prev.",
                *notes(("unit", units)),
                *("Below, min, mean and max are of all units.",) * units.folded,
            ),
            subject.source,
        ),
        " ".join(said),
        width,
        y - APART,
        tuple(marks),
        room,
    )


def _unprojected(part: Part) -> Part:
    """The part without h, which has no row for each unit."""
    return part._replace(
        label=part.label.replace("h = ", ""),
        columns=part.columns.replace("= h", "= o*tanh_c"),
    )


def _values(subject: Subject, name: str, t: int) -> Sequence[Number]:
    """A vector of the step, or a product of two of them."""
    if "*" in name:
        first, second = name.split("*")
        return subject.product(first, second, t)
    return subject.vector(name, t)


def _rows(values: Sequence[Number], units: Excerpt) -> dict[Line, Number]:
    """What a column shows: some units, and what sums up all of them."""
    rows: dict[Line, Number] = {unit: values[unit] for unit in units.indices}
    return rows | (statistics(values) if units.folded else {})


def _said_of_all(vectors: Columns, count: int) -> str:
    """The gates and the new state of all units in words."""
    said = (
        f"{name} from {spoken([vectors[name]['min']])} to "
        f"{spoken([vectors[name]['max']])}, on average "
        f"{spoken([vectors[name]['mean']])}"
        for name in (*GATES, "c", _last(vectors))
    )
    return f"All {count} units: {'; '.join(said)}."


def _last(vectors: Columns) -> str:
    """h, or what is projected to it."""
    return "h" if "h" in vectors else "o*tanh_c"


def _said(vectors: Columns, unit: int) -> str:
    """All of a unit in words."""

    def say(name: str) -> str:
        return spoken([vectors[name][unit]])

    last = _last(vectors)
    gates = ", ".join(
        f"{gate} = {GATE_NAMES[gate].function}({say(f'z_{gate}')}) = "
        f"{say(gate)}"
        for gate in GATES
    )
    return (
        f"Unit {unit}: {gates}; c = {say('f')} × {say('c_prev')} + "
        f"{say('i')} × {say('g')} = {say('f*c_prev')} + {say('i*g')} = "
        f"{say('c')}; {last} = {say('o')} × tanh(c) = {say('o')} × "
        f"{say('tanh_c')} = {say(last)}."
    )
