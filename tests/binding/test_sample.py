"""Tests that the checks find each fault in a small sample figure."""

import json
import re

import pytest

from tests.binding.axes import meaning_of, skeleton
from tests.binding.checking import faults
from tests.binding.drawing import drawing
from tests.binding.sample import TEMPLATES, sample
from tests.binding.sentences import Sentence, says, visible_indices


def problems_of(svg):
    return faults(drawing(svg), TEMPLATES, is_listed=False)


def test_the_sample_has_no_faults():
    assert problems_of(sample()) == []


CHANGES = {
    "hues of signs without a word": (
        "Blue is positive, red is negative.",
        "It is an example.",
        "no sentence says which sign",
    ),
    "a text of no kind": (
        "</svg>",
        '<text x="9" y="9" font-size="12">h</text></svg>',
        "text 'h' is of no kind",
    ),
    "a text of two kinds": (
        'data-value="2.0"',
        'data-value="2.0" data-names="row=0"',
        "is number and label",
    ),
    "a number that no label names": (
        r'id="sample--weight_ih-1-2"',
        'id="sample--lost-1-2"',
        "named by no label",
    ),
    "a label of nothing": (
        'data-for="weight_ih-1-[*]"',
        'data-for="weight_ih-7-*"',
        "names weight_ih-7-., which matches no mark",
    ),
    "a key that is none": ("row=1", "line=1", "has the unknown key line"),
    "a label off by one, in its text": (
        'data-along="row">1<',
        'data-along="row">2<',
        r"says \[2\] beside {'row': '1'}",
    ),
    "a label off by one, in text and names": (
        'data-names="row=1"(.*?)>1<',
        r'data-names="row=2"\1>2<',
        r"has row=2 for lstm.weight_ih_l0\[1, 0\], row 1",
    ),
    "a label off by one, in text, names and what it names": (
        'data-names="row=1" data-for="weight_ih-1-[*]"(.*?)>1<',
        r'data-names="row=0" data-for="weight_ih-0-*"\1>0<',
        "is not on the line of weight_ih-0-0",
    ),
    "a label of a column off by one": (
        'x="144"(.*?)data-names="input=1" data-for="weight_ih-[*]-1"(.*?)>1<',
        r'x="144"\1data-names="input=2" data-for="weight_ih-*-2"\2>2<',
        "is not over or under the middle of weight_ih-0-2",
    ),
    "a step off by one": (
        'data-names="step=2"(.*?)>2<',
        r'data-names="step=3"\1>3<',
        r"has step=3 for f\[1, 0, 0\], step 2",
    ),
    "another gate": (
        'data-names="gate=f"(.*?)>f<',
        r'data-names="gate=o"\1>o<',
        r"has gate=o for f\[0, 0, 0\], gate f",
    ),
    "a letter of another gate": (
        'data-for="f-[*]-0" data-along="band">f<',
        'data-for="f-*-0" data-along="band">i<',
        "says the gate i",
    ),
    "two gates exchanged, with their labels' places": (
        'y="224.6"(.*?)y="264.6"',
        r'y="264.6"\1y="224.6"',
        "is not within the span of what it names",
    ),
    "two gates exchanged in hue": (
        r'fill="#b4520a"(?= id="sample--f-2-0")',
        'fill="#0072b2"',
        r"f-2-0 has the hue of \['i'\], but a value of \['f'\]",
    ),
    "a band of another tensor": (
        "tensor=weight_ih(.*?)>weight_ih<",
        r"tensor=weight_hh\1>weight_hh<",
        "has tensor=weight_hh for lstm.weight_ih",
    ),
    "a block with a stranger": (
        r'data-of="lstm.weight_ih_l0\[0, 0\]"',
        'data-of="lstm.weight_hh_l0[0, 0]"',
        "text 'weight_ih' is at a block that also contains cell-0-0",
    ),
    "a label behind another": (
        'data-names="row=0"(.*?)</text>',
        r'data-names="row=0"\1</text><text x="80" y="141" font-size="12" '
        'data-names="row=1" data-for="weight_ih-1-*" '
        'data-along="row">1</text>',
        "has text '1' between it and weight_ih-0-0",
    ),
    "a column as full as 1 - f, drawn": (
        'y="227.65" width="36" height="7.28"',
        'y="204.92" width="36" height="22.72"',
        r"f-2-0 reaches from 204.92 to 227.64, but f\[2, 0, 0\]",
    ),
    "a column as full as 1 - f, drawn and said": (
        r'y="227.65" width="36" height="7.28"(.*?)data-of="f\[2, 0, 0\]"',
        r'y="212.2" width="36" height="22.72"\1data-of="1 - f[2, 0, 0]"',
        r"f-2-0 is drawn by 1 - f\[2, 0, 0\], which is no quantity",
    ),
    "a shade of the other sign": (
        "#cf8593",
        "#8a9bd7",
        r"cell-0-1 has the fill \(138, 155, 215\) for -2.0",
    ),
    "a curve shifted by a step": (
        "M104 361.08L144 346.11L184 361.28L224 375.05",
        "M144 361.08L184 346.11L224 361.28L264 375.05",
        r"line-0 is at \[361.08\], not at 346.",
    ),
    "a curve and its scale shifted by a step": (
        "M104 361.08L144 346.11L184 361.28L224 375.05(.*?)0 1 104 144",
        r"M144 361.08L184 346.11L224 361.28L264 375.05\g<1>0 1 144 184",
        "text '1' of step 1 is at 104, but the curves have it at 144",
    ),
    "a column at another step": (
        'x="126" y="223.79"',
        'x="166" y="223.79"',
        "f-1-0 of step 2 is at 184, but the curves have it at 144",
    ),
    "a curve without its last step": (
        "L224 375.05",
        "",
        r"line-0 is at \[\], not at 375.*, at index 3",
    ),
    "a curve of another unit": (
        r"c\[:, 0, 0\]&*(?=\" data-draws=.path)",
        "c[:, 0, 1]",
        "line-0 is at",
    ),
    "an area of other edges": (r"\(i [*] g\)(?=\[:, 0, 0\])", "(f * c_prev)", "written spans"),
    "a place on another step": (
        '<rect x="181"',
        '<rect x="221"',
        "point-2 is at 224, but 2.0 of 2, c",
    ),
    "a tick at another value": ("−1</text>", "−2</text>", "no scale has"),
    "a tick with a hyphen": ("−1</text>", "-1</text>", "is no number"),
    "the term of another gate": (
        'id="sample--f-2-0"',
        'id="sample--f-2-0" data-term="i"',
        "f-2-0 has the term 'i'",
    ),
    "an arrow the other way": (
        'data-from="node-f" data-to="node-kept"',
        'data-from="node-kept" data-to="node-f"',
        "the arrow makes from node-kept to node-f ends",
    ),
    "an arrow that is missing": (
        '<g data-flow="makes" data-from="node-c_prev".*?</g>',
        "",
        r"no arrow makes node-kept of \['node-c_prev'\]",
    ),
    "a box over a text": (
        "</svg>",
        '<rect x="24" y="658" width="200" height="30" fill="#ffffff"/></svg>',
        "rect hides text 'The example network.'",
    ),
    "an arrow that is not due": (
        "</svg>",
        '<path d="M406 214.92L602 254.92" stroke="#5a6372" data-flow="makes" '
        'data-from="node-f" data-to="node-c"/></svg>',
        "node-c is not made of node-f",
    ),
    "an arrow from another quantity": (
        r'data-of="f\[2, 0, 0\]"/>',
        'data-of="o[2, 0, 0]"/>',
        "node-kept is not made of node-f",
    ),
    "an arrow to another place": (
        "M546 254.92L595 254.92",
        "M546 254.92L602 314.92",
        "to node-c ends 50 from node-c",
    ),
    "a copy that is none": (
        'data-flow="makes" data-from="node-f"',
        'data-flow="copies" data-from="node-f"',
        "copies 0.24",
    ),
    "an order that is none": (
        r'data-of="[(]i [*] g[)]\[2, 0, 0\]"/>(.*)"makes"( data-from="node-w)',
        r'data-of="tanh_c[2, 0, 0]"/>\1"order"\2',
        "is not computed from",
    ),
    "an arrow in the hue of another gate": (
        '(M406 214.92L495.54 252.23" stroke=")#5a6372',
        r"\1#8a3b85",
        r"has the hue of \['o'\], but a value of \['f'\]",
    ),
    "a step that is not shown": (
        "&quot;3&quot;, &quot;3&quot;(.*?)at step 3",
        r"&quot;9&quot;, &quot;9&quot;\1at step 9",
        "says 9 for 9, which the figure does not show",
    ),
    "a sentence with another number": (
        "after four steps",
        "after five steps",
        "'It ends at −1.51 after five steps.' at note: is it true",
    ),
    "a sentence with another number, said as well": (
        "four&quot;(.*?)four",
        r"five&quot;\1five",
        r"says five for len\(x\) = 4",
    ),
    "a sentence with a number that is typed": (
        "It ends at",
        "All 3 end at",
        "has a number without an expression",
    ),
    "a sentence rounded otherwise": ("−1.51", "−1.52", r"says −1.52 for c\[3, 0, 0\]"),
    "a sentence with another word": ("half shut", "half open", "is not in"),
    "a claim that is false": ("[)] &lt; 0.5", ") &gt; 0.5", "which is False"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_checker_finds(change):
    old, new, expected = CHANGES[change]
    svg = re.sub(old, new, sample(), count=0 if "four" in old else 1, flags=re.S)
    assert svg != sample()
    assert any(re.search(expected, fault) for fault in problems_of(svg)), problems_of(svg)


def test_visible_indices_of_a_figure_with_tensors_of_its_own():
    preamble = "import torch; own_h = torch.zeros(4, 3)"
    number = '<text data-value="0" data-expr="own_h[2, {}]"/>'
    read = drawing(
        '<svg xmlns="http://www.w3.org/2000/svg"><metadata>'
        f"{json.dumps({'figure': 'still', 'preamble': preamble})}"
        f"</metadata>{number.format(0)}{number.format(2)}</svg>"
    )
    assert visible_indices(read, "unit") == {0, 2}
    assert visible_indices(read, "step") == {3}


def test_an_expression_has_the_keys_of_its_tensors():
    def keys(expression):
        return meaning_of(read, expression).keys

    read = drawing(sample())
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
    assert meaning_of(read, "c[1:, 0, 0]").sequence == [2, 3, 4]
    assert skeleton("(i * g)[1, 0, 0] + c[0, 0, 0]") == "i * g + c"


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
        ("1,000", 1000, True),
        ("eight", 8, True),
        ("8", 9, False),
        ("−0.12", -0.1219, True),
        ("−0.13", -0.1219, False),
        ("0.00", 0.001, False),
        ("(4, 1, 3)", (4, 1, 3), True),
        ("True", True, True),
        ("i", "i", True),
    ],
)
def test_a_value_is_recognised_as_printed(printed, value, same):
    assert says(printed, value) is same
