"""Train networks of several kinds and seeds, and note how often each is right.

It takes some ten minutes and writes `brackets.json`. For each network that is:

- `right_60`, `right_200`, `right_1000`: how many of 1,000 fresh strings of so
  many characters it answers right after every character;
- `right_unmatched`: the same for 60 characters, where a bracket may close
  nothing, which no network saw while it was trained;
- `characters`: the share of characters after which both answers are right;
- `inside`, `closed`: both answers after each character of `text`, 1 for yes.
"""

import json
from pathlib import Path

import torch
from brackets import ALPHABET, OTHER, questions, right, trained

BATCHES = 6000
NETWORKS = {("LSTM", 2): 16, ("RNN", 2): 3, ("RNN", 8): 3}  # and how many seeds
SHIPPED = 12
TEXT = 'f(a, g("(", (b)), h(c)) + "))" (d)'


@torch.no_grad()
def characters(layer, readout, count=1000, length=60):
    """The share of characters after which both answers are right."""
    torch.manual_seed(1_000_000)
    x, answers = questions(count, length)
    said = readout(layer(x)[0]) > 0
    return (said == answers).all(dim=2).float().mean().item()


@torch.no_grad()
def says(layer, readout):
    """Both answers after each character of a text, 1 for yes."""
    places = [ALPHABET.index(c) if c in ALPHABET else OTHER for c in TEXT]
    said = readout(layer(torch.eye(len(ALPHABET))[places])[0]) > 0
    return ["".join(str(int(yes)) for yes in answer) for answer in said.T]


def measured(kind, units, seed):
    """One network, trained and measured."""
    layer, readout = trained(kind, units, seed, BATCHES)
    inside, closed = says(layer, readout)
    return {
        "kind": kind,
        "units": units,
        "seed": seed,
        "parameters": sum(p.numel() for p in layer.parameters()),
        "right_60": right(layer, readout, 60),
        "right_200": right(layer, readout, 200),
        "right_1000": right(layer, readout, 1000),
        "right_unmatched": right(layer, readout, 60, unmatched=True),
        "characters": round(characters(layer, readout), 4),
        "inside": inside,
        "closed": closed,
    }


def main():
    """Measure all of them."""
    torch.set_num_threads(1)
    found = {
        "torch": torch.__version__.partition("+")[0],
        "batches": BATCHES,
        "text": TEXT,
        "shipped": {"kind": "LSTM", "units": 2, "seed": SHIPPED},
        "networks": [
            measured(kind, units, seed)
            for (kind, units), seeds in NETWORKS.items()
            for seed in range(seeds)
        ],
    }
    written = json.dumps(found, indent=2) + "\n"
    Path(__file__).with_name("brackets.json").write_text(written)


if __name__ == "__main__":
    main()
