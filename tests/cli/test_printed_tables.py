"""Compare printed tables with JSON output and PyTorch."""

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
SOURCES = [
    "",
    f"--network brackets --text '{TEXT}'",
    SIZES,
    f"{SIZES} --proj-size 2 --no-bias --dtype float64",
    "--input-size 2 --hidden-size 9 --seq-len 40 --seed 3",
    "--set x[1,0,0]=nan --set lstm.bias_ih_l0[5]=inf",
    "--weights cell.npz --input x.npy --tokens tokens.json",
]
each_source = pytest.mark.parametrize("source", SOURCES)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder with the files that sources name."""
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(1)
    saving.as_npz(torch.nn.LSTMCell(3, 2), "cell.npz")
    np.save("x.npy", np.random.RandomState(0).randn(4, 3).astype(np.float32))
    Path("tokens.json").write_text('["step 3", "b: c", "output", "é"]')


def text_and_json(command, source):
    """The table that a command prints, and its JSON."""
    line = f"lstm-figs {command} {source}"
    return run(line).decode(), json.loads(run(f"{line} --json"))


def columns(lines):
    """The cells of a table, split where a column of blanks crosses all lines."""
    wide = max(map(len, lines))
    filled = [line.ljust(wide) for line in lines]
    gaps = "".join(" " if {*column} == {" "} else "x" for column in zip(*filled, strict=True))
    spans = [match.span() for match in re.finditer("x+(?: x+)*", gaps)]
    return [[line[a:b].strip() for a, b in spans] for line in filled]


def rows(text):
    return [[*map(float, row.split())] for row in text.split(" | ")]


def assert_near(seen, expected, digits=6):
    """Check that numbers equal those printed, to the decimals printed."""
    np.testing.assert_allclose(seen, np.array(expected, float), rtol=0, atol=0.51 * 10**-digits)


def parsed_trace(out):
    """The steps that `trace` prints, and the results below them, by name."""
    head = r"step (\d+)(?:, layer (\d+), (forward|reverse))?(?:: (.*))?"
    steps, results, shape = [], {}, None
    for line in out.splitlines():
        if match := re.fullmatch(head, line):
            steps.append((match.groups(), {}))
        elif line.startswith("  "):
            name, numbers = line.strip().split(maxsplit=1)
            steps[-1][1][name] = rows(numbers)
        elif line.startswith("output "):
            shape = json.loads(f"[{line[8:].strip('(),')}]")
        else:
            name, numbers = line.split(maxsplit=1)
            results.setdefault(name, []).append(rows(numbers))
    return steps, shape, results


@each_source
def test_a_trace_prints_the_numbers_of_its_json_by_their_names(source):
    out, plain = text_and_json("trace", source)
    steps, shape, results = parsed_trace(out)
    parts = {(step["layer"], step["direction"]) for step in plain["steps"]}
    tokens = {"": None, "--network": [*TEXT], "--weights": ["step 3", "b: c", "output", "é"]}.get(
        source.split(" ")[0]
    )
    for (head, seen), step in zip(steps, plain["steps"], strict=True):
        t, of = step["t"], (str(step["layer"]), step["direction"])
        assert head[0] == str(t + 1)
        assert head[1:3] == (of if len(parts) > 1 else (None, None))
        assert head[3] == (tokens[t].replace(" ", "␣") if tokens else None)
        assert [*seen] == [*step][3:]
        for name in seen:
            assert_near(seen[name], step[name])
    assert shape == [*np.shape(plain["output"])]
    assert results.keys() == {"h_n", "c_n"}
    for name, printed in results.items():
        assert_near(printed, plain[name])


def equation_results(s):
    """One step by PyTorch's equations."""
    σ, tanh = (lambda z: 1 / (1 + np.exp(-z))), np.tanh
    return {
        "i": σ(s["z_i"]),
        "f": σ(s["z_f"]),
        "g": tanh(s["z_g"]),
        "o": σ(s["z_o"]),
        "c": s["f"] * s["c_prev"] + s["i"] * s["g"],
        "tanh_c": tanh(s["c"]),
        "h": s["o"] * s["tanh_c"],
    }


