"""The catalogues: one function a figure or a sheet, one file a function.

A figure that needs parts of its own has a folder in place of the file.

A figure function takes a `LayerRun`, the width it may use and its own options,
which are its keyword-only parameters, and returns a scene. A sheet has a size
of its own, so its function, which is in `lstm_figs.sheets`, takes no width.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, Literal, get_args

from ..errors import UnknownName, UsageError

Name = Literal[
    "reading",
    "learning",
    "keep-write-show",
    "writes",
    "units",
    "unit-map",
    "unrolled",
    "perceptron",
    "four-weights",
    "weight-map",
    "hidden-size",
    "cell",
    "cell-input",
    "cell-output",
    "data-flow",
    "gate-functions",
    "independence",
    "batch",
    "shapes",
    "batch-first",
    "layers",
    "gates-over-time",
    "autograd",
    "gradient-distance",
    "forget-bias",
    "direct-path",
    "bias-gradients",
    "chunks",
    "packed",
    "padding",
    "wrong-way",
    "directions",
    "projection",
    "dispatch",
    "custom-cell",
    "gru",
    "porting",
    "gate-order",
    "parameter-count",
    "error",
]
"""The names of figures, which an editor can complete."""

SheetName = Literal["poster", "cheat-sheet"]
"""The names of sheets, which have a size of their own, to be printed."""


class Catalogue(Mapping[str, Callable[..., Any]]):
    """Functions by the name of a figure; each is imported when it is asked for.

    A command draws few figures, and importing all takes longer than drawing.
    """

    def __init__(self, paths: dict[str, str], package: str = __name__):
        self.paths = paths
        self.package = package

    def __getitem__(self, name: str) -> Callable[..., Any]:
        module, _, function = self.paths[name].partition(".")
        module_path = f"{self.package}.{module}"
        try:
            result: Callable[..., Any] = getattr(import_module(module_path), function)
        except (ModuleNotFoundError, AttributeError) as error:
            # Errors inside the module are not about a missing figure.
            if error.name not in (module_path, function):
                raise
            raise UsageError(
                f"got no function {function} in {module_path}, expected one for the "
                f"figure {name!r}; write it, or take the name out of "
                f"{__name__}.Name"
            ) from error
        return result

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self.paths


def _path(name: str) -> str:
    """`MODULE.FUNCTION` of a figure."""
    module = name.replace("-", "_")
    return f"{module}.{module}"


CATALOG = Catalogue({name: _path(name) for name in get_args(Name)})
"""Name of a figure -> the function that composes it, as `module.function`."""

SHEETS = Catalogue({name: _path(name) for name in get_args(SheetName)}, "lstm_figs.sheets")
"""Name of a sheet -> its function. `draw all` leaves sheets out."""


def is_known(name: object) -> bool:
    """Whether a figure or a sheet has that name."""
    return name in CATALOG or name in SHEETS


def composer(name: str) -> Callable[..., Any]:
    """The function that composes a figure or a sheet."""
    return SHEETS[name] if name in SHEETS else CATALOG[name]


REPLACED: dict[str, str] = {
    "step": "cell-input --unit 0",
    "classifier": "directions",
    # The page that shows `dispatch` lists in its text what these two showed.
    "dispatch-table": "dispatch",
    "flat-weights": "dispatch",
}
"""Name of a figure that no longer exists -> the figure to draw in its place."""


def unknown(name: object, also: str = "") -> UsageError:
    """The error for an unknown name of a figure.

    Args:
        name: The unknown name.
        also: Another word that would be accepted, such as `all`.

    >>> str(unknown("step"))
    "got 'step', which cell-input --unit 0 replaced; draw that"
    """
    if isinstance(name, str) and name in REPLACED:
        return UsageError(f"got {name!r}, which {REPLACED[name]} replaced; draw that")
    return UnknownName("figure", name, [*CATALOG, *SHEETS], also)


WHOLE_MODULE: frozenset[str] = frozenset({"shapes", "batch-first", "layers", "directions", "error"})
"""Figures of a whole module; the others show one layer in one direction."""

LABELLED = frozenset(
    {"gates-over-time", "reading", "unit-map", "keep-write-show", "units", "writes"}
)
"""Figures that accept `--labels`: they draw the labels, or a unit that predicts one."""

VARIANTS = Catalogue(
    {
        "perceptron": "perceptron.variant",
        "batch": "batch.variant",
        "shapes": "shapes.variant",
        "batch-first": "batch_first.variant",
        "layers": "layers.variant",
        "gradient-distance": "gradient_distance.variant",
        "directions": "directions.variant",
        "projection": "projection.variant",
    }
)
"""Name of a figure that does not draw the run it is given, such as one that needs
a second layer -> the function that makes its run, from a `LayerRun` and the
figure's options; see `proof.runs.variants`."""

TRAINED: Mapping[str, Literal["brackets", "brackets-16"]] = {
    "reading": "brackets",
    "learning": "brackets",
    "writes": "brackets",
    "poster": "brackets",
    "units": "brackets-16",
    "unit-map": "brackets-16",
    "independence": "brackets-16",
    "batch": "brackets-16",
}
"""Name of a figure that needs a trained network -> its network by default."""

LEARNED: frozenset[str] = frozenset({"learning"})
"""Figures that need the checkpoints of a training run. `draw all` draws them only
if the source has checkpoints."""

RECORDED: frozenset[str] = frozenset({"autograd", "gradient-distance", "dispatch"})
"""Figures that record more than a trace when torch runs, see `capture.record`."""
