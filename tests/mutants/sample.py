"""Draw a sample of faults: `sample.py ROOT SEED COUNT OUT`.

Run it where Cosmic Ray is installed. Each line of OUT is a fault: its file, line and
operator, the code before and after, and the figure, if only one uses the file.
"""

import json
import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from tests.mutants.operators import OWN_OPERATORS

CORE_OPERATORS = (
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
"""Cosmic Ray's operators for numbers, signs, comparisons and loops."""

PER_FIGURE = 6
"""The smallest number of faults in a figure's own code."""

SHARED_CODE = (
    "layout/*.py",
    "scene/marks.py",
    "scene/terms.py",
    "scene/theme.py",
    "render/compose.py",
    "render/frame.py",
    "render/svg.py",
    "proof/bindings.py",
    "proof/digits.py",
    "model/reference.py",
    "model/layer_run.py",
)
"""Code that several figures use."""

NOT_DRAWING = ("import_name", "import_from", "tfpdef", "annassign", "decorator")
"""Nodes that draw nothing: imports, types, decorators."""


def operators():
    core = {name: get_operator(f"core/{name}")() for name in CORE_OPERATORS}
    return core | {operator.__name__: operator() for operator in OWN_OPERATORS}


def places(root, path, known):
    """Where an operator can change a file: path, operator, index of the occurrence."""
    tree = get_ast(path.read_text())
    counts = Counter()
    found_places = []
    for node in ast_nodes(tree):
        inside = _is_drawing_code(node)
        for name, operator in known.items():
            for _ in operator.mutation_positions(node):
                if inside:
                    at = str(path.relative_to(root))
                    found_places.append((at, name, counts[name]))
                counts[name] += 1
    return found_places


def _is_drawing_code(node):
    """Whether a node is neither a type, an import nor a docstring."""
    while node is not None:
        is_docstring = node.type == "string" and node.value.startswith('"""')
        is_result = node is getattr(node.parent, "annotation", None)
        if node.type in NOT_DRAWING or is_docstring or is_result:
            return False
        node = node.parent
    return True


def figure_files(root):
    """The files of each figure, and shared files under an empty name."""
    figures = root / "lstm_figs" / "figures"
    files = {}
    for path in sorted(figures.iterdir()):
        if path.is_dir() and (path / "__init__.py").exists():
            files[path.name.replace("_", "-")] = sorted(path.rglob("*.py"))
        elif path.suffix == ".py" and path.stem != "__init__":
            files[path.stem.replace("_", "-")] = [path]
    shared = [p for pattern in SHARED_CODE for p in (root / "lstm_figs").glob(pattern)]
    return {**files, "": sorted(shared)}


def sample(root, seed, count):
    """A sample: `PER_FIGURE` faults of every figure, the rest in shared code."""
    known = operators()
    chance = random.Random(seed)
    files_by_figure = figure_files(root)
    for figure, paths in files_by_figure.items():
        most = PER_FIGURE if figure else count - PER_FIGURE * (len(files_by_figure) - 1)
        possible = {}
        for path in paths:
            for place in places(root, path, known):
                possible.setdefault(place[1], []).append(place)
        # Draw each kind equally often, because most places are numbers.
        chosen = []
        while len(chosen) < most and possible:
            for name in chance.sample(sorted(possible), len(possible)):
                if len(chosen) == most:
                    break
                choice = possible[name].pop(chance.randrange(len(possible[name])))
                if not possible[name]:
                    del possible[name]
                if (fault := _fault(root, figure, choice, known)) is not None:
                    chosen.append(choice)
                    yield fault


def _fault(root, figure, place, known):
    """The mutant of a place; None if its code is the same or does not compile."""
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
        for drawn_fault in sample(Path(where), int(seed), int(count)):
            file.write(json.dumps(drawn_fault) + "\n")
