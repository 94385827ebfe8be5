"""Figures in HTML: what a site, an embed and a page share."""

import re
from collections.abc import Iterable
from html import escape

CREDIT = "Figure: lstm-figs, CC BY 4.0"
"""What is enough to credit a figure; LICENSE-FIGURES says so."""

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


PHONE = 360
"""The width of a narrow form; see `forms.css`, which shows one of two."""


def region(
    id: str, title: str, forms: Iterable[tuple[float, str]], *, scrolls: bool = False
) -> str:
    """The forms of a figure, of which the page shows the one that fits.

    Args:
        id: The figure's id.
        title: Its title.
        forms: The width and the HTML of each, a picture that says its height,
            the wide one first.
        scrolls: Whether what stands around it can be too narrow for all of
            them; then it has a name, and the keyboard can scroll it.
    """
    inside = "".join(
        f'<div class="lf-{"narrow" if k or width <= PHONE else "wide"}" '
        f'style="--lf-height:{_height(html)}">\n'
        f"{html.strip()}\n</div>\n"
        for k, (width, html) in enumerate(forms)
    )
    attributes = f' role="region" tabindex="0" aria-label="Figure {id}: {escape(title)}"'
    return f'<div class="lf-forms"{attributes * scrolls}>\n{inside}</div>'


def _height(html: str) -> str:
    """The height of a picture, for which there is room before it is drawn."""
    match = re.search(r'<(?:svg|img)\b[^>]* height="([\d.]+)"', html)
    assert match, html[:200]
    return match[1]


def credit() -> str:
    """The line that credits a figure, with a link to its licence."""
    words, _, licence = CREDIT.rpartition(", ")
    return f'{words}, <a rel="license" href="{LICENCE}">{licence}</a>.'
