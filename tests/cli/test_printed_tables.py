"""Compare the tables of `trace`, `units`, `list` and `inspect` with their JSON."""

import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from lstm_figs import cli
from lstm_figs.model import label_ranking, units
from lstm_figs.sources import Source
from tests.load import saving
from tests.test_command import run

TEXT = 'f(a) + "b(" (c) ((d)) "e)" (g(h)) (i)'
SIZES = "--input-size 4 --hidden-size 3 --num-layers 2 --bidirectional --seq-len 5 --batch-size 2"
TOKENS = ["step 3", "b: c", "output", "é"]
"""Names of steps with a space, a colon, the name of a row, and an accent."""

SOURCES = [
    "",
    f"--network brackets --text '{TEXT}'",
    SIZES,
    f"{SIZES} --proj-size 2 --no-bias --dtype float64",
    "--input-size 2 --hidden-size 9 --seq-len 40 --seed 3",
    "--set x[1,0,0]=nan --set lstm.bias_ih_l0[5]=inf",
    "--weights cell.npz --input x.npy --tokens tokens.json",
]


@pytest.fixture(autouse=True)
def files(folder):
    saving.as_npz(torch.nn.LSTMCell(3, 2), "cell.npz")
    np.save("x.npy", np.random.RandomState(0).randn(4, 3).astype(np.float32))
    Path("tokens.json").write_text(json.dumps(TOKENS))


def text_and_json(command, source):
    line = f"lstm-figs {command} {source}"
    return run(line).decode(), json.loads(run(f"{line} --json"))


def lines_of(text):
    return [" ".join(line.split()) for line in text.splitlines()]


def assert_near(seen, expected):
    np.testing.assert_allclose(seen, expected, rtol=0, atol=1e-6)


def printed_rows(name, rows):
    return f"{name} " + " | ".join(" ".join(f"{float(n):.6f}" for n in row) for row in rows)


@pytest.mark.parametrize("source", SOURCES)
def test_a_trace_prints_the_numbers_of_its_json_by_their_names(source):
    out, printed_json = text_and_json("trace", source)
    parts = {(step["layer"], step["direction"]) for step in printed_json["steps"]}
    tokens = {"": None, "--network": TEXT, "--weights": TOKENS}.get(source.split(" ")[0])
    expected = []
    for step in printed_json["steps"]:
        t, layer, direction = (step.pop(name) for name in ("t", "layer", "direction"))
        place = f", layer {layer}, {direction}" if len(parts) > 1 else ""
        token = f": {tokens[t].replace(' ', '␣')}" if tokens else ""
        expected += [f"step {t + 1}{place}{token}", *itertools.starmap(printed_rows, step.items())]
    expected.append(f"output {np.shape(printed_json['output'])}")
    expected += [printed_rows(name, rows) for name in ("h_n", "c_n") for rows in printed_json[name]]
    assert lines_of(out) == expected


def series_of(source):
    """Gates and states of the first sequence of a layer, in the order in which it is run."""
    layer, is_reverse = "--layer 1" in source, "--reverse" in source
    plain = re.sub("--layer 1|--reverse", "", source)
    own = [
        step
        for step in json.loads(run(f"lstm-figs trace {plain} --json"))["steps"]
        if (step["layer"], step["direction"] == "reverse") == (layer, is_reverse)
    ]
    order = -1 if is_reverse else 1
    return {name: np.array([step[name][0] for step in own[::order]], float) for name in "ifogch"}


def two_decimals(number):
    return f"{number:.2f}"


UNITS = [
    "",
    "--network brackets",
    f"{SIZES} --layer 1",
    f"{SIZES} --proj-size 2 --reverse",
    "--input-size 2 --hidden-size 9 --seq-len 40 --set lstm.bias_hh_l0[11]=5",
    "--input-size 1 --hidden-size 2 --set lstm.bias_hh_l0[4]=nan",
]
"""Options of a source, perhaps with those of a layer."""


