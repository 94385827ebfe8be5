"""Sentences about things that were done once, checked against the source."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

from safetensors import safe_open

from lstm_figs.sources import networks
from tests.binding.axes import LIBRARIES

SCRIPT = Path(__file__).parents[3] / "docs" / "code" / "brackets.py"


def _is_trained_on(sentence):
    """Check that the network was trained on the questions after the colon and no others."""
    file = Path(networks.__file__).with_name("brackets.safetensors")
    with safe_open(file, "np") as opened:
        outputs = opened.metadata()["outputs"]
    tree = ast.parse(SCRIPT.read_text("utf-8"))
    assigned = {
        ast.unparse(node.targets[0]): node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
    }
    # The last line of `questions` returns the targets.
    (returned,) = (
        node.body[-1]
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "questions"
    )
    targets = "torch.stack([inside, depth == 0], dim=-1)"
    questions = re.findall(r"([a-z ]+)\?", sentence.partition(": ")[2])
    return (
        ast.literal_eval(assigned["OUTPUTS"]) == outputs
        and targets in ast.unparse(returned)
        and [question.strip() for question in questions] == outputs.split(", ")
    )


def _matches_library_order(sentence):
    """Check that the tests read a library's tensors in the stated gate order."""
    ((library, order),) = re.findall(r"o, (\w+) as ([ifoc, ]+):", sentence)
    # These libraries call the gate g by the letter c.
    letters = order.replace(", ", "").replace("c", "g")
    return LIBRARIES[library.lower()] == letters


def _metadata(name):
    file = Path(networks.__file__).with_name(f"brackets-{name}.safetensors")
    with safe_open(file, "np") as opened:
        metadata = opened.metadata()
    return metadata


def _is_mean_and_repeated(sentence):
    """Check that noted values are means, and that only the last snapshot is as shipped."""
    if int(_metadata("learning")["near"]) <= 0:
        return False
    file = Path(networks.__file__).with_name("brackets-training.safetensors")
    with safe_open(file, "np") as opened:
        weight = opened.get_tensor("lstm.weight_hh_l0")
    own = _metadata("training")["last"] == "brackets.safetensors"
    return own and bool((weight[-1] != weight[-2]).any())


RECORDS: dict[str, Callable[[str], bool]] = {
    "Trained to say after each character: inside quotes? all closed? Nobody "
    "told it to count.": _is_trained_on,
    "Shares are means over neighbouring batches; moments before the end are of a repeated "
    "training.": _is_mean_and_repeated,
    **dict.fromkeys(
        (
            f"PyTorch stacks the gates as i, f, g, o, {order}: its c is PyTorch's g."
            for order in ("Keras as i, f, c, o", "ONNX as i, o, f, c", "OpenVINO as f, i, c, o")
        ),
        _matches_library_order,
    ),
}
"""Sentence -> function that tells whether the sentence is true."""
