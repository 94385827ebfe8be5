"""Test on each sentence once, and print which labels are confused.

python cross_validate.py         uses reviews.csv
python cross_validate.py my.csv  uses your own sentences
"""

import sys

import torch
from classifier import BATCH, DATA, answers, read, train
from torch.utils.data import DataLoader

FOLDS = 5


def folds(rows):
    """Stratified folds: each label is equally frequent in each."""
    by_label = sorted(rows, key=lambda row: row[1])
    return [by_label[k::FOLDS] for k in range(FOLDS)]


def predict_all(rows):
    """The labels, and the true and the predicted id of each sentence."""
    results, parts = [], folds(rows)
    for unseen in parts:
        seen = [row for part in parts if part is not unseen for row in part]
        model = train(seen, unseen)
        batches = DataLoader(unseen, BATCH, collate_fn=model.collate)
        results.append(answers(model, batches))
    return model.labels, *torch.cat(results, dim=1)


def report(labels, true_ids, predicted_ids):
    """Print precision, recall and F1 per label, and the confusion matrix."""
    count = len(labels)
    pairs = true_ids * count + predicted_ids
    confusion = torch.bincount(pairs, minlength=count**2)
    confusion = confusion.view(count, count)  # a row for each right label
    hits = confusion.diagonal()
    precision = hits / confusion.sum(dim=0).clamp(min=1)
    recall = hits / confusion.sum(dim=1).clamp(min=1)
    f1 = 2 * hits / (confusion.sum(dim=0) + confusion.sum(dim=1)).clamp(min=1)
    wide = max(map(len, labels))
    names = " ".join(f"{label:>5}" for label in labels)
    print(f"{'':{wide}} precision recall   F1  given: {names}")
    for k, label in enumerate(labels):
        counts = " ".join(
            f"{n:{max(5, len(name))}}"
            for n, name in zip(confusion[k].tolist(), labels, strict=True)
        )
        print(
            f"{label:{wide}} {precision[k]:9.0%} {recall[k]:6.0%}"
            f" {f1[k]:.2f}         {counts}"
        )
    print(f"mean F1 {f1.mean():.2f}, right on {hits.sum()} of {len(true_ids)}")


if __name__ == "__main__":
    data = sys.argv[1] if len(sys.argv) > 1 else DATA
    torch.set_num_threads(1)  # faster for a network this small
    try:
        report(*predict_all(read(data)))
    except UnicodeDecodeError:
        sys.exit(f"{data}: it is not in UTF-8; save it as CSV UTF-8")
    except (OSError, ValueError) as error:
        sys.exit(f"{data}: {error}")
