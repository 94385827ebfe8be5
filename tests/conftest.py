"""What several files of tests share."""

import gc
import json
import os
import random
import re
from pathlib import Path

# Before torch and NumPy are imported: tensors are tiny, tests run on all cores,
# and threads that wait for each other there cost more than all else.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pytest
from safetensors.numpy import save_file
from xdist.scheduler import LoadScopeScheduling

from lstm_figs.model.lstm import Trace
from lstm_figs.sources import Source
from tests.processor import PROCESSORS, pretend_processor

# The first is `scripts/fuzz`; the others run where Cosmic Ray is, see
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
    """Before a test file is read, and so before torch is imported."""
    if name := config.getoption("processor"):
        pretend_processor(name)


def pytest_report_header(config):
    if name := config.getoption("processor"):
        return f"processor: {name}"


@pytest.fixture(scope="session")
def example() -> Trace:
    """The example network over its four steps."""
    return Source().trace()


@pytest.fixture
def one_thread():
    """What is small is quicker so, and torch is as before afterwards."""
    import torch

    threads, state = torch.get_num_threads(), torch.get_rng_state()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    torch.set_rng_state(state)


@pytest.fixture
def input_files(tmp_path: Path) -> Path:
    """A folder with one input, `x`, in each of the forms that are read."""
    x = np.linspace(-1, 1, 30, dtype=np.float32).reshape(5, 2, 3)
    np.save(tmp_path / "x.npy", x)
    (tmp_path / "x.json").write_text(json.dumps(x.tolist()))
    save_file({"x": x}, tmp_path / "x.safetensors")
    return tmp_path


PAGE = re.compile(r"(?<=\[)([\w-]+/|home)(?=\]$)")
"""What the page of a test in a browser is called."""
SPLIT_BY_TEST = "tests/binding/test_figures.py"
"""Takes minutes, and its tests share nothing."""


class _Scheduler(LoadScopeScheduling):
    """Has one process run the tests of a page, and those of a file.

    They share what takes long to make. It goes by names: what xdist writes
    behind them for its own groups is lost on pytest 9.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, *_ = nodeid.partition("::")
        if match := PAGE.search(nodeid):
            return match[0]
        return nodeid if file == SPLIT_BY_TEST else file


def pytest_collectstart(collector):
    """Import each file alike, whatever others have drawn before."""
    _set_seed()


def pytest_runtest_setup(item):
    """Begin each test and its fixtures alike, whatever has run before."""
    _set_seed()


def _set_seed():
    # Not above: the process that hands out the tests needs no torch, and none
    # begins before it has read this file.
    import torch

    random.seed(0)
    np.random.seed(0)
    # `torch.manual_seed` also notes for devices that are not there from where
    # it was called, which takes a millisecond.
    torch.default_generator.manual_seed(0)


def pytest_collection_modifyitems(config, items):
    """Leave out what is not asked for, and begin with what takes longest."""
    left = [item for item in items if not is_selected(config, item)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in {*left}]
    if not items and (quick := config.getoption("quick")):
        raise pytest.UsageError(
            f"got --quick {quick}, expected a figure; `lstm-figs list` has them"
        )
    items.sort(key=lambda item: item.get_closest_marker("trains") is None)


def is_selected(config, item):
    """Whether a test runs, by the options."""
    if quick := config.getoption("quick"):
        return item.nodeid.endswith(f"with_every_source[{quick}]")
    is_thorough = item.get_closest_marker("thorough") is not None
    return config.getoption("all") or not is_thorough


def pytest_collection_finish():
    """Look for garbage less often, and not among all that was imported.

    It took a fifth of the time of tests that draw.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return _Scheduler(config, log)


@pytest.fixture
def record_proven(record_property):
    """Notes how many numbers were proven, for the end of the report."""
    return lambda place, count: record_property("proven", (place, count))


def pytest_terminal_summary(terminalreporter):
    for report in terminalreporter.stats.get("passed", ()):
        for name, value in report.user_properties:
            if name == "proven":
                place, count = value
                terminalreporter.write_line(f"{count} numbers proven: {place}.")
