"""MkDocs hooks: fix Material's theme, and add texts for programs."""

import os
import re
import runpy
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.utils import get_relative_url

TEXTS = runpy.run_path(str(Path(__file__).with_name("texts.py")))

# The search is large, so load its worker and its index on first use.
LATE_SEARCH = Path(__file__).with_name("late-search.html").read_text()
# The theme's script sets a class when scripts run, which restyles the whole page. Set
# it before, and reset it if that script fails to load.
SCRIPT_CLASS = "<script>document.documentElement.className = 'js js-focus-visible'</script>"
NO_SCRIPT_CLASS = "onerror=\"document.documentElement.className = 'no-js'\""
# The theme's script starts when all scripts are loaded. A separate, last script lets a
# phone respond to touches before it.
PAUSE = '<script type="module">;</script>'
LISTING = re.compile(r' highlight">(.*?</pre>)', re.DOTALL)

TABLE = {"<table>": "<div><table>", "</table>": "</table></div>"}

# The copy button of each listing is in a <nav> without a name. Many landmarks with no
# name cannot be distinguished.
COPY_BUTTON = Path(__file__).with_name("copy-button.html").read_text()


ONLY = {
    name.removeprefix("docs/").removesuffix(".md") + ".md"
    for name in os.environ.get("LSTM_FIGS_PAGES", "").split()
}
"""The pages that `scripts/serve` builds; empty for all."""

SKELETON = re.compile(r"\A---\n.*?^---\n|^ *(`{3,}).*?^ *\1$|^#+ [^\n]*$", re.M | re.S)
"""The parts of an unselected page to keep; a code fence matches to be skipped."""


@event_priority(100)
def on_files(files, **_):
    """Build only the selected pages; links to the others still work.

    With `--dirty`, MkDocs rebuilds a page if its file changed. Selected pages are
    always rebuilt, because the code or data of their figures may have changed.
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


def on_env(env, **_):
    """Remove the lines of templates that contain only control blocks."""
    env.trim_blocks = env.lstrip_blocks = True


def on_page_content(html, **_):
    """Store the length of each listing, and exclude listings from the search.

    Search results would start with listings. A listing far from the screen is not
    rendered, so the style sheet reserves its height. The theme wraps each table in a
    box after it was shown; wrapping it here avoids a restyling.
    """
    for tag, boxed in TABLE.items():
        html = html.replace(tag, boxed)

    def with_line_count(match):
        lines = match[1].count("\n")
        return f' highlight" data-search-exclude style="--lf-lines:{lines}">{match[1]}'

    return LISTING.sub(with_line_count, html)


def on_post_template(output, **_):
    """Remove the build date from the sitemap."""
    return re.sub(r"\s*<lastmod>.*</lastmod>", "", output)


def on_post_build(config):
    """Remove the file that contains the build time, and add texts for programs."""
    site = Path(config.site_dir)
    (site / "sitemap.xml.gz").unlink(missing_ok=True)
    if not ONLY:
        TEXTS["write"](site, config, Path(config.docs_dir), config.site_url)


def on_post_page(output, page, **_):
    """Label the search dialog, load the search late, and move the script last."""
    output = output.replace("</head>", f"{_alternates(page)}{SCRIPT_CLASS}</head>", 1)
    before = f"{LATE_SEARCH}{COPY_BUTTON}<script defer {NO_SCRIPT_CLASS} src="
    output = output.replace("<script src=", before)
    output = output.replace("</body>", f"{PAUSE}</body>", 1)
    return output.replace('role="dialog"', 'role="dialog" aria-label="Search"')


def _alternates(page):
    """Links to the Markdown of a page, and to the feed if there is one."""
    if TEXTS["MOVED_PAGE"].search(page.markdown):
        return ""
    kinds = {page.file.src_uri: "text/markdown"}
    if page.file.src_uri == "changelog.md" and (TEXTS["RELEASE"].search(page.markdown)):
        kinds["feed.xml"] = "application/atom+xml"
    return "".join(
        f'<link rel="alternate" type="{kind}" href="{get_relative_url(path, page.url)}">'
        for path, kind in kinds.items()
    )
