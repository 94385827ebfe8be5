"""What mends Material's own theme, and nothing else."""

import re
from html import escape
from pathlib import Path

LATE_INDEX = Path(__file__).with_name("late-index.html").read_text()
CARD = """\
<meta property="og:title" content="{title}">
<meta property="og:description" content="{description}">
<meta property="og:type" content="article">
<meta property="og:url" content="{url}">
<meta property="og:image" content="{site}assets/card.png">
<meta name="twitter:card" content="summary_large_image">
"""
FONT = '<link rel="preload" as="font" href="{}assets/fonts/{}" crossorigin>'


def on_page_content(html, **_):
    """Keep listings out of the search, whose results would begin with them."""
    return html.replace(' highlight">', ' highlight" data-search-exclude>')


def on_post_template(output, **_):
    """Leave the day of the build out of the sitemap."""
    return re.sub(r"\s*<lastmod>.*</lastmod>", "", output)


def on_post_build(config):
    """Leave out what holds the time of its making, and nobody asks for."""
    Path(config.site_dir, "sitemap.xml.gz").unlink(missing_ok=True)


def on_post_page(output, page, config, **_):
    """Name the search, load its index and the script after the page.

    Where a page is linked to, a card shows all of one step.
    """
    here, name = "../" * page.url.count("/"), "stix-two-math-subset.woff2"
    font = FONT.format(here, name) if "<math" in output else ""
    card = CARD.format(
        title=escape(page.title),
        description=escape(page.meta["description"]),
        url=page.canonical_url,
        site=config.site_url,
    )
    output = output.replace("<title>", card + font + "<title>", 1)
    output = output.replace("<script src=", LATE_INDEX + "<script defer src=")
    return output.replace('role="dialog"', 'role="dialog" aria-label="Search"')
