"""Mistakes with parameters: the order of gates, and the two biases."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...model.layer_run import LayerRun
from ...model.lstm import GATES, run, sigmoid
from ...model.reference import Ref, Vector
from ...model.tensors import Array, Weights
from ...proof.bindings import Sentence, sentence
from ...proof.runs.batches import inputs, one_direction
from .mistake import Mistake, Result, Side, built_notes, captioned, scale_of, two_sequences

ONNX_GATES = (0, 3, 1, 2)
"""The gates of PyTorch in the order of ONNX: i, o, f, g."""


def onnx_order(subject: LayerRun) -> Mistake:
    """Load gates in ONNX's order without reordering them."""
    built, batch = one_direction(subject), two_sequences(subject)
    (weights,) = built.stack
    moved = {
        name: np.concatenate([np.split(array, 4)[k] for k in ONNX_GATES])
        for name, array in weights.parameters().items()
        if name != "weight_hr"
    }
    loaded = replace(weights, **moved)  # type: ignore[arg-type]
    wrong, right = run(loaded, batch.x), run(weights, batch.x)
    scale = scale_of(wrong, right)
    sides = [
        tuple(
            captioned(
                f"h_n[0, {n}]",
                f"{side}_h_n",
                Vector(trace.h_n[0, n], Ref(side)[n], scale),
                wrong=side == "wrong",
            )
            for n in range(2)
        )
        for side, trace in (("wrong", wrong), ("right", right))
    ]
    gate_count = (len(GATES), "len(file['weight_ih_l0']) // one.hidden_size")
    return Mistake(
        title=sentence("Weights in ONNX's order load without an error"),
        lead=sentence(
            "The shapes are the same in any order, so load_state_dict does "
            "not object. Three of the four gates then run on the weights of "
            "another."
        ),
        notes=tuple(built_notes(subject, built, batch)),
        wrong=Side((sentence("lstm.load_state_dict(state)"),), 2, (sides[0],), ("iofg", "ifgo")),
        right=Side(
            (
                sentence("i, o, f, g = weight.chunk({})", gate_count),
                sentence("weight = torch.cat([i, f, g, o])"),
            ),
            2,
            (sides[1],),
            ("ifgo", "ifgo"),
        ),
        setup=f"{built.setup}\n{batch.setup}\n{_ONNX}",
        expected="torch.func.functional_call(one, kept, batch)[1][0][0, 1]",
    )


def forget_bias_twice(subject: LayerRun) -> Mistake:
    """Set both biases of the forget gate to one, which adds up to two."""
    built = one_direction(subject)
    (weights,) = built.stack
    size = weights.hidden_size
    columns = ("bias_ih", "bias_hh", "sum", "σ(sum)", "f")
    missing = sentence("The module has no biases; these are added here.", claim="not one.bias")
    return Mistake(
        title=sentence(
            "Two forget biases of one add up to two", claim="bool((sum(wrong) == 2).all())"
        ),
        lead=sentence(
            "The two biases are added, so set one and clear the other.",
            claim="torch.equal(sum(right), ones)",
        ),
        notes=(
            sentence(
                "Only the rows of the forget gate are shown; f is that gate at "
                "the first step, from a state of zeros."
            ),
            *([missing] if weights.bias_ih is None else ()),
        ),
        wrong=Side(
            code=_bias_code("wrong", size, second=1),
            columns=columns,
            rows=(_forget_gate(subject, weights, "wrong", second=1),),
        ),
        right=Side(
            code=_bias_code("right", size, second=0),
            columns=columns,
            rows=(_forget_gate(subject, weights, "right", second=0),),
        ),
        setup=f"{built.setup}\n"
        f"from_x = one.weight_ih_l0[{size}:{2 * size}] @ x[0, 0]\n"
        "ones, zeros = torch.ones_like(from_x), torch.zeros_like(from_x)\n"
        "wrong, right = (ones, ones), (ones, zeros)",
        expected="ones",
        compared="sum({})",
    )


def _bias_code(side: str, size: int, second: int) -> tuple[Sentence, ...]:
    """The code that sets the first bias of the forget gate to 1, and the second."""
    return tuple(
        sentence(
            f"{name}_l0[{{}}:{{}}] = {{}}",
            (size, "one.hidden_size"),
            (2 * size, "2 * one.hidden_size"),
            (value, f"int({side}[{k}][0])"),
        )
        for k, (name, value) in enumerate((("bias_ih", 1), ("bias_hh", second)))
    )


def _forget_gate(
    subject: LayerRun, weights: Weights, side: str, second: float
) -> tuple[Result, ...]:
    """Both biases of the forget gate, their sum, and the gate without and with x."""
    first_x, size = inputs(subject)[0, 0], weights.hidden_size
    weight_ih = weights.weight_ih[size : 2 * size]
    z = weight_ih @ first_x
    magnitudes = abs(weight_ih) @ abs(first_x)
    # Two biases of at most one are added to the products.
    scale = 2 + float(np.nan_to_num(magnitudes, posinf=0).max())
    ones, others = np.ones(size, weight_ih.dtype), np.full(size, second, weight_ih.dtype)
    is_wrong = side == "wrong"
    ih, hh = (Ref(side).list_item(k) for k in range(2))
    f = (ih + hh).method_call("sigmoid")
    with_x = (Ref("from_x") + (ih + hh)).method_call("sigmoid")
    columns: Sequence[tuple[Array, Ref, bool, str]] = (
        (ones, ih, False, "bias_ih f"),
        (others, hh, is_wrong, "bias_hh f"),
        (ones + others, ih + hh, is_wrong, "bias f"),
        (sigmoid(ones + others), f, is_wrong, "f"),
        (sigmoid(z + ones + others), with_x, is_wrong, "f"),
    )
    return tuple(
        Result(None, Vector(values, ref, scale), wrong, term)
        for values, ref, wrong, term in columns
    )


_ONNX = """\
kept = {name: tensor.clone() for name, tensor in one.state_dict().items()}
file = {
    name: tensor
    if "hr" in name
    else torch.cat([tensor.chunk(4)[k] for k in (0, 3, 1, 2)])
    for name, tensor in kept.items()
}
right_h_n = one(batch)[1][0]
one.load_state_dict(file)
wrong_h_n = one(batch)[1][0]
wrong, right = wrong_h_n[0], right_h_n[0]"""
"""Python that loads the weights of an ONNX file, with their gates in its order and in PyTorch's."""
