"""Train an LSTM of two units to follow brackets and quotes.

After every character it is to say whether it is inside quotes, and whether all
brackets are closed. Brackets inside quotes do not count.
"""

import argparse
import os
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot

ALPHABET = 'x()"'  # x stands for every other character
OTHER, OPEN, CLOSE, QUOTE = range(4)
OUTPUTS = "inside quotes, all closed"
HOW_OFTEN = torch.tensor([2, 1, 1.3, 0.8])
DEEPEST = 6


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


def train(layer, readout, batches, batch_size=48):
    """Minimize the cross-entropy of both answers after every character."""
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
        torch.nn.utils.clip_grad_norm_(parameters, 1)
        adam.step()


@torch.no_grad()
def normalize(lstm, readout):
    """Put the unit that counts first, and let both units count upwards.

    The function stays the same: units change places with their rows and
    columns, and one that changes its sign does so wherever it is made, in its
    rows of g, and wherever it is read.
    """
    torch.manual_seed(0)
    symbols, inside, depth = random_strings(100, 60)
    x, _ = questions(symbols, inside, depth)
    c = torch.stack([lstm(x[: t + 1])[1][1][0] for t in range(len(x))])
    output, _ = lstm(x)
    follows = [correlation(c[..., unit], depth) for unit in range(2)]
    units = [0, 1] if abs(follows[0]) > abs(follows[1]) else [1, 0]
    quoted = correlation(output[..., units[1]], inside.float())
    signs = torch.stack([follows[units[0]], quoted]).sign()
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


def trained(kind, units, seed, batches):
    """A network, `LSTM` or `RNN`, and its read-out."""
    torch.manual_seed(seed)
    layer = getattr(torch.nn, kind)(len(ALPHABET), units)
    readout = torch.nn.Linear(units, 2)
    if kind == "LSTM":
        with torch.no_grad():  # at first, keep what is there
            layer.bias_ih_l0[units : 2 * units] = 1
            layer.bias_hh_l0[units : 2 * units] = 0
    train(layer, readout, batches)
    if (kind, units) == ("LSTM", 2):
        normalize(layer, readout)
    with torch.no_grad():  # three digits are enough, and can be read
        for parameter in [*layer.parameters(), *readout.parameters()]:
            parameter.copy_(parameter.round(decimals=3))
    return layer, readout


@torch.no_grad()
def right(layer, readout, strings):
    """After which characters of which strings both answers are right."""
    x, answers = questions(*strings)
    said = readout(layer(x)[0]) > 0
    return (said == answers).all(dim=2)


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
    asked = parser.parse_args()
    for name, least in (("units", 1), ("batches", 2), ("seed", 0)):
        if not least <= getattr(asked, name) < 2**63:
            parser.error(
                f"got --{name} {getattr(asked, name)}, expected {least} or more"
            )
    if asked.save and not can_write(Path(asked.save)):
        parser.error(
            f"got --save {asked.save}, expected a file in a folder that you "
            "can write to"
        )
    torch.set_num_threads(1)  # quicker for what is so small

    layer, readout = trained(asked.kind, asked.units, asked.seed, asked.batches)
    torch.manual_seed(1_000_000)  # fresh ones
    correct = right(layer, readout, random_strings(1000, 60)).all(dim=0).sum()
    print(f"right on {correct:,} of 1,000 fresh strings of 60 characters")
    if asked.save:
        how = f"{asked.batches:,} batches of 48 random strings"
        save_file(
            {
                f"{part}.{name}": tensor
                for part, module in [
                    (asked.kind.lower(), layer),
                    ("readout", readout),
                ]
                for name, tensor in module.state_dict().items()
            },
            asked.save,
            metadata={
                "alphabet": ALPHABET,
                "other": str(OTHER),
                "outputs": OUTPUTS,
                "truth": "brackets",
                "trained": f"{how}, seed {asked.seed}",
                "torch": torch.__version__.partition("+")[0],
            },
        )


if __name__ == "__main__":
    main()
