"""Faults of `writes`."""

import numpy as np

from lstm_figs.figures import writes as writes_module
from lstm_figs.proof.bindings import Course
from tests.binding.breaking import Fault, wrapped


def area_shifted(area, steps, scale, stripe, k, paint):
    steps = steps._replace(left=steps.left + steps.width)
    return area(steps, scale, stripe, k, paint)


def stripes_reversed(stripes, subject, unit, count):
    """The stripes with the last below, as drawn and as said."""
    found = stripes(subject, unit, count)
    piles = {True: np.zeros(count), False: np.zeros(count)}
    turned = []
    for one in reversed(found):
        up = bool(one.heights.sum() > 0)
        low, piles[up] = piles[up], piles[up] + one.heights
        turned.append(one._replace(low=low, high=piles[up]))
    return turned


def stripe_of_another(area, steps, scale, stripe, k, paint):
    """Each stripe drawn as what it is not said to be."""
    drawn = area(steps, scale, stripe, k, paint)
    (course,) = drawn.bound
    other = k - 1 if k else k + 1
    return drawn._replace(
        bound=(Course(f"edges[{other}]", "area", course.steps, course.scale),)
    )


def stripe_of_other_sign(area, steps, scale, stripe, k, paint):
    other = paint.replace("pos", "x").replace("neg", "pos").replace("x", "neg")
    return area(steps, scale, stripe, k, other)


FAULTS = {
    "a stripe shifted by a step with its scale": Fault(
        ["writes"], wrapped(writes_module, "_area", area_shifted), "the curves"
    ),
    "stripes in another order": Fault(
        ["writes"],
        wrapped(writes_module, "_stripes", stripes_reversed),
        "claims own == sorted",
    ),
    "a stripe at the place of another": Fault(
        ["writes"], wrapped(writes_module, "_area", stripe_of_another), "spans"
    ),
    "a stripe in the hue of the other sign": Fault(
        ["writes"],
        wrapped(writes_module, "_area", stripe_of_other_sign),
        "has the hue of (plus|minus)",
    ),
}


HEARD = {
    "writes": {
        "another number": ("c is −0.08", "c is −0.09"),
        "another share": ("of which 0.13 is", "of which 0.14 is"),
        "another step": ("step 13 ", "step 14 "),
        "another unit": ("of unit 0", "of unit 1"),
        "another word": ("left at", "lost at"),
    },
}
