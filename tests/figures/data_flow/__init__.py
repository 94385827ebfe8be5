"""What holds `data-flow` to the truth."""

from tests.figures import cell

UNEQUAL = {"width"}
"""A box is as wide as its numbers, and its bars as the box."""

CLAUSES = (
    *cell.CLAUSES,
    *(f"z_{gate} is {{*z_{gate}[t, 0]}}" for gate in "ifgo"),
    "o·tanh c is {*(o * tanh_c)[t, 0]}",
)
