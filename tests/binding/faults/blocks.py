"""Faults of whole modules and of axes."""

import re
from dataclasses import replace

from lstm_figs.figures import (
    batch,
    batch_first,
    chunks,
    directions,
    error,
    layers,
)
from lstm_figs.figures.packed.fields import tones
from lstm_figs.figures.packed.grids import _Grids
from lstm_figs.figures.packed.packing import Packing
from lstm_figs.figures.padding import lanes
from lstm_figs.figures.padding.lanes import Lanes
from lstm_figs.figures.wrong_way import states as states_of_wrong_way
from lstm_figs.layout import words
from lstm_figs.layout.blocks import Chip
from lstm_figs.layout.motifs import states
from tests.binding.breaking import Fault, everywhere, labelled, wrapped


def named(key, change):
    """A patch of labels that have a key."""
    return labelled(
        lambda content, names: change(content, names) if key in names else None
    )


def one_more(key):
    """The first number of a label and of its names, and what it names."""

    def change(content, names):
        names[key] = int(names[key]) + 1
        return re.sub(r"\d+", lambda m: str(int(m[0]) + 1), content), names

    return change


def exchanged(key, first, second):
    def change(content, names):
        turn = {first: second, second: first}
        names[key] = turn.get(names[key], names[key])
        return turn.get(content, content), names

    return change


def of_the_next(draw, self, x, y, values, of, **more):
    """A vector that is said to be another one."""
    return draw(self, x, y, values, re.sub(r"\[0, 0", "[1, 0", str(of)), **more)


def flows_back(flowing, *points, tail, head, **more):
    return flowing(*points, tail=head, head=tail, **more)


def flows_back_in_place(flowing, *points, tail, head, **more):
    return flowing(*points[::-1], tail=head, head=tail, **more)


def joined_to_the_next(same, start, stop, tail, head, **more):
    """A line to the axis beside the right one, as it is said."""
    *before, axis, box = head.split("-")
    other = "-".join([*before, str((int(axis) + 1) % 3), box])
    return same(start, stop, tail, other, **more)


def names_the_second_bar(label, x, y, content, names, of, along, **more):
    if names.get("tensor") == "h_0,c_0":
        of = [id.replace("-0-bar", "-1-bar") for id in of]
    return label(x, y, content, names, of, along, **more)


def through_to_the_next(through, *corners, of):
    """An arrow that ends, and is said to end, one row further down."""
    x, y = corners[-1]
    drawn = through(*corners[:-1], (x, y + batch.ROW), of=of)
    (flow,) = drawn.bound
    return drawn._replace(bound=(flow._replace(head=f"made-{of + 1}"),))


def norm_of_the_next(norm, both, of, stopped):
    """The norm of another step, under the proof that was right."""
    value, scale = both
    return norm((value + 1, scale), of, stopped)


def said_otherwise(proven, source, claim):
    return proven(*(text.replace("size", "sizes") for text in (source, claim)))


def of_another_call(sentence, template, *values, **more):
    """A call without a pair of brackets."""
    other = [tuple(part.replace("c_0", "h_0") for part in v) for v in values]
    return sentence(template, *other, **more)


def of_the_other_side(captioned, code, name, values, **more):
    """Numbers that are said to be those of the other way."""
    turned = {"wrong": "right", "right": "wrong"}
    other = replace(values.of, tensor=turned[values.of.tensor])
    return captioned(code, name, replace(values, of=other), **more)


def captioned_by_another(captioned, code, *arguments, **more):
    other = re.sub(r"\d(?=,)", lambda m: str(1 - int(m[0])), code)
    return captioned(other, *arguments, **more)


def read_one_step_earlier(read, self, one, top):
    shorter = replace(self, length=self.length - 1)
    if one.key.endswith("packed") and self.way == "forward":
        return read(shorter, one, top)
    return read(self, one, top)


def verdict_turned(verdict, word, claim, *, right, **more):
    claim = f"not {claim}" if right else claim.removeprefix("not ")
    return verdict(
        "wrong" if right else "right", claim, right=not right, **more
    )


