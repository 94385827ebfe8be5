"""What `how-an-lstm-remembers` quotes."""

from typing import Any

import torch

from tests.site.facts_of_pages import preamble_names

LINE = "reading --network brackets --text 'f(a, \":)\", (b))'"
"""The line of all scenes, as the trained network reads it."""

CUT = f"{LINE} --set 'lstm.weight_hh_l0[0,1]=0'"
"""The same without one weight."""


def opened(count: int) -> tuple[float, float]:
    """`c` and `h` of unit 0 after this number of open brackets."""
    names: dict[str, Any] = preamble_names(LINE)
    places = [names["alphabet"].index("(")] * count
    with torch.no_grad():
        _, (h, c) = names["lstm"](torch.eye(4)[places])
    return c[0, 0].item(), h[0, 0].item()


def closes_one_of_one_or_two_and_nothing_in_quotes() -> bool:
    """Whether the line has each kind of closing bracket."""
    names = preamble_names(LINE)
    depths = [0, *(int(depth) for depth in names["depth"].flatten())]
    closing = [
        (before, after)
        for char, before, after in zip(names["text"], depths, depths[1:], strict=False)
        if char == ")"
    ]
    return closing == [(1, 1), (2, 1), (1, 0)]


def is_read_off_so() -> bool:
    """Whether an answer is yes where a weighted sum of `h` is positive.

    For unit 0 alone, while unit 1 shows nothing, that is below a threshold,
    which one open bracket leaves twice below it.
    """
    names = preamble_names(LINE)
    readout = names["readout"]
    sums = names["output"] @ readout.weight.T + readout.bias
    threshold = -readout.bias[1] / readout.weight[1, 0]
    return bool(
        torch.equal(sums > 0, names["answers"] > 0.5)
        and readout.weight[1, 0] < 0 < threshold
        and names["output"][1, 0, 0] > 2 * threshold
    )


def differs_from_the_same_sums() -> bool:
    """Whether the gate without the weight is not that without its term.

    Both are nearly alike at the bracket in the smile.
    """
    cut = preamble_names(CUT)["i"][6:9, 0, 0]
    without = preamble_names(LINE)["i_without"].flatten()[6:9]
    apart = (cut - without).abs()
    return bool(apart.max() > 0.3 and apart[1] < 0.01)
