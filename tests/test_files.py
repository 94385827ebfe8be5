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


def content(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_reader_of_the_old_file_keeps_it_whole(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    with (tmp_path / "a").open("rb") as file:
        write_files({tmp_path / "a": b"new"})
        assert file.read() == b"old"


def blocked_paths(folder):
    (folder / "taken").mkdir()
    (folder / "file").write_bytes(b"file")
    return [folder / "taken", folder / "file" / "below"]


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("first", [True, False])
def test_all_files_stay_as_they_were_when_one_cannot_be_written(which, first, tmp_path):
    bad = {blocked_paths(tmp_path)[which]: b"bad"}
    (tmp_path / "old").write_bytes(b"old")
    good = {tmp_path / "old": b"new", tmp_path / "other": b"new"}
    with pytest.raises(OutputError, match=r"^cannot write .*(taken|below)") as raised:
        write_files({**bad, **good} if first else {**good, **bad})
    assert "\n" not in str(raised.value)
    assert content(tmp_path) == {"file": b"file", "old": b"old"}


def test_a_full_disk_leaves_no_draft(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"old")
    real = Path.write_bytes

    def full(path, data):
        real(path, data[:1])
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_files({tmp_path / "a": b"new", tmp_path / "b": b"new"})
    assert content(tmp_path) == {"a": b"old"}


def test_only_a_name_that_no_file_can_have_is_an_error(tmp_path):
    longest = os.pathconf(tmp_path, "PC_NAME_MAX")
    path = tmp_path / ("n" * longest)
    with pytest.raises(OutputError, match="too long"):
        write_files({tmp_path / ("n" * (longest + 1)): b"1"})
    write_files({path: b"1"})
    path.unlink()
    with pytest.raises(OutputError, match="cannot write"):
        write_files({tmp_path / "new" / "a\0b": b"1"})
    assert list(tmp_path.iterdir()) == []


def test_threads_that_write_one_file_leave_it_whole(tmp_path):
    path, at_once = tmp_path / "new" / "a", threading.Barrier(4)

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
def test_a_link_stays_and_its_file_is_replaced(old, tmp_path):
    (tmp_path / "folder").mkdir()
    link = tmp_path / "link"
    link.symlink_to("folder/real")
    for name, data in old.items():
        (tmp_path / "folder" / name).write_bytes(data)
    write_files({link: b"new"})
    assert link.is_symlink()
    assert content(tmp_path / "folder") == {"real": b"new"}


def test_a_link_to_itself_is_an_error(tmp_path):
    link = tmp_path / "link"
    link.symlink_to("link")
    with pytest.raises(OutputError, match="link"):
        write_files({link: b"new"})
    assert link.is_symlink()


def test_a_pipe_is_written_to_and_stays(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_files({pipe: b"new", tmp_path / "a": b"1"})
    assert os.read(reader, 8) == b"new"
    os.close(reader)
    assert pipe.is_fifo()
    assert content(tmp_path) == {"a": b"1"}


def test_no_file_is_replaced_when_a_pipe_is_left_by_its_reader(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        reader.submit(lambda: pipe.open("rb").close())
        with pytest.raises(OutputError, match="pipe"):
            write_files({tmp_path / "a": b"new", pipe: bytes(10**6)})
    assert content(tmp_path) == {"a": b"old"}


def test_no_file_is_replaced_when_one_belongs_to_somebody_else(tmp_path, monkeypatch):
    tmp_path.chmod(0o1777)
    (tmp_path / "theirs").write_bytes(b"old")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(OutputError, match="somebody else"):
        write_files({tmp_path / "own": b"1", tmp_path / "theirs": b"new"})
    assert content(tmp_path) == {"theirs": b"old"}


KILLED = """
import os, pathlib, signal, sys
from lstm_figs.files import write_files
write_files(
    {pathlib.Path(name): b"new" for name in ("a", "b")},
    lambda: os.kill(os.getpid(), signal.SIGKILL),
)
"""


def test_what_a_killed_process_left_is_removed_once_it_is_old(tmp_path):
    killed = subprocess.run([sys.executable, "-c", KILLED], cwd=tmp_path)
    assert killed.returncode == -signal.SIGKILL
    old, young = tmp_path.iterdir()
    own = [tmp_path / f"{DRAFT_PREFIX}{name}" for name in ("notes", "0" * 15)]
    for path in (old, *own):
        path.touch()
        os.utime(path, (0, 0))
    write_files({tmp_path / "a": b"newer"})
    assert {*tmp_path.iterdir()} == {tmp_path / "a", young, *own}
