"""Measure `seq2seq.py`, and write `seq2seq.json`.

It holds what the script printed, and how many of 1,000 sequences are right if
the decoder starts from other states, reads other tokens in training, or writes
the digits in reverse.
"""

import contextlib
import io
import json
from pathlib import Path

import seq2seq
import torch
from seq2seq import Seq2Seq

HERE = Path(__file__).parent


class Sum(Seq2Seq):
    """Adds the states of both directions."""

    def join(self, h_n, c_n):
        """Without weights."""
        return h_n.sum(dim=0)[None], c_n.sum(dim=0)[None]


class Forward(Seq2Seq):
    """Takes the state of the forward direction alone."""

    def join(self, h_n, c_n):
        """Without weights."""
        return h_n[:1], c_n[:1]


class Nothing(Seq2Seq):
    """Tells the decoder nothing."""

    def join(self, h_n, c_n):
        """Zeros."""
        return torch.zeros_like(h_n[:1]), torch.zeros_like(c_n[:1])


class Unforced(Seq2Seq):
    """Reads in training what it has written itself, as in use."""

    def forward(self, source, lengths, given):
        """Scores of what follows each token that it wrote."""
        written = self.write(source, lengths, len(given))
        given = torch.cat([given[:1], written[:-1]])
        return super().forward(source, lengths, given)


def right(kind):
    """How many sequences are right each fifty steps."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        seq2seq.train(kind)
    words = [line.split() for line in said.getvalue().splitlines()]
    return [int(line[-3]) for line in words]


def backwards(count):
    """Random digits, and the same from the last to the first."""
    sources, _ = pairs(count)
    return sources, [source.flip(0) for source in sources]


pairs = seq2seq.pairs


def main():
    """Measure all."""
    torch.set_num_threads(1)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        seq2seq.main("31415926", "2718", "7")
    kinds = {
        kind.__name__: right(kind)
        for kind in (Seq2Seq, Sum, Forward, Unforced, Nothing)
    }
    seq2seq.pairs = backwards
    record = {
        "torch": torch.__version__.partition("+")[0],
        "printed": printed.getvalue(),
        "right": kinds,
        "backwards": right(Seq2Seq),
    }
    written = json.dumps(record, indent=2) + "\n"
    (HERE / "seq2seq.json").write_text(written)


if __name__ == "__main__":
    main()
