"""What facts of docs/classifier.md call."""

import io
import re
from contextlib import redirect_stdout
from functools import cache

import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

from lstm_figs.command.request import parse_header
from tests.doc_scripts import load
from tests.site.facts.common import module, randn
from tests.site.records import CLASSIFIERS, names_of

SCRIPT = load("classifier")
FOLDS = load("cross_validate")
REVIEWS = load("make_reviews")


def new_classifier():
    torch.manual_seed(0)
    words = SCRIPT.vocabulary([" ".join(f"word{k}" for k in range(40))])
    return SCRIPT.Classifier(words, ["no", "yes"])


def trained_rows():
    """The rows of the embedding that learn from padding and known words."""
    model = new_classifier()
    ids = torch.tensor([0, *range(2, 42)]).repeat(10, 1)
    model.vectors(ids).sum().backward()
    return model.embedding.weight.grad.any(1).nonzero().flatten().tolist()


def packed_lengths(lengths):
    return pack_padded_sequence(randn(5, 2, 3), lengths)


def knows_the_training_sentences_alone():
    seen = [(f"old{k}", "ab"[k < 8]) for k in range(30)]
    unseen = [(f"new{k}", "ab"[k < 6]) for k in range(7)]
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as printed:
        patch.setattr(SCRIPT, "UPDATES", 1)
        patch.setattr(SCRIPT, "EPOCHS", 1)
        model = SCRIPT.train(seen, unseen)
    first, *_ = printed.getvalue().splitlines()
    ids = model.encode("old3 new3 new4").tolist()
    return first.endswith("label (a): right on 1 of 7 (14%)") and ids == [model.ids["old3"], 1, 1]


def reported(targets, answers):
    """Precision and recall of the first label in percent, and its F1."""
    with redirect_stdout(io.StringIO()) as printed:
        FOLDS.report(["a", "b"], torch.tensor(targets), torch.tensor(answers))
    first = printed.getvalue().replace("%", "").splitlines()[1]
    return [float(n) for n in first.split()[1:4]]


def tells_twins_apart(kind):
    twins = "the soup was not good but bad", "the soup was not bad but good"
    torch.manual_seed(0)
    model = kind(SCRIPT.vocabulary(twins), ["no", "yes"]).eval()
    ids, lengths, _ = model.collate([(text, "no") for text in twins])
    return not torch.allclose(*model(ids, lengths), atol=1e-6)


@cache
def learned(is_frozen, is_told):
    """Whether an update changes the vectors, and the LSTM after them."""
    vectors, lstm, before = randn(4, 5), module(5, 3), module(5, 3)
    embedding = torch.nn.Embedding.from_pretrained(vectors.clone(), freeze=is_frozen)
    optimizer = torch.optim.Adam(lstm.parameters())
    if is_told:
        optimizer.add_param_group({"params": embedding.parameters()})
    lstm(embedding(torch.tensor([[1], [2]])))[0].sum().backward()
    optimizer.step()
    return (
        not torch.equal(embedding.weight, vectors),
        not torch.equal(lstm.weight_ih_l0, before.weight_ih_l0),
    )


def share_of(text, label):
    return names_of(CLASSIFIERS)["asked"][text][label]


def draws_those_that_change_most():
    figure = parse_header(
        "reading --weights docs/code/classifier.safetensors "
        "--input docs/code/classifier-bad-input.json "
        "--tokens docs/code/classifier-bad-tokens.json"
    ).draw()
    names = {}
    exec(figure.metadata["preamble"], names)
    c = names["c"][:, 0]
    change = c.amax(0) - c.amin(0)
    first = int(change.argmax())
    alike = torch.corrcoef(c.T)[first].abs() > 0.8
    most = {first, int(change.masked_fill(alike, 0).argmax())}
    return most == {int(unit) for unit in re.findall(r"Unit (\d+):", figure.description)}
