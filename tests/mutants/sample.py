"""Draw a sample of faults: `sample.py ROOT SEED COUNT OUT`.

Runs where Cosmic Ray is installed; neither torch nor lstm_figs is needed.
Each line of OUT is a fault: its file, its line, the operator, the code before
and after, and the figure that it is of, if the file is of one alone.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator
from parso.tree import NodeOrLeaf

from tests.mutants.operators import OWN

CORE = (
    "NumberReplacer",
    "ReplaceBinaryOperator_Add_Sub",
    "ReplaceBinaryOperator_Sub_Add",
    "ReplaceBinaryOperator_Mul_Div",
    "ReplaceBinaryOperator_Div_Mul",
    "ReplaceComparisonOperator_Eq_NotEq",
    "ReplaceComparisonOperator_Lt_LtE",
    "ReplaceComparisonOperator_LtE_Lt",
    "ReplaceComparisonOperator_Gt_Lt",
    "ReplaceComparisonOperator_GtE_Gt",
    "ReplaceUnaryOperator_USub_UAdd",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "AddNot",
    "ZeroIterationForLoop",
)
"""What Cosmic Ray can do to numbers, signs, comparisons and loops."""

EACH = 6
"""The least faults of a figure's own code."""

SHARED = (
    "layout/*.py",
    "scene/marks.py",
    "scene/terms.py",
    "scene/theme.py",
    "render/compose.py",
    "render/frame.py",
    "render/svg.py",
    "proof/bindings.py",
    "proof/digits.py",
    "proof/reference.py",
    "proof/subject.py",
)
"""Code that several figures are drawn by."""

OUTSIDE = ("import_name", "import_from", "tfpdef", "annassign", "decorator")
"""What draws nothing: imports, types, decorators."""

Place = tuple[str, str, int]
"""A file, an operator, and which of its occurrences."""


def operators() -> dict[str, Operator]:
    """All that a fault may be, by name."""
    found = {name: get_operator(f"core/{name}")() for name in CORE}
    return found | {one.__name__: one() for one in OWN}


def places(root: Path, path: Path, known: dict[str, Operator]) -> list[Place]:
    """Every fault that a file can have."""
    tree = get_ast(path.read_text())
    counts: Counter[str] = Counter()
    found = []
    for node in ast_nodes(tree):
        inside = _draws(node)
        for name, operator in known.items():
            for _ in operator.mutation_positions(node):
                if inside:
                    at = str(path.relative_to(root))
                    found.append((at, name, counts[name]))
                counts[name] += 1
    return found


def _draws(node: NodeOrLeaf) -> bool:
    """Whether a node is neither a type, an import nor a docstring."""
    here: NodeOrLeaf | None = node
    while here is not None:
        around = here.parent
        if here.type in OUTSIDE:
            return False
        if around is not None and around.type == "funcdef":
            arrow = [c for c in around.children if c == "->"]
            if (
                arrow
                and here.start_pos > arrow[0].start_pos
                and (here is around.children[around.children.index(arrow[0]) + 1])
            ):
                return False
        if here.type == "string" and here.value.startswith('"""'):
            return False
        here = around
    return True


def homes(root: Path) -> dict[str, list[Path]]:
    """The files of each figure, and under an empty name what they share."""
    figures = root / "lstm_figs" / "figures"
    found = {}
    for path in sorted(figures.iterdir()):
        if path.is_dir() and (path / "__init__.py").exists():
            found[path.name.replace("_", "-")] = sorted(path.rglob("*.py"))
        elif path.suffix == ".py" and path.stem != "__init__":
            found[path.stem.replace("_", "-")] = [path]
    shared = [p for one in SHARED for p in (root / "lstm_figs").glob(one)]
    return {**found, "": sorted(shared)}


def sample(root: Path, seed: int, count: int) -> Iterator[dict[str, object]]:
    """Faults, `EACH` of every figure, the rest of what figures share."""
    known = operators()
    chance = random.Random(seed)
    every = homes(root)
    for figure, paths in every.items():
        most = EACH if figure else count - EACH * (len(every) - 1)
        possible: dict[str, list[Place]] = {}
        for path in paths:
            for place in places(root, path, known):
                possible.setdefault(place[1], []).append(place)
        # As often each kind, or most would be numbers.
        chosen: list[Place] = []
        while len(chosen) < most and possible:
            for name in chance.sample(sorted(possible), len(possible)):
                if len(chosen) == most:
                    break
                one = possible[name].pop(chance.randrange(len(possible[name])))
                if not possible[name]:
                    del possible[name]
                if (fault := _fault(root, figure, one, known)) is not None:
                    chosen.append(one)
                    yield fault


def _fault(
    root: Path, figure: str, place: Place, known: dict[str, Operator]
) -> dict[str, object] | None:
    path, name, occurrence = place
    before = (root / path).read_text()
    after = mutate_code(before, known[name], occurrence)
    if after is None or after == before:
        return None
    try:
        compile(after, path, "exec")
    except SyntaxError:
        return None
    old, new = before.splitlines(), after.splitlines()
    pairs = enumerate(zip(old, new, strict=False))
    line = next((k for k, (a, b) in pairs if a != b), 0)
    return {
        "figure": figure,
        "path": path,
        "line": line + 1,
        "operator": name,
        "before": old[line].strip(),
        "after": new[line].strip(),
        "code": after,
    }


if __name__ == "__main__":
    _, where, seed, count, out = sys.argv
    with Path(out).open("w") as file:
        for one in sample(Path(where), int(seed), int(count)):
            file.write(json.dumps(one) + "\n")
