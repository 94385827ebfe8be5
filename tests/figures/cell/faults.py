"""Deliberate faults of `cell`, which its tests must find."""

from lstm_figs.layout import words
from lstm_figs.layout.motifs import wires
from lstm_figs.sources import Source
from tests.binding.breaking import Change, Fault, labelled, wrapped

MANY_UNITS = Source(input_size=2, hidden_size=9)


def rows_of_another(content, names):
    """The rows of the next gate."""
    if "–" in content:
        first, last = (int(n) + 2 for n in content.split()[-1].split("–"))
        return f"rows {first}–{last}", {"row": f"{first}..{last}"}


def below_the_other_unit(bar, value, bars, index, at, style, id):
    """Swap the bars of two units, but not their numbers."""
    x, top = at
    top += (1 - 2 * index) * style.line_height
    return bar(value, bars, index, (x, top), style, id)


def in_larger_digits(number, x, y, value, *, id, **more):
    """One number of f in a larger font."""
    size = more.pop("size") + 2 * (id == "f-1-0")
    return number(x, y, value, id=id, size=size, **more)


FAULTS = {
    "rows of another gate": Fault(("cell",), labelled(rows_of_another), "has row="),
    "bars below the numbers of other units": Fault(
        ["cell"], wrapped(wires, "bar", below_the_other_unit), "is nearer to"
    ),
    "a number in larger digits": Fault(
        ["cell"], wrapped(words, "number", in_larger_digits), "looks different from"
    ),
}


CHANGES = {
    "other units, as they are said": Change(
        "cell", "0, 1, 2, 3 and 8", "0, 1, 2, 4 and 8", "says 0", source=MANY_UNITS, count=0
    ),
    "a unit less, as they are said": Change(
        "cell", "0, 1, 2, 3 and 8", "0, 1, 2 and 8", "says 0", source=MANY_UNITS, count=0
    ),
    "other units, as they are proven": Change(
        "cell", r"\(0, 1, 2, 3, 8\)", "(0, 1, 2, 4, 8)", "says 0", source=MANY_UNITS, count=0
    ),
    "other units": Change(
        "cell",
        "2, 3(, | and )8",
        r"2, 4\g<1>8",
        "the figure does not show",
        source=MANY_UNITS,
        count=0,
    ),
}


DESCRIPTION_FAULTS = {
    "cell": {
        "another number": ("c is −0.06", "c is −0.07"),
        "two gates exchanged": ("gate f is 0.37", "gate i is 0.37"),
        "another tensor": ("tanh c is", "c is"),
        "another word": ("h_prev is", "h was"),
    }
}
