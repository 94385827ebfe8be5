"""What holds `data-flow` to the truth."""

from tests.figures import cell

CLAUSES = (*cell.CLAUSES, "o·tanh c is {*(o * tanh_c)[t, 0]}")
