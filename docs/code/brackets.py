"""Train an LSTM of two units to follow brackets and quotes.

After every character it outputs whether it is inside quotes, and whether all
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

ALPHABET = 'x()"'  # x replaces every other character
OTHER, OPEN, CLOSE, QUOTE = range(4)
OUTPUTS = "inside quotes, all closed"
HOW_OFTEN = torch.tensor([2, 1, 1.3, 0.8])
DEEPEST = 6
NAMED = (100, 450, 500, 600, 700)  # batches after which a snapshot is saved


def random_strings(count, length, *, unmatched=False):
    """Random strings, and the right state after each of their characters.

    Returns symbols, inside quotes or not, and bracket depth, each of shape
    (length, count). With `unmatched`, a `)` can come at depth 0, which it does
    not change.
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
    """One-hot inputs (length, count, 4), and the right answers."""
    x = one_hot(symbols, len(ALPHABET)).float()
    return x, torch.stack([inside, depth == 0], dim=-1).float()


def train(layer, readout, batches, watch=lambda done: None, batch_size=48):
    """Minimize the cross-entropy of both answers after every character.

    `watch` is called with the number of batches so far, starting at 0.
    """
    watch(0)
    parameters = [*layer.parameters(), *readout.parameters()]
    adam = torch.optim.Adam(parameters, lr=0.02)
    # Short and long strings alternate. Making all of them first is faster.
    count = batches // 2
    pools = []
    for length in (24, 40):
        strings = random_strings(count * batch_size, length)
        pools.append([t.split(batch_size, dim=1) for t in questions(*strings)])
    for batch in range(2 * count):
        if batch == batches * 3 // 4:
            adam.param_groups[0]["lr"] = 0.005
        x, answers = (t[batch // 2] for t in pools[batch % 2])
        output, _ = layer(x)
        loss = binary_cross_entropy_with_logits(readout(output), answers)
        adam.zero_grad()
        loss.backward()
        clip_grad_norm_(parameters, 1)
        adam.step()
        watch(batch + 1)


class Snapshots:
    """Copies of a network during training, by the number of batches so far.

    A copy is made of the first and last network and after the batches `NAMED`,
    and each time the weights, as one vector, have moved by 1 or more since the
    last copy made for that reason. Weights are rounded before the comparison,
    because the copies will be rounded too.
    """

    def __init__(self, layer, readout, batches):
        self.network = layer, readout
        self.named = {*NAMED, batches // 2 * 2}
        self.copies, self.last_parameters = {}, None

    def __call__(self, done):
        """Copy the network if its weights moved far or this batch is named."""
        parameters = (p for part in self.network for p in part.parameters())
        now = parameters_to_vector(parameters).detach().round(decimals=3)
        far = (
            self.last_parameters is None
            or (now - self.last_parameters).norm() >= 1
        )
        if far:
            self.last_parameters = now
        if far or done in self.named:
            self.copies[done] = copy.deepcopy(self.network)


@torch.no_grad()
def order(lstm, readout):
    """The unit that follows the depth, then the other; and both signs."""
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

    The network computes the same function. Swapped units swap their rows and
    columns. A flipped unit changes sign in its rows of g, which write it, and
    in the columns that read it.
    """
    rows = [gate * 2 + unit for gate in range(4) for unit in units]
    for parameter in lstm.parameters():
        parameter.copy_(parameter[rows])
        parameter[4:6] *= signs.reshape(-1, *[1] * (parameter.dim() - 1))
    for weight in (lstm.weight_hh_l0, readout.weight):
        weight.copy_(weight[:, units] * signs)


def correlation(first, second):
    """The correlation of two tensors, from -1 to 1."""
    both = torch.stack([first.flatten(), second.flatten()])
    return torch.corrcoef(both)[0, 1]


def fresh(kind, units, seed):
    """An untrained `LSTM` or `RNN` layer, and its readout."""
    torch.manual_seed(seed)
    layer = getattr(torch.nn, kind)(len(ALPHABET), units)
    readout = torch.nn.Linear(units, 2)
    if kind == "LSTM":
        with torch.no_grad():  # at first, remember everything
            layer.bias_ih_l0[units : 2 * units] = 1
            layer.bias_hh_l0[units : 2 * units] = 0
    return layer, readout


@torch.no_grad()
def finish(network, *snapshots):
    """Order the units of a network and its snapshots alike, and round them."""
    layer, _ = network
    if isinstance(layer, torch.nn.LSTM) and layer.hidden_size == 2:
        ordered = order(*network)
        for copied in (network, *snapshots):
            normalize(*copied, *ordered)
    for part in itertools.chain(network, *snapshots):
        for parameter in part.parameters():
            # Three decimals are enough, and easy to read.
            parameter.copy_(parameter.round(decimals=3))


def trained(kind, units, seed, batches, watch=lambda done: None):
    """A trained `LSTM` or `RNN` layer, and its readout."""
    network = fresh(kind, units, seed)
    train(*network, batches, watch)
    finish(network)
    return network


@torch.no_grad()
def right(layer, readout, strings):
    """Where both answers are right: booleans (length, count)."""
    x, answers = questions(*strings)
    predictions = readout(layer(x)[0]) > 0
    return (predictions == answers).all(dim=2)


def tensors_of(layer, readout):
    """The parameters by their names in saved files."""
    parts = {type(layer).__name__.lower(): layer, "readout": readout}
    return {
        f"{part}.{name}": parameter.detach()
        for part, module in parts.items()
        for name, parameter in module.named_parameters()
    }


def metadata_of(trained, **more):
    """The metadata of a saved network."""
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
    """Whether a file can be written there; checked before training."""
    return not path.is_dir() and os.access(path.parent, os.W_OK)


def main():
    """Train a network, print how often it is right, and save it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=["LSTM", "RNN"], default="LSTM")
    parser.add_argument("--units", type=int, default=2)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--batches", type=int, default=6000)
    parser.add_argument("--save", metavar="FILE.safetensors")
    parser.add_argument("--snapshots", metavar="FILE.safetensors")
    args = parser.parse_args()
    for name, least in (("units", 1), ("batches", 2), ("seed", 0)):
        if not least <= getattr(args, name) < 2**63:
            parser.error(
                f"got --{name} {getattr(args, name)}, expected {least} or more"
            )
    for name in ("save", "snapshots"):
        path = getattr(args, name)
        if path and not can_write(Path(path)):
            parser.error(
                f"got --{name} {path}, expected a file in a folder that you "
                "can write to"
            )
    torch.set_num_threads(1)  # faster for a network this small

    network = fresh(args.kind, args.units, args.seed)
    snapshots = Snapshots(*network, args.batches)
    train(*network, args.batches, snapshots)
    finish(network, *snapshots.copies.values())
    torch.manual_seed(1_000_000)  # fresh strings
    correct = right(*network, random_strings(1000, 60)).all(dim=0).sum()
    print(f"right on {correct:,} of 1,000 fresh strings of 60 characters")
    how = f"{args.batches:,} batches of 48 random strings, seed {args.seed}"
    if args.save:
        save_file(tensors_of(*network), args.save, metadata_of(how))
    if args.snapshots:
        copies = [tensors_of(*copied) for copied in snapshots.copies.values()]
        save_file(
            {
                name: torch.stack([copied[name] for copied in copies])
                for name in copies[0]
            },
            args.snapshots,
            metadata_of(how, batches=", ".join(map(str, snapshots.copies))),
        )


if __name__ == "__main__":
    main()
