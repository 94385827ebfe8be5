"""Bad command lines end with one sentence, and its advice helps.

The words after a message's semicolon are read and applied: `fewer` makes a
number smaller, `leave --seed out` drops the option. Advice that cannot be
applied here fails.
"""

import contextlib
import io
import re
import shlex
from ast import literal_eval
from pathlib import Path

import numpy as np
import pytest
import torch

from lstm_figs import cli
from tests.load import saving

REFUSED_LINES = [
    # Names
    "drew unrolled",
    "draw",
    "draw unroled",
    "draw al",
    "draw zzz",
    "draw step",
    "draw all unrolled",
    "list unrolled",
    "draw cell --stp 3",
    "draw unrolled --unit 0",
    "draw four-weights unrolled --unit 0",
    "draw unrolled --width",
    "convert one.npz --to nothing --out a.npz",
    # Numbers
    "draw unrolled --width 359",
    "draw unrolled --width 721",
    "draw perceptron --format png --scale nan",
    "draw perceptron --format png --dpi -1",
    "draw four-weights --unit one",
    "draw four-weights --unit -1",
    "draw four-weights --unit 2",
    "draw data-flow --step 0",
    "draw perceptron --step 5",
    "trace --input-size 0 --hidden-size 1",
    "trace --input-size 4097 --hidden-size 1",
    "trace --input-size 1.5 --hidden-size 1",
    "trace --batch-size 0",
    "draw unrolled --seq-len 0",
    "trace --batch-size 3 --sample 3",
    "shapes --num-layers 1e3",
    "draw gradient-distance --seq-len 1 --steps 1",
    "draw gradient-distance --steps 90 --set lstm.bias_ih_l0[4]=60 "
    "--set lstm.bias_ih_l0[5]=60 --set lstm.bias_ih_l0[2]=60 "
    "--set lstm.bias_ih_l0[3]=60",
    "draw gradient-distance --seq-len 201",
    "trace --input-size 3 --hidden-size 2 --proj-size 2",
    "shapes --proj-size 2",
    "draw projection --project 99",
    "draw projection --input-size 3 --hidden-size 4 --proj-size 2 --project 1",
    "draw unit-map --of h --input-size 3 --hidden-size 4 --proj-size 2",
    "draw packed --lengths 4,4,4 --batch-size 2",
    "draw packed --lengths 9,1",
    "draw reading --units 0,0",
    "draw cell --input-size 9 --hidden-size 4096 --num-layers 64",
    "draw cell --input-size 1 --hidden-size 99 --seq-len 1000 --batch-size 999",
    # Files and paths
    "draw unrolled --format gif",
    "draw unrolled --theme page",
    "draw unrolled --out folder.svg",
    "draw unrolled --out new.tiff",
    "draw unrolled --out x.npy",
    "draw unrolled --out a.svg --format png",
    "draw unrolled perceptron --out a.svg",
    "draw unrolled --out - --format svg --format png",
    "draw unrolled --scale 2 --dpi 96 --format png",
    "draw unrolled --scale 2",
    "embed cell --out folder",
    "embed cell --out new.txt",
    "convert one.npz --to keras --out new.txt",
    "convert one.npz --to keras --out x.npy",
    "convert one.npz --to keras --out folder.npz",
    # Options that belong together, or exclude each other
    "draw unrolled --input-size 3",
    "trace --hidden-size 3",
    "trace --num-layers 2",
    "draw unrolled --seed 3",
    "trace --input x.npy --seq-len 2",
    "trace --input x.npy --batch-size 2",
    "draw unrolled --weights one.npz --input-size 3 --hidden-size 2",
    "draw unrolled --weights one.npz --seed 1 --input x.npy",
    "draw unrolled --weights one.npz --network brackets",
    "draw unrolled --module a",
    "draw unrolled --weights two.npz",
    "draw unrolled --weights two.npz --module aa",
    "draw unrolled --weights two.npz --module zz",
    "draw unrolled --layer 1",
    "draw unrolled --reverse",
    "draw unrolled --weights one.npz --layer 2",
    "shapes --unbatched --batch-size 2",
    "trace --text abc",
    "trace --input-size 3 --hidden-size 2 --text abc",
    "trace --network brackets --text abc --seq-len 3",
    "units --labels labels.json --input-size 3 --hidden-size 4 --proj-size 2",
    "units --labels labels.json --set x[0,0,0]=nan",
    "draw cell --labels labels.json",
    # Texts of a figure
    "draw unrolled --id 'a b'",
    "draw unrolled perceptron --id a",
    "embed cell --id a-narrow",
    "draw cell perceptron --title a",
    "draw poster --title a",
    "draw cell --title ' '",
    f"draw cell --note {99 * 'a'}",
    "trace --network brackets --text ''",
    "trace --network brackets --text 'a\u200bb'",
    # Numbers to set
    "trace --set x[0,0,0]=1 --set x[0,0,9]=2",
    "trace --set h[0,0,0]=1",
    "trace --set x[0,0,0]=much",
    "trace --set x=1",
    "trace --set weight[0,0]=1",
    "trace --set x[0,0,0]=1 --set x[0,0,0]=2",
    "trace --set x[0,0,-1]=1",
]


