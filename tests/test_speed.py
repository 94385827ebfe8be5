"""The bars of `tests.bench`, with few rounds: CPU time, memory and size."""

import pytest

from tests.bench.bars import BARS, FLOORS, make
from tests.bench.large import ELSEWHERE, KB, MIB, SIZES, TIMES, drawn
from tests.bench.measure import python

ROUNDS = range(2, 16)
"""Other work on the machine disturbs some rounds, hardly most of them."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("speed")


@pytest.mark.alone
def test_a_command_takes_hardly_longer_than_what_it_must_import(folder):
    make(folder, "model", 3, 2)
    floors = {b.floor: python(FLOORS[b.floor]) for b in BARS.values()}
    ours = {what: bar.command() for what, bar in BARS.items()}
    for done in range(ROUNDS.stop):
        for command in (*floors.values(), *ours.values()):
            command.run(folder)
            assert not command.failed
        ratios = {n: c.ratio(floors[BARS[n].floor]) for n, c in ours.items()}
        beyond = {n: r for n, r in ratios.items() if r > BARS[n].most}
        if done >= ROUNDS.start and not beyond:
            break
    assert not beyond


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
