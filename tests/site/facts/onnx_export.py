"""What `onnx-export` quotes."""

import warnings
from io import BytesIO

import onnx
import torch

from tests.listings import CODE
from tests.site.facts.common import drawn, listed, module, occurrences
from tests.site.quoting import asked, figure, network

LSTM = onnx.defs.get_schema("LSTM")
"""What ONNX says of its operator."""

AXES = (CODE / "export_axes.py").read_text(encoding="utf-8")

WARNING = (
    "Exporting a model to ONNX with a batch_size other than 1, with a variable "
    "length with LSTM can cause an error when running the ONNX model with a "
    "different batch size"
)


def is_said_by_the_older_exporter() -> bool:
    """Whether the warning is as it is quoted, whatever the batch."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        torch.onnx.export(
            module(3, 2).eval(), (drawn(5, 1, 3),), BytesIO(), dynamo=False
        )
    said = " ".join(str(each.message) for each in caught)
    return WARNING in said


NUMBERS = network(
    "cell",
    (
        "{:Word} layers are exported with their states",
        listed(r"num_layers=(\d)", "code/export_onnx.py"),
    ),
    (
        "one of {:word} modules in both directions, whose states nobody passes",
        occurrences(
            "(3, 2, bidirectional=True, batch_first=True)", "onnx-export"
        ),
    ),
)

FACTS = (
    *NUMBERS,
    *figure(
        (
            "The band of o moves up, between i and f.",
            "torch.equal(onnx['W'][0].split(2)[1], lstm.weight_ih_l0[6:])",
            "torch.equal(onnx['W'][0].split(2)[2], lstm.weight_ih_l0[2:4])",
        ),
        (
            "The band of o moves up",
            "torch.equal(onnx['W'][0].split(2)[0], lstm.weight_ih_l0[:2])",
        ),
    ),
    *asked(
        (
            "Such a file takes {:word} steps and no other number.",
            lambda: len(drawn(5, 4, 3)),
        ),
        (
            f"*{WARNING}*",
            is_said_by_the_older_exporter,
        ),
        (
            "### Is the warning about a `batch_size` other than 1 an error?",
            is_said_by_the_older_exporter,
        ),
        (
            "Dropout is gone, because the module was in `eval()`.",
            lambda: ".eval()" in (CODE / "export_onnx.py").read_text("utf-8"),
        ),
        (
            "With `batch_first=True`, `x` has the batch as its first axis and "
            "the states still have it as their second",
            lambda: (
                module(3, 2, batch_first=True)(drawn(5, 4, 3))[1][0].shape
                == (1, 5, 2)
            ),
        ),
        (
            "keeps both axes of `x` free if `dynamic_axes` names them",
            lambda: "dynamic_axes" in AXES and "dynamic_shapes" not in AXES,
            lambda: '"x": {0: "steps", 1: "batch"}' in AXES,
        ),
        (
            "`W`, `R` and `B` are its second, third and fourth",
            lambda: [one.name for one in LSTM.inputs][1:4] == ["W", "R", "B"],
        ),
        (
            "`W` is `weight_ih`, `R` is `weight_hh`, and `B` holds both biases "
            "one after the other",
            lambda: all(
                size in one.description
                for one, size in zip(
                    LSTM.inputs[1:4],
                    ("input_size]", "hidden_size, hidden_size]", "8*hidden"),
                    strict=True,
                )
            ),
        ),
        (
            "an axis for directions in its output, between steps and batch",
            lambda: (
                "seq_length, num_directions, batch"
                in LSTM.outputs[0].description
            ),
        ),
    ),
)
