"""Faults that a review once made by hand, most of which went unseen."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Named(NamedTuple):
    """A fault with a name.

    Attributes:
        name: What is wrong.
        figure: The figure that shows it; empty if it is in none.
        path: The file, below the package.
        before: Code that stands in it once.
        after: What stands there with the fault.
        tests: What is run for a fault that no proof of a figure can see.
    """

    name: str
    figure: str
    path: str
    before: str
    after: str
    tests: tuple[str, ...] = ()


NAMED = (
    Named(
        "row indices are one too high",
        "four-weights",
        "figures/four_weights.py",
        '*index, str(one.row), {"row": one.row}, one.ids, along,',
        '*index, str(one.row + 1), {"row": one.row + 1}, one.ids, along,',
    ),
    Named(
        "x[j] is called x[j + 1]",
        "four-weights",
        "figures/four_weights.py",
        '*at, f"x[{j}]", {"input": j},',
        '*at, f"x[{j + 1}]", {"input": j + 1},',
    ),
    Named(
        "red is said to be positive",
        "four-weights",
        "figures/four_weights.py",
        "blue is positive, red is negative",
        "red is positive, blue is negative",
    ),
    Named(
        "a line is as thick as its weight is small",
        "four-weights",
        "layout.motifs.sums.py",
        "scale(min(top, abs(size))) if finite",
        "scale(top - min(top, abs(size))) if finite",
    ),
    Named(
        "the nodes of f and g change places",
        "four-weights",
        "figures/four_weights.py",
        'x, y, one.gate, {"gate": one.gate}, one.ids, along,',
        'x, y, dict(f="g", g="f").get(one.gate, one.gate), '
        '{"gate": dict(f="g", g="f").get(one.gate, one.gate)}, one.ids, along,',
    ),
    Named(
        "the lead says the next unit",
        "four-weights",
        "figures/four_weights.py",
        "(unit, str(unit)),\n        ),\n        provenance",
        "(unit + 1, str(unit + 1)),\n        ),\n        provenance",
    ),
    Named(
        "h_n is framed one step early",
        "gates-over-time",
        "figures/gates_over_time/returned.py",
        "steps, last, state, f",
        "steps, max(0, last - 1), state, f",
    ),
    Named(
        "steps are called units",
        "gates-over-time",
        "figures/gates_over_time/__init__.py",
        "f\"{{}} step{'s' * (count > 1)}\", count",
        "f\"{{}} unit{'s' * (count > 1)}\", count",
    ),
    Named(
        "a curve is shifted by a step",
        "gates-over-time",
        "layout.motifs.over_time.py",
        "zip(steps.ts, values.values.tolist(), strict=True)",
        "zip(steps.ts, np.roll(values.values, -1).tolist(), strict=True)",
    ),
    Named(
        "the area of weight_hh is doubled",
        "parameter-count",
        "figures/parameter_count.py",
        "width = unit * one.numel / rows\n",
        'width = unit * one.numel / rows * (1 + (one.term == "weight_hh"))\n',
    ),
    Named(
        "bands of a heat map stand in the order i, g, f, o",
        "weight-map",
        "layout.motifs.matrix.py",
        "for k, gate in enumerate(GATES):\n            top, of",
        'for k, gate in enumerate("igfo"):\n            top, of',
    ),
    Named(
        "row indices of bands are one too high",
        "weight-map",
        "layout.motifs.rows.py",
        'str(row),\n                    {"row": row},',
        'str(row + 1),\n                    {"row": row + 1},',
    ),
    Named(
        "cells have the hue of the other sign",
        "weight-map",
        "layout.motifs.rows.py",
        "'pos' if value > 0 else 'neg'",
        "'pos' if value < 0 else 'neg'",
    ),
    Named(
        "no block is said to be beyond the colours",
        "weight-map",
        "layout.motifs.heat.py",
        "int(np.count_nonzero(finite > end))",
        "0",
    ),
    Named(
        "the description says the numbers of another gate",
        "cell",
        "figures/cell.py",
        '**{gate: f"gate {gate}" for gate in ORDER}',
        '**{gate: f"gate {ORDER[-1 - ORDER.index(gate)]}" for gate in ORDER}',
    ),
    Named(
        "a gate is near 1 from 0.8 on",
        "gate-functions",
        "figures/gate_functions/ranks.py",
        'SHARE = (Limit(">", 0.9)',
        'SHARE = (Limit(">", 0.8)',
    ),
    Named(
        "f has the colour of g",
        "",
        "scene/theme.py",
        '"gate-f": ("#b4520a", "#f0a35e")',
        '"gate-f": ("#00795c", "#2fc79a")',
        ("tests/test_theme.py",),
    ),
    Named(
        "the default step is the first, in which nothing is kept",
        "",
        "figures/cell.py",
        "step: int = 2) -> Diagram",
        "step: int = 1) -> Diagram",
        ("tests/figures/test_defaults.py",),
    ),
    Named(
        "a PNG has half its size",
        "",
        "render/__init__.py",
        "SCALE = 2.0\n",
        "SCALE = 1.0\n",
        ("tests/cli/test_pictures.py",),
    ),
    Named(
        "the term of i has the words of f",
        "",
        "scene/terms.py",
        '"How much of g is let in."',
        '"How much of c is kept."',
        ("tests/test_terms.py",),
    ),
    Named(
        "an error gives no advice",
        "",
        "layout/choice.py",
        "each once; leave some out",
        "each once",
        ("tests/figures/test_reading.py", "-k", "refused"),
    ),
)


def faults(root: Path) -> Iterator[dict[str, object]]:
    """Each as `sample` writes them.

    Raises:
        LookupError: If code that is to be changed does not stand there once.
    """
    for one in NAMED:
        path = f"lstm_figs/{one.path}"
        code = (root / path).read_text()
        if code.count(one.before) != 1:
            raise LookupError(
                f"got {code.count(one.before)} places with {one.before!r} in "
                f"{path}, expected one; write the fault {one.name!r} anew"
            )
        yield {
            "name": one.name,
            "figure": one.figure,
            "path": path,
            "line": code[: code.index(one.before)].count("\n") + 1,
            "operator": "named",
            "before": one.before,
            "after": one.after,
            "code": code.replace(one.before, one.after),
            "tests": one.tests,
        }
