"""What is installed, and what the parts of the project ask for by name."""

import re
from importlib.metadata import Distribution, distribution, packages_distributions

from packaging.requirements import Requirement


def normalized(name: str) -> str:
    """A distribution's name as indexes compare it.

    >>> normalized("Pillow_SIMD")
    'pillow-simd'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(package: Distribution, *extras: str) -> list[Requirement]:
    """What a distribution asks for on this machine, with these extras."""
    asked = [{"extra": extra} for extra in ("", *extras)]
    all_requirements = map(Requirement, package.requires or ())
    return [
        requirement
        for requirement in all_requirements
        if not requirement.marker or any(map(requirement.marker.evaluate, asked))
    ]


def all_requirements(root: Distribution, *extras: str) -> dict[str, Distribution]:
    """All distributions that the requirements of one lead to, by name."""
    seen: dict[tuple[str, ...], Distribution] = {}

    def follow(parent: Distribution, extras: tuple[str, ...]) -> None:
        for requirement in requirements(parent, *extras):
            key = (normalized(requirement.name), *sorted(requirement.extras))
            if key not in seen:
                seen[key] = distribution(requirement.name)
                follow(seen[key], tuple(requirement.extras))

    follow(root, extras)
    return {name: package for (name, *_), package in seen.items()}


def missing_without(*names: str) -> set[str]:
    """Modules that only other distributions than these have."""
    retained = {normalized(name) for name in names}
    return {
        module
        for module, owners in packages_distributions().items()
        if not retained & {normalized(owner) for owner in owners}
    }
