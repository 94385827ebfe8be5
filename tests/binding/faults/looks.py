"""Faults of accents: marks that stand out or are muted."""

from lstm_figs.figures import batch_first, hidden_size
from lstm_figs.layout import blocks, styles
from lstm_figs.layout.motifs import layer_stack, wires
from tests.binding.breaking import Change, Fault, wrapped

ACCENTED = (
    *("autograd", "batch-first", "chunks", "directions", "dispatch", "error"),
    *("four-weights", "gate-order", "hidden-size", "independence"),
    *("perceptron", "porting", "shapes"),
)
"""All functions that draw accents."""


def other_end(draw, self, *arguments, id, strong="", **more):
    """Accent the first state instead of the last, with a matching reason."""
    if strong != 'tensor == "h_n"':
        strong = "" if strong else layer_stack.LAST_STEP_CLAIM if id.endswith("-0") else ""
    return draw(self, *arguments, id=id, strong=strong, **more)


def other_unit(bar, *arguments, strong):
    """Exchange accented and plain bars."""
    return bar(*arguments, strong=not strong)


def last_stands_out(draw, self, *arguments):
    """Let the last unit stand out instead of the first."""
    first, self.first = self.first, self.units[-1]
    marks = draw(self, *arguments)
    self.first = first
    return marks


def square_corners(back, box, claim):
    """Draw square corners, as of marks that are no operations, except for leaves."""
    corners = box._replace(radius=0 if box.radius else 6)
    return back(corners, "" if claim else "not it.next_functions")


def no_reason(accented, mark, accent):
    """Draw an accent without its reason."""
    return mark


def unlike_it(accented, mark, accent):
    """Draw an accent with a reason that is true for other marks."""
    return accented(mark, accent._replace(where=f"not ({accent.where})"))


FAULTS = {
    "a state that is filled at the other end": Fault(
        ("shapes", "directions"),
        wrapped(blocks.Chip, "draw", other_end),
        "has (no )?data-strong, but step ==",
    ),
    "another unit that stands out": Fault(
        ("hidden-size",),
        wrapped(hidden_size._Picture, "bar", last_stands_out),
        "has (no )?data-strong, but unit == 0",
    ),
    "a line to another unit that stands out": Fault(
        ("hidden-size",),
        wrapped(hidden_size._Picture, "ribbons", last_stands_out),
        "line to owned-. has (no )?data-strong, but unit == 0",
    ),
    "a line to another axis that stands out": Fault(
        ("batch-first",),
        wrapped(batch_first, "_same", other_unit),
        "line to .* has (no )?data-strong, but axis == ",
    ),
    "square corners for all but leaves": Fault(
        ("autograd",),
        wrapped(styles, "back", square_corners),
        "has (no )?data-back, but not it.next_functions",
    ),
    "a gate in the tint of another": Fault(
        ("cell",),
        wrapped(wires, "tint", lambda tint, paint: tint("gate-i")),
        r"rect has the hue of \['f', 'i'\]",
    ),
    "what stands out and does not say why": Fault(
        ACCENTED, wrapped(styles, "_accented", no_reason), "looks different from"
    ),
    "a reason that is true of others": Fault(
        ACCENTED, wrapped(styles, "_accented", unlike_it), "has (no )?data-"
    ),
}

FILLED = r'fill="#e8e9eb" stroke="#3d4658" stroke-width="2" data-strong="step'

CHANGES = {
    **{
        f"a state that should be filled, {form}": Change(
            form,
            FILLED,
            'fill="#ffffff" stroke="#ccd1d9" stroke-width="1" data-strong="step',
            "look like the rest|looks different from",
        )
        for form in ("shapes", "directions")
    },
    "a leaf with round corners": Change(
        "autograd",
        r'(<rect[^>]*)( fill="#ffffff"[^>]*data-back=)',
        r'\1 rx="6"\2',
        "looks different from",
    ),
    "a unit that stands out, and says nothing": Change(
        "hidden-size",
        'stroke-width="0.75"( id="hidden-size--stored-1")',
        r'stroke-width="1.25"\1',
        "looks different from",
    ),
}
