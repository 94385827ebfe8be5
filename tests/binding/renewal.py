"""Show what an update of a figure's records changes, in text and in pictures.

No check can verify words without a value or claim, or labels that consist of
their names. So a person has to read each of them and confirm it on the command
line.
"""

import base64
import html
import re
import subprocess
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from tests import compare_drawings
from tests.binding import cases, parts, specs
from tests.binding.drawing import drawing

_LABEL = re.compile(r"label (.+) \([^()]*\)")
"""Matches a part that is a label."""

_PHRASE = re.compile(rf"{parts.UNBOUND}[^:]*: (.+)")
"""Matches a part that is a phrase without a value and a claim."""

VALUE_LABEL = "…"
"""Placeholder in a part for a label that contains values."""


def confirmation_request(figure, words, confirmed):
    """The question to the user, and the command that confirms the words."""
    unread = [text for text in words if text not in confirmed]
    listing = "\n".join(f"  {text}" for text in unread)
    return (
        f"Is it true?\n{listing}\nThese words of {figure} say no value and claim "
        "nothing, so parts.txt waits for them. When you "
        "have read them, type this line without those that are false:\n"
        f"{specs.renewing(figure, [*confirmed, *unread])}"
    )


class Differences(NamedTuple):
    """How the parts of a figure differ from those of a commit.

    Attributes:
        lines: The parts that the places with a new digest lose and gain.
        words: The labels and phrases that they gain, except those with a value or a claim.
        page: A page that shows both drawings; None if there are none to compare.
    """

    lines: list[str]
    words: list[str]
    page: Path | None


def compare_parts(figure, counted, commit):
    """Compare the parts of a figure with a commit, where their digests are not the recorded ones.

    Args:
        counted: (version, case, width) -> the parts of that drawing.
        commit: The commit, which draws with its own code. Its parts are counted with
            the present code.
    """
    now, known = parts.by_place(counted), parts.read_digests(figure)
    differing = [p for p, counts in now.items() if known.get(p) != parts.digest(counts)]
    keys = [key for key in counted if parts.place_of(*key) in differing]
    if not keys:
        return Differences([], [], None)
    old = committed_drawings(figure, keys, commit)
    unchanged = {key: counts for key, counts in counted.items() if key not in keys}
    redrawn = {
        (version, case, width): parts.counted(drawing(svg, cases.own_names(case)))
        for (version, case, width), svg in old.items()
    }
    before = parts.by_place(unchanged | redrawn)
    return Differences(
        [
            *_part_changes(differing, before, now, commit),
            *_not_drawn([key for key in keys if key not in old], commit),
        ],
        sorted(_gained_labels(now, before) | _gained_phrases(now, before)),
        _pictures(figure, old, commit),
    )


def committed_drawings(figure, keys, commit):
    """Key -> the SVG that the code of a commit draws, if it can."""
    drawn_by_name = {compare_drawings.drawing_name(*key): key for key in keys}
    with tempfile.TemporaryDirectory() as folder:
        try:
            with compare_drawings.checkout(commit) as before:
                files = compare_drawings.some_drawings(
                    before, Path(folder, "old"), figure, drawn_by_name
                )
        except subprocess.CalledProcessError:
            return {}
        # Old proofs name their files at the old location.
        return {
            key: files[name]
            .read_text("utf-8")
            .replace(compare_drawings.FOLDER, str(cases.folder()))
            for name, key in drawn_by_name.items()
            if name in files
        }


def _part_changes(places, before, now, commit):
    """The lines that places lose and gain, below the places where they are the same."""
    places_by_change = defaultdict(list)
    for section, width in places:
        if (section, width) in before:
            lost, gained = ({*parts.lines(counts[section, width])} for counts in (before, now))
            places_by_change[_change(lost, gained)].append(f"{section}, {width}")
    same = places_by_change.pop((), [])
    for change, names in places_by_change.items():
        yield f"[{'; '.join(names)}]"
        yield from change
    if same:
        yield (
            f"{commit} has the same parts, but different digests, in {'; '.join(same)}: "
            "--before COMMIT compares with an earlier commit."
        )


