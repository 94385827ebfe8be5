"""One HTML file that explains one LSTM with all its figures.

It asks no host for anything, and is whole without its script, which lets a
number of a figure say what it is.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from importlib.resources import files
from string import Template

from ..figure import Figure
from ..figures import CATALOG
from ..options import summary
from ..proof.subject import Subject
from ..render.svg import sheet_paints
from ..scene.theme import Scheme, colour, repaint
from ..version import VERSION
from . import credit, region
from .parameters import parameter_table
from .proving import proof_script
from .sentences import SECTIONS, Section, lead

Forms = Sequence[Figure]
"""A figure, and its form for phones where it has one of its own."""

_ROLES = ("paper", "panel", "rule", "ink", "muted")


def page(
    figures: Mapping[str, Forms], subject: Subject, title: str | None = None
) -> str:
    """The HTML.

    Args:
        figures: The forms of those that are shown, by name; a section that
            has figures is left out with all of them.
        subject: What they were drawn of.
        title: The heading; by default it names the module.
    """
    sections = [
        drawn
        for section in SECTIONS
        for drawn in [_drawn(section, figures)]
        if drawn.figures or not section.figures
    ]
    browser = files("lstm_figs") / "browser"
    template = Template((browser / "page.html").read_text(encoding="utf-8"))
    style = "".join(
        (browser / name).read_text(encoding="utf-8")
        for name in ("page.css", "forms.css", "touch.css")
    )
    return template.substitute(
        title=escape(title or f"{subject.module}, figure by figure"),
        summary=escape(lead(subject)),
        version=VERSION,
        style=_colours(figures) + style,
        script=(browser / "touch.js").read_text(encoding="utf-8"),
        contents=_contents(sections, figures),
        sections="\n".join(_section(s, figures, subject) for s in sections),
        again=_again(subject),
        credit=credit(),
    )


def _colours(figures: Mapping[str, Forms]) -> str:
    """The palette, and the figures in dark colours where those are wanted.

    Paper is light: a page is never printed in dark colours.
    """

    def declare(scheme: Scheme) -> str:
        return ";".join(f"--{r}:{colour(r, scheme)}" for r in _ROLES)

    paints = {
        paint
        for forms in figures.values()
        for form in forms
        for paint in sheet_paints(form.sheet)
    }
    return (
        f":root{{color-scheme:light dark;{declare('light')}}}\n"
        "@media screen and (prefers-color-scheme:dark){"
        f":root{{{declare('dark')}}}{repaint('.lf-figure', paints)}}}\n"
    )


def _drawn(section: Section, figures: Mapping[str, Forms]) -> Section:
    """A section with those of its figures that there are."""
    names = tuple(name for name in section.figures if name in figures)
    return replace(section, figures=names)


def _contents(sections: Sequence[Section], figures: Mapping[str, Forms]) -> str:
    lines = ["<ul>"]
    for section in sections:
        lines.append(f'<li><a href="#about-{section.id}">{section.title}</a>')
        if section.figures:
            lines += [
                "<ul>",
                *(
                    f'<li><a href="#figure-{name}">'
                    f"{escape(figures[name][0].title)}</a></li>"
                    for name in section.figures
                ),
                "</ul>",
            ]
        lines.append("</li>")
    return "\n".join([*lines, "</ul>"])


def _section(
    section: Section, figures: Mapping[str, Forms], subject: Subject
) -> str:
    parts = [
        f'<h2 id="about-{section.id}">{section.title}</h2>',
        section.say(subject),
    ]
    if section.id == "weights":
        parts.append(_scrolling_table(subject))
    parts += [_figure(figures[name]) for name in section.figures]
    return "\n".join(parts)


def _scrolling_table(subject: Subject) -> str:
    return (
        '<div class="lf-scroll" role="region" tabindex="0" '
        f'aria-label="Parameters">\n{parameter_table(subject)}\n</div>'
    )


def _figure(forms: Forms) -> str:
    figure = forms[0]
    shown = [(form.sheet.width, _svg(form)) for form in forms]
    count = len(figure.numbers())
    command = figure.metadata["command"]
    drawn = (
        '<p>This draws the same figure:</p>\n<pre tabindex="0"><code>'
        f"{escape(str(command))}</code></pre>\n"
        if command
        else ""
    )
    return (
        f'<figure id="figure-{figure.id}">\n'
        f"{region(figure.id, figure.title, shown)}\n"
        "<figcaption>\n"
        f"<p>{escape(summary(CATALOG[figure.name]))}</p>\n"
        f"<details><summary>Proof of {count} "
        f"number{'' if count == 1 else 's'}</summary>\n"
        "<p>Run this in Python with torch. It prints each number of the "
        "figure beside its exact value.</p>\n"
        f'<pre tabindex="0"><code>{escape(proof_script(figure))}'
        "</code></pre>\n"
        f"{drawn}</details>\n"
        "</figcaption>\n"
        "</figure>"
    )


def _svg(figure: Figure) -> str:
    return figure.render("svg", "light").decode()


def _again(subject: Subject) -> str:
    """The command line that makes the same page, where there is one."""
    if subject.trace.origin.command is None:
        return ""
    words = shlex.join(["lstm-figs", "page", *subject.trace.origin.command])
    return (
        "\n<p>This makes the same page:</p>\n"
        f'<pre tabindex="0"><code>{escape(words)}</code></pre>'
    )
