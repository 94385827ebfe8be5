"""Deliberate faults of `error`, which its tests must find."""

from dataclasses import replace

from lstm_figs.figures import error
from lstm_figs.figures.error import rows
from tests.binding.breaking import Fault, wrapped


def worded_otherwise(proven, source, claim):
    return proven(*(text.replace("size", "sizes") for text in (source, claim)))


def of_another_call(sentence, template, *values, **more):
    """A call without a pair of parentheses."""
    other = [tuple(part.replace("c_0", "h_0") for part in v) for v in values]
    return sentence(template, *other, **more)


def below_the_first_axis(draw_remark, self, row, places, y):
    """A fault of the batch axis, drawn below the layer axis."""
    return draw_remark(self, replace(row, marked_axes=tuple(places)[:1]), places, y)


FAULTS = {
    "a message that PyTorch does not raise": Fault(
        ["error"], wrapped(error, "proven_code", worded_otherwise), "claims .* False"
    ),
    "a call that is not run": Fault(
        ["error"], wrapped(error, "sentence", of_another_call), "which the figure does not show"
    ),
    "what is wrong below another axis": Fault(
        ["error"],
        wrapped(rows.Rows, "_remark", below_the_first_axis),
        "is not below the middle of the red mark",
        widths=(720,),
    ),
}


DESCRIPTION_FAULTS = {
    "error": {
        "another size": (
            "Got h_0 with D·num_layers 1, batch 2",
            "Got h_0 with D·num_layers 1, batch 1",
        ),
        "another axis": ("Given x with seq_len", "Given x with batch"),
        "another message": ("size (1, 1, 2)", "size (1, 1, 3)"),
        "another mistake": ("not the batch", "the batch"),
    }
}
