"""Measure the time of a cell of your own, and write `custom_cell.json`.

`nn.LSTM` and a Python loop run the same weights on the same input, on one
thread. The loop runs the cell as it is, and compiled by `torch.compile`. The
record has the minimum of many interleaved runs, so other load on the machine
matters little.
"""

import json
import platform
from datetime import date
from pathlib import Path
from time import perf_counter

import torch
from torch import nn

STEPS, BATCH, RUNS = 100, 32, 60
SIZES = (16, 64, 256)


class Cell(torch.nn.Module):
    """The equations of nn.LSTM."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.ih = torch.nn.Linear(input_size, 4 * hidden_size)
        self.hh = torch.nn.Linear(hidden_size, 4 * hidden_size)

    def forward(self, x, h, c):
        """The next h and c."""
        z = self.ih(x) + self.hh(h)
        z_i, z_f, z_g, z_o = z.chunk(4, dim=-1)
        i, f, o = z_i.sigmoid(), z_f.sigmoid(), z_o.sigmoid()
        c = f * c + i * z_g.tanh()
        return o * c.tanh(), c


def run(cell, x, hidden_size):
    """The output of a cell at each step."""
    h = c = x.new_zeros(x.shape[1], hidden_size)
    outputs = []
    for x_t in x:
        h, c = cell(x_t, h, c)
        outputs.append(h)
    return torch.stack(outputs)


def milliseconds(size, compiled=True):
    """The time of a forward pass, and with its backward, for each run."""
    torch.manual_seed(0)
    lstm, cell = nn.LSTM(size, size), Cell(size, size)
    x = torch.randn(STEPS, BATCH, size)
    with torch.no_grad():
        for name, parameter in cell.named_parameters():
            part, kind = name.split(".")
            parameter.copy_(getattr(lstm, f"{kind}_{part}_l0"))
    runs = {"LSTM": lambda: lstm(x)[0], "cell": lambda: run(cell, x, size)}
    if compiled:
        torch.compiler.reset()
        fused = torch.compile(cell)
        runs["compiled"] = lambda: run(fused, x, size)

    def call(forward):
        with torch.inference_mode():
            return forward()

    for forward in runs.values():
        torch.testing.assert_close(call(forward), lstm(x)[0])
        forward().sum().backward()
    least = {}
    for _ in range(RUNS):
        for name, forward in runs.items():
            for mode in ("call", "training"):
                start = perf_counter()
                if mode == "call":
                    call(forward)
                else:
                    forward().sum().backward()
                took = perf_counter() - start
                place = f"{name}, {mode}"
                least[place] = min(least.get(place, took), took)
    return {name: round(took * 1e3, 2) for name, took in least.items()}


def main():
    """Write the record."""
    torch.set_num_threads(1)
    record = {
        "torch": torch.__version__.partition("+")[0],
        "date": date.today().isoformat(),
        "machine": f"{platform.system()}, {platform.machine()}",
        "milliseconds": {str(size): milliseconds(size) for size in SIZES},
    }
    written = json.dumps(record, indent=2) + "\n"
    Path(__file__).with_name("custom_cell.json").write_text(written)


if __name__ == "__main__":
    main()
