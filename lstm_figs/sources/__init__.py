"""Where the tensors come from: the example, sizes and a seed, or a file."""

from .example import EXAMPLE
from .inputs import read_input
from .source import Source

__all__ = ["EXAMPLE", "Source", "read_input"]
