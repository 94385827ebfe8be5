"""Check that nothing became slower or larger, by the best of three ratios.

Ratios of interleaved runs vary less with the load of a machine than times.
"""

import sys
import tempfile
import time
import traceback
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from statistics import median
from typing import NamedTuple

import torch

import lstm_figs
from tests.distributions import all_requirements

from . import keys, sites
from .bars import BARS, FLOORS, make_files
from .measure import ROOT, measure, python

ATTEMPTS = 3
"""How often a bar is measured before a value beyond it counts."""

ROUNDS = 3

WEIGHTS = ("weight-map", "hidden-size", "perceptron", "four-weights", "cell-input")
"""Figures of weights, which must fold large matrices to be fast."""

MAX_INSTALLED_GB = 1.05
"""The most that `scripts/serve` may install, in GB."""

FEW, MANY = 256, 1024
"""Sizes whose numbers of weights are in the ratio of one to sixteen."""


class Ratio(NamedTuple):
    measured: float
    most: float


def commands(folder):
    make_files(folder, "model", 3, 2)
    floors = {name: python(code) for name, code in FLOORS.items()}
    own_commands = {what: bar.command() for what, bar in BARS.items()}
    everything = [*floors.values(), *own_commands.values()]
    measure(everything, folder, ROUNDS)
    for command in everything:
        if command.error:
            raise SystemExit(command.error)
    return {
        f"{what}, beside `import {BARS[what].floor}`": Ratio(
            command.ratio(floors[BARS[what].floor]), BARS[what].most
        )
        for what, command in own_commands.items()
    }


def builds(folder):
    """The time of a build after no change, or of a sentence."""
    return {
        "a build in which nothing changed, beside one without figures": Ratio(
            sites.warm_build_ratio(folder / "sites", ROUNDS), sites.WARM
        ),
        "a changed sentence of a page that is named, beside all pages": Ratio(
            sites.named_page_ratio(folder / "sites"), sites.NAMED
        ),
    }


def listings(_):
    """The times of ways to run a step, which pages quote, on this machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    sys.path.insert(0, str(ROOT / "docs" / "code"))
    try:
        step = import_module("measure_streaming").microseconds(64)
        loop = import_module("measure_custom_cell").milliseconds(16, False)
    finally:
        sys.path.pop(0)
        torch.set_num_threads(threads)
    ratios = {
        "a step of one call, beside one of `LSTMCell`": step["one call"] / step["LSTMCell"],
        "a step of `LSTMCell`, beside one of `LSTM`": step["LSTMCell"] / step["LSTM"],
    }
    for what in ("call", "training"):
        name = f"{what} of `LSTM`, beside that of a cell in a loop"
        ratios[name] = loop[f"LSTM, {what}"] / loop[f"cell, {what}"]
    return {what: Ratio(ratio, 1) for what, ratio in ratios.items()}


def growth(_):
    """How much slower figures of weights become with more weights."""
    traces = [
        lstm_figs.trace(torch.nn.LSTM(size, size), torch.randn(2, 1, size)) for size in (FEW, MANY)
    ]
    ratios = {}
    for name in WEIGHTS:
        few, many = (median(_seconds(name, trace) for _ in range(ROUNDS)) for trace in traces)
        what = f"`{name}` of {MANY:,} units, beside {FEW}"
        ratios[what] = Ratio(many / few, (MANY / FEW) ** 2)
    return ratios


def _seconds(name, trace):
    start = time.process_time()
    lstm_figs.draw(name, trace).render("svg", "auto")
    return time.process_time() - start


def typing_costs(folder):
    """The cost of a key and of loading, for a figure of the page."""
    key, load = keys.costs(folder)
    return {
        "a key in `reading`, beside replacing the drawing": Ratio(key, keys.MAX_KEY_COST),
        f"ms that a load adds, {keys.SLOWDOWN} times slower": Ratio(load, keys.LONG_TASK_MS),
    }


def installed_size(_):
    """The size of what `scripts/serve` installs, with torch's build for CPUs."""
    if torch.version.cuda:
        return {}
    distributions = all_requirements(distribution("lstm-figs"), "torch", "site").values()
    files = [Path(package.locate_file(f)) for package in distributions for f in package.files or ()]
    size = sum(file.stat().st_size for file in files if file.exists())
    return {"GB that `scripts/serve` installs": Ratio(size / 1e9, MAX_INSTALLED_GB)}


GROUPS = (commands, builds, listings, growth, typing_costs, installed_size)


def best_ratios(group, folder):
    """The best ratios of a group; repeat while one exceeds its limit."""
    ratios = group(folder)
    for _ in range(ATTEMPTS - 1):
        if all(ratio.measured <= ratio.most for ratio in ratios.values()):
            break
        again = group(folder)
        ratios = {what: min(ratios[what], again[what]) for what in ratios}
    return ratios


def check():
    code = 0
    for group in GROUPS:
        with tempfile.TemporaryDirectory() as name:
            try:
                ratios = best_ratios(group, Path(name))
            except (Exception, SystemExit):
                # Other groups may still succeed.
                traceback.print_exc()
                code = 1
                continue
        for what, ratio in ratios.items():
            beyond = ratio.measured > ratio.most
            code |= beyond
            print(
                f"{'BEYOND' if beyond else 'within'} {ratio.most:g}: {ratio.measured:.2f}, {what}",
                flush=True,
            )
    return code
