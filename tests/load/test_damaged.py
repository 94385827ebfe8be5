"""Load nonsense and damaged files: an `LstmFigsError` or tensors, never a traceback."""

import contextlib
import functools
import resource
import tempfile
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from lstm_figs.errors import LstmFigsError
from lstm_figs.sources.inputs import read_input
from lstm_figs.sources.load import choose, read_weights, survey, weights
from tests.load import saving

SUFFIXES = ("pt", "safetensors", "npz", "ckpt")
ARCHIVES = ("model.npz", "scripted.pt", "traced.pt", "model.pt", "last.ckpt")
INPUTS = ("npy", "json", "safetensors")

FILE_STARTS = (
    b"",
    b"PK\x03\x04",  # zip
    b"\x80\x02",  # pickle
    b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.",  # torch.save, legacy format
    b"\x10\0\0\0\0\0\0\0{",  # safetensors
    b"\x93NUMPY\x01\0",
)
"""The first bytes of each kind of file."""


@functools.cache
def valid(file):
    """The bytes of a file of `SAVERS`."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        return Path(saving.saved(file)).read_bytes()


@dataclass(frozen=True)
class Damage:
    """A saved file in which bytes are replaced, removed or repeated.

    An edit has a position, as a share of the file, how many bytes are removed, and the
    bytes that replace them. The member is the file of an archive to damage before
    packing, modulo their number; the pickle is 0. None damages the archive itself.
    """

    file: str
    edits: tuple[tuple[float, int, bytes], ...]
    member: int | None = None

    def make(self):
        data = valid(self.file)
        if self.member is None:
            return self._damaged(data)
        new = BytesIO()
        with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(new, "w") as archive:
            names = sorted(old.namelist(), key=lambda name: not name.endswith("/data.pkl"))
            chosen = names[self.member % len(names)]
            for name in old.namelist():
                member = old.read(name)
                if name == chosen:
                    member = self._damaged(member)
                archive.writestr(name, member)
        return new.getvalue()

    def _damaged(self, contents):
        data = bytearray(contents)
        for place, count, more in self.edits:
            start = int(place * (len(data) + 1))
            data[start : start + count] = more
        return bytes(data)


def edits(seed):
    """Random edits, the same for each seed, most where headers and indices are."""
    random = np.random.RandomState(seed)
    return tuple(
        (
            # Powers below 1 draw places near the end, powers above 1 near the start.
            random.uniform() ** random.choice((0.2, 1, 5)),
            random.randint(10),
            random.bytes(random.randint(10)),
        )
        for _ in range(random.randint(1, 5))
    )


def nonsense(start):
    """Random bytes after these ones, from none to more than a hundred."""
    for seed in range(12):
        yield start + np.random.RandomState(seed).bytes(seed * seed)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def check_survival(data, suffix):
    """Reading these bytes succeeds or is an error of ours, with little memory."""
    before = peak()
    check_read(read_all, data, suffix)
    # No such small file may take more than these kilobytes.
    assert peak() - before < 100_000


def read_all(path):
    checkpoint = read_weights(path)
    for module in survey(checkpoint).lstms:
        weights(checkpoint, module)
    choose(checkpoint, None)


def check_input_survival(data, suffix):
    check_read(read_input, data, suffix)


def check_read(read, data, suffix):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x.{suffix}")
        path.write_bytes(data)
        message = "read"
        try:
            read(str(path))
        except LstmFigsError as error:
            message = str(error)
    assert message.isprintable()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("start", FILE_STARTS)
def test_nonsense_is_survived(start, suffix):
    for data in nonsense(start):
        check_survival(data, suffix)


@pytest.mark.parametrize("file", saving.SAVERS)
def test_damaged_files_are_survived(file):
    suffix = file.rpartition(".")[2]
    for seed in range(120):
        check_survival(Damage(file, edits(seed)).make(), suffix)


@pytest.mark.parametrize("file", ARCHIVES)
def test_damage_within_an_archive_is_survived(file):
    for seed in range(120):
        # Every second time, damage the pickle, if there is one.
        check_survival(Damage(file, edits(seed), seed % 2 and seed).make(), "pt")


@pytest.mark.parametrize("suffix", INPUTS)
def test_nonsense_as_an_input_is_survived(suffix):
    for start in (b"", b"\x93NUMPY\x01\0", b"[[1, 2, 3], [", b"\x10" + bytes(7)):
        for data in nonsense(start):
            check_input_survival(data, suffix)
