"""Convert weights between PyTorch and other libraries.

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
"""The targets by their names on the command line."""


class Order(NamedTuple):
    """The libraries that stack the gates in one order.

    Attributes:
        order: The gates in PyTorch's letters.
        tested: The libraries whose order the tests verify by running them.
        documented: The libraries whose order is known from source code or
            documentation.
    """

    order: str
    tested: tuple[str, ...]
    documented: tuple[str, ...]


ORDERS = (
    Order(
        "ifgo", ("PyTorch", "Keras", "Flax nnx"), ("cuDNN", "TensorFlow BlockLSTMV2", "MPSGraph")
    ),
    Order("iofg", ("ONNX",), ("WebNN",)),
    Order("figo", ("OpenVINO",), ()),
    Order("igfo", (), ("TensorFlow BlockLSTM", "BasicLSTMCell")),
    Order("ifog", (), ("Core ML", "OpenCV", "ConvLSTM_pytorch")),
)
"""The gate orders and the libraries that use them; Flax linen does not stack gates."""
