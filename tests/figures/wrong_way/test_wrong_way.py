"""Each classic mistake can be made of any module, and each verdict can be false."""

import re

import pytest

from lstm_figs import draw
from lstm_figs.figures.wrong_way import MISTAKES
from lstm_figs.sources import Source
from tests.binding.cases import DEFAULT, VARIANTS, read
from tests.binding.sentences import CROSS, TICK, sentences
from tests.layout_faults import faults
from tests.proof import prove_all

every_mistake = pytest.mark.parametrize("mistake", MISTAKES)


SOURCES = {
    "one step": {"seq_len": 1},
    "many": {"seq_len": 12, "batch_size": 5, "hidden_size": 40},
    "one long sequence": {"seq_len": 12},
    "no bias": {"no_bias": True},
    "float64": {"dtype": "float64"},
}
"""Case -> options of the source."""


@every_mistake
@pytest.mark.parametrize("case", SOURCES)
def test_every_mistake_can_be_made_of_any_module(mistake, case):
    sizes = {"input_size": 3, "hidden_size": 2} | SOURCES[case]
    trace = Source(**sizes).trace()
    for width in (720, 360):
        figure = draw("wrong-way", trace, mistake=mistake, width=width)
        assert prove_all(figure)
        assert faults(figure.sheet) == []


def test_what_was_made_is_said():
    def notes(**form):
        trace = Source(3, 2, **form).trace()
        notes = draw("wrong-way", trace).scene.heading.notes
        return " ".join(map(str, notes))

    assert "Made for this figure: the reverse direction" in notes()
    assert "made of one sequence" in notes(bidirectional=True)
    assert "second direction is made" in notes(batch_size=2)
    assert notes(bidirectional=True, batch_size=2) == ""


@pytest.mark.parametrize("what", [DEFAULT, *VARIANTS["wrong-way"]])
def test_a_verdict_turns_false_when_the_two_ways_are_exchanged(what):
    seen = read("wrong-way", what, 720)
    other = {"wrong": "right", "right": "wrong"}
    verdicts = {s.text: s.claim for s in sentences(seen)}
    for verdict in (f"{CROSS} wrong", f"{TICK} right"):
        claim = verdicts[verdict]
        exchanged = re.sub("wrong|right", lambda m: other[m[0]], claim)
        assert seen.value(claim) is True
        assert seen.value(exchanged) is False
