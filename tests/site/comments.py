"""Check that the comments and docstrings in listings of pages are true.

In a session, `_` is the result of the line with the comment. Sizes are compared
with its shape, whose axes `AXIS_NOUNS` and comments.txt name. Other comments with one
of `CHECKABLE_WORDS` have an expression in comments.txt, with torch's names. For code
that is not run, it sees the session at its end, or the script: its names, and `code`.
"""

import ast
import builtins
import doctest
import re
from itertools import chain, product
from math import prod
from pathlib import Path

import torch

from tests.doc_scripts import DOCS, load
from tests.site.facts_of_pages import NUMBERS


def expressions_in(name):
    """Parse a file next to this one: page -> comment -> its or the next expression."""
    text = (Path(__file__).parent / name).read_text("utf-8")
    expressions, expression = {}, ""
    for section in text.strip().split("\n\n"):
        head, *lines = section.split("\n")
        known = expressions[head.strip("[]")] = {}
        for line in lines[::-1]:
            words, _, own_expression = line.partition(" :: ")
            known[words] = expression = own_expression or expression
    return expressions


EXPRESSIONS = expressions_in("comments.txt")

COMMENT = re.compile(r"(?:^ *|  )# ?([^!].*)$")
"""Matches a comment of its own line, or two spaces after code, but not `#!`."""

CHECKABLE_WORDS = re.compile(
    r"\d|`|\w_(?!figs)\w|\b[cfghinotxHN]\b"
    rf"|\b(?:{'|'.join(NUMBERS[1:])}|first|second|last|before|after|each|zeros?)\b"
    r"|\b(?:steps?|batch|layers?|features?|sequences?|streams?|units?|rows?"
    r"|columns?|channels|class(?:es)?|models|series|windows|padding|axis|gates?"
    r"|bands?|forward|reverse)\b",
    re.IGNORECASE,
)
"""A comment with one of these words can be false, so it needs an expression."""

SHAPE_OR_ORDER = re.compile(
    r"(?<!\w)\((?:\w+, \w|\d)|\b(?:order|first|last|before|after|directions?|random|zeros|NaN"
    rf"|False|\d+|{'|'.join(NUMBERS[2:])})\b"
)
"""In the scripts on pages, docstrings of functions and classes with this need an expression."""

PAGES_TEXT = "".join(page.read_text("utf-8") for page in DOCS.glob("*.md"))

AXIS_NOUNS = (
    "steps?|days|words|layers",
    "sequences?|series|streams|shops|pairs|windows|samples|sentence",
    "features|columns?|classes|labels|numbers a day",
)
"""Nouns for what the first, the second and the third axis count."""

STATED_SIZE = re.compile(rf"\b(\d+|{'|'.join(NUMBERS[1:])}) ({'|'.join(AXIS_NOUNS)})(?:,| of|$)")
"""A number and what it counts, such as `two sequences`."""


def sizes(comment):
    """The (axis, size) pairs of a comment that states nothing else.

    >>> sizes("labels: 4 steps of two sequences"), sizes("4 steps at once")
    ([(0, 4), (1, 2)], [])
    """
    if re.sub(r"^[^:]*: ", "", STATED_SIZE.sub("", comment)).strip(" ,"):
        return []
    return [
        (
            next(k for k, pattern in enumerate(AXIS_NOUNS) if re.fullmatch(pattern, noun)),
            NUMBERS.index(size) if size in NUMBERS else int(size),
        )
        for size, noun in STATED_SIZE.findall(comment)
    ]


