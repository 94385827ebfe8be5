"""What `porting` quotes."""

import re

import numpy as np
import torch

from lstm_figs.capture.module import weights_of
from lstm_figs.errors import UsageError
from lstm_figs.porting import ORDERS, TARGETS
from tests.site.facts.common import module, randn


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
