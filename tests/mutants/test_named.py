"""The deliberate faults in sources still match them."""

from lstm_figs.figures import CATALOG
from tests.fault_records import ROOT
from tests.mutants.named import NAMED_FAULTS, faults


def test_the_text_that_each_named_fault_changes_occurs_once():
    for fault in faults():
        path, code = ROOT / str(fault["path"]), str(fault["code"])
        assert code != path.read_text("utf-8")
        if path.suffix == ".py":
            compile(code, path, "exec")


def test_a_fault_has_its_own_name_and_a_check_that_finds_it():
    names = [fault.name for fault in NAMED_FAULTS]
    assert sorted(names) == sorted(set(names))
    for fault in NAMED_FAULTS:
        assert bool(fault.tests) != (fault.figure in CATALOG)
