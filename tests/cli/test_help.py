"""Check each clause of `--help` against what the command does.

A clause without a check fails, so every new one needs a check, or a line in `HELD`.
Numbers, defaults and choices are read from the clause itself.
"""

import contextlib
import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from lstm_figs import cli
from lstm_figs.cli.commands import COMMANDS, _parsers, parsers
from lstm_figs.figures import CATALOG, LABELLED, SHEETS, composer
from lstm_figs.options import figure_options
from tests.load import saving
from tests.proof import read, texts
from tests.site.facts_of_pages import NUMBERS
from tests.test_command import run

SIZED_TRACE = "trace --json --input-size 3 --hidden-size 3 --seq-len 2"
COMMAND_LINES = {
    "list": "list",
    "inspect": "inspect model.pt",
    "draw": "draw cell",
    "embed": "embed cell",
    "page": "page",
    "trace": "trace --json",
    "units": "units",
    "shapes": "shapes",
    "convert": "convert model.pt --to torch --out out.npz",
    "completion": "completion fish",
}
SIZE_VALUES = {
    "--num-layers": 2,
    "--bidirectional": "",
    "--proj-size": 1,
    "--no-bias": "",
    "--dtype": "float64",
    "--seed": 1,
}
"""Options for the sizes of a module, with a value for each."""


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
        """The output with the option."""
        return output_of(f"{self.line} {more} {self.flag} {value}")


def output_of(line):
    """The output of a command, without the command stored in a figure."""
    line += " --out -" * line.startswith("draw")
    output = run(f"lstm-figs {line}").decode(errors="surrogateescape")
    return re.sub(r"(&quot;command&quot;: &quot;).*?&quot;, ", r"\1", output)


def words(line):
    return [text for _, text in texts(read(output_of(f"draw {line}")))]


def refuse(*lines):
    """Check that these command lines are errors."""
    for line in lines:
        with contextlib.redirect_stderr(io.StringIO()):
            assert cli.main(line.split()) == 2, line


def same(*lines):
    return len({*map(output_of, lines)}) == 1


def differ(*lines):
    return len({*map(output_of, lines)}) == len(lines)


def few_figures():
    """Shrink the catalogue, because a page draws all of it."""
    patch = pytest.MonkeyPatch()
    patch.setattr(CATALOG, "paths", {"cell": CATALOG.paths["cell"]})
    return contextlib.closing(SimpleNamespace(close=patch.undo))


@pytest.fixture(autouse=True)
def files(folder):
    """The files that the lines name."""
    saving.as_zip(saving.model(num_layers=2, bidirectional=True), "both.pt")
    saving.as_zip(saving.model(), "model.pt")


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


@pytest.mark.parametrize("of", ALL_PLACES, ids=lambda of: " ".join(of[:2]))
def test_each_clause_of_help_is_true(of):
    rest = of[2].rstrip(".")
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
        assert check(ALL_PLACES[of], *match.groups()) is not False, match[0]
        rest = rest[match.end() :].lstrip(";,.: ")


def limits(place, low, high):
    by = 0.01 if "." in low else 1
    parse = place if place.figure else place.option.type
    parse(low), parse(high)
    for beyond in (float(low) - by, float(high) + by):
        if place.figure:
            refuse(f"{place.line} --out - {place.flag} {beyond:g}")
        else:
            with pytest.raises(Exception, match=r"got .*, expected .* from"):
                parse(f"{beyond:g}")


def default(place, value):
    """The default is this value, and a different value changes the output."""
    assert place(value) == output_of(place.line)
    others = {*map(str, place.option.choices or ())} - {value}
    if value.isdigit():
        others = {"360" if value == "720" else str(int(value) + 1)}
    return place(min(others)) != place(value)


def counted_from(place, first):
    """It counts from `first`, and numbers outside its range are rejected."""
    first, count = int(first), {"--step": 4, "--unit": 2}[place.flag]
    assert len({place(k) for k in range(first, first + count)}) == count
    for beyond in (first - 1, first + count):
        refuse(f"{place.line} --out - {place.flag} {beyond}")


