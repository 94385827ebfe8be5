import os
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from lstm_figs import cli
from lstm_figs.sources import Source

REFUSED = {
    "an unknown suffix": ("x.jpg", [".svg, .png or .pdf", "'x.jpg/'"]),
    "a new folder with a dot": ("v1.2", ["'v1.2/'"]),
    "a file without a suffix": ("file", ["is a file already"]),
    "a file as a folder": ("file/", ["is a file already"]),
    "a file of another suffix": ("notes.txt", ["is a file already"]),
    "a folder named like a file": ("folder.svg", ["'folder.svg/'"]),
    "nothing": ("", ["expected a folder or a file"]),
    "a character that no path has": ("a\0b", ["expected a folder or a file"]),
    "a folder below a file": ("file/below", ["cannot write"]),
    "a place that nobody can write to": ("/proc/x.svg", ["cannot write"]),
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine")
    Path("notes.txt").write_text("mine")
    Path("folder.svg").mkdir()
    Path("exists.d").mkdir()
    return tmp_path


def files():
    return {str(p) for p in Path().rglob("*")}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_place_that_cannot_be_used_is_one_sentence(kind, capsys):
    out, messages = REFUSED[kind]
    before = files()
    assert cli.main(["draw", "perceptron", "--out", out]) == 2
    printed, error = capsys.readouterr()
    assert printed == ""
    assert error.count("\n") == 1
    for words in messages:
        assert words in error
    assert files() == before
    assert Path("file").read_text() == Path("notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("out", "written"),
    [
        ("exists.d", "exists.d/perceptron.svg"),
        ("v1.2/", "v1.2/perceptron.svg"),
        ("folder.svg/", "folder.svg/perceptron.svg"),
        (".hidden", ".hidden/perceptron.svg"),
        ("..", "../perceptron.svg"),
        ("new/deep", "new/deep/perceptron.svg"),
        ("new/x.svg", "new/x.svg"),
        ("X.SVG", "X.SVG"),
    ],
)
def test_a_place_is_a_folder_or_a_file(out, written, capsys):
    assert cli.main(["draw", "perceptron", "--out", out]) == 0
    assert capsys.readouterr().out == f"{written}\n"
    assert Path(written).read_bytes().startswith(b"<svg")


def test_a_folder_that_was_made_goes_when_nothing_could_be_written(capsys):
    name = "n" * 300
    before = files()
    assert cli.main(["draw", "perceptron", "--out", f"a/b/{name}.svg"]) == 2
    assert "too long" in capsys.readouterr().err
    assert files() == before


def test_a_pipe_is_written_to_in_the_format_that_is_asked_for():
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    words = ["draw", "perceptron", "--format", "pdf", "--out", "pipe"]
    assert cli.main(words) == 0
    assert os.read(reader, 8).startswith(b"%PDF")
    os.close(reader)
    assert Path("pipe").is_fifo()


def test_the_device_of_standard_output_is_standard_output(capfdbinary):
    assert cli.main(["draw", "perceptron", "-o", "/dev/stdout"]) == 0
    assert capfdbinary.readouterr().out.endswith(b"</svg>\n")


@pytest.mark.parametrize(
    ("command", "suffix"),
    [("draw cell", "svg"), ("embed cell", "html"), ("convert w.npz --to keras", "npz")],
)
def test_o_is_out(command, suffix, capsys):
    np.savez("w.npz", **Source().trace().weights[0].parameters())
    for flag in ("-o", "--out"):
        path = Path(f"{flag}.{suffix}")
        assert cli.main([*command.split(), f"{flag}", f"./{path}"]) == 0
        assert path.is_file()
    assert Path(f"-o.{suffix}").read_bytes() == path.read_bytes()


def test_the_nearest_of_many_names_stands_in_place_of_all(capsys):
    assert cli.main(["draw", "cel"]) == 2
    error = capsys.readouterr().err
    assert error.endswith("; did you mean 'cell'?\n")
    assert len(error) < 100
    assert cli.main(["draw", "zzz"]) == 2
    assert "autograd, batch, " in capsys.readouterr().err


SPELLINGS = ("w.npz", "./exists.d/../w.npz", "soft.npz", "hard.npz", "way/w.npz")
"""Paths of one file."""


@pytest.mark.parametrize("out", SPELLINGS)
def test_convert_never_replaces_the_file_that_it_reads(out, capsys):
    np.savez("w.npz", **Source().trace().weights[0].parameters())
    Path("soft.npz").symlink_to("w.npz")
    Path("hard.npz").hardlink_to("w.npz")
    Path("way").symlink_to(".")
    before = Path("w.npz").read_bytes()
    assert cli.main(["convert", "w.npz", "--to", "keras", "--out", out]) == 2
    printed, error = capsys.readouterr()
    assert (printed, error.count("\n")) == ("", 1)
    assert "which is the file 'w.npz' that is read, expected" in error
    assert Path("w.npz").read_bytes() == before


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("draw cell --out w.svg --weights", "w.svg"),
        ("draw cell gates-over-time --labels", "cell.svg"),
        ("embed cell --out w.html --weights", "w.html"),
        ("page --out w.html --weights", "w.html"),
    ],
)
def test_no_command_replaces_a_file_that_it_reads(command, name, capsys):
    if "--labels" in command:
        Path(name).write_text('{"odd": [true, false, true, false]}')
    else:
        save_file(Source().trace().weights[0].parameters(), name)
    before = files(), Path(name).read_bytes()
    assert cli.main([*command.split(), name]) == 2
    assert f"the file '{name}' that is read" in capsys.readouterr().err
    assert (files(), Path(name).read_bytes()) == before
