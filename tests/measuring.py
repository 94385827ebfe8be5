"""CPU time of child processes, as a ratio to a floor in the same run."""

import math
import resource
from collections.abc import Callable


def seconds(run: Callable[[], object]) -> float:
    """The CPU time of all processes that a call starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def assert_ratio(
    ours: Callable[[], object], floor: Callable[[], object], most: float
) -> None:
    """Hold the median of nine calls against that of nine calls of a floor.

    The machine's other work can disturb one measurement, hardly four.
    """
    ours(), floor()
    ratios: list[float] = []
    while not ratios or (ratios[-1] > most and len(ratios) < 4):
        ratios.append(_ratio(ours, floor, most))
    assert min(ratios) <= most, ratios


def _ratio(
    ours: Callable[[], object], floor: Callable[[], object], most: float
) -> float:
    """The ratio of both medians of nine, or once it is enough a higher one."""
    pairs = [(seconds(ours), seconds(floor)) for _ in range(4)]
    ratio = math.inf
    while len(pairs) < 9 and ratio > most:
        pairs.append((seconds(ours), seconds(floor)))
        first, second = map(sorted, zip(*pairs, strict=True))
        # Whatever is still to come, no median of nine lies beyond these.
        ratio = first[4] / second[-5]
    return ratio