def tone_of_the_next(cell, self, x, y, of, whose, id):
    box, number = cell(self, x, y, of, whose, id)
    if id.startswith("data"):
        box = box._replace(fill=tones(int(whose.value) + 1)[0])
    return [box, number]


def number_of_the_next(number, self, j):
    return number(self, (j + 1) % sum(self.lengths))


def read_by_the_next(reads, subject, layer):
    return reads(subject, layer + 1)


def code_of_another(proven, source, claim):
    """Code with another index, also where it is claimed."""
    other = source.replace("-2", "-1")
    return proven(other, claim.replace(source, other))


def code_beside_the_claim(proven, source, claim):
    return proven(source.replace("-2", "-1"), claim)


STATES = ("shapes", "directions", "layers")
AXES = ("shapes", "batch-first", "error")

FAULTS = {
    "another layer": Fault(
        ("shapes", "layers"), named("layer", one_more("layer")), "has layer="
    ),
    "the other direction": Fault(
        ("shapes", "directions", "padding"),
        named("direction", exchanged("direction", "forward", "reverse")),
        "has direction=",
    ),
    "another row of a state": Fault(
        ("shapes", "directions"), named("row", one_more("row")), "has row="
    ),
    "two states exchanged": Fault(
        ["shapes"],
        named("tensor", exchanged("tensor", "h_n", "c_n")),
        "has tensor=",
    ),
    "two axes exchanged": Fault(
        AXES,
        named("axis", lambda text, names: (text, {"axis": "input"})),
        "has axis=input",
    ),
    "an axis joined to another": Fault(
        ["batch-first"],
        wrapped(batch_first, "_same", joined_to_the_next),
        "the arrow copies .* ends|copies . to .",
    ),
    "an axis in another word": Fault(
        AXES,
        named("axis", lambda _, names: ("features", names)),
        "does not say axis",
    ),
    "a vector at another step": Fault(
        STATES, wrapped(Chip, "draw", of_the_next), "has step=|copies"
    ),
    "an arrow to the row of another sequence": Fault(
        ["batch"],
        wrapped(batch, "_through", through_to_the_next),
        "joins what does not follow",
    ),
    "an arrow that is said the other way": Fault(
        STATES, everywhere(states, "flowing", flows_back), "arrow order .* ends"
    ),
    "an arrow the other way": Fault(
        STATES,
        everywhere(states, "flowing", flows_back_in_place),
        "joins what does not follow",
    ),
    "another sequence": Fault(
        ["wrong-way"],
        named("sample", one_more("sample")),
        "has sample=",
    ),
    "a field under another name": Fault(
        ["packed"],
        named(
            "tensor",
            exchanged("tensor", "packed.data", "packed.batch_sizes"),
        ),
        "has tensor=",
    ),
    "a cell in the tone of another sequence": Fault(
        ["packed"],
        wrapped(_Grids, "_cell", tone_of_the_next),
        "has the tones",
    ),
    "a cell under the number of another sequence": Fault(
        ["packed"],
        wrapped(Packing, "data_number", number_of_the_next),
        "stands in the cell",
    ),
    "the ways of a gradient exchanged": Fault(
        ["chunks"],
        named("tensor", exchanged("tensor", "handed", "detached")),
        "has tensor=",
    ),
    "a step under another number": Fault(
        ("chunks", "padding"), named("step", one_more("step")), "has step="
    ),
    "a first state under a step": Fault(
        ["chunks"], wrapped(words, "label", names_the_second_bar), "has tensor="
    ),
    "a bar of another step": Fault(
        ["chunks"], wrapped(chunks, "_norm", norm_of_the_next), "reaches from"
    ),
    "numbers of the other side": Fault(
        ["wrong-way"],
        wrapped(states_of_wrong_way, "captioned", of_the_other_side),
        "claims",
    ),
    "a caption of another state": Fault(
        ["wrong-way"],
        wrapped(states_of_wrong_way, "captioned", captioned_by_another),
        "claims",
    ),
    "a message that PyTorch does not raise": Fault(
        ["error"], wrapped(error, "proven", said_otherwise), "claims .* False"
    ),
    "a call that is not run": Fault(
        ["error"],
        wrapped(error, "sentence", of_another_call),
        "which is nothing that it shows",
    ),
    "another unit": Fault(
        ["wrong-way"], named("unit", one_more("unit")), "has unit="
    ),
    "h_n read at another step": Fault(
        ["padding"], wrapped(Lanes, "_read", read_one_step_earlier), "copies"
    ),
    "a verdict that is not so": Fault(
        ["padding"], wrapped(lanes, "verdict", verdict_turned), "which is False"
    ),
    "another layer in a sentence": Fault(
        ["layers"],
        wrapped(layers, "_reads", read_by_the_next),
        "says . for ., which is nothing that it shows",
    ),
    "code that yields something else": Fault(
        ["directions"],
        wrapped(directions, "proven", code_of_another),
        "claims .* which is",
    ),
    "code that is not what the claim has": Fault(
        ["directions"],
        wrapped(directions, "proven", code_beside_the_claim),
        "which is nothing that it shows",
    ),
}

