"""The packages that a package requires, and modules that come from none of them."""

import re
from importlib.metadata import distribution, packages_distributions

from packaging.requirements import Requirement


def normalized(name):
    """The normalized name of a distribution, as package indexes compare it.

    >>> normalized("Pillow_SIMD")
    'pillow-simd'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(package, *extras):
    """The requirements of a distribution on this machine, with these extras."""
    environments = [{"extra": extra} for extra in ("", *extras)]
    return [
        requirement
        for requirement in map(Requirement, package.requires or ())
        if not requirement.marker or any(map(requirement.marker.evaluate, environments))
    ]


def all_requirements(root, *extras):
    """Name -> the distribution, of all that one requires directly or through others."""
    seen = {}

    def follow(parent, extras):
        for requirement in requirements(parent, *extras):
            key = (normalized(requirement.name), *sorted(requirement.extras))
            if key not in seen:
                seen[key] = distribution(requirement.name)
                follow(seen[key], tuple(requirement.extras))

    follow(root, extras)
    return {name: package for (name, *_), package in seen.items()}


def missing_without(*names):
    """Modules that are installed, but not by these distributions."""
    retained = {normalized(name) for name in names}
    return {
        module
        for module, owners in packages_distributions().items()
        if not retained & {normalized(owner) for owner in owners}
    }
