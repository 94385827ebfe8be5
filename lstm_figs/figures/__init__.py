"""The catalogue: one function a figure, one file a function.

A figure function takes a `Subject`, the width it may use and its own options,
which are its keyword-only parameters, and returns a scene.
"""

from collections.abc import Callable

from ..scene import Scene
from .batch import batch
from .data_flow import data_flow
from .four_weights import four_weights
from .gate_functions import gate_functions
from .gates_over_time import gates_over_time
from .independence import independence
from .perceptron import perceptron
from .unrolled import unrolled
from .weight_map import weight_map

CATALOG: dict[str, Callable[..., Scene]] = {
    "unrolled": unrolled,
    "perceptron": perceptron,
    "four-weights": four_weights,
    "weight-map": weight_map,
    "data-flow": data_flow,
    "gates-over-time": gates_over_time,
    "gate-functions": gate_functions,
    "independence": independence,
    "batch": batch,
}
"""Name of a figure -> the function that composes it."""
