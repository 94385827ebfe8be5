"""The only package that imports torch: modules in, NumPy out."""

from .compare import verify
from .module import Seeded, capture, seeded, version, weights_of

__all__ = ["Seeded", "capture", "seeded", "verify", "version", "weights_of"]
