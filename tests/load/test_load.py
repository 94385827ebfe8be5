"""Files of each format: their modules, parameters and errors."""

import dataclasses
import pickle
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from safetensors.numpy import save_file

from lstm_figs import cli
from lstm_figs.errors import LstmFigsError
from lstm_figs.sources.load import choose, read_weights, survey, weights
from tests.load import saving
from tests.load.reading import chosen_weights, modules_of, refusal
from tests.load.saving import model, saved

for_all_savers = pytest.mark.parametrize("file", saving.SAVERS)

MODULE_ARGUMENTS = [
    {},
    {"num_layers": 3},
    {"bidirectional": True, "num_layers": 2},
    {"bias": False},
    {"proj_size": 1, "num_layers": 2, "bidirectional": True},
]


def only_module(path):
    (module,) = survey(read_weights(path)).lstms
    return module


def loaded_parameters(path):
    return {
        name + layer.suffix: array
        for layer in chosen_weights(path)
        for name, array in layer.parameters().items()
    }


@for_all_savers
@pytest.mark.parametrize("arguments", MODULE_ARGUMENTS, ids=str)
def test_every_way_of_saving_gives_the_parameters(file, arguments):
    module = model(**arguments)
    path, rnn = saved(file, module), module.rnn
    module = dataclasses.asdict(only_module(path))
    assert [module.pop(key) for key in ("module", "kind", "dtype")] == ["rnn", "LSTM", "float32"]
    assert module.pop("parameters") == sum(p.numel() for p in rnn.parameters())
    names = {"input_size", "hidden_size", "num_layers", "bidirectional", "proj_size", "bias"}
    assert module == {name: getattr(rnn, name) for name in names}
    parameters = loaded_parameters(path)
    assert list(parameters) == [name for name, _ in rnn.named_parameters()]
    for name, parameter in rnn.named_parameters():
        assert parameters[name].dtype == np.float32
        np.testing.assert_array_equal(parameters[name], parameter.detach())


def test_a_cell_is_found():
    saving.as_zip(torch.nn.LSTMCell(3, 2, bias=False), "cell.pt")
    module = only_module("cell.pt")
    assert (module.module, module.kind, module.bias) == ("", "LSTMCell", False)


STATE = torch.nn.LSTM(3, 2).state_dict()

ENTRIES = {
    "no prefix": (STATE, [""]),
    "a prefix": ({f"module.{k}": v for k, v in STATE.items()}, ["module"]),
    "prefixes": ({f"a.layers.0.rnn.{k}": v for k, v in STATE.items()}, ["a.layers.0.rnn"]),
    "data parallel": (torch.nn.DataParallel(model()).state_dict(), ["module.rnn"]),
    "dicts": ({"model": STATE, "ema": [STATE], "epoch": 1}, ["model", "ema.0"]),
    "modules": (
        torch.nn.ModuleDict({"a": torch.nn.LSTM(3, 2), "b": torch.nn.LSTMCell(2, 1)}).state_dict(),
        ["a", "b"],
    ),
}
"""Case -> the content of a file, and the names of the modules found in it."""


@pytest.mark.parametrize("entries", ENTRIES)
def test_modules_are_found_by_their_names(entries):
    tensors, names = ENTRIES[entries]
    torch.save(tensors, "m.pt")
    assert modules_of("m.pt") == names


def test_strides_of_a_script_are_honoured():
    module = model()
    wide = torch.arange(64.0).reshape(8, 8)
    module.rnn.weight_ih_l0.data = wide.T[:, 2:5]
    saving.as_scripted(module, "m.pt")
    np.testing.assert_array_equal(loaded_parameters("m.pt")["weight_ih_l0"], wide.T[:, 2:5])


def rewrite(old, new, change):
    """Copy an archive, with each file changed by its name and bytes."""
    with zipfile.ZipFile(old) as read, zipfile.ZipFile(new, "w") as written:
        for name in read.namelist():
            written.writestr(name, change(name, read.read(name)))