@each_source
def test_a_trace_holds_to_the_equations_of_pytorch(source):
    plain = json.loads(run(f"lstm-figs trace {source} --json"))
    count, layers = len(plain["output"]), range(plain["num_layers"])
    directions = ("forward", "reverse")[: 1 + plain["bidirectional"]]
    steps = {}
    for step in plain["steps"]:
        at = [step.pop(name) for name in ("layer", "direction", "t")]
        steps[*at] = {n: np.array(rows, float) for n, rows in step.items()}
    assert [*steps] == [*itertools.product(layers, directions, range(count))]

    def output(layer, t):
        return np.concatenate([steps[layer, way, t]["h"] for way in directions], 1)

    for (layer, way, t), step in steps.items():
        before = steps.get((layer, way, t + (1 if way == "reverse" else -1)))
        equal = equation_results(step)
        if plain["proj_size"]:
            del equal["h"]
        if layer:
            equal["x"] = output(layer - 1, t)
        for name in "hc":
            last = before[name] if before else 0
            equal[f"{name}_prev"] = last
        for name, expected in equal.items():
            np.testing.assert_allclose(step[name], expected, rtol=0, atol=2e-6)
    assert_near([output(layers[-1], t) for t in range(count)], plain["output"])
    ends = {"forward": count - 1, "reverse": 0}
    for name in "hc":
        parts = itertools.product(layers, directions)
        last = [steps[layer, way, ends[way]][name] for layer, way in parts]
        assert_near(last, plain[f"{name}_n"])


def steps_of(source, layer, direction):
    """The first sequence of a layer, in the order in which it is run."""
    plain = json.loads(run(f"lstm-figs trace {source} --json"))
    own = [
        {name: np.array(step[name][0], float) for name in "ifogch"}
        for step in plain["steps"]
        if (step["layer"], step["direction"]) == (layer, direction)
    ]
    return own[::-1] if direction == "reverse" else own


UNITS = [
    ("", 0, "forward"),
    ("--network brackets", 0, "forward"),
    (f"{SIZES} --layer 1", 1, "forward"),
    (f"{SIZES} --proj-size 2 --reverse", 0, "reverse"),
    (
        "--input-size 2 --hidden-size 9 --seq-len 40 --seed 3 --set lstm.bias_hh_l0[11]=5",
        0,
        "forward",
    ),
    ("--input-size 1 --hidden-size 2 --set lstm.bias_hh_l0[4]=nan", 0, "forward"),
]


def full_heads(heads):
    """Table heads joined with the heads they continue: `shut` after `i open`."""
    named = []
    for head in heads:
        alone = head in ("shut", "max")
        named.append(f"{named[-1].split()[0]} {head}" if alone else head)
    return named


@pytest.mark.parametrize(("source", "layer", "direction"), UNITS)
def test_units_prints_its_json_and_both_are_of_the_steps(source, layer, direction):
    out, plain = text_and_json("units", source)
    alone = re.sub("--layer 1|--reverse", "", source)
    steps = steps_of(alone, layer, direction)
    of = {name: np.stack([step[name] for step in steps]) for name in "ifoch"}
    lives = units.lifetimes(of["f"])
    printed = [line for line in out.splitlines() if "sequence" not in line]
    heads, *lines = columns(printed)
    assert [lives[entry["unit"]] for entry in plain] == sorted(lives)[::-1]
    assert sorted(entry["unit"] for entry in plain) == [*range(len(lives))]
    for line, entry in zip(lines, plain, strict=True):
        k = entry["unit"]
        life = None if lives[k] == np.inf else lives[k]
        c = of["c"][:, k].astype(np.float64)
        moves = np.isfinite(c).all() and c.std() > 1e-9
        r = np.corrcoef(c, range(len(c)))[0, 1] if moves else 0
        assert (entry["life"], entry["labels"]) == (life, {})
        assert_near(entry["step_r"], r, 5)
        expected = {"unit": k, "lasts": "all" if life is None else f"{life:g}"}
        for gate in "ifo":
            shares = ((of[gate][:, k] > 0.9).mean(), (of[gate][:, k] < 0.1).mean())
            assert_near([entry["open"][gate], entry["shut"][gate]], shares)
            expected[f"{gate} open"], expected[f"{gate} shut"] = (
                f"{share:.2f}" for share in shares
            )
        for state in "ch":
            ends = ["", ""]
            if entry[state] is None:
                assert state == "h"
                assert "--proj-size" in source
            else:
                own = of[state][:, k]
                assert_near([*map(float, entry[state])], [own.min(), own.max()])
                ends = [f"{float(end):.3g}" for end in entry[state]]
            expected |= dict(zip((f"{state} min", f"{state} max"), ends, strict=True))
        expected["r(c, step)"] = f"{entry['step_r']:.3g}"
        seen = dict(zip(full_heads(heads), line, strict=True))
        assert seen == {head: str(cell) for head, cell in expected.items()}


