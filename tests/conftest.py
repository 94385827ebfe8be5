"""Options of pytest, and fixtures for all tests."""

import gc
import os
import random
import re

# Set before torch and NumPy are imported. Tensors are tiny and tests run on all cores,
# so waiting threads would take most of the time.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pytest
from xdist.scheduler import LoadScopeScheduling

from lstm_figs import cli
from tests.processor import PROCESSORS, pretend_processor

# `fuzz` is run by `scripts/fuzz`; the others run with Cosmic Ray, see
# `scripts/mutants`.
collect_ignore = ["fuzz", "mutants/operators.py", "mutants/sample.py"]


def pytest_addoption(parser):
    parser.addoption(
        "--all",
        action="store_true",
        help="draw every figure of every source, and run what is left out of "
        "a push: tests marked `thorough`",
    )
    parser.addoption(
        "--quick", metavar="FIGURE", help="draw one figure of three sources, and test nothing else"
    )
    parser.addoption(
        "--processor",
        choices=PROCESSORS,
        help="run as on a processor of this kind, see tests/processor",
    )


def pytest_configure(config):
    """Pretend the processor before test files, and so torch, are imported."""
    if name := config.getoption("processor"):
        pretend_processor(name)


def pytest_report_header(config):
    if name := config.getoption("processor"):
        return f"processor: {name}"


@pytest.fixture
def one_thread():
    """Run torch on one thread, faster for small tensors; restore its state after."""
    import torch

    threads, state = torch.get_num_threads(), torch.get_rng_state()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    torch.set_rng_state(state)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check_flags(words, error):
    """Check that an error says of options that they were given only if they were."""
    match = re.search(r"got (?!neither)(.*?)(?: without (.*?))?, expected (.*)", error)
    got, absent, advice = match.groups("") if match else ("", "", "")
    line = " ".join(words).replace("=", " ")
    for flag in re.findall(r"(?<!')--[\w-]+", got) + re.findall(r"leave (--[\w-]+) out", advice):
        assert flag in line.split()
    for flag in re.findall("--.*", absent) + re.findall("add (--[^,;]+)", advice):
        assert flag not in line


@pytest.fixture
def call(capfd):
    """Runs a command line, and returns its exit code and both outputs."""

    def run_words(*words):
        try:
            code = cli.main(words)
        except SystemExit as end:  # --help and --version
            code = end.code
        out, error = capfd.readouterr()
        if code == 2:
            check_flags(words, error)
        return code, out, error

    return run_words


@pytest.fixture
def refusal(call, folder):
    """Runs a line that has to fail, and returns its message."""

    def refuse(*words):
        before = sorted(folder.rglob("*"))
        code, out, err = call(*words)
        assert (code, out) == (2, "")
        assert re.fullmatch("lstm-figs: .*\n", err)
        assert sorted(folder.rglob("*")) == before
        return err

    return refuse


PAGE = re.compile(r"(?<=\[)([\w-]+/|home)(?=\]$)")
"""Matches the page in the id of a test of a page."""

SPLIT_BY_TEST = "tests/binding/test_figures.py"
"""A file that takes minutes and whose tests share nothing."""


class _Scheduler(LoadScopeScheduling):
    """Run the tests of a page, or of a file, in one process.

    They share fixtures that take long to make. The groups come from test ids,
    because pytest 9 drops the group suffix that xdist adds to them.
    """

    def _split_scope(self, nodeid):
        file, *_ = nodeid.partition("::")
        if match := PAGE.search(nodeid):
            return match[0]
        return nodeid if file == SPLIT_BY_TEST else file


def pytest_collectstart(collector):
    _set_seed()


def pytest_runtest_setup(item):
    _set_seed()


def _set_seed():
    # Imported here, because the process that distributes the tests needs no torch, and no
    # worker starts before it has read this file.
    import torch

    random.seed(0)
    np.random.seed(0)
    # `torch.manual_seed` also records its call site for absent devices, which takes a
    # millisecond.
    torch.default_generator.manual_seed(0)


def pytest_collection_modifyitems(config, items):
    """Deselect tests by the options, and run the slowest first."""
    deselected = [item for item in items if not is_selected(config, item)]
    config.hook.pytest_deselected(items=deselected)
    items[:] = [item for item in items if item not in {*deselected}]
    if not items and (quick := config.getoption("quick")):
        raise pytest.UsageError(
            f"got --quick {quick}, expected a figure; `lstm-figs list` has them"
        )
    items.sort(key=lambda item: item.get_closest_marker("trains") is None)


def is_selected(config, item):
    if quick := config.getoption("quick"):
        return item.nodeid.endswith(f"with_any_source[{quick}]")
    is_thorough = item.get_closest_marker("thorough") is not None
    return config.getoption("all") or not is_thorough


def pytest_collection_finish():
    """Collect garbage less often, and skip all objects imported so far.

    Garbage collection took a fifth of the time of tests that draw.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return _Scheduler(config, log)


@pytest.fixture
def record_proven(record_property):
    """A function that records how many numbers were proven where, for the summary."""
    return lambda place, count: record_property("proven", (place, count))


def pytest_terminal_summary(terminalreporter):
    for report in terminalreporter.stats.get("passed", ()):
        for name, value in report.user_properties:
            if name == "proven":
                place, count = value
                terminalreporter.write_line(f"{count} numbers proven: {place}.")
