import dataclasses
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from safetensors.numpy import save_file

import lstm_figs
from lstm_figs.errors import LstmFigsError
from lstm_figs.sources.load import choose, read_weights, survey, weights
from tests.load import saving
from tests.load.saving import model, saved

ROOT = Path(lstm_figs.__file__).parents[1]

for_all_savers = pytest.mark.parametrize("way", saving.SAVERS)

FORMS = [
    {},
    {"num_layers": 3},
    {"bidirectional": True, "num_layers": 2},
    {"bias": False},
    {"proj_size": 1, "num_layers": 2, "bidirectional": True},
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def only_module(path):
    checkpoint = read_weights(str(path))
    (module,) = survey(checkpoint).lstms
    return checkpoint, module


def loaded_parameters(path):
    """The parameters of the only module, by PyTorch's names."""
    checkpoint, module = only_module(path)
    parameters = {}
    for layer in weights(checkpoint, module):
        suffix = "_reverse" if layer.direction == "reverse" else ""
        for name, array in layer.parameters().items():
            parameters[f"{name}_l{layer.layer}{suffix}"] = array
    return parameters


def chosen_weights(path):
    checkpoint = read_weights(str(path))
    return weights(checkpoint, choose(checkpoint, None))


def refusal(path, *parts):
    """Check that loading fails with one line that names the file, or the tensor, and
    all these parts.
    """
    with pytest.raises(LstmFigsError) as raised:
        chosen_weights(path)
    message = str(raised.value)
    assert message.isprintable()
    assert "expected" in message
    assert ";" in message or "so " in message
    for part in parts:
        assert part in message
    return message


@for_all_savers
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_way_of_saving_gives_the_parameters(way, form, folder):
    module = model(**form)
    path = saved(folder, way, module)
    _, found_module = only_module(path)
    rnn = module.rnn
    assert dataclasses.asdict(found_module) == {
        "module": "rnn",
        "kind": "LSTM",
        **{
            name: getattr(rnn, name)
            for name in (
                "input_size",
                "hidden_size",
                "num_layers",
                "bidirectional",
                "proj_size",
                "bias",
            )
        },
        "dtype": "float32",
        "parameters": sum(p.numel() for p in rnn.parameters()),
    }
    got = loaded_parameters(path)
    assert list(got) == [name for name, _ in rnn.named_parameters()]
    for name, parameter in rnn.named_parameters():
        assert got[name].dtype == np.float32
        np.testing.assert_array_equal(got[name], parameter.detach())


def test_a_cell_is_found(folder):
    cell = torch.nn.LSTMCell(3, 2, bias=False)
    saving.as_zip(cell, "cell.pt")
    _, module = only_module("cell.pt")
    assert (module.module, module.kind, module.bias) == ("", "LSTMCell", False)


@pytest.mark.parametrize("prefix", ["", "module.", "module.encoder.layers.0.rnn."])
def test_any_prefix_is_found(prefix):
    state = torch.nn.LSTM(3, 2).state_dict()
    torch.save({prefix + k: v for k, v in state.items()}, "m.pt")
    assert only_module("m.pt")[1].module == prefix.removesuffix(".")


def test_data_parallel_is_a_prefix():
    saving.as_zip(torch.nn.DataParallel(model()), "m.pt")
    assert only_module("m.pt")[1].module == "module.rnn"


def test_several_modules_are_found():
    modules = torch.nn.ModuleDict({"a": torch.nn.LSTM(3, 2), "b": torch.nn.LSTMCell(2, 1)})
    for way in ("model.npz", "model.pt"):
        saving.SAVERS[way](modules, way)
        found_modules = survey(read_weights(way)).lstms
        assert [(f.module, f.kind) for f in found_modules] == [("a", "LSTM"), ("b", "LSTMCell")]


def test_several_dicts_keep_their_keys_in_the_names():
    state = model().state_dict()
    torch.save({"model": state, "ema": [state], "epoch": 1}, "m.pt")
    found_modules = survey(read_weights("m.pt")).lstms
    assert [f.module for f in found_modules] == ["model.rnn", "ema.0.rnn"]


# NumPy, and so its files, have no bfloat16.
@pytest.mark.parametrize(
    ("way", "dtype"),
    [
        (way, dtype)
        for way in saving.SAVERS
        for dtype in ("float16", "bfloat16", "float64")
        if (way.endswith(".npz"), dtype) != (True, "bfloat16")
    ],
)
def test_other_types_of_numbers_are_converted_as_torch_does(dtype, way, folder):
    module = model().to(getattr(torch, dtype))
    path = saved(folder, way, module)
    assert only_module(path)[1].dtype == dtype
    for name, parameter in module.rnn.named_parameters():
        np.testing.assert_array_equal(loaded_parameters(path)[name], parameter.detach().float())


@for_all_savers
def test_not_a_number_and_infinity_are_loaded(way, folder):
    module = model()
    with torch.no_grad():
        module.rnn.weight_ih_l0[0] = torch.tensor([float("nan"), float("inf"), -float("inf")])
    first = loaded_parameters(saved(folder, way, module))["weight_ih_l0"][0]
    np.testing.assert_array_equal(first, [np.nan, np.inf, -np.inf])


def test_strides_of_a_script_are_honoured():
    module = model()
    wide = torch.arange(64.0).reshape(8, 8)
    module.rnn.weight_ih_l0.data = wide.T[:, 2:5]
    saving.as_scripted(module, "m.pt")
    np.testing.assert_array_equal(loaded_parameters("m.pt")["weight_ih_l0"], wide.T[:, 2:5])


def test_another_byte_order_is_read():
    state = torch.nn.LSTM(3, 2).state_dict()
    np.savez("m.npz", **{k: v.numpy().astype(">f8") for k, v in state.items()})
    np.testing.assert_array_equal(loaded_parameters("m.npz")["bias_ih_l0"], state["bias_ih_l0"])
    torch.save(state, "little.pt")
    with (
        zipfile.ZipFile("little.pt") as old,
        zipfile.ZipFile("big.pt", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if "/data/" in name:
                data = np.frombuffer(data, "<f4").astype(">f4").tobytes()
            new.writestr(name, b"big" if "byteorder" in name else data)
    assert list(loaded_parameters("big.pt")) == list(state)
    for name, array in loaded_parameters("big.pt").items():
        np.testing.assert_array_equal(array, state[name])


@pytest.mark.parametrize("legacy", [False, True])
def test_tensors_of_another_device_come_to_the_cpu(legacy):
    saving.SAVERS["legacy.pth" if legacy else "model.pt"](model(), "cpu.pt")
    if legacy:
        data = Path("cpu.pt").read_bytes()
        tag = b"X\x03\x00\x00\x00cpu"
        assert tag in data
        Path("cuda.pt").write_bytes(data.replace(tag, b"X\x06\x00\x00\x00cuda:0"))
    else:
        with zipfile.ZipFile("cpu.pt") as old, zipfile.ZipFile("cuda.pt", "w") as new:
            for member in old.infolist():
                data = old.read(member)
                tag = b"X\x03\x00\x00\x00cpu"
                assert (tag in data) == member.filename.endswith("data.pkl")
                new.writestr(member, data.replace(tag, b"X\x06\x00\x00\x00cuda:0"))
    for name, array in loaded_parameters("cpu.pt").items():
        np.testing.assert_array_equal(loaded_parameters("cuda.pt")[name], array)


@pytest.mark.parametrize("way", ["model.safetensors", "model.npz", "model.pt"])
@pytest.mark.parametrize("suffix", ["pt", "safetensors", "npz", "", "weights"])
def test_the_content_says_what_a_file_is(way, suffix, folder):
    path = Path(saved(folder, way)).rename(folder / f"x.{suffix}")
    if (way, suffix) == ("model.pt", "safetensors"):
        # torch.load depends on this suffix, and readers have to load it too.
        refusal(path, "rename it to end in .pt")
        return
    assert only_module(path)[1].module == "rnn"


@pytest.mark.parametrize("length", [0x80, 0x4B50])
def test_a_header_whose_length_looks_like_another_kind_is_read(length):
    data = safetensors.torch.save(torch.nn.LSTM(3, 2).state_dict())
    old = int.from_bytes(data[:8], "little")
    length += 0x10000 if length < old else 0
    header = data[8 : 8 + old].ljust(length)
    Path("m.st").write_bytes(length.to_bytes(8, "little") + header + data[8 + old :])
    assert only_module("m.st")[1].module == ""


def run_python(code, *words):
    """Run Python in a new process that imports this package."""
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_files_are_read_without_torch(folder):
    paths = [saved(folder, way) for way in saving.SAVERS]
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from lstm_figs.sources.load import *\n"
        "for path in sys.argv[1:]:\n"
        "    checkpoint = read_weights(path)\n"
        "    weights(checkpoint, choose(checkpoint, None))\n"
        "print('matplotlib' in sys.modules)"
    )
    done = run_python(code, *paths)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_only_the_lstm_of_a_large_file_is_read():
    state = {k: v.numpy() for k, v in torch.nn.LSTM(3, 2).state_dict().items()}
    save_file({**state, "embedding": np.zeros((4, 3))}, "m.safetensors")
    np.savez("m.npz", **state, embedding=np.zeros((4, 3)))
    for path in ("m.safetensors", "m.npz"):
        checkpoint, _ = only_module(path)
        read = []

        def counted(name, stored, read=read):
            return dataclasses.replace(stored, read=lambda: read.append(name) or stored.read())

        tensors = {n: counted(n, s) for n, s in checkpoint.tensors.items()}
        checkpoint = dataclasses.replace(checkpoint, tensors=tensors)
        weights(checkpoint, choose(checkpoint, None))
        assert read == list(state)


class Evil:
    """Makes a folder when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("ran",)


def test_a_pickle_that_wants_to_run_code_is_refused(folder):
    for legacy in (False, True):
        torch.save({"weight_ih_l0": Evil()}, "m.pt", _use_new_zipfile_serialization=not legacy)
        refusal("m.pt", "'m.pt'", "can run any code", "posix.mkdir")
    Path("m.pkl").write_bytes(pickle.dumps(Evil()))
    refusal("m.pkl", "'m.pkl'", "can run any code", "posix.mkdir")
    assert not Path("ran").exists()


def test_a_script_that_wants_to_run_code_is_refused(folder):
    saved(folder, "scripted.pt")
    with zipfile.ZipFile("scripted.pt") as old, zipfile.ZipFile("evil.pt", "w") as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == "scripted/data.pkl":
                data = pickle.dumps(Evil(), 2)
            new.writestr(member, data)
    refusal("evil.pt", "'evil.pt'", "can run any code", "posix.mkdir")
    assert not Path("ran").exists()


def test_a_whole_module_is_refused_with_what_to_save(folder):
    torch.save(model(), "m.pt")
    refusal("m.pt", "saving.Model", "torch.save(module.state_dict(), FILE)")


BAD_FILES = {
    "missing.pt": (lambda path: None, "is not a file"),
    "folder.pt": (Path.mkdir, "is a folder"),
    "empty.pt": (Path.touch, "is empty"),
    "empty.safetensors": (Path.touch, "is empty"),
    "text.pt": (lambda path: path.write_text("hello"), "no file of weights"),
    "short.safetensors": (lambda path: path.write_text("hello"), "header"),
    "huge.safetensors": (lambda path: path.write_bytes(b"\xff" * 7 + b"\x7f{}"), "header"),
    "brace.gguf": (
        lambda path: path.write_bytes(b"GGUF\x03\0\0\0" + b"{" + bytes(64)),
        "no file of weights",
    ),
    "lfs.pt": (
        lambda path: path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
        "git lfs pull",
    ),
    "array.npz": (lambda path: np.save(path.open("wb"), np.ones(3)), "numpy.savez"),
    "hdf5.pt": (lambda path: path.write_bytes(b"\x89HDF\r\n\x1a\n"), "(Unable to"),
    "plain.pt": (lambda path: path.write_bytes(pickle.dumps({"a": 1}, 2)), "not one of torch.save"),
    "other.pt": (lambda path: zipfile.ZipFile(path, "w").writestr("a.txt", "x"), "without tensors"),
    "two\nlines.pt": (Path.touch, "two\\nlines.pt"),
    "quote'\".pt": (Path.touch, "is empty"),
    "nothing.pt": (lambda path: torch.save({}, path), "holds no LSTM"),
    "number.pt": (lambda path: torch.save(3, path), "0 tensors"),
    "tensor.pt": (lambda path: torch.save(torch.ones(3), path), "1 tensor,"),
    "fc.pt": (lambda path: saving.as_zip(torch.nn.Linear(2, 1), path), "'bias' (1,)"),
    "gru.pt": (lambda path: saving.as_zip(torch.nn.GRU(3, 2), path), "a GRU at ''"),
    "rnn.pt": (lambda path: saving.as_zip(torch.nn.RNN(3, 2), path), "an RNN at ''"),
    "grucell.npz": (lambda path: saving.as_npz(torch.nn.GRUCell(3, 2), path), "a GRUCell at ''"),
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_bad_file_is_one_line_that_says_why(name):
    make, message = BAD_FILES[name]
    make(Path(name))
    refusal(name, message)


@for_all_savers
def test_a_truncated_file_is_one_line(way, folder):
    path = Path(saved(folder, way))
    data = path.read_bytes()
    for length in (1, 9, 100, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:length])
        refusal(path)


def changed_arrays(**changes):
    """The arrays of an LSTM, some of them replaced or removed."""
    state = {
        name: tensor.numpy()
        for name, tensor in torch.nn.LSTM(3, 2, num_layers=2).state_dict().items()
    }
    state |= changes
    return {f"enc.{name}": array for name, array in state.items() if array is not None}


def ones(*shape):
    return np.ones(shape, np.float32)


BAD_SHAPES = {
    "rows that are not four times hidden_size": (
        {"weight_ih_l0": ones(9, 3)},
        ["'enc.weight_ih_l0'", "(9, 3)", "(8, 3)", "weight_hh_l0", "(8, 2)"],
    ),
    "rows of weight_hh": (
        {"weight_hh_l0": ones(6, 2)},
        ["'enc.weight_hh_l0'", "(6, 2)", "(8, 2)", "weight_ih_l0", "(8, 3)"],
    ),
    "no weight_hh": (
        {"weight_hh_l0": None},
        ["'enc.weight_hh_l0' is missing", "'enc.weight_ih_l0'", "(8, 3)"],
    ),
    "no weight_ih": ({"weight_ih_l1": None}, ["'enc.weight_ih_l1' is missing"]),
    "one bias": ({"bias_hh_l0": None}, ["'enc.bias_hh_l0' is missing"]),
    "a bias of another length": (
        {"bias_hh_l1": ones(7)},
        ["'enc.bias_hh_l1'", "(7,)", "(8,)", "(8, 2)"],
    ),
    "a layer that does not fit": (
        {"weight_ih_l1": ones(8, 5)},
        ["'enc.weight_ih_l1'", "(8, 5)", "(8, 2)", "'enc.weight_hh_l0'"],
    ),
    "a layer that is left out": ({"weight_ih_l3": ones(8, 2)}, ["'enc.weight_ih_l2' is missing"]),
    "half a reverse direction": (
        {"weight_ih_l0_reverse": ones(8, 3)},
        ["'enc.weight_hh_l0_reverse' is missing"],
    ),
    "int8": (
        {"weight_hh_l0": np.ones((8, 2), np.int8)},
        ["'enc.weight_hh_l0'", "int8", "float16, bfloat16, float32, float64"],
    ),
    "three axes": ({"weight_hh_l0": ones(8, 2, 1)}, ["'enc.weight_hh_l0'", "(8, 2, 1)"]),
    "no units": ({"weight_hh_l0": ones(0, 0)}, ["'enc.weight_hh_l0'", "(0, 0)"]),
    "a projection to as many": ({"weight_hr_l0": ones(2, 2)}, ["weight_hr", "(2, 2)"]),
    "a projection of one layer": ({"weight_hr_l1": ones(1, 2)}, ["'enc.weight_hr_l1'", "(1, 2)"]),
    "beyond float32": (
        {"weight_hh_l0": np.full((8, 2), 1e300)},
        ["'enc.weight_hh_l0'", "beyond float32"],
    ),
}


@pytest.mark.parametrize("kind", BAD_SHAPES)
@pytest.mark.parametrize("suffix", ["npz", "safetensors", "pt"])
def test_a_contradiction_names_the_tensors_and_shapes(kind, suffix):
    changes, parts = BAD_SHAPES[kind]
    arrays = changed_arrays(**changes)
    if suffix == "npz":
        np.savez("m.npz", **arrays)
    elif suffix == "safetensors":
        save_file(arrays, "m.safetensors")
    else:
        torch.save({k: torch.tensor(v) for k, v in arrays.items()}, "m.pt")
    refusal(f"m.{suffix}", *parts)


def test_a_broken_module_does_not_stop_the_others():
    broken = changed_arrays(weight_hh_l0=None)
    complete = {f"dec.{k}": v.numpy() for k, v in torch.nn.LSTM(3, 2).state_dict().items()}
    np.savez("m.npz", **broken, **complete)
    checkpoint = read_weights("m.npz")
    result = survey(checkpoint)
    assert [module.module for module in result.lstms] == ["dec"]
    assert list(result.broken) == ["enc"]
    assert choose(checkpoint, None).module == "dec"
    with pytest.raises(LstmFigsError, match="weight_hh_l0' is missing"):
        choose(checkpoint, "enc")


def test_a_module_is_chosen_by_name():
    both = torch.nn.ModuleDict(
        {"encoder": torch.nn.LSTM(3, 2), "decoder": torch.nn.LSTM(2, 1), "gru": torch.nn.GRU(2, 1)}
    )
    saving.as_npz(both, "m.npz")
    checkpoint = read_weights("m.npz")
    assert choose(checkpoint, "decoder").input_size == 2
    for module, expected in (
        (None, "--module with one of 'encoder', 'decoder'"),
        ("encodr", "did you mean 'encoder'?"),
        ("gru", "a GRU"),
    ):
        with pytest.raises(LstmFigsError) as raised:
            choose(checkpoint, module)
        assert expected in str(raised.value)


STRANGE = [
    "<script>alert(1)</script>",
    "a'b\"c",
    "../../etc",
    "two\nlines",
    "\x1b[31m",
    "e\u0301é",
    "a" * 5000,
]


@pytest.mark.parametrize("name", STRANGE)
def test_strange_names_stay_within_one_line(name):
    state = {f"{name}.{k}": v.numpy() for k, v in torch.nn.LSTM(3, 2).state_dict().items()}
    other = {f"x.{k}": v for k, v in changed_arrays().items()}
    save_file({**state, **other}, "m.safetensors")
    refusal("m.safetensors", "--module")
    checkpoint = read_weights("m.safetensors")
    assert choose(checkpoint, name).module == name
    save_file({f"{name}.weight_ih_l0": ones(9, 3)}, "m.safetensors")
    assert len(refusal("m.safetensors", "is missing")) < 500


def script(data, member=b"\0" * 32):
    """A TorchScript archive around a pickle."""
    with zipfile.ZipFile("m.pt", "w") as archive:
        archive.writestr("m/data.pkl", data)
        archive.writestr("m/constants.pkl", b"\x80\x02).")
        archive.writestr("m/data/0", member)


def tensor(offset, shape, strides, numbers=8):
    """The pickle of a module with a single tensor, of this offset and shape."""

    def row(values):
        return "(" + "".join(f"I{v}\n" for v in values) + "t"

    return (
        "c__torch__\nM\n)\x81}(Vweight_ih\nctorch._utils\n_rebuild_tensor_v2\n"
        f"((Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI{numbers}\ntQ"
        f"I{offset}\n{row(shape)}{row(strides)}I00\n}}tRub."
    ).encode("latin-1")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (tensor(0, (4, 3), (3, 1)), "beyond its storage"),
        (tensor(-1, (4, 1), (1, 1)), "not made of a storage"),
        (tensor(0, (4, 2**19), (1, 0)), "more numbers than its storage"),
        (tensor(0, (4, 1), (1, 1), numbers=9), "8 numbers, not 9"),
    ],
)
def test_a_script_with_a_false_tensor_is_refused(data, message):
    script(data)
    with pytest.raises(LstmFigsError, match=message):
        read_weights("m.pt").array("weight_ih")


def test_a_true_tensor_of_that_form_is_read():
    numbers = np.arange(8, dtype="<f4")
    script(tensor(1, (2, 3), (1, 2)), numbers.tobytes())
    np.testing.assert_array_equal(read_weights("m.pt").array("weight_ih"), [[1, 3, 5], [2, 4, 6]])


def test_dicts_that_hold_themselves_are_refused():
    loop = {}
    loop["again"] = loop
    torch.save(loop, "m.pt")
    refusal("m.pt", "nested without end")
