"""Faults of wires, calls and tables of units."""

from dataclasses import replace

from lstm_figs.figures import custom_cell, unrolled
from lstm_figs.layout import panels
from lstm_figs.layout.motifs import sums, wires
from lstm_figs.proof.subject import Subject
from lstm_figs.sources import Source
from tests.binding.breaking import (
    EXCHANGED,
    Change,
    Fault,
    every_sentence,
    gates_exchanged,
    labelled,
    number_one_more,
    text_one_more,
    unit_one_more,
    values_exchanged,
    wrapped,
)

WIRES, CALLS, UNITS = (
    ("cell", "data-flow"),
    ("unrolled",),
    ("projection", "cell-output"),
)
SUMS = ("four-weights", "perceptron")
OWN = ("custom-cell",)
EVERY = (*WIRES, *CALLS, *UNITS, *SUMS)
HEADS = (
    *("cell", "data-flow", "custom-cell", "direct-path", "unrolled"),
    *("dispatch", "batch", "shapes", "layers", "directions"),
    *("packed", "chunks", "autograd"),
)


def letters_exchanged(content, names):
    if "gate" in names or names.get("tensor") in EXCHANGED:
        return EXCHANGED.get(content[0], content[0]) + content[1:], names


def wire_from_another(wire, *corners, tail, **more):
    """The wire of f, drawn and said to come from i."""
    return wire(*corners, tail=tail.replace("f-", "i-"), **more)


def wire_of_nothing(wire, *corners, tail, **more):
    drawn = wire(*corners, tail=tail, **more)
    return drawn._replace(bound=()) if tail.startswith("f-") else drawn


def wire_elsewhere(wire, first, *corners, **more):
    return wire((first[0], first[1] + 60), *corners, **more)


def head_at_the_start(head, before, tip, paint):
    """An arrow whose head stands where it comes from."""
    end, _ = head(before, tip, paint)
    return end, head(tip, before, paint)[1]


def head_turned(head, before, tip, paint):
    """A head that stands at the end of its line and points back."""
    end, (mark,) = head(before, tip, paint)
    (_, point), (_, left), (_, right), close = mark.d
    back = tuple(a + b - c for a, b, c in zip(left, right, point, strict=True))
    d = (("M", back), ("L", left), ("L", right), close)
    return end, (mark._replace(d=d),)


def no_head(head, before, tip, paint):
    return tip, ()


def rows_of_another(content, names):
    """The rows of a gate, which are those of the one after it."""
    if "–" in content:
        first, last = (int(n) + 2 for n in content.split()[-1].split("–"))
        return f"rows {first}–{last}", {"row": f"{first}..{last}"}


def bar_of_one_less(bar, value, *arguments, **more):
    """Bars as long as 1 − what they show."""
    return bar(replace(value, value=1 - value.value), *arguments, **more)


def arguments_exchanged(call, self, inputs, states):
    """A call with c where h is due."""
    return call(self, inputs, {"c": states["h"], "h": states["c"]})


def call_of_zeros(call, self, inputs, states):
    """A call that begins with another input than is drawn."""
    return call(self, inputs, states).replace("(x", "(0 * x")


def state_of_another(node, self, x, y, values, id, name):
    """A state that is drawn where the other one is due."""
    name = {"c": "h", "h": "c"}.get(name, name)
    id = id.replace("c-", "?-").replace("h-", "c-").replace("?-", "h-")
    return node(self, x, y, values, id, name)


def write_at_zero(bar, value, bars, *arguments, **more):
    """What is written drawn from 0 on, and not where the keep ended."""
    if bars.start:
        zeros = [replace(n, value=0 * n.value) for n in bars.start]
        bars = bars._replace(start=zeros)
    return bar(value, bars, *arguments, **more)


def sees_the_other(flow, kind, tail, head):
    """A peephole from the state that the gate does not see."""
    if kind == "sees":
        tail = {"c-state": "c_prev-state", "c_prev-state": "c-state"}[tail]
    return flow(kind, tail, head)


def peepholes_exchanged(content, names):
    """The letters of two gates, with the gates."""
    if "gate" in names and content in EXCHANGED:
        return EXCHANGED[content], {"gate": EXCHANGED[content]}


def line_of_another(line, start, stop, weight, *arguments):
    """Lines as thick as half of what they say."""
    return line(
        start, stop, replace(weight, value=weight.value / 2), *arguments
    )


def line_of_other_sign(line, *arguments):
    drawn = line(*arguments)
    return drawn._replace(dash="" if drawn.dash else sums.DASH)


def row_one_more(content, names):
    if "row" in names and content.removeprefix("row ").isdecimal():
        row = names["row"] + 1
        return content.replace(str(row - 1), str(row)), {"row": row}


def input_one_more(content, names):
    if "input" in names:
        j = names["input"] + 1
        return f"x[{j}]", {"input": j}


