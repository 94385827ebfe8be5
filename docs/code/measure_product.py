"""Train the bracket networks without the product of two sums, and record them.

It takes about fifteen minutes on one core and writes `product.json`. What is
written to a cell state is changed in three ways:

- `i tanh`: as in `nn.LSTM`, an input gate times a tanh;
- `i sigmoid`: `g` is a sigmoid, so that it cannot be negative;
- `tanh`: there is no input gate, so `g` alone is written.

Networks of one size are trained together, each from the first weights and on
the strings of its seed. For each of them:

- `right_60`, `right_200`: on how many of 1,000 fresh strings of that many
  characters it is right after every character;
- `nested`: up to how many brackets it can open and then close with every
  answer right, of at most 20; in training there are at most six;
- `inside`, `closed`: at what share of the characters of `right_60` it gets
  each answer right;
- `f`: the forget gate at each `)` of `(((())))`, of the unit whose `c` is the
  largest after the last `(`.
"""

import json
from pathlib import Path

import torch
from brackets import ALPHABET, CLOSE, OPEN, fresh, random_strings
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot

BATCHES = 6000
BATCH_SIZE = 48
WRITES = "i tanh", "i sigmoid", "tanh"
SEEDS_BY_UNITS = {2: 13, 8: 3}
CLIPPED = 1.0
MOST_NESTED = 20


class Networks:
    """Several networks of one size, as tensors with a first axis for them."""

    def __init__(self, writes, layers, readouts):
        def stacked(modules, name):
            tensors = [getattr(module, name).detach() for module in modules]
            return torch.stack(tensors).requires_grad_()

        self.writes = writes
        self.w_ih = stacked(layers, "weight_ih_l0")
        self.w_hh = stacked(layers, "weight_hh_l0")
        self.b_ih = stacked(layers, "bias_ih_l0")
        self.b_hh = stacked(layers, "bias_hh_l0")
        self.weight = stacked(readouts, "weight")
        self.bias = stacked(readouts, "bias")

    def parameters(self):
        """All tensors that are trained."""
        return [
            *(self.w_ih, self.w_hh, self.b_ih, self.b_hh),
            *(self.weight, self.bias),
        ]

    def steps(self, symbols):
        """The forget gate, `c` and `h` (network, string, unit) of each step."""
        x = one_hot(symbols.long(), len(ALPHABET)).float()
        z_x = x @ self.w_ih.mT + (self.b_ih + self.b_hh)[:, None]
        h = c = x.new_zeros(*x.shape[1:3], self.w_hh.shape[-1])
        for z in z_x:
            i, f, g, o = torch.baddbmm(z, h, self.w_hh.mT).chunk(4, dim=-1)
            written = g.sigmoid() if self.writes == "i sigmoid" else g.tanh()
            if self.writes != "tanh":
                written = i.sigmoid() * written
            c = f.sigmoid() * c + written
            h = o.sigmoid() * c.tanh()
            yield f.sigmoid(), c, h

    def __call__(self, symbols):
        """The logits (length, network, string, 2) after each character."""
        output = torch.stack([h for _, _, h in self.steps(symbols)])
        return output @ self.weight.mT + self.bias[:, None]

    def clip(self):
        """Clip the gradient of each network by its own norm."""
        gradients = [p.grad for p in self.parameters() if p.grad is not None]
        squares = sum(g.flatten(1).square().sum(1) for g in gradients)
        factors = (CLIPPED / (squares.sqrt() + 1e-6)).clamp(max=1)
        for gradient in gradients:
            gradient *= factors.view(-1, *[1] * (gradient.dim() - 1))


