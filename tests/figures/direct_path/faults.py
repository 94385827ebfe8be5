"""Deliberate faults of `direct-path`, which its tests must find."""

from lstm_figs.figures.direct_path import _Drawing
from lstm_figs.proof.bindings import Flow
from lstm_figs.scene.marks import Group, Path
from tests.binding.breaking import Fault, labelled, wrapped


def arrow_from_the_start(states, drawing):
    return [*states(drawing), drawing.arrow("c", 0, "h", 0)]


def without_arrows_along_h(states, drawing):
    return [
        mark
        for mark in states(drawing)
        if not (
            isinstance(mark, Group)
            and isinstance(mark.bound[0], Flow)
            and mark.bound[0].tail.startswith("h")
            and mark.bound[0].head.startswith("h")
        )
    ]


def bars_exchanged(bars, drawing, unit, top):
    """Swap the bars of both paths, in the drawing and in the proof."""
    turned = unit._replace(direct=unit.total, total=unit.direct)
    return bars(drawing, turned, top)


def lines_thicker(line, *arguments):
    """Draw each line along c as thick as for a larger f."""
    return [
        mark._replace(stroke_width=mark.stroke_width + 0.5) if isinstance(mark, Path) else mark
        for mark in line(*arguments)
    ]


def paths_exchanged(content, names):
    exchanged = {"along c": "all paths", "all paths": "along c"}
    return exchanged.get(content, content), names


FAULTS = {
    "an arrow from c to the h that does not depend on it": Fault(
        ["direct-path"], wrapped(_Drawing, "states", arrow_from_the_start), "is not made of"
    ),
    "no arrow from an h to the next": Fault(
        ["direct-path"], wrapped(_Drawing, "states", without_arrows_along_h), "no arrow makes h-"
    ),
    "bars exchanged": Fault(
        ["direct-path"], wrapped(_Drawing, "bars", bars_exchanged), "has the hue"
    ),
    "a line thicker than its f": Fault(
        ["direct-path"], wrapped(_Drawing, "line", lines_thicker), "thick, but"
    ),
    "the names of both paths exchanged": Fault(
        ["direct-path"], labelled(paths_exchanged), "says nothing of"
    ),
}


DESCRIPTION_FAULTS = {
    "direct-path": {
        "another number": ("directly 0.083", "directly 0.084"),
        "another path": ("on all paths 0.086", "on all paths 0.083"),
        "another unit": ("Unit 1.", "Unit 0."),
        "another gate": ("f is 0.371", "f is 0.372"),
    }
}
