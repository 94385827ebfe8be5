"""Train an LSTM to predict the next character of Python source code.

python python_model.py     trains on python_source.txt in some minutes
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

TEXT, SAVED = "python_source.txt", "python_model.safetensors"
BREAK = "\f"  # separates the modules of the text
HELD_OUT = 6  # modules, the last of the text
CHARACTERS = 128  # ASCII
EMBEDDED, HIDDEN = 32, 128
STREAMS, STEPS = 32, 64
EPOCHS, RATE = 20, 0.005


def encode(text):
    """The ids of a text, its ASCII codes, of shape (1, steps)."""
    return torch.tensor([[*text.encode("ascii")]])


class Encoder(nn.Module):
    """Embeds characters, and runs the LSTM over them."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(CHARACTERS, EMBEDDED)
        self.rnn = nn.LSTM(EMBEDDED, HIDDEN, batch_first=True)

    def forward(self, ids, state=None):
        """Each h (batch, steps, HIDDEN) and the state, from ids."""
        return self.rnn(self.embedding(ids), state)


class PythonModel(nn.Module):
    """Predicts the next character."""

    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.readout = nn.Linear(HIDDEN, CHARACTERS)

    def forward(self, ids, state=None):
        """Logits (batch, steps, CHARACTERS) and the state, from ids."""
        output, state = self.encoder(ids, state)
        return self.readout(output), state


def losses(scores, targets):
    """The cross-entropy of each prediction, of shape (batch, steps)."""
    return nn.functional.cross_entropy(
        scores.transpose(1, 2), targets, reduction="none"
    )


def train(model, text):
    """Train the model to predict each character from those before it."""
    ids = encode(text)
    steps = ids.shape[1] // STREAMS
    rows = ids[0, : steps * STREAMS].view(STREAMS, steps)
    chunks = range(0, steps - 1, STEPS)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(
        optimizer, EPOCHS * len(chunks)
    )
    for epoch in range(1, EPOCHS + 1):
        state, epoch_losses = None, []  # each epoch starts at the text's start
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
            epoch_losses.append(loss.item())
        if epoch % 4 == 0:
            mean = sum(epoch_losses) / len(epoch_losses)
            print(f"epoch {epoch:2}: loss {mean:.2f}")


@torch.no_grad()
def measure(model, modules):
    """The mean loss on modules, each read from its start."""
    module_losses = []
    for module in modules:
        ids = encode(module)
        scores, _ = model(ids[:, :-1])
        module_losses.append(losses(scores, ids[:, 1:])[0])
    return torch.cat(module_losses).mean().item()


def main():
    """Train, and measure the loss on held-out modules."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    try:
        modules = Path(TEXT).read_text(encoding="ascii").split(BREAK)
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"python_model.py: {error}")
    model = PythonModel()
    train(model, BREAK.join(modules[:-HELD_OUT]))
    save_file(model.state_dict(), SAVED)
    held_out = measure(model, modules[-HELD_OUT:])
    print(f"modules that it has not seen: {held_out:.2f}")


if __name__ == "__main__":
    main()
