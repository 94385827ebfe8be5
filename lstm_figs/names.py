"""Print names from users and files, which may be any text, on one line."""

import re
from collections.abc import Iterable, Sequence

from .errors import UsageError

IDENTIFIER = "a letter, then letters, digits, '_' and single '-'"
"""The form of ids, for error messages; it needs no escaping in SVG, HTML, CSS and URLs."""

WIDTHS_BY_SUFFIX = {"-middle": 560, "-narrow": 360}
"""The suffix of the ids of a figure's smaller forms, reserved for them -> their width."""

MAX_LISTED = 8
"""The most names that an error lists."""


def is_identifier(name: object) -> bool:
    """Whether a name can be an id, see `IDENTIFIER`.

    >>> is_identifier("my-cell_2"), is_identifier("a--b"), is_identifier(5)
    (True, False, False)
    """
    return (
        isinstance(name, str)
        and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name) is not None
        and "--" not in name
    )


def check_own_id(id: str, width: int = 0) -> None:
    """Check that an id is not reserved for forms of a different width.

    Raises:
        UsageError: If it has their suffix.
    """
    for suffix, form_width in WIDTHS_BY_SUFFIX.items():
        if id.endswith(suffix) and width != form_width:
            raise UsageError(
                f"got the id {id!r}, expected none that ends in {suffix}, which is for forms of "
                f"{form_width} pixels; choose another"
            )


def printable(name: str, max_chars: int = 60) -> str:
    r"""A name with unprintable characters escaped, and shortened in the middle.

    >>> printable("rnn")
    'rnn'
    >>> print(printable("a" + chr(10) + "b"))
    a\nb
    >>> printable("encoder.layers.rnn", 9)
    'enco….rnn'
    """
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in name)
    if len(text) <= max_chars:
        return text
    return f"{text[: max_chars // 2]}…{text[-((max_chars - 1) // 2) :]}"


SIGNS = {"\n": "⏎", "\t": "⇥", " ": "␣", "\xa0": "␣"}
"""Visible replacements for whitespace."""


def visible_token(token: str) -> str:
    r"""A token with every character visible, even if it is empty.

    >>> visible_token("cat"), visible_token(" cat\n"), visible_token(""), visible_token("\u200d")
    ('cat', '␣cat⏎', '∅', '□')
    """
    return "∅" if not token else "".join(SIGNS.get(c, c if c.isprintable() else "□") for c in token)


def quoted_name(name: str) -> str:
    """A name, quoted for an error message.

    >>> print(quoted_name("it's"))
    "it's"
    """
    return repr(name) if len(name) <= 100 else f"'{printable(name, 100)}'"


def with_article(kind: str) -> str:
    """The name of a class with its article.

    >>> with_article("GRU"), with_article("RNN"), with_article("LSTM")
    ('a GRU', 'an RNN', 'an LSTM')
    """
    begins_with_vowel = kind.startswith(("L", "R"))  # Spoken, they are el and ar.
    return f"{'an' if begins_with_vowel else 'a'} {kind}"


def quoted_names(names: Sequence[str]) -> str:
    """Several names, quoted.

    >>> quoted_names(["a", "b"])
    "'a', 'b'"
    """
    rest = f" and {len(names) - MAX_LISTED} more" if len(names) > MAX_LISTED else ""
    return ", ".join(map(quoted_name, names[:MAX_LISTED])) + rest


def suggestion(got: str, known: Iterable[str]) -> str:
    """The end of an error about a name that does not exist."""
    # Imported here, because only errors need it and it is slow to import.
    from difflib import get_close_matches

    matches = get_close_matches(got, list(known), n=1)
    return f"; did you mean {quoted_name(matches[0])}?" if matches else ""


def first_line(error: BaseException) -> str:
    """The message of a library's error, shortened to one line."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return printable(lines[0], 160)
