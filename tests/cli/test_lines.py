"""Any command line succeeds, or prints one sentence and writes nothing."""

import contextlib
import io
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


def write_files():
    np.save("x.npy", np.ones((4, 3), np.float32))
    Path("x.json").write_text("[[1, 0, 0], [0, 1, 0]]")
    Path("tokens.json").write_text('["a", "b", "c", "d"]')
    save_file(torch.nn.LSTM(3, 2).state_dict(), "own.safetensors")
    Path("bad.pt").write_bytes(b"PK\x03\x04")
    Path("folder").mkdir()


def all_files():
    """The paths of all files and folders, and the bytes of files."""
    return {str(path): path.read_bytes() if path.is_file() else None for path in Path().rglob("*")}


def check_line(words):
    """Run a line in a folder of its own with `FILES`, and return its error message."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", "surrogateescape")
    err = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        write_files()
        old = all_files()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = cli.main(words)
            except SystemExit as end:  # --help and --version
                code = end.code
        files = all_files()
    message = err.getvalue()
    if code == 0:
        assert out.buffer.getvalue() or files != old
        return message
    assert code == 2
    assert message.startswith("lstm-figs: ")
    assert message.endswith("\n")
    assert message[:-1].isprintable(), message
    assert files == old
    assert out.buffer.getvalue() == b""
    return message


LINES = """
draw ''
draw unrolled --wid 360
draw cell -- --step 1
draw --out - cell --id -
draw cell-input --unit=1 --unit=-0
draw reading --units 1,0 --network brackets --text '("'
draw reading --units , --tokens tokens.json
draw unrolled --input x.npy --tokens tokens.json --out -
draw unrolled --input ''
draw unrolled --weights bad.pt => it is damaged or incomplete, so fetch or save it
draw unrolled --weights own.safetensors --module nn --layer 1
draw unrolled --out x.npy/ => is a file already
draw unrolled --out x.npy/a.svg => cannot write
draw unrolled --out /proc/x.svg => cannot write
draw all --out own.safetensors/deep
draw unrolled --theme light --format pdf --out -
draw learning --aspect wide => whose slide would be
draw cell --aspect wide --width 560 => because each determines the size; leave one out
draw cell --format png --scale big => 'big'
draw unrolled --input-size 9999999999999999999999 --hidden-size 1
draw unrolled --input-size ٣ --hidden-size 2
draw unrolled --set 'c_0[0, 0, 1] = -inf'
draw unrolled --weights own.safetensors --set lstm.bias_ih_l0[7]=1e38
shapes --set x[0,0,0]=1
page --set readout.weight[0,0]=1
page cell => belongs to no option, expected nothing there; see lstm-figs page
draw --
embed all --step 99 => --step is 99
embed cell --theme page => auto
embed cell --format svg => unknown option
inspect
inspect own.safetensors bad.pt
convert own.safetensors --out x.npz => --to --from is required
convert own.safetensors --to onnx --from onnx --out x.npz => not allowed with
convert own.safetensors --to onnx --out - => '-'
convert own.safetensors --to onnx => --out
convert own.safetensors --from keras --out x.npz => name them as convert --to does
list --json --help
--version draw
-o

""".splitlines()[1:]
"""Lines, some with a part of their error."""

LINES += ["draw 'a\nb'", "draw unrolled '--a\nb'", "draw unrolled --out 'x.npy/a\nb.svg'"]
LINES += ["draw cell --note 'a\nb'", "draw unrolled --out 'a\0b' => expected a folder or a file"]
LINES += ["trace --json --network brackets --text \ud800", "trace --set x[0,0,0]=\ud800"]


@pytest.mark.parametrize("line", LINES)
def test_a_line_ends_well_or_with_one_sentence(line):
    words, _, part = line.partition(" => ")
    assert part in check_line(shlex.split(words))


def check_header(header):
    """A header is read, and its command gives it again, or it has a readable error."""
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
        "cell-input --unit=1 --width 360",
        "reading --network brackets --text '(\"a' --units 1,0",
        "reading --text '-'",
        "unrolled --input 'a b'",
        "unrolled --weights \"it's.pt\" --module 'a.b' --layer 3 --reverse",
        "cell --help",
        "",
        "cell \x07",
        "cell --step ²",
        "cell\n--step 2",
        "cell --id \u202e",
    ],
)
def test_a_header_is_read_or_refused_in_one_sentence(header):
    check_header(header)
