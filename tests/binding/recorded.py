"""The content of `templates.txt`: each sentence of a figure once, with what it claims.

A line is the place of a sentence and its words, with the expression behind each
value in braces. Places of the same words and claims are joined by `|`. Claims are
indented below: `?` begins what the sentence claims in some case, and `&` is claimed
together with it. A `?` alone is a case without a claim.

    title | lead: What is cut off is said
        ? units < c.shape[-1]
        & bool(c[:, :, units:].any())

A section for options has what the figure says only with them. If that is a title or
a lead, it has all titles or leads that the figure has with them. `COMMON` lines are
allowed everywhere, and not repeated.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache

from tests.binding import specs

Claims = tuple[str, ...]
Entry = tuple[str, Claims]
"""Words with their place, and their claims."""
Statement = tuple[tuple[str, ...], Claims]
"""The lines of a text and its claims. Which line makes which claim is not known."""
Record = dict[str, list[Claims]]
"""Line -> its claims in each case that differs."""

HEAD = "# Written by tests.binding.write\n"

COMMON = [f"provenance: {words}" for words in ("{module}", "brackets", "edited", "example")]
"""Lines of every figure; `words.txt` has when each is true."""

_ONCE = ("title: ", "lead: ")
"""How lines begin of which a figure has one."""

_EXPRESSION = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")


def template(line: str) -> str:
    """A line with {} for each expression.

    >>> template("note: All {len({1: 2})} of {#}.")
    'note: All {} of {}.'
    """
    return _EXPRESSION.sub("{}", line)


@cache
def sections(figure: str) -> dict[str, Record]:
    """Options -> the statements that need them; "" for those that need none."""
    return read("\n".join(specs.lines(figure, "templates.txt")))


def read(text: str) -> dict[str, Record]:
    """The sections in a text.

    >>> read("a | b [c]: Words.\\n    ? x\\n    & y\\n")
    {'': {'a: Words.': [('x', 'y')], 'b [c]: Words.': [('x', 'y')]}}
    """
    result: dict[str, Record] = {"": {}}
    record, claims = result[""], list[Claims]()
    for line in text.splitlines():
        if line.startswith("    ?"):
            claims.append((line[6:],) if line[6:] else ())
        elif line.startswith("    &"):
            claims[-1] += (line[6:],)
        elif line.startswith("[--"):
            record = result.setdefault(line[1:-1], {})
        elif line and not line.startswith("# "):
            places, _, words = line.partition(": ")
            claims = []
            record |= {f"{place}: {words}": claims for place in places.split(" | ")}
    return result


def joined(records: Mapping[str, Record]) -> str:
    """The text of sections."""
    text = ""
    for options, record in records.items():
        text += f"\n[{options}]\n" if options else ""
        places: dict[tuple[str, tuple[Claims, ...]], list[str]] = defaultdict(list)
        for line, alternatives in record.items():
            place, _, words = line.partition(": ")
            places[words, tuple(alternatives)].append(place)
        for (words, claimed), named in places.items():
            text += f"{' | '.join(named)}: {words}\n"
            for claims in claimed:
                text += ("    ? " + "\n    & ".join(claims)).rstrip() + "\n"
    return text


@cache
def lines(figure: str, options: str | None = None) -> Record:
    """The statements that are allowed with some options; with any for None."""
    merged: dict[str, list[Claims]] = defaultdict(list, {line: [] for line in COMMON})
    replaced = _replaced(sections(figure).get(options or "", ())) if options else ()
    for name, record in sections(figure).items():
        for line, claims in record.items():
            if options in (None, name) or (not name and not line.startswith(replaced)):
                merged[line] += claims
    return dict(merged)


def _replaced(own_lines: Collection[str]) -> tuple[str, ...]:
    """How lines begin that options with lines of their own do not take over."""
    return tuple(start for start in _ONCE if any(line.startswith(start) for line in own_lines))


def entries(statement: Statement, record: Mapping[str, Iterable[Claims]]) -> Iterator[Entry]:
    """Each line of a text, with those of its claims that a record has below the line."""
    own_lines, own_claims = statement
    for line in own_lines:
        possible = {claim for claims in record.get(line, ()) for claim in claims}
        yield line, tuple(claim for claim in own_claims if claim in possible)


def written(statements_by_options: Mapping[str, set[Statement]]) -> str:
    """The content of `templates.txt`."""
    owners = _owners({statement for each in statements_by_options.values() for statement in each})
    records, without = dict[str, Record](), set[Entry]()
    for options, each in {"": set[Statement](), **statements_by_options}.items():
        all_entries = {
            entry
            for statement in each
            for entry in entries(statement, owners)
            if entry[0] not in COMMON
        }
        own = all_entries - without
        if options:
            replaced = _replaced({line for line, _ in own})
            own |= {entry for entry in all_entries if entry[0].startswith(replaced)}
        else:
            without = own
        record: Record = defaultdict(list)
        for line, claims in sorted(own):
            record[line] += [claims] if line in owners else []
        if record:
            records[options] = record
    return HEAD + joined(records)


def _owners(everything: set[Statement]) -> dict[str, list[Claims]]:
    """Line -> the claims to record below it, so that each claim of a text is below a line of it.

    Of the lines in question those are chosen that occur only with the claim, and
    then those in most of the texts with it.
    """
    texts = sorted(everything)
    places, claimed = defaultdict(set), defaultdict(set)
    for number, (lines, claims) in enumerate(texts):
        for line in lines:
            places[line].add(number)
        for claim in claims:
            claimed[claim].add(number)
    owners: dict[str, list[Claims]] = defaultdict(list)
    for claim, numbers in claimed.items():
        rest = set(numbers)
        while rest:
            candidates = {line: None for number in sorted(rest) for line in texts[number][0]}
            owner = min(
                candidates,
                key=lambda line: (len(places[line] - numbers), -len(places[line] & rest)),
            )
            owners[owner].append((claim,))
            rest -= places[owner]
    return dict(owners)
