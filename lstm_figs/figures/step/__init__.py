"""The figure `step`."""

import numpy as np

from ...layout.cells import heat, spoken
from ...layout.fold import SHOWN, WHOLE, strongest
from ...model.lstm import GATES, Array
from ...proof import digits
from ...proof.digits import counted
from ...proof.subject import Number, Subject
from ...scene.scenes import Diagram, Heading
from ...scene.terms import GATE_NAMES, TERMS
from ...scene.theme import wash
from .sums import Addend, Block, Cell, worksheet


def step_by_numbers(
    subject: Subject, room: float, *, unit: int = 0, step: int = 2
) -> Diagram:
    """One step of one unit as a worksheet, every addend written out.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        unit: The unit, counted from 0.
        step: The time step, counted from 1; the first if there is no other.
    """
    subject.check("unit", unit, subject.weights.hidden_size)
    t = subject.at(step)
    blocks = _Blocks(subject, t, unit)
    sheet = [*(blocks.gate(gate) for gate in GATES), *blocks.states()]
    body = worksheet(sheet, room)
    return Diagram(
        Heading(
            "One step, addend by addend",
            f"{subject.module}, unit {unit}, step {step}: weight × value, "
            "added up for each gate; then c and h",
            (
                "A row below a letter is that of weight_ih and weight_hh.",
                "Blue is positive, red is negative.",
                "Numbers are rounded only where they are printed.",
                *_left_out(subject),
                *_projected(subject),
            ),
            subject.source,
        ),
        " ".join(map(_said, sheet)),
        body.width,
        body.height,
        body.marks,
        room,
    )


def _left_out(subject: Subject) -> tuple[str, ...]:
    """How a sum of many products is shown."""
    sizes = subject.weights
    if max(sizes.input_size, sizes.hidden_size) <= WHOLE:
        return ()
    return (
        f"Of more than {WHOLE} products the {SHOWN} of largest magnitude are "
        "written out, below their indices; the others are added up.",
    )


def _projected(subject: Subject) -> tuple[str, ...]:
    """What becomes of the last product where h is projected."""
    size = subject.weights.proj_size
    if not size:
        return ()
    return (
        "The last product is one of those that weight_hr projects to the "
        f"{counted(size, 'element')} of h.",
    )


