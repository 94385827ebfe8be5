"""Measure `not_learning.py`, and write `not_learning.json`.

It holds the loss of each program on fresh samples after its training, wrong
and mended, that of several learning rates, and forecasts beside the last value.
"""

import contextlib
import io
import json
import warnings
from pathlib import Path

import not_learning
import torch
from not_learning import FAULTS, Model, Program, made, sums, walks, waves
from why_not_learning import examine, lag

HERE = Path(__file__).parent
RATES = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10)


def learned(program):
    """The loss of a program, and how much its predictions differ."""
    loss, said, y = program.train()
    stds = said.std().item(), y.float().std().item()
    return {"loss": loss, "said": stds[0], "targets": stds[1]}


def at_rate(rate):
    """The loss on sums, and how much the first update changes the weights."""
    torch.manual_seed(0)
    program = Program(Model(), sums, rate=rate)
    before = torch.nn.utils.parameters_to_vector(program.model.parameters())
    program.step(*program.draw(not_learning.BATCH))
    after = torch.nn.utils.parameters_to_vector(program.model.parameters())
    change = ((after - before).norm() / before.norm()).item()
    return {"rate": rate, "change": change, **learned(program)}


def forecasts(series, same_step):
    """Errors of a forecast and of the last value, and the lag of both."""
    torch.manual_seed(0)

    def draw(count):
        x = series(count)
        return x[:-1], x[:-1] if same_step else x[1:]

    program = Program(Model(every=True), draw)
    loss, _, _ = program.train()
    with torch.no_grad():
        x = series(not_learning.FRESH)
        said = program.model(x[:-1])
    actual, last = x[1:], x[:-1]
    return {
        "loss": loss,
        "error": (said - actual).square().mean().item(),
        "last": (last - actual).square().mean().item(),
        "lag": lag(said[:, 0, 0], actual[:, 0, 0]),
    }


def main():
    """Measure all."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore", UserWarning)
    program = made(not_learning.shapes, False)
    x, y = program.draw(not_learning.BATCH)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        examine(
            program.model,
            program.loss,
            program.optimizer,
            x,
            y,
            batch_axis=1,
            step=lambda: program.step(x, y),
        )
    record = {
        "torch": torch.__version__.partition("+")[0],
        "examined": printed.getvalue(),
        "faults": {
            fault.__name__: {
                "wrong": learned(made(fault, False)),
                "mended": learned(made(fault, True)),
            }
            for fault in FAULTS
        },
        "rates": [at_rate(rate) for rate in RATES],
        "forecasts": {
            "waves": forecasts(waves, same_step=False),
            "waves, same step": forecasts(waves, same_step=True),
            "walks": forecasts(walks, same_step=False),
        },
    }
    written = json.dumps(record, indent=2) + "\n"
    (HERE / "not_learning.json").write_text(written)


if __name__ == "__main__":
    main()
