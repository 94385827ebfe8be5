"""The most that commands may cost, relative to their imports."""

from typing import NamedTuple

from .measure import draw, python

FLOORS = {
    "numpy": "import numpy",
    "matplotlib": "import numpy, matplotlib.figure, matplotlib.backends.backend_svg",
    "torch": "import torch",
}
"""Library -> the import whose duration is the lower bound."""


class Bar(NamedTuple):
    """Arguments of `draw`, and the most CPU time as a multiple of that of a floor.

    Without arguments, `import lstm_figs` is run.
    """

    words: str
    floor: str
    most: float

    def command(self):
        if not self.words:
            return python("import lstm_figs")
        return draw(*self.words.split())


BARS = {
    "`import lstm_figs`": Bar("", "numpy", 0.5),
    "a diagram, from the example": Bar("cell", "numpy", 1.3),
    "another diagram, from the example": Bar("four-weights", "numpy", 1.3),
    "a diagram, from `.safetensors`": Bar("cell --weights model.safetensors", "numpy", 1.3),
    "a diagram, from `.npz`": Bar("cell --weights model.npz", "numpy", 1.3),
    "a figure over time, from the example": Bar("gates-over-time", "numpy", 1.3),
    "a diagram, from `.pt`": Bar("cell --weights model.pt", "torch", 1.2),
    "a diagram, from sizes": Bar("cell --input-size 3 --hidden-size 2", "torch", 1.2),
}
"""Name of a measurement -> its limit."""

MAKE_FILES = """
import sys, numpy, torch
from safetensors.torch import save_file
sizes, name = map(int, sys.argv[1:3]), sys.argv[3]
torch.manual_seed(0)
tensors = torch.nn.LSTM(*sizes).state_dict()
save_file(tensors, name + ".safetensors")
torch.save(tensors, name + ".pt")
numpy.savez(name + ".npz", **{k: t.numpy() for k, t in tensors.items()})
"""


def make_files(folder, name, input_size, hidden_size):
    command = python(MAKE_FILES)
    command.words += [str(input_size), str(hidden_size), name]
    command.run(folder)
    if command.error:
        raise SystemExit(command.error)
