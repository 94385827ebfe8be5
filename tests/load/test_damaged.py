"""Random and damaged files: an error of ours, or tensors; never a traceback."""

import functools
import resource
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_figs.errors import LstmFigsError
from lstm_figs.sources.inputs import read_input
from lstm_figs.sources.load import choose, read_weights, survey, weights
from tests.load import saving

SUFFIXES = ("pt", "safetensors", "npz", "ckpt")

STARTS = (
    b"",
    b"PK\x03\x04",
    b"\x80\x02",
    b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.",
    b"\x10\0\0\0\0\0\0\0{",
    b"\x93NUMPY\x01\0",
)
"""What each kind of file begins with."""


@functools.cache
def valid(way):
    """The bytes of a file that can be read."""
    with tempfile.TemporaryDirectory() as folder:
        return Path(saving.saved(Path(folder), way)).read_bytes()


@st.composite
def damaged(draw, data):
    """Bytes of which some are replaced, left out or repeated."""
    data = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        count = draw(st.integers(0, 9))
        data[start : start + count] = draw(st.binary(max_size=9))
    return bytes(data)


@st.composite
def damaged_members(draw, data):
    """A whole archive, a member of which is damaged before it is packed."""
    new = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as old,
        zipfile.ZipFile(new, "w") as archive,
    ):
        names = old.namelist()
        chosen = draw(st.sampled_from(names))
        pickles = [name for name in names if name.endswith("/data.pkl")]
        if pickles and draw(st.booleans()):
            (chosen,) = pickles
        for name in names:
            member = old.read(name)
            if name == chosen:
                member = draw(damaged(member))
            archive.writestr(name, member)
    return new.getvalue()


GROWTH = 100_000
"""Kilobytes that none of these small files may take."""


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def is_survived(data, suffix):
    before = peak()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x.{suffix}")
        path.write_bytes(data)
        said = ""
        try:
            checkpoint = read_weights(str(path))
            for found in survey(checkpoint).found:
                weights(checkpoint, found)
            choose(checkpoint, None)
        except LstmFigsError as error:
            said = str(error)
    assert not said or said.isprintable()
    assert peak() - before < GROWTH


@settings(max_examples=300)
@given(
    st.sampled_from(STARTS), st.binary(max_size=300), st.sampled_from(SUFFIXES)
)
@example(b"", b"\x80\x02r\xff\xff\xff\x7f.", "pt")
def test_random_bytes_are_survived(start, rest, suffix):
    is_survived(start + rest, suffix)


@pytest.mark.parametrize("way", saving.WAYS)
@settings(max_examples=150)
@given(st.data())
def test_damaged_files_are_survived(way, data):
    is_survived(data.draw(damaged(valid(way))), way.rpartition(".")[2])


@pytest.mark.parametrize(
    "way", ["model.npz", "scripted.pt", "traced.pt", "model.pt", "last.ckpt"]
)
@settings(max_examples=150)
@given(st.data())
def test_damage_within_an_archive_is_survived(way, data):
    is_survived(data.draw(damaged_members(valid(way))), "pt")


@settings(max_examples=150)
@given(st.binary(max_size=200), st.sampled_from(("npy", "json", "safetensors")))
def test_random_inputs_are_survived(data, suffix):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x.{suffix}")
        path.write_bytes(data)
        said = ""
        try:
            read_input(str(path))
        except LstmFigsError as error:
            said = str(error)
    assert not said or said.isprintable()
