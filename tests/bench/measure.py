"""CPU time and peak memory of whole processes, in rounds.

Every round runs each command once, so that other work on the machine falls on
all of them alike; ratios are of commands of the same round.
"""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


@dataclass
class Command:
    """A command and what its runs took.

    Attributes:
        words: The command line.
        seconds: CPU time of each run, with that of its own children.
        memory: Peak memory of each run, in MiB.
        failed: The last line of an error, empty where there was none.
    """

    words: list[str]
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    failed: str = ""

    def run(self, folder: Path) -> None:
        """Run once; one that failed is not run again."""
        if self.failed:
            return
        errors = folder / "stderr"
        with errors.open("w") as stderr:
            child = subprocess.Popen(
                self.words,
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                # A figure of this checkout, not of an installed package.
                env={**os.environ, "PYTHONPATH": str(Path.cwd())},
            )
            _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            lines = errors.read_text().strip().splitlines()
            self.failed = lines[-1] if lines else f"exit {child.returncode}"
            return
        self.seconds.append(usage.ru_utime + usage.ru_stime)
        self.memory.append(usage.ru_maxrss / 1024)

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
    """A command that draws."""
    return Command([sys.executable, "-m", "lstm_figs", "draw", *words])


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
