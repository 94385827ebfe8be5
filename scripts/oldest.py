"""Print the oldest releases that pyproject.toml allows, as pip constraints."""

import re
import tomllib
from pathlib import Path

PARTS = ("torch", "formats", "site")
"""The extras for users; the others are for development."""


def oldest(requirement: str) -> str:
    """The oldest minor release that a requirement allows, with its patches.

    >>> oldest("mkdocs>=1.6,<2")
    'mkdocs==1.6.*'
    """
    name, release = re.match(r"([\w-]+)>=(\d+\.\d+)", requirement).groups()
    return f"{name}=={release}.*"


def requirements(pyproject: Path) -> list[str]:
    """The requirements of the package and of its extras."""
    project = tomllib.loads(pyproject.read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *(r for p in PARTS for r in extras[p])]


if __name__ == "__main__":
    print(*map(oldest, requirements(Path("pyproject.toml"))), sep="\n")
