"""Record how the accuracy of the bracket network changes during training.

It takes some minutes. It writes to `brackets-learning.safetensors` of the
package:

- `right`: after each batch from the first to `LAST`, the share of 1,000 fresh
  strings of 60 characters on which both answers are right throughout;
- `weight`: `weight_hh_l0[0, 1]` after each of these batches;
- `inside` and `known`: as in `learning.json`, a row for each seed; `known` is 0
  if it is never reached.

It writes to `learning.json`, for each seed of `brackets.json`:

- `inside`: after every tenth batch, the share of characters after which the
  answer about quotes is right;
- `known`: the first batch from which that share stays at `KNOWN` or more;

and the other numbers that a page quotes. The share fluctuates from batch to
batch, so each is the mean with up to `NEAR` batches before and after.
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
    """Stops a training early."""


def smooth(shares):
    """The mean of each share with its neighbours before and after."""
    means = []
    for k in range(len(shares)):
        near = shares[max(0, k - NEAR) : k + NEAR + 1]
        means.append(sum(near) / len(near))
    return means


def trained_until(network, last, note):
    """Train with the schedule of a full training, but stop after `last`."""

    def watch(done):
        note(done)
        if done == last:
            raise Enough

    with suppress(Enough):
        train(*network, BATCHES, watch)


@torch.no_grad()
def is_inside(layer, readout, x, answers):
    """The share of characters after which the first answer is right."""
    predictions = readout(layer(x)[0])[..., 0] > 0
    return (predictions == answers[..., 0].bool()).float().mean().item()


def share_right(strings):
    """A function of a network: on which share of strings it is right."""
    return lambda *network: (
        right(*network, strings).all(dim=0).float().mean().item()
    )


def shares_during_training(seed, last, measure, initialize=lambda layer: None):
    """The smoothed `measure(*network)` after each batch of a training."""
    network = fresh("LSTM", 2, seed)
    initialize(network[0])
    shares = []
    trained_until(
        network, last + NEAR, lambda _: shares.append(measure(*network))
    )
    return smooth(shares)[: last + 1]


def learned(strings):
    """The shares and one weight of the shipped network, as tensors."""
    weights = []
    share = share_right(strings)

    def measure(layer, readout):
        weights.append(layer.weight_hh_l0[0, 1].item())
        return share(layer, readout)

    shares = shares_during_training(SHIPPED, LAST, measure)
    return {
        "right": torch.tensor(shares),
        "weight": torch.tensor(weights[: LAST + 1]),
    }


def save(tensors, seeds):
    """Write the file of the package."""
    save_file(
        tensors
        | {
            "inside": torch.tensor([record["inside"] for record in seeds]),
            "known": torch.tensor(
                [float(record["known"] or 0) for record in seeds]
            ),
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
    """The first batch from which the share stays at `KNOWN` or more."""
    below = [done for done, share in enumerate(shares) if share < KNOWN]
    after = below[-1] + 1 if below else 0
    return after if after < len(shares) else None


def close_at_quote(layer):
    """Initialize a weight so that a quote closes the forget gate of unit 1."""
    with torch.no_grad():
        layer.weight_ih_l0[3, 3] = -3


@torch.no_grad()
def diagnosis(seed, strings):
    """The behaviour of a fully trained network before a quote and at it.

    It is about the unit that correlates most with being inside quotes.
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
        "right": round(share_right(strings)(*network), 3),
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
    """Measure, and write both files."""
    torch.set_num_threads(1)
    torch.manual_seed(1_000_000)  # the same strings as in brackets.py
    strings = random_strings(1000, 60)
    strings = [*strings]
    tensors = learned(strings)
    fewer = [part[:, :300] for part in strings]
    inputs_and_answers = questions(*fewer)
    curves = {
        seed: shares_during_training(
            seed,
            LONGER,
            lambda *network: is_inside(*network, *inputs_and_answers),
        )
        for seed in range(SEEDS)
    }
    record = {
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
                shares_during_training(
                    SHIPPED, 450, share_right(fewer), close_at_quote
                )[450],
                2,
            ),
        },
        "ends": [diagnosis(seed, strings) for seed in (*FAILING, SHIPPED)],
    }
    save(tensors, record["seeds"])
    written = json.dumps(record, separators=(",", ":")) + "\n"
    written = written.replace('{"seed"', '\n{"seed"')
    (CODE / "learning.json").write_text(written)


if __name__ == "__main__":
    main()
