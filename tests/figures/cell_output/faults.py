"""Deliberate faults of `cell-output`, which its tests must find."""

from dataclasses import replace

from lstm_figs.layout.motifs import wires
from lstm_figs.sources import Source
from tests.binding.breaking import Change, Fault, wrapped

MANY_UNITS = Source(input_size=2, hidden_size=9)


def write_at_zero(bar, value, bars, *arguments, **more):
    """Draw what is written from 0, and not from the end of the kept part."""
    if bars.start:
        zeros = [replace(n, value=0 * n.value) for n in bars.start]
        bars = bars._replace(start=zeros)
    return bar(value, bars, *arguments, **more)


def longer_gates(bar, value, bars, *arguments, **more):
    """Draw gates on their own scale, twice as long as what they pass."""
    if bars.is_gate:
        bars = bars._replace(max_magnitude=bars.max_magnitude / 2)
    return bar(value, bars, *arguments, **more)


FAULTS = {
    "gates longer than states": Fault(
        ("cell", "cell-output", "data-flow", "projection"),
        wrapped(wires, "bar", longer_gates),
        "draws 1.0 as",
    ),
    "a write that begins at 0": Fault(
        ("cell-output",), wrapped(wires, "bar", write_at_zero), "reaches from"
    ),
}


CHANGES = {
    "another statistic, as it is said": Change(
        "cell-output", ">min<", ">max<", "statistic=", source=MANY_UNITS
    ),
    "another statistic": Change(
        "cell-output", "statistic=min", "statistic=max", "statistic=", source=MANY_UNITS
    ),
}


DESCRIPTION_FAULTS = {
    "cell-output": {
        "another number": ("= −0.003", "= −0.004"),
        "another gate": ("f = σ(−0.53)", "o = σ(−0.53)"),
        "operands exchanged": ("0.37 × −0.81", "−0.81 × 0.29"),
        "another function": ("g = tanh", "g = σ"),
    }
}
