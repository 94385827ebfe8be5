"""Label each character of a Python file by what it is in.

python python_labels.py my.py     writes labels.json

The labels come from `tokenize` of the standard library, so they are exact.
"""

import io
import json
import re
import sys
import tokenize
from pathlib import Path

PROSE, STRING, BRACKETS = "in prose", "in a string", "in brackets"
QUOTES = re.compile(r"\w*(\"\"\"|'''|\"|')")

# Before Python 3.12 an f-string is a single token.
BEGINS = getattr(tokenize, "FSTRING_START", None)
ENDS = getattr(tokenize, "FSTRING_END", None)


def spans(source):
    """Labelled spans of the source: (label, first character, end).

    A span in quotes or brackets includes the opening character and excludes
    the closing one: a label is true after its character has been read.
    """
    starts = [0]
    for line in io.StringIO(source):
        starts.append(starts[-1] + len(line))
    depth, outermost, opened = 0, 0, []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        start, end = (
            starts[row - 1] + column for row, column in (token.start, token.end)
        )
        if token.type == BEGINS:
            opened.append((token.string, start))
        elif token.type == ENDS:
            quotes, start = opened.pop()
            if not opened:
                yield STRING, start + len(quotes) - 1, end - 1
        elif opened:
            continue
        elif token.type == tokenize.STRING:
            quotes = QUOTES.match(token.string)
            name = PROSE if len(quotes[1]) == 3 else STRING
            yield name, start + quotes.end() - 1, end - 1
        elif token.type == tokenize.COMMENT:
            yield PROSE, start, end
        elif token.type == tokenize.OP and token.string in "([{":
            depth += 1
            if depth == 1:
                outermost = start
        elif token.type == tokenize.OP and token.string in ")]}":
            depth -= 1
            if depth == 0:
                yield BRACKETS, outermost, end - 1


def labels(source):
    """For each label, whether it is true after each character."""
    flags = {name: [False] * len(source) for name in (STRING, PROSE, BRACKETS)}
    for name, start, end in spans(source):
        flags[name][start:end] = [True] * (end - start)
    return flags


def main():
    """Label a file, and write labels.json."""
    if len(sys.argv) != 2:
        sys.exit("python_labels.py: expected one Python file")
    try:
        flags = labels(Path(sys.argv[1]).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, tokenize.TokenError) as error:
        sys.exit(f"python_labels.py: {error}")
    Path("labels.json").write_text(json.dumps(flags) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
