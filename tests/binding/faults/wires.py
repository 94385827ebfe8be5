"""Faults of wires, calls and tables of units."""

from dataclasses import replace

from lstm_figs.layout.motifs import sums, wires
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.sources import Source
from tests.binding.breaking import (
    EXCHANGED,
    Change,
    Fault,
    gates_exchanged,
    labelled,
    number_one_more,
    patched_sentences,
    text_one_more,
    unit_one_more,
    values_exchanged,
    wrapped,
)

WIRES, UNITS = ("cell", "data-flow"), ("projection", "cell-output")
SUMS = ("four-weights", "perceptron")
ALL_FIGURES = (*WIRES, "unrolled", *UNITS, *SUMS)


def letters_exchanged(content, names):
    if "gate" in names or names.get("tensor") in EXCHANGED:
        return EXCHANGED.get(content[0], content[0]) + content[1:], names


def wire_from_wrong_gate(wire, *corners, tail, **more):
    """Draw and bind the wire of f as coming from i."""
    return wire(*corners, tail=tail.replace("f-", "i-"), **more)


def wire_of_nothing(wire, *corners, tail, **more):
    path = wire(*corners, tail=tail, **more)
    return path._replace(bound=()) if tail.startswith("f-") else path


def wire_elsewhere(wire, first, *corners, **more):
    return wire((first[0], first[1] + 60), *corners, **more)


def bar_of_one_less(bar, value, *arguments, **more):
    """Draw bars with a length of 1 − their value."""
    return bar(replace(value, value=1 - value.value), *arguments, **more)


def half_as_thick(line, start, stop, weight, *arguments):
    """Draw lines at half their thickness."""
    return line(start, stop, replace(weight, value=weight.value / 2), *arguments)


def dash_of_other_sign(line, *arguments):
    path = line(*arguments)
    return path._replace(dash="" if path.dash else sums.DASH)


def row_one_more(content, names):
    if "row" in names and content.removeprefix("row ").isdecimal():
        row = names["row"] + 1
        return content.replace(str(row - 1), str(row)), {"row": row}


def input_one_more(content, names):
    if "input" in names:
        j = names["input"] + 1
        return f"x[{j}]", {"input": j}


def hue_of_other_sign(line, start, stop, weight, top, paint, *arguments):
    """Draw a line in the hue of the other sign."""
    turned = {"pos": "neg", "neg": "pos"}.get(paint, paint)
    return line(start, stop, weight, top, turned, *arguments)


def first_below_the_second(vector, *arguments, **more):
    """Exchange the first two units of each vector."""
    marks = vector(*arguments, **more)
    places = [k for k, m in enumerate(marks) if getattr(m, "number", None)]
    for k, other in zip(places[:2], places[1::-1], strict=False):
        marks[k] = marks[k]._replace(y=vector(*arguments, **more)[other].y)
    return marks


def dots_before_the_second(vector, *arguments, **more):
    """Move the dots of a long vector to a place where no element is left out."""
    marks = vector(*arguments, **more)
    first, second = [m.y for m in marks if getattr(m, "number", None)][:2]
    return [
        m._replace(y=(first + second) / 2) if getattr(m, "content", "") == "…" else m for m in marks
    ]


FAULTS = {
    "dots where nothing is left out": Fault(
        ["cell"],
        wrapped(wires, "vector_box", dots_before_the_second),
        "'…' is between",
        source=Source(8, 9),
    ),
    "lines in the hue of the other sign": Fault(
        ["perceptron"], wrapped(sums, "weight_line", hue_of_other_sign), "has the hue of"
    ),
    "a vector whose second unit comes first": Fault(
        ["cell"], wrapped(wires, "vector_box", first_below_the_second), "is above"
    ),
    "a line as thick as another weight": Fault(
        SUMS, wrapped(sums, "weight_line", half_as_thick), "thick, but"
    ),
    "a line with the dashes of the other sign": Fault(
        SUMS, wrapped(sums, "weight_line", dash_of_other_sign), "dashes of the opposite"
    ),
    "a row off by one": Fault(SUMS, labelled(row_one_more), "has row="),
    "an input off by one": Fault(SUMS, labelled(input_one_more), "has input="),
    "a sentence with another number": Fault(
        ALL_FIGURES, patched_sentences(text_one_more), "is not in templates.txt"
    ),
    "a sentence with another number, and proven": Fault(
        ALL_FIGURES, patched_sentences(number_one_more), "says \\d+ for"
    ),
    "two gates exchanged, with their proofs": Fault(
        WIRES, wrapped(LayerRun, "vector", gates_exchanged), "has \\w+=[fi]"
    ),
    "two gates exchanged, under their proofs": Fault(
        WIRES, wrapped(LayerRun, "vector", values_exchanged), "reaches from"
    ),
    "two letters exchanged": Fault(WIRES, labelled(letters_exchanged), "says (the|noth)"),
    "a wire that says another gate": Fault(
        WIRES, wrapped(wires, "wire", wire_from_wrong_gate), "ends|is not made of|no arrow"
    ),
    "a wire that says nothing": Fault(
        WIRES, wrapped(wires, "wire", wire_of_nothing), "no arrow makes"
    ),
    "a wire that begins elsewhere": Fault(
        WIRES, wrapped(wires, "wire", wire_elsewhere), "ends .* from"
    ),
    "a bar as long as 1 - f": Fault(
        (*WIRES, *UNITS), wrapped(wires, "bar", bar_of_one_less), "reaches from"
    ),
    "a column of another unit": Fault(UNITS, labelled(unit_one_more), "has unit="),
}


FRAME = r'(?s)(<rect[^>]*fill="#(?:f6f7f9|eff0f2|eceef1)"[^>]*/>)(.*)(</svg>)'
"""Matches the background of a panel, which is drawn first."""

CHANGES = {
    f"a frame that is painted last, {form}": Change(form, FRAME, r"\2\1\3", " hides ")
    for form in ("cell", "unrolled", "batch", "directions")
}
