"""The HTML around a figure."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from typing import Any, NamedTuple

from ..html import CREDIT, PHONE, region
from ..html.scripts import FOLDER, script, style
from .marking import mark_listing

_PARTS = {"figures": ("figures", "forms"), "tools": ("bar", "tools", "touch")}
"""The files of what needs others than those of its name."""


@cache
def assets(name: str) -> str:
    """What `figures`, their `tools` or a `gallery` need, once a page each."""
    parts = _PARTS.get(name, (name,))
    look = "".join(map(style, parts))
    code = [script(one) for one in parts if (FOLDER / f"{one}.js").is_file()]
    return f"<style>{look}</style>\n" * bool(look) + "".join(
        f'<script type="module">\n{one}</script>\n' for one in code
    )


def notice(sentence: str) -> str:
    """What is wrong, in the place of what it is wrong with.

    It can stand wherever text can.
    """
    return f'<span class="lf-wrong" role="alert">{escape(sentence)}</span>'


FILTER = """\
<div class="lf-filter" hidden>
<label>Show figures with \
<input type="search" autocomplete="off"></label>
<span role="status"></span>
</div>"""
"""The field that narrows a gallery, which a script shows."""


def figure(drawn: dict[str, Any], scrolls: bool) -> str:
    """The SVGs of a figure; see `region`."""
    return region(drawn["id"], drawn["title"], drawn["forms"], scrolls=scrolls)


def is_single(drawn: dict[str, Any]) -> bool:
    """Whether a figure has a form for phones and no other."""
    width = drawn["forms"][0][0] if "forms" in drawn else drawn["width"]
    return bool(width <= PHONE)


class File(NamedTuple):
    """A file of the site, which a figure is drawn from.

    Attributes:
        name: What a browser saves it as.
        way: Its address from the page.
        address: Its whole address.
    """

    name: str
    way: str
    address: str


def tools(drawn: dict[str, Any], files: Sequence[File] = (), *, inline: bool = True) -> str:
    """What can be done with a figure: its proof, and one button for the rest.

    Both open without a script, which copies the address and saves the figure.

    Material measures each `pre > code` when a page loads; a page has dozens of
    these texts, most never opened, so they are `pre` alone.

    Args:
        drawn: The figure.
        files: What its proof and its command read, if the page offers it; they
            have it in the folder where they are run then.
        inline: Whether the figure is a part of the page, from which a script
            can save it.
    """
    id = drawn["id"]
    own = drawn["saved"] if files else drawn
    proof = own["proof"]
    libraries = [
        name
        for name in ("torch", "numpy", "safetensors")
        if re.search(rf"^(import|from) {name}\b", proof, re.MULTILINE)
    ]
    run, draws = "Run this", "This command draws"
    # The names of steps are for the command alone.
    if read := [file for file in files if file.name in own["reads"]]:
        addresses = "".join(f"# {file.address}\n" for file in read)
        proof = f"# Save these files where you run this.\n{addresses}\n{proof}"
        run = f"Save {_links(read)} into a folder, and run this there"
    if files:
        draws = f"In a folder with {_links(files)}, this command draws"
    saves = "".join(
        f'<button type="button" hidden data-save="{kind}" '
        f'data-figure="{id}">Save {kind.upper()}</button>\n'
        for kind in ("svg", "png")
    )
    share = "Share and save" if inline else "Share"
    count = drawn["numbers"]
    numbers = f"{count} number{'' if count == 1 else 's'}"
    return f"""\
<div class="lf-tools">
<details><summary>Proof of {numbers}</summary>
<p>Each number in the figure is the value of an expression. {run} in Python
with {_listed(libraries)} to see them all:</p>
<pre tabindex="0">{escape(proof)}</pre></details>
<details class="lf-share"><summary>{share}</summary>
<div><a href="#figure-{id}" aria-label="Link to the figure {id}">Link</a>
{saves * inline}<span role="status"></span></div>
<p>{draws} the same figure:</p>
<pre tabindex="0">{escape(own["command"])}</pre>
<p>Use the figure as you like, with this line of credit:</p>
<pre tabindex="0">{CREDIT}</pre></details>
</div>"""


def _links(files: Sequence[File]) -> str:
    """Files, each of which is saved by a click."""
    return _listed(
        f'<a href="{escape(file.way)}" download>{escape(file.name)}</a>' for file in files
    )


def _listed(words: Iterable[str]) -> str:
    """Words as a sentence lists them.

    >>> _listed(["a"]), _listed(["a", "b"]), _listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def listing(drawn: dict[str, str]) -> str:
    """A file, and what it printed if it was run."""
    code = mark_listing(drawn["code"])
    shown = f'<div class="highlight"><pre><code>{code}</code></pre></div>'
    if "output" not in drawn:
        return shown
    return (
        f"{shown}<p>The build of this page ran "
        f"<code>{escape(drawn['name'])}</code>. It printed:</p>"
        f'<div class="highlight"><pre><code>{escape(drawn["output"])}'
        "</code></pre></div>"
    )


