"""The HTML around a figure."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from typing import Any, NamedTuple

from ..html import CREDIT, PHONE, region
from ..html.commands import keep_options_whole
from ..html.scripts import FOLDER, script, style
from .marking import mark_listing

_PARTS = {"figures": ("figures", "forms"), "tools": ("bar", "tools", "touch")}
"""The files of assets that need more than the file of their name."""


@cache
def assets(name: str) -> str:
    """The styles and scripts of `figures`, `tools`, `gallery` and so on."""
    parts = _PARTS.get(name, (name,))
    styles = "".join(map(style, parts))
    code = [script(part) for part in parts if (FOLDER / f"{part}.js").is_file()]
    style_element = f"<style>{styles}</style>\n" if styles else ""
    return style_element + "".join(
        f'<script type="module">\n{module}</script>\n' for module in code
    )


def notice(sentence: str) -> str:
    """An error message, to be shown in the place of the error.

    It is inline HTML, so it is valid wherever text is.
    """
    return f'<span class="lf-wrong" role="alert">{escape(sentence)}</span>'


FILTER = """\
<div class="lf-filter" hidden>
<label>Show figures with \
<input type="search" autocomplete="off"></label>
<span role="status"></span>
</div>"""
"""The field that filters a gallery; a script shows it."""


def figure(payload: dict[str, Any], scrolls: bool) -> str:
    """The SVGs of a figure; see `region`."""
    return region(payload["id"], payload["title"], payload["forms"], scrolls=scrolls)


def is_single(payload: dict[str, Any]) -> bool:
    """Whether a figure has only its narrow form, for phones."""
    width = payload["forms"][0][0] if "forms" in payload else payload["width"]
    return bool(width <= PHONE)


class File(NamedTuple):
    """A file of the site that a figure is drawn from.

    Attributes:
        name: The name under which a browser saves it.
        relative_address: Its address relative to the page.
        address: Its absolute address.
    """

    name: str
    relative_address: str
    address: str


def tools(payload: dict[str, Any], files: Sequence[File] = (), *, inline: bool = True) -> str:
    """The tools below a figure: its proof, and a menu to share and save it.

    Both open without a script. A script copies the address and saves the
    figure.

    Material measures each `pre > code` when a page loads. A page has dozens of
    these texts and most are never opened, so they are `pre` only.

    Args:
        payload: The figure.
        files: The files that its proof and its command read, if the page
            offers them; the reader saves them into the current folder.
        inline: Whether the figure is part of the page, so that a script can
            save it.
    """
    id = payload["id"]
    local_texts = payload["saved"] if files else payload
    proof = local_texts["proof"]
    libraries = [
        name
        for name in ("torch", "numpy", "safetensors")
        if re.search(rf"^(import|from) {name}\b", proof, re.MULTILINE)
    ]
    proof_intro, command_intro = "Run this", "This command draws"
    # Only the command reads the names of steps, so the proof does not need that file.
    if proof_files := [file for file in files if file.name in local_texts["reads"]]:
        addresses = "".join(f"# {file.address}\n" for file in proof_files)
        proof = f"# Save these files where you run this.\n{addresses}\n{proof}"
        proof_intro = f"Save {_links(proof_files)} into a folder, and run this there"
    if files:
        command_intro = f"In a folder with {_links(files)}, this command draws"
    # A script saves the figure from the page, so one that is not inline has no buttons.
    save_buttons = "".join(
        f'<button type="button" hidden data-save="{kind}" '
        f'data-figure="{id}">Save {kind.upper()}</button>\n'
        for kind in (("svg", "png") if inline else ())
    )
    share_label = "Share and save" if inline else "Share"
    count = payload["numbers"]
    numbers = f"{count} number{'' if count == 1 else 's'}"
    return f"""\