def with_sizes(place):
    more = f"{place.flag} {SIZE_VALUES[place.flag]}"
    refuse(f"trace {more}")
    return differ(SIZED_TRACE, f"{SIZED_TRACE} {more}")


def none_is(place, none):
    line = f"{place.command} --hidden-size 3 --input-size 3 {place.flag}"
    refuse(f"{line} 3")
    assert differ(f"{line} {none}", f"{line} 2")
    return same(f"{line} {none}", line.removesuffix(place.flag))


def moments(_, default):
    batches = [word for word in words("learning") if word.startswith("batch ")]
    listed = default.replace(" and", ",").split(", ")
    assert [word[6:].replace(",", "") for word in batches] == listed
    fewer = [word for word in words("learning --width 360") if word in batches]
    return set(fewer) < set(batches)


def all_units(place, count):
    """Up to `count` units, all are drawn."""
    limit = int(count) if count.isdigit() else NUMBERS.index(count)
    for size in (limit, limit + 1):
        own = words(f"{place.figure} --input-size 2 --hidden-size {size}")
        names = {word for word in own if re.fullmatch(r"unit \d+", word)}
        assert (len(names) == size) == (size == limit)


def repeated(_, none, steps, size):
    name = "gradient-distance --input-size 1 --hidden-size"
    assert same(*(f"draw {name} 2 --steps {n}" for n in (none, steps)))
    cases = {"2 --steps 30": (5, 30), "3 --steps 30": (40, 40), size: (5, steps)}
    for own, (seq_len, count) in {**cases, str(int(size) + 1): (5, 5)}.items():
        assert f"{count} steps" in " ".join(words(f"{name} {own} --seq-len {seq_len}"))


def theme(_):
    png = "draw cell --format png"
    assert same("draw cell", "draw cell --theme auto")
    assert differ("draw cell", "draw cell --theme light", "draw cell --theme dark")
    return same(png, f"{png} --theme light") and differ(png, f"{png} --theme dark")


