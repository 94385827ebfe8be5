"""What pages say of a weight or a bias by its name, such as `weight_hh`.

It is easily exchanged for that of its neighbour.
"""

import torch

from tests.site.facts.common import module, randn
from tests.site.facts.gates import each
from tests.site.facts_of_pages import Fact, page


def factor(name: str, **options: int) -> str:
    """What a weight is multiplied by: without it, this no longer matters."""
    lstm, x = module(3, 2, **options), randn(2, 1, 3)
    size = options.get("proj_size", 2)
    h, c = randn(1, 1, size), torch.zeros(1, 1, 2)
    with torch.no_grad():
        getattr(lstm, f"{name}_l0").zero_()
    output, _ = lstm(x[:1], (h, c))
    (result,) = [
        what
        for what, other in (("x", lstm(x[1:], (h, c))[0]), ("h", lstm(x[:1], (-h, c))[0]))
        if torch.equal(output, other)
    ]
    return result


def reads_x() -> bool:
    return factor("weight_ih") == "x"


def reads_h() -> bool:
    return factor("weight_hh") == "h"


def is_projected() -> bool:
    """Whether `weight_hr` makes each `h` of more numbers, at every step."""
    lstm = module(3, 4, proj_size=2)
    shape = lstm.weight_hr_l0.shape
    with torch.no_grad():
        lstm.weight_hr_l0.zero_()
    return shape == (2, 4) and not lstm(randn(5, 1, 3))[0].any()


def is_largest_where_wide() -> bool:
    """Whether `weight_hh` has most numbers of a layer with many units."""
    sizes = {k: v.numel() for k, v in module(64, 256).state_dict().items()}
    return max(sizes, key=sizes.__getitem__) == "weight_hh_l0"


def has_rows_of_four_bands() -> bool:
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    lstm = module(3, 4, proj_size=2)
    return all(len(getattr(lstm, f"{name}_l0")) == 16 for name in names)


def says(name: str, words: str):
    """A check that a listing of a page has these words."""
    return lambda: words in page(name).text


WEIGHTS: dict[str, tuple[Fact, ...]] = {
    "cost": (
        *each(
            reads_x, "PyTorch computes [the product of `weight_ih` with the inputs of all steps]"
        ),
        *each(
            reads_h,
            "and a step of a small LSTM is little: the product of `weight_hh` "
            "and one `h` for each sequence.",
        ),
    ),
    "custom-cell": (
        *each(
            reads_h,
            "Weight dropping sets single weights of `weight_hh` to zero for a "
            "whole call, in place of numbers of `h`.",
        ),
        *each(
            says("custom-cell", "_raw"),
            "keeps the real weight as `weight_hh_l0_raw`, and leaves the copy "
            "of the last call, with its zeros, under the usual name.",
        ),
        *each(
            reads_x,
            "Do it for `weight_ih_l0` and for every layer in the same way.",
            "and multiplies by `weight_ih` step by step.",
        ),
    ),
    "dispatch": each(
        reads_x, "The wide bar is the product of `weight_ih` with the inputs of all steps at once."
    ),
    "edit-units": (
        *each(
            lambda: module(3, 4, num_layers=2).weight_ih_l1.shape == (16, 4),
            "the readout of a lower layer is `weight_ih` of the next, "
            "`weight_ih_l1`, and for `fold` its bias is `bias_ih_l1`.",
        ),
        *each(
            lambda: module(3, 4, bidirectional=True).weight_hh_l0_reverse.shape == (16, 4),
            "each has its own `weight_hh`;",
        ),
    ),
    "independence": each(
        reads_h,
        "There `weight_hh` is multiplied by zero, so the *values* of a unit "
        "do not depend on its weights for the others.",
        "Only a `weight_hh` that is diagonal in each of its four bands keeps the units apart.",
    ),
    "keep-write-show": each(
        lambda: reads_x() and reads_h(),
        "$W_{{ii}}$, $W_{{if}}$, $W_{{ig}}$ and $W_{{io}}$ are the four bands "
        "of `weight_ih`, and $W_{{hi}}$, $W_{{hf}}$, $W_{{hg}}$ and "
        "$W_{{ho}}$ those of `weight_hh`.",
    ),
    "not-learning": each(
        reads_h, "`weight_hh_l0` has a gradient of zeros as well, since it multiplies zeros."
    ),
    "onnx-export": each(
        says("onnx-export", "called val_"), "so `weight_ih_l0` is not to be found in the file."
    ),
    "projection": (
        *each(
            is_largest_where_wide,
            "it is for LSTMs so wide that `weight_hh` costs too much.",
            "`weight_hh` is the largest matrix of a wide LSTM.",
        ),
        *each(
            is_projected,
            "`weight_hr` makes one of them, and that one is `h`.",
            "the hidden state is projected by a third matrix, `weight_hr`, "
            "before it leaves the cell",
        ),
    ),
    "streaming": each(
        lambda: "weight_ih" in torch.nn.LSTMCell(3, 2).state_dict(), "**[Missing keys `weight_ih`"
    ),
    "what-it-remembers": each(
        reads_h, "`weight_hh` says how the hidden state of each unit acts on each gate."
    ),
    "why-a-memory": each(reads_h, "which PyTorch calls `weight_hh`"),
}
"""A page -> what it says of weights by name, beside its own facts."""
