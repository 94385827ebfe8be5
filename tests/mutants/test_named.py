"""The named faults still match the code."""

from pathlib import Path

from lstm_figs.figures import CATALOG
from tests.mutants import named

ROOT = Path(__file__).parents[2]


def test_the_text_that_each_named_fault_changes_stands_there_once():
    for fault in named.faults(ROOT):
        path, code = ROOT / str(fault["path"]), str(fault["code"])
        assert code != path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            compile(code, path, "exec")


def test_a_fault_has_a_name_of_its_own_and_something_that_sees_it():
    names = [fault.name for fault in named.NAMED_FAULTS]
    assert sorted(names) == sorted(set(names))
    for fault in named.NAMED_FAULTS:
        assert bool(fault.tests) != (fault.figure in CATALOG)
