"""Measure the time of one step, and write `streaming.json`.

The time is for one sequence on one thread: in one call over all steps, and step
by step with `nn.LSTM`, with `nn.LSTM` without oneDNN, and with `nn.LSTMCell`.
The record has the minimum of many short interleaved runs, so other load on the
machine matters little.
"""

import json
from pathlib import Path
from time import perf_counter

import torch
from streaming import ChunkStream, Stream
from torch import nn

STEPS, RUNS = 50, 100
SIZES = (16, 64, 256)


@torch.inference_mode()
def microseconds(size):
    """The time of one step, for each way to run it."""
    torch.manual_seed(0)
    lstm, x = nn.LSTM(size, size).eval(), torch.randn(STEPS, 1, size)
    by_cells, by_modules = Stream(lstm), ChunkStream(lstm)

    def by_module():
        for x_t in x:
            by_modules.feed(x_t[None])

    def without_onednn():
        with torch.backends.mkldnn.flags(enabled=False):
            by_module()

    def by_cell():
        for x_t in x:
            by_cells.feed(x_t)

    runs = {
        "one call": lambda: lstm(x),
        "LSTM": by_module,
        "LSTM without oneDNN": without_onednn,
        "LSTMCell": by_cell,
    }
    least = dict.fromkeys(runs, float("inf"))
    for _ in range(RUNS):
        for name, run in runs.items():
            start = perf_counter()
            run()
            least[name] = min(least[name], perf_counter() - start)
    return {name: round(s / STEPS * 1e6, 1) for name, s in least.items()}


def main():
    """Write the record."""
    torch.set_num_threads(1)
    record = {
        "torch": torch.__version__.partition("+")[0],
        "microseconds": {str(size): microseconds(size) for size in SIZES},
    }
    written = json.dumps(record, indent=2) + "\n"
    Path(__file__).with_name("streaming.json").write_text(written)


if __name__ == "__main__":
    main()
