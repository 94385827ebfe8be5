"""What is installed, and what the parts of the project ask for by name."""

import re
from importlib.metadata import Distribution, distribution, packages_distributions

from packaging.requirements import Requirement


def plain(name: str) -> str:
    """A distribution's name as indexes compare it.

    >>> plain("Pillow_SIMD")
    'pillow-simd'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(found: Distribution, *extras: str) -> list[Requirement]:
    """What a distribution asks for on this machine, with these extras."""
    asked = [{"extra": extra} for extra in ("", *extras)]
    every = map(Requirement, found.requires or ())
    return [one for one in every if not one.marker or any(map(one.marker.evaluate, asked))]


def needed(found: Distribution, *extras: str) -> dict[str, Distribution]:
    """All distributions that the requirements of one lead to, by name."""
    seen: dict[tuple[str, ...], Distribution] = {}

    def follow(one: Distribution, extras: tuple[str, ...]) -> None:
        for requirement in requirements(one, *extras):
            key = (plain(requirement.name), *sorted(requirement.extras))
            if key not in seen:
                seen[key] = distribution(requirement.name)
                follow(seen[key], tuple(requirement.extras))

    follow(found, extras)
    return {name: found for (name, *_), found in seen.items()}


def missing_without(*names: str) -> set[str]:
    """Modules that only other distributions than these have."""
    kept = {plain(name) for name in names}
    return {
        module
        for module, owners in packages_distributions().items()
        if not kept & {plain(owner) for owner in owners}
    }
