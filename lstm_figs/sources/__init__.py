"""Where the tensors come from: the example, sizes and a seed, or a file."""

from .source import Source

__all__ = ["Source"]
