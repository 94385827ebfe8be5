"""Facts: the words of a page that depend on tensors, and what makes them true.

`PAGE.txt` lists them in the order of the page. Words are at the beginning of a
line, with a field of Python's format language for each number. Below them,
indented, is an expression for each number, or a tuple for several, such as
`*lengths, total`; words without a number need expressions that are all true.
`! CALL` is true if the words quote the error that the call raises. Consecutive
lines of words share the expressions below them. A line with `@`
names the source of the tensors, for those below it that need one:

    @ torch                     nothing but torch, as above the first such line
    @ figure [ID]               the figure above the words, or an earlier one
    @ network cell --step 3     a figure that the page does not show
    @ record brackets           a recorded measurement, `docs/code/brackets.json`

Targets of links and ids of headings are left out of the words. Expressions can use
the functions of `PAGE.py` and `common.py`, those of other modules as
`other_page.function()`, and what the page's sessions define.
`python -m tests.site.facts renew PAGE` updates words that were rewritten.
"""

from pathlib import Path

from tests.site.facts_of_pages import parse

FACTS = {
    path.stem: parse(path.read_text("utf-8"))
    for path in sorted(Path(__file__).parent.glob("*.txt"))
}
"""Page -> its facts."""
