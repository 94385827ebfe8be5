"""Measure CPU time and peak memory of whole processes, in rounds.

Every round runs each command once, so other load affects all of them alike.
Ratios compare commands of the same round.
"""

import compileall
import os
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Result(NamedTuple):
    """What is limited, the limit, the measured value, and whether it is within the limit."""

    bar: str
    most: str
    measured: str
    is_met: bool


def table(*lines):
    """A Markdown table of cells, whose first line is its head; numbers are on the right."""
    head, *rows = lines
    rule = ["---", *(["---:"] * (len(head) - 1))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


@cache
def environment():
    """The environment of child processes: this checkout, compiled.

    Without bytecode, which an installation makes, each command would compile
    everything. Users have no thread settings, unlike tests.
    """
    compileall.compile_dir(ROOT / "lstm_figs", quiet=1)
    variables = {k: v for k, v in os.environ.items() if k != "OMP_NUM_THREADS"}
    return {**variables, "PYTHONPATH": str(ROOT)}


_RUN = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""
"""Runs a command. A child starts with the memory of its parent, so this one is
small.
"""


@dataclass
class Command:
    """A command, and of each run the CPU time with children, and the peak memory in MiB."""

    words: list[str]
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    error: str = ""

    def run(self, folder):
        """Run once; a command that failed is not run again."""
        if self.error:
            return
        done = subprocess.run(
            [sys.executable, "-c", _RUN, *self.words],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            env=environment(),
            check=False,
        )
        code, seconds, memory = done.stdout.split()
        if int(code):
            lines = done.stderr.strip().splitlines()
            self.error = lines[-1] if lines else f"exit {code}"
            return
        self.seconds.append(float(seconds))
        self.memory.append(float(memory) / 1024)

    def time(self):
        """The median CPU time, in seconds."""
        return median(self.seconds)

    def peak(self):
        """The median peak memory, in MiB."""
        return median(self.memory)

    def ratio(self, other):
        """The median ratio of this command's times to the other's."""
        pairs = zip(self.seconds, other.seconds, strict=True)
        return median(mine / theirs for mine, theirs in pairs)


def python(code, program=sys.executable):
    return Command([program, "-c", code])


def draw(*words):
    """A command that draws, run as the script `lstm-figs` runs it."""
    code = "import sys; from lstm_figs.cli import main; sys.exit(main())"
    return Command([sys.executable, "-c", code, "draw", *words])


def measure(commands, folder, rounds):
    """Run all commands in rounds, after a warm-up round."""
    for command in commands:
        command.run(folder)
        command.seconds.clear()
        command.memory.clear()
    for count in range(rounds):
        print(f"Round {count + 1} of {rounds}.", file=sys.stderr)
        for command in commands:
            command.run(folder)
