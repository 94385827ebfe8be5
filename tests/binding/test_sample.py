"""Tests that the checks find each fault in a small sample figure."""

import json
import re
from pathlib import Path

import pytest

from tests.binding import specs
from tests.binding.axes import meaning_of, without_indices
from tests.binding.checking import faults
from tests.binding.drawing import drawing
from tests.binding.sample import TEMPLATES, sample
from tests.binding.sentences import Sentence, says, visible_indices
from tests.fault_records import read


@pytest.fixture(autouse=True)
def _templates(monkeypatch):
    """The sample has no test folder, so give the checks its sentences."""
    monkeypatch.setattr(specs, "templates", lambda figure: TEMPLATES)


def problems_of(svg):
    return faults(drawing(svg))


def test_the_sample_has_no_faults():
    assert problems_of(sample()) == []


FAULTS = {fault.name: fault for fault in read(Path(__file__).with_name("sample_faults.txt"))}
"""Name -> a change of the sample, and the pattern of the fault to find."""


@pytest.mark.parametrize("name", FAULTS)
def test_the_checker_finds(name):
    problems = problems_of(FAULTS[name].edited(sample()))
    assert any(re.search(FAULTS[name].expected, fault) for fault in problems), problems


def test_visible_indices_of_a_figure_with_tensors_of_its_own():
    preamble = "import torch; own_h = torch.zeros(4, 3)"
    number = '<text data-value="0" data-expr="own_h[2, {}]"/>'
    parsed = drawing(
        '<svg xmlns="http://www.w3.org/2000/svg"><metadata>'
        f"{json.dumps({'figure': 'still', 'preamble': preamble})}"
        f"</metadata>{number.format(0)}{number.format(2)}</svg>"
    )
    assert visible_indices(parsed, "unit") == {0, 2}
    assert visible_indices(parsed, "step") == {3}


def test_an_expression_has_the_keys_of_its_tensors():
    def keys(expression):
        return meaning_of(parsed, expression).keys

    parsed = drawing(sample())
    weight = keys("lstm.weight_ih_l0[5, 2]")
    assert weight["gate"] == {"g"}
    assert (weight["row"], weight["unit"]) == ({5}, {1})
    assert weight["input"] == {2}
    assert (weight["layer"], weight["direction"]) == ({0}, {"forward"})
    keep = keys("(f * c_prev)[2, 0, 1]")
    assert keep["tensor"] == {"f", "c_prev"}
    assert (keep["step"], keep["unit"], keep["gate"]) == ({3}, {1}, {"f"})
    assert keys("c[1:3, 0, 0].abs().max()")["step"] == {2, 3}
    assert keys("c_0[0, 0, 1]")["step"] == {0}
    assert keys("c_n[0, 0, 1]")["step"] == {4}
    assert keys("ih[0, 0, 3]")["gate"] == {"f"}
    assert keys("output[-1, 0, :]")["unit"] == {0, 1}
    assert meaning_of(parsed, "c[1:, 0, 0]").sequence == [2, 3, 4]
    assert without_indices("(i * g)[1, 0, 0] + c[0, 0, 0]") == "i * g + c"


def test_the_template_of_a_sentence_is_found():
    values = (("2", "1 + 1"), ("12", "3 * 4"))
    first = Sentence("At 12 of 2 of 12.", values[1:], "", False, "c-0", "c[0]")
    assert first.lines == ["c-#: At {} of 2 of 12."]
    both = Sentence("Of 2. All 12.", values, "", False, "note", "")
    assert both.lines == ["note: Of {}.", "note: All {}."]
    assert both.pieces == [("Of {}.", ["1 + 1"]), ("All {}.", ["3 * 4"])]


@pytest.mark.parametrize(
    ("printed", "value", "same"),
    [
        ("8", 9, False),
        ("−0.13", -0.1219, False),
        ("0.00", 0.001, False),
        ("(4, 1, 3)", (4, 1, 3), True),
        ("True", True, True),
        ("i", "i", True),
    ],
)
def test_a_value_is_recognised_as_printed(printed, value, same):
    assert says(printed, value) is same