def behind(drawn: dict[str, str]) -> str:
    """A file whose output the page shows, to be opened."""
    code = mark_listing(drawn["code"])
    return (
        f'<details class="lf-code"><summary>The Python that printed this'
        f'</summary><div class="highlight"><pre><code>{code}</code></pre></div>'
        "</details>"
    )


def images(entry: dict[str, Any], addresses: dict[tuple[str, str], str], scrolls: bool) -> str:
    """A figure as lazy images, of which the page shows one.

    The others are not loaded: those of the other form, and those of the
    other scheme.

    Args:
        entry: The figure, and its `narrow` form for phones if it has one.
        addresses: Of the files, by width, empty or `narrow-`, and scheme.
        scrolls: See `region`.
    """
    forms = {"": entry}
    if "narrow" in entry:
        forms["narrow-"] = entry["narrow"]
    alt = f"{escape(entry['title'])}. {escape(entry['description'])}"

    def image(name: str, scheme: str) -> str:
        form = forms[name]
        return (
            f'<img src="{addresses[name, scheme]}#only-{scheme}" '
            f'loading="lazy" alt="{alt}" width="{form["width"]:g}" '
            f'height="{form["height"]:g}">'
        )

    return region(
        entry["id"],
        entry["title"],
        [
            (form["width"], image(name, "light") + image(name, "dark"))
            for name, form in forms.items()
        ],
        scrolls=scrolls,
    )


def sheet(entry: dict[str, Any], addresses: dict[tuple[str, str], str], pdf: str) -> str:
    """A sheet as an image that leads to its PDF, and links to its files.

    Args:
        entry: See `images`.
        addresses: See `images`.
        pdf: The address of the PDF.
    """
    both = "".join(
        f'<img src="{addresses["", scheme]}#only-{scheme}" loading="lazy" '
        f'alt="{escape(entry["title"])}. {escape(entry["description"])}" '
        f'width="{entry["width"]:g}" height="{entry["height"]:g}">'
        for scheme in ("light", "dark")
    )
    name, svg = entry["name"], addresses["", "light"]
    return (
        f'<a class="lf-sheet" href="{pdf}">{both}</a>\n'
        f'<p class="lf-print"><a href="{pdf}" download="{name}.pdf">PDF to '
        f'print, {entry["paper"]}</a> <a href="{svg}" download="{name}.svg">'
        "SVG</a></p>"
    )


RISE = 12
"""How far words of a figure may stand above where it begins."""


def thumbnail(entry: dict[str, Any], addresses: dict[tuple[str, str], str]) -> str:
    """A figure as a small lazy image, from below its heading on.

    Its narrow form can be read at this size, and the link below says what the
    heading says. It is loaded in the scheme that the page has. Its description
    would be long in a gallery; the title is enough.

    Args:
        entry: See `images`.
        addresses: See `images`.
    """
    form, prefix = entry, ""
    if "narrow" in entry:
        form, prefix = entry["narrow"], "narrow-"
    above = 100 * max(0, form["top"] - RISE) / form["width"]
    both = "".join(
        f'<img src="{addresses[prefix, scheme]}#only-{scheme}" '
        f'loading="lazy" alt="{escape(entry["title"])}" '
        f'width="{form["width"]:g}" height="{form["height"]:g}" '
        f'style="margin-top:-{above:.1f}%">'
        for scheme in ("light", "dark")
    )
    return f'<div class="lf-thumbnail">{both}</div>'


def about(entry: dict[str, Any]) -> str:
    """What a figure shows, and its name."""
    return f"<p>{escape(entry['summary'])}</p>\n<p><code>{entry['name']}</code></p>"
