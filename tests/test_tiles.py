import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_figs.layout.tiles import (
    APART,
    CELLS,
    LEAST,
    MOST,
    Matrix,
    cut,
    fold,
    gate_terms,
    picked,
    tile,
)

sizes = st.integers(1, 4096)


def matrix(rows, columns, seed=0, bands=4):
    values = np.random.default_rng(seed).normal(size=(rows, columns))
    terms = gate_terms("weight_ih") if bands == 4 else ("x",) * bands
    return Matrix(values.astype(np.float32), "w", terms)


@given(sizes, st.integers(1, 700), st.integers(1, CELLS))
def test_a_cut_has_every_element_once_and_fits(size, room, most):
    found = cut(size, room, most)
    assert (found.cells - 1) * found.block < size <= found.cells * found.block
    assert found.cells <= max(1, min(most, room // LEAST))
    assert found.pixels <= MOST
    assert found.length <= max(room, 1)
    assert found.pixels >= LEAST or room < LEAST


@settings(max_examples=50)
@given(sizes, sizes, sizes)
def test_matrices_of_any_size_fold_into_few_cells(first, second, hidden_size):
    shapes = [(4 * hidden_size, first), (4 * hidden_size, second)]
    matrices = [
        Matrix(np.broadcast_to(np.float32(0), shape), "w", gate_terms("x"))
        for shape in shapes
    ]
    rows, columns = fold(matrices, [120, 300], 400)
    assert rows.size == hidden_size
    assert [c.size for c in columns] == [first, second]
    assert 4 * (rows.length + APART) - APART <= 400
    assert [
        c.length <= w for c, w in zip(columns, [120, 300], strict=True)
    ] == [True] * 2
    assert all(4 * rows.cells * c.cells <= CELLS for c in columns)


@settings(max_examples=30)
@given(st.integers(1, 70), st.integers(1, 300), st.integers(0, 99))
def test_a_cell_shows_the_element_of_largest_magnitude(band, columns, seed):
    one = matrix(4 * band, columns, seed)
    rows, (cols,) = fold([one], [90], 100)
    cells = tile(one, rows, cols).cells
    pooled = torch.nn.functional.max_pool2d(
        torch.from_numpy(abs(one.array)).unflatten(0, (4, -1)),
        (rows.block, cols.block),
        ceil_mode=True,
    )
    assert (abs(cells) == pooled.flatten(0, 1).numpy()).all()
    assert np.isin(cells, one.array).all()


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(1, 300), st.integers(0, 99))
def test_a_scale_is_what_torch_yields_for_every_cut(band, columns, seed):
    one = matrix(4 * band, columns, seed)
    w = torch.from_numpy(one.array)
    ends = set()
    for room in (50, 300):
        rows, (cols,) = fold([one], [room], room)
        tiles = tile(one, rows, cols)
        end = tiles.end
        assert eval(end.expr, {"w": w}).item() == end.value
        beyond = int((w.abs() > end.value.item()).sum())
        assert tiles.census == (beyond, 0, 0, 0)
        assert beyond <= w.numel() / 100
        ends.add(end)
    assert len(ends) == 1


def test_outliers_do_not_stretch_a_scale():
    one = matrix(1024, 40)
    one.array.flat[:20] = 61
    rows, (cols,) = fold([one], [120], 400)
    tiles = tile(one, rows, cols)
    assert tiles.end.value < 4
    assert tiles.census.beyond > 20
    assert tiles.cells.max() == 61


def test_a_few_outliers_do_not_stretch_the_scale_of_a_small_matrix():
    one = matrix(64, 12)
    one.array.flat[:4] = 41, -61, 41, -61
    rows, (cols,) = fold([one], [120], 200)
    assert tile(one, rows, cols).end.value < 4


def test_what_is_no_finite_number_is_seen_and_counted():
    one = matrix(1024, 256)
    one.array[[0, 900], [0, 3]] = np.nan
    one.array[5, 100], one.array[1, 0] = np.inf, -np.inf
    rows, (cols,) = fold([one], [120], 200)
    tiles = tile(one, rows, cols)
    assert tiles.census[1:] == (2, 1, 1)
    assert np.isnan(tiles.cells).sum() == 2
    assert np.isinf(tiles.cells).sum() == 1
    value = eval(tiles.end.expr, {"w": torch.from_numpy(one.array)})
    assert value.item() == tiles.end.value
    assert "2 NaN, 1 ∞, 1 −∞" in tiles.spoken()


@pytest.mark.parametrize("value", [0, np.nan])
def test_a_matrix_without_a_number_but_zero_has_no_scale(value):
    one = Matrix(np.full((8, 3), value, np.float32), "w", gate_terms("x"))
    rows, (cols,) = fold([one], [120], 200)
    tiles = tile(one, rows, cols)
    assert tiles.end is None
    assert "all are 0" in tiles.spoken()


def test_a_scale_does_not_end_at_zero_while_there_is_another_number():
    one = Matrix(np.zeros((40, 30), np.float32), "w", gate_terms("x"))
    one.array[3, 4] = -2
    rows, (cols,) = fold([one], [120], 200)
    assert tile(one, rows, cols).end.value == 2


def test_picked_rows_have_the_colours_of_the_whole():
    one = matrix(4 * 256, 40)
    rows, (cols,) = fold([one], [120], 200)
    whole = tile(one, rows, cols)
    some = picked(whole, [3, 259, 515, 771], 12)
    assert some.end is whole.end
    assert some.matrix.terms == gate_terms("weight_ih")
    assert some.height == 4 * 12 + 3 * APART
    assert (some.cells == one.array[[3, 259, 515, 771]]).all()
