"""The vectors of one step, and the products that gates make of them, by name."""

from collections.abc import Iterable
from functools import cached_property

from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...model.reference import Vector
from ...scene.terms import TERMS
from ..number_lists import number_list
from . import vectors
from .vectors import Bars

PRODUCTS = {"kept": ("f", "c_prev"), "written": ("i", "g"), "shown": ("o", "tanh_c")}
"""Name of a product -> the gate, and the vector that it is multiplied by."""
PRODUCT_LABELS = {"kept": "f·c_prev", "written": "i·g", "shown": "o·tanh c"}
"""Name of a product -> its label."""


class StepVectors:
    """One step, for a figure that draws its vectors with bars on one scale.

    A vector has its name in `model.lstm.Step`, or is one of `PRODUCTS`.

    Attributes:
        subject: The layer run to draw.
        t: The step, counted from 0.
        is_projected: Whether h is a projection of o·tanh c.
    """

    def __init__(self, subject: LayerRun, t: int):
        self.subject, self.t = subject, t
        self.is_projected = subject.weights.proj_size > 0

    def values(self, name: str) -> Vector:
        """A vector of the step, or a product of two of them."""
        if name in PRODUCTS:
            return self.subject.product(*PRODUCTS[name], self.t)
        return self.subject.vector(name, self.t)

    def id(self, name: str) -> str:
        """The id of a vector."""
        return f"{'-'.join(PRODUCTS.get(name, (name,)))}-{self.t}"

    def tensor(self, name: str) -> str:
        """The tensor, or the product of two, that a label of the vector names."""
        return "*".join(PRODUCTS.get(name, (name,)))

    def term(self, name: str) -> str:
        """The term of a vector; the two addends of c have that of c."""
        return "c" if name in ("kept", "written") else name

    @cached_property
    def scale_max(self) -> float:
        """The largest magnitude that a bar shows, at least 1."""
        names = ("c_prev", "c", "kept", "written", "g", "h_prev", "h")
        return max(1.0, vectors.largest_visible(*map(self.values, names)))

    def bars(self, name: str) -> Bars | None:
        """The bars of a vector; None for x, which has none.

        The bars of a product are filled as far as its gate lets values through.
        """
        if name == "x":
            return None
        if name in GATES:
            return Bars(TERMS[name].role, self.scale_max, is_gate=name != "g")
        product = "shown" if name == "h" and not self.is_projected else name
        if product in PRODUCTS:
            gate, operand = PRODUCTS[product]
            outline = "gate-g" if operand == "g" else "muted"
            return Bars(
                TERMS[gate].role, self.scale_max, gated=self.values(operand), outline=outline
            )
        return Bars(TERMS[name].role, self.scale_max)

    def values_text(self, names: Iterable[str]) -> str:
        """The number of the step, and the values of some vectors."""
        labels = {**{gate: f"gate {gate}" for gate in GATES}, **PRODUCT_LABELS, "tanh_c": "tanh c"}
        texts = [f"{labels.get(name, name)} is {number_list(self.values(name))}" for name in names]
        return f"Step {self.subject.step_number(self.t)}: {'; '.join(texts)}."
