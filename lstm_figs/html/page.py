"""One HTML file that explains one LSTM with all its figures.

It loads nothing from a server, and is complete without its scripts. These
explain the numbers in a figure, step through it, and draw what a reader types.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from string import Template

from ..figure import Figure
from ..figures import CATALOG
from ..model.layer_run import LayerRun
from ..options import summary
from ..render.svg import sheet_paints
from ..scene.theme import COLOURS_BY_ROLE, Scheme, colour, repaint
from ..version import VERSION
from . import credit, region
from .buttons import bar
from .commands import keep_options_whole
from .parameters import parameter_table
from .proof_code import proof_code
from .scripts import FOLDER, script, style
from .size_sentences import SECTIONS, Section, lead
from .surroundings import Surroundings

Forms = Sequence[Figure]
"""A figure, and its narrow form if it has one."""

_ROLES = ("paper", "panel", "rule", "ink", "muted")
"""The roles whose colours the page itself uses."""
_STYLES = ("page", "forms", "touch", "bar", "controls")
"""The style sheets of a page, in `browser`."""
_SCRIPTS = ("touch", "steps", "live")
"""The scripts of a page, in `browser`."""


def page(
    figures: Mapping[str, Forms],
    subject: LayerRun,
    title: str | None = None,
    surroundings: Mapping[str, Surroundings] | None = None,
    page_flags: Sequence[str] = (),
) -> str:
    """The HTML of the page.

    Args:
        figures: The forms of the figures by name. A section is left out if all
            its figures are missing.
        subject: The run that they show.
        title: The heading; by default it names the module.
        surroundings: The controls around figures, by name.
        page_flags: The options of the command line besides those of the source.
    """
    surroundings = surroundings or {}
    sections = [
        available
        for section in SECTIONS
        for available in [_available(section, figures)]
        if available.figures or not section.figures
    ]
    template = Template((FOLDER / "page.html").read_text(encoding="utf-8"))
    scripts = "".join(f'<script type="module">\n{script(name)}</script>\n' for name in _SCRIPTS)
    return template.substitute(
        title=escape(title or _title(subject)),
        summary=escape(lead(subject)),
        version=VERSION,
        style=_colours(figures) + "".join(map(style, _STYLES)),
        scripts=scripts,
        contents=_contents(sections, figures),
        sections=_all_sections(sections, figures, subject, surroundings),
        again=_page_command(subject, page_flags),
        credit=credit(),
    )


def _title(subject: LayerRun) -> str:
    """The title of a page: the module, with its name and its file if it has these."""
    name = subject.trace.origin.name
    return f"{f'{name}: ' if name else ''}{subject.module}, figure by figure"


def _colours(figures: Mapping[str, Forms]) -> str:
    """CSS for the palette, and for dark colours if the reader prefers them.

    Dark colours apply to screens only, so a page is printed in light ones. A
    figure that a script draws uses variables for colours, as on a site.
    """

    def declare(scheme: Scheme) -> str:
        return ";".join(f"--{r}:{colour(r, scheme)}" for r in _ROLES)

    colour_variables = ";".join(
        f"--lf-{role}:{colour(role, 'dark')}!important" for role in COLOURS_BY_ROLE
    )

    paints = {
        paint for forms in figures.values() for form in forms for paint in sheet_paints(form.sheet)
    }
    return (
        f":root{{color-scheme:light dark;{declare('light')}}}\n"
        "@media screen and (prefers-color-scheme:dark){"
        f":root{{{declare('dark')}}}{repaint('.lf-figure', paints)}"
        f".lf-figure{{{colour_variables}}}}}\n"
    )


def _available(section: Section, figures: Mapping[str, Forms]) -> Section:
    """A section with only its available figures."""
    names = tuple(name for name in section.figures if name in figures)
    return replace(section, figures=names)


def _contents(sections: Sequence[Section], figures: Mapping[str, Forms]) -> str:
    """The table of contents."""
    lines = ["<ul>"]
    for section in sections:
        lines.append(f'<li><a href="#about-{section.id}">{section.title}</a>')
        if section.figures:
            lines += [
                "<ul>",
                *(
                    f'<li><a href="#figure-{name}">{escape(figures[name][0].title)}</a></li>'
                    for name in section.figures
                ),
                "</ul>",
            ]
        lines.append("</li>")
    return "\n".join([*lines, "</ul>"])


def _all_sections(
    sections: Sequence[Section],
    figures: Mapping[str, Forms],
    subject: LayerRun,
    surroundings: Mapping[str, Surroundings],
) -> str:
    """All sections; those that do not depend on the LSTM are folded."""
    lines = []
    for is_same, own in groupby(sections, lambda section: section.is_same):
        parts = [_section(section, figures, subject, surroundings) for section in own]
        if is_same:
            parts = [
                '<details class="same"><summary>What is the same for every '
                "LSTM, with its numbers</summary>",
                *parts,
                "</details>",
            ]
        lines += parts
    return "\n".join(lines)


def _section(
    section: Section,
    figures: Mapping[str, Forms],
    subject: LayerRun,
    surroundings: Mapping[str, Surroundings],
) -> str:
    """A section with its figures."""
    parts = [f'<h2 id="about-{section.id}">{section.title}</h2>', section.to_html(subject)]
    if section.id == "weights":
        parts.append(_scrolling_table(subject))
    is_complete = subject.trace.origin.is_complete
    parts += [
        _figure(figures[name], surroundings.get(name, Surroundings()), is_complete=is_complete)
        for name in section.figures
    ]
    return "\n".join(parts)


def _scrolling_table(subject: LayerRun) -> str:
    """The table of tensors, which scrolls on a phone."""
    return (
        '<div class="lf-scroll" role="region" tabindex="0" '
        f'aria-label="Parameters">\n{parameter_table(subject)}\n</div>'
    )


def _figure(forms: Forms, surroundings: Surroundings, *, is_complete: bool) -> str:
    """Both forms of a figure with its tools; `is_complete` as of its `Origin`."""
    figure = forms[0]
    svgs = [(form.sheet.width, _svg(form)) for form in forms]
    count = len(figure.numbers())
    command = figure.metadata["command"]
    share = (
        '<details class="lf-share"><summary>Draw and share</summary>\n'
        f'<p><a href="#figure-{figure.id}">Link to this figure</a></p>\n'
        '<p>This draws the same figure:</p>\n<pre tabindex="0"><code>'
        f"{keep_options_whole(escape(str(command)))}</code></pre>\n</details>\n"
        if command
        else ""
    )
    instruction = "" if is_complete else "Define the names that its first comment leaves to you. "
    tools = (
        '<div class="lf-tools">\n'
        f"<details><summary>Proof of {count} "
        f"number{'' if count == 1 else 's'}</summary>\n"
        f"<p>{instruction}Run this in Python with torch. It prints each number of the "
        "figure beside its exact value.</p>\n"
        f'<pre tabindex="0"><code>{escape(proof_code(figure))}'
        "</code></pre>\n</details>\n"
        f"{share}</div>"
    )
    return (
        f'<figure id="figure-{figure.id}">\n'
        f"{surroundings.above}{region(figure.id, figure.title, svgs)}\n"
        f"{surroundings.below}{bar(surroundings.rows, surroundings.before)}<figcaption>\n"
        f"<p>{escape(summary(CATALOG[figure.name]))}</p>\n"
        f"{surroundings.caption}</figcaption>\n"
        f"{bar(tools)}\n"
        "</figure>"
    )


def _svg(figure: Figure) -> str:
    return figure.render("svg", "light").decode()


def _page_command(subject: LayerRun, page_flags: Sequence[str]) -> str:
    """The command line that makes the same page, or an empty string."""
    if subject.trace.origin.command is None:
        return ""
    command = subject.trace.origin.command
    words = shlex.join(["lstm-figs", "page", *command, *page_flags])
    code = keep_options_whole(escape(words))
    return f'\n<p>This makes the same page:</p>\n<pre tabindex="0"><code>{code}</code></pre>'
