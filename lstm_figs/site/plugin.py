"""The MkDocs plugin: it defers figures, keeps images, and watches the package.

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
"""The extension of Markdown that draws figures."""

LOG = get_plugin_logger("lstm-figs")


class LstmFigsPlugin(BasePlugin):  # type: ignore[no-untyped-call, type-arg]
    """Replaces placeholders by figures after the search plugin has read the pages."""

    dirty = False
    serving = False
    server: Any = None

    def on_startup(self, *, command: str, dirty: bool, **_: Any) -> None:
        """Note whether the build is dirty, and whether it serves."""
        self.dirty, self.serving = dirty, command == "serve"

    def on_config(self, config: Any) -> Any:
        """Pass the context of this build to the extension."""
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
        """Save the images of the last build."""
        images.save(Path(config.site_dir))

    def on_files(self, files: Any, /, *, config: Any) -> None:
        """Restore the images into the emptied site, and start drawing."""
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
        """Set the context to the next page."""
        self.context.source = Path(page.file.abs_src_path or "")
        self.context.name = page.file.src_uri
        self.context.base_address = self.context.address = page.url
        self.context.meta = page.meta

    def on_env(self, env: Any, /, **_: Any) -> None:
        """Stop the build if a page had an error, after all pages were converted."""
        self._watch()
        if self.context.errors:
            for sentence in self.context.errors[1:]:
                LOG.info(sentence)
            raise PluginError(self.context.error_summary())

    @event_priority(-100)
    def on_post_page(self, output: str, /, **_: Any) -> str:
        """Replace the placeholders of a page by figures."""
        return self.context.fill_placeholders(output)

    def on_post_build(self, *, config: Any) -> None:
        """Remove the images that no page shows any more."""
        if not self.dirty:
            images.remove_unused(Path(config.site_dir), self.context.images)

    def on_serve(self, server: Any, /, **_: Any) -> Any:
        """Rebuild when the package or a file that figures are drawn from changes."""
        self.server, self.watched = server, set[str]()
        self._watch()
        return server

    def _watch(self) -> None:
        """Watch the files that pages have named since the last call."""
        if self.server is not None:
            new = {str(PACKAGE), *self.context.files} - self.watched
            for path in filter(os.path.exists, sorted(new)):
                self.watched.add(path)
                self.server.watch(path)


def _page_requests(file: Any, preview_kinds: tuple[str, ...]) -> Iterator[BlockRequest]:
    """The requests of a page, none if it cannot be read."""
    with suppress(OSError, UnicodeError):
        source = Path(file.abs_src_path) if file.abs_src_path else None
        yield from requests_of_page(file.content_string, source, preview_kinds)
