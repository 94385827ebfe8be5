"""Vectors that one could give to a classifier, right and wrong ones."""

from collections.abc import Iterator
from typing import NamedTuple

from ...model.tensors import Array
from ...proof.subject import Number, Subject


class Block(NamedTuple):
    """The state of one layer and direction within a vector.

    Attributes:
        words: What it is, in two lines.
        values: Empty if it is missing.
        right: Whether it belongs there.
    """

    words: tuple[str, str]
    values: list[Number]
    right: bool = True


class Pick(NamedTuple):
    """Something that has a vector for each sequence, or seems to.

    Attributes:
        code: The Python that yields it.
        right: Whether it is what a classifier wants.
        reason: Why, or why not.
        rows: The blocks of the first rows.
        left_out: How many more blocks a row has.
    """

    code: str
    right: bool
    reason: str
    rows: list[list[Block]]
    left_out: int = 0


def picks(subject: Subject, shown: int) -> list[Pick]:
    """What is picked from the results of a module of this form.

    Args:
        subject: A whole module.
        shown: The most rows, and the most blocks of a row.
    """
    makers = _Picks(subject, shown)
    if subject.trace.kind == "LSTMCell":
        return list(makers.of_a_cell())
    if subject.trace.bidirectional:
        return list(makers.of_two_directions())
    return list(makers.of_one_direction())


class _Picks:
    """The picks of a module; states are `[part][sample]`."""

    def __init__(self, subject: Subject, shown: int):
        self.trace = subject.trace
        self.samples, self.steps = self.trace.x.shape[1], len(subject.steps)
        self.size, self.shown = subject.weights.size, shown
        self.rows = range(min(shown, self.samples))
        self.last = [
            self.trace.part(k)[-1] for k in range(len(self.trace.weights))
        ]
        self.scale = max(step.scale for step in self.trace.steps)

    def numbers(self, array: Array, row: str, first: int = 0) -> list[Number]:
        """A state; `row` is the Python that yields what it is a part of."""
        return [
            Number(value, f"{row}, {first + k}]", self.scale)
            for k, value in enumerate(array)
        ]

    def of_a_cell(self) -> Iterator[Pick]:
        """A cell returns h of the last step, without an axis of layers."""
        h, after = self.last[0].h, f"after step {self.steps}"
        yield Pick(
            "h_n",
            True,
            "h of the last step",
            [
                [Block((f"sample {n}", after), self.numbers(h[n], f"h_n[{n}"))]
                for n in self.rows
            ],
        )
        n = self.samples - 1
        values = self.numbers(h[n], "h_n[-1][...")
        yield Pick(
            "h_n[-1]",
            False,
            "a cell has no axis of layers: the last sample",
            [[Block((f"sample {n}", "alone"), values, False)]],
        )

    def of_one_direction(self) -> Iterator[Pick]:
        """The last state of the top layer is what is wanted."""
        top, end = self.last[-1].h, f"step {self.steps}"
        for name, reason in (
            ("h_n[-1]", "the top layer after the last step"),
            ("output[-1]", "the same numbers"),
        ):
            yield Pick(
                name,
                True,
                reason,
                [
                    [Block((f"sample {n}", end),
                           self.numbers(top[n], f"{name}[{n}"))]
                    for n in self.rows
                ],
            )  # fmt: skip
        yield self.view()
        n, name = self.samples - 1, "output[:, -1]"
        steps = self.trace.part(len(self.last) - 1)[: self.shown]
        yield Pick(
            name,
            False,
            "each step of the last sample",
            [
                [Block((f"sample {n}", f"step {step.t + 1}"),
                       self.numbers(step.h[n], f"{name}[{step.t}"), False)]
                for step in steps
            ],
        )  # fmt: skip

    def of_two_directions(self) -> Iterator[Pick]:
        """The last states of both directions are what is wanted."""
        forward, reverse = self.last[-2].h, self.last[-1].h
        ends = ("forward", f"step {self.steps}"), ("reverse", "step 1")
        name = "torch.cat([h_n[-2], h_n[-1]], 1)"
        yield Pick(
            name,
            True,
            "the last states of both directions",
            [
                [
                    Block(ends[0], self.numbers(forward[n], f"{name}[{n}")),
                    Block(
                        ends[1],
                        self.numbers(reverse[n], f"{name}[{n}", self.size),
                    ),
                ]
                for n in self.rows
            ],
        )
        yield Pick(
            "h_n[-1]",
            False,
            "the reverse direction alone",
            [
                [
                    Block(("forward", "is missing"), [], False),
                    Block(ends[1], self.numbers(reverse[n], f"h_n[-1][{n}")),
                ]
                for n in self.rows
            ],
        )
        yield self.last_output(forward)
        yield self.view()

    def last_output(self, forward: Array) -> Pick:
        """The reverse half of the last step has read that step alone."""
        by_chance = self.steps == 1
        begun = self.trace.part(len(self.last) - 1)[0].h
        words = "reverse", f"step {self.steps}"
        name = "output[-1]"
        return Pick(
            name,
            by_chance,
            "the same numbers, as there is one step"
            if by_chance
            else f"its reverse half has read step {self.steps} alone",
            [
                [
                    Block(
                        ("forward", f"step {self.steps}"),
                        self.numbers(forward[n], f"{name}[{n}"),
                    ),
                    Block(
                        words,
                        self.numbers(begun[n], f"{name}[{n}", self.size),
                        by_chance,
                    ),
                ]
                for n in self.rows
            ],
        )

    def view(self) -> Pick:
        """The first axis is cut where the samples do not end."""
        name = f"h_n.view({self.samples}, -1)"
        parts = len(self.last)
        rows = []
        for n in self.rows:
            blocks = []
            for k in range(min(parts, self.shown)):
                part, sample = divmod(n * parts + k, self.samples)
                one = self.trace.weights[part]
                what = (
                    one.direction
                    if self.trace.bidirectional and parts == 2
                    else f"h_n[{part}]"
                )
                blocks.append(
                    Block(
                        (what, f"sample {sample}"),
                        self.numbers(
                            self.last[part].h[sample],
                            f"{name}[{n}",
                            k * self.size,
                        ),
                        sample == n,
                    )
                )
            rows.append(blocks)
        by_chance = parts == 1
        return Pick(
            name,
            by_chance,
            "by chance: one layer in one direction"
            if by_chance
            else "it mixes samples: their axis is the second",
            rows,
            max(0, parts - self.shown),
        )
