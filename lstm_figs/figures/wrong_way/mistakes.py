"""Classic mistakes, each with its wrong numbers and the right ones.

No mistake raises an error, so only the numbers reveal it.
"""

from collections.abc import Callable
from typing import Literal

from ...model.layer_run import LayerRun
from .inputs import padding, swapped_axes
from .mistake import Mistake
from .parameters import forget_bias_twice, onnx_order
from .states import h_n_last, h_n_view

Name = Literal["h-n-view", "h-n-last", "swapped-axes", "padding", "onnx-order", "forget-bias-twice"]

MISTAKES: dict[Name, Callable[[LayerRun], Mistake]] = {
    "h-n-view": h_n_view,
    "h-n-last": h_n_last,
    "swapped-axes": swapped_axes,
    "padding": padding,
    "onnx-order": onnx_order,
    "forget-bias-twice": forget_bias_twice,
}
"""The function of each mistake."""
