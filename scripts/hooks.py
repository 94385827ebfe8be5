"""What mends Material's own theme, and nothing else."""

import re
from pathlib import Path

LATE_SEARCH = Path(__file__).with_name("late-search.html").read_text()
COPY_BUTTON = Path(__file__).with_name("copy-button.html").read_text()


def on_config(config):
    """Let a word of a title outweigh ten of a text, and not a thousand."""
    fields = config.plugins["material/search"].config.fields
    fields["title"] = {"boost": 10}


def on_page_content(html, **_):
    """Keep listings out of the search, whose results would begin with them."""
    return html.replace(' highlight">', ' highlight" data-search-exclude>')


def on_post_template(output, **_):
    """Leave the day of the build out of the sitemap."""
    return re.sub(r"\s*<lastmod>.*</lastmod>", "", output)


def on_post_build(config):
    """Leave out what holds the time of its making, and nobody asks for."""
    Path(config.site_dir, "sitemap.xml.gz").unlink(missing_ok=True)


def on_post_page(output, **_):
    """Name the search, load it when it is used, and the script last."""
    before = LATE_SEARCH + COPY_BUTTON
    output = output.replace("<script src=", before + "<script defer src=")
    return output.replace('role="dialog"', 'role="dialog" aria-label="Search"')