@pytest.mark.parametrize("source", UNITS)
def test_units_prints_its_json_and_both_are_of_the_steps(source):
    out, printed_json = text_and_json("units", source)
    of = series_of(source)
    lives = units.lifetimes(of["f"])
    heads, *lines = [line for line in lines_of(out) if "This is" not in line]
    assert heads == (
        "unit lasts i open shut f open shut o open shut c min max h min max r(c, step)"
    )
    assert [lives[entry["unit"]] for entry in printed_json] == sorted(lives)[::-1]
    assert sorted(entry["unit"] for entry in printed_json) == [*range(len(lives))]
    for line, entry in zip(lines, printed_json, strict=True):
        k = entry["unit"]
        life = None if lives[k] == np.inf else lives[k]
        c = of["c"][:, k]
        moves = np.isfinite(c).all() and c.std() > 1e-9
        r = np.corrcoef(c, range(len(c)))[0, 1] if moves else 0
        assert (entry["life"], entry["labels"]) == (life, {})
        np.testing.assert_allclose(entry["step_r"], r, rtol=0, atol=1e-5)
        cells = [k, "all" if life is None else f"{life:g}"]
        for gate in "ifo":
            shares = ((of[gate][:, k] > 0.9).mean(), (of[gate][:, k] < 0.1).mean())
            assert_near([entry["open"][gate], entry["shut"][gate]], shares)
            cells += map(two_decimals, shares)
        assert (entry["h"] is None) == ("--proj-size" in source)
        for state in "ch":
            if entry[state] is not None:
                own = of[state][:, k]
                assert_near([*map(float, entry[state])], [own.min(), own.max()])
                cells += (f"{float(end):.3g}" for end in entry[state])
        assert line == " ".join(map(str, [*cells, f"{entry['step_r']:.3g}"]))


@pytest.mark.parametrize("source", UNITS)
def test_writes_adds_up_to_c_and_prints_the_end_of_its_json(source):
    out, printed_json = text_and_json("writes", source)
    of = series_of(source)
    before = np.concatenate([0 * of["c"][:1], of["c"][:-1]])
    # Rounding errors of all steps add up.
    magnitudes = np.cumsum(abs(of["f"] * before) + abs(of["i"] * of["g"]), axis=0)
    margin = 4 * np.finfo(np.float32).eps * np.nan_to_num(magnitudes)
    printed = [line.split() for line in lines_of(out) if line[:1].isdigit()]
    last = printed_json["steps"][-1]
    assert f"c after step {last} is the sum of these; step 0 is the initial state." in out
    heads = lines_of(out)[0]
    for entry in printed_json["units"]:
        k = entry["unit"]
        for t, row in enumerate(entry["after"]):
            assert (row["step"], len(row["writes"])) == (printed_json["steps"][t], t + 1)
            total = sum(map(float, [row["initial"], *row["writes"]]))
            assert np.isclose(total, of["c"][t, k], 0, margin[t, k], equal_nan=True)
            assert np.isclose(float(row["c"]), of["c"][t, k], 0, 0, equal_nan=True)
        # The table has columns for some of the units, at the end of each line.
        if f"unit {k}" in heads:
            column = heads[heads.index("unit") :].split()[1::2].index(str(k)) + 1
            ends = [row["initial"], *row["writes"]]
            cells = [line[-len(heads.split("unit")) + column] for line in printed]
            assert cells == [f"{float(end):z.4f}" for end in ends]


def test_units_says_which_sequence_it_read_and_reads_another_so():
    out, _ = text_and_json("units", SIZES)
    *table, layer, sentence = out.splitlines()
    assert layer.endswith("layer 0, forward; --layer K, from 0 to 1, or --reverse reads another.")
    assert sentence == "This is only sequence 1 of 2; --sample K, from 0 to 1, reads another."
    first, last = (
        run(f"lstm-figs units {SIZES} --sample {k}").decode().splitlines() for k in (0, 1)
    )
    assert first == [*table, layer] != last
    assert cli.main(f"units {SIZES} --sample 2".split()) == 2


