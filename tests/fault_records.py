"""Deliberate faults, which the checks must find: text files of records, and their reader.

The faults of a figure are in `tests/figures/NAME/faults.txt`, those of marks that several
figures share in `tests/binding/faults.txt`, those of a sample in
`tests/binding/sample_faults.txt`, and those that only `scripts/mutants` tries in
`tests/mutants/faults.txt`. A record is

    [rows of another gate] has row=
    cell --width 360
    ~ >rows «2–3→4–5»<

- First come the name of the fault and a pattern of the expected message. A fault of
  `scripts/mutants` has no pattern, because any check may find it.
- A line has the arguments of `lstm-figs draw`. `pytest` and its arguments are in its place
  where tests find a fault of `scripts/mutants`.
- A fault without a pattern is in the source, and others are in the SVG. The path of the file
  in `lstm_figs` follows, unless it is that of the figure.
- A record without these lines has those of the record before it.
- Each text that changes comes after `~`, with `«old→new»` where it does. As a whole, the
  old text occurs exactly once. Its further lines begin with two spaces. In what changes,
  ⋯ stands for any text within a tag.

A line that begins with `#` is a comment.
"""

import re
import shlex
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
HEADING = re.compile(r"\[((?:[^][]|\[[^][]*\])*)\](?: (.+))?")
"""Matches the name of a fault, which may have brackets, and the pattern behind it."""
CHANGE = re.compile("«([^«»→]*)→([^«»]*)»")
"""Matches a change: the old text, and the new one."""


class Fault(NamedTuple):
    """A deliberate fault.

    Attributes:
        name: What is wrong.
        expected: Pattern of the expected message; empty for `scripts/mutants`.
        command: The arguments of `lstm-figs draw`, or `pytest` and its arguments.
        path: The file to change, relative to the project; empty for the SVG.
        pairs: Old and new texts.
    """

    name: str
    expected: str
    command: str
    path: str
    pairs: tuple[tuple[str, str], ...]

    @property
    def figure(self):
        """The figure that shows the fault; empty if tests find it."""
        first = self.command.partition(" ")[0]
        return "" if first == "pytest" else first

    @property
    def tests(self):
        """The arguments of pytest, if tests find the fault."""
        return () if self.figure else tuple(shlex.split(self.command)[1:])

    def edited(self, text):
        """The SVG or the source with the fault.

        Raises:
            LookupError: If an old text does not occur exactly once, or two overlap.
        """
        patterns = [f"({re.escape(old).replace('⋯', '[^<>]*')})" for old, _ in self.pairs]
        for pattern, (old, _) in zip(patterns, self.pairs, strict=True):
            if (count := len(re.findall(pattern, text))) != 1:
                raise LookupError(
                    f"got {count} places with {old!r} in "
                    f"{self.path or f'the SVG of {self.command}'}, expected one; "
                    f"write the fault {self.name!r} anew"
                )
        # Replace all at once, because texts may be exchanged.
        changed, count = re.subn(
            "|".join(patterns), lambda match: self.pairs[match.lastindex - 1][1], text
        )
        if count != len(self.pairs):
            raise LookupError(
                f"got texts of {self.name!r} that overlap, expected separate ones; join them"
            )
        return changed


def read(path):
    return parse(path.read_text("utf-8"))


def parse(text):
    """The faults in a text.

    >>> parse("[b is a]\\ncell\\n~ «b→a»\\n")[0].edited("abc")
    'aac'
    """
    lines = [line for line in text.split("\n") if line and line[0] != "#"]
    starts = [k for k, line in enumerate(lines) if line[0] == "["]
    ends = [*starts[1:], len(lines)]
    faults = []
    for start, end in zip(starts, ends, strict=True):
        faults.append(_fault(lines[start:end], faults[-1:]))
    return faults


def _fault(lines, before):
    """The fault in the lines of a record, after the one before it.

    Raises:
        ValueError: If they are in a different form.
    """
    heading = HEADING.fullmatch(lines[0])
    head = [*takewhile(lambda line: line[0] not in "~ ", lines[1:])]
    rest = "\n".join(lines[1 + len(head) :])
    texts = [text.replace("\n  ", "\n") for text in f"\n{rest}".split("\n~ ")]
    is_changed = not texts[0] and texts[1:] and all(map(CHANGE.search, texts[1:]))
    has_command = bool(head or before) and len(head) <= 2
    if not (heading and is_changed and has_command):
        raise ValueError(
            f"got {lines}, expected a name in brackets, a command, perhaps a path, and lines "
            "after ~ with «old→new»; write the fault in this form"
        )
    if head:
        command, *paths = head
        figure = command.partition(" ")[0].replace("-", "_")
        path = "" if heading[2] else f"lstm_figs/{[*paths, f'figures/{figure}.py'][0]}"
    else:
        command, path = before[0].command, before[0].path
    pairs = tuple((CHANGE.sub(r"\1", text), CHANGE.sub(r"\2", text)) for text in texts[1:])
    return Fault(heading[1], heading[2] or "", command, path, pairs)
