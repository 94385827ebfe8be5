"""The MkDocs plugin: figures late in pages, images kept, the package watched.

Zensical runs no plugins; the Markdown extension alone does all that a page
needs there.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger

from . import images
from .cache import prefetch
from .code_digests import PACKAGE
from .context import Context
from .requests import BlockRequest, preview_kinds, requests_of_page

EXTENSION = "lstm_figs.site.block"

LOG = get_plugin_logger("lstm-figs")


class LstmFigsPlugin(BasePlugin):  # type: ignore[no-untyped-call, type-arg]
    """Swaps placeholders after the search plugin has read the pages."""

    dirty = False
    serving = False
    server: Any = None

    def on_startup(self, *, command: str, dirty: bool, **_: Any) -> None:
        """A dirty build reads some pages only; a server goes on."""
        self.dirty, self.serving = dirty, command == "serve"

    def on_config(self, config: Any) -> Any:
        """Give the extension a context of this build."""
        self.context = Context(
            site_dir=Path(config.site_dir),
            docs_dir=Path(config.docs_dir),
            site_url=config.site_url or "",
            defer=True,
            serving=self.serving,
        )
        if EXTENSION not in config.markdown_extensions:
            config.markdown_extensions.append(EXTENSION)
        options = config.mdx_configs.setdefault(EXTENSION, {})
        options["context"] = self.context
        self.preview_kinds = preview_kinds(options)
        return config

    def on_pre_build(self, *, config: Any) -> None:
        """Save the images that the last build left."""
        images.save(Path(config.site_dir))

    def on_files(self, files: Any, /, *, config: Any) -> None:
        """Bring them back, for the site is empty now; begin to draw."""
        images.restore(Path(config.site_dir))
        self.context.left_out = frozenset(
            file.src_uri for file in files if file.inclusion.is_excluded()
        )
        prefetch(
            request
            for file in files.documentation_pages()
            for request in _page_requests(file, self.preview_kinds)
        )

    def on_page_markdown(self, markdown: str, /, *, page: Any, **_: Any) -> None:
        """Say which page comes next."""
        self.context.source = Path(page.file.abs_src_path or "")
        self.context.name = page.file.src_uri
        self.context.base_address = self.context.address = page.url
        self.context.meta = page.meta

    def on_env(self, env: Any, /, **_: Any) -> None:
        """Stop the build if a page had an error; all pages are read now."""
        self._watch()
        if self.context.errors:
            for sentence in self.context.errors[1:]:
                LOG.info(sentence)
            raise PluginError(self.context.error_summary())

    @event_priority(-100)
    def on_post_page(self, output: str, /, **_: Any) -> str:
        """Put the figures where their placeholders are."""
        return self.context.fill_placeholders(output)

    def on_post_build(self, *, config: Any) -> None:
        """Remove the images that no page shows any more."""
        if not self.dirty:
            images.remove_unused(Path(config.site_dir), self.context.images)

    def on_serve(self, server: Any, /, **_: Any) -> Any:
        """Build again when a figure, or what it is drawn from, is edited."""
        self.server, self.watched = server, set[str]()
        self._watch()
        return server

    def _watch(self) -> None:
        """Watch also what was named since the server was started."""
        if self.server is not None:
            new = {str(PACKAGE), *self.context.files} - self.watched
            for path in filter(os.path.exists, sorted(new)):
                self.watched.add(path)
                self.server.watch(path)


def _page_requests(file: Any, preview_kinds: tuple[str, ...]) -> Iterator[BlockRequest]:
    """What a page is likely to show; one that cannot be read shows nothing."""
    with suppress(OSError, UnicodeError):
        source = Path(file.abs_src_path) if file.abs_src_path else None
        yield from requests_of_page(file.content_string, source, preview_kinds)
