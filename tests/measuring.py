"""CPU time of child processes, as a ratio to a floor in the same run."""

import resource
from collections.abc import Callable
from statistics import median


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
        pairs = [(seconds(ours), seconds(floor)) for _ in range(9)]
        first, second = (median(column) for column in zip(*pairs, strict=True))
        ratios.append(first / second)
    assert min(ratios) <= most, ratios
