"""The vocabulary that figures are written in.

Pure functions that return blocks of marks. A block knows where it can be
joined to others, and its marks say what they stand for.
"""

WIDE = 720
"""The width of a figure's wide form, whose numbers the narrow one repeats."""
