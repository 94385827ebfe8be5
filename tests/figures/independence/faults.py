"""Deliberate faults of `independence`, which its tests must find."""

from dataclasses import replace

from lstm_figs.figures import independence as matrix_module
from lstm_figs.layout.motifs import weight_rows
from tests.binding.breaking import Fault, wrapped


def transposed(number, self, row, column):
    return number(self, column, row)


def header_of_the_other(header, jacobian, of):
    other = {"h": "c", "c": "h"}[jacobian.state]
    return header(replace(jacobian, state=other), of)


def other_sign(shade, value, end):
    return shade(-value, end)


FAULTS = {
    "rows and columns exchanged": Fault(
        ["independence"],
        wrapped(matrix_module.Jacobian, "number", transposed),
        "is not over|has unit=",
    ),
    "a matrix that is called the other": Fault(
        ["independence"],
        wrapped(matrix_module.Jacobian, "header", header_of_the_other),
        "has tensor=",
    ),
    "cells in the shade of others": Fault(
        ["independence"], wrapped(weight_rows, "shade", other_sign), "has the fill"
    ),
}


DESCRIPTION_FAULTS = {
    "independence": {
        "another number": ("row 0: −0.005", "row 0: −0.006"),
        "another row": ("_prev row 0", "_prev row 1"),
        "another count": ("2 of 4 are", "3 of 4 are"),
        "another matrix": ("Of ∂h/∂h_prev 4", "Of ∂c/∂c_prev 4"),
    }
}
