"""Deliberate faults of `unit-map`, which its tests must find."""

import numpy as np

from lstm_figs.figures import unit_map
from lstm_figs.model import units
from lstm_figs.sources import Source
from tests.binding.breaking import Fault, labelled, wrapped

FORMS = ("unit-map",)
MANY_UNITS = Source(input_size=3, hidden_size=40, seq_len=12)


def other_sign(paint, cells, value):
    return paint(cells, -value)


def a_row_late(rows, cells, band, top):
    """Draw each row with the values of the one above."""
    turned = band._replace(units=band.units[-1:] + band.units[:-1])
    band_above, right = rows(cells, turned, top), rows(cells, band, top)
    return band_above._replace(bound=right.bound)


def a_step_longer(lives, f):
    return lives(f) * 9


def half_as_strong(paint, cells, value):
    return paint(cells, value * 0.5)


def step_one_more(content, names):
    if "step" in names and content.isdecimal():
        return str(int(content) + 1), names


def by_number(chained, c):
    """Order the rows by unit, and not by similarity."""
    return np.arange(c.shape[1])


FAULTS = {
    "rows in another order than is said": Fault(
        FORMS,
        wrapped(unit_map, "similarity_order", by_number),
        "claims .*corrcoef",
        source=MANY_UNITS,
    ),
    "cells of the other sign": Fault(
        FORMS, wrapped(unit_map._UnitMap, "paint", other_sign), "has .* at"
    ),
    "rows of their neighbours": Fault(
        FORMS, wrapped(unit_map._UnitMap, "rows", a_row_late), "has .* at", source=MANY_UNITS
    ),
    "units in the band of others": Fault(
        FORMS, wrapped(units, "lifetimes", a_step_longer), "claims|says"
    ),
    "cells half as strong": Fault(
        FORMS, wrapped(unit_map._UnitMap, "paint", half_as_strong), "has .* at"
    ),
    "steps that say the next": Fault(FORMS, labelled(step_one_more), "says|step"),
}

DESCRIPTION_FAULTS = {
    "unit-map": {
        "another count": ("In 2 a write", "In 1 a write"),
        "another median": ("of c is 0.65", "of c is 0.66"),
    }
}