def value_index(words, flag):
    """The index of an option's value, if it has one."""
    at = words.index(flag) + 1
    return at if at < len(words) and not words[at].startswith("--") else None


def without_flags(words, *flags):
    words = [*words]
    for flag in flags:
        while flag in words:
            at = words.index(flag)
            del words[at : (value_index(words, flag) or at) + 1]
    return words


def with_values(words, flag, *values):
    """The line with each of these values for an option."""
    return [[*without_flags(words, flag), flag, value] for value in values]


def with_replacements(words, old, *new):
    """The line with each of these replacements for a word."""
    return [
        [part for word in words for part in (text.split() if word == old else [word])]
        for text in new
    ]


def listed_names(text):
    return re.split(", | or | and ", text.replace("'", ""))


def flags_of(words):
    return [word for word in words if word.startswith("--")]


def scaled_lines(words, flag, way):
    """The line with a number raised or lowered until it works."""
    at = words.index(flag) + 1
    number = int(words[at])
    while number and number < 1000:
        number = number // 2 if way == "fewer" else number * 2
        line = [*words[:at], str(number), *words[at + 1 :]]
        if number and run_line(line)[0] == 0:
            return [line]
    pytest.fail(f"{way} {flag} do not help")


FILES = {"FILE": "two.npz --module a", "brackets": "brackets"}

