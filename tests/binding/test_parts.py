"""Tests that missing, additional and relabelled parts are noticed."""

import copy
import json
import re
from collections import Counter

import pytest

from tests.binding import parts
from tests.binding.cases import DEFAULT, read, svg
from tests.binding.drawing import Drawing, drawing
from tests.binding.sentences import faults, sentences
from tests.binding.write import counted_drawings
from tests.proof import SVG

FAULTS = {
    "a label is missing": ("text[@data-names]", None),
    "a number is missing": ("text[@data-value]", None),
    "an arrow is missing": ("*[@data-flow]", None),
    "a bar is missing": ("*[@data-draws]", None),
    "a number has another term": ("text[@data-value]", "o"),
}
"""Fault -> the path of the element, and its new term (None: it is removed)."""


@pytest.mark.parametrize(("path", "term"), FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("width", [720, 360])
def test_a_figure_of_the_example_has_the_recorded_parts(path, term, width):
    root = copy.deepcopy(read("cell", DEFAULT, width).root)
    assert parts.faults(Drawing(root), width) == []
    element = root.find(f".//{SVG}{path}")
    if term is None:
        parents = {child: parent for parent in root.iter() for child in parent}
        parents[element].remove(element)
    else:
        element.set("data-term", term)
    assert parts.faults(Drawing(root), width) != []


SHAPES = {
    "a shape is missing": lambda around, box: around.remove(box),
    "a shape is there twice": lambda around, box: around.append(box),
    "a shape lies elsewhere": lambda _, box: increase(box, "x", 5),
    "a shape is larger": lambda _, box: increase(box, "width", 5),
    "a shape is dashed": lambda _, box: box.set("stroke-dasharray", "4 3"),
    "a shape has a tint": lambda _, box: box.set("fill", "#f6e9eb"),
}
"""Fault -> a function that makes it in a shape that no value draws, and in its parent."""

DRAWINGS = {
    ("directions", DEFAULT),
    ("directions", "60 steps"),
    ("wrong-way", "--mistake onnx-order"),
}
"""A figure of the example, one that is folded, and one with an option."""


def increase(box, key, more):
    box.set(key, f"{float(box.get(key)) + more:g}")


@pytest.mark.parametrize("change", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize(("figure", "case"), sorted(DRAWINGS))
def test_shapes_have_the_recorded_places_and_looks(figure, case, change):
    drawing, section = read(figure, case, 720), parts.section_of(figure, case)
    assert parts.faults(drawing, 720, section) == []
    # Copy the tree, because boxes of measured elements are cached.
    root = copy.deepcopy(drawing.root)
    box = next(
        mark.element
        for mark in Drawing(root).marks
        if mark.element.tag.endswith("rect") and mark.has("stroke") and not parts.is_drawn(mark)
    )
    parents = {child: parent for parent in root.iter() for child in parent}
    change(parents[box], box)
    assert parts.faults(Drawing(root), 720, section) != []


UNPLACED_TEXTS = {
    "words": lambda text: any("data-says" in e.attrib for e in text.ancestors),
    "name": lambda text: text.along in ("band", "block"),
}
"""Kind of texts whose place no rule fixes -> whether a text is of that kind."""


@pytest.mark.parametrize("kind", UNPLACED_TEXTS)
def test_words_and_names_have_the_recorded_places(kind):
    root = copy.deepcopy(read("hidden-size", DEFAULT, 720).root)
    assert parts.faults(Drawing(root), 720) == []
    for text in filter(UNPLACED_TEXTS[kind], Drawing(root).texts):
        increase(text.element, "x", 5)
    assert parts.faults(Drawing(root), 720) != []


@pytest.mark.parametrize("width", [720, 360])
def test_exchanged_values_are_noticed_even_with_their_expressions(width):
    root = copy.deepcopy(read("projection", DEFAULT, width).root)
    lead = next(s.mark.element for s in sentences(Drawing(root)) if s.place == "lead")
    pairs = json.loads(lead.get("data-says"))
    lead.set("data-says", json.dumps(pairs[::-1]))
    # The values here are single letters.
    turn = {ord(old): new for (old, _), (new, _) in zip(pairs, pairs[::-1], strict=True)}
    for line in lead.iter(f"{SVG}text"):
        line.text = line.text.translate(turn)
    # No other check knows that c is longer than h.
    assert [*faults(Drawing(root))] == []
    assert parts.faults(Drawing(root), width) != []


def test_a_different_claim_is_noticed():
    root = copy.deepcopy(read("chunks", DEFAULT, 720).root)
    next(iter(sentences(Drawing(root)))).mark.element.set("data-claim", "len(x) > 1")
    assert parts.faults(Drawing(root), 720) != []


def test_a_shape_missing_in_a_single_case_is_noticed():
    known = parts.by_place(counted_drawings("shapes"))[parts.ALL_CASES, 720]
    assert parts.missing("shapes", {720: known}) == []
    frame = "rect  (output, ink, 2 thick, round)"
    # Many cases have it, so one without it is no different kind of case.
    assert known[frame] > 10
    assert parts.missing("shapes", {720: known - Counter([frame])}) != []
    assert parts.missing("shapes", {720: known + Counter(["rect  ()"])}) != []


def test_a_fault_names_the_figure_the_section_the_width_and_the_command():
    (fault,) = parts.faults(read("cell", DEFAULT, 360), 360, "--unit 9")
    assert fault == (
        "the parts of cell in `--unit 9`, 360 wide, are not those in parts.txt: is it true? "
        "python -m tests.binding.write cell shows what differs"
    )


def test_the_order_of_the_ids_in_data_for_is_not_a_part():
    document = svg("batch", DEFAULT, 720)
    turned = re.sub(
        r'(?<= data-for=")[^"]* [^"]*', lambda ids: " ".join(ids[0].split()[::-1]), document
    )
    assert turned != document
    assert parts.faults(drawing(turned), 720) == []


def test_digests_are_read_as_they_are_written(monkeypatch):
    counts = Counter(["a: b"])
    text = "--text 'a: 1 b'"
    places = {(text, 720): counts, (text, 360): Counter(), ("cases", 720): counts}
    lines = parts.written(places).splitlines()
    monkeypatch.setattr(parts.specs, "digests", lambda figure: lines)
    assert parts.read_digests("cell") == {k: parts.digest(v) for k, v in places.items()}
