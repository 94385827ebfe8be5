"""Say of each character of a Python file what is true after it is read.

python python_labels.py my.py     writes labels.json

It asks `tokenize` of the standard library, so nothing is guessed.
"""

import io
import json
import re
import sys
import tokenize
from pathlib import Path

PROSE, STRING, BRACKETS = "in prose", "in a string", "in brackets"
QUOTES = re.compile(r"\w*(\"\"\"|'''|\"|')")

# Before Python 3.12 a string with `f` is a single token.
BEGINS = getattr(tokenize, "FSTRING_START", None)
ENDS = getattr(tokenize, "FSTRING_END", None)


def spans(source):
    """The name of what a character is in, its first one, the one behind it.

    What is within quotes or brackets begins with the opening one and ends
    before the closing one, since that is when a reader can tell.
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
    """For each name, what is true after each character."""
    found = {name: [False] * len(source) for name in (STRING, PROSE, BRACKETS)}
    for name, start, end in spans(source):
        found[name][start:end] = [True] * (end - start)
    return found


def main():
    """Write the labels of a file."""
    if len(sys.argv) != 2:
        sys.exit("python_labels.py: expected one Python file")
    try:
        found = labels(Path(sys.argv[1]).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, tokenize.TokenError) as error:
        sys.exit(f"python_labels.py: {error}")
    Path("labels.json").write_text(json.dumps(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
