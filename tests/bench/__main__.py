"""Run the benchmarks, and print the tables or write them into `docs/benchmark.md`.

With `--check`, only check the ratios of times, in two minutes.
"""

import datetime
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from . import large, sites
from .bars import BARS, FLOORS, make_files
from .check import check
from .measure import Result, draw, measure, python, table
from .peers import MODEL, PEERS, environment, install

ROUNDS = 9
SIZES = (1, 4, 16, 64, 256, 1024, 4096)
"""hidden_size of the modules whose commands are measured."""

MARK = "<!-- The rest is written by scripts/bench. -->\n"


def peer_comparison(folder):
    program = environment()
    versions = install(program)
    floors = {name: python(code) for name, code in FLOORS.items()}
    own_commands = {what: bar.command() for what, bar in BARS.items()}
    peer_commands = {name: python(MODEL + code, str(program)) for name, code in PEERS.items()}
    everything = [*floors.values(), *own_commands.values(), *peer_commands.values()]
    measure(everything, folder, ROUNDS)
    base = own_commands["a diagram, from `.safetensors`"]
    rows = [_row(f"`import {name}`", floor, None, base) for name, floor in floors.items()]
    rows += [
        _row(f"lstm-figs: {what}", command, floors[BARS[what].floor], base)
        for what, command in own_commands.items()
    ]
    rows += [
        _row(f"{name} {versions[name]}", command, floors["torch"], base)
        for name, command in peer_commands.items()
    ]
    head = ["What", "CPU time", "Peak memory", "× its floor", "× `.safetensors`"]
    results = []
    for what, bar in BARS.items():
        ratio = own_commands[what].ratio(floors[bar.floor])
        name = f"{what[0].upper()}{what[1:]}: CPU time relative to `import {bar.floor}`"
        results.append(Result(name, f"{bar.most:g} ×", f"{ratio:.2f}", ratio <= bar.most))
    return results, table(head, *rows)


def _row(what, command, floor, base):
    if command.error:
        cells = [_failure(command), "", "", ""]
    else:
        cells = [
            f"{1000 * command.time():.0f} ms",
            f"{command.peak():.0f} MiB",
            f"{command.ratio(floor):.2f}" if floor else "",
            "" if base.error else f"{command.ratio(base):.1f}",
        ]
    return [what, *cells]


def size_table(folder):
    """A table of all figures of `nn.LSTM(H, H)` from a file, for growing H."""
    rows = []
    for size in SIZES:
        make_files(folder, "large", size, size)
        out = folder / f"figures-{size}"
        command = draw("all", "--weights", "large.safetensors", "--out", str(out))
        measure([command], folder, 3 if size < 1024 else 1)
        if command.error:
            cells = [_failure(command), "", "", ""]
        else:
            files = {f.stem: f.stat().st_size / 1000 for f in out.iterdir()}
            largest = max(files, key=files.__getitem__)
            cells = [
                f"{command.time():.1f} s",
                f"{command.peak():.0f} MiB",
                f"{sum(files.values()):.0f} kB",
                f"{files[largest]:.0f} kB (`{largest}`)",
            ]
        weights = 4 * size * (2 * size + 2)
        rows.append([str(size), f"{weights:,}", *cells])
    head = ["H", "Parameters", "CPU time", "Peak memory", "All files", "Largest"]
    return table(head, *rows)


def _failure(command):
    return f"cannot be drawn: {command.error.partition(', expected')[0]}"


def machine():
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [s.partition(": ")[2] for s in lines if s.startswith("model name")]
    model = names[0] if names else platform.processor() or platform.machine()
    libraries = ", ".join(f"{name} {version(name)}" for name in ("torch", "numpy", "matplotlib"))
    return (
        f"Measured on {datetime.date.today():%-d %B %Y} with "
        f"{os.cpu_count()} cores ({model}), {platform.system()}, Python "
        f"{platform.python_version()}, {libraries}."
    )


def main(page=None):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_files(folder, "model", 3, 2)
        results, others = peer_comparison(folder)
        results += [*large.results(folder), *sites.results(folder / "sites")]
        met = ([*row[:3], "yes" if row.is_met else "no"] for row in results)
        print(table(["Bar", "At most", "Measured", "Met"], *met))
        text = (
            f"{machine()}\n\n"
            f"## Other tools\n\n{others}\n\n"
            f"## By size\n\n{size_table(folder)}\n\n"
            f"## Builds of this site\n\n{sites.build_table(folder / 'builds')}\n"
        )
    if page is None:
        print(text)
    else:
        above = Path(page).read_text("utf-8").partition(MARK)[0]
        Path(page).write_text(f"{above}{MARK}\n{text}", "utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(check())
    main(*sys.argv[1:2])
