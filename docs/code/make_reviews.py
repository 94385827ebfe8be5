"""Make `reviews.csv`: short reviews in which the order of words decides.

Those that are made by `OPPOSED` have a twin with the same words and the other
label, such as "not good but bad" and "not bad but good". Who only counts words
cannot tell one from the other.
"""

import csv
import random
from pathlib import Path

GOOD = "good great fine lovely pleasant charming wonderful excellent".split()
BAD = "bad poor dull awful boring terrible horrible dreadful".split()
# The further back a word is, the rarer it is.
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
FLIPPED = [  # `one` is said, and the contrary meant
    "the {noun} was not {one}.",
    "i would not call the {noun} {one}.",
    "they said the {noun} would be {one}, and it was not.",
]
OPPOSED = [  # `one` is meant, `other` is its contrary
    "the {noun} was {one}, not {other}.",
    "the {noun} was not {other} but {one}.",
    "i expected something {other}, and the {noun} was {one}.",
    "it was {one}, and i had been told the {noun} was {other}.",
    "the {noun} used to be {other}, but now it is {one}.",
]
COUNT = 800


def review(drawn):
    """One review, its label, and what it is made by."""
    weights = [1 / (rank + 1) for rank in range(len(NOUNS))]
    (noun,) = drawn.choices(NOUNS, weights)
    label = drawn.choice(["good", "bad"])
    meant, contrary = (GOOD, BAD) if label == "good" else (BAD, GOOD)
    made_by = drawn.choice(PLAIN + FLIPPED + OPPOSED * 2)
    if made_by in FLIPPED:
        meant = contrary
    text = made_by.format(
        noun=noun, one=drawn.choice(meant), other=drawn.choice(contrary)
    )
    return text, label, made_by


def reviews(seed=0):
    """As many different reviews as `COUNT`, with label and origin."""
    drawn, found = random.Random(seed), {}
    while len(found) < COUNT:
        text, label, made_by = review(drawn)
        found[text] = label, made_by
    return [(text, *more) for text, more in found.items()]


if __name__ == "__main__":
    with (
        Path(__file__)
        .with_name("reviews.csv")
        .open("w", encoding="utf-8", newline="") as file
    ):
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["text", "label"])
        rows.writerows(row[:2] for row in reviews())
