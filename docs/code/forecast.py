"""Forecast tomorrow's sales of shops, with a state that is kept or cleared.

Each shop is closed on one day in seven. Its sales show which day that is, but
only once a week, which may be in the chunk before.
"""

import torch
from torch import nn

WEEKS, SHOPS, HIDDEN = 24, 64, 16
CHUNK = 14  # days in one training step
EPOCHS, RATE = 60, 0.01


def shops(count):
    """Sales (days, shops), and a mask that is False for padding."""
    days = torch.arange(WEEKS * 7)[:, None]
    open_today = days % 7 != torch.randint(7, (count,))
    sales = open_today * (1 + 0.1 * torch.randn(len(days), count))
    # Some shops opened later, so their series are shorter.
    lasts = 7 * torch.randint(WEEKS // 2, WEEKS + 1, (count,))
    known = days < lasts
    return sales * known, known


class Forecast(nn.Module):
    """Predicts tomorrow's sales from the sales so far."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, HIDDEN)
        self.readout = nn.Linear(HIDDEN, 1)

    def forward(self, sales, state=None):
        """Forecasts (days, shops), from sales (days, shops)."""
        output, state = self.lstm(sales[..., None], state)
        return self.readout(output)[..., 0], state


def chunks(sales, known):
    """Inputs, targets, and a mask of the targets, chunk by chunk."""
    for start in range(0, len(sales) - 1, CHUNK):
        tomorrow = slice(start + 1, start + 1 + CHUNK)
        today = slice(start, min(start + CHUNK, len(sales) - 1))
        yield sales[today], sales[tomorrow], known[tomorrow]


def train(carry_state, seed=0):
    """Train with a state that is carried from chunk to chunk, or cleared."""
    torch.manual_seed(seed)
    model, (sales, known) = Forecast(), shops(SHOPS)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    for _ in range(EPOCHS):
        state = None  # each epoch starts from zeros
        for today, tomorrow, mask in chunks(sales, known):
            predicted, state = model(today, state if carry_state else None)
            state = tuple(part.detach() for part in state)
            loss = (predicted - tomorrow)[mask].square().mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm=1)
            optimizer.step()
    return model


@torch.no_grad()
def errors(model, carry_state):
    """Squared errors (days, shops) for fresh shops; NaN at padding."""
    torch.manual_seed(1_000_000)
    state, squared = None, []
    for today, tomorrow, mask in chunks(*shops(1000)):
        predicted, state = model(today, state if carry_state else None)
        squared.append((predicted - tomorrow).square().where(mask, torch.nan))
    return torch.cat(squared)


def by_day(squared):
    """The mean error on each day of a chunk, skipping the first chunk."""
    days = (squared[day::CHUNK] for day in range(CHUNK, 2 * CHUNK))
    return [day.nanmean().item() for day in days]


def main():
    """Compare a state that is kept with one that is cleared."""
    torch.set_num_threads(1)  # faster for a network this small
    carried, cleared = (by_day(errors(train(k), k)) for k in (True, False))
    print("day   kept  cleared")
    for day in range(CHUNK):
        print(f"{day + 1:3}  {carried[day]:.3f}    {cleared[day]:.3f}")


if __name__ == "__main__":
    main()
