"""Each figure of a large module: time, memory and the size of its file."""

from collections.abc import Iterable
from pathlib import Path

from lstm_figs.figures import CATALOG

from .bars import make
from .measure import Command, Held, draw, measure, python

SIZES = 64, 4096
"""input_size and hidden_size."""

SECONDS, MIB, KB = 3.0, 600.0, 300.0
"""The most that a figure may take from a `.safetensors` file, and its file."""

TIMES = 1.3
"""How many times what making or loading the module takes, from elsewhere."""

AGAIN = 5
"""Rounds in which a figure is drawn again that one run puts beyond a bar."""

ELSEWHERE = {
    "sizes": (
        "import torch; torch.nn.LSTM({}, {})".format(*SIZES),
        "--input-size {} --hidden-size {}".format(*SIZES),
    ),
    ".pt": (
        "import torch; torch.nn.LSTM({}, {}).load_state_dict(torch.load('large.pt'))".format(
            *SIZES
        ),
        "--weights large.pt",
    ),
}
"""Source -> the least that makes or loads the module, and its options."""


def held(folder: Path) -> list[Held]:
    """The bars, each with the figure that comes nearest to it or is beyond."""
    make(folder, "large", *SIZES)
    found = drawn(folder, "--weights large.safetensors")
    beyond = [
        command for command in found.values() if command.time() > SECONDS or command.peak() > MIB
    ]
    measure(beyond, folder, AGAIN)
    files = {n: (folder / f"{n}.svg").stat().st_size / 1000 for n in found}
    rows = [
        _row("CPU time", {n: c.time() for n, c in found.items()}, SECONDS, "s"),
        _row("memory", {n: c.peak() for n, c in found.items()}, MIB, "MiB"),
        _row("file", files, KB, "kB"),
    ]
    takes = {"CPU time": Command.time, "memory": Command.peak}
    for source, (code, options) in ELSEWHERE.items():
        floor = python(code)
        measure([floor], folder, AGAIN)
        found = drawn(folder, options)
        beyond = [
            command
            for command in found.values()
            if any(t(command) > TIMES * t(floor) for t in takes.values())
        ]
        measure([floor, *beyond] if beyond else [], folder, AGAIN)
        for what, take in takes.items():
            ratios = {n: take(c) / take(floor) for n, c in found.items()}
            rows.append(_row(f"{what}, from {source}", ratios, TIMES, "×"))
    return rows


def _row(what: str, found: dict[str, float], most: float, unit: str) -> Held:
    """A bar, and all that are beyond it or else the one next to it."""
    order = sorted(found, key=found.__getitem__, reverse=True)
    beyond = [name for name in order if found[name] > most]
    digits = 0 if most > 10 else 2
    said = ", ".join(f"{found[name]:.{digits}f} (`{name}`)" for name in beyond or order[:1])
    return Held(f"A figure of {SIZES[1]:,} units: {what}", f"{most:g} {unit}", said, not beyond)


def drawn(folder: Path, options: str, names: Iterable[str] = CATALOG) -> dict[str, Command]:
    """Each figure, drawn once to a file of its name."""
    found = {name: draw(name, *options.split(), "--out", f"{name}.svg") for name in names}
    for command in found.values():
        command.run(folder)
        if command.failed:
            raise SystemExit(command.failed)
    return found
