"""Faults of strips over the steps and of frames, which many units have."""

from lstm_figs.figures.gates_over_time import returned, strips
from lstm_figs.layout import heat, over_time
from lstm_figs.sources import Source
from tests.binding.breaking import Fault, wrapped


def cells_of_other_units(cells, array, *arguments, **more):
    return cells(array[::-1], *arguments, **more)


def cells_of_other_steps(cells, array, *arguments, **more):
    return cells(array[:, ::-1], *arguments, **more)


def names_turned_round(names, steps, name, y, high, units, id):
    return names(steps, name, y, high, units[::-1], id)


def steps_one_on(named, steps, y, of, **more):
    return named(steps._replace(left=steps.left + steps.width), y, of, **more)


def frame_one_step_before(frame, steps, first, *arguments):
    return frame(steps, max(first - 1, 0), *arguments)


def frame_of_another(frames, subject, steps, name, top, bottom):
    return frames(subject, steps, name, top - 82, bottom - 82)


def of(owner, name, change, found):
    return Fault(
        ["gates-over-time"], wrapped(owner, name, change), found, (720,),
        Source(3, 20, seq_len=12),
    )  # fmt: skip


FAULTS = {
    "other units": of(heat, "cells", cells_of_other_units, "i-strip has"),
    "other steps": of(heat, "cells", cells_of_other_steps, "i-strip has"),
    "rows named the other way": of(
        strips, "_names", names_turned_round, "not within the span"
    ),
    "steps named one on": of(over_time, "named", steps_one_on, "over or under"),
    "a frame that begins one step before": of(
        returned, "_frame", frame_one_step_before, "c_n covers the steps"
    ),
    "a frame around what is above": of(
        returned, "frames", frame_of_another, "c_n frames o-strip"
    ),
}
