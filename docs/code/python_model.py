"""Train an LSTM to guess the next character of Python source code.

python python_model.py     trains on python_source.txt, some minutes
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

TEXT, SAVED = "python_source.txt", "python_model.safetensors"
BREAK = "\f"  # between two modules of the text
HELD = 6  # modules at its end, which it is not trained with
CHARACTERS = 128  # of ASCII
EMBEDDED, HIDDEN = 32, 128
STREAMS, STEPS = 32, 64
EPOCHS, RATE = 20, 0.005


def encode(text):
    """The ids of a text, its codes in ASCII, of shape (1, steps)."""
    return torch.tensor([[*text.encode("ascii")]])


class Encoder(nn.Module):
    """What has been read: the h after each character."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(CHARACTERS, EMBEDDED)
        self.rnn = nn.LSTM(EMBEDDED, HIDDEN, batch_first=True)

    def forward(self, ids, state=None):
        """Each h, (batch, steps, HIDDEN), from ids (batch, steps)."""
        return self.rnn(self.embedding(ids), state)


class PythonModel(nn.Module):
    """Scores what the next character is."""

    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.readout = nn.Linear(HIDDEN, CHARACTERS)

    def forward(self, ids, state=None):
        """Scores (batch, steps, CHARACTERS), from ids (batch, steps)."""
        output, state = self.encoder(ids, state)
        return self.readout(output), state


def losses(scores, targets):
    """What each guess costs, of shape (batch, steps)."""
    return nn.functional.cross_entropy(
        scores.transpose(1, 2), targets, reduction="none"
    )


def train(model, text):
    """Guess each character from those before it."""
    ids = encode(text)
    steps = ids.shape[1] // STREAMS
    rows = ids[0, : steps * STREAMS].view(STREAMS, steps)
    chunks = range(0, steps - 1, STEPS)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(
        optimizer, EPOCHS * len(chunks)
    )
    for epoch in range(1, EPOCHS + 1):
        state, found = None, []  # every epoch begins at the beginning
        for start in chunks:
            targets = rows[:, start + 1 : start + 1 + STEPS]
            x = rows[:, start : start + targets.shape[1]]
            scores, state = model(x, state)
            state = tuple(part.detach() for part in state)
            loss = losses(scores, targets).mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm=1)
            optimizer.step()
            slower.step()
            found.append(loss.item())
        if epoch % 4 == 0:
            print(f"epoch {epoch:2}: loss {sum(found) / len(found):.2f}")


@torch.no_grad()
def measure(model, modules):
    """What a guess costs in modules, each of which is read from its start."""
    found = []
    for module in modules:
        ids = encode(module)
        scores, _ = model(ids[:, :-1])
        found.append(losses(scores, ids[:, 1:])[0])
    return torch.cat(found).mean().item()


def main():
    """Train, and measure on modules that were not trained with."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    try:
        modules = Path(TEXT).read_text(encoding="ascii").split(BREAK)
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"python_model.py: {error}")
    model = PythonModel()
    train(model, BREAK.join(modules[:-HELD]))
    save_file(model.state_dict(), SAVED)
    print(
        f"modules that it has not seen: {measure(model, modules[-HELD:]):.2f}"
    )


if __name__ == "__main__":
    main()
