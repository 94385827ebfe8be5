"""Check each clause of `--help` against what the command does.

A clause without a check fails, so every new one needs a check. Numbers, names,
defaults and choices are read from the clause itself.
"""

import contextlib
import io
import json
import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import save_file

from lstm_figs import cli
from lstm_figs.cli.commands import COMMANDS, _parsers, parsers
from lstm_figs.command.request import parse_header
from lstm_figs.errors import LstmFigsError
from lstm_figs.figures import CATALOG, SHEETS, composer
from lstm_figs.model import label_ranking, units
from lstm_figs.model.arguments import ModuleArguments, check_run
from lstm_figs.options import figure_options
from lstm_figs.sources.trained import TEXT
from tests.cli import (
    test_advice,
    test_all_figures,
    test_commands,
    test_completion,
    test_convert,
    test_embed,
    test_output_paths,
    test_page,
)
from tests.cli.test_commands import PROGRAM
from tests.doc_scripts import source
from tests.load import saving
from tests.proof import read, texts
from tests.site.facts_of_pages import NUMBERS
from tests.test_command import run

PROJECT = Path(cli.__file__).parents[2] / "pyproject.toml"
SIZED_TRACE = "trace --json --input-size 3 --hidden-size 3 --seq-len 2"
# The bias opens the forget gate of unit 2.
NINE_UNITS = "--input-size 2 --hidden-size 9 --seed 3 --set lstm.bias_hh_l0[11]=5 --seq-len"
COMMAND_LINES = {
    "list": "list",
    "inspect": "inspect model.pt",
    "draw": "draw cell",
    "embed": "embed cell",
    "page": "page",
    "trace": "trace --json",
    "units": "units",
    "writes": "writes",
    "influence": "influence --network brackets --step 3 --output 'all closed'",
    "shapes": "shapes",
    "convert": "convert model.pt --to torch --out out.npz",
    "completion": "completion fish",
}
"""Command -> a valid line of it."""


class Place(NamedTuple):
    """The owner of a help text: a command, its option, or an option of a figure."""

    command: str
    flag: str = ""
    option: object = None
    figure: str = ""

    @property
    def line(self):
        """A command line that the option can be added to."""
        if self.command == "trace" and self.flag in SIZE_VALUES:
            return SIZED_TRACE
        if self.flag == "--layer":
            return "draw gates-over-time --weights both.pt"
        own = f"draw {self.figure}" if self.figure else COMMAND_LINES[self.command]
        return f"{own} --format png" if self.flag == "--scale" else own

    def __call__(self, value, more=""):
        """The output with this value of the option."""
        return output_of(f"{self.line} {more} {self.flag} {value}")


SIZE_VALUES = {
    "--num-layers": 2,
    "--bidirectional": "",
    "--proj-size": 1,
    "--no-bias": "",
    "--dtype": "float64",
    "--seed": 1,
}
"""Options for the sizes of a module, with a value for each."""


def output_of(line):
    """The output of a command, without the command stored in a figure."""
    line += " --out -" * line.startswith("draw")
    output = run(f"lstm-figs {line}").decode(errors="surrogateescape")
    return re.sub(r"(&quot;command&quot;: &quot;).*?&quot;, ", r"\1", output)


def figure_of(line):
    return read(output_of(f"draw {line}"))


def words(line):
    """The texts in a figure, one for each element."""
    return [text for _, text in texts(figure_of(line))]


def text_of(line):
    return " ".join(words(line))


def expressions_of(line):
    """The PyTorch expressions of all numbers of a figure."""
    return " ".join(re.findall(r'data-(?:expr|of)="([^"]*)"', output_of(f"draw {line}")))


def units_of(line):
    return {int(word[5:]) for word in words(line) if re.fullmatch(r"unit \d+", word)}


def trace_of(line=""):
    """A trace, and the input of its first layer."""
    trace = json.loads(output_of(f"trace --json {line}"))
    first = [step["x"] for step in trace["steps"] if not step["layer"]]
    return trace, np.array(first)


def series(line, name):
    """A gate or state of the first sequence, step by step."""
    return np.array([s[name][0] for s in trace_of(line)[0]["steps"]])


def tokens(line):
    """The first letters of the names of steps."""
    return re.findall(r"^step \d+: (.)", output_of(f"trace {line}"), re.MULTILINE)


def assert_refused(*lines):
    """Check that each line fails; returns the last error message."""
    for line in lines:
        error = io.StringIO()
        with contextlib.redirect_stderr(error):
            assert cli.main(line.split()) == 2, line
    return error.getvalue()


def have_same_output(*lines):
    return len({*map(output_of, lines)}) == 1


def have_different_outputs(*lines):
    return len({*map(output_of, lines)}) == len(lines)


def only_figures(*names):
    """Shrink the catalogue, because a page draws all of it."""
    modules = {name: CATALOG.paths[name] for name in ("cell", *names)}
    return mock.patch.object(CATALOG, "paths", modules)


