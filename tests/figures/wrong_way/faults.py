"""Faults of `wrong-way`."""

import re

from lstm_figs.figures.wrong_way import mistake
from lstm_figs.figures.wrong_way import states as states_of_wrong_way
from tests.binding.breaking import Fault, named, one_more, wrapped


def of_the_other_side(numbers, values, expr, scale):
    """Numbers that are said to be those of the other way."""
    turned = {"wrong": "right", "right": "wrong"}
    name = expr.partition("[")[0]
    return numbers(values, expr.replace(name, turned[name]), scale)


def captioned_by_another(captioned, code, *arguments, **more):
    other = re.sub(r"\d(?=,)", lambda m: str(1 - int(m[0])), code)
    return captioned(other, *arguments, **more)


FAULTS = {
    "another sequence": Fault(
        ["wrong-way"],
        named("sample", one_more("sample")),
        "has sample=",
    ),
    "numbers of the other side": Fault(
        ["wrong-way"], wrapped(mistake, "numbers", of_the_other_side), "claims"
    ),
    "a caption of another state": Fault(
        ["wrong-way"],
        wrapped(states_of_wrong_way, "captioned", captioned_by_another),
        "claims",
    ),
    "another unit": Fault(
        ["wrong-way"], named("unit", one_more("unit")), "has unit="
    ),
}


HEARD = {
    "wrong-way": {
        "another number": ("wrong[0] is −0.08", "wrong[0] is −0.09"),
        "another row": ("right[1] is", "right[0] is"),
        "the other way": ("wrong[1] is", "right[1] is"),
        "a verdict less": ("−0.51, wrong", "−0.51"),
    },
}
