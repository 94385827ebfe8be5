"""Figures of PyTorch's LSTM, drawn from real tensors."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .version import VERSION

if TYPE_CHECKING:
    from .api import draw, load, trace, writes
    from .errors import LstmFigsError
    from .figure import Figure
    from .figures import CATALOG
    from .model.lstm import Step, Trace, Weights, run, step

__version__ = VERSION

__all__ = [
    "CATALOG",
    "Figure",
    "LstmFigsError",
    "Step",
    "Trace",
    "Weights",
    "draw",
    "load",
    "run",
    "step",
    "trace",
    "writes",
]

_MODULES = {
    "CATALOG": "figures",
    "Figure": "figure",
    "LstmFigsError": "errors",
    "draw": "api",
    "load": "api",
    "trace": "api",
    "writes": "api",
}
"""The modules of public names; the others are in `model.lstm`."""


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    # Imported on demand, because a build of an unchanged site needs no NumPy.
    if name not in __all__:
        raise AttributeError(f"module 'lstm_figs' has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES.get(name, 'model.lstm')}", __name__), name)