ADVICE = {
    r"did you mean '(.+)'\?": lambda w, message, new: with_replacements(
        w, re.search(r"'(.*?)'", message)[1], new
    ),
    r"unknown figure '(.*)', expected one of (.*)$": lambda w, _, got, known: with_replacements(
        w, got, *listed_names(known)[:3]
    ),
    r"argument (\S+): invalid choice: '(.*)' \(choose from (.*)\); see": (
        lambda w, _, flag, got, known: (
            [[*subcommand.split(), "--help"] for subcommand in listed_names(known)]
            if flag == "COMMAND"
            else with_replacements(w, got, *listed_names(known))
        )
    ),
    r"argument (\S+): got '.*', expected a(?: whole)? number from (\S+) to "
    r"(\S+);": lambda w, _, flag, low, high: with_values(
        w, flag, low, *([high] if float(high) < 1000 else [])
    ),
    r"argument (\S+): got '.*', expected a letter, then letters, digits, '_' "
    r"and single '-'": lambda w, _, flag: with_values(w, flag, "a1_b-c"),
    r"(?:required: \w+|one argument|expected nothing there); see lstm-figs"
    r"(.*)$": (lambda w, _, command: [[*command.split()]]),
    r"which (.*) replaced; draw that": lambda w, message, new: with_replacements(
        w, re.search(r"'(.*?)'", message)[1], new
    ),
    r"expected all alone; leave the other names out": lambda w, _: [[w[0], "all"]],
    r"(?<!or )leave (--\S+) out": lambda w, _, flag: [without_flags(w, flag)],
    r"got (?:a )?(?:--)?([a-z]+)(?:, which| for \d| for \w+, expected none).*"
    r"leave it out": lambda w, _, name: [without_flags(w, f"--{name}")],
    r"got ('.*') in --text.*leave it out": lambda w, _, odd: [
        [word.replace(literal_eval(odd), "") for word in w]
    ],
    r"got (--\S+) (?:and|with) (--\S+),.* so leave one out": (
        lambda w, _, *both: [without_flags(w, option) for option in both]
    ),
    r"got (--\S+) with .*; the file('s shape)? says (?:both|the sizes)": (
        lambda w, _, flag, shape: [
            without_flags(w, *({*flags_of(w)} - {flag})),
            without_flags(w, flag),
        ]
    ),
    r"got (--\S+) with (--\S+), expected one of them; a sequence": (
        lambda w, _, *both: [without_flags(w, option) for option in both]
    ),
    r"; add (--format png) or leave it out": lambda w, message, more: [
        [*w, *more.split()],
        without_flags(w, re.match(r"got (--\S+)", message)[1]),
    ],
    r"; add (--\S+)$": lambda w, _, flag: with_values(w, flag, "3"),
    r"; add (--\S+) (FILE|brackets)$": lambda w, _, flag, value: [
        [*without_flags(w, "--module"), flag, *FILES[value].split()]
    ],
    r"expected (--\S+) and (--\S+?),?(?: or --weights,)? beside it; add them, "
    r"or leave (--\S+) out": lambda w, _, a, b, flag: [
        [*w, a, "3", b, "2"],
        without_flags(w, flag),
    ],
    r"use (--network brackets) in place of the sizes": lambda w, _, use: [
        [*without_flags(w, "--input-size", "--hidden-size"), *use.split()]
    ],
    r"(?:--(\w+) is|got (sample)) .*, expected (\d+) to (\d+) .*choose": (
        lambda w, _, name, also, *ends: with_values(w, f"--{name or also}", *ends)
    ),
    r"got (sample) .*, expected (\d+) to (\d+); choose another": (
        lambda w, _, name, *ends: with_values(w, f"--{name}", *ends)
    ),
    r"expected layer (\d)(?: to (\d))?, forward, .*; choose one of these": (
        lambda w, _, *ends: (
            with_values(without_flags(w, "--reverse"), "--layer", *filter(None, ends))
            if "--weights" in w
            else [without_flags(w, "--reverse", "--layer")]
        )
    ),
    r"choose (more|fewer) (--\w+)": lambda w, _, way, flag: scaled_lines(w, flag, way),
    r"expected at most (\d+) for \S+; give it a shorter input": (
        lambda w, _, most: with_values(w, "--seq-len", most)
    ),
    r"smaller than hidden_size (\d+); choose such a one, or leave it out": (
        lambda w, _, size: [
            *with_values(w, "--proj-size", str(int(size) - 1)),
            without_flags(w, "--proj-size"),
        ]
    ),
    r"fewer than hidden_size (\d+); choose a smaller one": (
        lambda w, _, size: with_values(w, "--project", str(int(size) - 1))
    ),
    r"; draw ((?:\w, )+\w or \w+)$": lambda w, _, known: with_values(
        w, "--of", *listed_names(known)
    ),
    r"; draw ([\w-]+), which": lambda w, _, name: [
        ["draw", name, *without_flags(w[1:], "--labels")]
    ],
    r"got --lengths of \d sequences, expected (\d); give one length for each": (
        lambda w, _, count: with_values(w, "--lengths", ",".join("1" * int(count)))
    ),
    r"got --lengths .*, expected (\d) to (\d), .*; choose such lengths": (
        lambda w, _, *ends: with_values(w, "--lengths", ",".join(ends))
    ),
    r"got --units (\S+), expected at most \d, each once; leave some out": (
        lambda w, _, got: with_values(w, "--units", ",".join({*got.split(",")}))
    ),
    r"choose smaller sizes or fewer layers": lambda w, _: [
        *with_values(w, "--num-layers", "1"),
        *with_values(w, "--hidden-size", "9"),
    ],
    r"take fewer steps or sequences, or a smaller module": lambda w, _: [
        *with_values(w, "--seq-len", "2"),
        *with_values(w, "--batch-size", "2"),
        *with_values(w, "--hidden-size", "1"),
    ],
    r"; write '(\S+)'": lambda w, _, new: with_values(w, "--out", new),
    r"expected (a folder or )?a file that ends in (.*?); (?:name one|choose "
    r"another)": lambda w, _, folder, suffixes: with_values(
        w,
        "--out",
        *(["new"] if folder else []),
        *(f"n{suffix}" for suffix in listed_names(suffixes)),
    ),
    r"expected a folder; name one with (--out)": lambda w, _, flag: with_values(w, flag, "new"),
    r"(--module) (?:with|'\w+' is no .*, expected) one of (.*?)"
    r"(?:; name one|$)": (lambda w, _, flag, names: with_values(w, flag, *listed_names(names))),
    r"got labels for (\w+), expected one of (.*); leave them out, or draw": (
        lambda w, _, name, known: [
            without_flags(w, "--labels"),
            *with_replacements(w, name, *listed_names(known)[:2]),
        ]
    ),
    r"got the id '(\S+)', expected none that ends in (\S+),.*; take another": (
        lambda w, _, got, end: with_replacements(w, got, got.removesuffix(end))
    ),
    r"got (title)=.*, expected one line of (\d+) to (\d+) characters; write": (
        lambda w, _, name, *ends: with_values(w, f"--{name}", *map(words_of_length, ends))
    ),
    r"expected words that fit a line of \d+ pixels; break it in two": (
        lambda w, _: with_split_word(w)
    ),
    r"got (--text) of 0 characters, expected (\d+) to (\d+); give another": (
        lambda w, _, flag, low, high: with_values(w, flag, *("(" * int(n) for n in (low, high)))
    ),
    r"got (\S+\[.*?\]) to set, expected (\S+\[.*?\]) to (\S+\[.*?\]), since.*; "
    r"choose one": lambda w, _, got, *ends: [
        [*w[:1], "--set", f"{end.replace(' ', '')}=1"] for end in ends
    ],
    r"of a (parameter), (x), (h_0) or (c_0); change one of those": (
        lambda w, _, *names: [[*w[:1], "--set", f"{SETTABLE[name]}=1"] for name in names]
    ),
    r"expected a number, such as (.*); write one": lambda w, _, known: [
        [*w[:1], "--set", f"x[0,0,0]={example_number}"] for example_number in listed_names(known)
    ],
    r"expected NAME\[INDEX\]=VALUE, such as (\S+); write it so": (
        lambda w, _, example: [[*w[:1], "--set", example]]
    ),
    r"is not given, expected one of (.*); name one of them": (
        lambda w, _, known: [
            [*w[:1], "--set", f"{name}[{INDICES[name.rsplit('.')[-1][:4]]}]=1"]
            for name in listed_names(known)
        ]
    ),
    r"expected each number once; leave the others out": lambda w, _: [w[:3]],
    r"such as \[0,1\]; count from the first": lambda w, _: [
        [word.replace("-1", "2") for word in w]
    ],
}
"""Pattern of advice -> the lines that follow it, each of which has to work."""

