"""Figures in HTML: code shared by the site, `embed` and `page`."""

import re
from collections.abc import Iterable
from html import escape

CREDIT = "Figure: lstm-figs, CC BY 4.0"
"""The line of credit that LICENSE-FIGURES asks for."""

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
"""The licence of figures."""


PHONE = 360
"""The width of a narrow form; `forms.css` shows either this or the wide form."""


def region(
    id: str, title: str, forms: Iterable[tuple[float, str]], *, scrolls: bool = False
) -> str:
    """The forms of a figure; CSS shows the one that fits.

    Args:
        id: The figure's id.
        title: Its title.
        forms: The width and the HTML of each form, the wide one first. The HTML
            is a picture with a height.
        scrolls: Whether its container may be too narrow for all forms. Then the
            region has a name, and the keyboard can scroll it.
    """
    forms = [*forms]
    inside = "".join(
        f'<div class="lf-{_class(k, len(forms), width)}" '
        f'style="--lf-height:{_height(html)}">\n'
        f"{html.strip()}\n</div>\n"
        for k, (width, html) in enumerate(forms)
    )
    attributes = f' role="region" tabindex="0" aria-label="Figure {id}: {escape(title)}"'
    return f'<div class="lf-forms"{attributes * scrolls}>\n{inside}</div>'


def _class(k: int, count: int, width: float) -> str:
    """The name of the k-th of a figure's forms, the first of which has this width."""
    if k == 0:
        return "narrow" if width <= PHONE else "wide"
    return "narrow" if k == count - 1 else "middle"


def _height(html: str) -> str:
    """The height of a picture, which CSS reserves before the picture is drawn."""
    match = re.search(r'<(?:svg|img)\b[^>]* height="([\d.]+)"', html)
    assert match, html[:200]
    return match[1]


def credit() -> str:
    """The line that credits a figure, with a link to its licence."""
    words, _, licence = CREDIT.rpartition(", ")
    return f'{words}, <a rel="license" href="{LICENCE}">{licence}</a>.'
