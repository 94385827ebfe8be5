"""The faults that have names still fit the code."""

from pathlib import Path

from tests.mutants import named

ROOT = Path(__file__).parents[2]


def test_the_code_that_each_named_fault_changes_stands_there_once():
    for fault in named.faults(ROOT):
        assert fault["code"] != (ROOT / str(fault["path"])).read_text()
