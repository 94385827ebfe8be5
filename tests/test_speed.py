"""CPU time of whole processes, as ratios to a floor in the same run."""

import subprocess
import sys

import pytest

from tests.measuring import assert_ratio

pytestmark = pytest.mark.alone

NUMPY = "import numpy"
TORCH = "import torch"
DRAW = "from lstm_figs.cli import main; main(['draw', '--out', '-', {}])"


def process(code):
    subprocess.run(
        [sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL
    )


@pytest.mark.parametrize(
    ("code", "floor", "most"),
    [
        ("import lstm_figs", NUMPY, 1.3),
        (DRAW.format("'four-weights'"), NUMPY, 2.5),
        (DRAW.format("'unrolled'"), NUMPY, 2.5),
        (DRAW.format("'gates-over-time'"), NUMPY, 2.5),
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
    assert_ratio(lambda: process(code), lambda: process(floor), most)
