"""What mends Material's own theme, and what programs read of the site."""

import os
import re
import runpy
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.utils import get_relative_url

TEXTS = runpy.run_path(str(Path(__file__).with_name("texts.py")))

# The search is large: ask for its worker and its index when it is used.
LATE_SEARCH = Path(__file__).with_name("late-search.html").read_text()
# The theme's script says that scripts run, for which all of the page is styled
# anew; it is said before, and taken back where that script does not come.
SCRIPT_CLASS = "<script>document.documentElement.className = 'js js-focus-visible'</script>"
NO_SCRIPT_CLASS = "onerror=\"document.documentElement.className = 'no-js'\""
# The theme's script begins its work when all scripts have been read. One that
# is read last, and on its own, lets a phone answer a touch before that work.
PAUSE = '<script type="module">;</script>'
LISTING = re.compile(r' highlight">(.*?</pre>)', re.DOTALL)

TABLE = {"<table>": "<div><table>", "</table>": "</table></div>"}

# The button that copies a listing stands in a <nav> without a name, and a page
# has as many as listings: landmarks that nobody could tell apart.
COPY_BUTTON = Path(__file__).with_name("copy-button.html").read_text()


ONLY = {
    name.removeprefix("docs/").removesuffix(".md") + ".md"
    for name in os.environ.get("LSTM_FIGS_PAGES", "").split()
}
"""The pages that `scripts/serve` was asked for; none for all of them."""

SKELETON = re.compile(r"\A---\n.*?^---\n|^ *(`{3,}).*?^ *\1$|^#+ [^\n]*$", re.M | re.S)
"""What a page keeps that was not asked for; a fence, to leave it out."""


@event_priority(100)
def on_files(files, **_):
    """Build the pages that were asked for; links still lead to the others.

    With `--dirty` MkDocs builds a page whose file is newer than what was built
    of it. A page that was asked for may have figures whose code or data is.
    """
    pages = files.documentation_pages() if ONLY else ()
    for name in ONLY - {file.src_uri for file in pages}:
        raise PluginError(f"got {name!r}, expected a page of docs/, such as chunks")
    for file in pages:
        if file.src_uri in ONLY:
            file.is_modified = lambda: True
            continue
        matches = SKELETON.finditer(file.content_string)
        file.content_string = "\n\n".join(m[0] for m in matches if not m[1])
        built = Path(file.abs_dest_path)
        file.is_modified = lambda built=built: not built.exists()


def on_config(config):
    """Let a word of a title outweigh ten of a text, and not a thousand."""
    fields = config.plugins["material/search"].config.fields
    fields["title"] = {"boost": 10}


def on_env(env, **_):
    """Leave out the lines on which a template only decides something."""
    env.trim_blocks = env.lstrip_blocks = True


def on_page_content(html, **_):
    """Say how long listings are, and keep them out of the search.

    Its results would begin with them. A listing that is far from the screen is
    not drawn, and the style sheet has its room. The theme puts each table into
    a box when it was shown; a box around that spares the page another styling.
    """
    for tag, boxed in TABLE.items():
        html = html.replace(tag, boxed)

    def with_line_count(match):
        lines = match[1].count("\n")
        return f' highlight" data-search-exclude style="--lf-lines:{lines}">{match[1]}'

    return LISTING.sub(with_line_count, html)


def on_post_template(output, **_):
    """Leave the day of the build out of the sitemap."""
    return re.sub(r"\s*<lastmod>.*</lastmod>", "", output)


def on_post_build(config):
    """Leave out what holds the time of its making; add texts for programs."""
    site = Path(config.site_dir)
    (site / "sitemap.xml.gz").unlink(missing_ok=True)
    TEXTS["write"](site, config, Path(config.docs_dir), config.site_url)


def on_post_page(output, page, **_):
    """Name the search, load it when it is used, and the script last."""
    output = output.replace("</head>", f"{_alternates(page)}{SCRIPT_CLASS}</head>", 1)
    before = f"{LATE_SEARCH}{COPY_BUTTON}<script defer {NO_SCRIPT_CLASS} src="
    output = output.replace("<script src=", before)
    output = output.replace("</body>", f"{PAUSE}</body>", 1)
    return output.replace('role="dialog"', 'role="dialog" aria-label="Search"')


def _alternates(page):
    """Links to a page as Markdown, and to the feed where there is one."""
    kinds = {page.file.src_uri: "text/markdown"}
    if page.file.src_uri == "changelog.md" and (TEXTS["RELEASE"].search(page.markdown)):
        kinds["feed.xml"] = "application/atom+xml"
    return "".join(
        f'<link rel="alternate" type="{kind}" href="{get_relative_url(path, page.url)}">'
        for path, kind in kinds.items()
    )
