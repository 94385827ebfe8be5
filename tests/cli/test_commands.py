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

from lstm_figs.command.request import Request
from lstm_figs.figures import CATALOG, REPLACED, SHEETS
from lstm_figs.html.page import page
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.sources import Source
from tests.proof import metadata, prove, read
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
    (keep_write_show,) = (entry for entry in entries if entry["name"] == "keep-write-show")
    assert keep_write_show["options"]["--units"]["default"] == []


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


@pytest.mark.parametrize(("scale", "options"), [(2, []), (3, ["--scale", "3"])])
def test_each_format_and_figure_is_drawn_once_into_one_folder(scale, options, call):
    formats = ("--format", "png", "--format", "svg", "--format", "png")
    _, out, _ = call("draw", "unrolled", "perceptron", "unrolled", *formats, *options)
    assert out.split() == ["unrolled.png", "unrolled.svg", "perceptron.png", "perceptron.svg"]
    width = float(read(Path("perceptron.svg").read_text("utf-8")).get("width"))
    with Image.open("perceptron.png") as image:
        assert abs(image.width - scale * width) <= 1


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


# A file for --run, whose functions are good and bad cases.
PROGRAM = """
import torch

class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = torch.nn.LSTM(3, 2), torch.nn.LSTMCell(3, 2)

    def forward(self, x, steps=2):
        _, state = self.encoder(x)
        state = state[0][0], state[1][0]
        for x_t in x[:steps]:
            state = self.decoder(x_t, state)
        return state

class Loop(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = torch.nn.LSTMCell(3, 2)

    def forward(self, x, anew=False):
        state = None
        for x_t in x:
            state = self.cell(x_t, None if anew else state)

class Dropping(Model):
    def forward(self, x):
        return super().forward(torch.nn.functional.dropout(x))

def make():
    print("a line of the function")
    return Model(), torch.randn(4, 1, 3), {"steps": 3}

def loop():
    return Loop(), (torch.ones(2, 1, 3),)

def anew():
    return Loop(), (torch.ones(2, 1, 3), True)

def each():
    state = None
    for _ in range(3):
        state = yield torch.ones(1, 3), state

def stream():
    return torch.nn.LSTMCell(3, 2), each()

def long():
    return Model(), torch.randn(350, 1, 3), {"steps": 350}

def long_parts():
    state = None
    for _ in range(4):
        _, state = yield torch.randn(2, 100, 3), state

# Random weights are the same in each run, even outside of functions.
random_lstm = torch.nn.LSTM(3, 2, batch_first=True)

def long_stream():
    return random_lstm, long_parts()

def script():
    return torch.jit.script(torch.nn.Sequential(torch.nn.LSTM(3, 2))), torch.randn(350, 1, 3)

def packed():
    x = [torch.randn(3, 3), torch.randn(2, 3)]
    return torch.nn.LSTM(3, 2), torch.nn.utils.rnn.pack_sequence(x)

def module():
    return Model()

def shape():
    return Model(), (torch.ones(4, 1, 5),)

def skips():
    return Model(), (torch.ones(4, 1, 3), 0)

def drops():
    return Dropping().eval(), torch.ones(4, 1, 3)

def dropout():
    return torch.nn.Sequential(torch.nn.Dropout(0.5), torch.nn.LSTM(3, 2)), (torch.ones(4, 1, 3),)

def onnx():
    return "model.onnx", torch.ones(4, 1, 3)

def ends():
    import os
    os._exit(7)
"""


def test_a_function_makes_the_model_and_its_input(call):
    Path("run.py").write_text(PROGRAM)
    started = "lstm-figs: running make() of 'run.py'\na line of the function\n"
    make = ("--run", "run.py:make")
    decoder = (*make, "--module", "decoder")
    code, out, err = call("inspect", "--json", *make)
    assert (code, err) == (0, started)
    names = [(lstm["module"], lstm["kind"]) for lstm in json.loads(out)]
    assert sorted(names) == [("decoder", "LSTMCell"), ("encoder", "LSTM")]
    # Figures share one run.
    code, out, err = call("draw", "cell", "writes", *decoder, "--set=x[1,0,0]=2")
    assert (code, out, err) == (0, "cell.svg\nwrites.svg\n", started)
    svg = Path("cell.svg").read_text("utf-8")
    assert prove(svg) > 20
    assert run(f"{metadata(read(svg))['command']} --out -").decode() == svg
    trace = json.loads(call("trace", "--json", *decoder)[1])
    assert len(trace["steps"]) == 3
    assert trace["steps"][0]["h_prev"] != [[0, 0]]
    (step,) = json.loads(call("trace", "--json", *decoder, "--call-index", "2")[1])["steps"]
    assert step["h"][0] == pytest.approx(trace["steps"][2]["h"][0], abs=1e-6)
    code, out, err = call("trace", "--run", "run.py:stream")
    assert (code, out.count("\nstep")) == (0, 2)
    code, out, err = call("units", "--run", "run.py:packed")
    assert (code, err) == (0, "lstm-figs: running packed() of 'run.py'\n")


