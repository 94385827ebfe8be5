"""Replace the h of a unit by its mean, and measure the change of the loss.

python take_away.py 30 48     units of the network that reads Python
"""

import argparse
from copy import deepcopy
from pathlib import Path

import torch
from python_labels import labels
from python_model import (
    BREAK,
    HELD_OUT,
    HIDDEN,
    SAVED,
    TEXT,
    PythonModel,
    encode,
    losses,
)
from safetensors.torch import load_file


@torch.no_grad()
def freeze(weight, bias, unit, value):
    """Let a linear layer read a constant instead of a unit, in place."""
    bias += weight[:, unit] * value
    weight[:, unit] = 0


def without(model, unit, mean):
    """A copy of the model that reads a constant instead."""
    model = deepcopy(model)
    freeze(model.readout.weight, model.readout.bias, unit, mean)
    rnn = model.encoder.rnn
    freeze(rnn.weight_hh_l0, rnn.bias_hh_l0, unit, mean)
    return model


class HeldOut:
    """Held-out modules as one padded batch, with labels.

    Attributes:
        ids: Shape (modules, steps); zeros after the end of each module.
        labels: A mask (modules, steps - 1) for each label. The label
            "everywhere" is True wherever a next character exists.
    """

    def __init__(self, modules):
        pad = torch.nn.utils.rnn.pad_sequence
        module_labels = [labels(module) for module in modules]
        self.ids = pad([encode(m)[0] for m in modules], batch_first=True)
        self.labels = {
            name: pad(
                [torch.tensor(flags[name]) for flags in module_labels],
                batch_first=True,
            )
            for name in module_labels[0]
        }
        guessed = pad(
            [torch.ones(len(m) - 1, dtype=torch.bool) for m in modules],
            batch_first=True,
        )
        self.labels = {"everywhere": torch.ones_like(self.ids, dtype=bool)} | (
            self.labels
        )
        self.labels = {
            name: true[:, :-1] & guessed for name, true in self.labels.items()
        }

    @torch.no_grad()
    def means(self, model):
        """The mean h of each unit, (HIDDEN,)."""
        h, _ = model.encoder(self.ids[:, :-1])
        return h[self.labels["everywhere"]].mean(dim=0)

    @torch.no_grad()
    def measure(self, model):
        """The mean loss where each label is true."""
        scores, _ = model(self.ids[:, :-1])
        module_losses = losses(scores, self.ids[:, 1:])
        return {
            name: module_losses[true].mean().item()
            for name, true in self.labels.items()
        }


def held_out():
    """The held-out modules at the end of the text."""
    modules = Path(TEXT).read_text(encoding="ascii").split(BREAK)
    return HeldOut(modules[-HELD_OUT:])


def main():
    """Print the losses of the model, and without each of the units."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("units", nargs="+", type=int, choices=range(HIDDEN))
    args = parser.parse_args()
    torch.set_num_threads(1)
    model, data = PythonModel().eval(), held_out()
    model.load_state_dict(load_file(SAVED))
    means = data.means(model)
    models = {"as it is": model} | {
        f"without {unit}": without(model, unit, means[unit])
        for unit in args.units
    }
    print(" " * 14, *(f"{name:>11}" for name in data.labels))
    for name, changed in models.items():
        results = data.measure(changed).values()
        print(f"{name:14}", *(f"{loss:11.3f}" for loss in results))


if __name__ == "__main__":
    main()
