"""Deliberate faults of `gates-over-time`, which its tests must find."""

from dataclasses import replace

from lstm_figs.figures import gates_over_time
from lstm_figs.layout.motifs import heat, over_time, token_rows
from lstm_figs.model.reference import Number
from lstm_figs.sources import Source
from tests.binding.breaking import Fault, wrapped


def cells_of_other_units(cells, matrix, *arguments, **more):
    turned = replace(matrix, values=matrix.values[::-1])
    return cells(turned, *arguments, **more)


def cells_of_other_steps(cells, matrix, *arguments, **more):
    turned = replace(matrix, values=matrix.values[:, ::-1])
    return cells(turned, *arguments, **more)


def names_turned_round(names, strips, strip, y, high, units):
    return names(strips, strip, y, high, units[::-1])


def steps_one_on(named, steps, y, of, **more):
    return named(steps._replace(left=steps.left + steps.width), y, of, **more)


def words_a_letter_late(words, letters):
    """Each word at its second letter."""
    for word in words(letters):
        yield word._replace(step_number=word.step_number + 1)


def tokens_one_late(marks, steps, tokens, *arguments, **more):
    """Each token one step late."""
    last = steps.labels[-1]
    late = [token._replace(step_number=min(token.step_number + 1, last)) for token in tokens]
    return marks(steps, late, *arguments, **more)


def frame_one_step_before(frame, form, first, *arguments, **more):
    return frame(form, max(first - 1, 0), *arguments, **more)


def frame_of_another(frames, form, name, top, bottom):
    return frames(form, name, top - 86, bottom - 86)


def no_ends(colour_bar, *arguments):
    return []


def half_of_what_a_gate_can_be(heat, cells, *arguments, **more):
    return heat(cells._replace(scale_end=HALF_OPEN), *arguments, **more)


HALF_OPEN = Number(0.5, "0.5", 0)


def fault_of_cells(owner, name, change, message):
    return Fault(
        ["gates-over-time"],
        wrapped(owner, name, change),
        message,
        widths=(720,),
        source=Source(3, 20, seq_len=12),
    )


FAULTS = {
    "other units": fault_of_cells(heat, "cells", cells_of_other_units, "i-strip has"),
    "other steps": fault_of_cells(heat, "cells", cells_of_other_steps, "i-strip has"),
    "rows named the other way": fault_of_cells(
        gates_over_time._Strips, "unit_names", names_turned_round, "not within the span"
    ),
    "steps named one on": fault_of_cells(over_time, "step_labels", steps_one_on, "over or under"),
    "words that stand at their second letter": Fault(
        ["gates-over-time"],
        wrapped(token_rows, "_words", words_a_letter_late),
        "step=",
        source=Source(
            weights="docs/code/characters.safetensors",
            input="docs/code/characters-input.safetensors",
            tokens="docs/code/characters-tokens.json",
        ),
    ),
    "tokens that stand a step late": Fault(
        ["gates-over-time", "unit-map"],
        wrapped(token_rows, "_marks", tokens_one_late),
        "step=",
        source=Source(network="brackets"),
    ),
    "a frame that begins one step before": fault_of_cells(
        gates_over_time._Form, "frame", frame_one_step_before, "c_n covers the steps"
    ),
    "a frame around what is above": fault_of_cells(
        gates_over_time._Form, "frames", frame_of_another, "c_n frames o-strip"
    ),
    "colours of a gate without ends": fault_of_cells(
        gates_over_time._Strips,
        "gate_colour_bar",
        no_ends,
        "i-strip has a scale to 1.0, but no number",
    ),
    "colours that end where a gate is half open": fault_of_cells(
        heat, "heat_map", half_of_what_a_gate_can_be, "f-strip has a scale to 0.5"
    ),
}
