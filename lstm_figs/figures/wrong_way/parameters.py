"""Mistakes with parameters: their order, and two that are one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...model.lstm import run, sigmoid
from ...model.tensors import Array
from ...proof.runs.batches import inputs, one_way
from ...proof.subject import Subject
from .mistake import (
    Block,
    Mistake,
    Side,
    described,
    made,
    numbers,
    scale_of,
    sequences,
    two,
)


def onnx_order(subject: Subject) -> Mistake:
    """Bands in another order, loaded as they are."""
    one, batch = one_way(subject), two(subject)
    (weights,) = one.stack
    moved = {
        name: np.concatenate([np.split(array, 4)[k] for k in (0, 3, 1, 2)])
        for name, array in weights.parameters().items()
        if name != "weight_hr"
    }
    loaded = replace(weights, **moved)  # type: ignore[arg-type]
    wrong, right = run(loaded, batch.x), run(weights, batch.x)
    scale = scale_of(wrong, right)
    sides = [
        tuple(
            Block(
                f"h_n[0, {n}]",
                numbers(trace.h_n[0, n], f"{side}[{n}, {{}}]", scale),
                side == "wrong",
            )
            for n in range(2)
        )
        for side, trace in (("wrong", wrong), ("right", right))
    ]
    return Mistake(
        "Weights in the order of ONNX",
        f"{described(one, batch)}: the bands of the file are i, o, f, g",
        (
            "The shapes are the same in any order, so load_state_dict does "
            "not object. Three of four gates then work with the weights of "
            "another.",
            *made(subject, one, batch),
        ),
        Side(
            ("lstm.load_state_dict(state)",), sequences(batch), (sides[0],),
            ("iofg", "ifgo"),
        ),
        Side(
            ("i, o, f, g = weight.chunk(4)",
             "weight = torch.cat([i, f, g, o])"),
            sequences(batch), (sides[1],), ("ifgo", "ifgo"),
        ),
        f"{one.setup}\n{batch.setup}\n{_ONNX}",
    )  # fmt: skip


def forget_bias_twice(subject: Subject) -> Mistake:
    """Both biases of the forget gate are set, and add up."""
    one = one_way(subject)
    (weights,) = one.stack
    first, size = inputs(subject)[0, 0], weights.hidden_size
    rows = slice(size, 2 * size)
    z = weights.weight_ih[rows] @ first
    reach = abs(weights.weight_ih[rows]) @ abs(first)
    scale = 2 + float(np.nan_to_num(reach, posinf=0).max())
    dtype = weights.weight_ih.dtype

    def side(name: str, second: float) -> tuple[Block, ...]:
        ones, more = np.ones(size, dtype), np.full(size, second, dtype)
        bad = name == "wrong"
        summed = f"({name}[0] + {name}[1])"
        columns: Sequence[tuple[str, Array, str, bool, str]] = (
            ("", ones, f"{name}[0][{{}}]", False, "bias_ih f"),
            ("", more, f"{name}[1][{{}}]", bad, "bias_hh f"),
            ("", ones + more, f"{summed}[{{}}]", bad, "bias f"),
            ("", sigmoid(ones + more), f"{summed}[{{}}].sigmoid()", bad, "f"),
            ("", sigmoid(z + ones + more),
             f"(from_x + {summed})[{{}}].sigmoid()", bad, "f"),
        )  # fmt: skip
        return tuple(
            Block(caption, numbers(values, expr, scale), wrong, term)
            for caption, values, expr, wrong, term in columns
        )

    columns = ("b_{ih}", "b_{hh}", "sum", "σ(sum)", "f_{1}")
    part = f"[{size}:{2 * size}]"
    return Mistake(
        "Two forget biases of one add up to two",
        f"{one.signature}: the forget rows {size} to {2 * size - 1} of both "
        "biases"
        if size > 1
        else f"{one.signature}: the forget row 1 of both biases",
        (
            "The two biases are added. Set one of them and clear the other; "
            "f_{1} is the forget gate at the first step, from zeros.",
            *["The module has no biases, these are added here."]
            * (weights.bias_ih is None),
        ),
        Side(
            (f"bias_ih_l0{part} = 1", f"bias_hh_l0{part} = 1"), columns,
            (side("wrong", 1),),
        ),
        Side(
            (f"bias_ih_l0{part} = 1", f"bias_hh_l0{part} = 0"), columns,
            (side("right", 0),),
        ),
        f"{one.setup}\n"
        f"from_x = one.weight_ih_l0{part} @ x[0, 0]\n"
        "ones, zeros = torch.ones_like(from_x), torch.zeros_like(from_x)\n"
        "wrong, right = (ones, ones), (ones, zeros)",
    )  # fmt: skip


_ONNX = """\
file = {
    name: tensor
    if "hr" in name
    else torch.cat([tensor.chunk(4)[k] for k in (0, 3, 1, 2)])
    for name, tensor in one.state_dict().items()
}
right = one(batch)[1][0][0]
one.load_state_dict(file)
wrong = one(batch)[1][0][0]"""
