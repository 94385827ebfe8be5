"""Show what an update of a figure's records changes, in text and in pictures.

No check can verify words without a value or claim, or labels that consist of
their names. So a person has to read each of them and confirm it on the command
line.
"""

import base64
import html
import re
import shlex
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from tests import compare_drawings
from tests.binding import cases, parts, values
from tests.binding.drawing import Drawing, drawing
from tests.binding.sentences import sentences

_LABEL = re.compile(r"\d+: \d+ label (.+) \([^()]*\)")
"""Matches a label in `parts.txt`."""

VALUE_LABEL = "…"
"""Placeholder in `parts.txt` for a label that contains values."""


def sections(text: str) -> dict[str, list[str]]:
    """The lines of a record by section heading."""
    result: dict[str, list[str]] = {"": []}
    section = result[""]
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            section = result.setdefault(line, [])
        elif line and not line.startswith("# "):
            section.append(line)
    return result


def changes(old: str, new: str) -> list[str]:
    """The lines that a record loses and gains, below their headings."""
    before, after = sections(old), sections(new)
    changed_lines = []
    for heading in dict.fromkeys([*before, *after]):
        lost, gained = before.get(heading, []), after.get(heading, [])
        differing = [
            *(f"- {line}" for line in lost if line not in gained),
            *(f"+ {line}" for line in gained if line not in lost),
        ]
        changed_lines += [heading] * bool(heading and differing) + differing
    return changed_lines


def unbound_sentences(drawings: Iterable[Drawing]) -> dict[str, str]:
    """Line -> words, for the sentences without a value or claim."""
    return {
        sentence.line: sentence.text
        for drawing in drawings
        for sentence in sentences(drawing)
        if sentence.text
        and not (sentence.values or sentence.claim or sentence.is_label or sentence.is_footer)
    }


def new_words(files: Mapping[str, tuple[str, str]], lines: Mapping[str, str]) -> list[str]:
    """The words that a person has to read, without duplicates.

    Args:
        files: File name -> its present and its new content.
        lines: The result of `unbound_sentences`.
    """
    old, new = files["templates.txt"]
    gained = {line[2:] for line in changes(old, new) if line[0] == "+"}
    words_to_read = [words for line, words in lines.items() if line in gained]
    known, now = (
        {m[1] for m in map(_LABEL.fullmatch, text.splitlines()) if m} for text in files["parts.txt"]
    )
    words_to_read += sorted(now - known - {VALUE_LABEL})
    return list(dict.fromkeys(words_to_read))


def without_unread(text: str, old: str, unread: Iterable[str]) -> str:
    """The new record without the added lines whose words are unconfirmed."""
    known_lines = {line for section_lines in sections(old).values() for line in section_lines}
    unread = set(unread)
    return "".join(
        line
        for line in text.splitlines(keepends=True)
        if line.strip() in known_lines or not unread & _words_in(line.strip())
    )


def _words_in(line: str) -> set[str]:
    """The possible words of a line in a record."""
    words = {line.partition(": ")[2]}
    for pattern in (
        r"\d+: \d+ sentence by [^:]*: (.*)",
        r"\d+: \d+ words \((.*)\) (?:at|from) .*",
        r"\d+: \d+ name \((.*), (?:band|block)\) at .*",
        _LABEL,
    ):
        words.update(re.findall(pattern, line))
    return words


def confirmation_request(figure: str, words: Iterable[str], confirmed: Iterable[str]) -> str:
    """The question to the user, and the command that confirms the words."""
    unread = [text for text in words if text not in confirmed]
    listing = "\n".join(f"  {text}" for text in unread)
    typed = " ".join(f"--true {shlex.quote(text)}" for text in (*confirmed, *unread))
    return (
        f"Is it true?\n{listing}\nThese words of {figure} say no value and claim "
        "nothing, so they were not written. When you have read them, type this "
        "line without those that are false:\n"
        f"python -m tests.binding.write {figure} {typed}"
    )


def pictures(figure: str) -> Path | None:
    """Write a page that compares the drawings of the last commit with the current ones.

    It has one pair for each distinct set of differences. Returns None if
    nothing differs, or if there is no commit to compare with.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            before = stack.enter_context(compare_drawings.checkout("HEAD"))
        except subprocess.CalledProcessError:
            print("There are no pictures: git has no commit to draw.")
            return None
        # Old proofs name their files at the old location.
        old = {
            path.stem: path.read_text(encoding="utf-8").replace(
                compare_drawings.FOLDER, str(cases.folder())
            )
            for path in compare_drawings.drawings(before, folder / "old", figure).values()
        }
    pairs: dict[tuple[str, ...], list[tuple[str, str, str]]]
    pairs = defaultdict(list)
    for name, (case, svg) in _current_drawings(figure).items():
        differing = [*_differing(old.get(name, ""), svg, case)]
        if differing:
            pairs[tuple(differing)].append((name, old.get(name, ""), svg))
    if not pairs:
        return None
    page = Path(tempfile.mkdtemp()) / f"{figure}.html"
    page.write_text(_page(figure, pairs), encoding="utf-8")
    return page


def _current_drawings(figure: str) -> dict[str, tuple[str, str]]:
    """Case -> SVG of the current drawings, named as in `tests.same`."""
    return {
        compare_drawings.drawing_name(form, case, width): (case, cases.svg(form, case, width))
        for form in cases.forms_of(figure)
        for case in cases.cases_of(figure)
        for width in cases.widths_of(figure)
    }


def _differing(old: str, new: str, case: str) -> Iterator[str]:
    """The record lines in which two drawings differ."""
    before, after = (
        {*_lines(drawing(svg, cases.own_names(case)))} if svg else set() for svg in (old, new)
    )
    yield from (f"- {line}" for line in sorted(before - after))
    yield from (f"+ {line}" for line in sorted(after - before))


def _lines(drawing: Drawing) -> Iterator[str]:
    """The record lines of a drawing."""
    yield from (sentence.line for sentence in sentences(drawing) if sentence.text)
    yield from values.lines(drawing)
    yield from (f"{n} {part}" for part, n in parts.parts(drawing).items())


def _page(figure: str, pairs: Mapping[tuple[str, ...], list[tuple[str, str, str]]]) -> str:
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
        f"</style><h1>{figure}: the last commit, and now</h1>" + "\n".join(blocks)
    )


def _image(svg: str) -> str:
    if not svg:
        return "<figure>Not drawn in the last commit.</figure>"
    data = base64.b64encode(svg.encode()).decode()
    return f'<figure><img alt="" src="data:image/svg+xml;base64,{data}"></figure>'
