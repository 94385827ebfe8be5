import numpy as np

from lstm_figs.figure import Figure
from lstm_figs.layout.heatmap import HEAD, heat_map, labelled, paint
from lstm_figs.layout.panels import Panel
from lstm_figs.layout.tiles import Matrix, fold, gate_terms, tile
from lstm_figs.render import compose
from lstm_figs.scene.marks import Path, Text, bounds, walk
from lstm_figs.scene.scenes import Diagram, Heading
from lstm_figs.scene.theme import STRONGEST
from tests.proving import SVG, read


def tiles(values, width=200, height=200):
    one = Matrix(np.asarray(values, np.float32), "w", gate_terms("weight_ih"))
    rows, (cols,) = fold([one], [width], height)
    return tile(one, rows, cols)


def svg_of(panel: Panel):
    scene = Diagram(Heading("t", "s", (), "f"), "d", *panel[:3], 720)
    figure = Figure("x", "x", scene, compose(scene), {})
    return figure.render("svg", "light").decode()


def test_colours_end_at_the_scale_and_others_are_darker():
    assert paint(9, 2) == paint(2, 2) == f"pos:{STRONGEST}"
    assert paint(-9, 2) == f"neg:{STRONGEST}"
    assert paint(0, 2) == "panel"
    assert [paint(v, 2) for v in (np.nan, np.inf, -np.inf)] == [
        "ink", "pos", "neg",
    ]  # fmt: skip


def test_cells_of_one_paint_are_one_path_and_fill_the_matrix():
    values = np.random.default_rng(0).normal(size=(400, 30))
    found = tiles(values, 100, 400)
    panel = heat_map(found)
    assert [group.term for group in panel.marks] == list(found.matrix.terms)
    for group in panel.marks:
        paints = [path.stroke for path in group.marks]
        assert len(paints) == len(set(paints))
        area = sum(
            (right - left) * path.stroke_width
            for path in group.marks
            for (_, (left, _)), (_, (right, _)) in zip(
                path.d[::2], path.d[1::2], strict=True
            )
        )
        assert area == found.width * found.rows.length


def test_cells_of_one_paint_that_touch_are_one_line():
    found = tiles(np.ones((400, 90)), 300)
    lines = sum(
        len(path.d) // 2
        for path in walk(heat_map(found).marks)
        if isinstance(path, Path)
    )
    assert lines == len(found.cells)


def test_a_tiling_is_written_by_start_and_length_and_without_seams():
    root = read(svg_of(heat_map(tiles(np.ones((400, 90)), 300))))
    paths = [
        p
        for p in root.iter(f"{SVG}path")
        if p.get("shape-rendering") == "crispEdges"
    ]
    assert len(paths) == 4
    assert all("L" not in p.get("d") and "h" in p.get("d") for p in paths)


def test_a_matrix_says_its_name_shape_block_indices_and_scale():
    panel = labelled(
        tiles(np.arange(-40000, 40000).reshape(800, 100)), "w", id="weight_ih"
    )
    said = [m.content for m in walk(panel.marks) if isinstance(m, Text)]
    assert said[:2] == ["w", "(800, 100)"]
    assert "a cell" in said[2]
    assert said[3:5] == ["0", "99"]
    assert said[-1].endswith(" beyond")
    numbers = [
        m.number for m in walk(panel.marks) if isinstance(m, Text) and m.number
    ]
    assert [n.value for n in numbers] == [-39600, 39600]
    assert bounds(panel.marks).bottom <= panel.height
    assert min(m.y for m in walk(panel.marks[3:]) if isinstance(m, Text)) > HEAD


def test_what_is_no_finite_number_is_named_with_its_count():
    values = np.ones((400, 90))
    values[3, 3:5], values[5, 5], values[7, 7] = np.nan, np.inf, -np.inf
    panel = labelled(tiles(values), "w", id="w")
    said = [m.content for m in walk(panel.marks) if isinstance(m, Text)]
    assert said[-3:] == ["NaN: 2", "∞: 1", "−∞: 1"]
    assert bounds(panel.marks).bottom <= panel.height


def test_indices_that_do_not_fit_beside_each_other_are_one_text():
    said = [
        m.content
        for m in labelled(tiles(np.ones((4, 2)), 14), "w", id="w").marks
        if isinstance(m, Text)
    ]
    assert "0–1" in said