@pytest.fixture(autouse=True)
def saved_files(folder):
    both = saving.model(num_layers=2, bidirectional=True)
    saving.as_zip(both, "both.pt")
    saving.as_zip(saving.model().double(), "model.pt")
    two = {"a": torch.nn.LSTM(3, 2), "b": torch.nn.LSTM(3, 4)}
    saving.as_zip(torch.nn.ModuleDict(two), "two.pt")
    Path("run.py").write_text(PROGRAM)


def all_places():
    """All help texts and their owners; shared texts are listed once."""
    places_by_help = {}
    for command, parser in parsers(()).items():
        for group in parser.groups:
            name = "trace" if group.title == "source" else command
            for option in group.options:
                flag = (option.option_strings or [""])[-1]
                if option.dest != "help":
                    places_by_help[name, flag, option.help] = Place(name, flag, option)
            if group.description:
                places_by_help[name, "", group.description] = Place(name)
        if parser.epilog:
            places_by_help[command, "", parser.epilog] = Place(command)
    for name in (*CATALOG, *SHEETS):
        for option in figure_options(composer(name)):
            at = Place("draw", option.flag, option, name)
            places_by_help[name, option.flag, option.help] = at
    return places_by_help


ALL_PLACES = all_places()


@pytest.mark.parametrize("key", ALL_PLACES, ids=lambda key: " ".join(key[:2]))
def test_each_clause_of_help_is_true(key):
    _, _, help = key
    rest = help.rstrip(".")
    while rest:
        candidates = [
            (match, check)
            for pattern, check in CHECKS.items()
            if (match := re.match(f"(?:{pattern})(?=[;,.:] |$)", rest))
        ]
        if not candidates:
            pytest.fail(
                f"nothing holds {rest!r} of help to what the command does. Is "
                f"it true? Write a check of it into {Path(__file__).name}",
                pytrace=False,
            )
        match, check = max(candidates, key=lambda candidate: candidate[0].end())
        if not check.__name__.startswith("test_"):
            assert check(ALL_PLACES[key], *match.groups()) is not False, match[0]
        rest = rest[match.end() :].lstrip(";,.: ")


OPTION_ROWS = re.findall(r"^\| `(--\S*)` \| (.*) \|$", source("make-your-own"), re.MULTILINE)


@pytest.mark.parametrize(("flag", "words"), OPTION_ROWS)
def test_a_page_says_of_an_option_what_its_help_says(flag, words):
    assert words in [text for _, *name, text in ALL_PLACES if name == [flag]]


# The checks in CHECKS get the place of a clause, and the groups of its pattern.


def check_json(place):
    line = COMMAND_LINES[place.command].replace(" --json", "")
    json.loads(output_of(f"{line} --json"))
    with pytest.raises(ValueError, match=r"Expecting|Extra"):
        json.loads(output_of(line))


def check_limits(place, low, high):
    """Both limits are accepted, and the numbers beyond them are errors."""
    by = 0.01 if "." in low else 1
    parse = place if place.figure else place.option.type
    parse(low), parse(high)
    for beyond in (float(low) - by, float(high) + by):
        if place.figure:
            assert_refused(f"{place.line} --out - {place.flag} {beyond:g}")
        else:
            with pytest.raises(Exception, match=r"got .*, expected .* from"):
                parse(f"{beyond:g}")


def check_default(place, value):
    """The default is this value, and a different value changes the output."""
    assert place(value) == output_of(place.line)
    others = {*map(str, place.option.choices or ())} - {value}
    if value.isdigit():
        others = {"360" if value == "720" else str(int(value) + 1)}
    return place(min(others)) != place(value)


def check_counted_from(place, first):
    first, count = int(first), {"--step": 4, "--unit": 2}[place.flag]
    line = f"{place.line} --network example {place.flag}"
    assert len({output_of(f"{line} {k}") for k in range(first, first + count)}) == count
    for beyond in (first - 1, first + count):
        assert_refused(f"{line} {beyond} --out -")


def check_value_for_none(place, none):
    line = f"{place.command} --hidden-size 3 --input-size 3 {place.flag}"
    assert_refused(f"{line} 3")  # It has to be smaller than hidden_size.
    assert have_different_outputs(f"{line} {none}", f"{line} 2")
    return have_same_output(f"{line} {none}", line.removesuffix(place.flag))


