"""Train networks of several kinds and seeds, and record their accuracy.

It takes about ten minutes and writes `brackets.json`. For each network:

- `right_60`, `right_200`, `right_1000`: on how many of 1,000 fresh strings of
  that many characters it is right after every character;
- `right_unmatched`: the same for strings of 60 characters with an unmatched
  `)`, which no training string has;
- `characters`: the share of characters in the strings of `right_60` after
  which it is right;
- `inside`, `closed`: both answers after each character of `text`, 1 for yes.
"""

import json
from pathlib import Path

import torch
from brackets import ALPHABET, CLOSE, OTHER, random_strings, right, trained

BATCHES = 6000
NETWORKS = {("LSTM", 2): 13, ("RNN", 2): 3, ("RNN", 8): 3}  # number of seeds
SHIPPED = 12
TEXT = 'p(k, q("(", (m)), r(n)) + "))" (s)'


def unmatched(count, length):
    """Random strings with a closing bracket at depth 0 in each."""
    symbols, inside, depth = random_strings(2 * count, length, unmatched=True)
    shut = torch.cat([torch.zeros(1, 2 * count), depth[:-1]]) == 0
    chosen = ((symbols == CLOSE) & shut & ~inside).any(dim=0)
    return [part[:, chosen][:, :count] for part in (symbols, inside, depth)]


@torch.no_grad()
def predictions_on_text(layer, readout):
    """Both answers after each character of `TEXT`, 1 for yes."""
    places = [ALPHABET.index(c) if c in ALPHABET else OTHER for c in TEXT]
    predictions = readout(layer(torch.eye(len(ALPHABET))[places])[0]) > 0
    return [
        "".join(str(int(yes)) for yes in answer) for answer in predictions.T
    ]


def measured(kind, units, seed):
    """Train and measure one network."""
    layer, readout = trained(kind, units, seed, BATCHES)
    torch.manual_seed(1_000_000)
    correct = {
        "60": right(layer, readout, random_strings(1000, 60)),
        "200": right(layer, readout, random_strings(1000, 200)),
        "1000": right(layer, readout, random_strings(1000, 1000)),
        "unmatched": right(layer, readout, unmatched(1000, 60)),
    }
    inside, closed = predictions_on_text(layer, readout)
    return {
        "kind": kind,
        "units": units,
        "seed": seed,
        "parameters": sum(p.numel() for p in layer.parameters()),
        **{f"right_{n}": int(r.all(dim=0).sum()) for n, r in correct.items()},
        "characters": round(correct["60"].float().mean().item(), 4),
        "inside": inside,
        "closed": closed,
    }


def main():
    """Write the record."""
    torch.set_num_threads(1)
    record = {
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
    written = json.dumps(record, indent=2) + "\n"
    Path(__file__).with_name("brackets.json").write_text(written)


if __name__ == "__main__":
    main()
