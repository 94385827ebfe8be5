"""Train an LSTM of two units to follow brackets and quotes.

After every character it is to say whether it is inside quotes, and whether all
brackets are closed. Brackets inside quotes do not count.
"""

import argparse
import copy
import itertools
import os
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot
from torch.nn.utils import clip_grad_norm_, parameters_to_vector

ALPHABET = 'x()"'  # x stands for every other character
OTHER, OPEN, CLOSE, QUOTE = range(4)
OUTPUTS = "inside quotes, all closed"
HOW_OFTEN = torch.tensor([2, 1, 1.3, 0.8])
DEEPEST = 6
NAMED = (100, 450, 500, 600, 700)  # batches after which a snapshot is kept


def random_strings(count, length, *, unmatched=False):
    """Strings at random, and what is true after each of their characters.

    A `)` closes something, unless `unmatched` lets it close nothing; such a
    one counts for nothing.
    """
    inside = torch.zeros(count, dtype=torch.bool)
    depth = torch.zeros(count)
    steps = []
    for _ in range(length):
        weights = HOW_OFTEN.repeat(count, 1)
        weights[~inside & (depth == 0), CLOSE] *= unmatched
        weights[~inside & (depth == DEEPEST), OPEN] = 0
        symbol = weights.multinomial(1)[:, 0]
        change = (symbol == OPEN).float() - (symbol == CLOSE).float()
        depth = (depth + change * ~inside).clamp(min=0)
        inside = inside ^ (symbol == QUOTE)
        steps.append((symbol, inside, depth))
    return map(torch.stack, zip(*steps, strict=True))


def questions(symbols, inside, depth):
    """Strings as an input, and the answers that are right."""
    x = one_hot(symbols, len(ALPHABET)).float()
    return x, torch.stack([inside, depth == 0], dim=-1).float()


