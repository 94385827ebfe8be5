"""Building blocks for drawing figures.

Pure functions that return marks. Each mark is bound to the value it shows, and
each block knows its own size.
"""

WIDE = 720
"""The width of a figure's wide form. The narrow form prints a subset of its numbers."""
