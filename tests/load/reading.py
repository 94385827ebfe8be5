"""Read weights files in tests, in this process or in a new one."""

import subprocess
import sys

import pytest

from lstm_figs.command.request import Request
from lstm_figs.errors import LstmFigsError
from lstm_figs.sources.load import choose, read_weights, survey, weights
from tests import proof


def chosen_weights(path, module=None):
    """The weights of a module of a file, by default of its only one."""
    checkpoint = read_weights(str(path))
    return weights(checkpoint, choose(checkpoint, module))


def modules_of(path):
    """The names of the LSTMs of a file."""
    return [lstm.module for lstm in survey(read_weights(str(path))).lstms]


def refusal(path, *parts, call=chosen_weights):
    """The one line that says why a file cannot be read, which has all these parts."""
    with pytest.raises(LstmFigsError) as raised:
        call(path)
    message = str(raised.value)
    assert message.isprintable()
    assert "expected" in message
    for part in parts:
        assert part in message
    return message


def svg_of(source, name="cell-input"):
    return proof.svg_of(Request(name, source).draw())


def run_python(code, *words):
    """The output of Python in a new process that imports this package."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=300
    )
    assert not done.stderr
    return done.stdout


MEASURE_PEAK = """
import resource, sys
from lstm_figs.errors import LstmFigsError
from lstm_figs.sources.load import choose, read_weights, weights

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

for path in sys.argv[1:]:
    before, message = peak(), "nothing"
    try:
        checkpoint = read_weights(path)
        weights(checkpoint, choose(checkpoint, None))
    except LstmFigsError as error:
        message = str(error)
    print(peak() - before, message, sep=chr(9))
"""
"""Reads each file; prints by how many megabytes the peak memory grew, and the message."""


def check_little_memory(messages):
    """Check that files of these names take little memory, and the errors they cause."""
    lines = run_python(MEASURE_PEAK, *messages).splitlines()
    for (name, expected), line in zip(messages.items(), lines, strict=True):
        megabytes, message = line.split("\t")
        assert expected in message, name
        # Reading a small file takes a few; the files ask for hundreds or thousands.
        assert int(megabytes) < 100, name
