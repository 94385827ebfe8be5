"""Search for failures that no test has found: `scripts/fuzz [MINUTES]`.

Each core searches all properties in rounds, with its own seeds. A failure is
printed as Python that reproduces it, ready to be copied into a test.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Timer

MINUTES = 10.0
MAX_MINUTES = 7 * 24 * 60.0
ROUND_SECONDS = 180.0
"""Seconds of a process; then a new one starts, which frees memory."""
HANG_SECONDS = 900.0
"""A process is killed so long after its round should have ended."""


class Report:
    def __init__(self):
        self.cases = Counter()
        self.interrupted = False
        self.failures = Counter()
        self._lock = Lock()

    def add(self, result):
        """Count the cases of a property, and print its failure."""
        with self._lock:
            self.cases[result["property"]] += result["drawn"]
            if result["call"]:
                self._print(result)

    def _print(self, result):
        last = result["error"].strip().splitlines()[-1]
        # Failures that differ only in numbers are printed once.
        failure = result["property"], re.sub(r"[-−]?\d[\d.]*(e-?\d+)?", "#", last)
        self.failures[failure] += 1
        if self.failures[failure] == 1:
            print(f"\n{result['property']} fails:\n\n{result['call']}\n")
            print(f"{result['error'].strip()}\n", flush=True)

    def end(self):
        """Print the counts, and return 1 if there was a failure."""
        for name, count in sorted(self.cases.items()):
            print(f"{count:9,}  {name}")
        print(f"{self.cases.total():9,}  cases")
        for (name, last), count in self.failures.items():
            print(f"Found {count} times: {name}: {last}")
        if not self.failures:
            print("Found nothing.")
        return int(bool(self.failures))


def search(report, until):
    with TemporaryDirectory() as folder:
        while (left := until - time.monotonic()) > 0 and not report.interrupted:
            run(report, Path(folder), min(ROUND_SECONDS, left))


def run(report, folder, seconds):
    """Run one process, and report it if it ends unexpectedly."""
    case, errors = folder / "case.txt", folder / "errors.txt"
    case.write_text("before any case", "utf-8")
    with errors.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.search", case, str(seconds)],
            stdout=subprocess.PIPE,
            stderr=file,
            encoding="utf-8",
        )
        hangs = Timer(seconds + HANG_SECONDS, process.kill)
        hangs.start()
        for line in process.stdout or ():
            report.add(json.loads(line))
        ended = process.wait()
        hangs.cancel()
    if ended and not report.interrupted:
        output = errors.read_text("utf-8", "replace").strip()
        report.add(
            {
                "property": "a process",
                "drawn": 0,
                "call": case.read_text("utf-8"),
                "error": f"{output}\nThe process ended with {ended}.",
            }
        )


def minutes(words):
    """How many minutes to search; raises a ValueError if that is no valid number."""
    if not words:
        return MINUTES
    (word,) = words
    number = float(word)
    if not 0 < number <= MAX_MINUTES:
        raise ValueError
    return number


def main():
    try:
        long = minutes(sys.argv[1:])
    except ValueError:
        print(
            f"scripts/fuzz: got {' '.join(sys.argv[1:])!r}, expected at most "
            f"one number of minutes, above 0 and up to {MAX_MINUTES:.0f}; try "
            "scripts/fuzz 40",
            file=sys.stderr,
        )
        return 2
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else (os.cpu_count() or 1)
    print(f"Searching for {long:g} minutes, {cores} at a time.", flush=True)
    report, until = Report(), time.monotonic() + 60 * long
    with ThreadPoolExecutor(cores) as pool:
        searches = [pool.submit(search, report, until) for _ in range(cores)]
        try:
            wait(searches)
        except KeyboardInterrupt:
            # The processes receive the interrupt too, and end.
            report.interrupted = True
    for future in searches:
        future.result()
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