def axes(page, comment):
    """The possible sizes of each axis, for a comment that only names axes."""
    # such as "(steps, 2 * layers): an explanation"
    axes_only = re.match(r"\(?([^:()]+)\)?(?:: .*)?$", comment)
    axis_texts = axes_only[1].split(", ") if axes_only else []
    known_sizes = {text: {int(text)} for text in axis_texts if text.isdigit()}
    # "sequence 2 5" in comments.txt: on this page, `sequence` is 2 or 5.
    for entry in filter(None, EXPRESSIONS.get(page, {}).get("axes", "").split(", ")):
        noun, *entry_sizes = entry.split()
        known_sizes[noun] = {*map(int, entry_sizes)}
    factors_by_axis = [text.split(" * ") for text in axis_texts]
    # A single word is prose, and not the shape of a tensor.
    if len(axis_texts) < 2 or not {*chain(*factors_by_axis)} <= {*known_sizes}:
        return []
    return [
        {*map(prod, product(*(known_sizes[factor] for factor in factors)))}
        for factors in factors_by_axis
    ]


def is_true(page, comment, names):
    """Whether a comment is true; None if there is no check for it."""
    value = names["_"]
    if expression := EXPRESSIONS.get(page, {}).get(comment):
        return bool(eval(expression, vars(torch) | vars(builtins) | names))
    shape = getattr(value, "shape", value if isinstance(value, tuple) else ())
    if stated := sizes(comment):
        # With fewer axes, the comment has to name each, from the first.
        if len(shape) == 3:
            return all(shape[axis] == size for axis, size in stated)
        return shape[: len(stated)] == tuple(size for _, size in stated)
    if stated := axes(page, comment):
        return len(shape) == len(stated) and all(
            size in possible for size, possible in zip(shape, stated, strict=True)
        )
    return None


def comments_of(code, name=""):
    """The comments in code, and the lines of docstrings; of a script, those to check."""
    for line in code.splitlines():
        if match := COMMENT.search(line):
            yield match[1]
    is_on_page = f"| {name}.py" in PAGES_TEXT
    for indent, docstring in re.findall(r'^( *)"""(.+?)"""', code, re.M | re.S):
        for line in map(str.strip, docstring.splitlines()):
            is_needed = is_on_page and indent and SHAPE_OR_ORDER.search(line)
            if "/" not in name or is_needed or line in EXPRESSIONS.get(name, {}):
                yield line


class Runner(doctest.DocTestRunner):
    """Runs a session, and checks the comments of each line.

    Attributes:
        results: Comment -> whether it is true.
    """

    def __init__(self, page, checker):
        super().__init__(checker)
        self.page, self.results = page, dict[str, bool | None]()

    def report_success(self, out, test, example, got):
        """Check the comments of an example that printed the expected output."""
        for comment in comments_of(example.source):
            names = test.globs | {"_": example_result(example, test.globs)}
            self.results[comment] = is_true(self.page, comment, names)


def example_result(example, names):
    """The value that an example assigned or printed; the first of several."""
    (statement,) = ast.parse(example.source).body
    if not isinstance(statement, ast.Assign):
        return getattr(builtins, "_", None)
    target = statement.targets[0]
    while isinstance(target, ast.Tuple):
        target = target.elts[0]
    return eval(ast.unparse(target), names)


def check_code(name, code, names):
    """Comment -> whether it is true, for code that is not run."""
    names = names | {"_": None, "load": load, "code": code}
    if "/" in name and not re.search(r"^(?:for|with|from \.)", code, re.MULTILINE):
        names = vars(load(name[5:])) | names
    return {comment: is_true(name, comment, names) for comment in comments_of(code, name)}


def problems(name, results):
    """Messages about comments that are false, unchecked or missing."""
    false = [
        f"docs/{name} has `# {comment}`, which is not true; correct it"
        for comment, value in results.items()
        if value is False
    ]
    unchecked = [
        f"docs/{name} has `# {comment}`; say in tests/site/comments.txt what makes it true"
        for comment, value in results.items()
        if value is None and CHECKABLE_WORDS.search(comment)
    ]
    lost = [
        f"tests/site/comments.txt has {comment!r}, which docs/{name} has not"
        for comment in {*EXPRESSIONS.get(name, {})} - {*results, "axes"}
    ]
    return [*false, *unchecked, *lost]
