"""The home of each figure: what holds it to the truth, in one folder.

`tests/figures/NAME/` has

- `__init__.py`: `DESCRIPTION_CLAUSES`, what its description says; and, where it needs them,
  `TENSOR_AXES`, `ACTING_GATES` and `SYMBOLS` of names that no other figure uses, `axes_of` for
  names that mean something else here, as names or with the places along each,
  `FIXED_INDICES`, what is true of a name wherever one looks,
  `STRONGEST_SHARE`, the share of a hue that its largest cell has, `VARIANTS`,
  `OPTIONS` and `REFUSED`, of what else it is drawn or not, `HEADLESS_FLOWS`, its arrows
  without heads, `DEPENDENCIES`, pairs of names of its own of which the second is
  computed from the first, `SEPARATE_SCALES`, `UNEQUAL` and `FAINT_FACTOR`, what is not drawn on
  one scale, `VISITED_STATES`, where a state goes, `UNDESCRIBED`, numbers that a description
  leaves out, `SIDES`: of two sides beside each other, the part of ids that
  each has, and how names in its expressions begin, `OPTIONAL_NOTES`,
  notes that are not said wherever what they claim is true, and `NEEDS_ONEDNN`,
  whether it says something else where torch has no oneDNN;
- `faults.py`: `FAULTS`, `CHANGES` and `DESCRIPTION_FAULTS`, which have to be found;
- `words.txt`: its words, and what has to be true where they are, see `wording`;
- `templates.txt` and `parts.txt`, what it says and is made of, which
  `tests.binding.write` writes;
- its own tests.

What several figures use stands in `tests.binding`, once.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import dropwhile
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.processor import has_onednn

SPECS = Path(__file__).parents[1] / "figures"


def folder(figure: str) -> Path:
    """Where the home of a figure is, or would be."""
    return SPECS / figure.replace("-", "_")


def relative_path(figure: str) -> str:
    """The same, as a message calls it."""
    return f"tests/figures/{folder(figure).name}"


def missing(figure: str) -> str:
    """What to do where there is none."""
    return (
        f"got no {relative_path(figure)}, expected what holds {figure} to the truth; "
        f"python -m tests.binding.write {figure} makes it"
    )


def review_question(figure: str, record: str) -> str:
    """What to do about something that a record does not have."""
    return (
        f"is it true? It is not in {record}; python -m tests.binding.write "
        f"{figure} writes what you have read"
    )


@cache
def figures() -> tuple[str, ...]:
    """The figures that have a home."""
    folders = (path.parent.name for path in SPECS.glob("*/__init__.py"))
    return tuple(sorted(name.replace("_", "-") for name in folders))


@cache
def spec(figure: str) -> ModuleType | None:
    """The home of a figure, if it has one."""
    if figure not in figures():
        return None
    return import_module(f"tests.figures.{folder(figure).name}")


def fault_tables() -> list[ModuleType]:
    """The faults of each figure that has some."""
    names = (f"tests.figures.{folder(figure).name}" for figure in figures())
    return [import_module(f"{name}.faults") for name in names if find_spec(f"{name}.faults")]


def lines(figure: str, file: str) -> list[str]:
    """The lines of a file of a home, without its head; none without it."""
    path = folder(figure) / file
    if not path.exists():
        return []
    content = path.read_text(encoding="utf-8").splitlines()
    return [*dropwhile(lambda line: line.startswith("# "), content)]


def words(figure: str) -> str:
    """The words of a figure, with what they are held to; empty without any."""
    path = folder(figure) / "words.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def constant(figure: str, name: str, default: Any) -> Any:
    """What the home of a figure has by a name."""
    return getattr(spec(figure), name, default)


def constants(name: str) -> dict[str, Any]:
    """Figure -> what its home has by a name, of those that have it."""
    values = {figure: constant(figure, name, None) for figure in figures()}
    return {figure: has for figure, has in values.items() if has is not None}


def is_recorded(figure: str) -> bool:
    """Whether its texts are of a torch like the one that runs here."""
    return has_onednn() or not constant(figure, "NEEDS_ONEDNN", False)


def merged_with_shared(name: str, shared: Mapping[str, Any]) -> dict[str, Any]:
    """What all homes have in a table, and what several figures share.

    Raises:
        ValueError: If two have the same key.
    """
    return merged({"what figures share": shared, **constants(name)}, name)


def merged(tables: Mapping[str, Mapping[Any, Any]], name: str) -> dict[Any, Any]:
    """Several tables as one.

    Raises:
        ValueError: If two have the same key.
    """
    owners: dict[Any, str] = {}
    result: dict[Any, Any] = {}
    for owner, table in tables.items():
        for key, value in table.items():
            if key in owners:
                raise ValueError(
                    f"got {key!r} in {name} of {owners[key]} and of {owner}, "
                    "expected it once; what several figures use stands in "
                    "tests/binding"
                )
            owners[key], result[key] = owner, value
    return result
