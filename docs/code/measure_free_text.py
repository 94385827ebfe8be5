"""Measure `classifier.py` and a bag of words on sentences by people.

python measure_free_text.py movieReviewSnippets_GroundTruth.txt

The file is in `additional_resources/hutto_ICWSM_2014.tar.gz` of
github.com/cjhutto/vaderSentiment: sentences from film reviews, each with a
sentiment rated by at least twenty people. The script takes some minutes, and
writes `free_text.json`: how many unseen sentences each network labels right,
by the number of training sentences.
"""

import contextlib
import io
import json
import random
import sys
from pathlib import Path

import classifier
import torch
from measure_classifier import HERE, KINDS, right

UNSEEN = 1000
COUNTS = (200, 1000, 4000, 9000)
NEUTRAL = 0.5  # below this rating a sentence is neither good nor bad


def read(name):
    """Pairs of a sentence and its label, in random order."""
    text = Path(name).read_text(encoding="utf-8", errors="replace")
    rows = []
    for line in text.splitlines():
        _, rating, sentence = line.split("\t", 2)
        if abs(float(rating)) >= NEUTRAL:
            label = "good" if float(rating) > 0 else "bad"
            rows.append((sentence, label))
    rows = list(dict.fromkeys(rows))
    random.Random(0).shuffle(rows)
    return rows


def main():
    """Train both networks on more and more sentences, and write the record."""
    if len(sys.argv) != 2:
        sys.exit("expected the name of one file; the docstring says which")
    torch.set_num_threads(1)
    try:
        rows = read(sys.argv[1])
    except (OSError, ValueError) as error:
        sys.exit(f"{sys.argv[1]} does not hold rated sentences: {error}")
    unseen, others = rows[:UNSEEN], rows[UNSEEN:]
    counts = {}
    for count in COUNTS:
        counts[str(count)] = {}
        for name, model_class in KINDS.items():
            with contextlib.redirect_stdout(io.StringIO()):
                model = classifier.train(others[:count], unseen, model_class)
            counts[str(count)][name] = right(model, unseen)
    record = {
        "torch": torch.__version__.partition("+")[0],
        "unseen": UNSEEN,
        "right": counts,
    }
    written = json.dumps(record, indent=2) + "\n"
    (HERE / "free_text.json").write_text(written)


if __name__ == "__main__":
    main()
