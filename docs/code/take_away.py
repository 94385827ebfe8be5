"""Replace the h of a unit by its mean, and measure what gets worse.

python take_away.py 30 48     units of the network that reads Python
"""

import argparse
from copy import deepcopy
from pathlib import Path

import torch
from python_labels import labels
from python_model import (
    BREAK,
    HELD,
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
    """Let a product read a constant in place of a unit."""
    bias += weight[:, unit] * value
    weight[:, unit] = 0


def without(model, unit, mean):
    """The model, whose readout and gates read the mean of a unit."""
    model = deepcopy(model)
    freeze(model.readout.weight, model.readout.bias, unit, mean)
    rnn = model.encoder.rnn
    freeze(rnn.weight_hh_l0, rnn.bias_hh_l0, unit, mean)
    return model


class Held:
    """Modules that were not trained with, side by side.

    Attributes:
        ids: Of shape (modules, steps); zeros behind the end of each.
        labels: For each name, where it is true; for "everywhere", where there
            is a next character to guess.
    """

    def __init__(self, modules):
        pad = torch.nn.utils.rnn.pad_sequence
        own = [labels(module) for module in modules]
        self.ids = pad([encode(m)[0] for m in modules], batch_first=True)
        self.labels = {
            name: pad([torch.tensor(of[name]) for of in own], batch_first=True)
            for name in own[0]
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
        """The mean of each unit's h."""
        h, _ = model.encoder(self.ids[:, :-1])
        return h[self.labels["everywhere"]].mean(dim=0)

    @torch.no_grad()
    def measure(self, model):
        """The loss where each label is true."""
        scores, _ = model(self.ids[:, :-1])
        found = losses(scores, self.ids[:, 1:])
        return {
            name: found[true].mean().item()
            for name, true in self.labels.items()
        }


def held():
    """The modules at the end of the text."""
    modules = Path(TEXT).read_text(encoding="ascii").split(BREAK)
    return Held(modules[-HELD:])


def main():
    """Print a line for the model, and for each unit that is taken away."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("units", nargs="+", type=int, choices=range(HIDDEN))
    asked = parser.parse_args()
    torch.set_num_threads(1)
    model, data = PythonModel().eval(), held()
    model.load_state_dict(load_file(SAVED))
    means = data.means(model)
    models = {"as it is": model} | {
        f"without {unit}": without(model, unit, means[unit])
        for unit in asked.units
    }
    print(" " * 14, *(f"{name:>11}" for name in data.labels))
    for name, one in models.items():
        found = data.measure(one).values()
        print(f"{name:14}", *(f"{loss:11.3f}" for loss in found))


if __name__ == "__main__":
    main()
