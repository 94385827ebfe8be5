"""What `--out` may name: files, folders, pipes and devices."""

import os
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from lstm_figs.sources import Source


@pytest.fixture(autouse=True)
def files(folder):
    """Two folders, and a weights file."""
    Path("folder.svg").mkdir()
    Path("exists.d").mkdir()
    np.savez("w.npz", **Source().trace().weights[0].parameters())


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
def test_a_place_is_a_folder_or_a_file(out, written, call):
    assert call("draw", "perceptron", "--out", out) == (0, f"{written}\n", "")
    assert Path(written).read_bytes().startswith(b"<svg")


def test_a_pipe_is_written_to_in_the_format_that_is_asked_for(call):
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert call("draw", "perceptron", "--format", "pdf", "--out", "pipe")[0] == 0
    assert os.read(reader, 8).startswith(b"%PDF")
    os.close(reader)
    assert Path("pipe").is_fifo()


def test_the_device_of_standard_output_is_standard_output(call):
    assert call("draw", "perceptron", "-o", "/dev/stdout")[1].endswith("</svg>\n")


@pytest.mark.parametrize(
    ("command", "suffix"),
    [("draw cell", "svg"), ("embed cell", "html"), ("convert w.npz --to keras", "npz")],
)
def test_o_is_out(command, suffix, call):
    path = f"./new/own.{suffix}"
    assert call(*command.split(), "-o", path) == (0, f"new/own.{suffix}\n", "")
    assert Path(path).is_file()


@pytest.mark.parametrize(
    ("command", "name", "out"),
    [
        # the same file by a different path or link
        *(
            (f"convert w.npz --to keras --out {out}", "w.npz", out)
            for out in ("w.npz", "./exists.d/../w.npz", "soft.npz", "hard.npz", "way/w.npz")
        ),
        ("draw cell --out w.svg --weights w.svg", "w.svg", "w.svg"),
        ("draw cell gates-over-time --labels cell.svg", "cell.svg", "cell.svg"),
        ("embed cell --out w.html --weights w.html", "w.html", "w.html"),
        ("page --out w.html --weights w.html", "w.html", "w.html"),
    ],
)
def test_no_command_replaces_a_file_that_it_reads(command, name, out, refusal):
    Path("soft.npz").symlink_to("w.npz")
    Path("hard.npz").hardlink_to("w.npz")
    Path("way").symlink_to(".")
    if "--labels" in command:
        Path(name).write_text('{"odd": [true, false, true, false]}')
    elif name != "w.npz":
        save_file(Source().trace().weights[0].parameters(), name)
    before = Path(name).read_bytes()
    message = refusal(*command.split())
    expected = f"got the output '{Path(out)}', which would overwrite the input '{name}', expected"
    assert expected in message
    assert Path(name).read_bytes() == before
