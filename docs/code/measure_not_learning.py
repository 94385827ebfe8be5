"""Measure `not_learning.py`, and write `not_learning.json`.

The record has the loss of each program on fresh samples after training, with
its fault and without; the loss at several learning rates; and the errors of
forecasts compared with repeating the last value.
"""

import contextlib
import io
import json
import warnings
from pathlib import Path

import not_learning
import torch
from not_learning import (
    FAULTS,
    Model,
    Program,
    make_program,
    sums,
    walks,
    waves,
)
from why_not_learning import examine, lag

HERE = Path(__file__).parent
RATES = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10)


def learned(program):
    """The loss after training, and the std of predictions and targets."""
    loss, predictions, y = program.train()
    stds = predictions.std().item(), y.float().std().item()
    return {"loss": loss, "said": stds[0], "targets": stds[1]}


def at_rate(rate):
    """The loss at a learning rate, and the size of the first update."""
    torch.manual_seed(0)
    program = Program(Model(), sums, rate=rate)
    before = torch.nn.utils.parameters_to_vector(program.model.parameters())
    program.step(*program.draw(not_learning.BATCH))
    after = torch.nn.utils.parameters_to_vector(program.model.parameters())
    change = ((after - before).norm() / before.norm()).item()
    return {"rate": rate, "change": change, **learned(program)}


def forecasts(series, same_step):
    """Errors of a forecast and of the last value, and the lag."""
    torch.manual_seed(0)

    def draw(count):
        x = series(count)
        return x[:-1], x[:-1] if same_step else x[1:]

    program = Program(Model(every_step=True), draw)
    loss, _, _ = program.train()
    with torch.no_grad():
        x = series(not_learning.FRESH)
        predictions = program.model(x[:-1])
    actual, last = x[1:], x[:-1]
    return {
        "loss": loss,
        "error": (predictions - actual).square().mean().item(),
        "last": (last - actual).square().mean().item(),
        "lag": lag(predictions[:, 0, 0], actual[:, 0, 0]),
    }


def main():
    """Write the record."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore", UserWarning)
    program = make_program(not_learning.shapes, False)
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
                "wrong": learned(make_program(fault, False)),
                "mended": learned(make_program(fault, True)),
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
