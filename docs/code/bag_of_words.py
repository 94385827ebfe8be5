"""Train a classifier that ignores the order of words.

python bag_of_words.py         trains on reviews.csv
python bag_of_words.py my.csv  trains on your own sentences
"""

import sys

from classifier import DATA, EMBEDDING, HIDDEN, Classifier, read, split, train
from torch import nn


class BagOfWords(Classifier):
    """Classifies the mean word vector with one hidden layer."""

    def __init__(self, words, labels):
        super().__init__(words, labels)
        self.hidden = nn.Linear(EMBEDDING, 2 * HIDDEN)

    def forward(self, ids, lengths):
        """Logits (batch, labels), from ids (steps, batch) and lengths."""
        # Vectors of padding are zero, so they add nothing.
        total = self.vectors(ids).sum(dim=0)
        mean = total / lengths[:, None].to(total.device)
        return self.readout(self.dropout(self.hidden(mean).relu()))


if __name__ == "__main__":
    data = sys.argv[1] if len(sys.argv) > 1 else DATA
    try:
        train(*split(read(data)), BagOfWords)
    except UnicodeDecodeError:
        sys.exit(f"{data}: it is not in UTF-8; save it as CSV UTF-8")
    except (OSError, ValueError) as error:
        sys.exit(f"{data}: {error}")
