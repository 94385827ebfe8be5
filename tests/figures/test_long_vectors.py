import re
from typing import NamedTuple

import pytest
import torch

import lstm_figs
from lstm_figs.scene.marks import Text, walk
from tests.layout_faults import faults
from tests.proof import prove
from tests.request_cases import options
from tests.trained_modules import sequence, trained

FIGURES = ("cell", "cell-output", "data-flow", "unrolled")
LARGEST_FILE = 120_000

every_figure = pytest.mark.parametrize("name", FIGURES)


def traced(input_size, hidden_size, seq_len=3, batch_size=1, seed=0, outlier=40.0):
    module = trained(input_size, hidden_size, seed, outlier)
    x = sequence(seq_len, batch_size, input_size, seed)
    return lstm_figs.trace(module, x), {"module": module, "x": x}


def check(figure, namespace, width=720):
    """Prove a figure; check the size of its file and of its letters."""
    svg = figure.render("svg", "light").decode()
    assert prove(svg, namespace) == len(figure.numbers()) > 0
    assert len(svg.encode()) < LARGEST_FILE
    assert faults(figure.sheet, width) == []


# Strong weights amplify rounding from step to step beyond any tolerance.
STRONG, MILD = 40.0, 4.0


class TrainedCase(NamedTuple):
    """A module with strong weights, its input, and the width of the figure.

    Attributes:
        outlier: The largest of its weights.
        seed: The seed of its tensors.
    """

    input_size: int
    hidden_size: int
    seq_len: int
    batch_size: int
    outlier: float
    width: int
    seed: int


@every_figure
@pytest.mark.parametrize(
    TrainedCase._fields,
    [
        TrainedCase(
            input_size=1, hidden_size=1, seq_len=1, batch_size=1, outlier=MILD, width=360, seed=1
        ),
        TrainedCase(
            input_size=40, hidden_size=40, seq_len=12, batch_size=3, outlier=MILD, width=720, seed=2
        ),
        TrainedCase(
            input_size=2, hidden_size=9, seq_len=7, batch_size=2, outlier=MILD, width=360, seed=3
        ),
        TrainedCase(
            input_size=300,
            hidden_size=64,
            seq_len=2,
            batch_size=1,
            outlier=STRONG,
            width=360,
            seed=4,
        ),
        TrainedCase(
            input_size=9,
            hidden_size=256,
            seq_len=2,
            batch_size=3,
            outlier=STRONG,
            width=720,
            seed=5,
        ),
    ],
)
def test_every_number_of_a_trained_module_is_proven(
    name, input_size, hidden_size, seq_len, batch_size, outlier, width, seed
):
    sizes = (input_size, hidden_size, seq_len, batch_size)
    trace, namespace = traced(*sizes, seed, outlier)
    last = options(name, hidden_size, seq_len, 1)
    check(lstm_figs.draw(name, trace, width=width, **last), namespace, width)


@every_figure
@pytest.mark.parametrize("pair", [(4096, 1), (1, 1200), (8, 9), (9, 8)])
def test_extreme_sizes_are_drawn_and_proven(name, pair):
    trace, namespace = traced(*pair)
    last = options(name, pair[1], 3, 1)
    check(lstm_figs.draw(name, trace, **last), namespace)


@every_figure
@pytest.mark.parametrize("value", [float("nan"), float("inf"), 3e38, 1e-40])
def test_numbers_of_every_kind_are_proven_among_many(name, value):
    module, x = trained(20, 12), sequence(3, 1, 20)
    with torch.no_grad():
        module.weight_ih_l0[12, 15] = value
        module.bias_hh_l0[5] = -value
    figure = lstm_figs.draw(name, lstm_figs.trace(module, x))
    namespace = {"module": module, "x": x}
    svg = figure.render("svg", "light").decode()
    assert prove(svg, namespace) == len(figure.numbers())


@pytest.mark.parametrize("name", ["cell", "cell-output", "data-flow"])
def test_the_same_units_are_shown_of_every_vector(name):
    trace, _ = traced(3, 50)
    units = {}
    for n in lstm_figs.draw(name, trace, step=1).numbers():
        vector, _, unit = n.id.rpartition("-")
        if unit.isdigit():
            units.setdefault(vector, set()).add(int(unit))
    units.pop("x-0", None)
    assert len(units) >= 10
    visible_units = {0, 1, 2, 49} | ({3} if name != "data-flow" else set())
    assert all(drawn_units == visible_units for drawn_units in units.values())


@every_figure
def test_the_foot_says_which_units_are_shown(name):
    notes = lstm_figs.draw(name, traced(3, 50)[0]).scene.heading.notes
    foot = " ".join(map(str, notes))
    visible_units = "0, 1, 2" if name == "data-flow" else "0, 1, 2, 3"
    assert f"Only units {visible_units} and 49 of 50 are shown; dots" in foot
    assert "inputs" not in foot


@every_figure
def test_the_description_of_a_large_module_stays_short(name):
    description = lstm_figs.draw(name, traced(300, 200)[0]).scene.description
    assert len(description) < 4000
    assert name == "cell-output" or "195 more" in description


@pytest.mark.parametrize("gate", "ifgo")
def test_addends_and_the_sum_of_the_others_are_the_sum_of_the_gate(gate):
    trace, namespace = traced(40, 30, seed=3)
    figure = lstm_figs.draw("cell-input", trace, step=3, unit=7)
    figure_values = {n.id: n.number.value.item() for n in figure.numbers()}
    row = "ifgo".index(gate) * 30 + 7
    added = [
        value
        for id, value in figure_values.items()
        if re.fullmatch(rf"(ih|hh)-{gate}-(\d+|others)", id)
        or id in (f"bias_ih-{row}", f"bias_hh-{row}")
    ]
    assert len(added) == 10
    assert figure_values[f"z_{gate}-2-7"] == pytest.approx(sum(added), abs=1e-5)
    weight = namespace["module"].weight_ih_l0[7::30].detach()
    products = (weight * namespace["x"][2, 0]).abs().amax(0)
    written = {
        int(match[1]) for id in figure_values if (match := re.fullmatch(rf"ih-{gate}-(\d+)", id))
    }
    assert written == set(products.topk(3).indices.tolist())


def test_min_mean_and_max_are_of_all_units():
    trace, namespace = traced(3, 50)
    figure_values = {
        n.id: n.number.value.item() for n in lstm_figs.draw("cell-output", trace, step=1).numbers()
    }
    h = namespace["module"](namespace["x"])[0][0, 0]
    for statistic in ("min", "mean", "max"):
        value = getattr(h, statistic)().item()
        assert figure_values[f"h-h-0-{statistic}"] == pytest.approx(value, abs=1e-6)


def test_rows_of_gates_are_named_whatever_their_number():
    for hidden_size, width in ((50, 720), (50, 360), (3000, 720), (256, 360)):
        trace, _ = traced(1, hidden_size, seq_len=1)
        figure = lstm_figs.draw("cell", trace, width=width)
        text = " ".join(m.content for m in walk(figure.sheet.marks) if isinstance(m, Text))
        for k in range(4):
            first, last = k * hidden_size, (k + 1) * hidden_size - 1
            assert re.search(rf"\b{first} ?– ?{last}\b", text)
