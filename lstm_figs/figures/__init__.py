"""The catalogue: one function a figure, one file a function.

A figure function takes a `Subject`, the width it may use and its own options,
which are its keyword-only parameters, and returns a scene.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from ..scene import Scene


class Catalogue(Mapping[str, Callable[..., Scene]]):
    """Figure functions by name; each is imported when it is asked for.

    A command draws few figures, and importing all takes longer than drawing.
    """

    def __init__(self, homes: dict[str, str]):
        self.homes = homes

    def __getitem__(self, name: str) -> Callable[..., Scene]:
        module, _, function = self.homes[name].partition(".")
        found: Callable[..., Scene] = getattr(
            import_module(f".{module}", __name__), function
        )
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.homes)

    def __len__(self) -> int:
        return len(self.homes)

    def __contains__(self, name: object) -> bool:
        return name in self.homes


CATALOG = Catalogue(
    {
        "unrolled": "unrolled.unrolled",
        "perceptron": "perceptron.perceptron",
        "four-weights": "four_weights.four_weights",
        "weight-map": "weight_map.weight_map",
        "hidden-size": "hidden_size.hidden_size",
        "cell": "cell.cell",
        "cell-input": "cell_input.cell_input",
        "cell-output": "cell_output.cell_output",
        "step": "step.step_by_numbers",
        "data-flow": "data_flow.data_flow",
        "gate-functions": "gate_functions.gate_functions",
        "independence": "independence.independence",
        "batch": "batch.batch",
        "gates-over-time": "gates_over_time.gates_over_time",
        "autograd": "autograd.autograd",
        "gradient-distance": "gradient_distance.gradient_distance",
        "forget-bias": "forget_bias.forget_bias",
        "direct-path": "direct_path.direct_path",
        "bias-gradients": "bias_gradients.bias_gradients",
        "chunks": "chunks.chunks",
        "packed": "packed.packed",
        "padding": "padding.padding",
        "wrong-way": "wrong_way.wrong_way",
        "error": "error.error",
    }
)
"""Name of a figure -> the function that composes it, as `module.function`."""

WHOLE: frozenset[str] = frozenset({"error"})
"""Figures of a whole module; the others show one layer in one direction."""

RECORDED: frozenset[str] = frozenset({"autograd", "gradient-distance"})
"""Figures that need more of torch than a trace, see `capture.record`."""
