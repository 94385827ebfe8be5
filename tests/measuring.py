"""CPU time of child processes, as a ratio to a floor in the same run."""

import resource
from collections.abc import Callable
from statistics import median

ROUNDS = range(5, 21)
"""Other work on the machine disturbs some rounds, hardly most of them."""


def seconds(run: Callable[[], object]) -> float:
    """The CPU time of all processes that a call starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def assert_ratio(
    ours: Callable[[], object], floor: Callable[[], object], most: float
) -> None:
    """Hold the median of the ratios in each round, until it is within."""
    ours(), floor()
    ratios: list[float] = []
    while len(ratios) < ROUNDS.start or (
        median(ratios) > most and len(ratios) < ROUNDS.stop
    ):
        ratios.append(seconds(ours) / seconds(floor))
    assert median(ratios) <= most, ratios
