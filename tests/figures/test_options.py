"""Every option changes the drawing."""

import pytest

import lstm_figs as lf
from lstm_figs.figures import CATALOG
from lstm_figs.options import figure_options

OPTION_CASES = [
    (name, option.name, value)
    for name in CATALOG
    for option in figure_options(CATALOG[name])
    for value in option.choices
    or {"step": (1, 3), "unit": (0, 1), "units": ((0,), (1,))}.get(option.name, ())
    if value != option.default
]
"""A figure, one of its options, and a value that is not the default."""


@pytest.mark.parametrize(("figure", "option", "value"), OPTION_CASES)
def test_a_figure_with_an_option_shows_something_else(figure, option, value):
    plain, changed = lf.draw(figure), lf.draw(figure, **{option: value})
    if option == "focus":
        # The same numbers, some of them faded.
        faded = [drawing.render("svg", "light").count(b" opacity=") for drawing in (plain, changed)]
        assert faded[0] < faded[1]
        return
    values = [
        {n.number.expr: n.number.value.item() for n in drawing.numbers()}
        for drawing in (plain, changed)
    ]
    assert values[0] != values[1]
