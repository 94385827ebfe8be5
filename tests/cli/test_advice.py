"""Messages that say what to do: following them helps."""

import itertools
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import torch

from lstm_figs.cli.commands import parsers
from lstm_figs.command.parsing import source_of
from lstm_figs.errors import UsageError
from tests.conftest import check_flags
from tests.load import saving

CASES = r"""
drew unrolled
'draw', 'embed', 'page', 'trace', 'units', 'writes', 'influence', 'shapes',
list --help

draw
are required: NAME; see lstm-figs draw --help
draw --help

draw unrolled --format gif
(choose from 'svg', 'png', 'pdf'); see
draw unrolled --format svg --format png --format pdf

draw unrolled --width
expected one argument; see lstm-figs draw --help
draw --help

draw all unrolled
expected all alone; leave the other names out
draw all

draw cell --stp 3
known ones; did you mean '--step'?
draw cell --step 3

draw unrolled --unit 0
expected no option of its own; leave it out
draw unrolled

draw four-weights --unit 2
expected 0 to 1 for nn.LSTM(3, 2) over 4 steps; choose one of these
draw four-weights --unit 0
draw four-weights --unit 1

trace --input-size 1.5 --hidden-size 1
expected a whole number from 1 to 4096;
trace --input-size 4096 --hidden-size 1

shapes --proj-size 2
smaller than hidden_size 2; choose a smaller one, or leave it out
shapes --proj-size 1
shapes

draw projection --project 99
expected fewer than hidden_size 2; choose a smaller one
draw projection --project 1

draw projection --input-size 3 --hidden-size 4 --proj-size 2 --project 1
expected its own proj_size 2; leave --project out
draw projection --input-size 3 --hidden-size 4 --proj-size 2

draw unit-map --of h --input-size 3 --hidden-size 4 --proj-size 2
has an element for each unit; draw c, o or ig
draw unit-map --input-size 3 --hidden-size 4 --proj-size 2 --of c
draw unit-map --input-size 3 --hidden-size 4 --proj-size 2 --of o
draw unit-map --input-size 3 --hidden-size 4 --proj-size 2 --of ig

draw packed --lengths 4,4,4 --batch-size 2
expected 2; give one length for each sequence
draw packed --lengths 4,4 --batch-size 2

draw packed --lengths 9,1
expected 1 to 4, the steps of the input; choose such lengths, or give a longer input
draw packed --lengths 4,1
draw packed --lengths 9,1 --input-size 3 --hidden-size 2 --seq-len 9

draw reading --units 0,0
expected at most 8, each once; leave some out
draw reading --units 0

draw cell --out folder.svg
write 'folder.svg/' to draw into it
draw cell --out folder.svg/

draw cell --out new.tiff
write 'new.tiff/' for a new folder of that name
draw cell --out new.tiff/

draw cell --out x.npy
expected a folder or a file that ends in .svg, .png or .pdf; choose another
draw cell --out new
draw cell --out new.png

draw cell --out a.svg --format png
expected one format that fits the suffix; leave --format out
draw cell --out a.svg

draw cell unrolled --out a.svg
expected a folder; name one with --out
draw cell unrolled --out new

draw cell --out - --format svg --format png
for 2 outputs, expected a folder; name one with --out
draw cell --format svg --format png --out new

draw cell --scale 2 --dpi 96 --format png
expected one of them; 96 dpi is a scale of 1, so leave one out
draw cell --dpi 96 --format png

draw cell --scale 2
expected PNG; add --format png or leave it out
draw cell --scale 2 --format png

embed cell --out folder
expected a file that ends in .html or .htm; name one
embed cell --out n.html
embed cell --out n.htm

convert one.npz --to keras --out x.npy
expected a file that ends in .npz or .safetensors; name one
convert one.npz --to keras --out n.npz
convert one.npz --to keras --out n.safetensors

draw cell --weights one.npz --input-size 3 --hidden-size 2
expected one of them; the file determines the sizes
draw cell --weights one.npz

draw cell --weights one.npz --seed 1 --input x.npy
expected no seed if both come from files; leave --seed out
draw cell --weights one.npz --input x.npy

draw cell --weights one.npz --layer 2
expected layer 0 to 1, forward, for LSTM(3, 2, num_layers=2); choose one of these
draw cell --weights one.npz --layer 1

shapes --unbatched --batch-size 2
expected one of them; a single sequence has no batch axis
shapes --batch-size 2

trace --input-size 3 --hidden-size 2 --text abc
use --network brackets instead of the sizes
trace --network brackets --text abc

trace --network brackets --text abc --seq-len 3
each character of the text is a step, so leave one out
trace --network brackets --seq-len 3

units --labels labels.json --input-size 3 --hidden-size 4 --proj-size 2
has an element for each unit; leave --labels out
units --input-size 3 --hidden-size 4 --proj-size 2

draw units --input-size 3 --hidden-size 2 --set x[2,0,1]=nan
input with nan at x[2, 0, 1], expected numbers, which all units need; correct it, or draw gates
draw units --input-size 3 --hidden-size 2

draw cell --labels labels.json
keep-write-show, reading, unit-map, units, writes; leave them out, or draw one of these
draw unit-map --network example --labels labels.json

draw cell --id 'a b'
expected a letter, then letters, digits, '_' and single '-'; see
draw cell --id a1_b-c

draw cell unrolled --id a
expected one figure; ids must be unique, so leave it out
draw cell unrolled

embed cell --id a-middle
expected none that ends in -middle, which is for forms of 560 pixels; choose another
embed cell --id a

draw reading --network example --tokens labels.json --step-seconds 1
an axis of time or tokens, so leave one out
draw reading --network example --step-seconds 1

embed cell units --caption a
expected one figure, because a caption is about what it shows; leave it out
embed cell --caption a

draw poster --no-notes
expected none: a sheet has its own words; leave it out
draw poster

draw cell unrolled --title a
expected one figure, because a title states its point; leave it out
draw cell unrolled

draw cell --title ' '
expected one line of 1 to 300 characters; write another
draw cell --title a

draw cell --note WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW
expected words that fit a line of 672 pixels; break it in two
draw cell --note 'WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW'

trace --network brackets --text ''
got --text of 0 characters, expected 1 to 1000; choose another
trace --network brackets --text (

trace --set x[0,0,0]=1 --set x[0,0,9]=2
got x[0, 0, 9] to set, expected x[0, 0, 0] to x[3, 0, 2], because its shape is (4, 1, 3); choose one
trace --set x[0,0,0]=1 --set x[3,0,2]=2

trace --set h[0,0,0]=1
expected a number of a parameter, x, h_0 or c_0; change one of those
trace --set h_0[0,0,0]=1 --set c_0[0,0,0]=1 --set lstm.bias_ih_l0[0]=1

trace --set x[0,0,0]=much
expected a number, such as -0.5, 1e-3, nan or inf; write one
trace --set x[0,0,0]=-0.5 --set x[0,0,1]=1e-3 --set x[1,0,0]=nan --set x[2,0,0]=inf

trace --run run.py
expected FILE.py:FUNCTION, such as run.py:make; name a file and a function in it
trace

trace --run nowhere.py:make
is not a file, expected a .py file with the function that --run names
trace

trace --run run.py:make --seq-len 3
the function makes the model and its input, so leave --seq-len out
trace --seq-len 3

trace --set x=1
expected NAME[INDEX]=VALUE, such as lstm.weight_hh_l0[0,1]=0; write it in this form
trace --set lstm.weight_hh_l0[0,1]=0

trace --set weight[0,0]=1
'lstm.bias_ih_l0', 'lstm.bias_hh_l0', 'x', 'h_0', 'c_0'; name one of them
trace --set lstm.bias_hh_l0[0]=1

trace --set x[0,0,0]=1 --set x[0,0,0]=2 --set x[1,0,0]=2
to set 2 times, expected each number once; leave the others out
trace --set x[0,0,0]=1

trace --set x[0,0,-1]=1
expected whole numbers from 0 with commas between them, such as [0,1]; count from the first
trace --set x[0,0,2]=1

draw gradient-distance --steps 90 HUGE
choose fewer --steps or smaller weights
draw gradient-distance --steps 22 HUGE
draw gradient-distance --steps 90
"""
"""A line, a part of its error, and the lines that follow its advice."""

