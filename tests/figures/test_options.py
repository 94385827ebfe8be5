"""Every option changes the drawing, or is refused in one sentence."""

import pytest

import lstm_figs as lf
from lstm_figs.errors import UsageError
from lstm_figs.figures import CATALOG
from lstm_figs.options import figure_options
from lstm_figs.sources import Source
from tests.figures.learning import EARLY, SHIPPED

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
    # `learning` draws units of several checkpoints, which have no default.
    checkpoints = {"weights": [EARLY, SHIPPED], "text": "(a)"}
    source = checkpoints if (figure, option) == ("learning", "units") else {}
    plain, changed = lf.draw(figure, **source), lf.draw(figure, **source, **{option: value})
    if option == "focus":
        # The same numbers, some of them faded.
        faded = [drawing.render("svg", "light").count(b" opacity=") for drawing in (plain, changed)]
        assert faded[0] < faded[1]
        return
    values = [
        {text.number.expr: text.number.value.item() for text in drawing.numbers()}
        for drawing in (plain, changed)
    ]
    assert values[0] != values[1]


REFUSED = [
    ("custom-cell", {}, {"unit": 2}, "--unit is 2"),
    ("dispatch", {}, {"call": "float16"}, "float16"),
    ("error", {}, {"message": "hiden-size"}, "hidden-size"),
    ("gate-functions", {}, {"step": 0}, "--step is 0"),
    ("gradient-distance", {"seq_len": 201}, {}, "expected at most 200"),
    ("gradient-distance", {"seq_len": 1}, {"steps": 1}, "got 1 step, expected at least 2"),
    ("gru", {"proj_size": 1}, {}, "without a projection"),
    ("padding", {}, {"padding": 0}, "expected 1 to 6"),
    ("padding", {}, {"padding": 7}, "expected 1 to 6"),
    ("unit-map", {"proj_size": 1}, {"of": "h"}, "an element for each unit"),
    ("writes", {"seq_len": 5}, {"step": 6}, "--step is 6, expected 1 to 5"),
    *(
        (name, {"hidden_size": 3}, {"units": units}, message)
        for name in ("writes", "reading", "keep-write-show")
        for units, message in (
            ((3,), "--units is 3, expected 0 to 2"),
            ((1, 1), "got --units 1,1, expected at most 8, each once"),
        )
    ),
]
"""Figure, sizes, options, and the error."""


@pytest.mark.parametrize(("name", "sizes", "options", "message"), REFUSED)
def test_what_a_figure_cannot_show_is_refused(name, sizes, options, message):
    source = Source(**{"input_size": 3, "hidden_size": 2, **sizes}) if sizes else Source()
    with pytest.raises(UsageError, match=message):
        lf.draw(name, source.trace(), **options)
