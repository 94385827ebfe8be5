"""Run all checks on every figure, for many sources and in both widths.

On a push only the cases that cover a figure's code are drawn; with `--all`,
every case. A figure is included if it is in `CATALOG`, its words if it has a
`Head`, and a source if it is in `sources.SOURCES`.
"""

import re
import sys
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from textwrap import dedent
from types import ModuleType, SimpleNamespace

import pytest

from lstm_figs.errors import BeyondLimit
from lstm_figs.figures import CATALOG, SHEETS
from tests import fault_records, layout_faults
from tests.binding import axes, lengths, parts, scaffold, specs, wording
from tests.binding.cases import (
    ADDITIONAL_CASES,
    BOUND,
    DEFAULT,
    REFUSED,
    VARIANTS,
    always_drawn,
    case,
    cases_of,
    chosen_cases,
    draw_case,
    read,
    selected_cases,
    svg,
    versions_of,
    widths_of,
)
from tests.binding.causes import distinct_causes
from tests.binding.checking import faults, has_fault
from tests.binding.drawing import drawing
from tests.binding.inspection import inspect_figure
from tests.conftest import is_selected
from tests.proof import NUMBERLESS, prove_with

BETWEEN = 540
"""A width different from the two that pages use."""

PAGE = Path(__file__).parents[2] / "docs" / "add-a-figure.md"
"""The page whose example `still` is a figure to begin with."""


@pytest.fixture
def is_all(request):
    return request.config.getoption("all")


@pytest.fixture
def is_quick(request):
    return request.config.getoption("quick")


@pytest.fixture
def cases(is_all, is_quick):
    """A function of a figure that returns the cases to draw, more with --all."""
    if is_quick:
        # Two more than the default are enough to see most faults, in seconds.
        return lambda name: [DEFAULT, *selected_cases(name)[1:3]]
    return cases_of if is_all else selected_cases


@pytest.mark.parametrize("name", [*CATALOG, *SHEETS])
def test_a_figure_has_no_faults_with_any_source(name, cases, is_all, is_quick):
    if name not in specs.figures():
        pytest.fail(specs.missing(name), pytrace=False)
    # Pairs of a case and a fault; and for each width the number of cases with each shape.
    wrong, shapes, words = [], {w: Counter() for w in widths_of(name)}, set()
    for what in cases(name):
        for version in versions_of(name):
            try:
                result = _inspect(version, what)
            except BeyondLimit as error:
                folder = specs.relative_path(name)
                fault = f"refused, and not in REFUSED of {folder}: {error}"
                wrong.append((f"{version}, {what}", fault))
                continue
            wrong += [(f"{version}, {what}", fault) for fault in result.problems]
            words |= result.words
            for width, kinds in result.shapes.items():
                shapes[width].update(kinds if parts.is_counted(what) else ())
    if is_all and specs.is_recorded(name):
        wrong += [(parts.ALL_CASES, fault) for fault in parts.missing(name, shapes)]
    if not is_quick and specs.is_recorded(name):
        wrong += [("every case", fault) for fault in wording.undrawn(name, words)]
    if wrong:
        pytest.fail("\n".join(distinct_causes(wrong)), pytrace=False)


@pytest.mark.parametrize("name", CATALOG)
def test_the_chosen_cases_of_a_figure_exist(name):
    assert {*chosen_cases()[name]} <= {*cases_of(name)} - {*always_drawn(name)}


@pytest.mark.parametrize("name", [n for n in BOUND if n not in SHEETS])
def test_a_figure_has_no_faults_in_an_intermediate_width(name):
    parsed = read(name, DEFAULT, BETWEEN)
    assert prove_with(parsed.root, parsed.namespace) or name in NUMBERLESS
    wrong = [
        *layout_faults.faults(draw_case(name, DEFAULT, BETWEEN).sheet, BETWEEN),
        *faults(parsed),
    ]
    if wrong:
        # What the widths of pages show as well is reported by the test above.
        reported = {
            fault for width in widths_of(name) for fault in faults(read(name, DEFAULT, width))
        }
        wrong = [fault for fault in wrong if fault not in reported]
    if wrong:
        location = f"{name}, {BETWEEN} wide"
        pytest.fail(
            "\n".join(distinct_causes((location, str(fault)) for fault in wrong)), pytrace=False
        )


def test_the_figure_to_begin_with_has_no_faults(monkeypatch):
    page = PAGE.read_text("utf-8")
    figure_spec = ModuleType("still")
    # The page has the content of the test folder, and a file has the code of the figure.
    (init_code,) = map(dedent, re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    exec(init_code, vars(figure_spec))
    lines = init_code.splitlines()
    name = "lstm_figs.figures.still"
    spec = spec_from_file_location(name, PAGE.with_name("code") / "still.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setitem(CATALOG.paths, "still", "still.still")
    code = scaffold.code("still").splitlines()
    assert '    "still": RESULT,' in code
    # What the page changes in the generated code is only what has a ? there.
    assert all("?" in line for line in code if line not in lines)
    monkeypatch.setattr(specs, "spec", lambda figure: figure_spec if figure == "still" else None)
    words, faults_txt, _ = map(dedent, re.findall(r"```text\n(.*?)```", page, re.DOTALL))
    assert {*scaffold.templates("still").splitlines()} - {*words.splitlines()} == {" ?"}
    monkeypatch.setattr(specs, "templates", lambda figure: words)
    wording.entries.cache_clear()
    for table, shared in (
        (figure_spec.TENSOR_AXES, axes.TENSOR_AXES),
        (figure_spec.ACTING_GATES, lengths.ACTING_GATES),
    ):
        for key, value in table.items():
            assert key not in shared
            monkeypatch.setitem(shared, key, value)
    for what in (DEFAULT, *ADDITIONAL_CASES):
        for width in (720, 360):
            parsed = read("still", what, width)
            assert prove_with(parsed.root, parsed.namespace)
            assert faults(parsed) == []
            assert layout_faults.faults(draw_case("still", what, width).sheet, width) == []
    (fault,) = fault_records.parse(faults_txt)
    faulty = drawing(fault.edited(svg(fault.command, DEFAULT, 720)))
    assert has_fault(faulty, fault.expected), faults(faulty)
    remaining = read("still", DEFAULT, 720).value("still[3, 0, 0]")
    assert f"After four steps {remaining:.2f} of it is left." in page


@pytest.mark.parametrize("name", REFUSED)
def test_a_figure_rejects_cases_beyond_its_limit(name):
    for what in REFUSED[name]:
        with pytest.raises(BeyondLimit):
            draw_case(name, what, 720)


def _inspect(version, what):
    """The faults and shapes of a figure, with its options, in a case."""
    name, *_ = version.split()
    of_example = what == DEFAULT or what in VARIANTS.get(name, ())
    tensors = None if of_example else case(what)
    return inspect_figure(
        name,
        lambda width: draw_case(version, what, width),
        {} if tensors is None else dict(tensors.own),
        has_command=tensors is None or tensors.source is not None,
        section=parts.section_of(version, what),
    )


def test_quick_runs_the_test_that_draws_a_figure():
    config = SimpleNamespace(getoption={"quick": "cell"}.get)
    name = test_a_figure_has_no_faults_with_any_source.__name__
    assert is_selected(config, SimpleNamespace(nodeid=f"{name}[cell]"))
    assert not is_selected(config, SimpleNamespace(nodeid=f"{name}[cell-input]"))
