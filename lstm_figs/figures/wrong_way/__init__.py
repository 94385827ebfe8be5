"""The figure `wrong-way`: a silent mistake beside the right way.

No mistake raises an error, so only the numbers reveal it.
"""

from collections.abc import Callable
from typing import Literal

from ...errors import BeyondLimit
from ...layout.blocks import Block, block_row_or_column
from ...layout.excerpts import excerpt
from ...layout.margins import inner_width
from ...layout.number_lists import number_list
from ...layout.provenance import origin, provenance
from ...model.layer_run import LayerRun
from ...proof.bindings import sentence
from ...scene.scenes import Diagram, Head
from .inputs import padding, swapped_axes
from .mistake import Mistake, Side
from .parameters import forget_bias_twice, onnx_order
from .sides import SIDES_GAP, SideBlock, units_of
from .states import h_n_last, h_n_view

Name = Literal["h-n-view", "h-n-last", "swapped-axes", "padding", "onnx-order", "forget-bias-twice"]
"""The names of the mistakes, for the option `--mistake`."""

MISTAKES: dict[Name, Callable[[LayerRun], Mistake]] = {
    "h-n-view": h_n_view,
    "h-n-last": h_n_last,
    "swapped-axes": swapped_axes,
    "padding": padding,
    "onnx-order": onnx_order,
    "forget-bias-twice": forget_bias_twice,
}
"""The function of each mistake."""


def wrong_way(subject: LayerRun, width: float, *, mistake: Name = "h-n-view") -> Diagram:
    """A classic mistake, its numbers beside the right ones.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        mistake: Which mistake.

    Raises:
        BeyondLimit: If it changes nothing here.
    """
    pair, space = MISTAKES[mistake](subject), inner_width(width)
    if _second_column(pair.wrong) == _second_column(pair.right):
        raise BeyondLimit(
            f"got tensors with which --mistake {mistake} changes no number, "
            "expected some that show it; choose other weights or another input"
        )
    sides = {"wrong": pair.wrong, "right": pair.right}
    lines = max(len(side.code) for side in sides.values())
    blocks: list[Block] = [
        SideBlock(side, name, pair.claim(name), lines, space).block()
        for name, side in sides.items()
    ]
    body = block_row_or_column(blocks, space, SIDES_GAP)
    return Diagram(
        heading=_head(subject, pair),
        description=" ".join(_side_description(name, side) for name, side in sides.items()),
        width=space,
        height=body.height,
        marks=body.marks,
        figure_width=width,
        setup=pair.setup,
    )


def _second_column(side: Side) -> list[float]:
    """The numbers of the second column, rounded; NaN differs from NaN.

    In every mistake this column is wrong on the wrong side.
    """
    return [
        float(f"{number.value:.5g}")
        for _, second, *_ in side.rows
        for number in second.values or ()
    ]


def _head(subject: LayerRun, mistake: Mistake) -> Head:
    notes = list(mistake.notes)
    units = excerpt(units_of(mistake.right))
    if units.is_folded:
        notes.append(
            sentence(
                "{} of {} units are drawn; dots stand for the others.",
                (len(units.indices), str(len(units.indices))),
                (units.count, "right[0].shape[-1]")
                if isinstance(mistake.right.columns, tuple)
                else (units.count, f"{mistake.state}.shape[-1]"),
            )
        )
    return Head(
        mistake.title,
        mistake.lead,
        provenance(
            subject, built=("both", mistake.both_signature) if mistake.both_signature else None
        ),
        tuple(notes),
        origin(subject),
    )


def _side_description(name: str, side: Side) -> str:
    """The numbers of a side: those of each sequence, or of each column."""
    if isinstance(side.columns, tuple):
        # Of two biases, one is wrong.
        (results,) = side.rows
        described = [(result,) for result in results[:2]]
    else:
        # All results of a sequence.
        described = list(zip(*side.rows, strict=True))
    phrases = []
    for k, results in enumerate(described):
        vectors = [result.values for result in results if result.values]
        values = [number for vector in vectors for number in vector]
        wrong = ", wrong" if any(result.wrong for result in results) else ""
        # The text must contain all printed numbers, even where an excerpt would be
        # shorter.
        if all(not excerpt(len(vector)).is_folded for vector in vectors):
            listed = ", ".join(map(number_list, vectors))
        else:
            listed = number_list(values)
        phrases.append(f"{name}[{k}] is {listed}{wrong}")
    return f"{name.capitalize()}: {'; '.join(phrases)}."
