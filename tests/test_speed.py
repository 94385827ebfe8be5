"""CPU time of whole processes, as ratios to a floor in the same run."""

import resource
import subprocess
import sys
from statistics import median

import pytest

NUMPY = "import numpy"
MATPLOTLIB = "import numpy, matplotlib.figure, matplotlib.backends.backend_svg"
TORCH = "import torch"
DRAW = "from lstm_figs.cli import main; main(['draw', '--out', '-', {}])"


def seconds(code):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize(
    ("code", "floor", "most"),
    [
        ("import lstm_figs", NUMPY, 1.3),
        (DRAW.format("'four-weights'"), NUMPY, 2.5),
        (DRAW.format("'unrolled'"), NUMPY, 2.5),
        (DRAW.format("'gates-over-time'"), MATPLOTLIB, 1.3),
        (
            DRAW.format(
                "'weight-map', '--input-size', '3', '--hidden-size', '4'"
            ),
            TORCH,
            1.2,
        ),
    ],
    ids=["import", "four-weights", "unrolled", "chart", "from sizes"],
)
def test_a_command_takes_hardly_longer_than_what_it_must_import(
    code, floor, most
):
    seconds(code), seconds(floor)
    ratios = []
    # The machine's other work can disturb one measurement, hardly four.
    while not ratios or (ratios[-1] > most and len(ratios) < 4):
        pairs = [(seconds(code), seconds(floor)) for _ in range(9)]
        ours, theirs = (median(column) for column in zip(*pairs, strict=True))
        ratios.append(ours / theirs)
    assert min(ratios) <= most, ratios