TOO_FEW = (
    r"f: true at 1 of 37 steps; units are ranked for (\d+) steps or more, of which at least "
    r"(\d+) are true and \2 are not; pass a longer input, such as several sequences one after "
    r"the other"
)
LABELS = {
    "in quotes": [TEXT[:k].count('"') % 2 == 1 for k in range(len(TEXT))],
    "open": [character == "(" for character in TEXT],
    "odd": [k % 2 == 1 for k in range(len(TEXT))],
    "after (": [False, *(character == "(" for character in TEXT[:-1])],
    "f": [character == "f" for character in TEXT],
}
"""Label -> whether it is true, for each step."""


METHOD = (
    "AUC of the best of 2 units, by c or by h. Second half: the best unit of the first half, "
    "tested on the second. Chance: the best unit for the same labels, shifted so far that they "
    "correlate with themselves by at most (0\\.\\d+); "
    "p is the share of shifts with at least this AUC. Untrained: the best unit of (\\d+) "
    "untrained modules of this form; if it does as well, random weights are enough to predict "
    "the label."
)


def test_units_says_of_labels_what_its_json_says_and_what_is_found():
    Path("labels.json").write_text(json.dumps(LABELS))
    source = f"--network brackets --text '{TEXT}'"
    out, printed_json = text_and_json("units", f"{source} --labels labels.json")
    trace, of = Source(network="brackets", text=TEXT).trace(), series_of(source)
    states = np.hstack([of["c"], of["h"]])
    heads, *lines, few, how = lines_of(out)
    likeness, modules = re.fullmatch(METHOD, how).groups()
    assert float(likeness) == label_ranking.MAX_LIKENESS
    fresh = [
        label_ranking.untrained(trace.weights[0], trace.x[:, 0], seed)
        for seed in range(int(modules))
    ]
    assert heads == "label true unit AUC second half chance 95 % token alone untrained"
    rivals = []
    for line, name in zip(lines, [*LABELS][:-1], strict=True):
        true = np.array(LABELS[name])
        best = label_ranking.best(states, true, fresh, TEXT)
        areas = label_ranking.two_sided_auc(label_ranking.areas(states, true)).reshape(2, -1)
        for entry in printed_json:
            own = best.unit == entry["unit"]
            assert entry["labels"][name] == pytest.approx(
                {
                    "auc": areas[:, entry["unit"]].max(),
                    "chance": best.chance,
                    "token": best.token,
                    "untrained": best.untrained,
                    "second_half": best.second_half if own else None,
                }
            )
        results = best.auc, best.second_half, best.chance, best.token, best.untrained
        cells = [name, f"{true.sum()}/{len(TEXT)}", f"{best.unit} {best.state}"]
        cells += [*map(two_decimals, results), f"{best.verdict} (p = {best.p:.2g})"]
        assert line == " ".join(cells)
        rivals.append(best.rival)
    assert {*rivals} == {"", "chance", "the token", "an untrained module"}
    least, fewest = map(int, re.fullmatch(TOO_FEW, few).groups())
    assert all(entry["labels"]["f"] is None for entry in printed_json)
    for count, true in itertools.product((least - 1, least), range(least)):
        enough = count >= least and fewest <= true <= count - fewest
        assert label_ranking.is_ranked(np.arange(count) < true) == enough


def test_list_prints_the_names_summaries_and_options_of_its_json():
    out, printed_json = text_and_json("list", "")
    figures, sheets = out.split("\n\n")
    heading, *below = sheets.splitlines()
    assert heading == "Sheets have their own sizes, and all does not include them:"
    for is_sheet, lines in ((False, figures.splitlines()), (True, below)):
        own = [entry for entry in printed_json if entry["sheet"] == is_sheet]
        for line, entry in zip(lines, own, strict=True):
            words = [entry["name"], entry["summary"], *entry["options"]]
            assert line.split() == " ".join(words).split()
            if is_sheet:
                assert cli.main(f"draw {entry['name']} --width 700".split()) == 2


