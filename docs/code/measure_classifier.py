"""Measure `classifier.py`, and a bag of words on the same sentences.

It takes a minute or two, and writes `classifier.json`: how many unseen
sentences each network labels right, by template; how many after training on
fewer sentences; the output of the script and of `cross_validate.py`; and the
probabilities for some sentences. For figures, it also saves the LSTM of the
first network, and its input for two sentences.
"""

import contextlib
import io
import json
from pathlib import Path

import classifier
import cross_validate
import make_reviews
import torch
from bag_of_words import BagOfWords
from safetensors.torch import save

HERE = Path(__file__).parent
SEEDS = range(5)
FEW = (40, 80, 160, 320)
FOLDED = 100
GROUPS = ("PLAIN", "FLIPPED", "OPPOSED")
TWINS = ("the soup was not good but bad.", "the soup was not bad but good.")
ASKED = (
    *TWINS,
    "The octopus was not bad.",
    "It is lovely, but it used to be dull.",
)


KINDS = {"LSTM": classifier.Classifier, "bag of words": BagOfWords}


@torch.no_grad()
def probabilities_of(model, text):
    """The probability of each label."""
    model.eval()
    ids = model.encode(text)[:, None]
    probabilities = model(ids, torch.tensor([len(ids)]))[0].softmax(dim=0)
    return dict(zip(model.labels, probabilities.tolist(), strict=True))


def groups(unseen):
    """The unseen sentences, by their kind of template."""
    origin = {text: made_by for text, _, made_by in make_reviews.reviews()}
    return {
        name: [
            (text, label)
            for text, label in unseen
            if origin[text] in getattr(make_reviews, name)
        ]
        for name in GROUPS
    }


def right(model, rows):
    """How many sentences are labelled right."""
    predicted = [probabilities_of(model, text) for text, _ in rows]
    return sum(
        max(probabilities, key=probabilities.get) == label
        for probabilities, (_, label) in zip(predicted, rows, strict=True)
    )


def trained_with(count, rows):
    """How many unseen sentences are right after training on `count` others."""
    seen, unseen = classifier.split(rows)
    with contextlib.redirect_stdout(io.StringIO()):
        model = classifier.train(seen[:count], unseen)
    return right(model, unseen)


def folds_of(rows):
    """The last lines that `cross_validate.py` prints."""
    log = io.StringIO()
    with contextlib.redirect_stdout(log):
        cross_validate.report(*cross_validate.predict_all(rows))
    *_, labels, bad, good, mean = log.getvalue().splitlines()
    return [labels, bad, good, mean]


def main():
    """Write the record and the files for figures."""
    torch.set_num_threads(1)
    rows = classifier.read(HERE / classifier.DATA)
    parts = groups(classifier.split(rows)[1])
    networks, first, printed = [], None, io.StringIO()
    for name, model_class in KINDS.items():
        for seed in SEEDS:
            log = io.StringIO()
            with contextlib.redirect_stdout(log):
                model = classifier.train(
                    *classifier.split(rows), model_class, seed
                )
            if first is None:
                first, printed = model, log
            counts = {
                part: right(model, sentences)
                for part, sentences in parts.items()
            }
            networks.append({"kind": name, "seed": seed, **counts})
    record = {
        "torch": torch.__version__.partition("+")[0],
        "sentences": len(rows),
        "words": len(first.words),
        "unseen": {part: len(sentences) for part, sentences in parts.items()},
        "networks": networks,
        "few": {str(count): trained_with(count, rows) for count in FEW},
        "printed": printed.getvalue().splitlines(),
        "folds": folds_of(rows[:FOLDED]),
        "asked": {text: probabilities_of(first, text) for text in ASKED},
    }
    written = json.dumps(record, indent=2) + "\n"
    (HERE / "classifier.json").write_text(written)
    state = first.lstm.state_dict()
    (HERE / "classifier.safetensors").write_bytes(
        save({f"lstm.{name}": tensor for name, tensor in state.items()})
    )
    for word, text in zip(("bad", "good"), TWINS, strict=True):
        x = first.embedding(first.encode(text)).tolist()
        tokens = classifier.tokens(text)
        for name, content in (("input", x), ("tokens", tokens)):
            path = HERE / f"classifier-{word}-{name}.json"
            path.write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
