"""Files that change while read, lie about their size, or hold other objects."""

import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

import lstm_figs
from lstm_figs import cli
from lstm_figs.command.request import Request
from lstm_figs.errors import LstmFigsError, UsageError
from lstm_figs.sources import Source
from lstm_figs.sources.inputs import read_input
from lstm_figs.sources.load import choose, read_weights, survey, weights
from lstm_figs.sources.load.checkpoint import Checkpoint
from lstm_figs.sources.load.content import Content
from tests.load import saving
from tests.load.saving import saved
from tests.proof import metadata, prove, read

ROOT = Path(lstm_figs.__file__).parents[1]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def chosen_weights(path):
    checkpoint = read_weights(str(path))
    return weights(checkpoint, choose(checkpoint, None))


def refusal(call, *arguments):
    """The one-line error of a call."""
    with pytest.raises(LstmFigsError) as raised:
        call(*arguments)
    message = str(raised.value)
    assert message.isprintable()
    assert "expected" in message
    return message


def svg_of(source):
    return Request("unrolled", source).draw().render("svg", "light").decode()


def state(**changes):
    return {**torch.nn.LSTM(3, 2).state_dict(), **changes}


CHANGES = {
    "cut off": lambda path: os.truncate(path, 200),
    "written again": lambda path: path.write_bytes(path.read_bytes()),
    "replaced": lambda path: path.with_name("new").replace(path),
    "removed": Path.unlink,
}


@pytest.mark.parametrize("way", saving.SAVERS)
def test_a_file_that_changes_while_it_is_read_is_an_error(way, folder):
    module = saving.model()
    module.rnn = torch.nn.LSTM(3, 64)  # larger than one memory page
    path = Path(saved(folder, way, module))
    contents = path.read_bytes()
    for change in CHANGES:
        path.write_bytes(contents)
        Path("new").write_bytes(contents)
        checkpoint = read_weights(str(path))
        chosen_module = choose(checkpoint, "rnn")
        CHANGES[change](path)
        message = refusal(weights, checkpoint, chosen_module)
        assert ("changed while it was read" in message) or change == "removed"


@pytest.mark.parametrize("way", ["model.safetensors", "model.npz", "model.pt", "legacy.pth"])
def test_at_no_moment_of_reading_is_a_cut_off_file_taken(way, folder, monkeypatch):
    contents = Path(saved(folder, way)).read_bytes()
    hold, moments = Content._hold, []

    def counted(self, file):
        moments.append(1)
        if len(moments) == at:
            os.truncate(way, len(contents) // 2)
        hold(self, file)

    monkeypatch.setattr(Content, "_hold", counted)
    at, message = 1, ""
    while "changed" in message or at == 1:
        Path(way).write_bytes(contents)
        moments.clear()
        try:
            chosen_weights(way)
        except LstmFigsError as error:
            message = str(error)
        else:
            break
        at += 1
    # There are two moments each time the file is opened; all were tested.
    assert at > len(moments) > 6


class TakesGigabytes:
    """Takes four gigabytes in torch's own unpickler."""

    def __reduce__(self):
        return bytearray, (4 << 30,)


def expanded(columns):
    zero = torch.zeros(1)
    torch.save(
        state(
            weight_ih_l0=zero.expand(16384, columns),
            weight_hh_l0=zero.expand(16384, 4096),
            bias_ih_l0=zero.expand(16384),
            bias_hh_l0=zero.expand(16384),
        ),
        "m.pt",
    )


def packed_pickle():
    data = b"\x80\x02" + b"N0" * (1 << 26) + b"}."
    with zipfile.ZipFile("m.pt", "w", zipfile.ZIP_DEFLATED, True, 1) as archive:
        archive.writestr("m/data.pkl", data)


def copies():
    """A dict of a thousand entries, copied very many times."""
    entries = b"".join(b"M" + n.to_bytes(2, "little") + b"N" for n in range(999))
    data = (
        b"\x80\x02ccollections\nOrderedDict\nq\x00}q\x01(" + entries + b"u\x85"
        b"q\x02](" + b"h\x00h\x02R" * 100_000 + b"e."
    )
    with zipfile.ZipFile("m.pt", "w") as archive:
        archive.writestr("m/data.pkl", data)


def nested(end):
    """Nested tuples, each twice in the next one, with `end` innermost."""
    data = b"\x80\x02)q\x00" + b"h\x00h\x00\x86q\x00" * 60
    with zipfile.ZipFile("m.pt", "w") as archive:
        archive.writestr("m/data.pkl", data + end)


def false_header():
    with zipfile.ZipFile("m.pt", "w") as archive, archive.open("weight_ih_l0.npy", "w") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "<f4", "fortran_order": False, "shape": (8, 10**9)}
        )


