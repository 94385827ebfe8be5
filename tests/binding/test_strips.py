"""Faults of strips over the steps and of frames, which many units have."""

import re

import pytest

import lstm_figs
from lstm_figs.figures.gates_over_time import returned, strips
from lstm_figs.layout import heat, over_time
from lstm_figs.sources import Source
from tests.binding.checking import faults
from tests.binding.drawing import drawing


def found():
    figure = lstm_figs.draw(
        "gates-over-time", Source(3, 20, seq_len=12).trace()
    )
    return faults(drawing(figure.render("svg", "light").decode()))


def test_what_is_drawn_is_right():
    assert found() == []


def patched(monkeypatch, owner, name, change):
    original = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *a, **k: change(original, *a, **k))


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


FAULTS = {
    "other units": (heat, "cells", cells_of_other_units, "i-strip has"),
    "other steps": (heat, "cells", cells_of_other_steps, "i-strip has"),
    "rows named the other way": (
        strips, "_names", names_turned_round, "not within the span",
    ),
    "steps named one on": (over_time, "named", steps_one_on, "over or under"),
    "a frame that begins one step before": (
        returned, "_frame", frame_one_step_before, "c_n covers the steps",
    ),
    "a frame around what is above": (
        returned, "frames", frame_of_another, "c_n frames o-strip",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault, monkeypatch):
    owner, name, change, message = FAULTS[fault]
    patched(monkeypatch, owner, name, change)
    assert any(re.search(message, one) for one in found()), found()
