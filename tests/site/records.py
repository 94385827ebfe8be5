"""Numbers recorded with the scripts in docs/code, for facts."""

import json
import math
import re
import statistics
from datetime import date
from functools import cache
from pathlib import Path
from statistics import NormalDist

from lstm_figs.sources.networks import training
from tests.doc_scripts import load
from tests.site.conftest import ROOT

BRACKETS = "docs/code/brackets.json"
CLASSIFIERS = "docs/code/classifier.json"


@cache
def names_of(path):
    record = json.loads((ROOT / path).read_text("utf-8"))
    return {**record, **HELPERS.get(Path(path).stem, lambda _: {})(record)}


def of_brackets(record):

    def of(kind, units):
        return [
            network
            for network in record["networks"]
            if (network["kind"], network["units"]) == (kind, units)
        ]

    (shipped,) = [
        network for network in record["networks"] if record["shipped"].items() <= network.items()
    ]
    return {"of": of, "shown": shipped, "count": 1000}


def of_classifiers(record):

    def of(kind, group="OPPOSED"):
        return [n[group] for n in record["networks"] if n["kind"] == kind]

    def share(right, count):
        """Wilson's 95 % confidence interval of the share that is right."""
        z = NormalDist().inv_cdf(0.975)
        middle = (right + z * z / 2) / (count + z * z)
        wrong = count - right
        half = z * math.sqrt(right * wrong / count + z * z / 4)
        half /= count + z * z
        return middle - half, middle + half

    return {"of": of, "load": load, "share": share}


def of_characters(_):
    script = load("characters")
    text = (ROOT / "docs/code" / script.TEXT).read_text("utf-8")
    return {"script": script, "text": text, "math": math}


def of_reader(record):

    def ahead(unit, name):
        worth = record["worth"][name]
        return sum(value > worth[unit] for value in worth)

    sample = (ROOT / "docs/code/python_sample.txt").read_text("ascii")
    script = load("python_model")
    return {"ahead": ahead, "script": script, "sample": sample}


def of_forecasts(record):
    rows = [line.split() for line in record["printed"].splitlines()[1:]]
    _, retained, cleared = zip(*(map(float, row) for row in rows), strict=True)
    return {"kept": retained, "cleared": cleared}


def of_streaming(record):

    def of(call, size):
        return record["microseconds"][str(size)][call]

    return {"of": of}


def of_cells(record):
    of = record["milliseconds"]

    def slower(cell, what, than="LSTM"):
        return [
            milliseconds[f"{cell}, {what}"] / milliseconds[f"{than}, {what}"]
            for milliseconds in of.values()
        ]

    day = date.fromisoformat(record["date"])
    day_text = f"{day.day} {day:%B %Y}"
    script = load("measure_custom_cell")
    return {"of": of, "slower": slower, "day": day_text, "script": script}


def of_programs(_):
    names = {"programs": "not_learning", "script": "why_not_learning"}
    return {"math": math} | {k: load(name) for k, name in names.items()}


def of_sequences(record):
    pairs = re.findall(r"next token ([\d.]+)%, whole sequences (\d+) of", record["printed"])
    lines = [(float(share), int(count)) for share, count in pairs]
    return {"lines": lines, "script": load("seq2seq")}


def of_ahead(record):
    head, *lines, _ = record["printed"].splitlines()
    _, *names = re.split(r"  +", head)
    columns = zip(*(map(float, line.split()) for line in lines), strict=True)
    errors = dict(zip(["ahead", *names], columns, strict=True))
    return {"errors": errors, "script": load("ahead")}


def of_gradients(record):

    def of(kind, units, batches, forget_bias):
        conditions = {"kind": kind, "units": units, "batches": batches, "forget_bias": forget_bias}
        return [network for network in record["networks"] if conditions.items() <= network.items()]

    script = load("measure_gradient")
    new = of("LSTM", 2, 0, False)
    lstms = of("LSTM", 2, script.BATCHES, True)
    rnns = of("RNN", 8, script.BATCHES, False)
    return {"of": of, "script": script, "new": new, "lstms": lstms, "rnns": rnns}


def of_products(record):

    def of(writes):
        wanted = {"writes": writes, "units": 2}
        return [network for network in record["networks"] if wanted.items() <= network.items()]

    def median(key, writes):
        return statistics.median(network[key] for network in of(writes))

    counting = [network for network in of("i sigmoid") if network["right_60"] > 900]
    modules = {"load": load, "math": math, "statistics": statistics}
    return {"of": of, "median": median, "counting": counting} | modules


def of_learning(_):
    brackets = names_of(BRACKETS)
    ended = {n["seed"]: n["right_60"] for n in brackets["of"]("LSTM", 2)}
    return {"noted": training(), "of_brackets": ended}


HELPERS = {
    "brackets": of_brackets,
    "classifier": of_classifiers,
    "characters": of_characters,
    "python_model": of_reader,
    "forecast": of_forecasts,
    "streaming": of_streaming,
    "custom_cell": of_cells,
    "not_learning": of_programs,
    "seq2seq": of_sequences,
    "ahead": of_ahead,
    "learning": of_learning,
    "adding": lambda _: {"script": load("measure_adding")},
    "gradient": of_gradients,
    "product": of_products,
}
"""Record -> a function that computes more names from it."""
