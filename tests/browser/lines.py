"""Command lines for the twins, drawn at random but the same on every machine."""

import random
import shlex
from itertools import product
from pathlib import Path

from lstm_figs.html.live_controls import MAX_CHARS
from lstm_figs.sources.trained import TEXT

COUNT = 320
"""How many requests each twin is compared for."""

PIECES = (
    *('p(k, q("(", (m)), r(n))', 'print("no smile :)")', "x = [1, 2]", "f(a)", '"(x)"', "1.5e-3"),
    *("ab c", "  ", "((", "))", '("', ')"', '""', "<b>", "&amp;", "{}", "é", "Ω", "→", "−", "日本"),
    *("\\", "'", "=", ";", "_", "-"),
)
"""Random texts are put together from these."""

UNITS = ("0", "1", "0,1", "1,0")
LENGTHS = (1, 1, 2, 3, 4, 5, 8, 9, 13, 34, 60, 66, 67, 100, MAX_CHARS)
"""Among them the lengths of texts at which the drawing changes."""
WEIGHTS = {
    **{"lstm.weight_ih_l0": (8, 4), "lstm.weight_hh_l0": (8, 2)},
    **{"lstm.bias_ih_l0": (8,), "lstm.bias_hh_l0": (8,)},
    **{"readout.weight": (2, 2), "readout.bias": (2,)},
}
"""Parameter -> its shape."""


class Dice:
    """Random choices by `random()` alone, which no version of Python changes."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def below(self, count):
        return int(self.random() * count)

    def one_of(self, *options):
        return options[self.below(len(options))]

    def text(self):
        """A text of brackets, quotes and words."""
        length = self.one_of(*LENGTHS)
        if self.random() < 0.3:
            # In deeper brackets, last bits of NumPy and of the browser would add up.
            deep = "(" * 8 + ")" * 9
            repeated = self.one_of("x", '"', ")(", '("x")', '")"', "((x)", TEXT, deep)
            return (repeated * length)[:length]
        pieces = self.one_of('()"a', 'xa()"', '()"bcd+;= ', PIECES, PIECES)
        return "".join(self.one_of(*pieces) for _ in range(length))[:length]

    def value(self):
        """A number of any size that a page takes."""
        sign = self.one_of(1, -1)
        if self.random() < 0.2:
            return sign * self.one_of(0.0, 0.125, 0.5, 1, 2.5, 1000)
        low, high = self.one_of((0, 3), (3, 40), (3, 40), (40, 250), (1e-7, 0.01))
        return sign * float(f"{low + (high - low) * self.random():.{1 + self.below(6)}g}")

    def exchange(self):
        """Edits after which unit 1 does not shut unit 0, but often unit 0 unit 1."""
        yield f"lstm.weight_hh_l0[0,1]={self.one_of(0, 0, 2, -1.5)}"
        yield f"lstm.weight_hh_l0[1,0]={-10 - 20 * self.random():.1f}"

    def edits(self, inputs):
        """Edits of weights, of inputs, or of both."""
        kind = self.random()
        if kind < 0.25:
            cut, strong = self.exchange()
            return self.one_of([cut], [cut, strong], [cut, strong])
        if kind < 0.3:
            weights = [
                (n, at) for n, shape in WEIGHTS.items() for at in product(*map(range, shape))
            ]
            return [edit(name, at, self.one_of(0, 0, 1, -1)) for name, at in weights]
        tensors = [*self.one_of(WEIGHTS, inputs, inputs, {**WEIGHTS, **inputs}).items()]
        places = set()
        for _ in range(self.one_of(1, 1, 1, 2, 3, 5, 12)):
            name, shape = self.one_of(*tensors)
            places.add((name, tuple(map(self.below, shape))))
        return [edit(*place, f"{self.value():g}") for place in sorted(places)]

    def options(self, figure, steps):
        """Options of a figure that its twin knows."""
        units, two_units = (["--units", self.one_of(*some)] for some in (UNITS, UNITS[2:]))
        if figure == "reading":
            return self.one_of(units, [], []) + self.one_of(["--only", "c"], [], [])
        step = min(steps, self.one_of(1, 2, steps, 1 + self.below(steps)))
        focus = self.one_of(None, "keep", "write", "show")
        return [
            *(["--step", str(step)] if step != 2 else []),
            # Beside rows of weights, a page has no unit alone.
            *self.one_of([], two_units, ["--detail", "units"], ["--detail", "units", *units]),
            *(["--focus", focus] if focus else []),
        ]

    def line(self, figure):
        """A command line of a figure."""
        text = TEXT if self.random() < 0.1 else self.text()
        inputs = {"x": (len(text), 1, 4), "h_0": (1, 1, 2), "c_0": (1, 1, 2)}
        edits = self.edits(inputs) if self.random() < 0.85 else []
        return command(figure, text, edits, self.options(figure, len(text)))


def command(figure, text, edits, options=()):
    words = [figure, "--network", "brackets", *([] if text == TEXT else [f"--text={text}"])]
    return shlex.join([*words, *(word for edit in edits for word in ("--set", edit)), *options])


def edit(name, at, value):
    return f"{name}[{','.join(map(str, at))}]={value}"


def lines(figure, file, seed, without=()):
    """Command lines of a figure: those of a file, which found faults, and random ones.

    In those `without`, last bits in which processors differ grow beyond the tolerance.
    """
    dice = Dice(seed)
    random_lines = [dice.line(figure) for _ in range(COUNT)]
    if figure == "reading":
        exchanges = [(dice.text(), *dice.exchange()) for _ in range(40)]
        random_lines += [command(figure, text, edits) for text, *edits in exchanges]
    known = Path(__file__).with_name(file).read_text("utf-8").splitlines()
    return [*known, *(line for k, line in enumerate(random_lines) if k not in without)]
