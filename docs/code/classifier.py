"""Train a bidirectional LSTM to classify sentences, and ask it about one.

python classifier.py                          trains on reviews.csv
python classifier.py --data my.csv            trains on your own sentences
python classifier.py "The soup was not bad."  asks what was trained last
"""

import argparse
import csv
import json
import pickle
import random
import re
import sys
from collections import Counter
from pathlib import Path

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader

# Your own sentences: a CSV file with the columns `text` and `label`.
DATA = "reviews.csv"
LEAST = 20  # sentences, for training and test together
SAVED = "classifier.pt"

EMBEDDING, HIDDEN, DROPOUT, HIDE = 16, 16, 0.3, 0.1
UPDATES, EPOCHS, BATCH, RATE = 600, 10, 32, 0.01
PAD, UNKNOWN = 0, 1  # ids
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def tokens(text):
    """Words in lower case, and punctuation marks."""
    return re.findall(r"\w+|[^\w\s]", text.lower())


def rows_of(table):
    """The rows of a table; raises ValueError at a malformed one."""
    try:
        yield from table
    except csv.Error as error:
        raise ValueError(
            f"line {table.line_num}: {error}; look for a quote that is not "
            "closed"
        ) from None


def read(name):
    """Pairs of a sentence and its label, in random order."""
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        header = file.readline()
        file.seek(0)
        separator = max(",;\t", key=header.count)
        table = csv.DictReader(file, delimiter=separator)
        if not {"text", "label"} <= {*(table.fieldnames or [])}:
            raise ValueError(
                f"it begins with {header.strip()!r}, expected the names of "
                "columns, among them text and label"
            )
        rows = []
        for row in rows_of(table):
            if None in row or None in row.values():
                raise ValueError(
                    f"line {table.line_num} has not as many columns as the "
                    f"first; put a text with {separator!r} in it into quotes"
                )
            rows.append((row["text"], row["label"].strip()))
    # Otherwise a duplicate could be in both the training and the test set.
    rows = [row for row in dict.fromkeys(rows) if tokens(row[0]) and row[1]]
    labels = {label for _, label in rows}
    if len(rows) < LEAST or len(labels) < 2:
        raise ValueError(
            f"found {len(rows)} different sentences and {len(labels)} labels, "
            f"expected at least {LEAST} and 2; add more"
        )
    random.Random(0).shuffle(rows)
    return rows


def vocabulary(texts):
    """The words with an id, in the order of their ids."""
    return [
        "<pad>",
        "<unknown>",
        *sorted({w for t in texts for w in tokens(t)}),
    ]


class Classifier(nn.Module):
    """Outputs a logit per label for each sentence."""

    def __init__(self, words, labels):
        super().__init__()
        self.words, self.labels = words, labels
        self.ids = {word: k for k, word in enumerate(words)}
        self.embedding = nn.Embedding(len(words), EMBEDDING, padding_idx=PAD)
        self.dropout = nn.Dropout(DROPOUT)
        self.lstm = nn.LSTM(EMBEDDING, HIDDEN, bidirectional=True)
        self.readout = nn.Linear(2 * HIDDEN, len(labels))

    def encode(self, text):
        """A sentence as ids, of shape (steps,)."""
        return torch.tensor([self.ids.get(w, UNKNOWN) for w in tokens(text)])

    def collate(self, rows):
        """Ids, lengths and targets of a batch, from (sentence, label) pairs."""
        sequences = [self.encode(text) for text, _ in rows]
        targets = [self.labels.index(label) for _, label in rows]
        lengths = torch.tensor([len(sequence) for sequence in sequences])
        ids = pad_sequence(sequences, padding_value=PAD)  # (steps, batch)
        return ids.to(DEVICE), lengths, torch.tensor(targets).to(DEVICE)

    def vectors(self, ids):
        """The word vectors of a batch, (steps, batch, EMBEDDING)."""
        if self.training:  # hide some words, so that UNKNOWN is trained
            hidden = torch.rand_like(ids, dtype=torch.float) < HIDE
            ids = ids.masked_fill(hidden & (ids != PAD), UNKNOWN)
        return self.dropout(self.embedding(ids))

    def forward(self, ids, lengths):
        """Logits (batch, labels), from ids (steps, batch) and lengths."""
        x, lengths = self.vectors(ids), lengths.cpu()
        packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
        _, (h_n, _) = self.lstm(packed)
        both = torch.cat([h_n[-2], h_n[-1]], dim=1)  # forward and reverse
        return self.readout(self.dropout(both))


def train_epoch(model, batches, optimizer):
    """Train on every batch once, and return the mean loss."""
    model.train()
    total = 0.0
    for ids, lengths, targets in batches:
        loss = nn.functional.cross_entropy(model(ids, lengths), targets)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=1)
        optimizer.step()
        total += loss.item() * len(targets)
    return total / len(batches.dataset)