def test_another_byte_order_is_read():
    np.savez("m.npz", **{k: v.numpy().astype(">f8") for k, v in STATE.items()})

    def turned(name, data):
        if "/data/" in name:
            return np.frombuffer(data, "<f4").astype(">f4").tobytes()
        return b"big" if "byteorder" in name else data

    torch.save(STATE, "little.pt")
    rewrite("little.pt", "big.pt", turned)
    for path in ("m.npz", "big.pt"):
        assert list(loaded_parameters(path)) == list(STATE)
        for name, array in loaded_parameters(path).items():
            np.testing.assert_array_equal(array, STATE[name])


@pytest.mark.parametrize("file", ["legacy.pth", "model.pt"])
def test_tensors_of_another_device_come_to_the_cpu(file):
    def moved(_, data):
        return data.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")

    saving.SAVERS[file](model(), "cpu.pt")
    if file == "model.pt":
        rewrite("cpu.pt", "cuda.pt", moved)
    else:
        Path("cuda.pt").write_bytes(moved("", Path("cpu.pt").read_bytes()))
    assert b"cuda:0" in Path("cuda.pt").read_bytes()
    for name, array in loaded_parameters("cpu.pt").items():
        np.testing.assert_array_equal(loaded_parameters("cuda.pt")[name], array)


@pytest.mark.parametrize("file", ["model.safetensors", "model.npz", "model.pt"])
@pytest.mark.parametrize("suffix", ["pt", "safetensors", "npz", "", "weights"])
def test_the_content_says_what_a_file_is(file, suffix):
    path = Path(saved(file)).rename(f"x.{suffix}")
    if (file, suffix) == ("model.pt", "safetensors"):
        # torch.load depends on this suffix, and readers have to load it too.
        refusal(path, "rename it to end in .pt")
    else:
        assert modules_of(path) == ["rnn"]


# 0x80 begins a pickle, and 0x4B50 a zip archive; safetensors begin with their length.
@pytest.mark.parametrize("length", [0x80, 0x4B50])
def test_a_header_whose_length_looks_like_another_kind_is_read(length):
    data = safetensors.torch.save(STATE)
    old_length = int.from_bytes(data[:8], "little")
    length += 0x10000 if length < old_length else 0
    header = data[8 : 8 + old_length].ljust(length)
    Path("m.st").write_bytes(length.to_bytes(8, "little") + header + data[8 + old_length :])
    assert modules_of("m.st") == [""]


def test_only_the_lstm_of_a_large_file_is_read():
    state = {k: v.numpy() for k, v in STATE.items()} | {"embedding": np.zeros((4, 3))}
    save_file(state, "m.safetensors")
    np.savez("m.npz", **state)
    for path in ("m.safetensors", "m.npz"):
        checkpoint, read = read_weights(path), []

        def counted(name, stored, read=read):
            return dataclasses.replace(stored, read=lambda: read.append(name) or stored.read())

        tensors = {n: counted(n, s) for n, s in checkpoint.tensors.items()}
        checkpoint = dataclasses.replace(checkpoint, tensors=tensors)
        weights(checkpoint, choose(checkpoint, None))
        assert read == list(STATE)


def test_a_whole_module_is_refused_with_what_to_save():
    torch.save(model(), "m.pt")
    refusal("m.pt", "saving.Model", "torch.save(module.state_dict(), FILE)")


@pytest.mark.filterwarnings("ignore")
def test_a_quantized_state_is_called_that():
    quantized = torch.ao.quantization.quantize_dynamic(
        torch.nn.Sequential(torch.nn.LSTM(3, 2)), dtype=torch.qint8
    )
    torch.save(quantized.state_dict(), "m.pt")
    refusal("m.pt", "is quantized", "save the state_dict() of the model that it was made from")


