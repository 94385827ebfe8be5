"""Checks of everything in a figure except numbers: labels, bars, arrows, sentences.

The `faults` function of each module takes a `Drawing`: the parsed SVG and the
namespace that its preamble leaves. It returns one message for each fault. The
checks use nothing from the package except the widths of letters, so that
PyTorch alone decides whether a figure is right.
"""
