"""What the tests know about `data-flow`, see `tests.binding.specs`."""

from tests.figures import cell

DESCRIPTION_CLAUSES = (*cell.DESCRIPTION_CLAUSES, "o·tanh c is {*(o * tanh_c)[t, 0]}")
"""Expressions for numbers `{…}` and lists `{*…}`."""
