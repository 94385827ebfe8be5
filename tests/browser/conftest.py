"""A browser, and the built site served on a local address."""

import contextlib
import functools
import http.server
import shutil
import threading
from pathlib import Path
from urllib.parse import urljoin

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import sync_playwright

from lstm_figs.scene.theme import colour
from tests.site.conftest import PAGES as FILES
from tests.site.conftest import build_site, builder, folder_for_all_workers

# Fixtures: pytest must also see those that `build_site` requests.
__all__ = ["build_site", "builder", "folder_for_all_workers"]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Arguments of Chromium: without a sandbox, graphics card and requests of its own."""

PAGES = ["" if path.stem == "index" else f"{path.stem}/" for path in FILES]
SCRIPTED_PAGES = (
    *("", "how-an-lstm-remembers/", "what-it-remembers/", "how-it-learned/"),
    *("keep-write-show/", "weight-map/", "step/"),
    *("shapes/", "architecture/"),
)
"""Pages with all kinds of content that scripts change."""
on_scripted_pages = pytest.mark.parametrize(
    "each_page",
    [
        pytest.param(path, marks=() if path in SCRIPTED_PAGES else pytest.mark.thorough)
        for path in PAGES
    ],
    ids=lambda path: path or "home",
    indirect=True,
    scope="session",
)
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")


class _SiteHandler(http.server.SimpleHTTPRequestHandler):
    """Serves a site below the path of a project, like GitHub Pages."""

    def send_error(self, code, *more):
        if code != 404:
            super().send_error(code, *more)
            return
        page = Path(self.directory, "lstm-figs", "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass

    def copyfile(self, source, outputfile):
        # A page may be closed before it is loaded completely.
        with contextlib.suppress(ConnectionError):
            super().copyfile(source, outputfile)


def rgb(role, scheme):
    """The colour of a role, such as `paper`, as a browser writes it."""
    return f"rgb({', '.join(map(str, bytes.fromhex(colour(role, scheme)[1:])))})"


def set_all(page, selector, **properties):
    """Set properties of all elements of a page that a selector matches."""
    script = "(all, properties) => all.forEach(e => Object.assign(e, properties))"
    page.locator(selector).evaluate_all(script, properties)


@contextlib.contextmanager
def serving(site, folder):
    """Serve a site from a folder on the loopback address, and yield its URL."""
    (folder / "lstm-figs").symlink_to(site)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_SiteHandler, directory=folder)
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/lstm-figs/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def address(tmp_path_factory, build_site):
    with serving(build_site("mkdocs"), tmp_path_factory.mktemp("server")) as at:
        yield at


@contextlib.contextmanager
def chromium(names=BROWSERS):
    program = next(filter(None, map(shutil.which, names)), None)
    assert program, "no Chromium; scripts/setup chromium gets one"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def browser():
    with chromium() as started:
        yield started


def watched_page(browser, width=1280, **more):
    """A page that collects its errors in `faults`, and what it loads in `hosts`."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **more)
    page = context.new_page()
    page.faults = []
    page.hosts = set()
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
    page.on("request", lambda request: page.hosts.add(request.url))
    return page


in_both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])

PAUSE = 400
"""How long, in ms, a live figure waits before it announces what it shows."""


def pause(page):
    """Let that time pass, on a page whose clock is set."""
    page.clock.fast_forward(PAUSE)


def opened_page(browser, address, **more):
    """A watched page at an address, whose clock a test can move."""
    page = watched_page(browser, **more)
    page.clock.install()
    page.goto(address)
    return page


@pytest.fixture(scope="module")
def page(browser, address, request):
    """The `PAGE` of a test file, shared by its tests, with a clipboard."""
    page = opened_page(
        browser, address + request.module.PAGE, permissions=["clipboard-read", "clipboard-write"]
    )
    yield page
    assert page.faults == []
    page.context.close()


SMALLEST_LETTERS = """() => ['text', 'tspan'].map(kind => Math.min(
  ...[...document.querySelectorAll(`svg.lf-figure ${kind}`)]
  .filter(text => text.checkVisibility()).map(text => {
    const svg = text.ownerSVGElement;
    const shown = svg.getBoundingClientRect().width;
    const scale = shown / svg.viewBox.baseVal.width;
    return parseFloat(getComputedStyle(text).fontSize) * scale;
  })))"""
"""The smallest displayed font size of texts and of subscripts in figures, infinite
without any.
"""


@pytest.fixture
def open_page(browser, address):
    """A function that opens a path or an address, in a browser of its own settings."""
    pages = []

    def open_path(path="", **more):
        pages.append(opened_page(browser, urljoin(address, path), **more))
        return pages[-1]

    yield open_path
    for page in pages:
        # Fonts of a file are on a different host for its page.
        assert page.faults == [] or page.url.startswith("file:")
        page.context.close()


def reopened_page(page, address, *, width=1280, color_scheme="light"):
    """The page with default settings again, as if it were new."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(media="null", color_scheme=color_scheme)
    page.hosts.clear()
    page.faults.clear()
    page.goto(address)
    return page


@pytest.fixture(scope="session")
def site_page(browser):
    # Transitions between colour schemes show colours of neither.
    page = watched_page(browser, reduced_motion="reduce")
    # Sent once for all pages.
    page.add_init_script(AXE_SCRIPT)
    yield page
    page.context.close()


@pytest.fixture(scope="session", params=PAGES, ids=lambda path: path or "home")
def each_page(request, site_page, address):
    """Each page of the site, opened once for all tests that use it.

    A test sets the width and colour scheme that it needs, and unfolds what it needs.
    """
    site_page.path = request.param
    return reopened_page(site_page, address + request.param)


@pytest.fixture(scope="session")
def file_page(browser):
    """One page for all tests of HTML that is not on the site."""
    page = watched_page(browser)
    yield page
    page.context.close()


@pytest.fixture
def show(file_page, tmp_path):
    """A function that opens some HTML as a file."""

    def open_html(html, **more):
        path = tmp_path / f"{len([*tmp_path.iterdir()])}.html"
        path.write_text(html, "utf-8")
        return reopened_page(file_page, path.as_uri(), **more)

    return open_html
