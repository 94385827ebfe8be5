"""What is missing, too many or of another term is noticed."""

import copy

import pytest

from tests.binding import parts
from tests.binding.cases import DEFAULT, read
from tests.binding.drawing import Drawing

FAULTS = {
    "a label is missing": ("text[@data-names]", None),
    "a number is missing": ("text[@data-value]", None),
    "an arrow is missing": ("*[@data-flow]", None),
    "a bar is missing": ("*[@data-draws]", None),
    "a number has another term": ("text[@data-value]", "o"),
}


@pytest.mark.parametrize(("path", "term"), FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("width", [720, 360])
def test_a_figure_of_the_example_has_the_parts_that_were_read(
    path, term, width
):
    root = copy.deepcopy(read("cell", DEFAULT, width).root)
    assert parts.faults(Drawing(root), width) == []
    namespace = "{http://www.w3.org/2000/svg}"
    element = root.find(f".//{namespace}{path}")
    if term is None:
        above = {child: one for one in root.iter() for child in one}
        above[element].remove(element)
    else:
        element.set("data-term", term)
    assert parts.faults(Drawing(root), width) != []
