import json
import subprocess
import sys

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_figs import cli


def call(capfd, *words):
    code = cli.main(("shapes", *words))
    out, err = capfd.readouterr()
    return code, out, err


def printed(words):
    """What a process of its own would print; capfd is not for Hypothesis."""
    lines = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.print", lambda text: lines.append(str(text)))
        assert cli.main(("shapes", *words)) == 0
    return "\n".join(lines)


sizes = st.integers(1, 9)


@st.composite
def calls(draw):
    """The arguments of a module, and the shape of its input."""
    hidden_size = draw(sizes)
    return (
        {
            "input_size": draw(sizes),
            "hidden_size": hidden_size,
            "num_layers": draw(st.integers(1, 4)),
            "bidirectional": draw(st.booleans()),
            "proj_size": draw(st.integers(0, hidden_size - 1)),
            "bias": draw(st.booleans()),
            "batch_first": draw(st.booleans()),
        },
        draw(sizes),
        draw(st.one_of(st.none(), sizes)),
    )


def words_of(arguments, seq_len, batch_size):
    flags = {
        "--bidirectional": arguments["bidirectional"],
        "--no-bias": not arguments["bias"],
        "--batch-first": arguments["batch_first"],
        "--unbatched": batch_size is None,
    }
    return [
        *(
            f"--{name.replace('_', '-')}={arguments[name]}"
            for name in ("input_size", "hidden_size", "num_layers", "proj_size")
        ),
        f"--seq-len={seq_len}",
        *([f"--batch-size={batch_size}"] if batch_size else []),
        *(flag for flag, given in flags.items() if given),
    ]


def shapes_of(arguments, seq_len, batch_size):
    """What torch says."""
    lstm = torch.nn.LSTM(**arguments)
    over = [seq_len] if batch_size is None else [seq_len, batch_size]
    if arguments["batch_first"]:
        over.reverse()
    x = torch.zeros(*over, arguments["input_size"], device="cpu")
    output, (h_n, c_n) = lstm(x)
    tensors = {"input": x, "output": output, "h_n": h_n, "c_n": c_n}
    return {
        **{name: list(tensor.shape) for name, tensor in tensors.items()},
        "parameters": {n: list(p.shape) for n, p in lstm.named_parameters()},
        "count": sum(p.numel() for p in lstm.parameters()),
    }


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported")
@settings(max_examples=50)
@given(calls())
def test_every_shape_is_that_of_torch(call):
    expected = shapes_of(*call)
    found = json.loads(printed([*words_of(*call), "--json"]))
    assert found == expected
    assert list(found["parameters"]) == list(expected["parameters"])


@settings(max_examples=20)
@given(calls())
def test_the_table_says_the_same_as_the_json(call):
    first, *rows, last = printed(words_of(*call)).splitlines()
    found = json.loads(printed([*words_of(*call), "--json"]))
    shapes = {k: v for k, v in found.items() if isinstance(v, list)}
    expected = {**shapes, **found["parameters"]}
    assert len(rows) == len(expected)
    for row, (name, shape) in zip(rows, expected.items(), strict=True):
        start = f"{name} {tuple(shape)} "
        assert " ".join(row.split()).startswith(start)
        axes = " ".join(row.split()).removeprefix(start).split(", ")
        assert len(axes) == len(shape)
    assert last == f"{found['count']} parameters"
    built = eval(first, {"nn": torch.nn})
    assert sum(p.numel() for p in built.parameters()) == found["count"]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("--input-size 3 --hidden-size 2", 56),
        ("--input-size 10 --hidden-size 20 --num-layers 2", 5920),
        ("--input-size 10 --hidden-size 20 --num-layers 3 --bidirectional",
         24960),
        ("--input-size 10 --hidden-size 20 --num-layers 2 --bidirectional "
         "--proj-size 5", 5840),
    ],
)  # fmt: skip
def test_the_number_of_parameters_is_counted(capfd, words, count):
    code, out, _ = call(capfd, *words.split())
    assert code == 0
    assert out.splitlines()[-1] == f"{count} parameters"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--proj-size 2", "smaller than hidden_size 2"),
        ("--hidden-size 0", "got 0, expected a whole number from 1"),
        ("--seq-len x", "got 'x', expected a whole number"),
        ("--unbatched --batch-size 2", "expected one of them"),
        ("--hiden-size 3", "did you mean '--hidden-size'"),
        ("five", "belongs to no option"),
    ],
)
def test_what_cannot_be_used_is_one_line(capfd, words, message):
    code, out, err = call(capfd, *words.split())
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_no_heavy_library_is_loaded():
    code = (
        "import sys; from lstm_figs.cli import main; main(['shapes']); "
        "print({'torch', 'matplotlib'} & {*sys.modules})"
    )
    out = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert out.splitlines()[-1] == "set()"
