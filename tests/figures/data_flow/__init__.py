"""Claims and settings for the tests of `data-flow`."""

from tests.figures import cell

DESCRIPTION_CLAUSES = (*cell.DESCRIPTION_CLAUSES, "o·tanh c is {*(o * tanh_c)[t, 0]}")