SETTABLE = {
    "parameter": "lstm.bias_ih_l0[0]",
    **{name: f"{name}[0,0,0]" for name in ("x", "h_0", "c_0")},
}
INDICES = {"weig": "0,0", "bias": "0", "x": "0,0,0", "h_0": "0,0,0", "c_0": "0,0,0"}


def words_of_length(count):
    """Words with this number of characters in total."""
    return ("ab " * int(count))[: int(count) - 1] + "c"


def with_split_word(words):
    half = len(words[-1]) // 2
    return [[*words[:-1], f"{words[-1][:half]} {words[-1][half:]}"]]


def run_line(words):
    out, error = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        try:
            code = cli.main(words)
        except SystemExit as end:
            code = end.code
    return code, error.getvalue()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The files that the lines name."""
    monkeypatch.chdir(tmp_path)
    for name in ("folder", "folder.svg", "folder.npz"):
        Path(name).mkdir()
    np.save("x.npy", np.ones((2, 3), np.float32))
    Path("labels.json").write_text('{"a": [true, false, true, true]}')
    saving.as_npz(torch.nn.LSTM(3, 2, 2), "one.npz")
    two = {"a": torch.nn.LSTM(3, 2), "b": torch.nn.LSTM(3, 2)}
    saving.as_npz(torch.nn.ModuleDict(two), "two.npz")


@pytest.mark.parametrize("line", REFUSED_LINES)
def test_what_a_message_says_to_do_helps(line):
    words = shlex.split(line)
    before = sorted(Path().rglob("*"))
    code, error = run_line(words)
    assert code == 2
    assert sorted(Path().rglob("*")) == before
    message = re.fullmatch("lstm-figs: (.*)\n", error)[1]
    matches = [
        (match, act) for pattern, act in ADVICE.items() if (match := re.search(pattern, message))
    ]
    if not matches:
        pytest.fail(f"nothing follows the advice of {message!r}", pytrace=False)
    match, act = matches[0]
    for again in act(words, message, *match.groups()):
        assert run_line(again) == (0, ""), again