class _Blocks:
    """The numbers of one unit at one step."""

    def __init__(self, subject: Subject, t: int, unit: int):
        self.subject = subject
        self.t = t
        self.unit = unit
        self.inputs = {n: subject.vector(n, t) for n in ("x", "h_prev")}
        self.input_places = {
            name: digits.decimals(value.value for value in values)
            for name, values in self.inputs.items()
        }
        weights = np.hstack(
            [
                array[subject.weights.row(gate, unit)]
                for name, array in subject.weights.parameters().items()
                for gate in GATES
                if name != "weight_hr"
            ]
        )
        self.top = strongest_colour(weights)
        self.places = digits.decimals(weights)

    def weight(self, name: str, gate: str, *index: int) -> Cell:
        """A parameter of one gate."""
        row = self.subject.weights.row(gate, self.unit)
        value = self.subject.parameter(name, row, *index)
        id = "-".join(map(str, (name, row, *index)))
        fill = heat(value.value, self.top)
        return Cell(value, id, f"{name} {gate}", fill, self.places)

    def products(self, gate: str, name: str, vector: str) -> list[Addend]:
        """The largest products of a gate, and the sum of the others."""
        row = self.subject.parameter(
            f"weight_{name}", self.subject.weights.row(gate, self.unit)
        )
        current = self.subject.steps[self.t]
        with np.errstate(all="ignore"):
            values = row.value * getattr(current, vector)[0]
            shown = strongest(abs(values))
            rest = np.delete(values, shown.indices).sum()
        addends = [self.addend(gate, name, vector, k) for k in shown.indices]
        if shown.folded:
            proven = Number(
                rest,
                f"({row.expr} * {vector}[{self.t}, 0]).index_fill("
                f"0, torch.tensor({list(shown.indices)}), 0).sum()",
                current.scale,
            )
            cell = Cell(proven, f"{name}-{gate}-others", f"{name} {gate}")
            addends.append(
                Addend((), cell, group=vector, others=shown.left_out)
            )
        return addends

    def addend(self, gate: str, name: str, vector: str, k: int) -> Addend:
        """A weight of one gate times an element of a vector."""
        weight = self.weight(f"weight_{name}", gate, k)
        factor = self.inputs[vector][k]
        places = self.input_places[vector]
        value = Cell(factor, f"{vector}-{gate}-{k}", vector, "panel", places)
        with np.errstate(all="ignore"):
            product = weight.value.value * factor.value
        proven = Number(
            product,
            f"{weight.value.expr} * {factor.expr}",
            self.subject.steps[self.t].scale,
        )
        result = Cell(proven, f"{name}-{gate}-{k}", f"{name} {gate}")
        return Addend((weight, value), result, str(k), vector)

    def result(self, name: str, word: str = "") -> Cell:
        """A result of the unit."""
        value = self.subject.result(name, self.t, 0, self.unit)
        id = f"{name}{word}-{self.t}-{self.unit}"
        return Cell(value, id, name, wash(TERMS[name].role))

    def gate(self, gate: str) -> Block:
        """The sum of one gate."""
        products = [
            self.products(gate, name, vector)
            for name, vector in (("ih", "x"), ("hh", "h_prev"))
        ]
        biases = [
            Addend((), self.weight(name, gate))
            for name in ("bias_ih", "bias_hh")
            if self.subject.weights.bias_ih is not None
        ]
        return Block(
            gate,
            self.subject.weights.row(gate, self.unit),
            (*products, *([biases] if biases else [])),
            (
                self.result(f"z_{gate}"),
                GATE_NAMES[gate].function,
                self.result(gate),
            ),
        )

    def factors(self, first: str, second: str) -> tuple[Cell, ...]:
        """Two results that are multiplied."""
        return tuple(self.result(name, "-factor") for name in (first, second))

    def states(self) -> list[Block]:
        """The cell state and the hidden state."""
        products = [
            Addend(
                self.factors(first, second),
                Cell(
                    self.subject.product(first, second, self.t)[self.unit],
                    f"{first}-{second}-{self.t}-{self.unit}",
                    "c",
                ),
                span=2,
            )
            for first, second in (("f", "c_prev"), ("i", "g"))
        ]
        shown = Addend(self.factors("o", "tanh_c"), None)
        product = self.subject.product("o", "tanh_c", self.t)[self.unit]
        id = f"o-tanh_c-{self.t}-{self.unit}"
        h = (
            Cell(product, id, "shown", wash("h"))
            if self.subject.weights.proj_size
            else self.result("h")
        )
        c = (self.result("c"), "tanh", self.result("tanh_c"))
        return [
            Block("c", None, (products,), c),
            Block("h", None, ([shown],), (h,)),
        ]


def strongest_colour(weights: Array) -> float:
    """The magnitude that has the strongest colour, whatever the outliers."""
    finite = abs(weights[np.isfinite(weights)])
    few = len(weights) <= 4 * (2 * WHOLE + 2)
    end = np.quantile(finite, 1 if few else 0.99) if len(finite) else 0
    return float(end) or 1


def _said(block: Block) -> str:
    """A block in words."""

    def say(cell: Cell) -> str:
        return spoken([cell.value])

    addends = [
        f"{addend.others} others = " * (addend.others > 0)
        + " × ".join(map(say, addend.factors))
        + (" = " if addend.factors and addend.result else "")
        + (say(addend.result) if addend.result else "")
        for group in block.groups
        for addend in group
    ]
    results = [
        f"{cell.term.replace('_c', ' c')} = {say(cell)}"
        for cell in block.results
        if isinstance(cell, Cell)
    ]
    name = (
        f"{GATE_NAMES[block.term].name} gate, row {block.row}"
        if block.row is not None
        else TERMS[block.term].sentence.rstrip(".")
    )
    return f"{name.capitalize()}: {'; '.join(addends)}. {', '.join(results)}."
