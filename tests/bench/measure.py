"""CPU time and peak memory of whole processes, in rounds.

Every round runs each command once, so that other work on the machine falls on
all of them alike; ratios are of commands of the same round.
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
    """What was measured for a bar.

    Attributes:
        bar: What it is for.
        most: The most that is allowed.
        measured: What it was.
        is_met: Whether that is within the bar.
    """

    bar: str
    most: str
    measured: str
    is_met: bool


@cache
def environment() -> dict[str, str]:
    """That of a child: the package of this checkout, compiled.

    An installed package is compiled when it is installed; where bytecode is
    not written, Python would compile all of it for each command. What the
    tests say of threads is theirs alone: nobody else says it.
    """
    compileall.compile_dir(ROOT / "lstm_figs", quiet=1)
    own = {k: v for k, v in os.environ.items() if k != "OMP_NUM_THREADS"}
    return {**own, "PYTHONPATH": str(ROOT)}


_RUN = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""
"""Runs a command. A process begins with the memory of the one that starts it,
so this one is small."""


@dataclass
class Command:
    """A command and what its runs took.

    Attributes:
        words: The command line.
        seconds: CPU time of each run, with that of its own children.
        memory: Peak memory of each run, in MiB.
        error: The last line of an error, empty where there was none.
    """

    words: list[str]
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    error: str = ""

    def run(self, folder: Path) -> None:
        """Run once; one that failed is not run again."""
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

    def time(self) -> float:
        """The median CPU time, in seconds."""
        return median(self.seconds)

    def peak(self) -> float:
        """The median peak memory, in MiB."""
        return median(self.memory)

    def ratio(self, other: "Command") -> float:
        """The median of how many times the other's time this took."""
        pairs = zip(self.seconds, other.seconds, strict=True)
        return median(mine / theirs for mine, theirs in pairs)


def python(code: str, program: str = sys.executable) -> Command:
    """A command that runs Python code."""
    return Command([program, "-c", code])


def draw(*words: str) -> Command:
    """A command that draws, as the script `lstm-figs` runs it."""
    code = "import sys; from lstm_figs.cli import main; sys.exit(main())"
    return Command([sys.executable, "-c", code, "draw", *words])


def measure(commands: list[Command], folder: Path, rounds: int) -> None:
    """Run all of them that often, after one round that does not count."""
    for command in commands:
        command.run(folder)
        command.seconds.clear()
        command.memory.clear()
    for count in range(rounds):
        print(f"Round {count + 1} of {rounds}.", file=sys.stderr)
        for command in commands:
            command.run(folder)
