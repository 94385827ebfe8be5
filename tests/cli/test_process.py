"""Behaviour that only a real process shows: signals, a full disk, a terminal."""

import os
import pty
import resource
import select
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

import lstm_figs
from lstm_figs.command.request import Request
from lstm_figs.figures import CATALOG, RECORDED

HANG_SECONDS = 300
"""Seconds after which a process hangs, on any machine."""

COMMAND = [sys.executable, "-m", "lstm_figs"]
PICTURES = ["draw", "cell", "unrolled", "--format", "png", "--out", "new/out"]


def files_in(folder):
    return sorted(p.name for p in folder.rglob("*"))


@pytest.fixture
def empty_folder(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.setenv("PYTHONPATH", str(Path(lstm_figs.__file__).parents[1]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


SLOW_METHOD = """
import pathlib, sys
from lstm_figs import cli
real = pathlib.Path.{method}
def slow(path, data):
    result = real(path, data)
    print("written", flush=True)
    sys.stdin.readline()
    return result
pathlib.Path.{method} = slow
sys.argv[1:] = {words}
sys.exit(cli.main())
"""


def slowed_process(method, words):
    """A process that waits for input after calling a method of a path.

    `communicate` closes the input, so the process continues.
    """
    return subprocess.Popen(
        [sys.executable, "-c", SLOW_METHOD.format(**locals())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # Processes started in the background ignore this signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_process_leaves_no_file_and_no_folder(empty_folder, number):
    words = ["draw", "unrolled", "perceptron", "--out", "new/out"]
    process = slowed_process("write_bytes", words)
    assert process.stdout.readline() == "written\n"
    assert files_in(empty_folder) != []
    process.send_signal(number)
    out, error = process.communicate(timeout=HANG_SECONDS)
    assert (process.returncode, out) == (128 + number, "")
    assert error.startswith("lstm-figs: interrupted")
    assert error.count("\n") == 1
    assert files_in(empty_folder) == []


INTERRUPTED_IMPORT = """
import atexit, signal, sys
class Early:
    def find_spec(name, *_):
        if name == "{module}":
            signal.raise_signal({number})
sys.meta_path.insert(0, Early)
atexit.register(lambda: Early.find_spec("exit"))
from lstm_figs.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("module", ["lstm_figs.names", "numpy", "exit"])
def test_a_process_that_is_interrupted_shows_no_traceback(empty_folder, module, number):
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            INTERRUPTED_IMPORT.format(module=module, number=int(number)),
            *("draw", "unrolled"),
        ],
        capture_output=True,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    if module == "exit":
        # Everything was written; the process only ends early.
        assert (done.returncode, done.stderr) == (-number, "")
        assert files_in(empty_folder) == ["unrolled.svg"]
    else:
        assert (done.returncode, done.stdout) == (128 + number, "")
        assert done.stderr.startswith("lstm-figs: interrupted")
        assert done.stderr.count("\n") == 1
        assert files_in(empty_folder) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_interrupts_while_files_are_replaced_gets_all_of_them(empty_folder, number):
    words = ["draw", "unrolled", "perceptron"]
    for name in ("unrolled", "perceptron"):
        (empty_folder / f"{name}.svg").write_text("old")
    process = slowed_process("replace", words)
    # Paths are printed once all files are complete, before any is replaced.
    lines = [process.stdout.readline() for _ in "123"]
    assert lines == ["unrolled.svg\n", "perceptron.svg\n", "written\n"]
    process.send_signal(number)
    process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 128 + number
    assert files_in(empty_folder) == ["perceptron.svg", "unrolled.svg"]
    for name in ("unrolled", "perceptron"):
        assert (empty_folder / f"{name}.svg").read_text("utf-8").startswith("<svg")


INTERRUPTED_DRAWING = """
import signal, sys
from lstm_figs import cli, figure
real = figure.Figure.render
def render(*args):
    signal.raise_signal({number})
    return real(*args)
figure.Figure.render = render
sys.exit(cli.main())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_that_is_interrupted_while_it_draws_writes_nothing(empty_folder, number):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_DRAWING.format(number=int(number)), *PICTURES],
        capture_output=True,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert done.returncode == 128 + number, done.stderr
    assert files_in(empty_folder) == []


def test_a_full_disk_is_one_line_and_leaves_nothing(empty_folder):
    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = subprocess.run(
        [*COMMAND, "draw", "perceptron", "unrolled", "--out", "new"],
        capture_output=True,
        encoding="utf-8",
        preexec_fn=small,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("lstm-figs: cannot write 'new/unrolled.svg'")
    assert done.stderr.count("\n") == 1
    assert files_in(empty_folder) == []


def on_a_terminal(words):
    """The output of a process on a terminal, and its exit status."""
    own_end, process_end = pty.openpty()
    termios.tcsetwinsize(process_end, (24, 80))
    process = subprocess.Popen(
        [*COMMAND, *words], stdin=process_end, stdout=process_end, stderr=process_end
    )
    os.close(process_end)
    written = b""
    while select.select([own_end], [], [], 60)[0]:
        try:
            part = os.read(own_end, 4096)
        except OSError:  # the other end is closed
            break
        written += part
    os.close(own_end)
    return process.wait(), written.decode()


MANY_FIGURES = [name for name in CATALOG if name not in RECORDED]
"""Without figures that import torch, which takes long."""


def test_a_terminal_shows_a_bar_for_many_figures_and_then_the_paths(empty_folder):
    code, written = on_a_terminal(["draw", *MANY_FIGURES])
    assert code == 0
    assert "%|" in written
    assert "figure/s" in written
    # In the end only paths remain, without a progress bar.
    last = written.rstrip().splitlines()[-1]
    assert last == f"{MANY_FIGURES[-1]}.svg"
    assert not files_in(empty_folder)[0].startswith(".")


def test_a_terminal_shows_no_bar_for_few_figures(empty_folder):
    code, written = on_a_terminal(["draw", "unrolled", "perceptron"])
    assert (code, written) == (0, "unrolled.svg\r\nperceptron.svg\r\n")


def test_an_error_on_a_terminal_stands_on_a_line_of_its_own(empty_folder):
    code, written = on_a_terminal(["draw", "all", "--step", "99"])
    assert code == 2
    assert written.rstrip().splitlines()[-1].split("\r")[-1].startswith("lstm-figs: ")


def test_there_is_no_bar_where_the_output_is_piped(empty_folder):
    done = subprocess.run([*COMMAND, "draw", *MANY_FIGURES], capture_output=True, encoding="utf-8")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "%|" not in done.stdout


def test_a_process_draws_in_poor_surroundings(empty_folder):
    """Without docstrings, a home folder, a backend, or a writable cache."""
    environment = {k: v for k, v in os.environ.items() if k != "HOME"}
    done = subprocess.run(
        [
            *(sys.executable, "-OO", "-m", "lstm_figs"),
            *("draw", "gates-over-time", "cell", "--format", "png"),
            *("--format", "svg", "--out", str(empty_folder)),
        ],
        capture_output=True,
        encoding="utf-8",
        cwd="/proc",
        env={**environment, "MPLBACKEND": "nosuch", "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 4
    expected = Request("cell").draw().render("svg", "auto")
    assert (empty_folder / "cell.svg").read_bytes() == expected
