"""Show a Python session on a page as code that can be pasted.

The Markdown has doctests, because tests can run these. Readers want to copy
code without prompts, so a page shows the session as Python with the results as
comments.
"""

import doctest
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from ..html.commands import keep_options_whole

MAX_LINE = 71
"""The most characters of a result on one line."""

_UNDERSCORE = re.compile(r"^(\s*)_ = ", re.MULTILINE)
"""An assignment that only keeps a result from being printed."""
_parse = doctest.DocTestParser().get_examples
"""Splits a session into examples."""


def pasteable(session: str) -> str:
    r"""A session as Python with its results as comments.

    A blank line follows a compound statement, so that an interactive Python
    ends it there, and precedes a definition. An assignment to `_` is removed,
    because it only suppresses a result.

    >>> print(pasteable(">>> _ = f()\n>>> 1 + 1\n2\n"))
    f()
    1 + 1
    # 2
    """
    lines: list[str] = []
    for example in _parse(session):
        code = _UNDERSCORE.sub(r"\1", example.source).rstrip("\n")
        if re.match(r"(def|class|@)", code) and lines and lines[-1]:
            lines.append("")
        lines.append(code)
        for printed in (example.exc_msg or example.want).splitlines():
            lines += [f"# {line}" for line in _wrap(printed)]
        if code.splitlines()[-1].startswith(" "):
            lines.append("")
    return "\n".join(lines).strip()


def _wrap(line: str) -> list[str]:
    """A line of output in lines that fit on the page."""
    if len(line) <= MAX_LINE:
        return [line]
    return textwrap.wrap(line, MAX_LINE, break_long_words=False, break_on_hyphens=False)


def fence(
    source: str, language: str, _class: str, options: Mapping[str, Any], md: Any, **more: Any
) -> str:
    """Highlight a `pycon` or a `sh` fence, for pymdownx.superfences."""
    is_session = language == "pycon"
    fences = md.preprocessors["fenced_code_block"]
    html: str = fences.highlight(
        src=pasteable(source) if is_session else source,
        language="python" if is_session else language,
        options=dict(options),
        md=md,
        classes=more.get("classes") or [],
        id_value=more.get("id_value", ""),
        attrs=more.get("attrs") or {},
    )
    return html if is_session else keep_options_whole(html)
