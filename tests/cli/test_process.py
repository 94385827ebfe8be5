"""The process as a whole: interrupts, imports and exit codes."""

import os
import pty
import re
import resource
import select
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from lstm_figs.command.request import Request
from lstm_figs.figures import CATALOG, RECORDED

HANG_SECONDS = 300
"""A process that takes longer hangs."""

COMMAND = ["-m", "lstm_figs"]


def file_names():
    return sorted(path.name for path in Path().rglob("*"))


def start(words, **options):
    return subprocess.Popen(
        [sys.executable, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        **options,
    )


def wait_for_end(process):
    out, error = process.communicate(timeout=HANG_SECONDS)
    return process.returncode, out, error


def listen_to_interrupts():
    """Undo that processes started in the background ignore this signal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


SLOW_METHOD = """
import pathlib, sys
from lstm_figs import cli
real = pathlib.Path.{0}
def slow(path, data):
    result = real(path, data)
    print("written", flush=True)
    sys.stdin.readline()
    return result
pathlib.Path.{0} = slow
sys.exit(cli.main())
"""
"""Waits for input after calling a method of a path."""

# {0} is the module whose import is interrupted, and {1} the signal.
INTERRUPTED_IMPORT = """
import atexit, signal, sys
class Early:
    def find_spec(name, *_):
        if name == "{0}":
            signal.raise_signal({1})
sys.meta_path.insert(0, Early)
atexit.register(lambda: Early.find_spec("exit"))
from lstm_figs.cli import main
sys.exit(main())
"""

for_both_signals = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


def start_with(code, number, place, words):
    code = code.format(place, int(number))
    return start(["-c", code, *words.split()], preexec_fn=listen_to_interrupts)


@for_both_signals
def test_an_interrupted_process_leaves_no_file_and_no_folder(number):
    words = "draw unrolled perceptron --out new/out"
    process = start_with(SLOW_METHOD, number, "write_bytes", words)
    assert process.stdout.readline() == "written\n"
    assert file_names() != []
    process.send_signal(number)
    check_interrupted(number, *wait_for_end(process))


def check_interrupted(number, code, out, error):
    assert (code, out) == (128 + number, "")
    assert re.fullmatch("lstm-figs: interrupted; no file was left half written\n", error)
    assert file_names() == []


@for_both_signals
@pytest.mark.parametrize("module", ["lstm_figs.names", "numpy", "exit"])
def test_a_process_that_is_interrupted_shows_no_traceback(module, number):
    code, out, error = wait_for_end(start_with(INTERRUPTED_IMPORT, number, module, "draw unrolled"))
    if module == "exit":
        # Everything was written; the process only ends early.
        assert (code, error) == (-number, "")
        assert file_names() == ["unrolled.svg"]
    else:
        check_interrupted(number, code, out, error)


@for_both_signals
def test_who_interrupts_while_files_are_replaced_gets_all_of_them(number):
    names = ["perceptron.svg", "unrolled.svg"]
    for name in names:
        Path(name).write_text("old")
    process = start_with(SLOW_METHOD, number, "replace", "draw unrolled perceptron")
    # Paths are printed once all files are complete, before any is replaced.
    lines = [process.stdout.readline() for _ in "123"]
    assert lines == ["unrolled.svg\n", "perceptron.svg\n", "written\n"]
    process.send_signal(number)
    assert wait_for_end(process)[0] == 128 + number
    assert file_names() == names
    for name in names:
        assert Path(name).read_text("utf-8").startswith("<svg")


def test_a_full_disk_is_one_line_and_leaves_nothing():
    def limit_file_size():
        # The first figure is smaller, and the second one larger.
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    words = ["draw", "perceptron", "unrolled", "--out", "new"]
    code, out, error = wait_for_end(start([*COMMAND, *words], preexec_fn=limit_file_size))
    assert (code, out) == (2, "")
    assert re.fullmatch("lstm-figs: cannot write 'new/unrolled.svg'.*\n", error)
    assert file_names() == []


def on_a_terminal(words):
    """Run a command on a terminal, and return its code and what it wrote there."""
    own_end, process_end = pty.openpty()
    termios.tcsetwinsize(process_end, (24, 80))
    process = subprocess.Popen(
        [sys.executable, *COMMAND, *words],
        stdin=process_end,
        stdout=process_end,
        stderr=process_end,
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


def test_a_terminal_shows_a_bar_for_many_figures_and_then_the_paths():
    code, written = on_a_terminal(["draw", *MANY_FIGURES])
    assert code == 0
    assert "%|" in written
    assert "figure/s" in written
    # In the end only paths remain, without a progress bar.
    assert written.rstrip().splitlines()[-1] == f"{MANY_FIGURES[-1]}.svg"


def test_a_terminal_shows_no_bar_for_few_figures():
    code, written = on_a_terminal(["draw", "unrolled", "perceptron"])
    assert (code, written) == (0, "unrolled.svg\r\nperceptron.svg\r\n")


def test_an_error_on_a_terminal_is_on_a_line_of_its_own():
    code, written = on_a_terminal(["draw", "all", "--step", "99"])
    assert code == 2
    assert written.rstrip().splitlines()[-1].split("\r")[-1].startswith("lstm-figs: ")


def test_a_process_draws_in_poor_surroundings(folder):
    """Without docstrings, a home folder, a backend, or a writable cache."""
    environment = {k: v for k, v in os.environ.items() if k != "HOME"}
    formats = ["--format", "png", "--format", "svg", "--out", str(folder)]
    process = start(
        ["-OO", *COMMAND, "draw", "gates-over-time", "cell", *formats],
        cwd="/proc",
        env={**environment, "MPLBACKEND": "nosuch", "PYTHONIOENCODING": "ascii"},
    )
    code, out, error = wait_for_end(process)
    assert code == 0, error
    assert out.count("\n") == 4
    expected = Request("cell").draw().render("svg", "auto")
    assert (folder / "cell.svg").read_bytes() == expected