@torch.no_grad()
def answers(model, batches):
    """The true and the predicted label of each sentence, as ids (2, count)."""
    model.eval()
    pairs = [
        torch.stack([targets, model(ids, lengths).argmax(dim=1)])
        for ids, lengths, targets in batches
    ]
    return torch.cat(pairs, dim=1).cpu()


def right(count, rows):
    """The accuracy as a sentence."""
    return f"right on {count} of {len(rows)} ({count / len(rows):.0%})"


def split(rows):
    """Four fifths for training, and one fifth for testing."""
    return rows[len(rows) // 5 :], rows[: len(rows) // 5]


def train(seen, unseen, model_class=Classifier, seed=0):
    """Train on the sentences `seen`, and test on those `unseen`."""
    torch.manual_seed(seed)
    words = vocabulary(text for text, _ in seen)
    labels = sorted({label for _, label in [*seen, *unseen]})
    model = model_class(words, labels).to(DEVICE)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    common = Counter(label for _, label in seen).most_common(1)[0][0]
    count = sum(label == common for _, label in unseen)
    print(f"always the most frequent label ({common}):", right(count, unseen))
    batches = DataLoader(seen, BATCH, shuffle=True, collate_fn=model.collate)
    others = DataLoader(unseen, BATCH, collate_fn=model.collate)
    epochs = max(EPOCHS, UPDATES // len(batches))  # few sentences, more epochs
    for epoch in range(1, epochs + 1):
        loss = train_epoch(model, batches, optimizer)
        if epoch * 5 % epochs < 5:  # five times, ending with the last epoch
            true_ids, predicted_ids = answers(model, others)
            count = (true_ids == predicted_ids).sum().item()
            print(f"epoch {epoch:2}: loss {loss:.3f}, {right(count, unseen)}")
    return model


def save(model, name):
    """Save the weights with their vocabulary and labels."""
    state = model.state_dict()
    checkpoint = {"words": model.words, "labels": model.labels, "state": state}
    with Path(name).open("wb") as file:
        torch.save(checkpoint, file)


def load(name):
    """Load a saved classifier."""
    if not Path(name).exists():
        raise ValueError("there is none yet; train first: python classifier.py")
    try:
        checkpoint = torch.load(name, map_location=DEVICE, weights_only=True)
        model = Classifier(checkpoint["words"], checkpoint["labels"]).to(DEVICE)
        model.load_state_dict(checkpoint["state"])
    except (
        EOFError,
        KeyError,
        RuntimeError,
        TypeError,
        pickle.UnpicklingError,
    ):
        raise ValueError(
            "it is not what this script saves; train again: "
            "python classifier.py"
        ) from None
    return model


@torch.no_grad()
def ask(model, text):
    """Print the probability of each label."""
    model.eval()
    ids = model.encode(text)[:, None].to(DEVICE)  # a batch of one
    probabilities = model(ids, torch.tensor([len(ids)]))[0].softmax(dim=0)
    for label, probability in zip(
        model.labels, probabilities.tolist(), strict=True
    ):
        print(f"{probability:4.0%} {label}")
    unknown = [word for word in tokens(text) if word not in model.ids]
    if unknown:
        print("unknown:", ", ".join(unknown))
    # The input of the LSTM, and its tokens, to draw a figure.
    x = model.embedding(ids)
    Path("sentence.json").write_text(json.dumps(x.tolist()))
    Path("tokens.json").write_text(json.dumps(tokens(text)))


def main():
    """Train a classifier, or classify a sentence."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sentence", nargs="?")
    parser.add_argument("--data", metavar="FILE.csv")
    args = parser.parse_args()
    sentence, data = args.sentence, args.data or DATA
    if sentence is not None and sentence.lower().endswith(".csv"):
        sys.exit(
            f"got {sentence} as a sentence; to train on that file: "
            f"python classifier.py --data {sentence}"
        )
    if sentence is not None and not tokens(sentence):
        sys.exit(f"got {sentence!r}, expected a sentence with words in it")
    torch.set_num_threads(1)  # faster for a network this small
    name = data
    try:
        if sentence is None or args.data:
            save(train(*split(read(data))), SAVED)
            print(f"saved as {SAVED}")
        if sentence is not None:
            name = SAVED
            ask(load(SAVED), sentence)
    except UnicodeDecodeError:
        sys.exit(f"{name}: it is not in UTF-8; save it as CSV UTF-8")
    except (OSError, ValueError) as error:
        sys.exit(f"{name}: {error}")


if __name__ == "__main__":
    main()
