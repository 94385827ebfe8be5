"""Derivatives of the equations, in NumPy, and how far rounding moves them."""
