import re

import torch
from torch.nn.utils.rnn import pack_padded_sequence

from lstm_figs.command.request import parse_header
from tests.doc_scripts import load
from tests.site.facts.common import randn
from tests.site.records import names_of

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


def share_of(text, label):
    return names_of("classifier")["asked"][text][label]


def draws_those_that_change_most():
    """Whether the figure shows the unit whose c changes most, and the next unlike it."""
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
