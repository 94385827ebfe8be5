"""Choose test cases for figures: `python -m tests.binding.choose NAME`.

Many cases run the same code of a figure. This command draws all of them and
records which line runs after which. It then writes to `chosen.txt` a small set
of cases that covers all these arcs, for the figures named or for all. Run it
when a figure has new branches. `scripts/test` draws the chosen cases;
`scripts/test --all` draws every case.
"""

import os
import sys
import warnings
from collections import defaultdict
from multiprocessing import get_context
from pathlib import Path

import coverage

import lstm_figs
from lstm_figs.figures import CATALOG
from tests.binding.cases import (
    CHOSEN,
    always_drawn,
    cases_of,
    chosen_cases,
    draw_case,
    versions_of,
    widths_of,
)

PACKAGE = Path(lstm_figs.__file__).parent

HEAD = """\
# The cases that each figure is drawn with on a push, besides those of every
# figure: the fewest that run each arc of its code.
# Written by: python -m tests.binding.choose
"""


def arcs_of(figure):
    """The arcs in a figure's code and in layout that each case runs.

    An arc is a file and two lines in it; the second ran directly after the first.
    """
    code = PACKAGE / "figures" / figure.replace("-", "_")
    tracer = coverage.Coverage(
        data_file=None,
        branch=True,
        config_file=False,
        include=[f"{code}.py", f"{code}/*", f"{PACKAGE}/layout/*"],
    )
    tracer.start()
    for case in cases_of(figure):
        tracer.switch_context(case)
        for version in versions_of(figure):
            for width in widths_of(figure):
                draw_case(version, case, width).render("svg", "light")
    tracer.stop()
    data = tracer.get_data()
    arcs = defaultdict(set)
    for case in cases_of(figure):
        data.set_query_context(case)
        for file in data.measured_files():
            arcs[case] |= {(file, *arc) for arc in data.arcs(file) or ()}
    return arcs


def fewest(arcs, required):
    """A small set of cases that, with the required ones, runs every arc.

    Args:
        arcs: Case -> the arcs that it runs.
        required: Cases that are drawn anyway.

    >>> one, two, three = (("a", 1, n) for n in (2, 3, 4))
    >>> fewest({"x": {one}, "y": {one, two}, "z": {two, three}}, {"x"})
    ['z']
    """
    remaining = set().union(*arcs.values())
    remaining -= set().union(*(arcs[case] for case in required))
    taken = []
    while remaining:
        taken.append(max(arcs, key=lambda case: len(arcs[case] & remaining)))
        remaining -= arcs[taken[-1]]
    # A later case may cover everything that made an earlier one necessary.
    for case in reversed(taken[:-1]):
        others = {*taken, *required} - {case}
        if arcs[case] <= set().union(*(arcs[other] for other in others)):
            taken.remove(case)
    return taken


def choose(figure):
    """The figure, and the cases that run its code besides those always drawn."""
    # Torch warns about how it runs some cases.
    warnings.simplefilter("ignore")
    return figure, fewest(arcs_of(figure), {*always_drawn(figure)})


def main(names):
    for name in names:
        if name not in CATALOG:
            sys.exit(f"got {name!r}, expected a figure; see `lstm-figs list`")
    cases_by_figure = {name: list(chosen_cases().get(name, ())) for name in CATALOG}
    # Use a new process for each figure; cached results would hide arcs.
    with get_context("spawn").Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        for name, cases in pool.imap(choose, names or CATALOG):
            cases_by_figure[name] = cases
            print(f"{name}: {len(cases)} beside {len(always_drawn(name))}")
    lines = (f"{name}: {'; '.join(cases)}\n" for name, cases in cases_by_figure.items())
    CHOSEN.write_text(HEAD + "".join(lines), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
