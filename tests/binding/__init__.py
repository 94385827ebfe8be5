"""Proof of what is not a number: labels, lengths, arrows and sentences.

`faults` of each module takes a `Drawing`, an SVG with the namespace that its
preamble leaves, and returns a sentence for each thing that is wrong. Nothing of
the package is asked but the widths of letters, so that what a figure says is
held against PyTorch alone.
"""