HEARD = {
    "shapes": {
        "another number": ("step 1 −0.12", "step 1 −0.13"),
        "another layer": ("Layer 1 forward", "Layer 0 forward"),
        "the other direction": ("Layer 1 forward", "Layer 1 reverse"),
        "another shape": ("h_n has the shape (4", "h_n has the shape (3"),
        "another row": ("h_n[2] is", "h_n[3] is"),
        "another count": ("2 layers", "3 layers"),
    },
    "directions": {
        "another number": ("step 2 −0.39", "step 2 −0.38"),
        "the other direction": ("Reverse:", "Forward:"),
        "another row": ("h_n[1] is", "h_n[0] is"),
        "another end": ("After step 1 reverse", "After step 2 reverse"),
        "another count": ("4 steps", "3 steps"),
    },
    "batch-first": {
        "another size": ("is (4, 3, 3)", "is (4, 3, 4)"),
        "another order": (
            "input (time, batch, input)",
            "input (batch, time, input)",
        ),
        "another tensor": ("output (time", "h_n (time"),
    },
    "chunks": {
        "another number": ("step 2 0.12", "step 2 0.13"),
        "another step": ("step 2 0.12", "step 3 0.12"),
        "the other way": ("is detached:", "is handed on:"),
    },
    "padding": {
        "another number": ("step 2 h −0.003", "step 2 h −0.004"),
        "another step": ("step 2 h", "step 3 h"),
        "the other direction": (
            "Reverse, lstm(padded)",
            "Forward, lstm(padded)",
        ),
        "the other run": ("Forward, lstm(packed)", "Forward, lstm(padded)"),
        "another verdict": ("−0.08, −0.02, right", "−0.08, −0.02, wrong"),
    },
    "wrong-way": {
        "another number": ("wrong[0] is −0.08", "wrong[0] is −0.09"),
        "another row": ("right[1] is", "right[0] is"),
        "the other way": ("wrong[1] is", "right[1] is"),
        "a verdict less": ("−0.51, wrong", "−0.51"),
    },
    "error": {
        "another size": (
            "Got h_0 with D·num_layers 1, batch 2",
            "Got h_0 with D·num_layers 1, batch 1",
        ),
        "another axis": ("Given x with seq_len", "Given x with batch"),
        "another message": ("size (1, 1, 2)", "size (1, 1, 3)"),
        "another mistake": ("not the batch", "the batch"),
    },
    "packed": {
        "another number": ("sequences 1, 2, 0, 3", "sequences 1, 2, 3, 0"),
        "another length": ("Sequence 1 has 4", "Sequence 1 has 3"),
        "another sequence": ("Sequence 1 has", "Sequence 2 has"),
        "another order": ("sorted_indices 1, 2", "sorted_indices 2, 1"),
        "another count": ("10 cell", "11 cell"),
    },
    "layers": {
        "another number": ("step 2 −0.23", "step 2 −0.24"),
        "another input": ("step 2 reads 0, 1", "step 2 reads 1, 0"),
        "another layer": ("Layer 1: step", "Layer 0: step"),
        "another product": ("or −0.24", "or −0.25"),
    },
}
