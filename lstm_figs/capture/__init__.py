"""The only package that imports torch; it converts modules to NumPy."""

from ..errors import MissingTool

try:
    import torch  # noqa: F401
except ModuleNotFoundError as error:
    raise MissingTool(
        "torch is not installed, and sizes or a module need it; install it "
        "with: pip install 'lstm-figs[torch]'"
    ) from error

from .compare import verify
from .joined import capture_calls, input_and_state
from .module import Seeded, capture, seeded, version, weights_of
from .scripted import is_scripted_lstm
from .submodule import captured_calls

__all__ = [
    "Seeded",
    "capture",
    "capture_calls",
    "captured_calls",
    "input_and_state",
    "is_scripted_lstm",
    "seeded",
    "verify",
    "version",
    "weights_of",
]