CLAUSES = """
as JSON
.safetensors, .npz, or .pt, .pth, .ckpt, .bin of torch
with the extra formats also .onnx, and .keras, .h5 of Keras
a figure or a sheet, or: all
a figure, or: all
by default the example network, nn.LSTM(3, 2)
and --network brackets for learning, poster, reading, writes
a module has at most 300,000,000 parameters
and a run keeps at most as many numbers, 20 for each unit, step and sequence
example, or brackets: nn.LSTM(4, 2), trained to follow brackets and quotes
the bracket network after so many batches of its training
or at the last moment before that is kept
of sizes, or of the input of a weights file
which LSTM of the file, as `lstm-figs inspect FILE` names it
by default the only one
which LSTM of the file
the layer that figures show
figures show the reverse direction
.npy, .json or .safetensors of shape (T, I) or (T, N, I)
what the network reads, a character a step
for --network brackets, or a .safetensors file whose metadata has an alphabet
names of the steps, a .json file with a list of strings
which sequence of a batch, counted from 0, is run alone
all by default, of which a figure of one shows the first
change one number of a parameter, x, h_0 or c_0, as often as wanted
such as lstm.weight_hh_l0[0,1]=0
a text is printed as it is typed all the same
4 by default, for --network brackets its whole text
panels that do not fit beside each other stand below each other
both for 720 and 360, of which the page shows the one that fits
in place of the figure's own title
marked as yours, not proven
a sentence at the foot
what ids in the SVG begin with
the figure's name by default
may be given several times
pixels of a PNG for each unit of the figure
the same as pixels an inch
96 are a scale of 1
a file if it ends in a known suffix, else a folder
the current folder by default
- is standard output
of all figures leave none out: where one cannot be drawn, stop and write nothing
light, dark, or auto, the default, which follows the page
html, the default, or mdx, as Docusaurus and Next.js read it
a file that ends in .html
a file that ends in .npz or .safetensors
standard output by default
ids must be unique in a page: with --id and several figures, each id is ID-NAME
They stand still: numbers answer a reader in the file of lstm-figs page
and the block lstm-live of a site reads what is typed
the heading
by default it names the module
lstm.html by default
in two directions
without biases
with batch_first=True
one sequence without a batch axis
make the tensors of that library
torch makes the state dict of the nn.LSTM alone
make PyTorch's tensors of those of that library, named as --to names them
with --from, what the names of PyTorch's tensors begin with
numbers are float32
bash or zsh: eval "$(lstm-figs completion bash)" in .bashrc or .zshrc
fish: lstm-figs completion fish > ~/.config/fish/completions/lstm-figs.fish
After how many batches each moment is
Of which training: that of the network, or those of several seeds
the units that figures of chosen ones draw
The units that are drawn
at most eight
by default one that keeps and one that reacts
else one that keeps and one that reacts
or in a short sequence the two whose c changes most, one unlike the other
or in a short sequence the two whose c the step changes most, one unlike the other
or in a short sequence the one whose c goes farthest from zero
What is drawn of them
What is shown of each unit
`c` leaves out the gates, and what the network answers
ig is i·g, what is written
How much of the step: `units` leaves out the weights, and the sums that they make
What stands out: all, the task, what one unit keeps, writes or shows, how another steers it
the weight that shuts its gate, or the gradient
The rest is pale or left out
What stands out: all, or what belongs to one of the three, with the rest faded
Which step
The time step
The hidden unit
The time step whose input is shown
The unit whose gates are shown
The unit whose products are written out up to its gates
by default the sums of all units are drawn
The step whose row is written out, by default that of the largest magnitude of c
Whether each row of c has colours up to its own largest |c|
or all share one scale, as rows of h and of gates always do
Steps of each sequence, as in `5,2,3`
mixed by default
How many steps of padding follow the sequence
Which mistake
The way in which the module is called
The length of h for a module without a projection
0 for half
"""
"""Clauses that tests of each command and figure hold."""

CHECKS = {re.escape(clause): lambda *_: True for clause in CLAUSES.strip().splitlines()} | {
    r"(\d[\d.]*) to (\d[\d.]*)": limits,
    r"(?:Which message, |The library; |by default )?([\w-]+)(?: by default)?": default,
    r"((?:\w+, )+\w+ or \w+)": lambda p, all: re.split(", | or ", all) == [*p.option.choices],
    r"counted from (\d)": counted_from,
    r"with sizes": with_sizes,
    r"smaller than hidden_size, (\d) for none": none_is,
    r"by default (0, 100.*), fewer where there is little room": moments,
    r"what is true at each step, a \.json file with an object: a name, and for "
    r"each step true or false; for (.*), and for `lstm-figs units`": lambda _, figures: (
        {*re.split(", | and ", figures)} == {*LABELLED}
    ),
    r"by default auto for SVG, else light": theme,
    r"by default (?:all of up to|both of) (\w+)": all_units,
    r"the first if there is no other": lambda p: (
        p(1, "--seq-len 1") == output_of(f"{p.line} --seq-len 1")
    ),
    r"How many steps at least, for which a shorter input is repeated; (\d+) "
    r"for (\d+), or those of the input with more than (\d+) units": repeated,
}
"""Patterns of clauses in help, and a check for each."""


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
    with few_figures():
        for name, verb in listed:
            before = {*Path().iterdir()}
            printed = run(f"lstm-figs {COMMAND_LINES[name]}").decode().strip()
            written = [str(path) for path in {*Path().iterdir()} - before]
            assert ([printed] == written) == (verb in ("draw", "write"))
            assert len(written) <= 1


HELP = _parsers((), COMMANDS)[0].format_help()
