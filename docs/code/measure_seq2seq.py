"""Measure `seq2seq.py`, and write `seq2seq.json`.

The record has the output of the script. It also has how many of 1,000 sequences
are right if the decoder starts from a different state, reads different tokens
in training, or writes the digits in reverse.
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
        """The first decoder state, without weights."""
        return h_n.sum(dim=0)[None], c_n.sum(dim=0)[None]


class Forward(Seq2Seq):
    """Passes on the state of the forward direction alone."""

    def join(self, h_n, c_n):
        """The first decoder state, without weights."""
        return h_n[:1], c_n[:1]


class Nothing(Seq2Seq):
    """Starts the decoder from zeros."""

    def join(self, h_n, c_n):
        """Zeros."""
        return torch.zeros_like(h_n[:1]), torch.zeros_like(c_n[:1])


class Unforced(Seq2Seq):
    """Reads its own output in training, without teacher forcing."""

    def forward(self, source, lengths, decoder_input):
        """Logits of the token after each generated token."""
        written = self.write(source, lengths, len(decoder_input))
        decoder_input = torch.cat([decoder_input[:1], written[:-1]])
        return super().forward(source, lengths, decoder_input)


def right(model_class):
    """How many sequences are right, every fifty steps."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        seq2seq.train(model_class)
    words = [line.split() for line in printed.getvalue().splitlines()]
    return [int(line[-3]) for line in words]


def backwards(count):
    """Random digits, and the same digits reversed."""
    sources, _ = pairs(count)
    return sources, [source.flip(0) for source in sources]


pairs = seq2seq.pairs


def main():
    """Write the record."""
    torch.set_num_threads(1)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        seq2seq.main("31415926", "2718", "7")
    kinds = {
        model_class.__name__: right(model_class)
        for model_class in (Seq2Seq, Sum, Forward, Unforced, Nothing)
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