def zip_of_text(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")


BAD_FILES = {
    "missing.pt": (None, "; check the path, relative to the current folder"),
    "folder.pt": (Path.mkdir, "; name a file in it"),
    "empty.pt": (b"", "is empty, … ; fetch or save it again"),
    "text.pt": (b"hello", "is not a weights file, … ; check how it was saved"),
    "short.safetensors": (b"hello", "header"),
    "huge.safetensors": (b"\xff" * 7 + b"\x7f{}", "header is longer than the file or the limit"),
    # A brace where that of safetensors is.
    "brace.gguf": (b"GGUF\x03\0\0\0" + b"{" + bytes(64), "not a weights file"),
    "lfs.pt": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        "; run: git lfs pull",
    ),
    "array.npz": (
        lambda path: np.save(path.open("wb"), np.ones(3)),
        "; save the arrays by name with numpy.savez",
    ),
    "hdf5.pt": (b"\x89HDF\r\n\x1a\n", "(Unable to"),
    "plain.pt": (
        pickle.dumps({"a": 1}, 2),
        "it is a pickle, but not from torch.save … one; save only tensors: torch.save(module",
    ),
    "other.pt": (zip_of_text, "archive without tensors, … ; check how it was saved"),
    "two\nlines.pt": (b"", "two\\nlines.pt"),
    "number.pt": (
        lambda path: torch.save(3, path),
        "0 tensors, … LSTMCell; check how it was saved",
    ),
    "tensor.pt": (lambda path: torch.save(torch.ones(3), path), "1 tensor,"),
    "fc.pt": (lambda path: saving.as_zip(torch.nn.Linear(2, 1), path), "'bias' (1,)"),
    "gru.pt": (
        lambda path: saving.as_zip(torch.nn.GRU(3, 2), path),
        ", a GRU, … an LSTM's; `lstm-figs draw gru` and",
    ),
    "rnn.pt": (
        lambda path: saving.as_zip(torch.nn.RNN(3, 2), path),
        ", an RNN, … `lstm-figs draw gradient-distance` compares",
    ),
    "grucell.npz": (lambda path: saving.as_npz(torch.nn.GRUCell(3, 2), path), ", a GRUCell, "),
}
"""File -> its content or a function that makes it, and its error."""


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_bad_file_is_one_line_that_says_why(name):
    content, message = BAD_FILES[name]
    if isinstance(content, bytes):
        Path(name).write_bytes(content)
    elif content is not None:
        content(Path(name))
    for command in re.findall("`lstm-figs (.*?)`", refusal(name, *message.split(" … "))):
        assert cli.main(command.split()) == 0


@for_all_savers
def test_a_truncated_file_is_one_line(file):
    path = Path(saved(file))
    data = path.read_bytes()
    for length in (1, 9, 100, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:length])
        refusal(path)


def changed_arrays(**changes):
    """The arrays of an LSTM of two layers, some replaced, or removed by None."""
    state = torch.nn.LSTM(3, 2, num_layers=2).state_dict()
    arrays = {name: tensor.numpy() for name, tensor in state.items()} | changes
    return {f"enc.{name}": array for name, array in arrays.items() if array is not None}


def ones(*shape):
    return np.ones(shape, np.float32)


