"""The test folder of each figure, `tests/figures/NAME/`, and how to read it.

The folder contains

- `__init__.py`: `DESCRIPTION_CLAUSES`, the clauses of its description, see
  `descriptions`, and where needed:
  - `TENSOR_AXES`, `ACTING_GATES` and `SYMBOLS` for names that only this figure
    uses;
  - `axes_of`, for names that have a different meaning in this figure, given as
    names or as the positions along each axis;
  - `FIXED_INDICES`, keys that always hold for a name;
  - `STACK`, the name of the module that states such as `h_n` come from;
  - `STRONGEST_SHARE`, the share of a hue that the cell of the largest value has;
  - `VARIANTS`, `OPTIONS` and `REFUSED`, additional cases and excluded cases;
  - `UNDRAWN`, entries of `templates.txt` that no case draws;
  - `DEPENDENCIES`, pairs of its own names; the second is computed from the first;
  - `SEPARATE_SCALES` and `FAINT_FACTOR`, marks not drawn on the common scale;
  - `VISITED_STATES`, the path of a state;
  - `UNDESCRIBED`, numbers that the description leaves out;
  - `SIDES`, for two panels beside each other: the id prefix of each, and the
    prefix of the names in its expressions;
  - `KEEPS_REQUESTED_ORDER`, whether it draws units in the requested order;
  - `MACHINE_SPECIFIC`, parts of claims that depend on the machine;
  - `NEEDS_ONEDNN`, whether its text differs where torch lacks oneDNN;
- `faults.txt`: deliberate faults, which the checks must find, see
  `tests.fault_records`;
- `templates.txt`: its sentences and the expressions for each, see `wording`;
- `parts.txt`: digests of its parts, written by `tests.binding.write`;
- its own tests.

Anything that several figures use is in `tests.binding`.
"""

import shlex
from functools import cache
from importlib import import_module
from pathlib import Path

from tests import fault_records
from tests.processor import has_onednn

SPECS = Path(__file__).parents[1] / "figures"
SHARED_FAULTS = Path(__file__).with_name("faults.txt")
"""Deliberate faults that belong to no single figure."""


def folder(figure):
    return SPECS / figure.replace("-", "_")


def relative_path(figure):
    return f"tests/figures/{folder(figure).name}"


def missing(figure):
    """The message for a figure without a test folder."""
    return (
        f"got no {relative_path(figure)}, expected the test folder of {figure}; "
        f"python -m tests.binding.write {figure} creates it"
    )


def renewing(figure, words=()):
    """The command that writes the records of a figure, and confirms these words."""
    true = (f" --true {shlex.quote(text)}" for text in words)
    return f"python -m tests.binding.write {figure}{''.join(true)}"


@cache
def figures():
    folders = (path.parent.name for path in SPECS.glob("*/__init__.py"))
    return tuple(sorted(name.replace("_", "-") for name in folders))


@cache
def spec(figure):
    """The `__init__.py` of a figure's folder."""
    if figure not in figures():
        return None
    return import_module(f"tests.figures.{folder(figure).name}")


def deliberate_faults():
    paths = (SHARED_FAULTS, *sorted(SPECS.glob("*/faults.txt")))
    return [fault for path in paths for fault in fault_records.read(path)]


def templates(figure):
    """The content of `templates.txt`."""
    return _content(folder(figure) / "templates.txt")


def digests(figure):
    """The lines of `parts.txt`."""
    return _content(folder(figure) / "parts.txt").splitlines()


def _content(path):
    return path.read_text("utf-8") if path.exists() else ""


def constant(figure, name, default):
    return getattr(spec(figure), name, default)


def constants(name):
    """Figure -> its value of a constant, for the figures that define it."""
    values = {figure: constant(figure, name, None) for figure in figures()}
    return {figure: has for figure, has in values.items() if has is not None}


def is_recorded(figure):
    """Whether the records of the figure are valid for the installed torch."""
    return has_onednn() or not constant(figure, "NEEDS_ONEDNN", False)


def merged_with_shared(name, shared):
    """Merge a table of all figures' folders with the shared entries.

    Raises:
        ValueError: If two tables have the same key.
    """
    return merged({"what figures share": shared, **constants(name)}, name)


def merged(tables, name):
    """Merge several tables into one.

    Raises:
        ValueError: If two tables have the same key.
    """
    owners = {}
    result = {}
    for owner, table in tables.items():
        for key, value in table.items():
            if key in owners:
                raise ValueError(
                    f"got {key!r} in {name} of {owners[key]} and of {owner}, "
                    "expected it once; move what several figures use to tests/binding"
                )
            owners[key], result[key] = owner, value
    return result
