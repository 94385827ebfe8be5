"""Sources of tensors: the example, sizes with a seed, or a file."""

from .source import Source

__all__ = ["Source"]
