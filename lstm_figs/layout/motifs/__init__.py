"""Larger pieces that a few figures share: heat maps, lanes over time, wires, charts.

Motifs are built from the modules of `lstm_figs.layout`, which never import
them.
"""
