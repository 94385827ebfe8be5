"""Deliberate faults of `poster`, which its tests must find."""

from lstm_figs.sheets import poster
from tests.binding.breaking import Fault, wrapped

WIDTHS = (720,)


def of_step_13(draw, subject, width, **more):
    """Draw a different step than the heading names."""
    return draw(subject, width, **{**more, "step": 13})


def of_the_other_unit(draw, subject, width, **more):
    return draw(subject, width, **{**more, "units": (1,)})


def another_step(story, subject):
    """A bracket that is counted."""
    return story(subject)._replace(t=12)


def units_exchanged(story, subject):
    original = story(subject)
    inhibition = original.inhibition
    return original._replace(
        inhibition=inhibition._replace(target=inhibition.source, source=inhibition.target)
    )


FAULTS = {
    "a step that is counted": Fault(
        ["poster"],
        wrapped(poster, "_story", another_step),
        "claims .* which is False",
        widths=WIDTHS,
    ),
    "the unit that counts and the one that shuts it exchanged": Fault(
        ["poster"],
        wrapped(poster, "_story", units_exchanged),
        "says 1 for|which is (False|0|1)",
        widths=WIDTHS,
    ),
    "the numbers of another step below the heading": Fault(
        ["poster"],
        wrapped(poster, "keep_write_show", of_step_13),
        "names i-8-0, which matches no mark",
        widths=WIDTHS,
    ),
    "the numbers of the other unit below the heading": Fault(
        ["poster"],
        wrapped(poster, "keep_write_show", of_the_other_unit),
        "names i-8-0, which matches no mark",
        widths=WIDTHS,
    ),
}