def test_units_says_which_sequence_it_read_and_reads_another_so():
    out, _ = text_and_json("units", SIZES)
    *table, sentence = out.splitlines()
    count, low, high = map(
        int,
        re.fullmatch(
            r"This is sequence 1 of (\d+) alone; --sample K, from (\d+) to "
            r"(\d+), reads another\.",
            sentence,
        ).groups(),
    )
    assert count == 2
    first, last = (
        run(f"lstm-figs units {SIZES} --sample {k}").decode().splitlines() for k in (low, high)
    )
    assert first == table != last
    assert cli.main([*f"units {SIZES} --sample".split(), f"{high + 1}"]) == 2


LABELS = {
    "in quotes": [TEXT[:k].count('"') % 2 == 1 for k in range(len(TEXT))],
    "open": [character == "(" for character in TEXT],
    "odd": [k % 2 == 1 for k in range(len(TEXT))],
    "after (": [False, *(character == "(" for character in TEXT[:-1])],
    "f": [character == "f" for character in TEXT],
}
"""Labels of `TEXT`, each with a different result."""


METHOD = re.compile(
    r"AUC of the best of (\d+) units, by c or by h\. Second half: the best of "
    r"the first half\. Chance: the best for the same labels moved by 1 to "
    r"(\d+) steps; p is the share of these that are told as well\. Untrained: "
    r"the best of (\d+) modules of this form before training\."
)
TOO_FEW = re.compile(
    r"f: true at (\d+) of (\d+) steps; no unit is ranked below (\d+) steps, or "
    r"where fewer than (\d+) are true or are not"
)


def two_decimals(number):
    return f"{number:.2f}"


def test_units_says_of_labels_what_its_json_says_and_what_is_found():
    Path("labels.json").write_text(json.dumps(LABELS))
    source = f"--network brackets --text '{TEXT}'"
    out, plain = text_and_json("units", f"{source} --labels labels.json")
    trace, steps = (Source(network="brackets", text=TEXT).trace(), steps_of(source, 0, "forward"))
    states = np.array([[*step["c"], *step["h"]] for step in steps])
    *table, few, how = out.splitlines()
    size, moved, modules = map(int, METHOD.fullmatch(how).groups())
    assert (size, moved) == (2, len(TEXT) - 1)
    fresh = [
        label_ranking.untrained(trace.weights[0], trace.x[:, 0], seed) for seed in range(modules)
    ]
    heads, *lines = columns(table)
    assert [line[0] for line in lines] == [*LABELS][:-1]
    rivals = []
    for line in lines:
        seen = dict(zip([*heads[:-1], "said"], line, strict=True))
        name, true = seen["label"], np.array(LABELS[seen["label"]])
        best = label_ranking.best(states, true, fresh, TEXT)
        areas = label_ranking.two_sided_auc(label_ranking.areas(states, true)).reshape(2, -1)
        for entry in plain:
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
        assert seen == {
            "label": name,
            "true": f"{true.sum()}/{len(TEXT)}",
            "unit": f"{best.unit} {best.state}",
            "AUC": two_decimals(best.auc),
            "second half": two_decimals(best.second_half),
            "chance 95 %": two_decimals(best.chance),
            "token alone": two_decimals(best.token),
            "untrained": two_decimals(best.untrained),
            "said": f"{best.verdict} (p = {best.p:.2g})",
        }
        rivals.append(best.rival)
    assert {*rivals} == {"", "chance", "the token", "an untrained module"}
    true, count, least, fewest = map(int, TOO_FEW.fullmatch(few).groups())
    assert (true, count) == (sum(LABELS["f"]), len(TEXT))
    assert all(entry["labels"]["f"] is None for entry in plain)
    for count, true in itertools.product((least - 1, least), range(least)):
        enough = count >= least and fewest <= true <= count - fewest
        assert label_ranking.is_ranked(np.arange(count) < true) == enough


def test_list_prints_the_names_summaries_and_options_of_its_json():
    out, plain = text_and_json("list", "")
    figures, sheets = out.split("\n\n")
    heading, *below = sheets.splitlines()
    assert heading == "Sheets have a size of their own, and are not among all:"
    for is_sheet, lines in ((False, figures.splitlines()), (True, below)):
        own = [entry for entry in plain if entry["sheet"] == is_sheet]
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
        }
    ),
    "one": torch.nn.LSTM(3, 2).double(),
    "upper": torch.nn.LSTM(3, 2, num_layers=2),
    "both": torch.nn.LSTM(3, 2, bidirectional=True),
}


