"""The sentences that say no value and claim nothing, by what they are.

A *convention* says what a mark, a colour or a column means, or names it. A
*record* says what somebody or something did: how a network was trained, in
which order a library stacks its gates. A *law* is true of every LSTM and input.
What is none of these is true of some tensors only, and needs a claim.
"""

from functools import cache
from pathlib import Path

from tests.binding.sayings.laws import LAWS

HERE = Path(__file__).parent


@cache
def read(name: str) -> tuple[str, ...]:
    """The lines of one of the lists."""
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    return tuple(line for line in lines if line and line[0] != "#")


def lists() -> dict[str, tuple[str, ...]]:
    """Each list, by its name."""
    return {
        "conventions": read("conventions"),
        "records": read("records"),
        "laws": tuple(LAWS),
    }


@cache
def kinds_of(text: str) -> tuple[str, ...]:
    """The lists that have a sentence."""
    return tuple(name for name, own in lists().items() if text in own)
