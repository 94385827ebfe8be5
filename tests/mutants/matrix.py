"""Which checks see which named fault: `python -m tests.mutants.matrix TABLE`.

Runs all checks on each SVG with a fault of `tests.binding.test_broken_figures`.
TABLE is a JSON file: name -> command and message -> the checks that see the fault
there. A run continues it, so remove the file after a change of the checks. It prints
what each check alone sees, and takes about two minutes.

- `--among PATTERN` tries only the faults whose names match.
- `--seen-by CHECK… --of OLD` tries only the rows that these checks saw in an old table.
- `--lost OLD` prints the rows that a check saw in an old table and none sees in TABLE.

Make a table before and after you remove a check: no row may be lost.
"""

import argparse
import json
import re
from collections import defaultdict
from functools import partial
from pathlib import Path

from tests.binding import arrows, test_broken_figures, wording
from tests.binding.checking import CHECKS
from tests.binding.drawing import drawing
from tests.mutants.trial import is_seen
from tests.proof import prove_with


def seen(fault):
    """The checks that find a fault in a drawing."""
    read = drawing(fault.edited(test_broken_figures.svg(fault.command)))
    checks = {
        **CHECKS,
        "missing ends": arrows.missing_ends,
        "missing notes": wording.missing_notes,
        "parts": partial(test_broken_figures.faults_of_parts, command=fault.command),
        "proof": unproven,
    }
    kinds = []
    for kind, check in checks.items():
        try:
            if list(check(read)):
                kinds.append(kind)
        except Exception as error:
            # An error of a check is no finding.
            kinds.append(kind if is_seen(error) else f"error of {kind}")
    return kinds


def unproven(read):
    """No faults, but an assertion that fails unless all numbers are proved."""
    prove_with(read.root, read.namespace)
    return []


def alone(table):
    """Check -> the names that have a row which nothing else sees."""
    names = defaultdict(set)
    for name, row in table.items():
        for checks in row.values():
            if len(checks) == 1:
                names[checks[0]].add(name)
    return {check: sorted(names[check]) for check in sorted(names)}


def lost(table, old):
    """The rows of an old table that no check sees now."""
    for name, row in old.items():
        for place, checks in row.items():
            if checks and place in table.get(name, {}) and not table[name][place]:
                yield f"{name}, in {place}: {', '.join(checks)}"


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.matrix")
    parser.add_argument("table", type=Path)
    parser.add_argument("--among", default="", help="a pattern of names")
    parser.add_argument("--seen-by", nargs="+", default=[], help="checks in the table OLD")
    parser.add_argument("--of", type=Path, help="the table OLD")
    parser.add_argument("--lost", type=Path, help="an old table")
    args = parser.parse_args()
    table = json.loads(args.table.read_text()) if args.table.exists() else {}
    old = json.loads(args.of.read_text()) if args.of else {}
    for fault in test_broken_figures.FAULTS:
        name, place = fault.name, f"{fault.command}: {fault.expected}"
        is_chosen = {*args.seen_by} & {*old.get(name, {}).get(place, ())}
        if place in table.get(name, {}) or not re.search(args.among, name):
            continue
        if not args.seen_by or is_chosen:
            table.setdefault(name, {})[place] = seen(fault)
            args.table.write_text(json.dumps(table, indent=1, ensure_ascii=False))
    for check, names in alone(table).items():
        print(f"{check}, alone: {'; '.join(names)}")
    if args.lost:
        print("Lost:", *lost(table, json.loads(args.lost.read_text())), sep="\n")


if __name__ == "__main__":
    main()
