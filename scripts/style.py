"""Find words and long sentences on pages that the rules of contributing.md rule out."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"

MOST_WORDS = 25

RULES = {
    r"\b(?:stands?|standing|stood)\b": "text is at a place, it does not stand",
    r"\bbeside\b": "say next to, or in addition to",
    r"^What (?:is|was|are|were)\b[^?]*$": "name the thing",
    r"\b(?:all that|so many of)\b": "name the thing",
    r"\b(?:hand(?:s|ed)? (?:on|over)|by heart|mend(?:s|ed)?|first state)\b": (
        "use the field's words: pass, overfit, fix, initial state"
    ),
    r"\b(?<!one )(?<!after )another\b": "say different, a second, or one more",
    r"\b(?:reported|asked|known|true|said) of\b": "say about, or for",
}
"""Pattern in a sentence -> what to write instead."""

EXCEPTIONS = """\
architecture: If the format needs
batch-size: No row of a batch
benchmark: [beside-other-tools]
chunks: If you pass gradients back
chunks: The target of a step
contributing: "Different", not "another"
contributing: Nothing "stands".
cost: The columns are I, H
cost: To compare with a different
custom-cell: The two `Linear` layers
directions: With several layers, use two
every-state: nothing in it compares
how-an-lstm-remembers: After the same steps
index: Do not use one
make-your-own: For this, the file
not-learning: The loss stays at 2.30
onnx-export: Exporting a model
other-places: A trace from a GPU
packed: To skip steps
read-your-own: In larger networks
read-your-own: Of the 35 units
read-your-own: On the left are
read-your-own: The area under
shapes: Which loss trains
what-it-remembers: [Karpathy, Johnson
when: [Merrill and others
why-a-memory: On its way back
why-two-states: If the gates were
why-two-states: In the figure
why-two-states: What is written
""".splitlines()
"""Page and beginning of a sentence that is allowed: it names the words that a rule is
about, quotes somebody, or lists things that belong together."""

SKIPPED = {"reference", "commands", "changelog", "sources"}
"""Pages without prose of their own."""

_NO_PROSE = re.compile(
    r"\A---\n.*?\n---\n|^ *(`{3,}).*?^ *\1$|^ *///.*?$|^<.*?$|^\|.*?$|^#.*?$|\$\$.*?\$\$",
    re.M | re.S,
)
_SENTENCE_END = re.compile(r"(?<=[.!?:;])[*_)\"]*\s+")


def sentences(text: str) -> Iterator[str]:
    r"""The sentences of a page, without listings, tables, headings and links' targets.

    >>> [*sentences("---\ntitle: A\n---\n# A\n\n- One [link](a.md#b). Two `a.b` words.")]
    ['One [link].', 'Two `a.b` words.']
    """
    prose = re.sub(r"\]\([^)]*\)(\{[^}]*\})?", "]", _NO_PROSE.sub("", text))
    for line in prose.splitlines():
        for sentence in _SENTENCE_END.split(re.sub(r"^[\s*-]*(\d+\. )?", "", line)):
            if sentence:
                yield sentence


def faults(page: str, text: str) -> Iterator[str]:
    """What is wrong with the sentences of a page.

    >>> [*faults("a", "The code stands below.")]
    ["a: 'The code stands below.' has 'stands'; text is at a place, it does not stand"]
    """
    unused = {start for start in EXCEPTIONS if start.startswith(f"{page}: ")}
    for sentence in sentences(text):
        used = {start for start in unused if f"{page}: {sentence}".startswith(start)}
        unused -= used
        if used:
            continue
        plain = re.sub(r"`[^`]*`", "`", sentence)
        for pattern, advice in RULES.items():
            if match := re.search(pattern, plain):
                yield f"{page}: {sentence!r} has {match[0]!r}; {advice}"
        if (count := len(re.findall(r"[\w`][\w'’.-]*", plain))) > MOST_WORDS:
            yield f"{page}: {sentence!r} has {count} words; write at most {MOST_WORDS}"
    yield from (f"{start}: no such sentence; take it out of EXCEPTIONS" for start in unused)


def main() -> None:
    """Print all faults, and exit with 1 if there is one."""
    problems = [
        fault
        for path in sorted(DOCS.glob("*.md"))
        if path.stem not in SKIPPED
        for fault in faults(path.stem, path.read_text("utf-8"))
    ]
    print("\n".join(problems), end="\n" if problems else "")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
