"""Deliberate faults of `wrong-way`, which its tests must find."""

import re
from dataclasses import replace

from lstm_figs.figures import wrong_way
from lstm_figs.figures.wrong_way import sides
from lstm_figs.figures.wrong_way import states as states_of_wrong_way
from lstm_figs.figures.wrong_way.states import h_n_view
from tests.binding.breaking import Fault, labelled_by_key, one_more, wrapped


def of_the_other_side(captioned, code, name, values, **more):
    """Numbers that are bound to the other way."""
    other = replace(values.of, tensor=OTHER_SIDE[values.of.tensor])
    return captioned(code, name, replace(values, of=other), **more)


def captioned_by_another(captioned, code, *arguments, **more):
    other = re.sub(r"\d(?=,)", lambda m: str(1 - int(m[0])), code)
    return captioned(other, *arguments, **more)


def title_of_another(head, subject, mistake):
    """The title of another mistake."""
    return head(subject, mistake)._replace(title=h_n_view(subject).title)


def called_the_other(verdict, word, claim, *, right):
    """A verdict with the word and sign of the other way."""
    return verdict(OTHER_SIDE[word], claim, right=not right)


def other_verdict(verdict, word, claim, *, right):
    """The complete verdict of the other way."""
    claim = re.sub("wrong|right", lambda m: OTHER_SIDE[m[0]], claim)
    claim = claim.removeprefix("not ") if not right else f"not {claim}"
    return verdict(OTHER_SIDE[word], claim, right=not right)


OTHER_SIDE = {"wrong": "right", "right": "wrong"}

FAULTS = {
    "the title of another mistake": Fault(
        ["wrong-way mistake=h-n-last"],
        wrapped(wrong_way, "_head", title_of_another),
        "is not in templates.txt",
    ),
    "right and wrong exchanged": Fault(
        ["wrong-way"], wrapped(sides, "verdict_block", called_the_other), "^'✓ right' claims not "
    ),
    "right and wrong exchanged, with what they claim": Fault(
        ["wrong-way"],
        wrapped(sides, "verdict_block", other_verdict),
        "^'✓ right' at wrong-0-0: is it true",
    ),
    "another sequence": Fault(
        ["wrong-way"], labelled_by_key("sample", one_more("sample")), "has sample="
    ),
    "numbers of the other side": Fault(
        ["wrong-way"], wrapped(states_of_wrong_way, "captioned", of_the_other_side), "claims"
    ),
    "a caption of another state": Fault(
        ["wrong-way"], wrapped(states_of_wrong_way, "captioned", captioned_by_another), "claims"
    ),
    "another unit": Fault(["wrong-way"], labelled_by_key("unit", one_more("unit")), "has unit="),
}


DESCRIPTION_FAULTS = {
    "wrong-way": {
        "another number": ("wrong[0] is −0.08", "wrong[0] is −0.09"),
        "another row": ("right[1] is", "right[0] is"),
        "the other way": ("wrong[1] is", "right[1] is"),
        "a verdict less": ("−0.51, wrong", "−0.51"),
    }
}
