"""What mends Material's own theme, and nothing else."""


def on_post_page(output: str, **_: object) -> str:
    """Name the search dialog, which Material leaves without a name."""
    return output.replace(
        'data-md-component="search" role="dialog"',
        'data-md-component="search" role="dialog" aria-label="Search"',
    )


def on_page_content(html: str, **_: object) -> str:
    """Keep listings out of the search index, which every page loads."""
    return html.replace(' highlight">', ' highlight" data-search-exclude>')
