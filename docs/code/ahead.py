"""Forecast a series several steps ahead, from the columns of a CSV file.

Two models against two baselines. One model forecasts all steps at once; the
other forecasts one step and reads its own forecast as the next input.
"""

import argparse
import csv
import math
import sys
from pathlib import Path

import torch
from torch import nn

PAST, AHEAD = 28, 7  # steps in the input, and in the forecast
HIDDEN, BATCH = 32, 64
EPOCHS, RATE = 40, 0.005


def read(name):
    """Column names, and the rows as a tensor."""
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        names, *lines = [line for line in csv.reader(file) if line] or [[]]
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            row = [float(cell) for cell in line]
        except ValueError:
            row = []
        if len(row) != len(names) or not all(map(math.isfinite, row)):
            raise ValueError(
                f"row {number} is {','.join(line)}, expected a number for each "
                f"of {','.join(names)}; leave out dates, and fill gaps"
            )
        rows.append(row)
    least = 5 * (PAST + AHEAD)
    if len(rows) < least:
        raise ValueError(f"got {len(rows)} rows, expected {least} at least")
    return names, torch.tensor(rows)


def synthetic_sales(days=1500):
    """Daily sales that depend on the weekday and the temperature."""
    torch.manual_seed(0)
    day = torch.arange(days)
    temperature = torch.zeros(days)
    for t in range(1, days):
        temperature[t] = 0.9 * temperature[t - 1] + 2 * torch.randn(())
    temperature += 12 + 10 * (day * 6.283 / 365).sin()
    week = torch.tensor([0.0, 5, 10, 15, 45, 60, 30])[day % 7]
    sales = 100 + 4 * temperature + week + 8 * torch.randn(days)
    return ["temperature", "sales"], torch.stack([temperature, sales], dim=1)


class AtOnce(nn.Module):
    """Forecasts all steps ahead at once, from the last hidden state."""

    def __init__(self, columns, target):
        super().__init__()
        self.lstm = nn.LSTM(columns, HIDDEN)
        self.readout = nn.Linear(HIDDEN, AHEAD)
        self.target = target

    def forward(self, past):
        """The target (AHEAD, batch): the last value plus predicted changes."""
        _, (h_n, _) = self.lstm(past)
        return past[-1, :, self.target] + self.readout(h_n[-1]).T

    def loss(self, past, future):
        """Mean squared error over all steps ahead."""
        return (self(past) - future[..., self.target]).square().mean()


class FedBack(nn.Module):
    """Forecasts all columns of the next step, and feeds them back."""

    def __init__(self, columns, target):
        super().__init__()
        self.lstm = nn.LSTM(columns, HIDDEN)
        self.readout = nn.Linear(HIDDEN, columns)
        self.target = target

    def forward(self, past):
        """The target (AHEAD, batch), one step at a time."""
        prediction, state = self.next(past)
        prediction, forecasts = prediction[-1:], []
        for _ in range(AHEAD):
            forecasts.append(prediction[0, :, self.target])
            prediction, state = self.next(prediction, state)
        return torch.stack(forecasts)

    def next(self, rows, state=None):
        """The predicted next row for each row (steps, batch, columns)."""
        output, state = self.lstm(rows, state)
        return rows + self.readout(output), state

    def loss(self, past, future):
        """Mean squared error of one-step forecasts, at each step."""
        rows = torch.cat([past, future])
        prediction, _ = self.next(rows[:-1])
        return (prediction - rows[1:]).square().mean()


def windows(rows):
    """All windows, split into PAST and AHEAD: (steps, windows, columns)."""
    both = rows.unfold(0, PAST + AHEAD, 1).permute(2, 0, 1)
    return both[:PAST], both[PAST:]


def train(model_class, rows, target, seed=0):
    """Train a model of this class on scaled rows."""
    torch.manual_seed(seed)
    model = model_class(rows.shape[1], target)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    past, future = windows(rows)
    for _ in range(EPOCHS):
        for batch in torch.randperm(past.shape[1]).split(BATCH):
            loss = model.loss(past[:, batch], future[:, batch])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm=1)
            optimizer.step()
    return model


def parts(rows):
    """The first 80 % to train with; the rest, with its inputs, to test."""
    cut = len(rows) * 4 // 5
    return rows[:cut], rows[cut - PAST :]


@torch.no_grad()
def compare(rows, target, season=7):
    """Mean absolute errors (AHEAD,), the best model, and its forecast."""
    train_rows, test_rows = parts(rows)
    # From the training rows only; test rows would leak the future.
    mean, std = train_rows.mean(dim=0), train_rows.std(dim=0)
    std = std.where(std > 0, 1)  # a constant column has std 0
    past, future = windows(test_rows)
    actual = future[..., target]
    ahead = torch.arange(AHEAD)
    predictions = {
        "last": past[-1, :, target].expand_as(actual),
        "season": past[ahead % season - season, :, target],
    }
    models = {}
    for name, model_class in (("fed back", FedBack), ("at once", AtOnce)):
        with torch.enable_grad():
            model = train(model_class, (train_rows - mean) / std, target)
        scaled = model((past - mean) / std)
        predictions[name] = scaled * std[target] + mean[target]
        models[name] = model
    errors = {n: (p - actual).abs().mean(dim=1) for n, p in predictions.items()}
    best = min(models, key=lambda name: errors[name].mean())
    last = (rows[-PAST:, None] - mean) / std
    tomorrow = models[best](last)[:, 0] * std[target] + mean[target]
    return errors, best, tomorrow


def main(words=None):
    """Compare the forecasts, and forecast the steps after the last row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", metavar="CSV", help="columns of numbers")
    parser.add_argument("--target", help="a column; by default the last")
    parser.add_argument(
        "--season", type=int, default=7, help="steps; 7 by default"
    )
    args = parser.parse_args(words)
    if not 1 <= args.season <= PAST:
        parser.error(f"got --season {args.season}, expected 1 to {PAST}")
    try:
        names, rows = read(args.data) if args.data else synthetic_sales()
    except (OSError, ValueError) as error:
        sys.exit(f"ahead.py: {args.data}: {error}")
    target = args.target or names[-1]
    if target not in names:
        parser.error(
            f"got --target {target}, expected one of {', '.join(names)}"
        )
    torch.set_num_threads(1)  # faster for a network this small
    errors, best, tomorrow = compare(rows, names.index(target), args.season)
    print("ahead  " + "  ".join(f"{n:>5}" for n in errors))
    for k in range(AHEAD):
        row = (f"{e[k]:{max(len(n), 5)}.1f}" for n, e in errors.items())
        print(f"{k + 1:5}  " + "  ".join(row))
    print(f"next {target}, {best}:", *(f"{value:.0f}" for value in tomorrow))


if __name__ == "__main__":
    main()
