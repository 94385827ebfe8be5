import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import save_file

from lstm_figs import cli
from lstm_figs.cli import drawing
from lstm_figs.figures import CATALOG, REPLACED, SHEETS
from tests.proof import prove, read
from tests.test_command import run

STATES = ["x", "h_prev", "c_prev"]
GATES = ["z_i", "z_f", "z_g", "z_o", "i", "f", "g", "o"]
ENVIRONMENT = {"PYTHONPATH": str(Path(cli.__file__).parents[2])}
TENSORS = [*STATES, *GATES, "c", "tanh_c", "h"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def file_names():
    return sorted(str(p) for p in Path().rglob("*") if p.is_file())


def call(capfd, *words):
    code = cli.main(words)
    out, err = capfd.readouterr()
    return code, out, err


def test_list_as_json_says_what_each_option_does(capfd):
    code, out, _ = call(capfd, "list", "--json")
    entries = json.loads(out)
    assert code == 0
    assert [entry["name"] for entry in entries] == [*CATALOG, *SHEETS]
    assert [e["name"] for e in entries if e["sheet"]] == list(SHEETS)
    for entry in entries:
        assert list(entry) == ["name", "summary", "options", "sheet"]
        assert entry["summary"].endswith(".")
        for flag, option in entry["options"].items():
            assert flag.startswith("--")
            assert list(option) == ["default", "help"]
            assert option["help"].endswith(".")
    assert entries[2]["options"]["--units"]["default"] == []


def test_all_figures_go_to_a_folder_that_is_made(capfd):
    code, out, err = call(capfd, "draw", "all", "--unit", "1", "--step", "2", "--out", "a/b")
    assert (code, err) == (0, "")
    assert out.splitlines() == [str(Path("a/b", f"{n}.svg")) for n in CATALOG]
    assert file_names() == sorted(out.splitlines())
    svgs = {n: Path(f"a/b/{n}.svg").read_text("utf-8") for n in CATALOG}
    assert "Unit 1 is four perceptrons" in svgs["four-weights"]
    assert "nn.LSTM(3, 2) · step 2 · example" in svgs["four-weights"]


@pytest.mark.parametrize(
    ("format", "start"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_a_suffix_names_the_format_and_replaces_the_file(format, start, capfd):
    path = Path(f"x.{format}")
    path.write_bytes(b"old")
    assert call(capfd, "draw", "perceptron", "--out", str(path))[0] == 0
    assert path.read_bytes().startswith(start)
    assert file_names() == [str(path)]


def test_several_formats_and_figures_go_to_one_folder(capfd):
    formats = ("--format", "png", "--format", "svg", "--format", "png")
    _, out, _ = call(capfd, "draw", "unrolled", "perceptron", *formats)
    assert out.split() == ["unrolled.png", "unrolled.svg", "perceptron.png", "perceptron.svg"]
    for name in ("unrolled", "perceptron"):
        width = float(read(Path(f"{name}.svg").read_text("utf-8")).get("width"))
        with Image.open(f"{name}.png") as image:
            assert abs(image.width - 2 * width) <= 1


def test_a_name_given_twice_is_drawn_once(capfd):
    out = call(capfd, "draw", "unrolled", "unrolled")[1]
    assert out == "unrolled.svg\n"


def test_a_theme_chooses_the_colours():
    light, dark, auto = (
        run("lstm-figs draw weight-map --out -", "--theme", theme).decode()
        for theme in ("light", "dark", "auto")
    )
    assert run("lstm-figs draw weight-map --out -").decode() == auto
    assert "#1f2430" in light
    assert "#1f2430" not in dark
    assert "prefers-color-scheme" in auto
    assert "<style" not in light + dark


NUMBERS = {
    "float64": np.linspace(-1, 1, 6).reshape(2, 3),
    "another byte order": np.ones((2, 3), ">f4"),
    "long double": np.full((2, 3), 0.1, np.longdouble),
    "integers": np.arange(6, dtype=np.uint16).reshape(2, 3),
    "truth values": np.eye(3, dtype=bool),
    "half": np.full((2, 1, 3), 0.1, np.float16),
    "columns first": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "not numbers": np.array([[np.nan, np.inf, -np.inf]], np.float32),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_an_input_of_any_type_of_number_is_drawn_and_proven(kind, capfd):
    np.save("x.npy", NUMBERS[kind])
    for name in ("unrolled", "perceptron"):
        code, _, err = call(capfd, "draw", name, "--input", "x.npy")
        assert (code, err) == (0, "")
        assert prove(Path(f"{name}.svg").read_text("utf-8")) > 0


class ExampleSizes(NamedTuple):
    """The options of an example."""

    input_size: int
    hidden_size: int
    seed: int
    seq_len: int
    batch_size: int


@pytest.mark.parametrize(
    ExampleSizes._fields,
    [
        ExampleSizes(input_size=1, hidden_size=1, seed=0, seq_len=1, batch_size=1),
        ExampleSizes(input_size=8, hidden_size=8, seed=2**32 - 1, seq_len=8, batch_size=3),
        ExampleSizes(input_size=1, hidden_size=8, seed=1, seq_len=8, batch_size=1),
        ExampleSizes(input_size=8, hidden_size=1, seed=2, seq_len=1, batch_size=3),
        ExampleSizes(input_size=3, hidden_size=2, seed=3, seq_len=4, batch_size=2),
        ExampleSizes(input_size=2, hidden_size=5, seed=4, seq_len=2, batch_size=1),
        ExampleSizes(input_size=5, hidden_size=3, seed=5, seq_len=8, batch_size=2),
        ExampleSizes(input_size=4, hidden_size=4, seed=6, seq_len=5, batch_size=3),
    ],
)
def test_a_trace_as_json_equals_torch(input_size, hidden_size, seed, seq_len, batch_size):
    command = f"lstm-figs trace --json --input-size {input_size} --hidden-size {hidden_size}"
    command += f" --seed {seed} --seq-len {seq_len} --batch-size {batch_size}"
    plain = json.loads(run(command))
    assert list(plain) == [
        "torch",
        "input_size",
        "hidden_size",
        "num_layers",
        "bidirectional",
        "proj_size",
        "batch_first",
        "steps",
        "output",
        "h_n",
        "c_n",
    ]
    assert list(plain.values())[:7] == [
        torch.__version__.partition("+")[0],
        input_size,
        hidden_size,
        1,
        False,
        0,
        False,
    ]
    torch.manual_seed(seed)
    lstm = torch.nn.LSTM(input_size, hidden_size)
    x = torch.randn(seq_len, batch_size, input_size)
    with torch.no_grad():
        output, (h_n, c_n) = lstm(x)
    expected = {"output": output, "h_n": h_n, "c_n": c_n}
    for name, tensor in expected.items():
        assert np.shape(plain[name]) == tuple(tensor.shape)
        np.testing.assert_allclose(plain[name], tensor, rtol=0, atol=3e-6)
    assert [step["t"] for step in plain["steps"]] == list(range(seq_len))
    for step in plain["steps"]:
        assert list(step) == ["t", "layer", "direction", *TENSORS]
        assert (step["layer"], step["direction"]) == (0, "forward")
        assert step["x"] == x[step["t"]].tolist()
        for name in TENSORS[1:]:
            assert np.shape(step[name]) == (batch_size, hidden_size)
        np.testing.assert_allclose(step["h"], output[step["t"]], rtol=0, atol=3e-6)


def test_a_trace_of_the_example_names_no_torch(capfd):
    code, out, err = call(capfd, "trace", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["torch"] is None


def test_special_numbers_are_strings_in_json(capfd):
    Path("x.json").write_text("[[NaN, Infinity, -Infinity]]")
    code, out, err = call(capfd, "trace", "--json", "--input", "x.json")
    assert (code, err) == (0, "")
    (step,) = json.loads(out, parse_constant=pytest.fail)["steps"]
    assert step["x"] == [["nan", "inf", "-inf"]]


def test_the_version_is_that_of_the_package(capfd):
    with pytest.raises(SystemExit) as raised:
        cli.main(["--version"])
    assert raised.value.code == 0
    assert capfd.readouterr().out == f"{version('lstm-figs')}\n"


@pytest.mark.parametrize("words", [[], ["--help"], ["draw", "--help"]])
def test_help_is_no_error(words, capfd):
    with pytest.raises(SystemExit) as raised:
        cli.main(words)
    assert raised.value.code == 0
    assert capfd.readouterr().out.startswith("usage: lstm-figs")


def test_help_lists_what_an_option_can_be_once(capfd):
    with pytest.raises(SystemExit):
        cli.main(["draw", "--help"])
    help = capfd.readouterr().out
    assert help.count("forget-bias-twice") == help.count("openvino") == 1


def test_the_package_is_a_command():
    done = subprocess.run(
        [sys.executable, "-m", "lstm_figs", "draw", "unrolled", "--out", "-"],
        capture_output=True,
        check=True,
        env={**os.environ, **ENVIRONMENT, "PYTHONIOENCODING": "ascii"},
    )
    assert done.stdout == run("lstm-figs draw unrolled --out -")
    assert done.stderr == b""


def test_output_that_cannot_be_written_is_one_line():
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "lstm_figs", "draw", "unrolled", "--out", "-"],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, **ENVIRONMENT},
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"lstm-figs: ")
    assert done.stderr.count(b"\n") == 1


def refusal(capfd, *words):
    before = file_names()
    code, out, err = call(capfd, *words)
    assert (code, out) == (2, "")
    assert err.startswith("lstm-figs: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert file_names() == before
    return err


BAD_FILES = {
    "missing.npy": lambda path: None,
    "folder.npy": lambda path: path.mkdir(),
    "text.txt": lambda path: path.write_text("1"),
    "empty.npy": lambda path: path.touch(),
    "empty.json": lambda path: path.touch(),
    "empty.safetensors": lambda path: path.touch(),
    "words.npy": lambda path: np.save(path, np.array([["a", "b", "c"]])),
    "pickled.npy": lambda path: np.save(path, np.array([{}] * 3, object)),
    "complex.npy": lambda path: np.save(path, np.ones((4, 3), complex)),
    "dates.npy": lambda path: np.save(path, np.ones((4, 3), "m8[s]")),
    "flat.npy": lambda path: np.save(path, np.ones(3)),
    "deep.npy": lambda path: np.save(path, np.ones((1, 1, 1, 3))),
    "wrong.npy": lambda path: np.save(path, np.ones((4, 2))),
    "none.npy": lambda path: np.save(path, np.ones((0, 3))),
    "batchless.npy": lambda path: np.save(path, np.ones((4, 0, 3))),
    "large.npy": lambda path: np.save(path, np.full((1, 3), 1e300)),
    "large.json": lambda path: path.write_text("[[1e300, 0, 0]]"),
    "digits.json": lambda path: path.write_text(f"[[1{'0' * 400}, 0, 0]]"),
    "broken.npy": lambda path: path.write_bytes(b"\x93NUMPY"),
    "broken.json": lambda path: path.write_text("[[1, 2"),
    "lines.json": lambda path: path.write_text("[[1,\n2,\n3]\n"),
    "ragged.json": lambda path: path.write_text("[[1, 2, 3], [1]]"),
    "words.json": lambda path: path.write_text('[["a", "b", "c"]]'),
    "quoted.json": lambda path: path.write_text('[["1", "2", "3"]]'),
    "null.json": lambda path: path.write_text("[[null, 1, 2]]"),
    "object.json": lambda path: path.write_text('{"x": [[1, 2, 3]]}'),
    "nested.json": lambda path: path.write_text("[" * 100_000),
    "bytes.json": lambda path: path.write_bytes(b"\xff\xfe"),
    "broken.safetensors": lambda path: path.write_bytes(b"12345678901"),
    "two.safetensors": lambda path: save_file({"a": np.ones((4, 3)), "b": np.ones((4, 3))}, path),
    "two\nlines.json": lambda path: path.write_text("{"),
}


@pytest.mark.parametrize("file", BAD_FILES)
def test_a_bad_input_file_is_one_line_that_names_it(file, capfd):
    BAD_FILES[file](Path(file))
    err = refusal(capfd, "draw", "unrolled", "--input", file)
    assert file.replace("\n", "\\n") in err


def test_an_error_names_the_nearest_name(capfd):
    assert "did you mean 'unrolled'?" in refusal(capfd, "draw", "unroled")
    err = refusal(capfd, "draw", "unrolled", "--heigth", "1")
    assert "'--heigth'" in err
    assert "did you mean" in err


def test_an_unknown_figure_is_told_how_many_there_are_and_of_all(capfd):
    code, listed, _ = call(capfd, "list", "--json")
    assert code == 0
    count = len(json.loads(listed))
    err = refusal(capfd, "draw", "unroled")
    assert f"expected one of the {count} known ones or all; did you" in err
    err = refusal(capfd, "draw", "al")
    assert "or all; did you mean 'all'?" in err


def test_all_is_not_offered_to_who_wrote_all(capfd):
    err = refusal(capfd, "draw", "all", "unrolled")
    assert "did you mean 'all'" not in err


def test_an_interrupted_drawing_writes_nothing(monkeypatch, capfd):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(drawing, "write_and_tell", interrupt)
    assert call(capfd, "draw", "unrolled")[0] == 130
    assert file_names() == []


@pytest.mark.parametrize("name", REPLACED)
def test_a_figure_that_went_names_what_is_drawn_in_its_place(capfd, name):
    message = refusal(capfd, "draw", name)
    assert f"got {name!r}, which {REPLACED[name]} replaced; draw that" in message
    assert name not in CATALOG
    code, _, err = call(capfd, "draw", *REPLACED[name].split(), "--out", "-")
    assert (code, err) == (0, "")
