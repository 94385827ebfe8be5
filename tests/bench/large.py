"""Each figure of a large module: time, memory and file size."""

from lstm_figs.figures import CATALOG

from .bars import make_files
from .measure import Command, Result, draw, measure, python

SIZES = 64, 4096
"""input_size and hidden_size."""

SECONDS, MIB, KB = 3.0, 600.0, 300.0
"""The most time and memory for a figure from a `.safetensors` file, and its size."""

MAX_RATIO = 1.3
"""The most time from other sources, relative to making or loading the module."""

EXTRA_ROUNDS = 5
"""How often a figure is drawn again if one run exceeds a limit."""

OTHER_SOURCES = {
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
"""Source -> the least code that makes or loads the module, and the options."""


def results(folder):
    """The table of figures of a large module."""
    make_files(folder, "large", *SIZES)
    commands = figure_commands(folder, "--weights large.safetensors")
    heavy = [
        command for command in commands.values() if command.time() > SECONDS or command.peak() > MIB
    ]
    measure(heavy, folder, EXTRA_ROUNDS)
    files = {n: (folder / f"{n}.svg").stat().st_size / 1000 for n in commands}
    rows = [
        _row("CPU time", {n: c.time() for n, c in commands.items()}, SECONDS, "s"),
        _row("memory", {n: c.peak() for n, c in commands.items()}, MIB, "MiB"),
        _row("file", files, KB, "kB"),
    ]
    takes = {"CPU time": Command.time, "memory": Command.peak}
    for source, (code, options) in OTHER_SOURCES.items():
        floor = python(code)
        measure([floor], folder, EXTRA_ROUNDS)
        commands = figure_commands(folder, options)
        heavy = [
            command
            for command in commands.values()
            if any(t(command) > MAX_RATIO * t(floor) for t in takes.values())
        ]
        measure([floor, *heavy] if heavy else [], folder, EXTRA_ROUNDS)
        for what, take in takes.items():
            ratios = {n: take(c) / take(floor) for n, c in commands.items()}
            rows.append(_row(f"{what}, from {source}", ratios, MAX_RATIO, "×"))
    return rows


def _row(what, values, most, unit):
    """A row with a limit, and all figures beyond it or else the closest one."""
    order = sorted(values, key=values.__getitem__, reverse=True)
    beyond = [name for name in order if values[name] > most]
    digits = 0 if most > 10 else 2
    measured = ", ".join(f"{values[name]:.{digits}f} (`{name}`)" for name in beyond or order[:1])
    return Result(
        f"A figure of {SIZES[1]:,} units: {what}", f"{most:g} {unit}", measured, not beyond
    )


def figure_commands(folder, options, names=CATALOG):
    commands = {name: draw(name, *options.split(), "--out", f"{name}.svg") for name in names}
    for command in commands.values():
        command.run(folder)
        if command.error:
            raise SystemExit(command.error)
    return commands
