"""Comments in the listings of pages, and whether what they say is true.

A session is run as it is on its page. What a comment says is asked of what its
line has just made, which `_` is: sizes by themselves, by the names of axes in
`AXIS_NOUNS` and in said.txt, all else by an expression of said.txt. Where nothing is
run, it is asked of the script, or of what the page has made at its end.
"""

import ast
import builtins
import doctest
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import torch

from tests.doc_scripts import load
from tests.site.facts_of_pages import NUMBERS
from tests.site.unsupported_claims import COMPARING, DENYING


def expressions_in(name: str) -> dict[str, dict[str, str]]:
    """What a file beside this one has: a page -> words -> an expression."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return {
        page: dict(line.split(" :: ", 1) for line in lines)
        for section in text.strip().split("\n\n")
        for head, *lines in [section.split("\n")]
        for page in [head.strip("[]")]
    }


EXPRESSIONS = expressions_in("said.txt")
"""A page or a script -> a comment -> what is true where it is."""

COMMENT = re.compile(r"(?:^ *|  )# ?([^!].*)$")

NAMING = re.compile(
    r"\d|`|\w_(?!figs)\w|\b[cfghinotxHN]\b"
    rf"|\b(?:{'|'.join(NUMBERS[1:])}|first|second|last|before|after|each|zeros?)\b"
    r"|\b(?:steps?|batch|layers?|features?|sequences?|streams?|units?|rows?"
    r"|columns?|channels|class(?:es)?|models|series|windows|padding|axis|gates?"
    r"|bands?|forward|reverse|large|small|short|long|few|more|\w+er than|fewer"
    r"|shorter|younger|lower|higher|below|above|not?|never|only|nobody)\b",
    re.IGNORECASE,
)
"""What names a tensor, an axis, an order, a direction or a number."""


def names_something(comment: str) -> bool:
    """Whether a comment names, compares or denies something."""
    return any(pattern.search(comment) for pattern in (NAMING, COMPARING, DENYING))


UNTESTABLE = "faster for a network this small"
"""What only a clock shows."""

AXIS_NOUNS = (
    "steps?|days|words|layers",
    "sequences?|series|streams|shops|pairs|windows|samples|sentence",
    "features|columns?|classes|labels|numbers a day",
)
"""What is counted along the first axis, the second and the third."""

SIZE = re.compile(rf"\b(\d+|{'|'.join(NUMBERS[1:])}) ({'|'.join(AXIS_NOUNS)})(?:,| of|$)")


def sizes(comment: str) -> list[tuple[int, int]]:
    """The axes whose sizes a comment states, and nothing besides.

    >>> sizes("labels: 4 steps of two sequences"), sizes("4 steps at once")
    ([(0, 4), (1, 2)], [])
    """
    if re.sub(r"^[^:]*: ", "", SIZE.sub("", comment)).strip(" ,"):
        return []
    return [
        (
            next(k for k, pattern in enumerate(AXIS_NOUNS) if re.fullmatch(pattern, noun)),
            NUMBERS.index(size) if size in NUMBERS else int(size),
        )
        for size, noun in SIZE.findall(comment)
    ]


def axes(page: str, comment: str) -> list[set[int]]:
    """The sizes that each axis may have whose names are all that is said."""
    bare = re.match(r"\(?([^:()]+)\)?(?:: .*)?$", comment)
    parts = bare[1].split(", ") if bare else []
    known = {
        each.split()[0]: {*map(int, each.split()[1:])}
        for each in EXPRESSIONS.get(page, {}).get("axes", "").split(", ")
        if each
    }
    known |= {part: {int(part)} for part in parts if part.isdigit()}
    names = [part.split(" * ") for part in parts]
    if len(parts) < 2 or not {n for factors in names for n in factors} <= {*known}:
        return []
    return [
        {torch.tensor(each).prod().item() for each in product(*(known[name] for name in factors))}
        for factors in names
    ]


def is_true(page: str, comment: str, names: dict[str, Any]) -> bool | None:
    """Whether a comment is; None where nothing says what it means."""
    value = names["_"]
    if expression := EXPRESSIONS.get(page, {}).get(comment):
        return bool(eval(expression, {"torch": torch} | names))
    shape = getattr(value, "shape", value if isinstance(value, tuple) else ())
    if stated := sizes(comment):
        if len(shape) == 3:
            return all(shape[axis] == size for axis, size in stated)
        return shape[: len(stated)] == tuple(size for _, size in stated)
    if stated := axes(page, comment):
        return len(shape) == len(stated) and all(
            size in each for size, each in zip(shape, stated, strict=True)
        )
    return None


def comments_of(code: str) -> Iterator[str]:
    """The comments of a listing."""
    for line in code.splitlines():
        if match := COMMENT.search(line):
            yield match[1]


class Runner(doctest.DocTestRunner):
    """Runs a session, and asks of what each line makes for its comments.

    Attributes:
        results: Which of them are true.
    """

    def __init__(self, page: str, checker: doctest.OutputChecker) -> None:
        super().__init__(checker)
        self.page, self.results = page, dict[str, bool | None]()

    def report_success(self, out, test, example, got) -> None:
        """Look at the comments of an example that printed what is shown."""
        for comment in comments_of(example.source):
            names = test.globs | {"_": example_result(example, test.globs)}
            self.results[comment] = is_true(self.page, comment, names)


def example_result(example: doctest.Example, names: dict[str, Any]) -> Any:
    """What an example has made or printed, or the first of several things."""
    (statement,) = ast.parse(example.source).body
    if not isinstance(statement, ast.Assign):
        return getattr(builtins, "_", None)
    target = statement.targets[0]
    while isinstance(target, ast.Tuple):
        target = target.elts[0]
    return eval(ast.unparse(target), names)


def of_code(name: str, code: str, names: dict[str, Any]) -> dict[str, bool | None]:
    """Which comments are true of code that is not run here."""
    names = names | {"_": None, "load": load, "code": code}
    return {comment: is_true(name, comment, names) for comment in comments_of(code)}


def problems(name: str, results: dict[str, bool | None]) -> list[str]:
    """What to do about comments that are not true, or that nothing holds."""
    false = [
        f"docs/{name} has `# {comment}`, which is not true; correct it"
        for comment, value in results.items()
        if value is False
    ]
    open_ = [
        f"docs/{name} has `# {comment}`; say in tests/site/said.txt what makes it true"
        for comment, value in results.items()
        if value is None and comment != UNTESTABLE and names_something(comment)
    ]
    lost = [
        f"tests/site/said.txt has {comment!r}, which docs/{name} has not"
        for comment in {*EXPRESSIONS.get(name, {})} - {*results, "axes"}
    ]
    return [*false, *open_, *lost]
