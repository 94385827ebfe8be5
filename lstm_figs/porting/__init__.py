"""Weights of other libraries: made of PyTorch's, and taken back.

>>> import numpy as np
>>> from lstm_figs import Weights
>>> layer = Weights(np.ones((8, 3)), np.ones((8, 2)), np.ones(8), np.ones(8))
>>> ported = TARGETS["onnx"].to_target([layer])
>>> {name: array.shape for name, array in ported.items()}
{'W_l0': (1, 8, 3), 'R_l0': (1, 8, 2), 'B_l0': (1, 16)}
>>> len(TARGETS["onnx"].to_pytorch(ported))
1
"""

from typing import NamedTuple

from .flax import FLAX
from .keras import KERAS
from .stacked import ONNX, OPENVINO
from .target import Target

__all__ = ["ONNX", "ORDERS", "TARGETS", "Order", "Target"]

TARGETS = {"keras": KERAS, "onnx": ONNX, "flax": FLAX, "openvino": OPENVINO}
"""By the names that commands give them."""


class Order(NamedTuple):
    """Who stacks the gates in an order.

    Attributes:
        order: In PyTorch's letters.
        ran: Those whose order the tests find out by running them.
        read: Those whose order is known from their source or documentation.
    """

    order: str
    ran: tuple[str, ...]
    read: tuple[str, ...]


ORDERS = (
    Order(
        "ifgo", ("PyTorch", "Keras", "Flax nnx"), ("cuDNN", "TensorFlow BlockLSTMV2", "MPSGraph")
    ),
    Order("iofg", ("ONNX",), ("WebNN",)),
    Order("figo", ("OpenVINO",), ()),
    Order("igfo", (), ("TensorFlow BlockLSTM", "BasicLSTMCell")),
    Order("ifog", (), ("Core ML", "OpenCV", "ConvLSTM_pytorch")),
)
"""Who stacks the gates in which order; Flax linen does not stack them."""
