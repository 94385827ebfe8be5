"""Which checks see which named fault: `python -m tests.mutants.matrix TABLE`.

Draws each named fault of `tests.binding.test_broken_figures` and runs all checks on
it, including those after the first that sees it. TABLE is a JSON file, written after
each row: name -> drawing -> the checks that see the fault there. A run continues the
table that it finds, so remove the file after a change of the checks. At the end it
prints what each check alone sees. A full table takes about two minutes of CPU.

- `--among PATTERN` draws only the faults whose names match.
- `--seen-by CHECK… --of OLD` draws only the rows that these checks saw in an old table.
- `--lost OLD` prints the rows that a check saw in an old table and none sees in TABLE.

Make a table before you remove a check, and another one after: no row may be lost.
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from lstm_figs.command.request import Request
from lstm_figs.render.svg import escape
from tests import layout_faults
from tests.binding import arrows, cases, parts, test_broken_figures, values
from tests.binding.breaking import Change, Fault, unbroken_svg
from tests.binding.checking import CHECKS
from tests.binding.drawing import Drawing, drawing
from tests.mutants.trial import is_seen
from tests.proof import prove_with

Table = dict[str, dict[str, list[str]]]
Row = tuple[str, str, Callable[[], list[str]]]


def rows() -> Iterator[Row]:
    """Each name, what is drawn with the fault, and a function that runs all checks."""
    for name, form, width, fault in test_broken_figures.BROKEN:
        yield name, f"{form}, {width}", partial(seen_when_drawn, form, width, fault)
    for name, change in test_broken_figures.CHANGED:
        yield name, f"{change.form}, changed", partial(seen_after, change)
    for name, form, old, new in test_broken_figures.DESCRIPTION_FAULTS:
        yield name, f"{form}, described", partial(seen_in_description, form, old, new)


def seen_when_drawn(form: str, width: int, fault: Fault) -> list[str]:
    """The checks that see a fault of the drawing code."""
    name, options = cases.parse_form(form)
    with pytest.MonkeyPatch.context() as patch:
        # Bypass the cache, so that no other row gets the broken drawing.
        patch.setattr(cases, "svg", cases.svg.__wrapped__)
        fault.patch(patch)
        figure = Request(name, fault.source, None, width, tuple(options.items())).draw()
        svg = figure.render("svg", "light").decode()
        is_laid_out = not layout_faults.faults(figure.sheet, None if figure.sheet.unit else width)
        of_example = fault.source == type(fault.source)()
        checks = seen(drawing(svg), *((form, width) if of_example else ()))
    return checks if is_laid_out else [*checks, "layout"]


def seen_after(change: Change) -> list[str]:
    """The checks that see a fault of an SVG."""
    return seen(drawing(change(unbroken_svg(change.form, change.source))))


def seen_in_description(form: str, old: str, new: str) -> list[str]:
    """The checks that see a fault of a description."""
    svg = cases.svg(form, cases.DEFAULT, 720)
    return seen(drawing(svg.replace(escape(old), escape(new), 1)))


def seen(read: Drawing, form: str = "", width: int = 720) -> list[str]:
    """All checks that see a fault; `parts` needs to know which drawing it is."""
    checks = {**CHECKS, "missing ends": arrows.missing_ends}
    checks |= {"values": values.faults, "missing notes": values.missing_notes}
    if form and (section := parts.section_of(form, cases.DEFAULT)) is not None:
        checks["parts"] = lambda read: parts.faults(read, width, section)
    checks["proof"] = lambda read: [] if proves(read) else ["unproven"]
    found = []
    for kind, check in checks.items():
        try:
            if list(check(read)):
                found.append(kind)
        except Exception as error:
            # An error of a check is no finding.
            found.append(kind if is_seen(error) else f"error of {kind}")
    return found


def proves(read: Drawing) -> bool:
    """Whether each number is what its expression yields."""
    try:
        prove_with(read.root, read.namespace)
    except AssertionError:
        return False
    return True


def alone(table: Table) -> dict[str, list[str]]:
    """Check -> the names that have a row which nothing else sees."""
    names: dict[str, set[str]] = defaultdict(set)
    for name, row in table.items():
        for checks in row.values():
            if len(checks) == 1:
                names[checks[0]].add(name)
    return {check: sorted(names[check]) for check in sorted(names)}


def lost(table: Table, old: Table) -> Iterator[str]:
    """The rows of an old table that no check sees now."""
    for name, row in old.items():
        for place, checks in row.items():
            if checks and place in table.get(name, {}) and not table[name][place]:
                yield f"{name}, in {place}: {', '.join(checks)}"


def main() -> None:
    """Make a table, or continue it."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.matrix")
    parser.add_argument("table", type=Path)
    parser.add_argument("--among", default="", help="a pattern of names")
    parser.add_argument("--seen-by", nargs="+", default=[], help="checks in the table OLD")
    parser.add_argument("--of", type=Path, help="the table OLD")
    parser.add_argument("--lost", type=Path, help="an old table")
    args = parser.parse_args()
    table: Table = json.loads(args.table.read_text()) if args.table.exists() else {}
    old: Table = json.loads(args.of.read_text()) if args.of else {}
    for name, place, run in rows():
        is_chosen = {*args.seen_by} & {*old.get(name, {}).get(place, ())}
        if place in table.get(name, {}) or not re.search(args.among, name):
            continue
        if not args.seen_by or is_chosen:
            table.setdefault(name, {})[place] = run()
            args.table.write_text(json.dumps(table, indent=1, ensure_ascii=False))
    for check, names in alone(table).items():
        print(f"{check}, alone: {'; '.join(names)}")
    if args.lost:
        print("Lost:", *lost(table, json.loads(args.lost.read_text())), sep="\n")


if __name__ == "__main__":
    main()
