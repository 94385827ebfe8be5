"""Widths of text, from the advances of DejaVu Sans.

Browsers use the reader's fonts, which are narrower than DejaVu Sans, so text
that fits here fits there too. PNG and PDF use DejaVu Sans itself, which ships
with Matplotlib. Units are 1/2048 of the font size.
"""

from itertools import accumulate, takewhile

CHARACTERS = (
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
    "abcdefghijklmnopqrstuvwxyz{|}~−×·…∂σ⊙→←↑↓≤≥∞–—’“”é′₀₁₂₃□"
    "⏎⇥␣∅"
)
"""All characters in figures' own texts; tokens and names may contain any other."""
UNITS_PER_EM = 2048
"""The units of an advance in DejaVu Sans for each pixel of the font size."""
SINGLE = 0x530
"""Code points below this are Latin, Greek or Cyrillic, which are never double width."""

_REGULAR = """
651 821 942 1716 1303 1946 1597 563 799 799 1024 1716 651 739 651 690 1303
1303 1303 1303 1303 1303 1303 1303 1303 1303 690 690 1716 1716 1716 1087
2048 1401 1405 1430 1577 1294 1178 1587 1540 604 604 1343 1141 1767 1532
1612 1235 1612 1423 1300 1251 1499 1401 2025 1403 1251 1403 799 690 799
1716 1024 1024 1255 1300 1126 1300 1260 721 1300 1298 569 569 1186 569
1995 1298 1253 1300 1300 842 1067 803 1298 1212 1675 1212 1212 1075 1303
690 1303 1716 1716 1716 651 2048 1059 1298 1716 1716 1716 1716 1716 1716
1716 1706 1024 2048 651 1061 1061 1260 465 821 821 821 821 1935
1716 1716 1300 1784
"""
"""The advance widths of `CHARACTERS` in DejaVu Sans, in units of 1/2048 of the font size."""
_BOLD = """
713 934 1067 1716 1425 2052 1786 627 936 936 1071 1716 778 850 778 748
1425 1425 1425 1425 1425 1425 1425 1425 1425 1425 819 819 1716 1716 1716
1188 2048 1585 1561 1503 1700 1399 1399 1681 1714 762 762 1587 1305 2038
1714 1741 1501 1741 1577 1475 1397 1663 1585 2259 1579 1483 1485 936 748
936 1716 1024 1024 1382 1466 1214 1466 1389 891 1466 1458 702 702 1362 702
2134 1458 1407 1466 1466 1010 1219 979 1458 1335 1892 1321 1335 1192 1458
748 1458 1716 1716 1716 778 2048 1114 1595 1716 1716 1716 1716 1716 1716
1716 1706 1024 2048 778 1346 1346 1389 540 897 897 897 897 1935
1716 1716 1466 1754
"""
"""The same in DejaVu Sans Bold."""
_SERIF = """
235 310 342 573 495 741 736 191 381 381 419 740 265 315 265 404 495 495 495
495 495 495 495 494 495 495 265 265 721 740 721 443 925 738 652 679 753 647
607 732 819 387 443 755 625 959 775 744 619 744 703 520 638 782 699 1008 687
665 609 377 403 377 480 512 222 510 553 477 572 496 342 513 617 313 294 587
311 913 620 535 568 557 424 423 357 609 512 811 512 513 481 354 283 354 584
740 683 301 951 500 1000 248 448 447
"""
"""The same of ASCII and `SERIF_SIGNS` in STIX Two Text SemiBold, in 1/1000."""
MONO_ADVANCE = 1233
"""The advance of every monospace character."""
WIDEST_ADVANCE = 2048
"""The advance of a character that is not in `CHARACTERS`."""
SERIF_UNITS_PER_EM = 1000
"""The same as `UNITS_PER_EM` for the serif font."""
ASCII_COUNT = 95
"""How many of `CHARACTERS` are ASCII; these come first."""

ADVANCES = {
    False: dict(zip(CHARACTERS, map(int, _REGULAR.split()), strict=True)),
    True: dict(zip(CHARACTERS, map(int, _BOLD.split()), strict=True)),
}
"""Whether text is bold -> the advance of each character."""


SERIF_SIGNS = "−×·…–—’“”"
"""The characters of the serif font besides ASCII."""
SERIF_ADVANCES = dict(
    zip(CHARACTERS[:ASCII_COUNT] + SERIF_SIGNS, map(int, _SERIF.split()), strict=True)
)
"""The advance of each character of the serif font."""


def is_serif(text: str) -> bool:
    """Whether the serif font has all characters of a text.

    >>> is_serif("Nobody told it to count"), is_serif("σ opens")
    (True, False)
    """
    return SERIF_ADVANCES.keys() >= set(text)


def width(
    text: str, size: float, *, bold: bool = False, mono: bool = False, serif: bool = False
) -> float:
    """The width of a text in pixels, for a font size in pixels.

    Characters not in `CHARACTERS` count as the widest one.

    >>> width("10", 11, mono=True) == 2 * width("1", 11, mono=True)
    True
    """
    if serif:
        return sum(SERIF_ADVANCES[c] for c in text) * size / SERIF_UNITS_PER_EM
    if mono:
        return column_count(text) * MONO_ADVANCE * size / UNITS_PER_EM
    return sum(ADVANCES[bold].get(c, WIDEST_ADVANCE) for c in text) * size / UNITS_PER_EM


def column_count(text: str) -> int:
    """The width of a text in monospace columns, at most.

    In other scripts, a reader's font may have double-width letters.

    >>> column_count("naïve"), column_count("漢字")
    (5, 4)
    """
    if text.isascii():
        return len(text)
    known = ADVANCES[False]
    return sum(1 if ord(c) < SINGLE or c in known else 2 for c in text)


def fitting_length(text: str, max_columns: int) -> int:
    """How many characters from the start of a text fit in `max_columns` columns.

    >>> fitting_length("naïve", 3), fitting_length("漢字", 3)
    (3, 1)
    """
    taken = accumulate(map(column_count, text))
    return sum(1 for _ in takewhile(lambda end: end <= max_columns, taken))


def elided(text: str, expr: str, max_columns: int) -> tuple[str, str]:
    """The beginning of a text with an ellipsis, and its expression.

    Args:
        text: The text.
        expr: The expression of the whole text.
        max_columns: The columns to keep, without the ellipsis.

    >>> elided("unbelievably", "tokens[0]", 5)
    ('unbel…', 'tokens[0][:5] + "…"')
    """
    length = fitting_length(text, max_columns)
    return f"{text[:length]}…", f'{expr}[:{length}] + "…"'
