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
from .module import Seeded, capture, seeded, version, weights_of
from .submodule import captured_call

__all__ = ["Seeded", "capture", "captured_call", "seeded", "verify", "version", "weights_of"]
