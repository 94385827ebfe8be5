"""Train networks of several kinds and seeds, and note how often each is right.

It takes some ten minutes and writes `brackets.json`. For each network that is:

- `right_60`, `right_200`, `right_1000`: of how many of 1,000 fresh strings of
  so many characters it is right after every character;
- `right_unmatched`: the same for 60 characters of which one at least is a `)`
  that closes nothing, as in no string that the networks were trained with;
- `characters`: the share of the characters of the first after which it is
  right;
- `inside`, `closed`: both answers after each character of `text`, 1 for yes.
"""

import json
from pathlib import Path

import torch
from brackets import ALPHABET, CLOSE, OTHER, random_strings, right, trained

BATCHES = 6000
NETWORKS = {("LSTM", 2): 13, ("RNN", 2): 3, ("RNN", 8): 3}  # and how many seeds
SHIPPED = 12
TEXT = 'p(k, q("(", (m)), r(n)) + "))" (s)'


def unmatched(count, length):
    """Random strings in each of which a bracket closes nothing."""
    symbols, inside, depth = random_strings(2 * count, length, unmatched=True)
    shut = torch.cat([torch.zeros(1, 2 * count), depth[:-1]]) == 0
    chosen = ((symbols == CLOSE) & shut & ~inside).any(dim=0)
    return [part[:, chosen][:, :count] for part in (symbols, inside, depth)]


@torch.no_grad()
def says(layer, readout):
    """Both answers after each character of a text, 1 for yes."""
    places = [ALPHABET.index(c) if c in ALPHABET else OTHER for c in TEXT]
    said = readout(layer(torch.eye(len(ALPHABET))[places])[0]) > 0
    return ["".join(str(int(yes)) for yes in answer) for answer in said.T]


def measured(kind, units, seed):
    """One network, trained and measured."""
    layer, readout = trained(kind, units, seed, BATCHES)
    torch.manual_seed(1_000_000)
    at = {
        "60": right(layer, readout, random_strings(1000, 60)),
        "200": right(layer, readout, random_strings(1000, 200)),
        "1000": right(layer, readout, random_strings(1000, 1000)),
        "unmatched": right(layer, readout, unmatched(1000, 60)),
    }
    inside, closed = says(layer, readout)
    return {
        "kind": kind,
        "units": units,
        "seed": seed,
        "parameters": sum(p.numel() for p in layer.parameters()),
        **{f"right_{n}": int(r.all(dim=0).sum()) for n, r in at.items()},
        "characters": round(at["60"].float().mean().item(), 4),
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
