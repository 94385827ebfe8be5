"""Probe the order of the gates: set the bias of one band, and see which result changes.

All weights are zero, so every gate is σ(0) or tanh(0), except in the band with
the bias `PROBE_BIAS`. With the initial cell state `PROBE_START_C`, the four
results differ; with 1, those of f and g would be equal.
"""

import numpy as np

from ...model.layer_run import LayerRun
from ...model.lstm import GATES, Weights, step
from ...model.reference import Number, Ref

PROBE_BIAS, PROBE_START_C = 10, 2
"""The bias of the probed band, and the initial cell state."""

RESULTS = (*GATES, "c", "h")
"""The results that are shown."""


def biases(subject: LayerRun) -> dict[str, dict[str, Number]]:
    """The bias of each band, for each probed gate."""
    size = subject.weights.hidden_size
    dtype = subject.weights.weight_ih.dtype
    return {
        probed_gate: {
            gate: Number(
                dtype.type(PROBE_BIAS if gate == probed_gate else 0),
                Ref("lit").list_item(run)[band * size : (band + 1) * size].method_call("max"),
            )
            for band, gate in enumerate(GATES)
        }
        for run, probed_gate in enumerate(GATES)
    }


def probes(subject: LayerRun) -> dict[str, dict[str, Number]]:
    """The results of unit 0 for each probed gate.

    One unit without input represents all, because with zero weights each
    computes the same, regardless of the sizes.
    """
    dtype = subject.weights.weight_ih.dtype
    zero = np.zeros((1, 1), dtype)
    results = {}
    for band, probed_gate in enumerate(GATES):
        bias = np.zeros(4, dtype)
        bias[band] = PROBE_BIAS
        blank = Weights(np.zeros((4, 1), dtype), np.zeros((4, 1), dtype), bias, 0 * bias)
        done = step(blank, zero, zero, zero + PROBE_START_C)
        results[probed_gate] = {
            name: Number(getattr(done, name)[0, 0], Ref(f"lit_{name}")[band, 0], done.scale)
            for name in RESULTS
        }
    return results


def probed_module(subject: LayerRun) -> str:
    """The probed module; only its sizes and dtype matter."""
    sizes = subject.weights
    dtype = ", dtype=torch.float64" if sizes.weight_ih.dtype == np.float64 else ""
    return f"{subject.trace.kind}({sizes.input_size}, {sizes.hidden_size}{dtype})"


def lines(subject: LayerRun) -> list[str]:
    """Python that defines `lit` and the results."""
    sizes, kind = subject.weights, subject.trace.kind
    alone = kind == "LSTM"
    return [
        "",
        _PROBES.format(
            built=probed_module(subject),
            bias="bias_ih_l0" if alone else "bias_ih",
            other="bias_hh_l0" if alone else "bias_hh",
            size=sizes.hidden_size,
            inputs=sizes.input_size,
            lit=PROBE_BIAS,
            start=PROBE_START_C,
            call="_, (h, c)" if alone else "h, c",
        ),
    ]


_PROBES = """\
start = {start}


# A module of these sizes whose numbers are zero, but for one band of a bias.
def probe(band):
    blank = torch.nn.{built}
    with torch.no_grad():
        for parameter in blank.parameters():
            parameter.zero_()
        blank.{bias}.view(4, {size})[band] = {lit}
        x = blank.{bias}.new_zeros(1, {inputs})
        h = blank.{bias}.new_zeros(1, {size})
        {call} = blank(x, (h, h + start))
        z_i, z_f, z_g, z_o = (blank.{bias} + blank.{other}).chunk(4)
        gates = z_i.sigmoid(), z_f.sigmoid(), z_g.tanh(), z_o.sigmoid()
    return [blank.{bias}.detach(), *gates, c.flatten(), h.flatten()]


# The bias and what comes of it, a row for each band.
lit, lit_i, lit_f, lit_g, lit_o, lit_c, lit_h = map(
    torch.stack, zip(*map(probe, range(4)))
)"""
"""Python that lights one band of a module at a time, to see which gate it is."""
