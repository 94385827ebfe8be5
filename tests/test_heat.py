"""Heat maps: blocks, colours and scales."""

import io
import math

import numpy as np
import pytest
import torch
from PIL import Image

from lstm_figs import draw
from lstm_figs.layout.motifs import heat
from lstm_figs.model.reference import Matrix, Ref
from lstm_figs.scene.marks import Path, walk
from lstm_figs.sources import Source

HUES = ("gate-i", "gate-f", "gate-g", "gate-o")


def cells_of(array, *axes):
    """The cells of `array`, for rows and columns, each with its size and that of a block."""
    return heat.cells(Matrix(array, Ref("array")), HUES, *(heat.CellAxis(*axis) for axis in axes))


@pytest.mark.parametrize("most", [1, 2, 3, 7, 16, 31, 40])
def test_an_axis_is_cut_into_at_most_so_many_cells_of_the_same_size(most):
    for size in range(1, 601):
        axis = heat.axis_in_cells(size, most)
        assert 1 <= axis.cell_count <= most
        assert axis.block_size == 1 or size > most
        before = (axis.cell_count - 1) * axis.block_size
        assert before < size <= axis.cell_count * axis.block_size


def test_a_weight_near_the_largest_has_a_finite_square():
    weight = np.full((2, 2), 3e38, np.float32)
    assert heat.rms(weight, 2, 2)[0, 0] == pytest.approx(3e38)


@pytest.mark.parametrize("columns", [1, 2, 6])
@pytest.mark.parametrize("size", [1, 2, 5])
def test_without_blocks_the_largest_element_ends_the_scale(size, columns):
    array = torch.randn(4 * size, columns)
    cells = cells_of(array.numpy(), (size, 1), (columns, 1))
    assert not cells.is_folded
    assert cells.limit == pytest.approx(array.abs().max().item())
    assert eval(cells.scale_end.expr) == cells.scale_end.value
    for band, expr in zip(cells.bands, cells.exprs, strict=True):
        np.testing.assert_array_equal(band, eval(expr))


def test_of_blocks_one_in_a_hundred_is_beyond_the_scale():
    names = {"torch": torch}
    exec(heat.RMS, names)
    names["array"] = array = torch.randn(4 * 64, 96)
    # The scale ends far below this outlier.
    array[3, 5] = 1e6
    cells = cells_of(array.numpy(), (64, 4), (96, 3))
    assert cells.is_folded
    blocks = torch.cat([eval(expr, names) for expr in cells.exprs])
    assert cells.limit == pytest.approx(eval(cells.scale_end.expr, names).item())
    # A block at the limit may differ from it in the last digit.
    assert cells.clipped_count == int((blocks > cells.limit * (1 + 1e-9)).sum())
    assert 0 < cells.clipped_count <= blocks.numel() / 100
    assert cells.limit < 3


@pytest.mark.parametrize("value", [0.0, math.nan, math.inf])
def test_where_nothing_is_finite_but_zero_there_is_no_scale(value):
    array = np.full((4, 3), value, np.float32)
    for block in (1, 3):
        cells = cells_of(array, (1, 1), (3, block))
        assert cells.scale_end is None
        bar = heat.colour_bar(cells, 0, 0, 90, id="scale", term="c", symbol="c", of=["cells"])
        assert bar == []


def test_what_is_no_finite_number_is_counted_and_drawn_in_ink():
    array = np.ones((4, 5), np.float32)
    array[0, :3] = math.nan, math.inf, -math.inf
    array[2, 1] = math.nan
    cells = cells_of(array, (1, 1), (5, 1))
    assert cells.elements == (2, 1, 1)
    first = heat.heat_map(cells, 0, 0, 0, 10, 10, id="cells", term="c")
    paths = {m.stroke: m for m in walk([first]) if isinstance(m, Path)}
    assert paths.keys() == {"ink", "pos:55"}
    # The first band has three cells in ink, each a line with two ends.
    assert len(paths["ink"].d) == 2 * 3


@pytest.mark.parametrize(("wide", "gap"), [(10, 1), (5, 0)])
def test_cells_stand_side_by_side_and_small_ones_touch(wide, gap):
    array = np.arange(1, 13, dtype=np.float32).reshape(4, 3)
    cells = cells_of(array, (1, 1), (3, 1))
    group = heat.heat_map(cells, 1, 7, 20, wide, wide, id="cells", term="c")
    spans = sorted(
        (start[0], stop[0])
        for m in walk([group])
        if isinstance(m, Path)
        for (_, start), (_, stop) in zip(m.d[::2], m.d[1::2], strict=True)
    )
    assert spans == [(7 + k * wide, 7 + (k + 1) * wide - gap) for k in range(3)]
    (bound,) = group.bound
    assert bound.frame == (7, 20, 7 + 3 * wide, 20 + wide)
    assert bound.moved(1, 2).frame == (8, 22, 8 + 3 * wide, 22 + wide)


def brightness(figure, scale):
    """A function that gives the brightness of a picture at points."""
    written = io.BytesIO(figure.render("png", "light", scale))
    image = np.asarray(Image.open(written).convert("L"), np.int16)
    return lambda x, y: image[
        np.ix_((np.array(y) * scale).astype(int), (np.array(x) * scale).astype(int))
    ]


@pytest.mark.parametrize("scale", [1, 5 / 3, 2])
@pytest.mark.parametrize("units", [8, 256])
def test_a_picture_has_lines_between_cells_not_blocks(units, scale):
    # With many units, cells of `weight-map` are not drawn, but those of `batch` are.
    figure = draw("weight-map" if units == 8 else "batch", Source(8, units).trace())
    (group,) = (m for m in walk(figure.sheet.marks) if m.id == "weight_ih-i")
    left, top, right, bottom = group.bound[0].frame
    bright = brightness(figure, scale)
    wide, high = (right - left) / 8, (bottom - top) / min(units, 16)
    middles = np.arange(top + high / 2, bottom, high)
    cells = bright(np.arange(left + wide / 2, right, wide), middles)
    lines = bright(np.arange(left + wide, right - 1, wide) - 0.5, middles)
    pairs = np.sort(np.stack([cells[:, 1:], cells[:, :-1]]), axis=0)
    if units == 8:
        # A line between two pixels covers a part of both.
        assert (lines > pairs[0]).all()
    else:
        assert (lines <= pairs[1]).all()