BAD_SHAPES = [
    (
        "weight_ih_l0",
        ones(9, 3),
        "'enc.weight_ih_l0' … (9, 3) … (8, 3) … weight_hh_l0 … (8, 2); check how it was saved",
    ),
    ("weight_hh_l0", ones(6, 2), "'enc.weight_hh_l0' … (6, 2) … (8, 2) … weight_ih_l0 … (8, 3)"),
    ("weight_hh_l0", None, "'enc.weight_hh_l0' is missing … 'enc.weight_ih_l0' … (8, 3)"),
    (
        "bias_hh_l0",
        None,
        "'enc.bias_hh_l0' is missing, expected it next … save all parameters of the module",
    ),
    ("bias_hh_l1", ones(7), "'enc.bias_hh_l1' … (7,) … (8,) … (8, 2)"),
    ("weight_ih_l1", ones(8, 5), "'enc.weight_ih_l1' … (8, 5) … (8, 2) … 'enc.weight_hh_l0'"),
    ("weight_ih_l3", ones(8, 2), "'enc.weight_ih_l2' is missing"),
    ("weight_ih_l0_reverse", ones(8, 3), "'enc.weight_hh_l0_reverse' is missing"),
    (
        "weight_hh_l0",
        np.ones((8, 2), np.int8),
        "int8 … float16, bfloat16, float32, float64; convert it",
    ),
    ("weight_hh_l0", ones(8, 2, 1), "'enc.weight_hh_l0' … (8, 2, 1)"),
    ("weight_hh_l0", ones(0, 0), "'enc.weight_hh_l0' … (0, 0)"),
    (
        "weight_hr_l0",
        ones(2, 2),
        "weight_hr … (2, 2) … fewer than its hidden_size; check how it was",
    ),
    ("weight_hr_l1", ones(1, 2), "'enc.weight_hr_l1' … (1, 2) … 2 layers, proj_size 0; check how"),
    (
        "weight_hh_l0",
        np.full((8, 2), 1e300),
        "'enc.weight_hh_l0' … beyond float32, expected at most 3.4e38; scale it",
    ),
]
"""Parameter, its replacement (None: removed), and parts of the error."""


@pytest.mark.parametrize(("name", "array", "parts"), BAD_SHAPES)
def test_a_contradiction_names_the_tensors_and_shapes(name, array, parts):
    np.savez("m.npz", **changed_arrays(**{name: array}))
    refusal("m.npz", *parts.split(" … "))


def test_a_broken_module_does_not_stop_the_others():
    broken = changed_arrays(weight_hh_l0=None)
    complete = {f"dec.{k}": v.numpy() for k, v in STATE.items()}
    np.savez("m.npz", **broken, **complete)
    checkpoint = read_weights("m.npz")
    assert modules_of("m.npz") == ["dec"]
    assert list(survey(checkpoint).broken) == ["enc"]
    assert choose(checkpoint, None).module == "dec"
    with pytest.raises(LstmFigsError, match="weight_hh_l0' is missing"):
        choose(checkpoint, "enc")
    np.savez("m.npz", **broken, **{f"a.{name}": array for name, array in broken.items()})
    refusal("m.npz", "'enc.weight_hh_l0' is missing")


def test_a_module_is_chosen_by_name():
    both = {"encoder": torch.nn.LSTM(3, 2), "decoder": torch.nn.LSTM(2, 1)}
    saving.as_npz(torch.nn.ModuleDict(both | {"gru": torch.nn.GRU(2, 1)}), "m.npz")
    checkpoint = read_weights("m.npz")
    assert choose(checkpoint, "decoder").input_size == 2
    for module, expected in (
        (None, "--module with one of 'encoder', 'decoder'; name one"),
        ("encodr", "did you mean 'encoder'?"),
        ("gru", "a GRU"),
    ):
        with pytest.raises(LstmFigsError, match=re.escape(expected)):
            choose(checkpoint, module)


@pytest.mark.parametrize("name", [*saving.STRANGE, "../../etc", "\x1b[31m", "a" * 5000])
def test_strange_names_stay_within_one_line(name):
    state = {f"{name}.{k}": v.numpy() for k, v in STATE.items()}
    other = {f"x.{k}": v for k, v in changed_arrays().items()}
    save_file({**state, **other}, "m.safetensors")
    refusal("m.safetensors", "--module")
    checkpoint = read_weights("m.safetensors")
    assert choose(checkpoint, name).module == name
    save_file({f"{name}.weight_ih_l0": ones(9, 3)}, "m.safetensors")
    assert len(refusal("m.safetensors", "is missing")) < 500


def script(data, member=b"\0" * 32):
    """Save a TorchScript archive with this pickle."""
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
        (tensor(0, (4, 3), (3, 1)), "a tensor reaches beyond its storage"),
        (tensor(-1, (4, 1), (1, 1)), "not made of a storage"),
        (tensor(0, (4, 2**19), (1, 0)), "it has more numbers than its storage"),
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
    refusal("m.pt", "its dicts are nested without end")
