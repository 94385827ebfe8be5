"""A GRU with the weights of an LSTM: its r, z and n use the rows of i, f and g.

From the same state and input, both compute the same sums, but use them
differently:

    r, z = σ(z_i), σ(z_f)
    n = tanh(W_n x + b_n + r * (V_n h + d_n))
    h = z * h + (1 - z) * n

`W` and `b` are `weight_ih` and `bias_ih`, `V` and `d` are `weight_hh` and
`bias_hh`.

Source: the documentation of `torch.nn.GRU`; Cho and others (2014), who multiply
    h by r before the product.
"""

from typing import NamedTuple

import numpy as np

from ...model.layer_run import LayerRun
from ...model.lstm import Array
from ...model.reference import Number, Ref
from ..literals import dtype

BANDS = {"r": "i", "z": "f", "n": "g"}
"""The bands of a GRU in PyTorch's order, and the LSTM's gate whose rows each uses."""


class GruStep(NamedTuple):
    """One unit of a GRU after one step.

    Attributes:
        from_x: The contribution of the input and `bias_ih` to each sum, by
            band.
        from_h: The contribution of h and `bias_hh` to each sum, by band.
        sums: The pre-activation of each band; the one of n includes the factor
            r.
        opened: The activation of each band.
        write: 1 - z.
        keep: z · h_prev, the part of h that is kept.
        edge: The value of h if all of n were written.
        h: The state after the step.
    """

    from_x: dict[str, Number]
    from_h: dict[str, Number]
    sums: dict[str, Number]
    opened: dict[str, Number]
    write: Number
    keep: Number
    edge: Number
    h: Number


@np.errstate(all="ignore")
def gru_step(subject: LayerRun, t: int, unit: int) -> GruStep:
    """One step of the GRU on the first sequence, from the LSTM's state.

    Args:
        subject: The layer run of the figure, without a projection.
        t: The step, counted from 0.
        unit: The index of the unit.
    """
    step, weights = subject.steps[t], subject.weights
    size = weights.hidden_size

    def part(name: str, products: Array, bias: Array | None) -> dict[str, Number]:
        """The numbers of each band, from one product."""
        return {
            band: Number(
                products[0, row] + (0 if bias is None else bias[row]),
                Ref(name)[t, 0, row],
                step.scale,
            )
            for k, band in enumerate(BANDS)
            for row in (k * size + unit,)
        }

    from_x = part("gru_ih", step.ih, weights.bias_ih)
    from_h = part("gru_hh", step.hh, weights.bias_hh)
    at = t, 0, unit
    opened = {
        band: Number(getattr(step, gate)[0, unit], Ref(band)[at], step.scale)
        for band, gate in BANDS.items()
    }
    sums = {
        band: Number(
            from_x[band].value + let_through * from_h[band].value,
            Ref("gru_sum")[t, 0, k * size + unit],
            step.scale,
        )
        for k, band in enumerate(BANDS)
        for let_through in [opened["r"].value if band == "n" else 1]
    }
    n = np.tanh(sums["n"].value)
    opened["n"] = Number(n, Ref("n")[at], step.scale)
    z, h_prev = opened["z"], subject.vector("h_prev", t)[unit]
    write = 1 - z.value
    keep = z.value * h_prev.value
    # h has two addends: `keep`, and a write of at most 1.
    scale = max(step.scale, abs(float(keep)) + 1)
    return GruStep(
        from_x,
        from_h,
        sums,
        opened,
        write=Number(write, Ref("gru_write")[at], step.scale),
        keep=Number(keep, Ref("gru_kept")[at], scale),
        edge=Number(keep + n, Ref("gru_edge")[at], scale),
        h=Number(keep + write * n, Ref("gru_h")[at], scale),
    )


def setup(subject: LayerRun) -> str:
    """Python that defines the GRU and the results of every step."""
    weights = subject.weights
    sizes = f"{weights.input_size}, {weights.hidden_size}"
    is_cell = subject.trace.kind == "LSTMCell"
    keyword_arguments = "" if weights.bias_ih is not None else ", bias=False"
    keyword_arguments += dtype(weights.weight_ih)
    suffix = "" if is_cell else "_l0"
    bias = {
        name: f" + gru.{name}{suffix}" if weights.bias_ih is not None else ""
        for name in ("bias_ih", "bias_hh")
    }
    kind, call = (
        ("GRUCell", "gru(*both)") if is_cell else ("GRU", "gru(*(one[None] for one in both))[0][0]")
    )
    return _SETUP.format(
        kind=kind,
        sizes=sizes,
        more=keyword_arguments,
        layer=subject.module_variable,
        rows=3 * weights.hidden_size,
        two=2 * weights.hidden_size,
        suffix=suffix,
        call=call,
        **bias,
    )


_SETUP = """\
# A GRU whose bands r, z and n have the rows of i, f and g.
gru = torch.nn.{kind}({sizes}{more})
gru.load_state_dict(
    {{name: rows[:{rows}] for name, rows in {layer}.state_dict().items()}}
)
# One step of it from the state that each step of the LSTM starts from.
both = x.flatten(0, 1), h_prev.flatten(0, 1)
gru_h = {call}.unflatten(0, x.shape[:2])
gru_ih = x @ gru.weight_ih{suffix}.T{bias_ih}
gru_hh = h_prev @ gru.weight_hh{suffix}.T{bias_hh}
r, z = (gru_ih + gru_hh)[..., :{two}].sigmoid().chunk(2, dim=-1)
let_through = torch.cat([torch.ones_like(gru_hh[..., :{two}]), r], dim=-1)
gru_sum = gru_ih + let_through * gru_hh
n, gru_write, gru_kept = gru_sum[..., {two}:].tanh(), 1 - z, z * h_prev
gru_edge = gru_kept + n"""
"""Python that makes a GRU of the LSTM's weights, and runs it."""
