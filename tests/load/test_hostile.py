"""Files that change while read, lie about their size, or hold other objects."""

import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from lstm_figs import cli
from lstm_figs.errors import LstmFigsError, UsageError
from lstm_figs.sources import Source
from lstm_figs.sources.inputs import read_input
from lstm_figs.sources.load import choose, read_weights, weights
from lstm_figs.sources.load.checkpoint import Checkpoint
from lstm_figs.sources.load.content import Content
from tests.load import saving
from tests.load.reading import check_little_memory, chosen_weights, modules_of, refusal, svg_of
from tests.load.saving import saved
from tests.load.test_load import rewrite
from tests.proof import metadata, prove, read


def state(**changes):
    """The state dict of an LSTM, with some tensors replaced."""
    return {**torch.nn.LSTM(3, 2).state_dict(), **changes}


CHANGES = {
    "cut off": lambda path: os.truncate(path, 200),
    "written again": lambda path: path.write_bytes(path.read_bytes()),
    "replaced": lambda path: path.with_name("new").replace(path),
    "removed": Path.unlink,
}
"""Case -> what is done to a file while it is read."""


@pytest.mark.parametrize("file", saving.SAVERS)
def test_a_file_that_changes_while_it_is_read_is_an_error(file):
    module = saving.model()
    module.rnn = torch.nn.LSTM(3, 64)  # larger than one memory page
    path = Path(saved(file, module))
    contents = path.read_bytes()
    for change in CHANGES:
        path.write_bytes(contents)
        Path("new").write_bytes(contents)
        checkpoint = read_weights(str(path))
        chosen_module = choose(checkpoint, "rnn")
        CHANGES[change](path)
        with pytest.raises(LstmFigsError) as raised:
            weights(checkpoint, chosen_module)
        advice = "not change; wait until it is written, and run this again"
        if change == "removed":
            advice = "expected a complete file; save it again"
        assert advice in str(raised.value)


@pytest.mark.parametrize("file", ["model.safetensors", "model.npz", "model.pt", "legacy.pth"])
def test_at_no_moment_of_reading_is_a_cut_off_file_taken(file, monkeypatch):
    contents = Path(saved(file)).read_bytes()
    check, moments = Content._check_unchanged, []

    def cut_off_at_moment(self, opened):
        moments.append(1)
        if len(moments) == tried_moment:
            os.truncate(file, len(contents) // 2)
        check(self, opened)

    monkeypatch.setattr(Content, "_check_unchanged", cut_off_at_moment)
    tried_moment, message = 1, ""
    while "changed" in message or tried_moment == 1:
        Path(file).write_bytes(contents)
        moments.clear()
        try:
            chosen_weights(file)
        except LstmFigsError as error:
            message = str(error)
        else:
            break
        tried_moment += 1
    # There are two moments each time the file is opened; all were tested.
    assert tried_moment > len(moments) > 6


class TakesGigabytes:
    """Takes four gigabytes in torch's own unpickler."""

    def __reduce__(self):
        return bytearray, (4 << 30,)


def save_expanded(columns):
    """Save large tensors that repeat a single number."""
    shapes = {"weight_ih_l0": (16384, columns), "weight_hh_l0": (16384, 4096)}
    shapes |= {"bias_ih_l0": (16384,), "bias_hh_l0": (16384,)}
    torch.save({name: torch.zeros(1).expand(shape) for name, shape in shapes.items()}, "m.pt")


def write_pickle(data, *options):
    """Save an archive with this pickle as m.pt."""
    with zipfile.ZipFile("m.pt", "w", *options) as archive:
        archive.writestr("m/data.pkl", data)


def packed_pickle():
    """A pickle of 134 MB, compressed."""
    data = b"\x80\x02" + b"N0" * (1 << 26) + b"}."
    write_pickle(data, zipfile.ZIP_DEFLATED, True, 1)


def copies():
    """A dict of a thousand entries, copied very many times."""
    entries = b"".join(b"M" + n.to_bytes(2, "little") + b"N" for n in range(999))
    data = (
        b"\x80\x02ccollections\nOrderedDict\nq\x00}q\x01(" + entries + b"u\x85"
        b"q\x02](" + b"h\x00h\x02R" * 100_000 + b"e."
    )
    write_pickle(data)


def nest_tuples(end):
    """Nested tuples, each twice in the next one, with `end` innermost."""
    write_pickle(b"\x80\x02)q\x00" + b"h\x00h\x00\x86q\x00" * 60 + end)


def false_header():
    """An array of many numbers, of which only the header is there."""
    with zipfile.ZipFile("m.pt", "w") as archive, archive.open("weight_ih_l0.npy", "w") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "<f4", "fortran_order": False, "shape": (8, 10**9)}
        )


