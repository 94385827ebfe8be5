from tests.figures import cell

DESCRIPTION_CLAUSES = (
    *cell.DESCRIPTION_CLAUSES,
    *(f"z_{gate} is {{*z_{gate}[t, 0]}}" for gate in "ifgo"),
    "o·tanh c is {*(o * tanh_c)[t, 0]}",
)
