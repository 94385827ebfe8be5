"""Measure what is left of a gradient that goes back thirteen steps.

It takes some five minutes and writes `gradient.json`. It reads one line with
each network, back from its last character, step `last`, to its first bracket,
step `first`. For each it notes:

- `right_60`: of how many of 1,000 fresh strings of 60 characters it is right;
- `left`: the largest singular value of the derivative of `h` after step `last`
  by all that the network remembers after each step before it, the nearest
  first: the state with the most effect can grow or shrink by that much;
- `along_c`: of an LSTM, for each unit, the product of its forget gate over
  these steps, which is the derivative along `c` alone.

A network with 0 `batches` is new; with `forget_bias` it begins with a bias of
one at its forget gates, as the trained ones did.
"""

import json
from pathlib import Path

import torch
from brackets import ALPHABET, OTHER, random_strings, right, trained

BATCHES = 6000
NETWORKS = ("LSTM", 2), ("RNN", 2), ("RNN", 8)
WAYS = {  # whether it begins with a forget bias, and how many batches follow
    "LSTM": ((False, 0), (True, 0), (True, BATCHES)),
    "RNN": ((False, 0), (False, BATCHES)),
}
SEEDS = range(3)
TEXT = 'f(a, ":)", (b))'
FIRST, LAST = 2, 15


def read(text):
    """A line as an input."""
    places = [ALPHABET.index(c) if c in ALPHABET else OTHER for c in text]
    return torch.eye(len(ALPHABET))[places]


def left(layer, x):
    """How much of a gradient is left, by how many steps it has gone back."""
    layer, x = layer.double(), x.double()
    is_lstm = layer.mode == "LSTM"
    parts = 2 if is_lstm else 1

    def after(state, x):
        """`h` after a few steps, from all that is remembered before them."""
        halves = [half[None] for half in state.chunk(parts)]
        return layer(x, tuple(halves) if is_lstm else halves[0])[0][-1]

    def remembered(steps):
        """All that is remembered after some steps."""
        state = layer(x[:steps])[1]
        return torch.cat([*state] if is_lstm else [state], dim=-1)[0]

    found = []
    for step in range(LAST - 1, FIRST - 1, -1):
        with torch.no_grad():
            state = remembered(step)
        jacobian = torch.autograd.functional.jacobian(
            lambda s, step=step: after(s, x[step:LAST]), state
        )
        found.append(torch.linalg.matrix_norm(jacobian, 2).item())
    return found


@torch.no_grad()
def along_c(lstm, x):
    """For each unit, the product of its forget gate."""
    lstm, x = lstm.double(), x.double()
    units = lstm.hidden_size
    h = torch.cat([torch.zeros(1, units).double(), lstm(x)[0][:-1]])
    z = x @ lstm.weight_ih_l0.T + lstm.bias_ih_l0
    z = z + h @ lstm.weight_hh_l0.T + lstm.bias_hh_l0
    f = z[FIRST:LAST, units : 2 * units].sigmoid()
    return f.prod(dim=0).tolist()


def measured(kind, units, seed, forget_bias, batches):
    """One network, new or trained."""
    if batches or forget_bias:
        layer, readout = trained(kind, units, seed, batches)
    else:
        torch.manual_seed(seed)
        layer = getattr(torch.nn, kind)(len(ALPHABET), units)
        readout = torch.nn.Linear(units, 2)
    torch.manual_seed(1_000_000)
    correct = right(layer, readout, random_strings(1000, 60)).all(dim=0).sum()
    x = read(TEXT)
    found = {
        "kind": kind,
        "units": units,
        "seed": seed,
        "batches": batches,
        "forget_bias": forget_bias,
        "right_60": int(correct),
        "left": [float(f"{one:.3g}") for one in left(layer, x)],
    }
    if kind == "LSTM":
        found["along_c"] = [float(f"{one:.3g}") for one in along_c(layer, x)]
    return found


def main():
    """Measure all of them."""
    torch.set_num_threads(1)
    found = {
        "torch": torch.__version__.partition("+")[0],
        "text": TEXT,
        "first": FIRST,
        "last": LAST,
        "networks": [
            measured(kind, units, seed, *way)
            for kind, units in NETWORKS
            for way in WAYS[kind]
            for seed in SEEDS
        ],
    }
    written = json.dumps(found, indent=2) + "\n"
    Path(__file__).with_name("gradient.json").write_text(written)


if __name__ == "__main__":
    main()
