"""Forecast tomorrow's sales of shops, with a memory that is kept or cleared.

Each shop is closed on one day in seven. Its sales tell which day that is, but
only every seventh day, which may lie in the chunk before.
"""

import torch
from torch import nn

WEEKS, SHOPS, HIDDEN = 24, 64, 16
CHUNK = 14  # days of one step of training
EPOCHS, RATE = 60, 0.01


def shops(count):
    """Sales (days, shops), and where they are sales and not padding."""
    days = torch.arange(WEEKS * 7)[:, None]
    open_today = days % 7 != torch.randint(7, (count,))
    sales = open_today * (1 + 0.1 * torch.randn(len(days), count))
    # Some shops are younger, so there are fewer days of them.
    lasts = 7 * torch.randint(WEEKS // 2, WEEKS + 1, (count,))
    known = days < lasts
    return sales * known, known


class Forecast(nn.Module):
    """Tells from the sales so far what tomorrow's will be."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, HIDDEN)
        self.readout = nn.Linear(HIDDEN, 1)

    def forward(self, sales, state=None):
        """Forecasts (days, shops), from sales (days, shops)."""
        output, state = self.lstm(sales[..., None], state)
        return self.readout(output)[..., 0], state


def chunks(sales, known):
    """Today's sales, tomorrow's, and whether there is a tomorrow."""
    for start in range(0, len(sales) - 1, CHUNK):
        tomorrow = slice(start + 1, start + 1 + CHUNK)
        today = slice(start, min(start + CHUNK, len(sales) - 1))
        yield sales[today], sales[tomorrow], known[tomorrow]


def train(keeps, seed=0):
    """Train a model that keeps its state from chunk to chunk, or clears it."""
    torch.manual_seed(seed)
    model, (sales, known) = Forecast(), shops(SHOPS)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    for _ in range(EPOCHS):
        state = None  # all shops begin anew
        for today, tomorrow, there in chunks(sales, known):
            said, state = model(today, state if keeps else None)
            state = tuple(part.detach() for part in state)
            loss = (said - tomorrow)[there].square().mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm=1)
            optimizer.step()
    return model


@torch.no_grad()
def errors(model, keeps):
    """Squared errors (days, shops) for fresh shops; NaN is padding."""
    torch.manual_seed(1_000_000)
    state, found = None, []
    for today, tomorrow, there in chunks(*shops(1000)):
        said, state = model(today, state if keeps else None)
        found.append((said - tomorrow).square().where(there, torch.nan))
    return torch.cat(found)


def by_day(found):
    """The mean error on each day of a chunk, without the first chunk."""
    days = (found[day::CHUNK] for day in range(CHUNK, 2 * CHUNK))
    return [day.nanmean().item() for day in days]


def main():
    """Compare a state that is kept with one that is cleared."""
    torch.set_num_threads(1)  # quicker for what is so small
    kept, cleared = (by_day(errors(train(k), k)) for k in (True, False))
    print("day   kept  cleared")
    for day in range(CHUNK):
        print(f"{day + 1:3}  {kept[day]:.3f}    {cleared[day]:.3f}")


if __name__ == "__main__":
    main()