HUGE = " ".join(f"--set lstm.bias_ih_l0[{k}]=60" for k in (4, 5, 2, 3))
"""Edits that open the forget gates, and make g one."""


@pytest.fixture(autouse=True)
def files(folder):
    """The files that the cases name."""
    for name in ("folder", "folder.svg"):
        Path(name).mkdir()
    np.save("x.npy", np.ones((2, 3), np.float32))
    Path("labels.json").write_text('{"a": [true, false, true, true]}')
    saving.as_npz(torch.nn.LSTM(3, 2, 2), "one.npz")


@pytest.mark.parametrize("case", CASES.strip().split("\n\n"), ids=lambda c: c.split("\n")[0])
def test_what_a_message_says_to_do_helps(case, call, refusal):
    line, advice, *better_lines = case.replace("HUGE", HUGE).split("\n")
    assert advice in refusal(*shlex.split(line))
    for better_line in better_lines:
        code, _, error = call(*shlex.split(better_line))
        assert (code, error) == (0, ""), better_line


PARSER = parsers(())["trace"]
NOT_ONE = {"--network": "brackets", "--dtype": "float64", "--run": "a.py:b", "--set": "x[0]=1"}
WORDS = {
    flag: f"{flag}={NOT_ONE.get(flag, 1)}" if option.nargs != 0 else flag
    for option in PARSER.groups[1].options
    for flag in option.option_strings
}
"""Option of a source -> the option with a value, by default 1."""


def problem(words):
    """The error about options that contradict each other."""
    try:
        source_of(PARSER.parse_args(words))
    except UsageError as error:
        return str(error)
    return ""


def test_an_option_that_needs_others_names_them():
    for word in WORDS.values():
        message = problem([word])
        advice = message.partition(", expected ")[2].partition(", or ")[0]
        missing = [WORDS[flag] for flag in re.findall(r"--[\w-]+", advice)]
        assert bool(message) == bool(missing)
        assert problem([word, *missing]) == ""


def test_of_two_options_that_do_not_fit_either_can_be_left_out_as_the_message_says():
    for pair in itertools.combinations([*WORDS.values(), "--network=plain"], 2):
        message = problem(pair)
        check_flags(pair, message)
        removable = re.findall(r"leave (--[\w-]+) out", message)
        if "expected one of them" in message:
            removable += pair
        for word in removable:
            assert problem([other for other in pair if not other.startswith(word)]) != message
