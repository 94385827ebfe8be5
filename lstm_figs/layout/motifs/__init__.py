"""What a few figures share: heat maps, lanes over time, wires, charts.

Written in the words of `lstm_figs.layout`, which know nothing of these.
"""