BOMBS = {
    "a number expanded beyond every size": (
        lambda: expanded(1 << 18),
        "4,362,108,928 parameters, expected at most",
    ),
    "a number expanded": (lambda: expanded(4096), "more numbers than its storage"),
    "an object of gigabytes": (lambda: torch.save(TakesGigabytes(), "m.pt"), "but 0 tensors"),
    "an object of gigabytes in an old file": (
        lambda: torch.save(TakesGigabytes(), "m.pt", _use_new_zipfile_serialization=False),
        "but 0 tensors",
    ),
    "a packed pickle": (packed_pickle, "is said to have 134,217,732 bytes"),
    "copies of a dict": (copies, "copied without end"),
    "a table of gigabytes": (
        lambda: Path("m.pt").write_bytes(b"\x80\x02}r\xff\xff\xff\x7f."),
        "not one of torch.save",
    ),
    "a key of tuples in tuples": (lambda: nested(b"}h\x00Ns."), "a key is made of tuples"),
    "a storage of such a name": (
        lambda: nested(
            b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nh\x00X\x03\x00\x00\x00cpuK\x01tQ."
        ),
        "a tuple in the place of a str",
    ),
    "a header of what is not there": (false_header, "does not fit its"),
}

MEASURE_PEAK = """
import resource, sys
from lstm_figs.errors import LstmFigsError
from lstm_figs.sources.load import choose, read_weights, weights

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

for path in sys.argv[1:]:
    before, said = peak(), "nothing"
    try:
        checkpoint = read_weights(path)
        weights(checkpoint, choose(checkpoint, None))
    except LstmFigsError as error:
        said = str(error)
    print(peak() - before, said, sep=chr(9))
"""


def test_small_files_take_no_gigabytes():
    names = []
    for number, (make, _) in enumerate(BOMBS.values()):
        make()
        names.append(str(Path("m.pt").rename(f"{number}.pt")))
        assert Path(names[-1]).stat().st_size < 1_000_000
    done = subprocess.run(
        [sys.executable, "-c", MEASURE_PEAK, *names],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=300,
    )
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert not done.stderr
    for (_, expected), (megabytes, message) in zip(BOMBS.values(), lines, strict=True):
        assert expected in message
        assert int(megabytes) < 100


def test_a_small_tensor_may_repeat_its_numbers():
    bias = torch.ones(1).expand(8)
    torch.save(state(bias_ih_l0=bias), "m.pt")
    np.testing.assert_array_equal(chosen_weights("m.pt")[0].bias_ih, bias)


