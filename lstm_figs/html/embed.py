"""A figure for any blog: one self-contained HTML element."""

from html import escape

from ..figure import Figure
from ..scene.theme import Choice
from . import credit, region

_STYLE = (
    "#figure-{id}{{display:block;float:none;clear:both;width:auto;"
    "max-width:100%;margin:2em 0;padding:0;border:0;background:none;"
    "box-shadow:none;text-align:left}}"
    "#figure-{id} div{{display:block;width:auto;margin:0;padding:0;border:0;"
    "background:none}}"
    "#figure-{id}>div{{overflow-x:auto}}"
    "#figure-{id}>div:focus-visible{{outline:2px solid;outline-offset:2px}}"
    "#figure-{id} figcaption{{display:block;position:static;max-width:68ch;"
    "margin:.75em 0 0;padding:0;background:none;color:inherit;opacity:1;"
    "font-size:.9em;line-height:1.5;text-align:left}}"
    "#figure-{id} p{{margin:0;color:inherit;font-size:1em}}"
    "#figure-{id} a{{color:inherit;text-decoration:underline}}"
)
"""Styles that protect an embedded figure from those of the page around it."""

_FORMS = (
    "#figure-{id}>div{{container-type:inline-size;"
    "margin-inline:clamp(max(-16px,(100% - 100vw)/2),(100% - 360px)/2,0px)}}"
    ":is(li,dd,blockquote,details,aside,td) #figure-{id}>div{{margin-inline:0}}"
    "#figure-{id} .lf-middle{{width:clamp(560px,100%,700px);margin-inline:auto}}"
    "#figure-{id} .lf-narrow{{width:clamp(360px,100%,450px);margin-inline:auto}}"
    "#figure-{id} :is(#{id}-middle,#{id}-narrow){{width:100%;height:auto}}"
    "@media screen{{"
    "@container (min-width:720px){{#figure-{id} .lf-middle{{display:none}} }}"
    "@container not (min-width:720px){{#figure-{id} .lf-wide{{display:none}} }}"
    "@container (min-width:560px){{#figure-{id} .lf-narrow{{display:none}} }}"
    "@container not (min-width:560px){{#figure-{id} .lf-middle{{display:none}} }}"
    " }}"
    "@media print{{#figure-{id} #{id}{{max-width:100%;height:auto}}"
    "#figure-{id} :is(.lf-middle,.lf-narrow){{display:none}} }}"
)
"""The rules of `forms.css` for one figure, because the page lacks that file."""


def embed(
    figure: Figure, theme: Choice = "auto", *smaller: Figure, caption: str | None = None
) -> str:
    """One `<figure>`: the SVG, its caption and its licence.

    It has no empty line, because Markdown would end a block of HTML there. It
    has no double braces, because template languages would interpret them.

    Args:
        figure: The figure; no other element of the page may have its id.
        theme: See `Figure.inline`.
        *smaller: Its smaller forms, the largest of which that fits is shown if the
            figure itself does not fit.
        caption: The text of the caption; by default the title and the lead.
    """
    heading = figure.scene.heading
    style = _STYLE + _FORMS * bool(smaller)
    forms = [(figure.sheet.width, figure.inline(theme, style.format(id=figure.id)))]
    forms += [(form.sheet.width, form.inline(theme)) for form in smaller]
    words = (
        f"<strong>{escape(figure.title)}.</strong> {escape(heading.subtitle)}."
        if caption is None
        else escape(caption)
    )
    return (
        f'<figure id="figure-{figure.id}">\n'
        f"{region(figure.id, figure.title, forms, scrolls=True)}\n"
        "<figcaption>\n"
        f"<p>{words}</p>\n"
        f"<p>{credit()}</p>\n"
        "</figcaption>\n"
        "</figure>\n"
    )
