"""Without options, each figure shows its point."""

from collections import defaultdict
from typing import get_args

import pytest
import torch

import lstm_figs as lf
from lstm_figs.figures import CATALOG
from lstm_figs.figures.wrong_way import Name
from lstm_figs.options import figure_options
from lstm_figs.sources import Source
from tests.figures import run_preamble, values
from tests.proof import svg_of

OTHER_WEIGHTS = {"onnx-order", "forget-bias-twice", "gate-order"}
"""Figures and mistakes that need a module with different weights."""


def modules_of(figure):
    """Code that builds a module of the preamble -> the module."""
    variables = run_preamble(figure).values()
    return {repr(module): module for module in variables if isinstance(module, torch.nn.LSTM)}


def example_figures():
    """Every figure of the example, and every mistake of `wrong-way`."""
    for name in CATALOG:
        if name not in OTHER_WEIGHTS | {"wrong-way"}:
            yield name, lf.draw(name)
    for mistake in {*get_args(Name)} - OTHER_WEIGHTS:
        yield mistake, lf.draw("wrong-way", mistake=mistake)


def test_a_form_of_the_example_has_the_same_weights_in_every_figure():
    weights_by_code = defaultdict(dict)
    for name, figure in example_figures():
        for code, module in modules_of(figure).items():
            if module.bidirectional or module.num_layers > 1:
                weights_by_code[code][name] = torch.cat(
                    [parameter.detach().flatten() for parameter in module.parameters()]
                )
    assert {"directions", "padding", "h-n-view"} <= {
        *weights_by_code[repr(torch.nn.LSTM(3, 2, bidirectional=True))]
    }
    for code, by_figure in weights_by_code.items():
        first, *others = by_figure
        for other in others:
            assert torch.equal(by_figure[first], by_figure[other]), (code, first, other)


@pytest.mark.parametrize(
    ("name", "form"), [("shapes", "nn.LSTM(3, 2)"), ("layers", "nn.LSTM(3, 2, num_layers=2)")]
)
def test_own_weights_are_shown_in_their_form_or_with_a_second_layer(name, form):
    torch.manual_seed(0)
    live = lf.trace(torch.nn.LSTM(3, 2), torch.randn(4, 2, 3))
    for trace in (live, Source(3, 2).trace()):
        figure = lf.draw(name, trace)
        assert form in f"{figure.scene.heading.subtitle} {figure.scene.heading.provenance}"
        svg = svg_of(figure)
        assert ("second layer is made" in svg) == ("num_layers" in form)


@pytest.mark.parametrize("count", range(3, 9))
@pytest.mark.parametrize("seq_len", [2, 4, 7])
def test_sorting_and_unsorting_differ_for_the_lengths_by_default(count, seq_len):
    trace = Source(batch_size=count, seq_len=seq_len).trace()
    figure_values = values(lf.draw("packed", trace))
    sorted_indices, unsorted_indices = (
        [figure_values[f"{name}-{k}"] for k in range(count)]
        for name in ("sorted_indices", "unsorted_indices")
    )
    assert sorted_indices != unsorted_indices


# The first two need no state, and `writes` shows all steps.
FIGURES_WITH_STEP = [
    name
    for name in CATALOG
    if any(o.name == "step" for o in figure_options(CATALOG[name]))
    and name not in ("perceptron", "four-weights", "writes")
]


@pytest.mark.parametrize("name", FIGURES_WITH_STEP)
def test_a_step_by_default_starts_from_a_state_that_is_not_zero(name):
    first, second = (lf.draw(name, step=step).description for step in (1, 2))
    assert lf.draw(name).description == second != first
    one_step = Source(seq_len=1).trace()
    assert lf.draw(name, one_step).description == lf.draw(name, one_step, step=1).description