def test_what_cannot_be_drawn_is_refused_before_it_is_read(monkeypatch, capfd):
    monkeypatch.setattr(Checkpoint, "array", lambda *_: pytest.fail("read"))
    saving.as_zip(torch.nn.LSTM(5000, 2), "m.pt")
    message = refusal(Source(weights="m.pt").trace)
    assert "input_size 5000" in message
    assert "expected 1 to 4096" in message
    assert cli.main(["inspect", "m.pt"]) == 0
    out = capfd.readouterr().out
    assert f"not read: {message}" in out
    assert "worth drawing" not in out
    saving.as_zip(torch.nn.LSTM(3, 64), "m.pt")
    long = Source(weights="m.pt", seq_len=1000, batch_size=1000)
    assert "1,000,000 inputs" in refusal(long.trace)
    monkeypatch.setattr("lstm_figs.model.form.MAX_NUMBERS", 10_000)
    for words in ("inspect m.pt", "convert m.pt --to keras --out x.npz"):
        cli.main(words.split())
        assert "17,664 parameters, expected" in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            "--input-size 4096 --hidden-size 4096 --num-layers 20",
            "2,685,009,920 parameters, expected at most 300,000,000",
        ),
        (
            "--input-size 1 --hidden-size 4096 --seq-len 1000 --batch-size 1000",
            "81,921,000,000 numbers would be kept",
        ),
        ("--input-size 4096 --hidden-size 1 --seq-len 1000 --batch-size 600", "600,000 inputs"),
        (
            "--seq-len 1000 --batch-size 1000 --num-layers 9 --input-size 9 --hidden-size 2",
            "expected at most 300,000,000",
        ),
    ],
)
@pytest.mark.parametrize("command", ["draw cell", "trace"])
def test_sizes_whose_product_fills_the_memory_are_one_line(
    command, words, message, capfd, monkeypatch
):
    monkeypatch.setattr(torch.nn, "LSTM", lambda *_, **__: pytest.fail("made"))
    assert cli.main([*command.split(), *words.split()]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert message in err
    assert not list(Path().iterdir())


def test_a_long_input_of_many_sequences_is_refused(monkeypatch):
    np.save("x.npy", np.zeros((10, 2, 3)))
    with monkeypatch.context() as patch:
        patch.setattr("lstm_figs.model.form.MAX_NUMBERS", 43 * 20 - 1)
        message = refusal(Source(input="x.npy").trace)
    assert "20 inputs (steps x sequences), of whose run 860 numbers" in message
    assert len(Source(input="x.npy").trace().steps) == 10


@pytest.mark.parametrize(
    "error",
    [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory")],
    ids=lambda error: type(error).__name__,
)
def test_memory_that_does_not_suffice_is_one_line(error, monkeypatch, capfd):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(torch.nn, "LSTM", fail)
    source = Source(input_size=3, hidden_size=2)
    with pytest.raises(UsageError, match="choose smaller sizes"):
        source.trace()
    monkeypatch.setattr("lstm_figs.cli.drawing.write_and_tell", fail)
    if isinstance(error, MemoryError):
        assert cli.main(["draw", "cell"]) == 2
        err = capfd.readouterr().err
        assert "memory of this machine" in err
        assert err.count("\n") == 1


def survey_of(path):
    return survey(read_weights(str(path)))


def test_an_lstm_and_a_cell_of_one_name_are_told_apart():
    both = {**state(), **torch.nn.LSTMCell(3, 2).state_dict()}
    for prefix, expected in (("", "no name"), ("rnn.", "the name 'rnn'")):
        torch.save({prefix + k: v for k, v in both.items()}, "m.pt")
        for module in (None, prefix.removesuffix(".")):
            message = refusal(choose, read_weights("m.pt"), module)
            assert f"holds an LSTM and an LSTMCell under {expected}" in message


KINDS = {
    "is a sparse tensor": torch.Tensor.to_sparse,
    "is a meta tensor": lambda tensor: tensor.to("meta"),
    "has dtype qint8": lambda tensor: torch.quantize_per_tensor(tensor, 0.1, 0, torch.qint8),
    "has dtype complex64": lambda tensor: tensor.to(torch.complex64),
    "has dtype int16": lambda tensor: tensor.to(torch.int16),
    "has dtype float8_e5m2": lambda tensor: tensor.to(torch.float8_e5m2),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore:.*deprecated")
def test_a_tensor_without_plain_numbers_is_named_for_what_it_is(kind):
    torch.save(state(weight_hh_l0=KINDS[kind](torch.zeros(8, 2))), "m.pt")
    assert f"'weight_hh_l0' {kind}" in refusal(chosen_weights, "m.pt")


def test_a_negated_view_is_read_and_proven():
    pairs = torch.complex(torch.ones(8), torch.arange(8.0)).conj()
    assert pairs.imag.is_neg()
    torch.save(state(bias_ih_l0=pairs.imag), "m.pt")
    np.testing.assert_array_equal(chosen_weights("m.pt")[0].bias_ih, -np.arange(8.0))


class MakesFolder:
    def __reduce__(self):
        return os.mkdir, ("ran",)


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_of_any_protocol_is_named_for_what_it_asks(protocol):
    with zipfile.ZipFile("m.pt", "w") as archive:
        archive.writestr("m/data.pkl", pickle.dumps(MakesFolder(), protocol))
    assert "asks for posix.mkdir" in refusal(read_weights, "m.pt")
    with zipfile.ZipFile("m.pt", "w") as archive:
        archive.writestr("m/data.pkl", pickle.dumps(["a"], protocol))
    if protocol not in (1, 2, 3):  # these use the same few opcodes
        assert "not of protocol 2" in refusal(read_weights, "m.pt")
    assert not Path("ran").exists()


def test_a_pickle_of_numpy_arrays_is_told_how_to_save_them(tmp_path):
    path = tmp_path / "m.pkl"
    path.write_bytes(pickle.dumps({"weight_ih_l0": np.zeros((4, 1))}))
    message = refusal(read_weights, str(path))
    assert "asks for numpy" in message
    assert message.endswith("save the arrays: numpy.savez(FILE, …)")


@pytest.mark.parametrize("key", ["optimizer", "optimizer_states", "exp_avg"])
def test_the_state_of_an_optimizer_is_no_lstm(key, capfd):
    torch.save({"epoch": 1, key: state()}, "m.pt")
    assert not survey_of("m.pt").lstms
    assert cli.main(["inspect", "m.pt"]) == 0
    assert "holds no LSTM, but 4 tensors of an optimizer" in (capfd.readouterr().out)


def test_dicts_whose_keys_join_to_one_name_are_not_merged():
    torch.save({"a.b": state(), "a": {"b": state()}}, "m.pt")
    message = refusal(read_weights, "m.pt")
    assert "two tensors 'a.b.weight_ih_l0'" in message
    ih, hh = state(), state()
    for name in list(ih):
        (ih if "hh" in name else hh).pop(name)
    torch.save({"a.b": ih, "a": {"b": hh}}, "m.pt")
    assert not survey_of("m.pt").lstms
    assert "is missing" in refusal(chosen_weights, "m.pt")


def test_a_module_beside_a_dict_of_modules_is_proven():
    inner = {f"rnn.{k}": v for k, v in torch.nn.LSTM(3, 4).state_dict().items()}
    outer = {f"rnn.{k}": v for k, v in state().items()}
    torch.save({**outer, "ema": inner}, "m.pt")
    for module, units in (("rnn", 2), ("ema.rnn", 4)):
        source = Source(weights="m.pt", module=module)
        assert source.trace().weights[0].hidden_size == units
        assert prove(svg_of(source)) > 0


LONG = "a" * 300


@pytest.mark.parametrize("suffix", ["npz", "safetensors", "npy", "json"])
def test_a_name_that_is_too_long_or_may_not_be_read_is_one_line(suffix, monkeypatch):
    call = read_weights if suffix in ("npz", "safetensors") else read_input
    assert "File name too long" in refusal(call, f"{LONG}.{suffix}")
    Path(f"m.{suffix}").write_text("[[1, 2, 3]]")
    opened = Path.open

    def locked(self, *more, **options):
        if self.name == f"m.{suffix}":
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *more, **options)

    # The superuser may read locked files.
    monkeypatch.setattr(Path, "open", locked)
    assert "cannot be read (Permission denied)" in refusal(call, f"m.{suffix}")


@pytest.mark.parametrize("way", ["model.npz", "model.safetensors", "model.pt"])
def test_a_name_that_is_no_text_is_read_and_proven(way, folder):
    name = os.fsdecode(b"w\xff" + way.encode())
    Path(saved(folder, way)).rename(name)
    svg = svg_of(Source(weights=name))
    assert "\udcff" not in svg
    assert repr(name)[1:-1] in metadata(read(svg))["preamble"]
    assert prove(svg) > 0


SIZES = [(1, 1), (3, 2), (9, 9), (64, 64), (5, 200)]


@pytest.mark.parametrize("way", ["model.npz", "model.safetensors", "model.pt", "legacy.pth"])
@pytest.mark.parametrize("sizes", SIZES)
def test_cells_of_every_size_are_read(way, sizes, folder):
    cell = torch.nn.LSTMCell(*sizes)
    checkpoint = read_weights(saved(folder, way, cell))
    module = choose(checkpoint, None)
    assert (module.kind, module.input_size, module.hidden_size) == ("LSTMCell", *sizes)
    (cell_weights,) = weights(checkpoint, module)
    for name, array in cell_weights.parameters().items():
        np.testing.assert_array_equal(array, getattr(cell, name).detach())


def test_what_is_read_is_what_torch_reads(folder):
    weight = torch.arange(24.0).reshape(8, 3)
    model = {
        "parameter": torch.nn.Parameter(weight),
        "view": weight[:, 1],
        "transposed": weight.T,
        "scalar": torch.tensor(3.0),
        "none": torch.zeros(0, 3),
        "half": weight.half(),
        "brain": weight.bfloat16(),
        "double": weight.double()[::2],
        "flags": weight > 3,
        "bytes": weight.to(torch.uint8),
    }
    with_attribute = weight.clone()
    with_attribute.note = "mine"
    model["noted"] = with_attribute
    for legacy in (False, True):
        if legacy:
            # The legacy format has no such storages.
            del model["bytes"]
        torch.save(
            {"deep": [model, {"size": torch.Size([1]), "t": torch.float16}]},
            "m.pt",
            _use_new_zipfile_serialization=not legacy,
        )
        theirs = torch.load("m.pt", weights_only=True)["deep"][0]
        checkpoint = read_weights("m.pt")
        assert list(checkpoint.tensors) == [f"deep.0.{name}" for name in model]
        for name, tensor in theirs.items():
            stored = checkpoint.tensors[f"deep.0.{name}"]
            assert stored.shape == tuple(tensor.shape)
            assert stored.dtype == str(tensor.dtype).removeprefix("torch.")
            np.testing.assert_array_equal(
                checkpoint.array(f"deep.0.{name}"), tensor.detach().float()
            )
