"""Forecast a series several steps ahead, from the columns of a CSV file.

Two ways beside two baselines: one answer for all steps at once, and one step
whose forecast is fed back.
"""

import argparse
import csv
import math
import sys
from pathlib import Path

import torch
from torch import nn

PAST, AHEAD = 28, 7  # steps that are read, and forecast
HIDDEN, BATCH = 32, 64
EPOCHS, RATE = 40, 0.005


def read(name):
    """The names of the columns, and rows of numbers, the oldest first."""
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


def made(days=1500):
    """Sales that depend on the day of the week and on the temperature."""
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
    """One number for each step ahead, from the last state."""

    def __init__(self, columns, target):
        super().__init__()
        self.lstm = nn.LSTM(columns, HIDDEN)
        self.readout = nn.Linear(HIDDEN, AHEAD)
        self.target = target

    def forward(self, past):
        """Changes (AHEAD, batch) from the last value of past."""
        _, (h_n, _) = self.lstm(past)
        return past[-1, :, self.target] + self.readout(h_n[-1]).T

    def loss(self, past, future):
        """Of all steps ahead."""
        return (self(past) - future[..., self.target]).square().mean()


class FedBack(nn.Module):
    """All columns of the next step, which it then reads as if they were so."""

    def __init__(self, columns, target):
        super().__init__()
        self.lstm = nn.LSTM(columns, HIDDEN)
        self.readout = nn.Linear(HIDDEN, columns)
        self.target = target

    def forward(self, past):
        """The target (AHEAD, batch), step by step."""
        said, state = self.next(past)
        said, forecasts = said[-1:], []
        for _ in range(AHEAD):
            forecasts.append(said[0, :, self.target])
            said, state = self.next(said, state)
        return torch.stack(forecasts)

    def next(self, rows, state=None):
        """What follows each row (steps, batch, columns)."""
        output, state = self.lstm(rows, state)
        return rows + self.readout(output), state

    def loss(self, past, future):
        """Of the next step alone, at each step."""
        rows = torch.cat([past, future])
        said, _ = self.next(rows[:-1])
        return (said - rows[1:]).square().mean()


def windows(rows):
    """All stretches of PAST and AHEAD rows, (steps, windows, columns)."""
    both = rows.unfold(0, PAST + AHEAD, 1).permute(2, 0, 1)
    return both[:PAST], both[PAST:]


def train(kind, rows, target, seed=0):
    """A model of a kind, from scaled rows."""
    torch.manual_seed(seed)
    model = kind(rows.shape[1], target)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    past, future = windows(rows)
    for _ in range(EPOCHS):
        for some in torch.randperm(past.shape[1]).split(BATCH):
            loss = model.loss(past[:, some], future[:, some])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm=1)
            optimizer.step()
    return model


def parts(rows):
    """The earlier four fifths, and the others with what they begin from."""
    cut = len(rows) * 4 // 5
    return rows[:cut], rows[cut - PAST :]


@torch.no_grad()
def compare(rows, target, season=7):
    """Mean absolute errors (AHEAD) of each way, and a model to go on with."""
    train_rows, test_rows = parts(rows)
    # Of the rows that are trained with; the others would tell of the future.
    mean, std = train_rows.mean(dim=0), train_rows.std(dim=0)
    std = std.where(std > 0, 1)  # of a column that never changes
    past, future = windows(test_rows)
    actual = future[..., target]
    ahead = torch.arange(AHEAD)
    said = {
        "last": past[-1, :, target].expand_as(actual),
        "season": past[ahead % season - season, :, target],
    }
    models = {}
    for name, kind in (("fed back", FedBack), ("at once", AtOnce)):
        with torch.enable_grad():
            model = train(kind, (train_rows - mean) / std, target)
        scaled = model((past - mean) / std)
        said[name] = scaled * std[target] + mean[target]
        models[name] = model
    errors = {n: (s - actual).abs().mean(dim=1) for n, s in said.items()}
    best = min(models, key=lambda name: errors[name].mean())
    last = (rows[-PAST:, None] - mean) / std
    tomorrow = models[best](last)[:, 0] * std[target] + mean[target]
    return errors, best, tomorrow


def main(words=None):
    """Compare the ways, and forecast what comes after the last row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", metavar="CSV", help="columns of numbers")
    parser.add_argument("--target", help="a column; by default the last")
    parser.add_argument(
        "--season", type=int, default=7, help="steps; 7 by default"
    )
    asked = parser.parse_args(words)
    if not 1 <= asked.season <= PAST:
        parser.error(f"got --season {asked.season}, expected 1 to {PAST}")
    try:
        names, rows = read(asked.data) if asked.data else made()
    except (OSError, ValueError) as error:
        sys.exit(f"ahead.py: {asked.data}: {error}")
    target = asked.target or names[-1]
    if target not in names:
        parser.error(
            f"got --target {target}, expected one of {', '.join(names)}"
        )
    torch.set_num_threads(1)  # quicker for what is so small
    errors, best, tomorrow = compare(rows, names.index(target), asked.season)
    print("ahead  " + "  ".join(f"{n:>5}" for n in errors))
    for k in range(AHEAD):
        row = (f"{e[k]:{max(len(n), 5)}.1f}" for n, e in errors.items())
        print(f"{k + 1:5}  " + "  ".join(row))
    print(f"next {target}, {best}:", *(f"{value:.0f}" for value in tomorrow))


if __name__ == "__main__":
    main()
