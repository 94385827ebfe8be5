"""Files are written whole or not at all."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lstm_figs.errors import OutputError
from lstm_figs.files import DRAFT_PREFIX, write_files

pytestmark = pytest.mark.usefixtures("folder")


def content():
    """The path and the bytes of each file."""
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def test_a_reader_of_the_old_file_keeps_it_whole():
    Path("a").write_bytes(b"old")
    with Path("a").open("rb") as file:
        write_files({Path("a"): b"new"})
        assert file.read() == b"old"


@pytest.mark.parametrize("blocked", ["taken", "file/below"])
@pytest.mark.parametrize("first", [True, False])
def test_all_files_stay_as_they_were_when_one_cannot_be_written(blocked, first):
    Path("taken").mkdir()
    Path("file").write_bytes(b"file")
    bad = {Path(blocked): b"bad"}
    Path("old").write_bytes(b"old")
    good = {Path("old"): b"new", Path("other"): b"new"}
    with pytest.raises(OutputError, match=r"^cannot write .*(taken|below)") as raised:
        write_files({**bad, **good} if first else {**good, **bad})
    assert "\n" not in str(raised.value)
    assert content() == {"file": b"file", "old": b"old"}


def test_a_full_disk_leaves_no_draft(monkeypatch):
    Path("a").write_bytes(b"old")
    real = Path.write_bytes

    def full(path, data):
        real(path, data[:1])
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_files({Path("a"): b"new", Path("b"): b"new"})
    assert content() == {"a": b"old"}


def test_only_a_name_that_no_file_can_have_is_an_error():
    longest = os.pathconf(".", "PC_NAME_MAX")
    path = Path("n" * longest)
    with pytest.raises(OutputError, match="too long"):
        write_files({Path("n" * (longest + 1)): b"1"})
    write_files({path: b"1"})
    path.unlink()
    with pytest.raises(OutputError, match="cannot write"):
        write_files({Path("new/a\0b"): b"1"})
    assert list(Path().iterdir()) == []


def test_threads_that_write_one_file_leave_it_whole():
    path, at_once = Path("new/a"), threading.Barrier(4)

    def write(number):
        at_once.wait()
        data = bytes([number]) * 100_000
        for _ in range(10):
            write_files({path: data})
            assert len({*path.read_bytes()}) == 1
            assert path.stat().st_size == len(data)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("old", [{"real": b"old"}, {}])
def test_a_link_stays_and_its_file_is_replaced(old):
    Path("folder").mkdir()
    link = Path("link")
    link.symlink_to("folder/real")
    for name, data in old.items():
        Path("folder", name).write_bytes(data)
    write_files({link: b"new"})
    assert link.is_symlink()
    assert content() == {"folder/real": b"new", "link": b"new"}


def test_a_link_to_itself_is_an_error():
    link = Path("link")
    link.symlink_to("link")
    with pytest.raises(OutputError, match="link"):
        write_files({link: b"new"})
    assert link.is_symlink()


def test_a_pipe_is_written_to_and_stays():
    pipe = Path("pipe")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_files({pipe: b"new", Path("a"): b"1"})
    assert os.read(reader, 8) == b"new"
    os.close(reader)
    assert pipe.is_fifo()
    assert content() == {"a": b"1"}


def test_no_file_is_replaced_when_a_pipe_is_left_by_its_reader():
    Path("a").write_bytes(b"old")
    pipe = Path("pipe")
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        reader.submit(lambda: pipe.open("rb").close())
        with pytest.raises(OutputError, match="pipe"):
            write_files({Path("a"): b"new", pipe: bytes(10**6)})
    assert content() == {"a": b"old"}


def test_no_file_is_replaced_when_one_belongs_to_somebody_else(monkeypatch):
    Path().chmod(0o1777)
    Path("theirs").write_bytes(b"old")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(OutputError, match="somebody else"):
        write_files({Path("own"): b"1", Path("theirs"): b"new"})
    assert content() == {"theirs": b"old"}


KILLED = """
import os, pathlib, signal, sys
from lstm_figs.files import write_files
write_files(
    {pathlib.Path(name): b"new" for name in ("a", "b")},
    lambda: os.kill(os.getpid(), signal.SIGKILL),
)
"""


def test_what_a_killed_process_left_is_removed_once_it_is_old(folder):
    killed = subprocess.run([sys.executable, "-c", KILLED])
    assert killed.returncode == -signal.SIGKILL
    old, young = Path().iterdir()
    own = [Path(f"{DRAFT_PREFIX}{name}") for name in ("notes", "0" * 15)]
    for path in (old, *own):
        path.touch()
        os.utime(path, (0, 0))
    # Each folder is searched once, and "." was before.
    write_files({folder / "a": b"newer"})
    assert {*Path().iterdir()} == {Path("a"), young, *own}
