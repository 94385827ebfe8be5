"""Old addresses lead on in a browser, whichever builder made the site."""

import pytest

from tests.browser.conftest import serving, watched_page
from tests.site.conftest import write_project

CONFIG = """\
site_name: Test
theme: {name: material, font: false, variant: classic}
plugins: [search, lstm-figs]
markdown_extensions: [attr_list, lstm_figs.site.block]
not_in_nav: gone.md
nav: [index.md, new.md]
"""

PAGES = {
    "index": "# Home\n\n## Kept\n\n"
    "/// lstm-moved\n- [left](new.md#there)\n- [renamed](#kept)\n///\n",
    "new": "# New *page*\n\n## Here {#here}\n\n## There {#there}\n",
    "gone": "---\nsearch:\n  exclude: true\n---\n\n# Gone\n\n"
    "/// lstm-moved\n- [page](new.md)\n- [left](new.md#there)\n///\n",
}

WAYS = {
    "#left": "new/#there",
    "?q=1#left": "new/?q=1#there",
    "#renamed": "#kept",
    "gone/": "new/",
    "gone/?q=1#left": "new/?q=1#there",
    "gone/#here": "new/#here",
    "gone/#nowhere": "new/#nowhere",
    "#kept": "#kept",
}
"""Old address -> the address that it leads to."""


@pytest.mark.parametrize("tool", ["mkdocs", "zensical"])
def test_an_old_address_leads_on_with_its_query(browser, builder, tmp_path, tool):
    site = builder.build(tool, write_project(tmp_path, CONFIG, **PAGES))
    folder = tmp_path / "served"
    folder.mkdir()
    with serving(site, folder) as address:
        page = watched_page(browser)
        for old, new in WAYS.items():
            page.goto("about:blank")
            page.goto(address + old)
            page.wait_for_url(address + new)
        page.goto(address)
        page.evaluate("location.hash = 'left'")
        page.wait_for_url(f"{address}new/#there")
        page.go_back()
        page.wait_for_url(address)
        assert not page.get_by_text("This section is now").first.is_visible()
        plain = watched_page(browser, java_script_enabled=False)
        for old, link in {"#left": "new/#there", "gone/": "new/"}.items():
            plain.goto(address + old)
            sentence = plain.locator(".lf-moved:visible")
            assert sentence.inner_text().endswith(" New page.")
            sentence.get_by_role("link").click()
            plain.wait_for_url(address + link)
        assert page.faults == []
        for search in ("search/search_index.json", "search.json"):
            if (index := site / search).exists():
                assert "Gone" not in index.read_text()
                assert "is now" not in index.read_text()
        page.context.close()
        plain.context.close()