def begun(units, seed):
    """An untrained layer, its readout, and its strings for training."""
    layer, readout = fresh("LSTM", units, seed)
    pools = []
    for length in (24, 40):
        strings = random_strings(BATCHES // 2 * BATCH_SIZE, length)
        symbols, inside, depth = strings
        pools.append([symbols.byte(), inside, depth == 0])
    return layer, readout, pools


def train(networks, pools):
    """Train all networks as `brackets.train` does."""
    adam = torch.optim.Adam(networks.parameters(), lr=0.02)
    for batch in range(BATCHES):
        if batch == BATCHES * 3 // 4:
            adam.param_groups[0]["lr"] = 0.005
        start = batch // 2 * BATCH_SIZE
        symbols, *answers = (
            torch.stack(
                [
                    p[batch % 2][part][:, start : start + BATCH_SIZE]
                    for p in pools
                ],
                dim=1,
            )
            for part in range(3)
        )
        loss = binary_cross_entropy_with_logits(
            networks(symbols),
            torch.stack(answers, dim=-1).float(),
            reduction="none",
        )
        adam.zero_grad()
        loss.mean(dim=(0, 2, 3)).sum().backward()
        networks.clip()
        adam.step()


@torch.no_grad()
def right(networks, symbols, inside, depth):
    """Where each network is right: booleans (length, network, string, 2)."""
    answers = torch.stack([inside, depth == 0], dim=-1)[:, None]
    count = len(networks.weight)
    return (networks(symbols[:, None].expand(-1, count, -1)) > 0) == answers


def whole(is_right):
    """On how many strings each network is right throughout."""
    return is_right.all(dim=3).all(dim=0).sum(dim=1).tolist()


def nested(networks):
    """How many brackets each network can open and then close."""
    most = [0] * len(networks.weight)
    for n in range(1, MOST_NESTED + 1):
        symbols = torch.tensor([OPEN] * n + [CLOSE] * n)[:, None]
        depth = torch.tensor([*range(1, n + 1), *reversed(range(n))])[:, None]
        can = whole(right(networks, symbols, depth < 0, depth))
        most = [
            n if right_on_all and before == n - 1 else before
            for before, right_on_all in zip(most, can, strict=True)
        ]
    return most


@torch.no_grad()
def forgotten(networks):
    """The forget gates of each network while it closes four brackets."""
    symbols = torch.tensor([OPEN] * 4 + [CLOSE] * 4)[:, None, None]
    count = len(networks.weight)
    steps = networks.steps(symbols.expand(-1, count, -1))
    f, c, _ = map(torch.stack, zip(*steps, strict=True))
    units = c[3, :, 0].argmax(dim=-1)
    gates = f[4:, torch.arange(count), 0, units].T.tolist()
    return [[round(gate, 2) for gate in row] for row in gates]


def measured(networks):
    """How often each network is right on the same fresh strings."""
    torch.manual_seed(1_000_000)
    is_right = right(networks, *random_strings(1000, 60))
    right_200 = whole(right(networks, *random_strings(1000, 200)))
    inside, closed = is_right.float().mean(dim=(0, 2)).T.tolist()
    columns = {
        "right_60": whole(is_right),
        "right_200": right_200,
        "nested": nested(networks),
        "inside": [round(share, 4) for share in inside],
        "closed": [round(share, 4) for share in closed],
        "f": forgotten(networks),
    }
    return [
        dict(zip(columns, values, strict=True))
        for values in zip(*columns.values(), strict=True)
    ]


def main():
    """Write the record."""
    torch.set_num_threads(1)
    networks = []
    for units, seeds in SEEDS_BY_UNITS.items():
        layers, readouts, pools = zip(
            *(begun(units, seed) for seed in range(seeds)), strict=True
        )
        for writes in WRITES:
            trained = Networks(writes, layers, readouts)
            train(trained, pools)
            networks += [
                {"writes": writes, "units": units, "seed": seed, **results}
                for seed, results in enumerate(measured(trained))
            ]
            print(writes, units, [n["right_60"] for n in networks[-seeds:]])
    record = {
        "torch": torch.__version__.partition("+")[0],
        "batches": BATCHES,
        "count": 1000,
        "networks": networks,
    }
    written = json.dumps(record, indent=2) + "\n"
    Path(__file__).with_name("product.json").write_text(written)


if __name__ == "__main__":
    main()
