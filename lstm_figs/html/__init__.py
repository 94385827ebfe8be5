"""Figures in HTML: what a site, an embed and a page share."""

from html import escape

from ..figure import Figure

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


def proof_script(figure: Figure) -> str:
    """Python that prints every number of a figure beside torch's."""
    pairs = {
        text.number.expr: text.content
        for text in figure.numbers()
        if text.number is not None
    }
    width = max(map(len, pairs), default=0)
    repeated = len(figure.numbers()) - len(pairs)
    lines = [
        f"show({expr!r:{width + 2}}, {drawn!r:>9}, {expr})"
        for expr, drawn in pairs.items()
    ]
    return "\n".join(
        [
            str(figure.metadata["preamble"]),
            "def show(expression, printed, value):",
            '    print(f"{expression:<' + str(width) + "} {printed:>9}"
            ' {torch.as_tensor(value).item()}")',
            "",
            "# What is computed, what the figure prints, and its exact value.",
            *(
                [f"# The figure prints {repeated} of them again."]
                * bool(repeated)
            ),
            *lines,
            "",
        ]
    )
