"""What holds `data-flow` to the truth."""

from tests.figures import cell

CLAUSES = (
    *cell.CLAUSES,
    *(f"z_{gate} is {{*z_{gate}[t, 0]}}" for gate in "ifgo"),
    "o·tanh c is {*(o * tanh_c)[t, 0]}",
)
