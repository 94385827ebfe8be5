"""Drawing from the command line: files, folders, formats and lists."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from lstm_figs import cli
from lstm_figs.figures import CATALOG, REPLACED, SHEETS
from tests.proof import prove, read
from tests.test_command import run


def test_list_as_json_says_what_each_option_does(call):
    code, out, _ = call("list", "--json")
    entries = json.loads(out)
    assert code == 0
    assert [(entry["name"], entry["sheet"]) for entry in entries] == [
        *((name, False) for name in CATALOG),
        *((name, True) for name in SHEETS),
    ]
    for entry in entries:
        assert list(entry) == ["name", "summary", "options", "sheet"]
        for option in entry["options"].values():
            assert list(option) == ["default", "help"]
    assert entries[2]["options"]["--units"]["default"] == []


def test_all_figures_go_to_a_folder_that_is_made(call):
    code, out, err = call("draw", "all", "--unit", "1", "--step", "2", "--out", "a/b")
    assert (code, err) == (0, "")
    assert out.splitlines() == [str(Path("a/b", f"{n}.svg")) for n in CATALOG]
    assert sorted(map(str, Path().rglob("*.*"))) == sorted(out.splitlines())
    svg = Path("a/b/four-weights.svg").read_text("utf-8")
    assert "Unit 1 is four perceptrons" in svg
    assert "nn.LSTM(3, 2) · step 2 · example" in svg


@pytest.mark.parametrize(
    ("format", "start"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_a_suffix_names_the_format_and_replaces_the_file(format, start, call):
    path = Path(f"x.{format}")
    path.write_bytes(b"old")
    assert call("draw", "perceptron", "--out", str(path))[0] == 0
    assert path.read_bytes().startswith(start)
    assert [*Path().iterdir()] == [path]


def test_each_format_and_figure_is_drawn_once_into_one_folder(call):
    formats = ("--format", "png", "--format", "svg", "--format", "png")
    _, out, _ = call("draw", "unrolled", "perceptron", "unrolled", *formats)
    assert out.split() == ["unrolled.png", "unrolled.svg", "perceptron.png", "perceptron.svg"]
    width = float(read(Path("perceptron.svg").read_text("utf-8")).get("width"))
    with Image.open("perceptron.png") as image:
        assert abs(image.width - 2 * width) <= 1


NUMBERS = {
    "float64": np.linspace(-1, 1, 6).reshape(2, 3),
    "another byte order": np.ones((2, 3), ">f4"),
    "long double": np.full((2, 3), 0.1, np.longdouble),
    "integers": np.arange(6, dtype=np.uint16).reshape(2, 3),
    "truth values": np.eye(3, dtype=bool),
    "half": np.full((2, 1, 3), 0.1, np.float16),
    "columns first": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
}
"""Kind of number or layout -> an input of it."""


@pytest.mark.parametrize("kind", NUMBERS)
def test_an_input_of_any_type_of_number_is_drawn_and_proven(kind, call):
    np.save("x.npy", NUMBERS[kind])
    for name in ("unrolled", "perceptron"):
        code, _, err = call("draw", name, "--input", "x.npy")
        assert (code, err) == (0, "")
        assert prove(Path(f"{name}.svg").read_text("utf-8")) > 0


def test_special_numbers_are_strings_in_json(call):
    edits = [f"--set=x[0,0,{k}]={value}" for k, value in enumerate(("nan", "inf", "-inf"))]
    code, out, err = call("trace", "--json", *edits)
    assert (code, err) == (0, "")
    plain = json.loads(out, parse_constant=pytest.fail)
    assert plain["steps"][0]["x"] == [["nan", "inf", "-inf"]]
    assert plain["torch"] is None


@pytest.mark.parametrize("words", [[], ["--help"], ["draw", "--help"], ["--version"]])
def test_help_and_the_version_are_no_errors(words, capfd):
    with pytest.raises(SystemExit) as raised:
        cli.main(words)
    out = capfd.readouterr().out
    assert raised.value.code == 0
    if words == ["--version"]:
        assert out == f"{version('lstm-figs')}\n"
    else:
        assert out.startswith("usage: lstm-figs")
    if "draw" in words:
        assert out.count("forget-bias-twice") == out.count("openvino") == 1


def test_the_package_is_a_command():
    path = str(Path(cli.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-m", "lstm_figs", "draw", "unrolled", "--out", "-"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.stdout, done.stderr) == (run("lstm-figs draw unrolled --out -"), b"")


BAD_FILES = {
    "missing.npy": None,
    "text.txt": "1",
    "empty.npy": "",
    "empty.json": "",
    "empty.safetensors": "",
    "words.npy": np.array([["a", "b", "c"]]),
    "pickled.npy": np.array([{}] * 3, object),
    "complex.npy": np.ones((4, 3), complex),
    "dates.npy": np.ones((4, 3), "m8[s]"),
    "flat.npy": np.ones(3),
    "deep.npy": np.ones((1, 1, 1, 3)),
    "wrong.npy": np.ones((4, 2)),
    "none.npy": np.ones((0, 3)),
    "batchless.npy": np.ones((4, 0, 3)),
    "large.npy": np.full((1, 3), 1e300),
    "large.json": "[[1e300, 0, 0]]",
    "digits.json": f"[[1{'0' * 400}, 0, 0]]",
    "broken.npy": b"\x93NUMPY",
    "lines.json": "[[1,\n2,\n3]\n",
    "ragged.json": "[[1, 2, 3], [1]]",
    "words.json": '[["a", "b", "c"]]',
    "quoted.json": '[["1", "2", "3"]]',
    "null.json": "[[null, 1, 2]]",
    "object.json": '{"x": [[1, 2, 3]]}',
    "nested.json": "[" * 100_000,
    "bytes.json": b"\xff\xfe",
    "broken.safetensors": b"12345678901",
    "two.safetensors": {"a": np.ones((4, 3)), "b": np.ones((4, 3))},
    "two\nlines.json": "{",
}
"""File -> its content."""


@pytest.mark.parametrize("file", BAD_FILES)
def test_a_bad_input_file_is_one_line_that_names_it(file, refusal):
    content, path = BAD_FILES[file], Path(file)
    if isinstance(content, str):
        path.write_text(content)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, dict):
        save_file(content, path)
    elif content is not None:
        np.save(path, content)
    assert file.replace("\n", "\\n") in refusal("draw", "unrolled", "--input", file)


def test_a_near_name_comes_in_place_of_all_names(refusal):
    message = refusal("draw", "unroled")
    assert f"expected one of the {len(CATALOG) + len(SHEETS)} known ones or all; did you" in message
    assert message.endswith("; did you mean 'unrolled'?\n")
    assert "or all; did you mean 'all'?" in refusal("draw", "al")
    assert "did you mean 'all'" not in refusal("draw", "all", "unrolled")
    assert "autograd, batch, " in refusal("draw", "zzz")


@pytest.mark.parametrize("name", REPLACED)
def test_a_figure_that_went_names_what_is_drawn_in_its_place(call, refusal, name):
    assert f"got {name!r}, which {REPLACED[name]} replaced; draw that" in refusal("draw", name)
    assert name not in CATALOG
    code, _, err = call("draw", *REPLACED[name].split(), "--out", "-")
    assert (code, err) == (0, "")
