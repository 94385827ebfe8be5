"""Make `reviews.csv`: short reviews in which the order of words decides.

Each review made from `OPPOSED` has a twin with the same words and the other
label, such as "not good but bad" and "not bad but good". A model that only
counts words cannot distinguish them.
"""

import csv
import random
from pathlib import Path

GOOD = "good great fine lovely pleasant charming wonderful excellent".split()
BAD = "bad poor dull awful boring terrible horrible dreadful".split()
# Later nouns are rarer.
NOUNS = """
    soup coffee service room bread cake place waiter salad tea pizza music
    staff view sauce menu breakfast dinner terrace chef wine fish juice
    garden pasta toast stew curry porridge risotto parking ceiling carpet
    lamp piano teapot bathroom staircase croissant trifle sherbet gravy
    chowder brunch pickle fudge nougat dumpling waffle omelette
""".split()
PLAIN = [
    "the {noun} was {one}.",
    "the {noun} was really {one}!",
    "a really {one} {noun}.",
]
FLIPPED = [  # `one` is negated, so the label is its opposite
    "the {noun} was not {one}.",
    "i would not call the {noun} {one}.",
    "they said the {noun} would be {one}, and it was not.",
]
OPPOSED = [  # `one` fits the label, `other` is its opposite
    "the {noun} was {one}, not {other}.",
    "the {noun} was not {other} but {one}.",
    "i expected something {other}, and the {noun} was {one}.",
    "it was {one}, and i had been told the {noun} was {other}.",
    "the {noun} used to be {other}, but now it is {one}.",
]
COUNT = 800


def review(rng):
    """A random review, its label and its template."""
    weights = [1 / (rank + 1) for rank in range(len(NOUNS))]
    (noun,) = rng.choices(NOUNS, weights)
    label = rng.choice(["good", "bad"])
    adjectives, opposites = (GOOD, BAD) if label == "good" else (BAD, GOOD)
    template = rng.choice(PLAIN + FLIPPED + OPPOSED * 2)
    if template in FLIPPED:
        adjectives = opposites
    text = template.format(
        noun=noun, one=rng.choice(adjectives), other=rng.choice(opposites)
    )
    return text, label, template


def reviews(seed=0):
    """`COUNT` different reviews, each with its label and template."""
    rng, texts = random.Random(seed), {}
    while len(texts) < COUNT:
        text, label, template = review(rng)
        texts[text] = label, template
    return [(text, *more) for text, more in texts.items()]


if __name__ == "__main__":
    with (
        Path(__file__)
        .with_name("reviews.csv")
        .open("w", encoding="utf-8", newline="") as file
    ):
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["text", "label"])
        rows.writerows(row[:2] for row in reviews())
