"""Print the oldest releases that pyproject.toml allows, for pip."""

import re
import tomllib
from pathlib import Path

PARTS = ("torch", "formats", "site")
"""The extras that people install; the others are for work on the project."""


def oldest(requirement: str) -> str:
    """The oldest release that a requirement allows, with its last repair.

    >>> oldest("mkdocs>=1.6,<2")
    'mkdocs==1.6.*'
    """
    name, release = re.match(r"([\w-]+)>=(\d+\.\d+)", requirement).groups()
    return f"{name}=={release}.*"


def requirements(pyproject: Path) -> list[str]:
    """What the package and its extras ask for."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *(r for p in PARTS for r in extras[p])]


if __name__ == "__main__":
    print(*map(oldest, requirements(Path("pyproject.toml"))), sep="\n")
