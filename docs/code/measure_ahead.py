"""Measure `ahead.py`, and write `ahead.json`.

The record has the output of the script, and the mean absolute errors of both
models without scaling.
"""

import contextlib
import io
import json
from pathlib import Path

import ahead
import torch

HERE = Path(__file__).parent


def unscaled(model_class):
    """The mean absolute error of each step ahead, without scaling."""
    _, rows = ahead.synthetic_sales()
    earlier, later = ahead.parts(rows)
    model = ahead.train(model_class, earlier, 1)
    past, future = ahead.windows(later)
    with torch.no_grad():
        errors = (model(past) - future[..., 1]).abs().mean(dim=1)
    return [round(error, 1) for error in errors.tolist()]


def main():
    """Write the record."""
    torch.set_num_threads(1)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        ahead.main([])
    kinds = {"fed back": ahead.FedBack, "at once": ahead.AtOnce}
    record = {
        "torch": torch.__version__.partition("+")[0],
        "printed": printed.getvalue(),
        "unscaled": {name: unscaled(kind) for name, kind in kinds.items()},
    }
    written = json.dumps(record, indent=2) + "\n"
    (HERE / "ahead.json").write_text(written)


if __name__ == "__main__":
    main()
