"""Deliberate faults of `cell-input`, which its tests must find."""

from lstm_figs.figures.cell_input.addend_bars import _AllUnits
from lstm_figs.figures.cell_input.products import _OneUnit
from lstm_figs.model.reference import Number
from lstm_figs.model.tensors import Weights
from lstm_figs.proof.bindings import Flow
from tests.binding.breaking import Fault, labelled, letters_exchanged, wrapped


def bars_of_another(bars, rows, pair, sums, scale):
    """Swap the first two addends, but not their proofs."""
    first, second, *others = sums
    return bars(rows, pair, [second - first, second, *others], scale)


def arrows_of_another(arrows, *arguments):
    return [
        mark._replace(
            bound=tuple(
                b._replace(tail={"x-1": "h_prev-1", "h_prev-1": "x-1"}[b.tail])
                if isinstance(b, Flow)
                else b
                for b in mark.bound
            )
        )
        for mark in arrows(*arguments)
    ]


def products_turned(products, self, part, row):
    """Multiply each weight by the value next to its own, in the proof too."""
    right = products(self, part, row)
    count = len(right)
    turned = []
    for k, product in enumerate(right):
        weight, _, _ = product.expr.partition(" * ")
        other = right[(k + 1) % count].expr.partition(" * ")[2]
        value = self.subject.parameter(f"weight_{part.name}", row, k).value
        factor = self.subject.vector(part.vector, self.t)[(k + 1) % count].value
        turned.append(Number(value * factor, f"{weight} * {other}"))
    return turned


def other_unit(row, self, gate, unit):
    return row(self, gate, 1 - unit)


FAULTS = {
    "an addend that ends elsewhere": Fault(
        ["cell-input"], wrapped(_AllUnits, "bars", bars_of_another), "reaches from"
    ),
    "a vector that is said to make the products of the other": Fault(
        ["cell-input"],
        wrapped(_AllUnits, "arrows", arrows_of_another),
        "ends .* from|is not made of",
        widths=(720,),
    ),
    "sums of another gate": Fault(["cell-input"], labelled(letters_exchanged), "says the gate"),
    "a product with another value": Fault(
        ["cell-input unit=0"], wrapped(_OneUnit, "row_products", products_turned), "do not meet"
    ),
    "rows of another unit": Fault(
        ["cell-input unit=0"], wrapped(Weights, "row", other_unit), "has row=", widths=(720,)
    ),
}


DESCRIPTION_FAULTS = {
    "cell-input": {
        "another number": ("= −0.88", "= −0.89"),
        "two addends exchanged": ("1.00 + 0 =", "0 + 1.00 ="),
        "another gate": ("Gate g, row 4", "Gate f, row 4"),
    }
}
