"""Sentences that record what was done, looked up where it was done."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

from safetensors import safe_open

from lstm_figs.sources import networks
from tests.binding.axes import LIBRARIES

SCRIPT = Path(__file__).parents[3] / "docs" / "code" / "brackets.py"


def _trained(sentence: str) -> bool:
    """The network was asked the two questions, and no other."""
    file = Path(networks.__file__).with_name("brackets.safetensors")
    with safe_open(file, "np") as opened:
        outputs = opened.metadata()["outputs"]
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    typed = {
        ast.unparse(node.targets[0]): node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
    }
    (asked,) = (
        node.body[-1]
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "questions"
    )
    targets = "torch.stack([inside, depth == 0], dim=-1)"
    questions = re.findall(r"([a-z ]+)\?", sentence.partition(": ")[2])
    return (
        ast.literal_eval(typed["OUTPUTS"]) == outputs
        and targets in ast.unparse(asked)
        and [question.strip() for question in questions] == outputs.split(", ")
    )


def _stacked(sentence: str) -> bool:
    """The order of a library is the one that the tests read its tensors by."""
    ((library, order),) = re.findall(r"o, (\w+) as ([ifoc, ]+):", sentence)
    letters = order.replace(", ", "").replace("c", "g")
    return LIBRARIES[library.lower()] == letters


def _noted(name: str) -> dict[str, str]:
    """The metadata of a file that was written while the network was trained."""
    file = Path(networks.__file__).with_name(f"brackets-{name}.safetensors")
    with safe_open(file, "np") as opened:
        metadata: dict[str, str] = opened.metadata()
    return metadata


def _means(sentence: str) -> bool:
    """What was noted of a batch is a mean of it and of others."""
    return int(_noted("learning")["near"]) > 0


def _repeated(sentence: str) -> bool:
    """The last moment is of the file that ships, and the last but one not."""
    file = Path(networks.__file__).with_name("brackets-training.safetensors")
    with safe_open(file, "np") as opened:
        weight = opened.get_tensor("lstm.weight_hh_l0")
    own = _noted("training")["last"] == "brackets.safetensors"
    return own and bool((weight[-1] != weight[-2]).any())


RECORDS: dict[str, Callable[[str], bool]] = {
    "Trained to say after each character: inside quotes? all closed? Nobody "
    "told it to count.": _trained,
    "Shares are means over neighbouring batches.": _means,
    "The moments before the end are of a repetition of the training, which "
    "ends in slightly different weights.": _repeated,
    **{
        f"PyTorch stacks the gates as i, f, g, o, {library_order}: its c is PyTorch's g.": _stacked
        for library_order in ("Keras as i, f, c, o", "ONNX as i, o, f, c", "OpenVINO as f, i, c, o")
    },
}
"""Sentence -> whether it is so."""
