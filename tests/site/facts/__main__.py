"""Update the words of facts that were rewritten on their page.

`python -m tests.site.facts renew PAGE…` shows each passage as it was and as it
is, with its expressions, and writes it into `PAGE.txt`. An expression that is
false, and a number that the page states differently, stay as they are.
"""

import argparse
import sys
from pathlib import Path

from tests.site.facts import FACTS
from tests.site.facts_of_pages import page


def renew(name):
    """Update the facts of a page; returns whether all of them hold then."""
    path = Path(__file__).with_name(f"{name}.txt")
    text, holds = path.read_text("utf-8"), True
    for fact in FACTS[name]:
        if not (fault := page(name).fault(fact)):
            continue
        renewed = page(name).renewed(fact)
        if renewed is None:
            print(fault, file=sys.stderr)
            holds = False
            continue
        print(f"{fault.partition(': ')[0]}\n- {fact.template}\n+ {renewed}")
        print(*(f"  {expr}" for expr in fact.expressions), "", sep="\n")
        text = text.replace(f"\n{fact.template}\n", f"\n{renewed}\n")
    path.write_text(text, "utf-8")
    return holds


def main(words):
    """Run the command; returns 1 if some facts do not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.site.facts")
    parser.add_argument("command", choices=["renew"])
    parser.add_argument("pages", nargs="+", choices=[*FACTS], metavar="PAGE")
    pages = parser.parse_args(words).pages
    results = [renew(name) for name in pages]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
