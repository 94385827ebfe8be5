"""Faults that several figures can have, one module for each topic.

Faults of a single figure are in its test folder. `FAULTS` change the drawing
code, `CHANGES` change an SVG, and `DESCRIPTION_FAULTS` change a description.
`test_broken_figures.py` runs them all.
"""
