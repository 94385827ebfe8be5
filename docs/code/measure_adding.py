"""Measure how much a forget bias helps when a memory has to last.

python measure_adding.py

The adding problem: a sequence has a random number at each of 100 steps, and
two steps are marked. The target is a half plus a quarter of their sum. The
script takes some minutes, and writes `adding.json`: for three seeds, how many
of 2,000 fresh sequences each network answers within 0.04 after training.
"""

import json
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).parent
LENGTH, BATCH, STEPS, FRESH = 100, 64, 1200, 2000
NEAR = 0.04  # the criterion of Hochreiter and Schmidhuber
SEEDS = 3
NETWORKS = (  # units, layers, forget bias; None is PyTorch's own
    (2, 3, None),
    (32, 1, None),
    (32, 1, 5.0),
)


def sequences(count):
    """Inputs (LENGTH, count, 2), and targets (count, 1)."""
    x = torch.zeros(LENGTH, count, 2)
    x[..., 0].uniform_(-1, 1)
    which = torch.arange(count)
    first = torch.randint(0, LENGTH // 10, (count,))
    second = torch.randint(LENGTH // 10, LENGTH // 2, (count,))
    x[first, which, 1] = x[second, which, 1] = 1
    added = x[first, which, 0] + x[second, which, 0]
    return x, (0.5 + added / 4)[:, None]


class Adder(nn.Module):
    """An LSTM with a readout of its last state."""

    def __init__(self, units, layers, forget_bias):
        super().__init__()
        self.lstm = nn.LSTM(2, units, layers)
        self.readout = nn.Linear(units, 1)
        if forget_bias is not None:
            with torch.no_grad():
                self.lstm.bias_ih_l0[units : 2 * units] = forget_bias
                self.lstm.bias_hh_l0[units : 2 * units] = 0

    def forward(self, x):
        """Predictions (batch, 1)."""
        _, (h_n, _) = self.lstm(x)
        return self.readout(h_n[-1])


def right(network, seed):
    """Train a network, and count the fresh sequences it answers right."""
    torch.manual_seed(seed)
    model = Adder(*network)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
    for _ in range(STEPS):
        x, y = sequences(BATCH)
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    x, y = sequences(FRESH)
    with torch.no_grad():
        return ((model(x) - y).abs() < NEAR).sum().item()


def main():
    """Train each network from each seed."""
    torch.set_num_threads(1)
    networks = [
        {
            "units": network[0],
            "layers": network[1],
            "forget_bias": network[2],
            "right": [right(network, seed) for seed in range(SEEDS)],
        }
        for network in NETWORKS
    ]
    record = {
        "torch": torch.__version__.partition("+")[0],
        "fresh": FRESH,
        "networks": networks,
    }
    text = json.dumps(record, indent=2) + "\n"
    (HERE / "adding.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
