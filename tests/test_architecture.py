"""Which module may import which, and when."""

import grimp
import pytest

import lstm_figs
from lstm_figs.render import compose
from lstm_figs.site.imports import import_graph
from tests.doc_scripts import python


def test_layout_is_what_several_figures_use():
    graph = grimp.build_graph("lstm_figs", cache_dir=None)
    alone = set()
    for module in graph.find_descendants("lstm_figs.layout"):
        importers = graph.find_downstream_modules(module)
        figures = {n.split(".")[2] for n in importers if n.startswith("lstm_figs.figures.")}
        is_rendered = any(name.startswith("lstm_figs.render.") for name in importers)
        if not graph.find_children(module) and len(figures) < 2 and not is_rendered:
            alone.add(module)
    assert alone == set(), "belongs to the folder of its only figure"


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        ("import lstm_figs", "[]"),
        ("import lstm_figs; lstm_figs.draw", "['numpy']"),
        ("import lstm_figs.site.block", "[]"),
        *(
            (f"from lstm_figs.cli import main; main({words.split()})", "['numpy']")
            for words in ("draw four-weights --out -", "draw forget-bias --out -", "trace")
        ),
    ],
)
def test_heavy_libraries_load_only_where_they_are_needed(code, loaded):
    libraries = ("torch", "matplotlib", "graphviz", "mkdocs", "numpy")
    code += f"\nimport sys\nprint([m for m in {libraries} if m in sys.modules])"
    assert python("-c", code).splitlines()[-1] == loaded


def test_the_import_graph_joins_modules_that_stand_on_it_and_fits_a_page():
    graph = import_graph()
    node_ids = {node.id for node in graph.nodes}
    assert {end for e in graph.edges for end in (e.tail, e.head)} <= node_ids
    assert compose(graph).width <= 720


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'drow'"):
        lstm_figs.drow  # noqa: B018
