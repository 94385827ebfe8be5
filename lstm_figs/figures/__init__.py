"""The catalogue: one function a figure, one file a function.

A figure function takes a `Subject`, the width it may use and its own options,
which are its keyword-only parameters, and returns a scene.
"""

from collections.abc import Callable

from ..scene import Scene
from .autograd import autograd
from .batch import batch
from .bias_gradients import bias_gradients
from .cell import cell
from .cell_input import cell_input
from .cell_output import cell_output
from .chunks import chunks
from .data_flow import data_flow
from .direct_path import direct_path
from .four_weights import four_weights
from .gate_functions import gate_functions
from .gates_over_time import gates_over_time
from .gradient_distance import gradient_distance
from .hidden_size import hidden_size
from .independence import independence
from .perceptron import perceptron
from .step import step_by_numbers
from .unrolled import unrolled
from .weight_map import weight_map

CATALOG: dict[str, Callable[..., Scene]] = {
    "unrolled": unrolled,
    "perceptron": perceptron,
    "four-weights": four_weights,
    "weight-map": weight_map,
    "hidden-size": hidden_size,
    "cell": cell,
    "cell-input": cell_input,
    "cell-output": cell_output,
    "step": step_by_numbers,
    "data-flow": data_flow,
    "gate-functions": gate_functions,
    "independence": independence,
    "batch": batch,
    "gates-over-time": gates_over_time,
    "autograd": autograd,
    "gradient-distance": gradient_distance,
    "direct-path": direct_path,
    "bias-gradients": bias_gradients,
    "chunks": chunks,
}
"""Name of a figure -> the function that composes it."""

WHOLE: frozenset[str] = frozenset()
"""Figures of a whole module; the others show one layer in one direction."""

RECORDED: frozenset[str] = frozenset({"autograd", "gradient-distance"})
"""Figures that need more of torch than a trace, see `capture.record`."""
