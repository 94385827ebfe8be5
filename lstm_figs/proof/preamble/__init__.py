"""The Python code that a reader runs before the expressions of a figure."""