<div class="lf-tools">
<details><summary>Proof of {numbers}</summary>
<p>Each number in the figure is the value of an expression. {proof_intro} in Python
with {_list_words(libraries)} to see them all:</p>
<pre tabindex="0">{escape(proof)}</pre></details>
<details class="lf-share"><summary>{share_label}</summary>
<div><a href="#figure-{id}" aria-label="Link to the figure {id}">Link</a>
{save_buttons}<span role="status"></span></div>
<p>{command_intro} the same figure:</p>
<pre tabindex="0">{keep_options_whole(escape(local_texts["command"]))}</pre>
<p>Use the figure as you like, with this line of credit:</p>
<pre tabindex="0">{CREDIT}</pre></details>
</div>"""


def _links(files: Sequence[File]) -> str:
    """Links that download files."""
    return _list_words(
        f'<a href="{escape(file.relative_address)}" download>{escape(file.name)}</a>'
        for file in files
    )


def _list_words(words: Iterable[str]) -> str:
    """Words as a list in a sentence.

    >>> _list_words(["a"]), _list_words(["a", "b"]), _list_words(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def code_listing(payload: dict[str, str]) -> str:
    """A Python file, and its output if it was run."""
    code = mark_listing(payload["code"])
    highlighted = f'<div class="highlight"><pre><code>{code}</code></pre></div>'
    if "output" not in payload:
        return highlighted
    return (
        f"{highlighted}<p>The build of this page ran "
        f"<code>{escape(payload['name'])}</code>. It printed:</p>"
        f'<div class="highlight"><pre><code>{escape(payload["output"])}'
        "</code></pre></div>"
    )


def folded_code(payload: dict[str, str]) -> str:
    """A Python file that the reader can unfold, below its output."""
    code = mark_listing(payload["code"])
    return (
        f'<details class="lf-code"><summary>The Python that printed this'
        f'</summary><div class="highlight"><pre><code>{code}</code></pre></div>'
        "</details>"
    )


def images(payload: dict[str, Any], addresses: dict[tuple[str, str], str], scrolls: bool) -> str:
    """A figure as lazy images, one for each form and colour scheme.

    The page shows one of them, and a browser does not load the others.

    Args:
        payload: The figure, and its `narrow` form for phones if it has one.
        addresses: The addresses of the images by width, which is empty or
            `narrow-`, and scheme.
        scrolls: See `region`.
    """
    forms = {"": payload}
    if "narrow" in payload:
        forms["narrow-"] = payload["narrow"]
    alt_text = f"{escape(payload['title'])}. {escape(payload['description'])}"

    def image(name: str, scheme: str) -> str:
        form = forms[name]
        return (
            f'<img src="{addresses[name, scheme]}#only-{scheme}" '
            f'loading="lazy" alt="{alt_text}" width="{form["width"]:g}" '
            f'height="{form["height"]:g}">'
        )

    return region(
        payload["id"],
        payload["title"],
        [
            (form["width"], image(name, "light") + image(name, "dark"))
            for name, form in forms.items()
        ],
        scrolls=scrolls,
    )


def sheet(payload: dict[str, Any], addresses: dict[tuple[str, str], str], pdf: str) -> str:
    """A sheet as an image that links to its PDF, and links to its files.

    Args:
        payload: See `images`.
        addresses: See `images`.
        pdf: The address of the PDF.
    """
    image_tags = "".join(
        f'<img src="{addresses["", scheme]}#only-{scheme}" loading="lazy" '
        f'alt="{escape(payload["title"])}. {escape(payload["description"])}" '
        f'width="{payload["width"]:g}" height="{payload["height"]:g}">'
        for scheme in ("light", "dark")
    )
    name, svg = payload["name"], addresses["", "light"]
    return (
        f'<a class="lf-sheet" href="{pdf}">{image_tags}</a>\n'
        f'<p class="lf-print"><a href="{pdf}" download="{name}.pdf">PDF to '
        f'print, {payload["paper"]}</a> <a href="{svg}" download="{name}.svg">'
        "SVG</a></p>"
    )


MAX_RISE = 12
"""The most pixels that text may rise above the top of a figure's body."""


def thumbnail(
    payload: dict[str, Any], addresses: dict[tuple[str, str], str], *, is_large: bool
) -> str:
    """A figure as a lazy image below its heading, which is text in the card.

    A large one also has its narrow form, for phones.

    Args:
        payload: See `images`.
        addresses: See `images`.
        is_large: Whether the figure is as large as on its page.
    """
    forms = {"": payload}
    if is_large and "narrow" in payload:
        forms["narrow-"] = payload["narrow"]

    def image(prefix: str, scheme: str) -> str:
        form = forms[prefix]
        above = 100 * max(0, form["top"] - MAX_RISE) / form["width"]
        return (
            f'<img src="{addresses[prefix, scheme]}#only-{scheme}" '
            f'loading="lazy" alt="{escape(payload["summary"])}" '
            f'width="{form["width"]:g}" height="{form["height"]:g}" '
            f'style="margin-top:-{above:.1f}%">'
        )

    parts = "".join(
        f'<div class="lf-{"narrow" if prefix else "wide"}">'
        f"{image(prefix, 'light')}{image(prefix, 'dark')}</div>"
        for prefix in forms
    )
    return f'<div class="lf-thumbnail">{parts}</div>'


def card_text(payload: dict[str, Any]) -> str:
    """The title of a figure, and its name."""
    return f"<p>{escape(payload['title'])}</p>\n<p><code>{payload['name']}</code></p>"
