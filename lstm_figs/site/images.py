"""Images as files of a site, which stay there from one build to the next.

MkDocs empties the site and writes it anew. To write hundreds of images that
have not changed takes a tenth of a build, so they step aside meanwhile, into a
hidden folder, which MkDocs leaves alone.
"""

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from .cache import Entry

FOLDER = "assets/lstm-figs"
SAVED_FOLDER = ".lstm-figs"


def publish(site: Path, images: Mapping[str, tuple[Entry, str]]) -> None:
    """Write images into the site, where they are not there yet.

    Args:
        site: Where the site is built.
        images: The name in the site, which holds the digest of the image -> the
            entry that has the image, and the digest.
    """
    folder = site / FOLDER
    for name, (entry, digest) in images.items():
        target = folder / name
        try:
            is_complete = target.stat().st_size == entry.size(digest)
        except FileNotFoundError:
            folder.mkdir(parents=True, exist_ok=True)
            is_complete = False
        if not is_complete:
            target.write_bytes(entry.images()[digest])


def write(site: Path, name: str, content: bytes) -> None:
    """Write a file into the site that is no image, but stands beside them."""
    (site / FOLDER).mkdir(parents=True, exist_ok=True)
    (site / FOLDER / name).write_bytes(content)


def save(site: Path) -> None:
    """Save the images before the site is emptied."""
    if (site / FOLDER).is_dir():
        shutil.rmtree(site / SAVED_FOLDER, ignore_errors=True)
        (site / FOLDER).rename(site / SAVED_FOLDER)


def restore(site: Path) -> None:
    """Bring them back after the site was emptied."""
    if (site / SAVED_FOLDER).is_dir():
        (site / FOLDER).parent.mkdir(parents=True, exist_ok=True)
        (site / SAVED_FOLDER).rename(site / FOLDER)


def remove_unused(site: Path, used: Collection[str]) -> None:
    """Remove those that no page shows any more."""
    if (site / FOLDER).is_dir():
        for path in (site / FOLDER).iterdir():
            if path.name not in used:
                path.unlink()