def check_source(_, inputs, size, trained, wide, most, per_unit):
    trace, _ = trace_of()
    assert trace == trace_of("--network example")[0]
    assert [trace["input_size"], trace["hidden_size"]] == [int(inputs), int(size)]
    all_names = [*CATALOG, *SHEETS]
    for network, names in (("brackets", trained), ("brackets-16", wide)):
        own = [n for n in all_names if parse_header(n).source.network == network]
        assert names.split(", ") == sorted(own)
    most, per_unit = int(most.replace(",", "")), int(per_unit)
    smaller, larger = ModuleArguments(4096, 4096, 2), ModuleArguments(4096, 4096, 3)
    assert smaller.parameters < most < larger.parameters
    smaller.check_memory(1, 1)
    check_run([(0, 1000)], most // per_unit // 1000)
    for beyond in (
        lambda: larger.check_memory(1, 1),
        lambda: check_run([(0, 1000)], most // per_unit // 1000 + 1),
    ):
        with pytest.raises(LstmFigsError, match=f"{most:,}"):
            beyond()


def check_brackets(_, inputs, size, wide):
    for network, hidden_size in (("brackets", size), ("brackets-16", wide)):
        trace, _ = trace_of(f"--network {network}")
        assert [trace["input_size"], trace["hidden_size"]] == [int(inputs), int(hidden_size)]
    assert "expected one of brackets, brackets-16, example" in assert_refused("trace --network x")
    return "inside quotes? all closed?" in text_of("reading")


def check_after_batches(_):
    line = "reading --network brackets --after"
    # Moments are recorded after 442 and 450 batches.
    assert "after 442 batches" in text_of(f"{line} 449")
    assert "after 450 batches" in text_of(f"{line} 450")
    return "--network brackets" in assert_refused("trace --after 450")


def check_moments(_, default):
    batches = [word for word in words("learning") if word.startswith("batch ")]
    listed = default.replace(" and", ",").split(", ")
    assert [word[6:].replace(",", "") for word in batches] == listed
    fewer = [word for word in words("learning --width 360") if word in batches]
    assert set(fewer) < set(batches)
    assert_refused("draw learning --at 6001", "draw learning --at=-1")
    return have_different_outputs("draw learning", "draw learning --at 0,6000")


def check_inputs(_, suffixes, *axes):
    """The letters of the shape are those of the size options."""
    options = parsers(())["trace"].options
    flags = {option.metavar: option.option_strings[0] for option in options[1:]}
    lengths = {"--seq-len": 5, "--batch-size": 2, "--input-size": 3}
    for letters in (axes[:2], axes[2:]):
        x = np.random.rand(*(lengths[flags[axis]] for axis in letters)).astype(np.float32)
        for suffix in re.findall(r"\.\w+", suffixes):
            saving.INPUT_SAVERS[suffix](f"x{suffix}", x)
            _, seen = trace_of(f"--input x{suffix}")
            assert (seen == x.reshape(5, -1, 3)).all()


def check_alphabet(_, suffix):
    state = {k: v.float().numpy() for k, v in torch.load("model.pt").items()}
    save_file(state, f"own{suffix}", metadata={"alphabet": "abc"})
    for line in ("--network brackets", f"--weights own{suffix}"):
        _, x = trace_of(f"{line} --text abca")
        assert len(x) == 4
        assert (x[0] == x[3]).all()
    assert_refused("trace --text a", "trace --weights model.pt --text a")


def check_times(_):
    Path("t.json").write_text('["p", "q", "r", "s"]')
    assert tokens("--tokens t.json") == [*"pqrs"]
    Path("t.json").write_text(json.dumps([str(k) for k in range(90)]))
    printed = {*words("gates-over-time --seq-len 90 --tokens t.json")}
    return "time" in printed and {"0", "50"} <= printed and "51" not in printed


def check_labels(_, figures):
    # A label that unit 3 tells without a mistake.
    plain = f"{NINE_UNITS} 60"
    c = series(plain, "c")[:, 3]
    Path("own.json").write_text(json.dumps({"a label": (c > np.median(c)).tolist()}))
    line = f"{plain} --labels own.json"
    labelled = re.split(", | and ", figures)
    assert {*labelled} <= {*CATALOG}
    for name in labelled:
        drawings = (output_of(f"draw {name} {options}") for options in (line, plain))
        assert len({re.sub("<metadata>.*?</metadata>", "", svg) for svg in drawings}) == 2, name
    assert_refused(*(f"draw {name} {line}" for name in CATALOG if name not in labelled))
    assert units_of(f"reading {line}") == {3}
    return output_of(f"units {line}").split()[:2] == ["label", "true"]


def check_sample(_, first):
    _, full = trace_of("--batch-size 3")
    first = int(first)
    assert full.shape[1] == 3
    for k in range(3):
        _, alone = trace_of(f"--batch-size 3 --sample {first + k}")
        assert (alone == full[:, [k]]).all()
    line = "trace --batch-size 3 --sample"
    assert_refused(f"{line} {first - 1}", f"{line} {first + 3}")
    line = "cell --batch-size 3"
    assert "Sequence 1 of 3." in words(line)
    return words(line) == words(f"{line} --sample {first}")


CHECKPOINTS = "learning --weights one.pt --weights model.pt"


def check_checkpoints(_):
    torch.save(torch.nn.LSTM(3, 2).state_dict(), "one.pt")
    assert {"1 one", "2 model"} <= {*words(CHECKPOINTS)}
    assert_refused("trace --weights one.pt --weights model.pt")


def check_edits(_, example):
    before, x = trace_of()
    assert trace_of(f"--set {example}")[0] != before
    _, both = trace_of(f"--set {example} --set x[1,0,2]=7")
    assert both[1, 0].tolist() == [*x[1, 0, :2], 7]
    for name in "hc":
        trace, _ = trace_of(f"--set {name}_0[0,0,1]=3")
        assert trace["steps"][0][f"{name}_prev"] == [[0, 3]]
    assert_refused(*(f"trace --set {n}[0,0,0]=1" for n in ("h", "c", "i", "output")))
    line = "--network brackets --text (a) --set x[1,0,0]=5"
    return tokens(line) == [*"(a)"]


def check_files(_, own, extra, *others):
    *_, of_torch = own.split(", or ")
    state = torch.load("model.pt")
    for suffix in re.findall(r"\.\w+", of_torch):
        torch.save(state, f"own{suffix}")
    arrays = {name: tensor.numpy() for name, tensor in state.items()}
    np.savez("own.npz", **arrays)
    save_file(arrays, "own.safetensors")
    for suffix in re.findall(r"\.\w+", own):
        assert json.loads(output_of(f"inspect --json own{suffix}")), suffix
    project = tomllib.loads(PROJECT.read_text())["project"]
    needed = " ".join(project["optional-dependencies"][extra])
    assert {*re.findall(r"[a-z0-9]+", needed)} >= {others[0][1:], "h5py"}
    for suffix in others:
        Path(f"own{suffix}").write_bytes(b"")
        error = assert_refused(f"inspect own{suffix}")
        assert {*re.findall(r"\.\w+", error)} == {*re.findall(r"\.\w+", own), *others}


def check_stacked_panels(_):
    """Narrower and higher."""
    wide, narrow = (sides(f"cell-input --width {width}") for width in (720, 360))
    return wide[0] > narrow[0] and wide[1] < narrow[1]


def check_own_title(_):
    titles = [figure_of(f"cell {more}").find("{*}title").text for more in ("--title Mine", "")]
    return titles[0] == "Mine" and titles[1] not in text_of("cell --title Mine")


def check_at_the_bottom(_):
    pairs = texts(figure_of("cell --note Mine"))
    tops = {text: float(element.get("y", 0)) for element, text in pairs}
    return max(tops, key=tops.get) == "Mine"


def check_mark(place):
    groups = figure_of(f"cell {place.flag} Mine").findall(".//{*}g[@data-own]")
    return ["".join(group.itertext()) for group in groups] == ["Mine"]


def check_ids(_):
    for line, name in (("cell", "cell"), ("cell --id own", "own")):
        all_ids = re.findall(r' id="([^"]*)"', output_of(f"draw {line}"))
        assert all_ids[0] == name
        assert all(element_id.startswith(name) for element_id in all_ids)


def check_themes(place):
    outputs = {theme: place(theme) for theme in place.option.choices}
    assert output_of(place.line) == outputs["auto"]
    scheme = "light-dark("
    return scheme in outputs["auto"] and scheme not in outputs["light"] + outputs["dark"]


def sides(line):
    figure = figure_of(line)
    return float(figure.get("width")), float(figure.get("height"))


def pixels(line):
    """The width of a PNG, as a multiple of the figure's width."""
    run(f"lstm-figs draw cell --out own.png {line}")
    with Image.open("own.png") as image:
        return round(image.width / sides("cell")[0], 2)


def ratio(line):
    """The sides of a figure, in sixteenths of its width."""
    width, height = sides(line)
    return "16", f"{16 * height / width:.0f}"


def check_suffixes(place, *known):
    line = COMMAND_LINES[place.command]
    with only_figures():
        for suffix in filter(None, known):
            run(f"lstm-figs {line} --out own{suffix}")
            assert Path(f"own{suffix}").stat().st_size
        assert_refused(f"{line} --out own.txt")


def check_asked_units(place):
    name = place.figure or "reading"
    return units_of(f"{name} {NINE_UNITS} 12 --units 7,3") == {3, 7}


def check_most_units(place, most):
    most = NUMBERS.index(most)
    first, second = (",".join(map(str, range(n))) for n in (most, most + 1))
    line = f"draw {place.figure}" if place.figure else "page --strict"
    with only_figures("writes"):
        run(f"lstm-figs {line} {NINE_UNITS} 12 --out - --units {first}")
        assert_refused(f"{line} {NINE_UNITS} 12 --out - --units {second}")


def check_contrasting_units(place, count="0"):
    """One keeps and one reacts; up to `count` units, all are drawn."""
    line, name = f"{NINE_UNITS} 60", place.figure or "reading"
    c, i, f, g = (series(line, letter) for letter in "cifg")
    assert units_of(f"{name} {line}") == {*units.choose_units(c, i * g, units.lifetimes(f))}
    limit = int(count) if count.isdigit() else NUMBERS.index(count)
    for size in (limit, limit + 1) if limit else ():
        drawn_units = units_of(f"{name} --input-size 2 --hidden-size {size}")
        assert (drawn_units == {*range(size)}) == (size == limit)


def check_units_of_a_short_sequence(place, by):
    line = f"{NINE_UNITS} 12"
    c, before = series(line, "c"), series(line, "c_prev")
    numbers, count = {
        "two whose c changes most, one unlike the other": (np.ptp(c, axis=0), 2),
        "two whose c the step changes most, one unlike the other": (np.abs(c - before)[1], 2),
        "one whose c goes farthest from zero": (np.abs(c).max(0), 1),
    }[by]
    largest = {int(numbers.argmax())}
    if count == 2:
        alike = abs(np.corrcoef(c.T)[numbers.argmax()]) > units.MAX_UNLIKE_CORRELATION
        largest.add(int(np.where(alike, -1, numbers).argmax()))
    return units_of(f"{place.figure} {line}") == largest


def leaves_out(line, option, *names):
    """Whether an option removes all expressions with these names from a figure."""
    lines = (line, f"{line} {option}")
    full, rest = ({*re.findall(r"[\w.]+", expressions_of(command))} for command in lines)
    return {*names} <= full - rest


def check_focus(place, count):
    assert place.option.choices[0] == "all"
    assert len(place.option.choices) == 1 + NUMBERS.index(count or "four")
    for choice in place.option.choices:
        assert ('opacity="0.2"' in place(choice)) == (choice != "all")


def check_scenes(_):
    shows = {
        "task": r"\bdepth\[",
        "keep": r"\bf\[",
        "write": r"\(i \* g\)\[",
        "show": r"\boutput\[",
        "steer": r"\bf\[",
        "weight": r"weight_hh_l0\[0, 1\]",
        "gradient": r"\balong_c\[",
    }
    text = """--network brackets --text 'f(a, ":)", (b))'"""
    for scene, pattern in shows.items():
        own = expressions_of(f"reading {text} --focus {scene}")
        assert scene == "task" or re.search(pattern, own), scene
        assert own != expressions_of(f"reading {text}")
    return "along_c[" not in expressions_of(f"reading {text} --focus all")


def check_detailed_row(_):
    line, (unit,) = f"writes {NINE_UNITS} 12", units_of(f"writes {NINE_UNITS} 12")
    step = np.abs(series(f"{NINE_UNITS} 12", "c")[:, unit]).argmax() + 1
    own, next_step = (f"{line} --step {k}" for k in (step, step % 12 + 1))
    return expressions_of(line) == expressions_of(own) != expressions_of(next_step)


def check_scales(_):
    assert "c_share[" in expressions_of("unit-map --row-scale own")
    assert "c_share[" not in expressions_of("unit-map --row-scale shared")
    line = "draw unit-map --row-scale own --of"
    return all(
        have_same_output(f"{line} {n}", f"draw unit-map --of {n} --row-scale shared")
        for n in "hifgo"
    )


def check_products(place, first):
    check_counted_from(place, first)
    for line, seen in (("", "01"), ("--unit 1", "1")):
        expressions = expressions_of(f"cell-input {line}")
        assert {*re.findall(r"z_i\[1, 0, (\d)\]", expressions)} == {*seen}
        assert ("lstm.weight_ih_l0[" in expressions) == bool(line)


def check_repetition(_, none, steps, size):
    name = "gradient-distance --input-size 1 --hidden-size"
    for seq_len, count in ((5, 30), (40, 40)):
        line = f"{name} 2 --steps 30 --seq-len {seq_len}"
        assert f"{count} steps" in text_of(line)
    assert have_same_output(*(f"draw {name} 2 --steps {n}" for n in (none, steps)))
    for hidden, count in ((int(size), steps), (int(size) + 1, 5)):
        assert f"{count} steps" in text_of(f"{name} {hidden} --seq-len 5")


def lengths_of(line):
    description = figure_of(f"packed {line}").find("{*}desc").text
    return [*map(int, re.findall(r"Sequence \d has (\d+) step", description))]


def check_lengths(_, example):
    own = [*map(int, example.split(","))]
    line = f"--input-size 3 --hidden-size 2 --seq-len {max(own)}"
    line += f" --batch-size {len(own)} --lengths {example}"
    return lengths_of(line) == own and len({*lengths_of("")}) > 1


def check_padding(place, *ends):
    check_limits(place, *ends)
    return "2 of padding" in text_of("padding --padding 2")


def check_projected_length(_, none):
    line = "projection --input-size 3 --hidden-size 6"
    for size, length in ((1, 1), (4, 4), (none, 3)):
        assert f"proj_size={length}" in text_of(f"{line} --project {size}")
    assert_refused(f"draw {line} --proj-size 2 --project 1")


def influence_on_labels():
    """The answers to a label that c of a unit tells, and to one that time tells as well."""
    c = series(f"{NINE_UNITS} 60", "c")[:, 3]
    true = {"own": (c > np.median(c)).tolist(), "early": [t < 30 for t in range(60)]}
    Path("own.json").write_text(json.dumps(true))
    step = int(c.argmax()) + 1
    line = f"influence {NINE_UNITS} 60 --labels own.json --step {step} --json"
    return {entry["answer"]: entry for entry in json.loads(output_of(line))}


def check_written_units(place):
    for steps in (12, 60):
        line = f"writes {NINE_UNITS} {steps}"
        assert units_of(line) == {*map(int, re.findall(r"unit (\d)", output_of(line)))}
    written = json.loads(output_of(f"writes --json {NINE_UNITS} 12"))["units"]
    assert [entry["unit"] for entry in written] == [*range(9)]
    return "unit 1" not in place("0")


def check_written_steps(place):
    assert place("4") == output_of("writes") != place("3")
    written = json.loads(output_of("writes --json"))["units"][0]["after"]
    assert [row["step"] for row in written] == [1, 2, 3, 4]
    return len(json.loads(place("3", "--json"))["units"][0]["after"]) == 1


def check_choices_differ(place):
    outputs = [place(choice) for choice in (place.option.choices or ())[:7]]
    return len({*outputs}) == len(outputs)


_VALID_EMBED = (
    test_embed.test_an_embed_is_valid_html_survives_markdown_and_is_what_its_commands_draw
)

CHECKS = {
    # any option
    r"as JSON": check_json,
    r"(\d[\d.]*) to (\d[\d.]*)": check_limits,
    r"(?:Which message, |The library; |by default )?([\w-]+)(?: by default)?": check_default,
    r"((?:\w+, )+\w+ or \w+)": lambda p, all: re.split(", | or ", all) == [*p.option.choices],
    r"counted from (\d)": check_counted_from,
    # the source
    r"with sizes": lambda p: (
        have_different_outputs(SIZED_TRACE, f"{SIZED_TRACE} {p.flag} {SIZE_VALUES[p.flag]}")
        and "--input-size" in assert_refused(f"trace {p.flag} {SIZE_VALUES[p.flag]}")
    ),
    r"smaller than hidden_size, (\d) for none": check_value_for_none,
    r"by default the example network, nn\.LSTM\((\d), (\d)\); --network brackets "
    r"for (.*?); --network brackets-16 for (.*?); a module has at most ([\d,]+) "
    r"parameters, and a run stores at most as many numbers, (\d+) for each unit, step "
    r"and sequence": check_source,
    r"example; brackets: nn\.LSTM\((\d), (\d)\), trained to follow brackets and "
    r"quotes; or brackets-16, the same with (\d+) units": check_brackets,
    r"After how many batches each moment is, 0 to 6000; by default (.*), fewer "
    r"where there is little room": check_moments,
    r"Of which training: that of the network, or those of several seeds": (
        lambda _: (
            "know quotes by batch" in text_of("learning --of seeds")
            and "--at" in assert_refused("draw learning --of seeds --at 9")
            and have_same_output("draw learning", "draw learning --of network")
        )
    ),
    r"the bracket network after this many batches of its training, or at the "
    r"last recorded moment before": check_after_batches,
    r"the seed of random weights, and of a random input": lambda _: (
        have_different_outputs(SIZED_TRACE, f"{SIZED_TRACE} --seed 1")
        and have_different_outputs(f"{SAVED_TRACE} --seed 1", SAVED_TRACE)
        and assert_refused("trace --seed 1")
    ),
    r"which LSTM of the file(?:, as `lstm-figs inspect FILE` names it)?[;,] by "
    r"default the only one": test_advice.test_what_a_message_says_to_do_helps,
    r"a function that returns a model and a tuple of its arguments; the file is run": (
        lambda p: "module() of 'run.py'" in assert_refused(f"{p.command} --run run.py:module")
    ),
    r"and figures show what the LSTM inside the model computes": lambda _: have_different_outputs(
        "trace --run run.py:loop", "trace"
    ),
    r"the only call of that LSTM to show, counted from 0": lambda p: (
        "step 2" not in output_of(f"trace --run run.py:loop {p.flag} 1")
    ),
    r"by default all calls, each of which has to begin with the state of the one before": (
        lambda _: (
            "step 2" in output_of("trace --run run.py:loop")
            and "call 1 does not begin" in assert_refused("trace --run run.py:anew")
        )
    ),
    r"the layer that figures show": lambda _: (
        "Layer 1 of" in text_of("units --weights both.pt --layer 1")
    ),
    r"show the reverse direction": lambda _: (
        "of num_layers=2, reverse" in text_of("units --weights both.pt --reverse")
    ),
    r"(\..*) of shape \((\w), (\w)\) or \((\w), (\w), (\w)\)": check_inputs,
    r"the text to read, one character per step; for --network brackets or "
    r"brackets-16, or a (\.\w+) file whose metadata has an alphabet": check_alphabet,
    r"names of the steps: a \.json file with a list of strings; numbers that grow are "
    r"times, of which some are printed": check_times,
    r"the seconds of a step, for an axis of time in place of step numbers": lambda _: (
        {"seconds", "step"} & {*words("gates-over-time --step-seconds 2")} == {"seconds"}
    ),
    r"labels of the steps: a \.json file with an object of names, each with true "
    r"or false for each step; for (.*), and for `lstm-figs units` and "
    r"`lstm-figs influence`": check_labels,
    r"run only this sequence of a batch, counted from (\d); all by default, of "
    r"which figures of one sequence show the first": check_sample,
    r"change one number of a parameter, x, h_0 or c_0, such as (\S+); "
    r"may be repeated; a text is still printed as typed": check_edits,
    r"(\d+) by default, for --network brackets or brackets-16 its whole text": lambda _, n: (
        [len(trace_of(f"--network {name}")[1]) for name in ("example", "brackets", "brackets-16")]
        == [int(n), len(TEXT), len(TEXT)]
    ),
    r"(\..*?) from torch; with the extra (\w+) also (\.\w+), and (\.\w+), "
    r"(\.\w+) from Keras": check_files,
    r"several times for learning, which compares them in this order": check_checkpoints,
    r"The units of several weights files that are drawn; by default chosen in the last "
    r"file": lambda _: check_checkpoints(_) or units_of(f"{CHECKPOINTS} --units 1") == {1},
    # what is drawn, and where it is written
    r"a figure(?: or a sheet)?, or: all": (
        test_commands.test_all_figures_go_to_a_folder_that_is_made
    ),
    r"panels that do not fit side by side are stacked": check_stacked_panels,
    r"both for 720, 560 and 360, of which the page shows the widest that "
    r"fits its column": _VALID_EMBED,
    r"leave out the title and the lines below it, for a page with a caption of its own": lambda _: (
        len(words("cell")) > len(words("cell --no-heading"))
        and text_of("cell").endswith(text_of("cell --no-heading"))
    ),
    r"leave out the figure's own sentences at the foot": lambda _: (
        "median" in text_of("units") and "median" not in text_of("units --no-notes")
    ),
    r"the text of the caption; by default the title and the lead of the figure": lambda _: (
        "<p>a</p>" in output_of("embed cell --caption a")
        and re.search(r"<strong>c runs.*c_prev", output_of("embed cell"))
    ),
    r"replaces the figure's title": check_own_title,
    r"a sentence at the foot": check_at_the_bottom,
    r"marked as yours, not proven": check_mark,
    r"the prefix of ids in the SVG; the figure's name by default": check_ids,
    r"svg, png or pdf; may be repeated; svg by default": lambda _: (
        run("lstm-figs draw cell --format png --format pdf").split() == [b"cell.png", b"cell.pdf"]
    ),
    r"by default auto for SVG, else light": lambda _: (
        have_same_output("draw cell", "draw cell --theme auto")
        and have_different_outputs("draw cell", "draw cell --theme light")
        and have_same_output(PNG_LINE, f"{PNG_LINE} --theme light")
        and have_different_outputs(PNG_LINE, f"{PNG_LINE} --theme dark")
    ),
    r"light, dark, or auto, the default, which follows the page": check_themes,
    r"pixels of a PNG for each pixel of the figure's width": lambda _: pixels("--scale 3") == 3,
    r"the same in pixels per inch": lambda _: pixels("--dpi 192") == pixels("--scale 2"),
    r"(\d+) is a scale of (\d+)": lambda _, dots, scale: (
        pixels(f"--dpi {dots}") == pixels(f"--scale {scale}")
    ),
    r"a file if it ends in a known suffix, else a folder; the current folder by default": (
        test_output_paths.test_a_place_is_a_folder_or_a_file
    ),
    r"- is standard output": test_commands.test_the_package_is_a_command,
    r"a file that ends in (\.\w+)(?: or (\.\w+))?": check_suffixes,
    r"standard output by default": lambda _: output_of("embed cell").startswith("<figure"),
    r"lstm\.html by default": test_page.test_a_page_is_written_and_its_path_is_printed,
    r"wide, for a slide of (\d+) : (\d+); a figure that is too high refuses it": lambda _, *sides: (
        assert_refused("draw learning --aspect wide") and ratio("cell --aspect wide") == sides
    ),
    r"leave no figure out of all: if one cannot be drawn, stop and write nothing": (
        test_all_figures.test_none_is_left_out_who_is_strict
    ),
    r"ids must be unique in a page: with --id and several figures, each id is "
    r"ID-NAME": test_embed.test_two_embeds_meet_in_one_page_when_they_have_ids,
    r"html, the default, or mdx for Docusaurus and Next\.js": (
        test_embed.test_in_mdx_an_embed_is_one_element_that_holds_the_html
    ),
    r"The figures are static\. In the file of lstm-figs page, numbers answer to a "
    r"pointer; the block lstm-live of a site also reads typed text": _VALID_EMBED,
    r"the heading; by default it names the module": test_page.test_a_title_with_markup_is_text,
    # writes and influence
    r"the step after which the answer is read": lambda p: (
        p(4) != output_of(p.line) and "required: --step" in assert_refused("influence")
    ),
    r"an output of the readout, by its name in the file": lambda p: (
        "all closed, inside quotes"
        in assert_refused("influence --step 1 --network brackets --output x")
        and json.loads(p("'inside quotes'", "--json"))[0]["answer"] == "inside quotes"
    ),
    r"The answer is the logit of --output\. With --labels it is, for each label, the c or h of "
    r"the unit that predicts it best, minus the midpoint of its means over true and over false "
    r"steps; a positive answer is true": lambda _: influence_on_labels()["own"]["value"] > 0,
    r"A label has no answer if chance, the token or an untrained module predicts it as well": (
        lambda _: influence_on_labels()["early"]["weights"] == []
    ),
    r"Chance means the same label, shifted so far that it correlates with itself by at most "
    r"(0\.\d)": lambda _, likeness: float(likeness) == label_ranking.MAX_LIKENESS,
    r"the units; by default those in the figure writes, with --json all": check_written_units,
    r"the step after which c is split; by default the last step, with --json "
    r"every step": (check_written_steps),
    # shapes and other libraries
    r"read in both directions": lambda p: "bidirectional=True" in p(""),
    r"without biases": lambda p: "bias=False" in p("") and "bias_" not in p(""),
    r"with batch_first=True": lambda p: "batch_first=True" in p(""),
    r"one sequence without a batch axis": lambda p: "batch" not in p(""),
    r"convert to the tensors of that library": test_convert.test_a_file_goes_there_and_back,
    r"torch writes the state dict of the nn\.LSTM alone": (
        test_convert.test_to_torch_makes_the_state_dict_of_the_lstm_alone
    ),
    r"convert the tensors of that library, named as --to names them, to "
    r"PyTorch's": lambda p: (*p.option.choices, "torch") == LIBRARIES,
    r"with --from, the prefix of PyTorch's tensor names": (
        test_convert.test_a_file_goes_there_and_back
    ),
    r"numbers are float32": test_convert.test_to_torch_makes_the_state_dict_of_the_lstm_alone,
    r'bash or zsh: eval "\$\(lstm-figs completion bash\)" in \.bashrc or '
    r"\.zshrc; fish: lstm-figs completion fish > "
    r"~/\.config/fish/completions/lstm-figs\.fish": test_completion.test_bash_completes_what_fits,
    # options of figures
    r"[Tt]he units (?:that are drawn|to draw in figures of chosen units)": check_asked_units,
    r"at most (\w+)": check_most_units,
    r"by default one that keeps and one that reacts": check_contrasting_units,
    r"by default (?:all of up to|both of) (\w+), else one that keeps and one "
    r"that reacts": check_contrasting_units,
    r"or in a short sequence the ((?:one|two) whose .*)": check_units_of_a_short_sequence,
    r"What is (?:drawn of them|shown of each unit)": check_choices_differ,
    r"Which mistake|The way in which the module is called": check_choices_differ,
    r"`c` leaves out the gates, and what the network answers": lambda _: (
        leaves_out("reading", "--only c", "o", "answers")
        and "c[" in expressions_of("reading --only c")
    ),
    r"How much of the step: `units` leaves out the weights, and the sums that they make": (
        lambda _: leaves_out(
            "keep-write-show", "--detail units", "lstm.weight_ih_l0", "lstm.bias_hh_l0", "z_i"
        )
    ),
    r"What stands out: all, (?:or what belongs to one of the (\w+)|what the gates read, or what "
    r"they keep, write or show), with the rest faded": check_focus,
    r"What stands out: all, the task, what one unit keeps, writes or shows, "
    r"how another steers it, the weight that shuts its gate, or the gradient\. "
    r"The rest is pale or left out": check_scenes,
    r"ig is i·g, what is written": lambda _: "(i * g)[" in expressions_of("unit-map --of ig"),
    r"The step whose row is written out, by default that of the largest "
    r"magnitude of c": check_detailed_row,
    r"Whether each row of c has colours up to its own largest \|c\|, or all "
    r"share one scale, as rows of h and of gates always do": check_scales,
    r"(?:Which step|The time step|The hidden unit|The time step whose input is "
    r"shown|The unit whose gates are shown), counted from (\d)": check_counted_from,
    r"the first if there is no other": lambda p: (
        p(1, "--seq-len 1") == output_of(f"{p.line} --seq-len 1")
    ),
    r"The unit whose products are written out up to its gates, counted from "
    r"(\d); by default the sums of all units are drawn": check_products,
    r"How many steps at least, for which a shorter input is repeated; (\d+) "
    r"for (\d+), or those of the input with more than (\d+) units": check_repetition,
    r"Steps of each sequence, as in `(\S+)`; mixed by default": check_lengths,
    r"How many steps of padding follow the sequence, (\d) to (\d)": check_padding,
    r"The length of h for a module without a projection; (\d) for half": check_projected_length,
}
"""Pattern of a clause -> its check, which gets the place and the groups of the match.

If it is a test, it is run elsewhere.
"""

PNG_LINE = "draw cell --format png"
SAVED_TRACE = "trace --json --weights model.pt"
LIBRARIES = parsers(())["convert"].options[2].choices


def test_help_of_draw_says_of_each_figure_what_its_option_is():
    options = parsers((*CATALOG, *SHEETS))["draw"].options
    helps = {flag: option.help for option in options for flag in option.option_strings}
    for (name, flag, help), place in ALL_PLACES.items():
        if place.figure:
            before, separator, _ = helps[flag].partition(f": {help}")
            assert separator
            assert name in before.rpartition(". ")[2].split(", ")


def test_a_command_prints_or_writes_as_its_help_says():
    listed = re.findall(r"^ {4}(\w+)\s+(name|draw|print|write) ", HELP, re.M)
    assert [name for name, _ in listed] == [*COMMANDS]
    with only_figures():
        for name, verb in listed:
            about = import_module(f"lstm_figs.cli.{COMMANDS[name]}").__doc__.partition(": ")[2]
            assert f" {name} {about.rstrip('.')}" in " ".join(HELP.split())
            before = {*Path().iterdir()}
            printed = run(f"lstm-figs {COMMAND_LINES[name]}").decode().strip()
            written = [str(path) for path in {*Path().iterdir()} - before]
            assert ([printed] == written) == (verb in ("draw", "write"))
            assert len(written) <= 1


HELP = _parsers((), COMMANDS)[0].format_help()
