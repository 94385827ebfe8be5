"""Measure `forecast.py`, with several chunk lengths.

It takes some minutes, and writes:

- `forecast.json`: the output of the script, and the mean squared error of
  networks that keep their state, for several chunk lengths and seeds;
- `forecast.safetensors`: the LSTM of the script that keeps its state;
- `forecast-input.json` and `forecast-tokens.json`: the sales of a fresh shop,
  and whether it is open on each day, for a figure.
"""

import contextlib
import io
import json
from pathlib import Path

import forecast
import torch
from safetensors.torch import save

HERE = Path(__file__).parent
CHUNKS, SEEDS = (3, 7, 14, 28), range(3)
CHUNK, EPOCHS = forecast.CHUNK, forecast.EPOCHS
DAYS = 35  # of the shop in the figure


def measured(chunk, seed):
    """Train with a kept state, and return the mean error."""
    # Longer chunks mean fewer updates per epoch, so train for more epochs.
    forecast.CHUNK = chunk
    forecast.EPOCHS = EPOCHS * max(1, chunk // CHUNK)
    errors = forecast.errors(forecast.train(True, seed), True)
    return round(errors[28:].nanmean().item(), 4)  # from the fifth week on


def main():
    """Write the record and the files for a figure."""
    torch.set_num_threads(1)
    model = forecast.train(True)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        forecast.main()
    state = {f"lstm.{name}": p for name, p in model.lstm.state_dict().items()}
    (HERE / "forecast.safetensors").write_bytes(save(state))
    torch.manual_seed(2)
    sales, known = forecast.shops(20)
    shop = known.sum(dim=0).argmax()
    sales = sales[:DAYS, shop]
    tokens = ["·" if sale else "x" for sale in sales]
    for name, content in (
        ("input", sales[:, None].tolist()),
        ("tokens", tokens),
    ):
        written = json.dumps(content, ensure_ascii=False) + "\n"
        (HERE / f"forecast-{name}.json").write_text(written, encoding="utf-8")
    record = {
        "torch": torch.__version__.partition("+")[0],
        "printed": printed.getvalue(),
        "chunks": {
            str(chunk): [measured(chunk, seed) for seed in SEEDS]
            for chunk in CHUNKS
        },
    }
    written = json.dumps(record, indent=2) + "\n"
    (HERE / "forecast.json").write_text(written)


if __name__ == "__main__":
    main()
