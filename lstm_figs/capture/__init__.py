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
from .joined import capture_model
from .module import Seeded, capture, seeded, version, weights_of

__all__ = ["Seeded", "capture", "capture_model", "seeded", "verify", "version", "weights_of"]
