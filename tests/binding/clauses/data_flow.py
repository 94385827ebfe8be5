"""What the description of `data-flow` says: what that of `cell` does, and z."""

from tests.binding.clauses import cell

CLAUSES = (
    *cell.CLAUSES,
    *(f"z_{gate} is {{*z_{gate}[t, 0]}}" for gate in "ifgo"),
    "o·tanh c is {*(o * tanh_c)[t, 0]}",
)