BOMBS = {
    "a number expanded beyond every size": (
        lambda: save_expanded(1 << 18),
        "4,362,108,928 parameters, expected at most",
    ),
    "a number expanded": (lambda: save_expanded(4096), "more numbers than its storage"),
    "an object of gigabytes": (lambda: torch.save(TakesGigabytes(), "m.pt"), "but 0 tensors"),
    "an object of gigabytes in an old file": (
        lambda: torch.save(TakesGigabytes(), "m.pt", _use_new_zipfile_serialization=False),
        "but 0 tensors",
    ),
    "a packed pickle": (packed_pickle, "claims to have 134,217,732 bytes"),
    "copies of a dict": (copies, "its dicts are copied without end"),
    # Index 2**31 - 1 of the memo, a table that grows up to it.
    "a memo of gigabytes": (
        lambda: Path("m.pt").write_bytes(b"\x80\x02}r\xff\xff\xff\x7f."),
        "not from torch.save",
    ),
    "a key of tuples in tuples": (lambda: nest_tuples(b"}h\x00Ns."), "a key is made of tuples"),
    "a storage of such a name": (
        lambda: nest_tuples(
            b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nh\x00X\x03\x00\x00\x00cpuK\x01tQ."
        ),
        "a tuple instead of a str",
    ),
    "a header of what is not there": (false_header, "does not fit its"),
}
"""Case -> a function that writes m.pt, and its error."""


def test_small_files_take_no_gigabytes():
    messages = {}
    for number, (make, message) in enumerate(BOMBS.values()):
        make()
        path = Path("m.pt").rename(f"{number}.pt")
        assert path.stat().st_size < 1_000_000
        messages[str(path)] = message
    check_little_memory(messages)


def test_a_small_tensor_may_repeat_its_numbers():
    bias = torch.ones(1).expand(8)
    torch.save(state(bias_ih_l0=bias), "m.pt")
    np.testing.assert_array_equal(chosen_weights("m.pt")[0].bias_ih, bias)


def test_what_cannot_be_drawn_is_refused_before_it_is_read(monkeypatch, capfd):
    monkeypatch.setattr(Checkpoint, "array", lambda *_: pytest.fail("read"))
    saving.as_zip(torch.nn.LSTM(5000, 2), "m.pt")
    message = refusal(
        "m.pt",
        "input_size 5000",
        "expected 1 to 4096; larger ones cannot be drawn",
        call=lambda path: Source(weights=path).trace(),
    )
    assert cli.main(["inspect", "m.pt"]) == 0
    out = capfd.readouterr().out
    assert f"not read: {message}" in out
    assert "worth drawing" not in out
    saving.as_zip(torch.nn.LSTM(3, 64), "m.pt")
    long = Source(weights="m.pt", seq_len=1000, batch_size=1000)
    refusal("m.pt", "1,000,000 inputs", call=lambda _: long.trace())
    monkeypatch.setattr("lstm_figs.model.arguments.MAX_NUMBERS", 10_000)
    for words in ("inspect m.pt", "convert m.pt --to keras --out x.npz"):
        cli.main(words.split())
        assert "smaller sizes or fewer layers" in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--input-size 4096 --hidden-size 4096 --num-layers 20", "2,685,009,920 parameters"),
        ("--input-size 4096 --hidden-size 1 --seq-len 1000 --batch-size 600", "600,000 inputs"),
    ],
)
@pytest.mark.parametrize("command", ["draw cell", "trace"])
def test_sizes_whose_product_fills_the_memory_make_no_module(
    command, words, message, capfd, monkeypatch
):
    monkeypatch.setattr(torch.nn, "LSTM", lambda *_, **__: pytest.fail("made"))
    assert cli.main([*command.split(), *words.split()]) == 2
    assert message in capfd.readouterr().err


def test_a_long_input_of_many_sequences_is_refused(monkeypatch):
    np.save("x.npy", np.zeros((10, 2, 3)))
    with monkeypatch.context() as patch:
        # Each of the 20 inputs has 3 numbers, and two units store 20 each.
        patch.setattr("lstm_figs.model.arguments.MAX_NUMBERS", 20 * (3 + 2 * 20) - 1)
        parts = "20 inputs (steps x sequences), whose run would store 860 numbers"
        refusal("x.npy", parts, call=lambda path: Source(input=path).trace())
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
    with pytest.raises(UsageError, match="choose smaller sizes, fewer steps or fewer sequences"):
        source.trace()
    monkeypatch.setattr("lstm_figs.cli.drawing.write_and_tell", fail)
    if isinstance(error, MemoryError):
        assert cli.main(["draw", "cell"]) == 2
        err = capfd.readouterr().err
        assert "this machine has too little memory" in err
        assert err.count("\n") == 1


def test_an_lstm_and_a_cell_of_one_name_are_told_apart():
    both = {**state(), **torch.nn.LSTMCell(3, 2).state_dict()}
    for prefix, expected in (("", "no name"), ("rnn.", "the name 'rnn'")):
        torch.save({prefix + k: v for k, v in both.items()}, "m.pt")
        for module in (None, prefix.removesuffix(".")):
            message = (
                f"LSTM and an LSTMCell under {expected}, expected one of them; save them under d"
            )
            refusal("m.pt", message, call=lambda path, name=module: chosen_weights(path, name))


