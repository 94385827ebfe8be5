"""The catalogue: one function a figure, one file a function.

A figure function takes a `Subject`, the width it may use and its own options,
which are its keyword-only parameters, and returns a scene.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any


class Catalogue(Mapping[str, Callable[..., Any]]):
    """Functions by the name of a figure; each is imported when it is asked for.

    A command draws few figures, and importing all takes longer than drawing.
    """

    def __init__(self, homes: dict[str, str]):
        self.homes = homes

    def __getitem__(self, name: str) -> Callable[..., Any]:
        module, _, function = self.homes[name].partition(".")
        found: Callable[..., Any] = getattr(
            import_module(f".{module}", __name__), function
        )
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.homes)

    def __len__(self) -> int:
        return len(self.homes)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self.homes


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
        "shapes": "shapes.shapes",
        "batch-first": "batch_first.batch_first",
        "layers": "layers.layers",
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
        "directions": "directions.directions",
        "classifier": "classifier.classifier",
        "projection": "projection.projection",
        "dispatch": "dispatch.dispatch",
        "dispatch-table": "dispatch_table.dispatch_table",
        "flat-weights": "flat_weights.flat_weights",
        "custom-cell": "custom_cell.custom_cell",
        "porting": "porting.porting",
        "gate-order": "gate_order.gate_order",
        "parameter-count": "parameter_count.parameter_count",
        "error": "error.error",
    }
)
"""Name of a figure -> the function that composes it, as `module.function`."""

WHOLE: frozenset[str] = frozenset(
    {
        *("shapes", "batch-first", "layers"),
        *("directions", "classifier", "error"),
    }
)
"""Figures of a whole module; the others show one layer in one direction."""

MADE = Catalogue(
    {
        "batch": "batch.made",
        "shapes": "shapes.made",
        "batch-first": "batch_first.made",
        "layers": "layers.made",
        "gradient-distance": "gradient_distance.made",
        "directions": "directions.made",
        "classifier": "classifier.made",
        "projection": "projection.made",
    }
)
"""Figures of a run that is made from the one at hand, see `runs.variants`: the
functions that make it, from a `Subject` and the figure's options."""

RECORDED: frozenset[str] = frozenset(
    {
        "autograd",
        "gradient-distance",
        "dispatch",
        "dispatch-table",
        "flat-weights",
    }
)
"""Figures that need more of torch than a trace, see `capture.record`."""