def modules(model):
    kinds = torch.nn.LSTM, torch.nn.LSTMCell
    return {n: m for n, m in model.named_modules() if isinstance(m, kinds)}


@pytest.mark.parametrize("name", FILES)
def test_inspect_prints_its_json_which_is_that_of_the_modules(name):
    torch.save(FILES[name].state_dict(), f"{name}.pt")
    out, plain = text_and_json("inspect", f"{name}.pt")
    table, *tensors, _ = out.split("\n\n")
    heads, *lines = columns(table.splitlines())
    each = modules(FILES[name])
    for line, entry, part in zip(lines, plain, tensors, strict=True):
        module = each[entry["module"]]
        parameters = {n: p.detach() for n, p in module.named_parameters()}
        assert entry == {
            "module": entry["module"],
            "kind": type(module).__name__,
            "input_size": module.input_size,
            "hidden_size": module.hidden_size,
            "num_layers": getattr(module, "num_layers", 1),
            "bidirectional": getattr(module, "bidirectional", False),
            "proj_size": getattr(module, "proj_size", 0),
            "bias": bool(module.bias),
            "dtype": str(next(module.parameters()).dtype).removeprefix("torch."),
            "parameters": sum(parameter.numel() for parameter in parameters.values()),
        }
        seen = dict(zip(heads, line, strict=True))
        assert seen == {k: str(v) or '""' for k, v in entry.items()}
        heads_of, *numbers = columns(part.splitlines())
        for cells, (name, parameter) in zip(numbers, parameters.items(), strict=True):
            row = dict(zip(heads_of, cells, strict=True))
            row.pop("", None)
            prefix = entry["module"] and f"{entry['module']}."
            assert row.pop("tensor") == f"{prefix}{name}"
            assert row.pop("shape") == str(tuple(parameter.shape))
            at = tuple(json.loads(row.pop("largest at")))
            assert parameter[at].abs() == parameter.abs().max()
            ends = parameter.double().min(), parameter.double().max(), parameter.double().mean()
            expected = zip(("min", "max", "mean"), ends, strict=True)
            assert row == {k: f"{float(v):.4g}" for k, v in expected}


WORTH_DRAWING = re.compile(
    r"worth drawing: (lstm-figs draw [^,]*?), where x\.npy holds what the LSTM "
    r"reads, of shape \(steps, (\d+)\)(?:; this draws layer (\d+)( forward)?: "
    r"add (.*) for others)?"
)
OTHER_OPTIONS = re.compile(r"--layer (\d)|--layer K, from (\d) to (\d)|(--reverse)")


@pytest.mark.parametrize("name", FILES)
def test_inspect_says_what_to_draw_and_what_that_draws(name):
    model = FILES[name]
    torch.save(model.state_dict(), f"{name}.pt")
    advice = run(f"lstm-figs inspect {name}.pt").decode().splitlines()[-1]
    command, size, layer, way, more = WORTH_DRAWING.fullmatch(advice).groups()
    all_modules = modules(model).values()
    largest = max(all_modules, key=lambda m: sum(p.numel() for p in m.parameters()))
    assert int(size) == largest.input_size
    np.save("x.npy", np.ones((4, int(size)), np.float32))
    assert run(command).decode().split() == [f"{figure}.svg" for figure in command.split()[2:6]]
    # One of the options is enough to identify the drawing.
    words = command.split()
    gates_command = " ".join([*words[:2], "gates-over-time", *words[6:], "--out", "-"])
    own, others = run(gates_command), []
    for options in OTHER_OPTIONS.findall(more or ""):
        exact, low, high, reverse = options
        if exact:
            layers = [exact]
        else:
            layers = [low, high] if low else []
        others += [f"--layer {k}" for k in layers]
        if reverse:
            others.append(reverse)
        if layers:
            assert int(layers[-1]) == largest.num_layers - 1
            assert int(layers[0]) == int(layer) + 1
            beyond = f"{gates_command} --layer {largest.num_layers}".split()[1:]
            assert cli.main(beyond) == 2
    several = largest.num_layers > 1, largest.bidirectional
    assert (bool(layer), bool(way)) == (any(several), several[1])
    assert len({own, *(run(f"{gates_command} {more}") for more in others)}) == 1 + (len(others))
    if layer:
        same = run(f"{gates_command} --layer {layer}").decode()
        assert re.sub(r" --layer \d", "", same) == own.decode()