FAULTS = {
    "heads where arrows come from": Fault(
        HEADS, wrapped(panels, "_head", head_at_the_start), "another way"
    ),
    "heads that point back": Fault(
        HEADS, wrapped(panels, "_head", head_turned), "another way"
    ),
    "arrows without heads": Fault(
        HEADS, wrapped(panels, "_head", no_head), "has 0 heads"
    ),
    "a write that begins at 0": Fault(
        ("cell-output",), wrapped(wires, "bar", write_at_zero), "reaches from"
    ),
    "a peephole from another state": Fault(
        OWN, wrapped(custom_cell, "Flow", sees_the_other), "ends|see another"
    ),
    "peepholes exchanged": Fault(
        OWN, labelled(peepholes_exchanged), "has gate="
    ),
    "bars of 1 - h": Fault(
        OWN, wrapped(wires, "bar", bar_of_one_less), "reaches from"
    ),
    "a line as thick as another weight": Fault(
        SUMS, wrapped(sums, "line", line_of_another), "thick, and not"
    ),
    "a line with the dashes of the other sign": Fault(
        SUMS, wrapped(sums, "line", line_of_other_sign), "dashes of another"
    ),
    "a row off by one": Fault(SUMS, labelled(row_one_more), "has row="),
    "an input off by one": Fault(SUMS, labelled(input_one_more), "has input="),
    "a sentence with another number": Fault(
        EVERY, every_sentence(text_one_more), "is not in templates.txt"
    ),
    "a sentence with another number, and proven": Fault(
        EVERY, every_sentence(number_one_more), "says \\d+ for"
    ),
    "two gates exchanged, with their proofs": Fault(
        WIRES, wrapped(Subject, "vector", gates_exchanged), "has \\w+=[fi]"
    ),
    "two gates exchanged, under their proofs": Fault(
        WIRES, wrapped(Subject, "vector", values_exchanged), "reaches from"
    ),
    "two letters exchanged": Fault(
        WIRES, labelled(letters_exchanged), "says (the|noth)"
    ),
    "a wire that says another gate": Fault(
        WIRES,
        wrapped(wires, "wire", wire_from_another),
        "ends|is not made of|no arrow",
    ),
    "a wire that says nothing": Fault(
        WIRES, wrapped(wires, "wire", wire_of_nothing), "no arrow makes"
    ),
    "a wire that begins elsewhere": Fault(
        WIRES, wrapped(wires, "wire", wire_elsewhere), "ends .* from"
    ),
    "rows of another gate": Fault(
        ("cell",), labelled(rows_of_another), "has row="
    ),
    "a bar as long as 1 - f": Fault(
        (*WIRES, *UNITS), wrapped(wires, "bar", bar_of_one_less), "reaches from"
    ),
    "arguments exchanged": Fault(
        CALLS,
        wrapped(unrolled._Calls, "call", arguments_exchanged),
        "has the results",
    ),
    "other arguments": Fault(
        CALLS,
        wrapped(unrolled._Calls, "call", call_of_zeros),
        "has the arguments",
    ),
    "states exchanged": Fault(
        CALLS,
        wrapped(unrolled._Calls, "node", state_of_another),
        "has tensor=[ch]",
    ),
    "a column of another unit": Fault(
        UNITS, labelled(unit_one_more), "has unit="
    ),
}


MANY = Source(input_size=2, hidden_size=9)

FRAME = r'(?s)(<rect[^>]*fill="#(?:f6f7f9|eff0f2|eceef1)"[^>]*/>)(.*)(</svg>)'
"""What lies below all else of a panel."""

CHANGES = {
    **{
        f"a frame that is painted last, {form}": Change(
            form, FRAME, r"\2\1\3", " hides "
        )
        for form in ("cell", "unrolled", "batch", "directions")
    },
    "other units, as they are said": Change(
        "cell", "0, 1, 2, 3 and 8", "0, 1, 2, 4 and 8", "says 0", MANY, 0
    ),
    "a unit less, as they are said": Change(
        "cell", "0, 1, 2, 3 and 8", "0, 1, 2 and 8", "says 0", MANY, 0
    ),
    "other units, as they are proven": Change(
        "cell", r"\(0, 1, 2, 3, 8\)", "(0, 1, 2, 4, 8)", "says 0", MANY, 0
    ),
    "other units": Change(
        "cell", "2, 3(, | and )8", r"2, 4\g<1>8", "nothing that it shows",
        MANY, 0,
    ),
    "another statistic, as it is said": Change(
        "cell-output", ">min<", ">max<", "statistic=", MANY
    ),
    "another statistic": Change(
        "cell-output", "statistic=min", "statistic=max", "statistic=", MANY
    ),
}  # fmt: skip


HEARD = {
    "cell": {
        "another number": ("c is −0.06", "c is −0.07"),
        "two gates exchanged": ("gate f is 0.37", "gate i is 0.37"),
        "another tensor": ("tanh c is", "c is"),
        "another word": ("h_prev is", "h was"),
    },
    "custom-cell": {
        "another number": ("with peepholes −0.16", "with peepholes −0.17"),
        "another weight": ("are 0.50, 1.00", "are 1.00, 0.50"),
        "another unit": ("Unit 0", "Unit 1"),
    },
    "data-flow": {
        "another number": ("z_g is 1.17", "z_g is 1.18"),
        "two sums exchanged": ("z_g is 1.17", "z_o is 1.17"),
    },
    "four-weights": {
        "another number": ("sum is −0.50", "sum is −0.60"),
        "another gate": ("Gate g, row 4", "Gate o, row 4"),
        "another row": ("Gate g, row 4", "Gate g, row 5"),
        "another unit": ("unit 0. x", "unit 1. x"),
    },
    "perceptron": {
        "another number": ("sum is 2.00", "sum is 2.10"),
        "another weight": ("are 2.00, −2.00", "are 2.00, 2.00"),
    },
    "cell-output": {
        "another number": ("= −0.003", "= −0.004"),
        "another gate": ("f = σ(−0.53)", "o = σ(−0.53)"),
        "operands exchanged": ("0.37 × −0.81", "−0.81 × 0.29"),
        "another function": ("g = tanh", "g = σ"),
    },
    "unrolled": {
        "another number": ("c is −0.81", "c is −0.82"),
        "another step": ("Step 2:", "Step 3:"),
        "another state": ("h is −0.12", "c is −0.12"),
    },
    "projection": {
        "another number": ("h is −0.09", "h is −0.08"),
        "another weight": ("weight_hr is −0.75", "weight_hr is −0.25"),
        "another row": ("row 0 of", "row 1 of"),
    },
}
