"""Derivatives of the equations in NumPy, with error bounds for rounding."""
