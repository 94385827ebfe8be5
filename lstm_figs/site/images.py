"""Images as files of a site, kept from one build to the next.

MkDocs empties the site before each build. Writing hundreds of unchanged images
again takes a tenth of a build, so they are moved into a hidden folder, which
MkDocs does not empty, and back.
"""

import shutil
from collections.abc import Collection
from pathlib import Path

from .cache import Entry

FOLDER = "assets/lstm-figs"
"""The folder of the images in the site."""
SAVED_FOLDER = ".lstm-figs"
"""The folder in the project that keeps the images between builds."""


def publish(site: Path, name: str, entry: Entry, digest: str) -> None:
    """Write a file of an entry into the site, unless it is there already.

    Args:
        site: The folder of the built site.
        name: The name in the site, which contains the digest.
        entry: The entry that has the file.
        digest: The digest of the file.
    """
    target = site / FOLDER / name
    try:
        is_complete = target.stat().st_size == entry.size(digest)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        is_complete = False
    if not is_complete:
        target.write_bytes(entry.images()[digest])


def write(site: Path, name: str, content: bytes) -> None:
    """Write a file that comes from no entry, such as a script, beside the images."""
    (site / FOLDER).mkdir(parents=True, exist_ok=True)
    (site / FOLDER / name).write_bytes(content)


def save(site: Path) -> None:
    """Save the images before the site is emptied."""
    if (site / FOLDER).is_dir():
        shutil.rmtree(site / SAVED_FOLDER, ignore_errors=True)
        (site / FOLDER).rename(site / SAVED_FOLDER)


def restore(site: Path) -> None:
    """Move the images back after the site was emptied."""
    if (site / SAVED_FOLDER).is_dir():
        (site / FOLDER).parent.mkdir(parents=True, exist_ok=True)
        (site / SAVED_FOLDER).rename(site / FOLDER)


def remove_unused(site: Path, used: Collection[str]) -> None:
    """Remove images that no page shows any more."""
    if (site / FOLDER).is_dir():
        for path in (site / FOLDER).iterdir():
            if path.name not in used:
                path.unlink()
