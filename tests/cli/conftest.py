"""A folder for each test, and calls of the command line."""

import re
from pathlib import Path

import pytest

from lstm_figs import cli


@pytest.fixture(autouse=True)
def folder(folder):
    """The fixture of all tests, here used without being named."""
    return folder


@pytest.fixture
def call(capfd):
    """Runs a command line, and returns its exit code and both outputs."""

    def run_words(*words):
        try:
            code = cli.main(words)
        except SystemExit as end:  # --help and --version
            code = end.code
        return code, *capfd.readouterr()

    return run_words


@pytest.fixture
def refusal(call):
    """Runs a line that has to fail, and returns its message."""

    def refuse(*words):
        before = sorted(Path().rglob("*"))
        code, out, err = call(*words)
        assert (code, out) == (2, "")
        assert re.fullmatch("lstm-figs: .*\n", err)
        assert sorted(Path().rglob("*")) == before
        return err

    return refuse