def train(layer, readout, batches, watch=lambda done: None, batch_size=48):
    """Minimize the cross-entropy of both answers after every character.

    `watch` is called with the number of batches that are done, from 0 on.
    """
    watch(0)
    parameters = [*layer.parameters(), *readout.parameters()]
    adam = torch.optim.Adam(parameters, lr=0.02)
    # Short and long strings take turns; all are made at once, which is quick.
    short, long = (
        [whole.split(batch_size, dim=1) for whole in questions(*strings)]
        for length in (24, 40)
        for strings in [random_strings(batches // 2 * batch_size, length)]
    )
    for batch in range(batches // 2 * 2):
        if batch == batches * 3 // 4:
            adam.param_groups[0]["lr"] = 0.005
        x, answers = (
            whole[batch // 2] for whole in (long if batch % 2 else short)
        )
        output, _ = layer(x)
        loss = binary_cross_entropy_with_logits(readout(output), answers)
        adam.zero_grad()
        loss.backward()
        clip_grad_norm_(parameters, 1)
        adam.step()
        watch(batch + 1)


class Snapshots:
    """Copies of a network while it is trained, by the batches that are done.

    Kept are the first and the last state, those after `NAMED`, and each whose
    weights, as one vector, are 1 or more away from the last that was kept for
    this reason. What is compared is rounded, as all that is kept will be.
    """

    def __init__(self, layer, readout, batches):
        self.network = layer, readout
        self.named = {*NAMED, batches // 2 * 2}
        self.kept, self.reached = {}, None

    def __call__(self, done):
        """Copy the network if it has moved far, or is to be kept anyway."""
        parameters = (p for part in self.network for p in part.parameters())
        now = parameters_to_vector(parameters).detach().round(decimals=3)
        far = self.reached is None or (now - self.reached).norm() >= 1
        if far:
            self.reached = now
        if far or done in self.named:
            self.kept[done] = copy.deepcopy(self.network)


@torch.no_grad()
def order(lstm, readout):
    """Which unit counts, which does not, and the sign that each counts by."""
    torch.manual_seed(0)
    symbols, inside, depth = random_strings(100, 60)
    x, _ = questions(symbols, inside, depth)
    c = torch.stack([lstm(x[: t + 1])[1][1][0] for t in range(len(x))])
    output, _ = lstm(x)
    follows = [correlation(c[..., unit], depth) for unit in range(2)]
    units = [0, 1] if abs(follows[0]) > abs(follows[1]) else [1, 0]
    quoted = correlation(output[..., units[1]], inside.float())
    return units, torch.stack([follows[units[0]], quoted]).sign()


@torch.no_grad()
def normalize(lstm, readout, units, signs):
    """Put the unit that counts first, and let both units count upwards.

    The function stays the same: units change places with their rows and
    columns, and one that changes its sign does so wherever it is made, in its
    rows of g, and wherever it is read.
    """
    rows = [gate * 2 + unit for gate in range(4) for unit in units]
    for parameter in lstm.parameters():
        parameter.copy_(parameter[rows])
        parameter[4:6] *= signs.reshape(-1, *[1] * (parameter.dim() - 1))
    for weight in (lstm.weight_hh_l0, readout.weight):
        weight.copy_(weight[:, units] * signs)


def correlation(first, second):
    """How closely one follows the other, from -1 to 1."""
    both = torch.stack([first.flatten(), second.flatten()])
    return torch.corrcoef(both)[0, 1]


def fresh(kind, units, seed):
    """A layer, `LSTM` or `RNN`, and its read-out before training."""
    torch.manual_seed(seed)
    layer = getattr(torch.nn, kind)(len(ALPHABET), units)
    readout = torch.nn.Linear(units, 2)
    if kind == "LSTM":
        with torch.no_grad():  # at first, keep what is there
            layer.bias_ih_l0[units : 2 * units] = 1
            layer.bias_hh_l0[units : 2 * units] = 0
    return layer, readout


@torch.no_grad()
def finish(network, *snapshots):
    """Order the units of a network, and its snapshots by the same order."""
    layer, _ = network
    if isinstance(layer, torch.nn.LSTM) and layer.hidden_size == 2:
        ordered = order(*network)
        for one in (network, *snapshots):
            normalize(*one, *ordered)
    for part in itertools.chain(network, *snapshots):
        for parameter in part.parameters():
            # Three digits are enough, and can be read.
            parameter.copy_(parameter.round(decimals=3))


def trained(kind, units, seed, batches, watch=lambda done: None):
    """A network, `LSTM` or `RNN`, and its read-out."""
    network = fresh(kind, units, seed)
    train(*network, batches, watch)
    finish(network)
    return network


@torch.no_grad()
def right(layer, readout, strings):
    """After which characters of which strings both answers are right."""
    x, answers = questions(*strings)
    said = readout(layer(x)[0]) > 0
    return (said == answers).all(dim=2)


def tensors_of(layer, readout):
    """The parameters by the names that files give them."""
    parts = {type(layer).__name__.lower(): layer, "readout": readout}
    return {
        f"{part}.{name}": parameter.detach()
        for part, module in parts.items()
        for name, parameter in module.named_parameters()
    }


def metadata_of(trained, **more):
    """What a file says of the network that it holds."""
    return {
        "alphabet": ALPHABET,
        "other": str(OTHER),
        "outputs": OUTPUTS,
        "truth": "brackets",
        "trained": trained,
        "torch": torch.__version__.partition("+")[0],
        **more,
    }


def can_write(path):
    """Whether a file can be made there, before it takes a minute."""
    return not path.is_dir() and os.access(path.parent, os.W_OK)


def main():
    """Train a network, say how often it is right, and save it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=["LSTM", "RNN"], default="LSTM")
    parser.add_argument("--units", type=int, default=2)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--batches", type=int, default=6000)
    parser.add_argument("--save", metavar="FILE.safetensors")
    parser.add_argument("--snapshots", metavar="FILE.safetensors")
    asked = parser.parse_args()
    for name, least in (("units", 1), ("batches", 2), ("seed", 0)):
        if not least <= getattr(asked, name) < 2**63:
            parser.error(
                f"got --{name} {getattr(asked, name)}, expected {least} or more"
            )
    for name in ("save", "snapshots"):
        path = getattr(asked, name)
        if path and not can_write(Path(path)):
            parser.error(
                f"got --{name} {path}, expected a file in a folder that you "
                "can write to"
            )
    torch.set_num_threads(1)  # quicker for what is so small

    network = fresh(asked.kind, asked.units, asked.seed)
    snapshots = Snapshots(*network, asked.batches)
    train(*network, asked.batches, snapshots)
    finish(network, *snapshots.kept.values())
    torch.manual_seed(1_000_000)  # fresh ones
    correct = right(*network, random_strings(1000, 60)).all(dim=0).sum()
    print(f"right on {correct:,} of 1,000 fresh strings of 60 characters")
    how = f"{asked.batches:,} batches of 48 random strings, seed {asked.seed}"
    if asked.save:
        save_file(tensors_of(*network), asked.save, metadata_of(how))
    if asked.snapshots:
        each = [tensors_of(*kept) for kept in snapshots.kept.values()]
        save_file(
            {
                name: torch.stack([one[name] for one in each])
                for name in each[0]
            },
            asked.snapshots,
            metadata_of(how, batches=", ".join(map(str, snapshots.kept))),
        )


if __name__ == "__main__":
    main()
