"""Figures of PyTorch's LSTM, drawn from real tensors."""

from .api import draw, trace
from .errors import LstmFigsError
from .figure import Figure
from .figures import CATALOG
from .lstm import Step, Trace, Weights, run, step

__all__ = [
    "CATALOG",
    "Figure",
    "LstmFigsError",
    "Step",
    "Trace",
    "Weights",
    "draw",
    "run",
    "step",
    "trace",
]