FILES = {
    "several": torch.nn.ModuleDict(
        {
            "encoder": torch.nn.LSTM(5, 9, 3, bidirectional=True),
            "small": torch.nn.LSTM(4, 3, proj_size=2, bias=False),
            "d": torch.nn.LSTMCell(2, 1),
            "embedding": torch.nn.Embedding(7, 5),
        }
    ),
    "one": torch.nn.LSTM(3, 2).double(),
    "upper": torch.nn.LSTM(3, 2, num_layers=2),
    "both": torch.nn.LSTM(3, 2, bidirectional=True),
}


OF_CELLS = {"num_layers": 1, "bidirectional": False, "proj_size": 0}


@pytest.mark.parametrize("name", FILES)
def test_inspect_prints_its_json_which_is_that_of_the_modules(name):
    torch.save(FILES[name].state_dict(), f"{name}.pt")
    out, printed_json = text_and_json("inspect", f"{name}.pt")
    table, *tensors, _ = out.split("\n\n")
    heads, *lines = lines_of(table)
    for line, entry, part in zip(lines, printed_json, tensors, strict=True):
        module = FILES[name].get_submodule(entry["module"])
        parameters = {n: p.detach() for n, p in module.named_parameters()}
        assert entry == {
            "module": entry["module"],
            "kind": type(module).__name__,
            "input_size": module.input_size,
            "hidden_size": module.hidden_size,
            **{name: getattr(module, name, value) for name, value in OF_CELLS.items()},
            "bias": bool(module.bias),
            "dtype": str(next(module.parameters()).dtype).removeprefix("torch."),
            "parameters": sum(parameter.numel() for parameter in parameters.values()),
        }
        assert heads == " ".join(entry)
        assert line == " ".join(str(v) or '""' for v in entry.values())
        heads_of, *rows = lines_of(part)
        assert heads_of == "tensor shape min max mean largest at"
        for row, (base, parameter) in zip(rows, parameters.items(), strict=True):
            prefix = entry["module"] and f"{entry['module']}."
            start, at = row.split(" [")
            at = tuple(json.loads(f"[{at.partition(']')[0]}]"))
            assert parameter[at].abs() == parameter.abs().max()
            exact = parameter.double()
            statistics = [
                f"{float(value):.4g}" for value in (exact.min(), exact.max(), exact.mean())
            ]
            expected = f"{prefix}{base} {tuple(parameter.shape)} {' '.join(statistics)}"
            assert start == expected


ADVICE = {
    "several": "units unit-map reading writes --weights several.pt --module encoder … (steps, 5); "
    "this draws layer 0 forward: add --layer K, from 1 to 2 or --reverse for others",
    "one": "",
    "upper": "; this draws layer 0: add --layer 1 for others",
    "both": "; this draws layer 0 forward: add --reverse for others",
}
"""Name in `FILES` -> the advice, or what follows that for few units; … is the input."""
FEW_UNITS = "reading writes keep-write-show gates-over-time --weights {}.pt … (steps, 3)"


@pytest.mark.parametrize("name", FILES)
def test_inspect_says_what_to_draw(name):
    torch.save(FILES[name].state_dict(), f"{name}.pt")
    advice = run(f"lstm-figs inspect {name}.pt").decode().splitlines()[-1]
    tokens = " --tokens tokens.json" * (name == "several")
    reads = f"--input x.npy{tokens}, where x.npy holds the LSTM's input, of shape"
    start = "" if name == "several" else FEW_UNITS.format(name)
    expected = (start + ADVICE[name]).replace("…", reads)
    expected = expected.replace(")", "), or let --run FILE.py:FUNCTION make model and input", 1)
    assert advice == f"worth drawing: lstm-figs draw {expected}"
    command = advice.partition(": ")[2].partition(", ")[0]
    size = int(re.search(r"\(steps, (\d)\)", advice)[1])
    np.save("x.npy", np.ones((4, size), np.float32))
    assert run(command).decode().split() == [f"{figure}.svg" for figure in command.split()[2:6]]
    for more in re.findall(r"--layer 1|--reverse", advice):
        run(f"{command} {more}")