KINDS = {
    "is a sparse tensor, … its numbers in the file; save its .to_dense()": torch.Tensor.to_sparse,
    "is a meta tensor, … ; save the module once it has numbers": lambda tensor: tensor.to("meta"),
    "has dtype qint8": lambda tensor: torch.quantize_per_tensor(tensor, 0.1, 0, torch.qint8),
    "has dtype complex64": lambda tensor: tensor.to(torch.complex64),
    "has dtype int16": lambda tensor: tensor.to(torch.int16),
    "has dtype float8_e5m2": lambda tensor: tensor.to(torch.float8_e5m2),
}
"""Error -> what is done to a weight."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore:.*deprecated")
def test_a_tensor_without_plain_numbers_is_named_for_what_it_is(kind):
    torch.save(state(weight_hh_l0=KINDS[kind](torch.zeros(8, 2))), "m.pt")
    refusal("m.pt", *f"'weight_hh_l0' {kind}".split(" … "))


def test_a_negated_view_is_read_and_proven():
    pairs = torch.complex(torch.ones(8), torch.arange(8.0)).conj()
    assert pairs.imag.is_neg()
    torch.save(state(bias_ih_l0=pairs.imag), "m.pt")
    np.testing.assert_array_equal(chosen_weights("m.pt")[0].bias_ih, -np.arange(8.0))


class MakesFolder:
    """Makes the folder `ran` if a pickle of it is trusted."""

    def __reduce__(self):
        return os.mkdir, ("ran",)


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_of_any_protocol_is_named_for_what_it_asks(protocol):
    for content in (MakesFolder(), ["a"]):
        write_pickle(pickle.dumps(content, protocol))
        if content != ["a"]:
            refusal("m.pt", "'m.pt'", "can run any code", "asks for posix.mkdir")
        elif protocol not in (1, 2, 3):  # these use the same few opcodes
            refusal("m.pt", "its pickle is not of protocol 2, as it uses ")
    assert not Path("ran").exists()


def test_no_other_file_with_a_pickle_runs_code():
    torch.save({"weight_ih_l0": MakesFolder()}, "old.pt", _use_new_zipfile_serialization=False)
    Path("m.pkl").write_bytes(pickle.dumps(MakesFolder()))
    evil = {"scripted/data.pkl": pickle.dumps(MakesFolder(), 2)}
    rewrite(saved("scripted.pt"), "evil.pt", evil.get)
    for path in ("old.pt", "m.pkl", "evil.pt"):
        refusal(path, f"'{path}'", "can run any code, so save", "posix.mkdir")
    assert not Path("ran").exists()


def test_a_pickle_of_numpy_arrays_is_told_how_to_save_them():
    Path("m.pkl").write_bytes(pickle.dumps({"weight_ih_l0": np.zeros((4, 1))}))
    message = refusal("m.pkl", "asks for numpy")
    assert message.endswith("if you trust it, load it and save the arrays: numpy.savez(FILE, …)")


@pytest.mark.parametrize("key", ["optimizer", "optimizer_states", "exp_avg"])
def test_the_state_of_an_optimizer_is_no_lstm(key, capfd):
    torch.save({"epoch": 1, key: state()}, "m.pt")
    assert cli.main(["inspect", "m.pt"]) == 0
    assert "holds no LSTM, but 4 tensors of an optimizer" in capfd.readouterr().out


def test_dicts_whose_keys_join_to_one_name_are_not_merged():
    torch.save({"a.b": state(), "a": {"b": state()}}, "m.pt")
    refusal("m.pt", "two tensors 'a.b.weight_ih_l0', because", "one; rename a key")
    ih, hh = state(), state()
    for name in list(ih):
        (ih if "hh" in name else hh).pop(name)
    torch.save({"a.b": ih, "a": {"b": hh}}, "m.pt")
    assert modules_of("m.pt") == []
    refusal("m.pt", "is missing")


@pytest.mark.parametrize("suffix", ["npz", "safetensors", "npy", "json"])
def test_a_name_that_is_too_long_or_may_not_be_read_is_one_line(suffix, monkeypatch):
    call = read_weights if suffix in ("npz", "safetensors") else read_input
    refusal(f"{'a' * 300}.{suffix}", "File name too long", call=call)
    Path(f"m.{suffix}").write_text("[[1, 2, 3]]")
    opened = Path.open

    def locked(self, *more, **options):
        if self.name == f"m.{suffix}":
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *more, **options)

    # The superuser may read locked files.
    monkeypatch.setattr(Path, "open", locked)
    refusal(
        f"m.{suffix}",
        "cannot be read (Permission denied)",
        "; check the path and its permissions",
        call=call,
    )


@pytest.mark.parametrize("file", ["model.npz", "model.safetensors", "model.pt"])
def test_a_name_that_is_no_text_is_read_and_proven(file):
    name = os.fsdecode(b"w\xff" + file.encode())
    Path(saved(file)).rename(name)
    svg = svg_of(Source(weights=name), "unrolled")
    assert "\udcff" not in svg
    assert repr(name)[1:-1] in metadata(read(svg))["preamble"]
    assert prove(svg) > 0


def test_what_is_read_is_what_torch_reads():
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
    model["noted"] = weight.clone()
    model["noted"].note = "mine"  # torch pickles a tensor with attributes differently.
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