@pytest.mark.parametrize("words", ["long --module encoder", "long --module decoder", "long_stream"])
def test_a_long_input_is_proven_by_running_the_function_again(call, words):
    Path("run.py").write_text(PROGRAM)
    call("draw", "unrolled", "--run", *f"run.py:{words}".split())
    assert prove(Path("unrolled.svg").read_text("utf-8")) > 20


def test_a_script_takes_no_hooks_so_its_proof_says_what_to_define(call):
    Path("run.py").write_text(PROGRAM)
    source = Source(program="run.py:script")
    preamble = Request("unrolled", source).draw().metadata["preamble"]
    comment = "# The model is what script() of 'run.py' returns, `module` is its LSTM '0'"
    assert comment in preamble
    heading = "<h1>0 in run.py: nn.LSTM(3, 2), figure by figure</h1>"
    assert heading in page({}, LayerRun(source.trace()))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("shape --module decoder", "'run.py' raised RuntimeError in line 10 (input.size(-1)"),
        ("shape --module decoder", "expected the model of shape() to run; correct it"),
        ("dropout", "the same result twice, as it does after training; call .eval() of the"),
        ("drops --module encoder", " first, and pass training=self.training to that function"),
        (
            "skips --module decoder",
            "got no call of 'decoder' in one call of the model, expected one or several; "
            "choose one that it calls: 'encoder'",
        ),
        ("onnx", ", or the name of an .onnx file and a dict of its inputs; return them"),
        ("make", "expected --module with one of 'encoder', 'decoder'; name one"),
        (
            "make --module encoder --call-index 1",
            "got --call-index 1, expected 0, because 'encoder' is called once",
        ),
        (
            "module",
            "got Model, expected a model or a method of it, a tuple of arguments, and a dict",
        ),
        ("mak", "unknown function 'mak', expected one of the 17 known ones; did you mean 'make'?"),
        (
            "ends",
            "ended Python with 7, expected ends() to return a model and its arguments; run it by i",
        ),
    ],
)
def test_a_mistake_in_a_function_is_one_sentence(call, words, message):
    Path("run.py").write_text(PROGRAM)
    function, *more = words.split()
    code, out, err = call("trace", "--run", f"run.py:{function}", *more)
    assert (code, out) == (2, "")
    assert err.startswith(f"lstm-figs: running {function}() of 'run.py'\n")
    assert message in err.splitlines()[-1]


def test_special_numbers_are_strings_in_json(call):
    edits = [f"--set=x[0,0,{k}]={value}" for k, value in enumerate(("nan", "inf", "-inf"))]
    code, out, err = call("trace", "--json", *edits)
    assert (code, err) == (0, "")
    plain = json.loads(out, parse_constant=pytest.fail)
    assert plain["steps"][0]["x"] == [["nan", "inf", "-inf"]]
    assert plain["torch"] is None


def test_help_and_the_version_are_no_errors(call):
    assert call("--version") == (0, f"{version('lstm-figs')}\n", "")
    code, out, err = call()
    assert (code, out.startswith("usage: lstm-figs"), err) == (0, True, "")


def test_the_package_is_a_command():
    done = subprocess.run(
        [sys.executable, "-m", "lstm_figs", "draw", "unrolled", "--out", "-"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.stdout, done.stderr) == (run("lstm-figs draw unrolled --out -"), b"")


BAD_FILES = {
    "missing.npy": None,
    "text.txt": "1",
    "empty.npy": "",
    "empty.safetensors": "",
    "words.npy": np.array([["a", "b", "c"]]),
    "pickled.npy": np.array([{}] * 3, object),
    "complex.npy": np.ones((4, 3), complex),
    "flat.npy": np.ones(3),
    "deep.npy": np.ones((1, 1, 1, 3)),
    "wrong.npy": np.ones((4, 2)),
    "none.npy": np.ones((0, 3)),
    "batchless.npy": np.ones((4, 0, 3)),
    "large.npy": np.full((1, 3), 1e300),
    "digits.json": f"[[1{'0' * 400}, 0, 0]]",
    "broken.npy": b"\x93NUMPY",
    "lines.json": "[[1,\n2,\n3]\n",
    "ragged.json": "[[1, 2, 3], [1]]",
    "quoted.json": '[["1", "2", "3"]]',
    "null.json": "[[null, 1, 2]]",
    "nested.json": "[" * 100_000,
    "bytes.json": b"\xff\xfe",
    "broken.safetensors": b"12345678901",
    "two.safetensors": {"a": np.ones((4, 3)), "b": np.ones((4, 3))},
    "two\nlines.json": "{",
}
"""File -> its content: text, bytes, an array, or tensors of a safetensors file."""

REASONS = {
    "large.npy": "beyond float32",
    "ragged.json": "its rows have different lengths",
    "two.safetensors": "holds 2 arrays), expected one; save it again as .safetensors",
    "text.txt": "; convert it",
}
"""Some of these files -> why they cannot be read."""


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
    message = refusal("draw", "unrolled", "--input", file)
    assert file.replace("\n", "\\n") in message
    assert REASONS.get(file, "") in message


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
