"""The arguments of `scripts/fuzz`, and the tests that it calls."""

import re
import sys
from pathlib import Path

import pytest

from tests.fuzz import __main__ as fuzz


@pytest.mark.parametrize(
    "words", [["x"], ["0"], ["-3"], ["nan"], ["inf"], ["1e9"], [""], ["1", "2"]]
)
def test_a_search_that_cannot_be_made_is_refused(words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["fuzz", *words])
    assert fuzz.main() == 2
    out, error = capsys.readouterr()
    assert (out, error.count("\n")) == ("", 1)
    assert error.startswith(f"scripts/fuzz: got {' '.join(words)!r}, expected")


def test_the_random_search_names_tests_that_exist():
    tests = Path(__file__).parent
    for path in tests.glob("fuzz/*.py"):
        for file, name in re.findall(r"\b(test_\w+)\.(\w+)", path.read_text()):
            texts = (module.read_text() for module in tests.rglob(f"{file}.py"))
            assert any(re.search(rf"^(?:def )?{name}\b", text, re.M) for text in texts), name
