"""Measure, and print the tables of `docs/benchmark.md` or write them there.

With `--check` hold the ratios of time alone, in two minutes.
"""

import datetime
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from . import large, sites
from .bars import BARS, FLOORS, make
from .builds import builds
from .check import check
from .measure import Command, Held, draw, measure, python
from .peers import MODEL, PEERS, environment, install

ROUNDS = 9
SIZES = (1, 4, 16, 64, 256, 1024, 4096)
MARK = "<!-- What stands below is written by scripts/bench. -->\n"


def beside_others(folder: Path) -> tuple[list[Held], str]:
    """The bars of a draw, and our commands beside other tools."""
    program = environment()
    versions = install(program)
    floors = {name: python(code) for name, code in FLOORS.items()}
    ours = {what: bar.command() for what, bar in BARS.items()}
    theirs = {name: python(MODEL + code, str(program)) for name, code in PEERS.items()}
    everything = [*floors.values(), *ours.values(), *theirs.values()]
    measure(everything, folder, ROUNDS)
    base = ours["a diagram, from `.safetensors`"]
    rows = [_row(f"`import {name}`", floor, None, base) for name, floor in floors.items()]
    rows += [
        _row(f"lstm-figs: {what}", command, floors[BARS[what].floor], base)
        for what, command in ours.items()
    ]
    rows += [
        _row(f"{name} {versions[name]}", command, floors["torch"], base)
        for name, command in theirs.items()
    ]
    head = (
        "| What | CPU time | Peak memory | × its floor | × `.safetensors` |\n"
        "| --- | ---: | ---: | ---: | ---: |"
    )
    held = [
        Held(
            f"{what[0].upper()}{what[1:]}: CPU time beside that of `import {bar.floor}`",
            f"{bar.most:g} ×",
            f"{ours[what].ratio(floors[bar.floor]):.2f}",
            ours[what].ratio(floors[bar.floor]) <= bar.most,
        )
        for what, bar in BARS.items()
    ]
    return held, "\n".join([head, *rows])


def bars(rows: list[Held]) -> str:
    """What is to be held, and what was measured."""
    lines = [
        f"| {row.bar} | {row.most} | {row.measured} | {'yes' if row.met else 'no'} |"
        for row in rows
    ]
    head = "| Bar | At most | Measured | Met |\n| --- | ---: | ---: | --- |"
    return "\n".join([head, *lines])


def _row(what: str, command: Command, floor: Command | None, base: Command) -> str:
    if command.failed:
        cells = [_said(command), "", "", ""]
    else:
        cells = [
            f"{1000 * command.time():.0f} ms",
            f"{command.peak():.0f} MiB",
            f"{command.ratio(floor):.2f}" if floor else "",
            "" if base.failed else f"{command.ratio(base):.1f}",
        ]
    return f"| {what} | {' | '.join(cells)} |"


def by_size(folder: Path) -> str:
    """All figures of `nn.LSTM(H, H)`, from a file, for growing H."""
    rows = []
    for size in SIZES:
        make(folder, "large", size, size)
        out = folder / f"figures-{size}"
        command = draw("all", "--weights", "large.safetensors", "--out", str(out))
        measure([command], folder, 3 if size < 1024 else 1)
        if command.failed:
            cells = [_said(command), "", "", ""]
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
        rows.append(f"| {size} | {weights:,} | {' | '.join(cells)} |")
    head = (
        "| H | Parameters | CPU time | Peak memory | All files | Largest |\n"
        "| ---: | ---: | ---: | ---: | ---: | --- |"
    )
    return "\n".join([head, *rows])


def _said(command: Command) -> str:
    return f"cannot be drawn: {command.failed.partition(', expected')[0]}"


def machine() -> str:
    """Where and when this was measured."""
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


def main(page: str | None = None) -> None:
    """Print the tables, or write them into a page below its mark."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, "model", 3, 2)
        held, others = beside_others(folder)
        held += [*large.held(folder), *sites.held(folder / "sites")]
        text = (
            f"{machine()}\n\n## Bars\n\n{bars(held)}\n\n"
            f"## Beside other tools\n\n{others}\n\n"
            f"## By size\n\n{by_size(folder)}\n\n"
            f"## Builds of this site\n\n{builds(folder / 'project')}\n"
        )
    if page is None:
        print(text)
    else:
        path = Path(page)
        above = path.read_text(encoding="utf-8").partition(MARK)[0]
        path.write_text(f"{above}{MARK}\n{text}", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(check())
    main(*sys.argv[1:2])
