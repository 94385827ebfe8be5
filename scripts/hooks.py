"""What mends Material's own theme, and nothing else."""

from typing import Any

from mkdocs.utils import get_relative_url

LATE_INDEX = """\
<script>
window.XMLHttpRequest = class extends XMLHttpRequest {
  open(method, url, ...rest) {
    super.open(method, url, ...rest);
    this.late = url.endsWith("/search_index.json");
  }
  send(...body) {
    const go = () => super.send(...body);
    if (!this.late) return go();
    document.forms.search.addEventListener("focusin", go, { once: true });
  }
};
</script>
"""
"""Material asks for the index on every page: a quarter of what a page loads,
which most readers never use."""

MATH_FONT = "assets/fonts/stix-two-math-subset.woff2"


def on_page_content(html: str, **_: Any) -> str:
    """Keep listings out of the search, whose results would begin with them."""
    return html.replace(' highlight">', ' highlight" data-search-exclude>')


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Name the search, and let nothing hold up the first sight of a page."""
    mended = {
        'data-md-component="search" role="dialog"': (
            'data-md-component="search" role="dialog" aria-label="Search"'
        ),
        '<script id="__config"': LATE_INDEX + '<script id="__config"',
        "<script src=": "<script defer src=",
    }
    for theirs, ours in mended.items():
        output = output.replace(theirs, ours)
    if "<math" not in output:
        return output
    font = get_relative_url(MATH_FONT, page.url)
    return output.replace(
        "</title>",
        f'</title><link rel="preload" as="font" href="{font}" crossorigin>',
        1,
    )
