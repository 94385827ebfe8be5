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
FREE_TEXT = "docs/code/free_text.json"
CHARACTERS = "docs/code/characters.json"
READER = "docs/code/python_model.json"
FORECASTS = "docs/code/forecast.json"
STREAMING = "docs/code/streaming.json"
CELLS = "docs/code/custom_cell.json"
NOT_LEARNING = "docs/code/not_learning.json"
SEQUENCES = "docs/code/seq2seq.json"
AHEAD = "docs/code/ahead.json"
LEARNING = "docs/code/learning.json"
ADDING = "docs/code/adding.json"
GRADIENT = "docs/code/gradient.json"
PRODUCT = "docs/code/product.json"


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

    def of(way, size):
        return record["microseconds"][str(size)][way]

    return {"of": of}


def of_cells(record):
    of = record["milliseconds"]

    def slower(way, what, than="LSTM"):
        return [
            milliseconds[f"{way}, {what}"] / milliseconds[f"{than}, {what}"]
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


def of_products(record: dict[str, Any]) -> dict[str, Any]:
    """Helpers: the networks `of` two units that write in a way, and their `median`."""

    def of(writes: str) -> list[dict[str, Any]]:
        wanted = {"writes": writes, "units": 2}
        return [network for network in record["networks"] if wanted.items() <= network.items()]

    def median(key: str, writes: str) -> float:
        return statistics.median(network[key] for network in of(writes))

    counting = [network for network in of("i sigmoid") if network["right_60"] > 900]
    modules = {"load": load, "math": math, "statistics": statistics}
    return {"of": of, "median": median, "counting": counting} | modules


def of_learning(_: dict[str, Any]) -> dict[str, Any]:
    brackets = names_of(BRACKETS)
    ended = {n["seed"]: n["right_60"] for n in brackets["of"]("LSTM", 2)}
    return {"noted": training(), "of_brackets": ended}


RECORDS = {
    BRACKETS: of_brackets,
    CLASSIFIERS: of_classifiers,
    FREE_TEXT: lambda _: {},
    CHARACTERS: of_characters,
    READER: of_reader,
    FORECASTS: of_forecasts,
    STREAMING: of_streaming,
    CELLS: of_cells,
    NOT_LEARNING: of_programs,
    SEQUENCES: of_sequences,
    AHEAD: of_ahead,
    LEARNING: of_learning,
    ADDING: lambda _: {"script": load("measure_adding")},
    GRADIENT: of_gradients,
    PRODUCT: of_products,
}
