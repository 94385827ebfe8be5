"""Train an LSTM to guess the next character of a text, and let it write.

python characters.py                     trains on sonnets.txt and writes
python characters.py --text my.txt       trains on a text of your own
python characters.py --start "Shall I"   goes on writing what you begin
"""

import argparse
import sys
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import nn

TEXT, SAVED = "sonnets.txt", "characters.safetensors"
HIDDEN, STREAMS, STEPS = 80, 32, 50
EPOCHS, RATE = 16, 0.01
TEMPERATURES = 0.3, 0.7, 1.2
COLDEST = 1e-6  # below this, always the most likely character


class CharacterModel(nn.Module):
    """Predicts the next character, and returns its state."""

    def __init__(self, alphabet):
        super().__init__()
        self.alphabet = alphabet
        self.lstm = nn.LSTM(len(alphabet), HIDDEN)
        self.readout = nn.Linear(HIDDEN, len(alphabet))

    def encode(self, text):
        """A text as indices into the alphabet, of shape (steps,)."""
        unknown = {*text} - {*self.alphabet}
        if unknown:
            raise ValueError(
                f"{unknown.pop()!r} is in no text that it was trained with"
            )
        return torch.tensor([self.alphabet.index(c) for c in text])

    def forward(self, places, state=None):
        """Logits (steps, batch, alphabet), from indices (steps, batch)."""
        x = nn.functional.one_hot(places, len(self.alphabet)).float()
        output, state = self.lstm(x, state)
        return self.readout(output), state


def streams(places, count):
    """A long text, cut into `count` consecutive columns: (steps, count)."""
    steps = len(places) // count
    return places[: steps * count].view(count, steps).T


def train(model, text):
    """Train the model to predict each character from those before it."""
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    rows = streams(model.encode(text), STREAMS)
    for epoch in range(1, EPOCHS + 1):
        state, losses = None, []  # each epoch starts at the text's start
        for start in range(0, len(rows) - 1, STEPS):
            targets = rows[start + 1 : start + 1 + STEPS]
            x = rows[start : start + len(targets)]
            scores, state = model(x, state)
            state = tuple(part.detach() for part in state)
            loss = nn.functional.cross_entropy(
                scores.reshape(-1, len(model.alphabet)), targets.reshape(-1)
            )
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), max_norm=1)
            optimizer.step()
            losses.append(loss.item())
        if epoch % 4 == 0:
            print(f"epoch {epoch:2}: loss {sum(losses) / len(losses):.2f}")


def choose(scores, temperature):
    """Sample the index of the next character, (1, 1), from its logits."""
    if temperature < COLDEST:
        return scores.argmax(dim=-1, keepdim=True)
    return (scores / temperature).softmax(dim=-1).multinomial(1)


@torch.inference_mode()
def write(model, start, count, temperature):
    """Continue a text, one character at a time."""
    places = model.encode(start)[:, None]  # a batch of one
    state, written = None, start
    for _ in range(count):
        scores, state = model(places, state)
        places = choose(scores[-1], temperature)  # one step, one sequence
        written += model.alphabet[places]
    return written


def save(model, name):
    """Save the weights, and the alphabet, which their columns index."""
    alphabet = {"alphabet": model.alphabet}
    save_file(model.state_dict(), name, metadata=alphabet)


def load(name):
    """Load a saved model."""
    if not Path(name).exists():
        raise ValueError(f"there is no {name}; train first, without --start")
    try:
        with safe_open(name, "pt") as file:
            model = CharacterModel(file.metadata()["alphabet"])
        model.load_state_dict(load_file(name))
    except (SafetensorError, TypeError, KeyError, RuntimeError):
        raise ValueError(
            f"{name} does not hold what this script saves; train again, "
            "without --start"
        ) from None
    return model


def main():
    """Train, or continue a text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--text", default=TEXT, metavar="FILE.txt")
    parser.add_argument("--start")
    parser.add_argument("--temperature", type=float, default=0.7)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    if args.start == "":
        parser.error("got an empty --start, expected a character at least")
    if not args.temperature >= 0:  # NaN is neither
        parser.error(f"got {args.temperature}, expected a temperature from 0")
    if not 0 <= args.seed < 2**63:
        parser.error(f"got {args.seed}, expected a seed from 0 to 2**63 - 1")
    torch.set_num_threads(1)  # faster for a network this small
    torch.manual_seed(args.seed)
    try:
        if args.start is None:
            text = Path(args.text).read_text(encoding="utf-8")
            if len(text) < 2 * STREAMS:
                raise ValueError(
                    f"{args.text} has {len(text)} characters, expected "
                    f"{2 * STREAMS} at least; take a longer text"
                )
            model = CharacterModel("".join(sorted({*text})))
            train(model, text)
            save(model, SAVED)
            for temperature in TEMPERATURES:
                print(f"\ntemperature {temperature}\n")
                print(write(model, text[:1], 240, temperature))
        else:
            model = load(SAVED)
            print(write(model, args.start, 240, args.temperature))
    except UnicodeDecodeError:
        sys.exit(f"characters.py: {args.text} is not in UTF-8; save it so")
    except (OSError, ValueError, SafetensorError) as error:
        sys.exit(f"characters.py: {error}")


if __name__ == "__main__":
    main()
