"""The bars of `tests.bench` that are no time: memory and size."""

import pytest

from tests.bench.bars import make
from tests.bench.large import ELSEWHERE, KB, MIB, SIZES, TIMES, drawn
from tests.bench.measure import python


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("speed")


HEAVY = ("weight-map", "padding", "autograd", "custom-cell", "dispatch")
"""Figures that once took the most; the benchmark draws all of them."""


def test_a_figure_of_many_units_takes_little_memory_and_a_small_file(folder):
    make(folder, "large", *SIZES)
    found = drawn(folder, "--weights large.safetensors", HEAVY)
    beyond = {n: c.peak() for n, c in found.items() if c.peak() > MIB}
    assert not beyond
    sizes = {n: (folder / f"{n}.svg").stat().st_size / 1000 for n in found}
    assert max(sizes.values()) <= KB, sizes


def test_a_figure_of_many_units_from_a_seed_holds_its_weights_once(folder):
    code, options = ELSEWHERE["sizes"]
    floor = python(code)
    floor.run(folder)
    found = drawn(folder, options, HEAVY)
    peaks = {n: c.peak() for n, c in found.items()}
    assert max(peaks.values()) <= TIMES * floor.peak(), (peaks, floor.peak())
