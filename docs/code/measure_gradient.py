"""Measure how much of a gradient is left after thirteen steps.

It takes about five minutes and writes `gradient.json`. Each network reads one
line, and the gradient goes back from its last character, step `last`, to its
first bracket, step `first`. For each network:

- `right_60`: on how many of 1,000 fresh strings of 60 characters it is right;
- `left`: the largest singular value of the derivative of `h` after step `last`
  by the state after each earlier step, the nearest first: no change of the
  state can grow by more;
- `along_c`: for each unit of an LSTM, the product of its forget gate over
  these steps, which is the derivative along `c` alone.

A network with 0 `batches` is untrained; with `forget_bias` its forget gates
start with a bias of one, as in the trained LSTMs.
"""

import json
from pathlib import Path

import torch
from brackets import ALPHABET, OTHER, random_strings, right, trained

BATCHES = 6000
NETWORKS = ("LSTM", 2), ("RNN", 2), ("RNN", 8)
TRAININGS = {  # pairs of forget_bias and batches
    "LSTM": ((False, 0), (True, 0), (True, BATCHES)),
    "RNN": ((False, 0), (False, BATCHES)),
}
SEEDS = range(3)
TEXT = 'f(a, ":)", (b))'
FIRST, LAST = 2, 15


def read(text):
    """A line as a one-hot input."""
    places = [ALPHABET.index(c) if c in ALPHABET else OTHER for c in text]
    return torch.eye(len(ALPHABET))[places]


def left(layer, x):
    """How much of a gradient is left, by the number of steps back."""
    layer, x = layer.double(), x.double()
    is_lstm = layer.mode == "LSTM"
    parts = 2 if is_lstm else 1

    def last_h(state, x):
        """`h` after the steps x, from the flat state before them."""
        halves = [half[None] for half in state.chunk(parts)]
        return layer(x, tuple(halves) if is_lstm else halves[0])[0][-1]

    def state_after(steps):
        """The flat state after some steps: h, and c of an LSTM."""
        state = layer(x[:steps])[1]
        return torch.cat([*state] if is_lstm else [state], dim=-1)[0]

    norms = []
    for step in range(LAST - 1, FIRST - 1, -1):
        with torch.no_grad():
            state = state_after(step)
        jacobian = torch.autograd.functional.jacobian(
            lambda s, step=step: last_h(s, x[step:LAST]), state
        )
        norms.append(torch.linalg.matrix_norm(jacobian, 2).item())
    return norms


@torch.no_grad()
def along_c(lstm, x):
    """The product of the forget gate of each unit over the steps."""
    lstm, x = lstm.double(), x.double()
    units = lstm.hidden_size
    h = torch.cat([torch.zeros(1, units).double(), lstm(x)[0][:-1]])
    z = x @ lstm.weight_ih_l0.T + lstm.bias_ih_l0
    z = z + h @ lstm.weight_hh_l0.T + lstm.bias_hh_l0
    f = z[FIRST:LAST, units : 2 * units].sigmoid()
    return f.prod(dim=0).tolist()


def measured(kind, units, seed, forget_bias, batches):
    """Measure one network, untrained or trained."""
    if batches or forget_bias:
        layer, readout = trained(kind, units, seed, batches)
    else:
        torch.manual_seed(seed)
        layer = getattr(torch.nn, kind)(len(ALPHABET), units)
        readout = torch.nn.Linear(units, 2)
    torch.manual_seed(1_000_000)
    correct = right(layer, readout, random_strings(1000, 60)).all(dim=0).sum()
    x = read(TEXT)
    record = {
        "kind": kind,
        "units": units,
        "seed": seed,
        "batches": batches,
        "forget_bias": forget_bias,
        "right_60": int(correct),
        "left": [float(f"{value:.3g}") for value in left(layer, x)],
    }
    if kind == "LSTM":
        record["along_c"] = [
            float(f"{value:.3g}") for value in along_c(layer, x)
        ]
    return record


def main():
    """Write the record."""
    torch.set_num_threads(1)
    record = {
        "torch": torch.__version__.partition("+")[0],
        "text": TEXT,
        "first": FIRST,
        "last": LAST,
        "networks": [
            measured(kind, units, seed, *training)
            for kind, units in NETWORKS
            for training in TRAININGS[kind]
            for seed in SEEDS
        ],
    }
    written = json.dumps(record, indent=2) + "\n"
    Path(__file__).with_name("gradient.json").write_text(written)


if __name__ == "__main__":
    main()
