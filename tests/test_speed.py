"""Memory and file size for many units."""

import pytest

from tests.bench.bars import make_files
from tests.bench.large import KB, MAX_RATIO, MIB, OTHER_SOURCES, SIZES
from tests.bench.measure import draw, python

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("speed")


HEAVY = ("weight-map", "padding", "autograd", "custom-cell", "dispatch")
"""The figures that needed the most memory in the past."""

TORCH = 221.0
"""The memory that importing the CPU build of torch takes, in MiB."""


def peak(folder, options):
    command = draw(*HEAVY, *options.split(), "--out", ".")
    command.run(folder)
    assert not command.error
    return command.peak()


def test_figures_of_many_units_take_little_memory_and_small_files(folder):
    make_files(folder, "large", *SIZES)
    floor = python("import torch")
    floor.run(folder)
    added_memory = peak(folder, "--weights large.safetensors") - floor.peak()
    assert added_memory <= MIB - TORCH
    sizes = {n: (folder / f"{n}.svg").stat().st_size / 1000 for n in HEAVY}
    assert max(sizes.values()) <= KB, sizes


def test_figures_of_many_units_from_a_seed_hold_its_weights_once(folder):
    code, options = OTHER_SOURCES["sizes"]
    floor = python(code)
    floor.run(folder)
    assert peak(folder, options) <= MAX_RATIO * floor.peak()
