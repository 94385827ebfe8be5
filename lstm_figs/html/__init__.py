"""Figures in HTML: what a site, an embed and a page share."""

from html import escape

CREDIT = "Figure: lstm-figs, CC BY 4.0"
"""What is enough to credit a figure; LICENSE-FIGURES says so."""

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def region(id: str, title: str, inside: str) -> str:
    """A region with a name, which scrolls where the column is narrower."""
    return (
        '<div class="lf-scroll" role="region" tabindex="0" '
        f'aria-label="Figure {id}: {escape(title)}">\n{inside}</div>'
    )


def credit() -> str:
    """The line that credits a figure, with a link to its licence."""
    words, _, licence = CREDIT.rpartition(", ")
    return f'{words}, <a rel="license" href="{LICENCE}">{licence}</a>.'
