"""Faults in what stands in another library are red."""

import re

import pytest

import lstm_figs
from tests.binding.checking import faults
from tests.binding.drawing import drawing

FAULTS = {
    "PyTorch's letter": ("keras", ">c</text>", ">g</text>", "calls the gate"),
    "Keras' letter in Flax": (
        "flax",
        r'(data-for="to-g"[^>]*)>g</text>',
        r"\1>c</text>",
        "calls the gate",
    ),
    "another gate": (
        "onnx",
        r'gate=f" (data-for="to-f")',
        r'gate=o" \1',
        "has gate=o",
    ),
    "a band at another place": (
        "onnx",
        r"(onnx\[&#x27;W&#x27;\])\[0, 4:6\]",
        r"\1[0, 2:4]",
        "has gate=f",
    ),
    "a matrix of another gate": (
        "flax",
        r"if/kernel(&#x27;\]\.T)",
        r"io/kernel\1",
        "has gate=f",
    ),
    "another row": ("openvino", r"\[0, 1, 2\]<", "[0, 3, 2]<", "says"),
    "another column": (
        "onnx",
        r"row=5 input=2",
        "row=5 input=1",
        "has input=1",
    ),
    "a ribbon to another band": (
        "onnx",
        'data-to="to-o"',
        'data-to="to-c"',
        "arrow copies",
    ),
    "a band that is not the same": (
        "keras",
        r"\[:, 2:4\]\.T",
        "[:, 2:4]",
        "copies",
    ),
    "another order that is heard": (
        "onnx",
        "in ONNX rows 4 to 5",
        "in ONNX rows 2 to 3",
        "the description says 2",
    ),
    "another sum that is heard": (
        "keras",
        "= −1.25",
        "= −1.26",
        "the description says −1.26",
    ),
    "another index that is heard": (
        "keras",
        r"becomes kernel\[2, 3\]",
        "becomes kernel[3, 2]",
        "the description says",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_port_is_found(name):
    library, old, new, said = FAULTS[name]
    svg = lstm_figs.draw("porting", to=library).render("svg", "light").decode()
    assert faults(drawing(svg)) == []
    (data,) = re.findall(r"<metadata.*?</metadata>", svg)
    broken, count = re.subn(old, new, svg.replace(data, "<data/>"), count=1)
    assert count == 1
    found = faults(drawing(broken.replace("<data/>", data)))
    assert any(said in fault for fault in found), found
