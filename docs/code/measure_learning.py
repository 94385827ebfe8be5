"""Note what the bracket network can do while it is trained.

It takes some minutes. `brackets-learning.safetensors`, of the package, gets

- `right`: after each batch from the first to `LAST`, the share of 1,000 fresh
  strings of 60 characters on which both answers are right throughout;
- `weight`: `weight_hh_l0[0, 1]` at the same time;
- `inside` and `known`: the same as `learning.json`, a row for each seed, with 0
  for what is not known.

`learning.json` gets, of each of the seeds of `brackets.json`,

- `inside`: after every tenth batch, the share of characters after which the
  network says rightly whether they are inside quotes;
- `known`: the first batch after which that is `KNOWN` or more, and stays so;

and what else a page tells. The share of a single batch jumps; what is noted is
the mean of it and of up to `NEAR` batches before and after it.
"""

import json
from contextlib import suppress
from pathlib import Path

import torch
from brackets import (
    QUOTE,
    correlation,
    fresh,
    questions,
    random_strings,
    right,
    train,
)
from safetensors.torch import save_file

BATCHES, SEEDS, SHIPPED = 6000, 13, 12
LAST, LONGER, EACH = 1000, 1600, 10
NEAR = 10
KNOWN = 0.95
FAILING = (9, 11)
CODE = Path(__file__).parent
PACKAGE = CODE.parents[1] / "lstm_figs" / "sources" / "networks"


class Enough(Exception):
    """What is to be noted has been."""


def smooth(shares):
    """The mean of each share and of those before and after it."""
    return [
        sum(near) / len(near)
        for k in range(len(shares))
        for near in [shares[max(0, k - NEAR) : k + NEAR + 1]]
    ]


def trained_until(network, last, note):
    """Train a network as if to the end, but stop after some batches."""

    def watch(done):
        note(done)
        if done == last:
            raise Enough

    with suppress(Enough):
        train(*network, BATCHES, watch)


@torch.no_grad()
def is_inside(layer, readout, x, answers):
    """The share of characters after which the first answer is right."""
    said = readout(layer(x)[0])[..., 0] > 0
    return (said == answers[..., 0].bool()).float().mean().item()


def whole(strings):
    """Asks of a network how many of some strings it is right on throughout."""
    return lambda *network: (
        right(*network, strings).all(dim=0).float().mean().item()
    )


def shares_of(seed, last, asked, begin=lambda layer: None):
    """What is asked of a network after each batch of its training."""
    network = fresh("LSTM", 2, seed)
    begin(network[0])
    found = []
    trained_until(network, last + NEAR, lambda _: found.append(asked(*network)))
    return smooth(found)[: last + 1]


def learned(strings):
    """The shares of the network that ships, and a weight, as tensors."""
    weights = []
    count = whole(strings)

    def asked(layer, readout):
        weights.append(layer.weight_hh_l0[0, 1].item())
        return count(layer, readout)

    shares = shares_of(SHIPPED, LAST, asked)
    return {
        "right": torch.tensor(shares),
        "weight": torch.tensor(weights[: LAST + 1]),
    }


def save(tensors, seeds):
    """Write what the package needs."""
    save_file(
        tensors
        | {
            "inside": torch.tensor([one["inside"] for one in seeds]),
            "known": torch.tensor([float(one["known"] or 0) for one in seeds]),
        },
        PACKAGE / "brackets-learning.safetensors",
        {
            "strings": "1000",
            "length": "60",
            "near": str(NEAR),
            "seed": str(SHIPPED),
            "known": str(KNOWN),
        },
    )


def known(shares):
    """The first batch after which a share is large for good."""
    below = [done for done, share in enumerate(shares) if share < KNOWN]
    after = below[-1] + 1 if below else 0
    return after if after < len(shares) else None


def begun(layer):
    """Let a quote shut the forget gate of unit 1 from the first batch on."""
    with torch.no_grad():
        layer.weight_ih_l0[3, 3] = -3


@torch.no_grad()
def told(seed, strings):
    """What a network that was trained to the end does before a quote and at it.

    The unit that is told of is the one that follows whether it is in quotes.
    """
    network = layer, readout = fresh("LSTM", 2, seed)
    with torch.enable_grad():
        train(*network, BATCHES)
    symbols, inside, depth = strings
    x, answers = questions(*strings)
    output, _ = layer(x)
    c = torch.stack([layer(x[: t + 1])[1][1][0] for t in range(len(x))])
    follows = [correlation(output[..., k], inside.float()) for k in range(2)]
    unit = int(torch.stack(follows).abs().argmax())
    quoted = symbols == QUOTE
    before = quoted.cumsum(dim=0) == 0
    h_prev = torch.cat([torch.zeros_like(output[:1]), output[:-1]])
    z = x @ layer.weight_ih_l0.T + h_prev @ layer.weight_hh_l0.T
    z = z + layer.bias_ih_l0 + layer.bias_hh_l0
    wrong = (readout(output)[..., 1] > 0) != answers[..., 1].bool()
    return {
        "seed": seed,
        "right": round(whole(strings)(*network), 3),
        "inside": round(is_inside(*network, x, answers), 4),
        "follows_depth_before": round(
            correlation(c[..., unit][before], depth[before]).abs().item(), 3
        ),
        "forget_at_quote": round(
            z[..., 2 + unit].sigmoid()[quoted].mean().item(), 3
        ),
        "closed_wrong_before": round(wrong[before].float().mean().item(), 4),
        "closed_wrong_after": round(wrong[~before].float().mean().item(), 4),
    }


def main():
    """Measure all of it."""
    torch.set_num_threads(1)
    torch.manual_seed(1_000_000)  # fresh ones, as in brackets.py
    strings = random_strings(1000, 60)
    strings = [*strings]
    tensors = learned(strings)
    fewer = [part[:, :300] for part in strings]
    asked = questions(*fewer)
    curves = {
        seed: shares_of(seed, LONGER, lambda *one: is_inside(*one, *asked))
        for seed in range(SEEDS)
    }
    found = {
        "torch": torch.__version__.partition("+")[0],
        "shipped": SHIPPED,
        "known": KNOWN,
        "each": EACH,
        "seeds": [
            {
                "seed": seed,
                "known": known(shares),
                "inside": [round(share, 3) for share in shares[::EACH]],
            }
            for seed, shares in curves.items()
        ],
        "begun": {
            "weight": "weight_ih_l0[3, 3]",
            "at": -3,
            "right_450": round(
                shares_of(SHIPPED, 450, whole(fewer), begun)[450], 2
            ),
        },
        "ends": [told(seed, strings) for seed in (*FAILING, SHIPPED)],
    }
    save(tensors, found["seeds"])
    written = json.dumps(found, separators=(",", ":")) + "\n"
    written = written.replace('{"seed"', '\n{"seed"')
    (CODE / "learning.json").write_text(written)


if __name__ == "__main__":
    main()
