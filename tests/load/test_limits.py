"""Small files that need much memory, and models that refer to other files."""

import itertools
import os
import re
import struct
import subprocess
import zlib
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

import lstm_figs as lf
from lstm_figs import cli
from tests.load.reading import check_little_memory, chosen_weights, refusal
from tests.load.test_formats import check_proof, in_functions, lstm, model, numbers, pack_keras


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a subfolder of a folder that contains a file."""
    (tmp_path / "model").mkdir()
    (tmp_path / "secret").write_bytes(SECRET.tobytes())
    monkeypatch.chdir(tmp_path / "model")
    return tmp_path / "model"


SECRET = np.full((1, 8, 3), 1234.0, np.float32)
"""The content of a file outside, which no error may quote."""


def external_tensor(name, dims, **entries):
    """A tensor in a different file; `entries` are its `location`, `offset` and `length`."""
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=dims)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=str(value))
    return tensor


def write_model(*tensors, name="m.onnx", **options):
    """Write a model in which these tensors replace its own of the same names."""
    node, tensors_of_node = lstm(**options)
    for tensor in tensors:
        tensors_of_node.pop(tensor.name, None)
    onnx_model = model(node, tensors_of_node)
    onnx_model.graph.initializer.extend(tensors)
    Path(name).write_bytes(onnx_model.SerializeToString())


def sparse(name, size):
    """A file of zeros that takes no space on the disk."""
    with Path(name).open("wb") as file:
        file.truncate(size)


COPY = "; copy the model and its data to a new folder"
MOVE = "; move it there, and save the model again"
OUTSIDE = {
    "a symbolic link": (lambda: Path("w").symlink_to("../secret"), f"{COPY} with cp -L"),
    "a hard link": (lambda: os.link("../secret", "w"), COPY),
    "a linked folder": (
        lambda: Path("w").symlink_to("..") or {"location": "w/secret"},
        f"{COPY} with cp -L",
    ),
    "a path upwards": (lambda: {"location": "../secret"}, MOVE),
    "a path down and upwards": (lambda: {"location": "./w/../../secret"}, MOVE),
    "a whole path": (lambda: {"location": str(Path("../secret").resolve())}, MOVE),
    "a whole path of two slashes": (lambda: {"location": f"/{Path('../secret').resolve()}"}, MOVE),
    "no path": (lambda: {"location": ""}, MOVE),
    "a path that is too long": (lambda: {"location": "w/" * 10**6}, MOVE),
    "a path that no file has": (lambda: {"location": "w\0"}, MOVE),
    "a pipe": (lambda: os.mkfifo("w"), "; check how the model was saved"),
    "a folder": (lambda: Path("w").mkdir(), "; check how the model was saved"),
    "nothing": (lambda: None, "cannot be read (No such … ; fetch it as well"),
}
"""Case -> a function that makes `w`, or returns where the tensor is instead; and the advice."""


@pytest.mark.parametrize("case", OUTSIDE)
def test_a_tensor_is_read_from_a_file_in_the_folder_alone(case, capfd):
    make, parts = OUTSIDE[case]
    entries = make() or {"location": "w"}
    write_model(external_tensor("W", SECRET.shape, **entries))
    message = refusal("m.onnx", "the folder of the model", *parts.split(" … "))
    if COPY in message and entries == {"location": "w"}:
        Path("new").mkdir()
        copy = re.search(r"cp -\w+|$", message).group() or "cp"
        subprocess.run([*copy.split(), "m.onnx", "w", "new"], check=True)
        chosen_weights("new/m.onnx")
    assert cli.main(["inspect", "m.onnx"]) == 0
    assert "1234" not in capfd.readouterr().out


FETCH = "96 bytes for its shape; fetch both files again"
SAVE = "a number of bytes; save the model again"
FALSE_PLACES = {
    "more than the shape": ({"length": 100}, FETCH),
    "less than the shape": ({"length": 92}, FETCH),
    "no length, and more": ({"offset": 0}, FETCH),
    "before the file": ({"offset": -8, "length": 96}, SAVE),
    "behind the file": ({"offset": 104, "length": 96}, FETCH),
    "partly behind the file": ({"offset": 8, "length": 96}, FETCH),
    "a place that wraps round": ({"offset": 2**64, "length": 96}, SAVE),
    "a place of many digits": ({"offset": "0" * 5000, "length": 96}, SAVE),
    "no number": ({"offset": "٠", "length": 96}, SAVE),
}
"""Case -> the place of external data, in bytes; 96 bytes are right."""


@pytest.mark.parametrize("case", FALSE_PLACES)
def test_a_place_that_does_not_fit_is_one_sentence(case):
    sparse("w", 100)
    place, advice = FALSE_PLACES[case]
    write_model(external_tensor("W", SECRET.shape, location="w", **place))
    refusal("m.onnx", "'W' is in 'w', at ", advice)


def test_tensors_in_other_files_are_read_and_proven():
    node, tensors = lstm(directions=2)
    half = {n: a.astype(np.float16)[..., ::-1] for n, a in tensors.items()}
    Path("deep").mkdir()
    onnx.save(
        model(node, half), "m.onnx", save_as_external_data=True, location="deep/w", size_threshold=0
    )
    assert Path("deep/w").stat().st_size == sum(a.nbytes for a in half.values())
    onnx.save(model(node, half), "own.onnx")
    for external, internal in zip(
        lf.load("m.onnx").weights, lf.load("own.onnx").weights, strict=True
    ):
        for name, array in external.parameters().items():
            np.testing.assert_array_equal(array, internal.parameters()[name])
    check_proof("m.onnx", "LSTM_7")


def unused(name):
    """Gigabytes of external data for a tensor that no node uses."""
    sparse("large", 8 << 30)
    write_model(external_tensor("V", (1, 8, 3), location="large"), name=name)


def sixty(name):
    """A model whose sixty tensors are all in one large file."""
    sparse("many", 50 << 20)
    dims = (50 << 18,)
    write_model(*(external_tensor(f"V{k}", dims, location="many") for k in range(60)), name=name)


def peepholes(name):
    """Gigabytes of peepholes that are zero."""
    sparse("large", 8 << 30)
    write_model(external_tensor("P", (1 << 31,), location="large"), peepholes=1, name=name)


def doubled(name):
    """A tensor that nodes double until it has gigabytes."""
    node, tensors = lstm()
    tensors["V0"] = tensors.pop("W")
    names = [*(f"V{k}" for k in range(30)), "W"]
    before = [
        helper.make_node("Concat", [name, name], [double], axis=2)
        for name, double in itertools.pairwise(names)
    ]
    onnx.save(model(node, tensors, before), name)


def calls(*called):
    """A function that writes a model with these calls."""
    return lambda name: onnx.save(in_functions(*lstm(), *called), name)


def scopes(name, text):
    """A node whose metadata name its modules."""
    node, tensors = lstm()
    node.metadata_props.add(key="pkg.torch.onnx.name_scopes", value=text)
    onnx.save(model(node, tensors), name)


HEAVY = {
    "whole.onnx": (lambda name: sparse(name, 8 << 30), "more than 2,147,483,647"),
    "unused.onnx": (unused, "nothing"),
    "sixty.onnx": (sixty, "nothing"),
    "peepholes.onnx": (peepholes, "has peepholes"),
    "doubled.onnx": (doubled, "far more numbers than the file has"),
    "calls.onnx": (
        calls([f"F{k + 1}" for k in range(30)], 2),
        "it has 1,073,741,824 nodes, more than 100,000",
    ),
    "loop.onnx": (calls(["F1", "F0"]), "its function F0 calls itself"),
    "scopes.onnx": (lambda name: scopes(name, str(["a"] * 10**6)), "at most 10,000 characters"),
}
"""File -> a function that writes it, and its error."""


@contextmanager
def keras(name):
    """A Keras file without a kernel."""
    with h5py.File(name, "w") as file:
        file["rnn/rnn/recurrent_kernel"] = numbers(2, 8)
        yield file["rnn/rnn"]


def chunk(name):
    """A kernel in a chunk of 128 MB, compressed to 128 kB."""
    with keras(name) as group:
        group.create_dataset(
            "kernel", data=numbers(3, 8), chunks=(4096, 8192), maxshape=(None, None), compression=1
        )


def pack_zeros(name):
    """A chunk of 32 kB, which decompresses to 16 MB."""
    data = zlib.compress(bytes(1 << 24))
    with keras(name) as group:
        kernel = group.create_dataset(
            "kernel", (3, 8), "f4", chunks=(64, 128), maxshape=(None, None), compression="gzip"
        )
        kernel.id.write_direct_chunk((0, 0), data)


def twice(name):
    """The same, compressed twice."""
    data = zlib.compress(zlib.compress(bytes(1 << 28)))
    creation_properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation_properties.set_chunk((3, 8))
    for _ in range(2):
        creation_properties.set_deflate(9)
    shape, kind = h5py.h5s.create_simple((3, 8)), h5py.h5t.IEEE_F32LE
    with keras(name) as group:
        kernel = h5py.h5d.create(group.id, b"kernel", kind, shape, creation_properties)
        kernel.write_direct_chunk((0, 0), data)


def chunks(name):
    """A kernel of four million chunks, of which one is written."""
    with h5py.File(name, "w") as file:
        for kernel, rows in (("kernel", 3), ("recurrent_kernel", 1024)):
            dataset = file.create_dataset(f"rnn/rnn/{kernel}", (rows, 4096), "f4", chunks=(1, 1))
            dataset[0, 0] = 1


def unwritten(name):
    """A kernel of 268 MB, of which nothing is written."""
    with h5py.File(name, "w") as file:
        for kernel, rows in (("kernel", 3), ("recurrent_kernel", 4096)):
            file.create_dataset(f"rnn/rnn/{kernel}", (rows, 16384), "f4")


def texts(name):
    """An attribute of 1000 strings, all of them the same megabyte."""
    length = 1_000_000
    texts = [*map(str, range(999)), "x" * length]
    with keras(name) as group:
        group["kernel"] = numbers(3, 8)
        group.file.attrs.create("model_config", texts, dtype=h5py.string_dtype())
    data = bytearray(Path(name).read_bytes())
    # Each is a length and an offset in the file, in 16 bytes. Make all like the last.
    last = data.index(struct.pack("<I", length))
    data[last - 999 * 16 : last] = data[last : last + 16] * 999
    Path(name).write_bytes(data)


HEAVY |= {
    "chunk.h5": (chunk, "chunks have 134,217,728 bytes"),
    "chunk.keras": (lambda name: pack_keras("chunk.h5", name), "chunks have 134,217,728 bytes"),
    "packed.h5": (pack_zeros, "a chunk has more than 32,832 bytes"),
    "twice.h5": (twice, "its compression is not only gzip"),
    "chunks.h5": (chunks, "has 4,194,304 chunks"),
    "unwritten.h5": (unwritten, "its numbers were never written"),
    "texts.h5": (texts, "nothing"),
}


def test_a_file_that_asks_for_much_takes_little():
    for name, (make, _) in HEAVY.items():
        make(name)
    check_little_memory({name: message for name, (_, message) in HEAVY.items()})


@pytest.mark.parametrize("text", ["[", "[1, 2]", "['a' 'b']", f"[{'[' * 9000}", f"{'-' * 9000}1"])
def test_scopes_that_are_no_list_of_names_are_one_sentence(text, capfd):
    scopes("scopes.onnx", text)
    refusal("scopes.onnx", "names in at most 10,000 characters; export the model again")
    assert capfd.readouterr().err == ""


def test_a_scope_may_have_a_quote():
    scopes("scopes.onnx", repr(["", "it's", "lstm"]))
    assert lf.load("scopes.onnx", module="it's").weights


@pytest.mark.parametrize(
    "options",
    [
        {"compression": "gzip", "shuffle": True, "fletcher32": True},
        {"chunks": (2, 3), "fletcher32": True},
        {"chunks": (2, 3), "compression": 9, "maxshape": (None, 8)},
        None,
    ],
    ids=str,
)
def test_a_packed_kernel_of_keras_is_read(options):
    with keras("m.h5") as group:
        if options:
            group.create_dataset("kernel", data=numbers(3, 8), **options)
        else:
            kernel = group.create_dataset("kernel", (3, 8), "f4", chunks=(3, 8), compression="gzip")
            # The mask says that this chunk could not be packed.
            kernel.id.write_direct_chunk((0, 0), numbers(3, 8).tobytes(), 1)
    (layer,) = lf.load("m.h5").weights
    np.testing.assert_array_equal(layer.weight_ih.T, numbers(3, 8))


@pytest.mark.parametrize("depth", [32, 33, 1000])
def test_groups_in_groups_are_refused_from_some_depth_on(depth):
    with h5py.File("m.h5", "w") as file:
        group = file.create_group("/".join("a" * depth))
        group["kernel"], group["recurrent_kernel"] = (numbers(rows, 8) for rows in (3, 2))
    if depth > 32:
        refusal("m.h5", "more than 32 deep")
    else:
        assert len(lf.load("m.h5").weights) == 1


def test_no_link_in_a_file_of_keras_is_followed():
    with keras("m.h5") as group:
        group["kernel"] = numbers(3, 8)
        group["vars"] = h5py.ExternalLink("none.h5", "secret")
        group.parent["vars"] = h5py.SoftLink("/rnn/vars")
        group["again"] = group.parent
        group.attrs["name"] = "not a layer's"
    assert lf.load("m.h5", module="rnn").weights


@pytest.mark.parametrize(
    ("kind", "most", "message"),
    [
        ("S9", 24, "has dtype bytes72, expected numbers; convert it"),
        ("f4", 23, "has 24 numbers, expected at most 23; choose a smaller module"),
    ],
)
def test_a_tensor_of_another_library_is_held_against_limits(kind, most, message, monkeypatch, call):
    monkeypatch.setattr("lstm_figs.sources.load.checkpoint.MAX_NUMBERS", most)
    arrays = {"kernel": np.zeros((3, 8), kind), "recurrent_kernel": numbers(2, 8)}
    np.savez("m.npz", **{f"lstm/lstm_cell/{name}": array for name, array in arrays.items()})
    code, _, error = call("convert", "m.npz", "--from", "keras", "--out", "x.npz")
    assert (code, message in error) == (2, True)


def test_a_shape_below_one_is_one_sentence():
    write_model(TensorProto(name="W", data_type=1, dims=(1, 8, -3)))
    refusal("m.onnx", "expected two axes, each of at least 1; check how it was saved")
