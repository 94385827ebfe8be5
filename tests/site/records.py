"""Numbers recorded with the scripts in docs/code, for facts.

Each `of_RECORD` takes a record, and returns more names for the expressions of its facts.
"""

import json
import math
import re
import statistics
from datetime import date
from functools import cache
from statistics import NormalDist

from lstm_figs.sources.networks import training
from tests.doc_scripts import CODE, load


@cache
def names_of(name):
    """The keys of a record with their values, and the names computed from it."""
    record = json.loads((CODE / f"{name}.json").read_text("utf-8"))
    helper = globals().get(f"of_{name}")
    return record | (helper(record) if helper else {})


def networks(record, **conditions):
    """The networks of a record with these values."""
    return [network for network in record["networks"] if conditions.items() <= network.items()]


def of_brackets(record):

    def of(kind, units):
        """The networks of an architecture, with different seeds."""
        return networks(record, kind=kind, units=units)

    (shipped,) = networks(record, **record["shipped"])
    # Each network answered for 1,000 fresh strings.
    return {"of": of, "shown": shipped, "count": 1000}


def of_classifier(record):

    def of(kind, group="OPPOSED"):
        """How many reviews of a group each network of a kind gets right."""
        return [network[group] for network in networks(record, kind=kind)]

    def share(right, count):
        """Wilson's 95 % confidence interval of the share that is right."""
        z = NormalDist().inv_cdf(0.975)
        middle = (right + z * z / 2) / (count + z * z)
        wrong = count - right
        half_width = z * math.sqrt(right * wrong / count + z * z / 4) / (count + z * z)
        return middle - half_width, middle + half_width

    return {"of": of, "share": share}


def of_characters(_):
    script = load("characters")
    text = (CODE / script.TEXT).read_text("utf-8")
    return {"script": script, "text": text}


def of_python_model(record):

    def ahead(unit, name):
        """How many units rank before this one for a kind of character."""
        worth = record["worth"][name]
        return sum(value > worth[unit] for value in worth)

    sample = (CODE / "python_sample.txt").read_text("ascii")
    script = load("python_model")
    return {"ahead": ahead, "script": script, "sample": sample}


def of_forecast(record):
    rows = [line.split() for line in record["printed"].splitlines()[1:]]
    _, retained, cleared = zip(*(map(float, row) for row in rows), strict=True)
    return {"kept": retained, "cleared": cleared}


def of_streaming(record):

    def of(call, size):
        return record["microseconds"][str(size)][call]

    return {"of": of}


def of_custom_cell(record):
    of = record["milliseconds"]

    def slower(cell, what, than="LSTM"):
        """The ratios of times of two cells, one for each size."""
        return [
            milliseconds[f"{cell}, {what}"] / milliseconds[f"{than}, {what}"]
            for milliseconds in of.values()
        ]

    day = date.fromisoformat(record["date"])
    day_text = f"{day.day} {day:%B %Y}"
    script = load("measure_custom_cell")
    return {"of": of, "slower": slower, "day": day_text, "script": script}


def of_not_learning(_):
    names = {"programs": "not_learning", "script": "why_not_learning"}
    return {k: load(name) for k, name in names.items()}


def of_seq2seq(record):
    pairs = re.findall(r"next token ([\d.]+)%, whole sequences (\d+) of", record["printed"])
    # The percentage of right tokens, and the number of right sequences.
    lines = [(float(share), int(count)) for share, count in pairs]
    return {"lines": lines, "script": load("seq2seq")}


def of_ahead(record):
    """`errors` maps a column of the printed table to its numbers."""
    head, *lines, _ = record["printed"].splitlines()
    _, *names = re.split(r"  +", head)
    columns = zip(*(map(float, line.split()) for line in lines), strict=True)
    errors = dict(zip(["ahead", *names], columns, strict=True))
    return {"errors": errors, "script": load("ahead")}


def of_gradient(record):

    def of(kind, units, batches, forget_bias):
        return networks(record, kind=kind, units=units, batches=batches, forget_bias=forget_bias)

    script = load("measure_gradient")
    new = of("LSTM", 2, 0, False)
    lstms = of("LSTM", 2, script.BATCHES, True)
    rnns = of("RNN", 8, script.BATCHES, False)
    return {"of": of, "script": script, "new": new, "lstms": lstms, "rnns": rnns}


def of_product(record):

    def of(writes):
        """The networks of two units that write this product, such as `i sigmoid`."""
        return networks(record, writes=writes, units=2)

    def median(key, writes):
        return statistics.median(network[key] for network in of(writes))

    # Right for nearly all of 1,000 strings: these learned to count.
    counting = [network for network in of("i sigmoid") if network["right_60"] > 900]
    return {"of": of, "median": median, "counting": counting, "statistics": statistics}


def of_learning(_):
    brackets = names_of("brackets")
    right_by_seed = {n["seed"]: n["right_60"] for n in brackets["of"]("LSTM", 2)}
    return {"noted": training(), "of_brackets": right_by_seed}


def of_adding(_):
    return {"script": load("measure_adding")}
