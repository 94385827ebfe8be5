"""Sort digits with an encoder and a decoder: sequence to sequence.

The encoder reads the digits in both directions. The decoder has one direction:
it starts from the final state of the encoder and writes the digits in order.
"""

import sys

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

PAD, START, END = 10, 11, 12  # after the digits 0 to 9
TOKENS = 13
LONGEST, BATCH = 8, 128
EMBEDDING, HIDDEN = 16, 32
STEPS, RATE = 300, 0.003


def pairs(count):
    """Random digits, and the same digits sorted."""
    sources = [
        torch.randint(10, (length,))
        for length in torch.randint(1, LONGEST + 1, (count,)).tolist()
    ]
    return sources, [source.sort().values for source in sources]


def collate(sources, targets):
    """Sources, their lengths, decoder inputs and targets, (steps, batch)."""
    start, end = torch.tensor([START]), torch.tensor([END])
    return (
        pad_sequence(sources, padding_value=PAD),
        torch.tensor([len(source) for source in sources]),
        # What the decoder reads, and what it should output.
        pad_sequence(
            [torch.cat([start, t]) for t in targets], padding_value=PAD
        ),
        pad_sequence([torch.cat([t, end]) for t in targets], padding_value=PAD),
    )


class Seq2Seq(nn.Module):
    """An encoder and a decoder."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, EMBEDDING, padding_idx=PAD)
        self.encoder = nn.LSTM(EMBEDDING, HIDDEN, bidirectional=True)
        self.join_h = nn.Linear(2 * HIDDEN, HIDDEN)
        self.join_c = nn.Linear(2 * HIDDEN, HIDDEN)
        self.decoder = nn.LSTM(EMBEDDING, HIDDEN)
        self.readout = nn.Linear(HIDDEN, TOKENS)

    def join(self, h_n, c_n):
        """The first decoder state, from the last state of each direction."""
        h = self.join_h(torch.cat([h_n[0], h_n[1]], dim=1)).tanh()
        c = self.join_c(torch.cat([c_n[0], c_n[1]], dim=1))
        return h[None], c[None]

    def encode(self, source, lengths):
        """The first decoder state, from sources (steps, batch)."""
        packed = pack_padded_sequence(
            self.embedding(source), lengths, enforce_sorted=False
        )
        _, (h_n, c_n) = self.encoder(packed)
        return self.join(h_n, c_n)

    def forward(self, source, lengths, decoder_input):
        """Logits (steps, batch, TOKENS) of the token after each input."""
        state = self.encode(source, lengths)
        output, _ = self.decoder(self.embedding(decoder_input), state)
        return self.readout(output)

    @torch.no_grad()
    def write(self, source, lengths, longest=LONGEST + 1):
        """Generate tokens (steps, batch); ignore what follows END."""
        state = self.encode(source, lengths)
        token = torch.full((1, source.shape[1]), START)
        written = []
        for _ in range(longest):
            output, state = self.decoder(self.embedding(token), state)
            token = self.readout(output).argmax(dim=2)
            written.append(token)
        return torch.cat(written)


def train(model_class=Seq2Seq, steps=STEPS, seed=0):
    """Train a model with teacher forcing."""
    torch.manual_seed(seed)
    model = model_class()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    for step in range(1, steps + 1):
        source, lengths, decoder_input, targets = collate(*pairs(BATCH))
        scores = model(source, lengths, decoder_input)
        loss = nn.functional.cross_entropy(
            scores.flatten(0, 1), targets.flatten(), ignore_index=PAD
        )
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=1)
        optimizer.step()
        if step % 50 == 0:
            print(f"step {step}: loss {loss:.3f}, {right(model)}")
    return model


@torch.no_grad()
def right(model, count=1000):
    """The accuracy on fresh sequences, by token and by sequence."""
    with torch.random.fork_rng():
        torch.manual_seed(1_000_000)
        source, lengths, decoder_input, targets = collate(*pairs(count))
    padded = targets == PAD
    forced = model(source, lengths, decoder_input).argmax(dim=2) == targets
    alone = model.write(source, lengths, len(targets)) == targets
    return (
        f"next token {forced[~padded].double().mean():.1%}, "
        f"whole sequences {(alone | padded).all(dim=0).sum()} of {count}"
    )


def sort(model, text):
    """Sort the digits of a text with the model."""
    source = torch.tensor([[int(digit)] for digit in text])
    written = model.write(source, torch.tensor([len(text)]))[:, 0].tolist()
    if END in written:
        written = written[: written.index(END)]
    return "".join(map(str, written))


def main(*texts):
    """Train a model, and sort digits with it."""
    for text in texts:
        if not (text.isascii() and text.isdigit()):
            sys.exit(f"seq2seq.py: got {text!r}, expected digits such as 2718")
    torch.set_num_threads(1)  # faster for a network this small
    model = train()
    for text in texts:
        print(f"{text} -> {sort(model, text)}")


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["31415926", "2718", "7"]))
