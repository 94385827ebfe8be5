"""What `porting` quotes."""

import re
from functools import partial

import numpy as np
import torch

from lstm_figs.capture.module import weights_of
from lstm_figs.errors import UsageError
from lstm_figs.porting import KERAS, ORDERS, TARGETS
from tests.site.facts.claims import only_the_sum_counts
from tests.site.facts.common import module, occurrences, randn
from tests.site.facts.forget_bias import bands_that_keep
from tests.site.facts.onnx_export import agrees_in_any_order
from tests.site.facts_of_pages import figure, network, of_torch
from tests.site.test_formulas import letters


def is_one_bias() -> bool:
    """Whether both biases may be one of them."""
    lstm, x = module(3, 2), randn(5, 1, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.bias_ih_l0 += lstm.bias_hh_l0
        lstm.bias_hh_l0.zero_()
    return torch.allclose(lstm(x)[0], before, atol=1e-6)


def loads_in_the_wrong_order() -> bool:
    """Whether moved bands raise no error, and give other numbers."""
    lstm, moved, x = module(3, 2), module(3, 2), randn(5, 1, 3)
    moved.load_state_dict(
        {
            name: torch.cat([tensor.chunk(4)[k] for k in (0, 3, 1, 2)])
            for name, tensor in lstm.state_dict().items()
        }
    )
    return not torch.allclose(moved(x)[0], lstm(x)[0], atol=1e-2)


def comes_back_with_zeros() -> bool:
    """Whether Flax and OpenVINO have a bias of a module that has none."""
    weights = weights_of(module(3, 2, bias=False))
    biases = {
        name: TARGETS[name].to_pytorch(TARGETS[name].to_target(weights))[0].bias_ih
        for name in TARGETS
    }
    return {name for name, bias in biases.items() if bias is not None} == {
        *("flax", "openvino")
    } and not any(np.any(b) for b in biases.values() if b is not None)


def refuses_a_projection() -> bool:
    """Whether a module with a projection is an error for each library."""
    refused = []
    for name, target in TARGETS.items():
        try:
            target.to_target(weights_of(module(3, 4, proj_size=2)))
        except UsageError:
            refused.append(name)
    return refused == [*TARGETS]


def cannot_be_told_apart() -> bool:
    """Whether from a state of one f and g give the same, and from two not."""
    are_equal = []
    for start in (1.0, 2.0):
        ends = []
        for band in (1, 2):
            cell = torch.nn.LSTMCell(1, 1)
            with torch.no_grad():
                for parameter in cell.parameters():
                    parameter.zero_()
                cell.bias_ih[band] = 10
                state = torch.zeros(1, 1), torch.full((1, 1), start)
                ends.append(torch.cat(cell(torch.zeros(1, 1), state)))
        are_equal.append(torch.allclose(*ends, atol=1e-3))
    return are_equal == [True, False]


def names(target: str) -> list[str]:
    """What a library calls the tensors of two layers in two directions."""
    lstm = module(3, 2, num_layers=2, bidirectional=True)
    return [*TARGETS[target].to_target(weights_of(lstm))]


def goes_both_ways() -> bool:
    """Whether all layers and directions come back as they were."""
    lstm = module(3, 2, num_layers=2, bidirectional=True)
    for target in TARGETS.values():
        back = target.to_pytorch(target.to_target(weights_of(lstm)))
        for actual, expected in zip(back, weights_of(lstm), strict=True):
            if not np.array_equal(actual.weight_hh, expected.weight_hh):
                return False
    return True


def goes_to_the_backward_one() -> bool:
    lstm = module(3, 2, bidirectional=True)
    tensors = TARGETS["keras"].to_target(weights_of(lstm))
    (name,) = (k for k in tensors if "backward" in k and k.endswith("recurrent_kernel"))
    reverse = lstm.weight_hh_l0_reverse.detach().numpy()
    return np.array_equal(tensors[name].T, reverse)


def stacks_the_reverse_below() -> bool:
    lstm = module(3, 2, bidirectional=True)
    tensors = TARGETS["onnx"].to_target(weights_of(lstm))
    i = lstm.weight_ih_l0_reverse.detach()[:2].numpy()
    return tensors["W_l0"].shape == (2, 8, 3) and np.array_equal(tensors["W_l0"][1, :2], i)


TENSORFLOW = "https://www.tensorflow.org/api_docs/python/tf/raw_ops/BlockLSTM"
OPENVINO = (
    "https://docs.openvino.ai/2025/documentation/openvino-ir-format/"
    "operation-sets/operation-specs/sequence/lstm-sequence-5.html"
)
TABLE = (
    "| Order | Run | Read |",
    "| i, f, g, o | PyTorch, Keras, Flax nnx | cuDNN; TensorFlow's "
    f"[BlockLSTMV2]({TENSORFLOW}V2); MPSGraph by default |",
    "| i, o, f, g | [ONNX](https://onnx.ai/onnx/operators/onnx__LSTM.html) | "
    "[WebNN](https://www.w3.org/TR/webnn/#api-mlgraphbuilder-lstm) by default "
    "|",
    f"| f, i, g, o | [OpenVINO]({OPENVINO}) | |",
    f"| i, g, f, o | | TensorFlow's [BlockLSTM]({TENSORFLOW}) and BasicLSTMCell |",
    "| i, f, o, g | | [Core ML](other-places.md#core-ml), OpenCV, ConvLSTM_pytorch |",
)


def is_as_found(row: str) -> bool:
    """Whether a row has all of one order, in the column of how it is known."""
    bare = re.sub(r"\[(\w[^]]*)\]\([^)]*\)|'s\b| by default", r"\1", row)
    order, *cells = (cell.strip() for cell in bare.split("|")[1:-1])
    libraries = [[n for n in re.split(r", |; | and ", cell) if n] for cell in cells]
    if order == "Order":
        return libraries == [["Run"], ["Read"]]
    (gate_order,) = (candidate for candidate in ORDERS if [*candidate.order] == order.split(", "))
    return libraries == [[*gate_order.ran], [*gate_order.read]]


FACTS = (
    *of_torch(
        (
            "Here the bands of one module are moved as ONNX has them, and "
            "loaded as if they were PyTorch's:",
            lambda: TARGETS["onnx"].order == "iofg",
            loads_in_the_wrong_order,
        ),
        (
            "With `keras.layers.Bidirectional` each direction is a separate "
            "layer, `forward_layer` and `backward_layer`. The tensors that end "
            "in `_reverse` go to the backward one.",
            goes_to_the_backward_one,
        ),
        (
            "With two, stack the tensors that end in `_reverse` below the "
            "others: `torch.stack([forward, reverse])`. Each layer is a "
            "separate node.",
            stacks_the_reverse_below,
        ),
        ("does all of the above for any number of layers and for both directions.", goes_both_ways),
        (
            "ONNX and OpenVINO name the inputs of a node, here with the number "
            "of the layer: `W_l0`. For Flax they begin with the name of a "
            "cell, `cell_l0` or `cell_l0_reverse`.",
            lambda: names("onnx")[0] == names("openvino")[0] == "W_l0",
            lambda: {n.split("/")[0] for n in names("flax")} >= {"cell_l0", "cell_l0_reverse"},
        ),
    ),
    *of_torch(
        (
            "Every LSTM has the same four gates, but libraries stack them "
            "differently, and weights in the wrong order raise no error: the "
            "model loads and gives nonsense.",
            loads_in_the_wrong_order,
            lambda: len({target.order for target in TARGETS.values()}) == 3,
        ),
        ("No shape tells you how a library keeps its gates, so ask:", loads_in_the_wrong_order),
        ("The sum of the biases cannot be split:", only_the_sum_counts),
        (
            "Flax and OpenVINO have a bias in any case, so a module without "
            "biases comes back from them with zeros; load it into one that has "
            "them.",
            comes_back_with_zeros,
        ),
        ("They give PyTorch [no more freedom](weight-map.md#why-two-biases).", only_the_sum_counts),
        (
            "They differ for [no deeper "
            "reason](onnx-export.md#why-is-the-gate-order-i-o-f-c) than that "
            "each format had to choose one.",
            agrees_in_any_order,
        ),
        (
            "f and g would give the same, and the probe could not tell them apart.",
            cannot_be_told_apart,
        ),
        (
            "None of these libraries has `proj_size`, so a module with a projection is an error.",
            refuses_a_projection,
        ),
    ),
    *of_torch(
        (
            "Keras calls its gates i, f, c and o, and its c is PyTorch's g: the order is the same.",
            lambda: KERAS.order == "ifgo" and KERAS.letters[2] == "c",
        )
    ),
    *of_torch(
        (
            "what others call c, z or j is g here",
            lambda: {letters(f"i, f, {name}, o") for name in "cg"} == {"ifgo"},
        ),
        (
            "make all of it `bias_ih`, and zero `bias_hh`. The module computes the same.",
            is_one_bias,
        ),
        ("It acts like a bias, so add it to rows `H:2*H`", lambda: bands_that_keep() == [1]),
        (
            "The libraries in the second column are run by the tests of this "
            "page. Those in the third were not run",
            lambda: len(TABLE) == len(ORDERS) + 1,
        ),
        *((row, partial(is_as_found, row)) for row in TABLE),
    ),
    *figure(
        (
            "A module whose numbers are all zero, except one band of a bias.",
            "all((band != 0).sum() == len(band) // 4 for band in lit)",
            "all((band != 0).unflatten(0, (4, -1)).any(1).sum() == 1 for band in lit)",
        )
    ),
    *figure(
        (
            "Both matrices are transposed, and both biases are added.",
            "torch.equal(keras['kernel'].T, lstm.weight_ih_l0) and torch.equal("
            "keras['recurrent_kernel'].T, lstm.weight_hh_l0)",
            "torch.equal(keras['bias'], lstm.bias_ih_l0 + lstm.bias_hh_l0)",
        ),
        (
            "The rows stay rows, but the band of o moves up, between i and f. "
            "Both biases are kept, one after the other, each in the new order.",
            "torch.equal(onnx['W'][0].split(2)[1], lstm.weight_ih_l0[6:])",
            "all(torch.equal(onnx['W'][0].split(2)[new], "
            "lstm.weight_ih_l0.split(2)[old]) "
            "for new, old in ((0, 0), (2, 1), (3, 2)))",
            "torch.equal(onnx['B'][0, 8:10], lstm.bias_hh_l0[:2])",
        ),
        (
            "The first axis of `W`, `R` and `B` counts directions",
            "all(len(tensor) == 1 for tensor in onnx.values())",
        ),
        (
            "a matrix for each gate, so there is no order to get wrong. The "
            "matrices are transposed, and the one bias stands beside the "
            "matrix of the hidden state.",
            "all(k[0] == 'h' for k in flax if 'bias' in k)",
            "torch.equal(flax['if/kernel'].T, lstm.weight_ih_l0[2:4])",
        ),
        (
            "The band of f comes first, before i. The biases are added.",
            "torch.equal(openvino['W'][0, :2], lstm.weight_ih_l0[2:4])",
            "torch.equal(openvino['W'][0, 2:4], lstm.weight_ih_l0[:2])",
            "torch.equal(openvino['B'][0, :2], (lstm.bias_ih_l0 + lstm.bias_hh_l0)[2:4])",
        ),
    ),
    *network("cell", ("to and from {:word} libraries", occurrences(" | porting --to ", "porting"))),
    *figure(
        ("has {:word} times hidden_size rows", "len(lstm.weight_ih_l0) // lstm.hidden_size"),
        ("has {:word} times hidden_size rows", "len(lstm.weight_hh_l0) // lstm.hidden_size"),
        ("so areas can be compared by columns", "len({len(p) for p in lstm.parameters()}) == 1"),
        (
            "Keras has one column less, since it keeps the sum of the biases. "
            "The parameters of the second bias are the whole difference.",
            "sum(p.numel() for p in lstm.parameters()) - sum("
            "k.numel() for k in (kernel, recurrent_kernel, bias))"
            " == len(lstm.weight_ih_l0)",
        ),
    ),
    *figure(
        ("one quarter of the bias to {:.0f}", "lit.max()"),
        ("one quarter of the bias", "all(4 * (band > 0).sum() == band.numel() for band in lit)"),
        ("Start from a cell state of {}", "start"),
        ("An opened gate is about {:.0f}, the others are one half", "lit_i[0].min()"),
        (
            "the others are one half",
            "(lit_i[1:] == 0.5).all() and (lit_o[:3] == 0.5).all() "
            "and (lit_f[[0, 2, 3]] == 0.5).all()",
        ),
        ("is {:.0f} unless it was opened", "lit_g[[0, 1, 3]].max()"),
        ("If the state stays {:.0f}, the forget gate", "lit_c[1, 0]"),
        ("If it becomes one and a half, it was g", "abs(lit_c[2, 0] - 1.5) < 1e-3"),
        (
            "{:Word} bands leave {:.0f}: of",
            "(abs(lit_c[:, 0] - start / 2) < 1e-3).sum()",
            "lit_c[0, 0]",
        ),
        ("the output gate is the one that shows more in h", "lit_h[3, 0] > lit_h[0, 0]"),
        (
            "Do not start from a state of {:.0f}: f and g would give the same",
            "(lit_i * lit_g)[2, 0] / (lit_f[1, 0] - lit_f[2, 0])",
        ),
        id="gate-order",
    ),
)
