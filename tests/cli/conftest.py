"""A folder for each test, and calls of the command line."""

import re
from pathlib import Path

import pytest

from lstm_figs import cli


@pytest.fixture(autouse=True)
def folder(folder):
    return folder


@pytest.fixture
def call(capfd):

    def run_words(*words):
        try:
            code = cli.main(words)
        except SystemExit as end:  # --help and --version
            code = end.code
        return code, *capfd.readouterr()

    return run_words


@pytest.fixture
def refusal(call):

    def refuse(*words):
        before = sorted(Path().rglob("*"))
        code, out, err = call(*words)
        assert (code, out) == (2, "")
        assert re.fullmatch("lstm-figs: .*\n", err)
        assert sorted(Path().rglob("*")) == before
        return err

    return refuse