def _change(before, after):
    """What a renewal removes and adds, as the lines of a diff."""
    return (
        *(f"- {line}" for line in _condense(before - after)),
        *(f"+ {line}" for line in _condense(after - before)),
    )


def _condense(lines):
    """The first of the lines that differ only in numbers or places, with the others counted.

    >>> [*_condense(["1 rect at -3, 9 of f", "1 rect at 4, 1 of i", "1 path"])]
    ['1 path', '1 rect at -3, 9 of f, and 1 alike']
    """
    lines_by_stem = defaultdict(list)
    for line in sorted(lines):
        stem = re.sub(r" at #, # of .*", "", re.sub(r"-?\d+", "#", line))
        lines_by_stem[stem].append(line)
    for first, *others in lines_by_stem.values():
        yield f"{first}, and {len(others)} alike" if others else first


def _not_drawn(keys, commit):
    """A sentence about the drawings that the code of the commit cannot draw."""
    if not keys:
        return []
    first, *others = keys
    more = f" and {len(others)} more" if others else ""
    name = compare_drawings.drawing_name(*first)
    return [f"{commit} cannot draw {name}{more}, so there is nothing to compare with."]


def _gained_labels(now, before):
    """The labels that the figure had nowhere before."""
    current, known = (_words(_LABEL, *counts.values()) for counts in (now, before))
    return current - known - {VALUE_LABEL}


def _gained_phrases(now, before):
    """The phrases that a place did not have before; those of a new place, if no place had them.

    Titles of two options may be exchanged, so each place counts.
    """
    known = sum(before.values(), Counter[str]())
    return {
        words
        for place, counts in now.items()
        for words in _words(_PHRASE, counts) - _words(_PHRASE, before.get(place, known))
    }


def _words(pattern, *counts):
    """The words of the parts that a pattern matches."""
    matches = (pattern.fullmatch(part) for each in counts for part in each)
    return {match[1] for match in matches if match}


def _pictures(figure, old, commit):
    """Write a page with old and new drawings, a pair for each distinct set of differences."""
    # Lines that differ -> the name of each drawing with them, and its SVG before and after.
    pairs = defaultdict(list)
    for key, svg in old.items():
        current = cases.svg(*key)
        if svg == current:
            continue
        (_, case, _) = key
        own_names = cases.own_names(case)
        before, after = (
            {*parts.lines(parts.parts(drawing(text, own_names)))} for text in (svg, current)
        )
        if before != after:
            name = compare_drawings.drawing_name(*key)
            pairs[_change(before, after)].append((name, svg, current))
    if not pairs:
        return None
    page = Path(tempfile.mkdtemp()) / f"{figure}.html"
    page.write_text(_page(figure, pairs, commit), "utf-8")
    return page


def _page(figure, pairs, commit):
    """The HTML of the page: each pair below the lines that differ."""
    blocks = []
    for lines, alike in pairs.items():
        (name, before, after), *others = alike
        more = f", and {len(others)} more alike" if others else ""
        blocks += [
            f"<h2>{html.escape(name)}{more}</h2>",
            f"<pre>{html.escape(chr(10).join(lines))}</pre>",
            f"<div>{_image(before)}{_image(after)}</div>",
        ]
    return (
        f'<!doctype html><meta charset="utf-8"><title>{figure}</title>'
        "<style>body{font-family:sans-serif}div{display:flex;gap:1em}"
        "pre{white-space:pre-wrap}figure{margin:0;flex:1}img{max-width:100%}"
        f"</style><h1>{figure}: {html.escape(commit)}, and now</h1>" + "\n".join(blocks)
    )


def _image(svg):
    data = base64.b64encode(svg.encode()).decode()
    return f'<figure><img alt="" src="data:image/svg+xml;base64,{data}"></figure>'
