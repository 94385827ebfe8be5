"""`unit-map` with hundreds of units, and their order."""

import re

import pytest
import torch

import lstm_figs as lf
from lstm_figs.scene.marks import walk
from lstm_figs.scene.theme import DARKEST
from tests.figures import run_preamble, texts
from tests.layout_faults import faults
from tests.proof import prove_all


def module_that_keeps(hidden_size, **more):
    """A module in which every third unit keeps."""
    torch.manual_seed(1)
    module = torch.nn.LSTM(3, hidden_size, **more)
    with torch.no_grad():
        module.bias_hh_l0[hidden_size : 2 * hidden_size : 3] = 4.0
    return module


def make_trace(module, steps, **more):
    """A trace of random input, and what its preamble expects to be defined."""
    torch.manual_seed(0)
    x = torch.randn(steps, 1, 3)
    return lf.trace(module, x, **more), {"module": module, "x": x}


def units_of_bands(names):
    """The units that have a row, from the names that the preamble defines."""
    bands = (names.get(name, []) for name in ("long", "medium", "short"))
    return [unit for band in bands for unit in band]


@pytest.mark.parametrize(("size", "steps"), [(256, 60), (1024, 30), (40, 400)], ids=str)
def test_hundreds_of_units_have_room_and_what_is_left_out_is_said(size, steps):
    trace, namespace = make_trace(module_that_keeps(size), steps)
    for width in (720, 360):
        figure = lf.draw("unit-map", trace, width=width)
        assert faults(figure.sheet, width) == []
        assert len(figure.render("svg", "auto")) < 300_000
        words = " ".join(texts(figure))
        units = units_of_bands(run_preamble(figure, **namespace))
        named = {int(n) for n in re.findall(r"(?<=unit )\d+", words)}
        assert named
        assert named <= {*units}
        count = len(units)
        assert (count < size) == ("evenly spaced in their order" in words)
        assert count == size or not figure.title.startswith("All")
        # 336 steps fit, and a map has at most 16,000 cells.
        assert (count < size) == (size * min(steps, 336) > 16_000)
    if size == 256:
        assert prove_all(figure, namespace)


@pytest.mark.parametrize("shared", [False, True])
def test_rows_of_c_have_their_own_scale_or_one_for_all(shared):
    module = module_that_keeps(6)
    with torch.no_grad():
        module.weight_ih_l0[12:18] *= 0.01
        module.weight_ih_l0[15] *= 300
    trace, namespace = make_trace(module, 40)
    figure = lf.draw("unit-map", trace, **({"row_scale": "shared"} if shared else {}))
    c = run_preamble(figure, **namespace)["c"][:, 0].detach().abs()
    strongest = {}
    for mark in walk(figure.sheet.marks):
        for path in getattr(mark, "marks", ()) if mark.id else ():
            hue, _, share = str(path.stroke).partition(":")
            assert hue in {"pos", "neg", "panel"}
            for _, (_, y) in path.d:
                strongest[y] = max(strongest.get(y, 0), float(share or 0))
    largest = float(c.max() if shared else 1.0)
    (scale,) = (number for number in figure.numbers() if number.id.endswith("scale"))
    assert abs(float(scale.number.value)) == pytest.approx(largest)
    dark = sum(share == DARKEST for share in strongest.values())
    assert len(strongest) == 6
    assert dark == (1 if shared else 6)


def test_a_step_at_which_many_lose_is_the_title():
    module = module_that_keeps(30)
    with torch.no_grad():
        # These units forget where the first feature is large.
        module.weight_ih_l0[30:60, 0] = -9.0
        module.weight_ih_l0[90:, 0] = 0.0
    x = torch.zeros(40, 1, 3)
    x[:, 0, 1] = 1.0
    x[25, 0, 0] = 1.0
    namespace = {"module": module, "x": x}
    figure = lf.draw("unit-map", lf.trace(module, x))
    c = run_preamble(figure, **namespace)["c"][
        :, 0, run_preamble(figure, **namespace)["long"]
    ].abs()
    lose = (c[25] < c[24] / 2) & (c[24] >= c.amax(0) / 2)
    title = f"{int(lose.sum())} of {c.shape[1]} units that hold long lose over"
    assert int(lose.sum()) >= 3
    assert title in " ".join(texts(figure))
    assert "half of c at step 26" in " ".join(texts(figure))
