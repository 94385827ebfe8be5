"""Images as files of a site, which stay there from one build to the next.

MkDocs empties the site and writes it anew. To write hundreds of images that
have not changed takes a tenth of a build, so they step aside meanwhile, into a
hidden folder, which MkDocs leaves alone.
"""

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from . import cache

FOLDER = "assets/lstm-figs"
ASIDE = ".lstm-figs"


def publish(site: Path, files: Mapping[str, str]) -> None:
    """Copy images of the cache into the site, where they are not there yet.

    Args:
        site: Where the site is built.
        files: The name in the site, which holds a digest of the image -> the
            name in the cache.
    """
    drawn, shown = cache.folder(), site / FOLDER
    for name, kept in files.items():
        source, target = drawn / kept, shown / name
        try:
            whole = target.stat().st_size == source.stat().st_size
        except FileNotFoundError:
            shown.mkdir(parents=True, exist_ok=True)
            whole = False
        if not whole:
            shutil.copyfile(source, target)


def put_aside(site: Path) -> None:
    """Save the images before the site is emptied."""
    if (site / FOLDER).is_dir():
        shutil.rmtree(site / ASIDE, ignore_errors=True)
        (site / FOLDER).rename(site / ASIDE)


def bring_back(site: Path) -> None:
    """Bring them back after the site was emptied."""
    if (site / ASIDE).is_dir():
        (site / FOLDER).parent.mkdir(parents=True, exist_ok=True)
        (site / ASIDE).rename(site / FOLDER)


def sweep(site: Path, used: Collection[str]) -> None:
    """Remove those that no page shows any more."""
    if (site / FOLDER).is_dir():
        for path in (site / FOLDER).iterdir():
            if path.name not in used:
                path.unlink()
