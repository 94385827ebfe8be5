"""Any command line succeeds, or prints one sentence and writes nothing."""

import contextlib
import io
import os
import shlex
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from lstm_figs import cli
from lstm_figs.command.request import parse_header
from lstm_figs.errors import LstmFigsError

FILES = ("x.npy", "x.json", "tokens.json", "own.safetensors", "bad.pt", "folder")
"""Files that a line can name."""


def put_files():
    """Write some files that can be read, and some that cannot."""
    np.save("x.npy", np.ones((4, 3), np.float32))
    Path("x.json").write_text("[[1, 0, 0], [0, 1, 0]]")
    Path("tokens.json").write_text('["a", "b", "c", "d"]')
    save_file(torch.nn.LSTM(3, 2).state_dict(), "own.safetensors")
    Path("bad.pt").write_bytes(b"PK\x03\x04")
    Path("folder").mkdir()


def all_files():
    return {str(path): path.read_bytes() if path.is_file() else None for path in Path().rglob("*")}


def check_line(words):
    """Run a line in a folder of its own with `FILES`."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", "surrogateescape")
    err = io.StringIO()
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            put_files()
            old = all_files()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                try:
                    code = cli.main(words)
                except SystemExit as end:  # --help and --version
                    code = end.code
            left = all_files()
        finally:
            os.chdir(before)
    message = err.getvalue()
    if code == 0:
        assert out.buffer.getvalue() or left != old
        return
    assert code == 2
    assert message.startswith("lstm-figs: ")
    assert message.endswith("\n")
    assert message[:-1].isprintable(), message
    assert left == old
    assert out.buffer.getvalue() == b""


LINES = [
    "draw ''",
    "draw 'a\nb'",
    "draw unrolled --wid 360",
    "draw unrolled '--a\nb'",
    "draw unrolled --out 'x.npy/a\nb.svg'",
    "draw cell --note 'a\nb'",
    "draw cell --step 0x1 --unit ''",
    "draw cell -- --step 1",
    "draw --out - cell --id -",
    "draw cell-input --unit=1 --unit=-0",
    "draw packed --lengths 1,2,,3",
    "draw packed --lengths 4,4,4 --batch-size 2",
    "draw reading --units 1,0 --network brackets --text '(\"'",
    "draw reading --units , --tokens tokens.json",
    "draw unrolled --input x.npy --tokens tokens.json --out -",
    "draw unrolled --input x.json --tokens tokens.json",
    "draw unrolled --input folder",
    "draw unrolled --input ''",
    "draw unrolled --weights bad.pt",
    "draw unrolled --weights own.safetensors --input-size 3",
    "draw unrolled --weights own.safetensors --module nn --layer 1",
    "draw unrolled --weights own.safetensors --text abc",
    "draw unrolled --out folder/a/b.svg",
    "draw unrolled --out x.npy",
    "draw unrolled --out x.npy/a.svg",
    "draw all --out own.safetensors/deep",
    "draw unrolled --theme light --format pdf --out -",
    "draw unrolled --format png --scale nan",
    "draw unrolled --format png --scale 1e400",
    "draw unrolled --format png --dpi -1",
    "draw unrolled --width 360.0",
    "draw unrolled --seq-len 1001",
    "draw unrolled --input-size 9999999999999999999999 --hidden-size 1",
    "draw unrolled --input-size 4096 --hidden-size 4096 --num-layers 64",
    "draw unrolled --input-size 3 --hidden-size 2 --proj-size 2",
    "draw unrolled --input-size ٣ --hidden-size 2",
    "draw unrolled --set x[0,0,0]=2 --set x[0,0,9]=2",
    "draw unrolled --set x[0,0,0]=\u0663 --set 'c_0[0, 0, 1] = -inf'",
    "draw unrolled --weights own.safetensors --set lstm.bias_ih_l0[7]=1e38",
    "draw all --set h[0,0,0]=1",
    "trace --set x[0,0,0]=\ud800",
    "shapes --set x[0,0,0]=1",
    "page --set readout.weight[0,0]=1",
    "draw projection --project 99",
    "draw gradient-distance --seq-len 1000",
    "draw --",
    "page cell",
    "page --out folder",
    "embed cell --width both --id a-narrow",
    "embed cell --out x.html --theme page",
    "units --layer 2",
    "units --labels",
    "units --labels tokens.json",
    "units --labels folder --json",
    "units --input-size 3 --hidden-size 4 --proj-size 2",
    "inspect",
    "inspect own.safetensors bad.pt",
    "inspect own.safetensors --json",
    "inspect folder",
    "convert own.safetensors --to keras --out x.npy",
    "convert own.safetensors --to nothing",
    "shapes --hidden-size 2 --proj-size 2 --json",
    "shapes --num-layers 1e3",
    "trace --json --network brackets --text \ud800",
    "trace --json --network brackets --text ''",
    "list --json --help",
    "list cell",
    "--version draw",
    "-o",
    "",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_ends_well_or_with_one_sentence(line):
    check_line(shlex.split(line))


def check_header(header):
    """The header of a block has a command, or raises one sentence."""
    message = ""
    try:
        command = parse_header(header).command()
    except LstmFigsError as error:
        message = str(error)
    assert not message or message.isprintable()
    if not message:
        again = command.removeprefix("lstm-figs draw ")
        assert parse_header(again).command() == command


@pytest.mark.parametrize(
    "header",
    [
        "cell",
        "cell --step 2 --step 1 --id a",
        "cell-input --unit=1 --width 360",
        "packed --lengths 3,1,2 --input-size 3 --hidden-size 2 --seed 7",
        "reading --network brackets --text '(\"a' --units 1,0",
        "reading --text '-'",
        "unrolled --input=-x.npy",
        "unrolled --input 'a b'",
        "unrolled --weights \"it's.pt\" --module 'a.b' --layer 3 --reverse",
        "cell --help",
        "cell '",
        "cell \\",
        "",
        "all",
        "cell cell",
        "cell \x07",
        "cell --step ²",
        "cell\n--step 2",
        "cell --id \u202e",
    ],
)
def test_a_header_is_read_or_refused_in_one_sentence(header):
    check_header(header)
