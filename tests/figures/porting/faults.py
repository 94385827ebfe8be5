"""Deliberate faults of `porting`, which its tests must find."""

import re

from tests.binding.breaking import Change


def porting_change(library, old, new, message):
    return Change(f"porting to={library}", old, new, re.escape(message))


CHANGES = {
    "PyTorch's letter": porting_change("keras", ">c</text>", ">g</text>", "calls the gate"),
    "Keras' letter in Flax": porting_change(
        "flax", r'(data-for="to-g"[^>]*)>g</text>', r"\1>c</text>", "calls the gate"
    ),
    "another gate": porting_change(
        "onnx", r'gate=f" (data-for="to-f")', r'gate=o" \1', "has gate=o"
    ),
    "a band at another place": porting_change(
        "onnx", r"(onnx\[&#x27;W&#x27;\])\[0, 4:6\]", r"\1[0, 2:4]", "has gate=f"
    ),
    "a matrix of another gate": porting_change(
        "flax", r"if/kernel(&#x27;\]\.T)", r"io/kernel\1", "has gate=f"
    ),
    "another row": porting_change("openvino", r"\[0, 1, 2\]<", "[0, 3, 2]<", "says"),
    "another column": porting_change("onnx", r"row=5 input=2", "row=5 input=1", "has input=1"),
    "a ribbon to another band": porting_change(
        "onnx", 'data-to="to-o"', 'data-to="to-c"', "arrow copies"
    ),
    "a band that is not the same": porting_change("keras", r"\[:, 2:4\]\.T", "[:, 2:4]", "copies"),
    "another order that is heard": porting_change(
        "onnx", "in ONNX rows 4 to 5", "in ONNX rows 2 to 3", "the description says 2"
    ),
    "another sum that is heard": porting_change(
        "keras", "= −1.25", "= −1.26", "the description says −1.26"
    ),
    "another index that is heard": porting_change(
        "keras", r"becomes kernel\[2, 3\]", "becomes kernel[3, 2]", "the description says"
    ),
}
