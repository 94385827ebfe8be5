"""Figures of the trained bracket network."""

import json
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

import lstm_figs as lf
from lstm_figs import cli
from lstm_figs.command.request import Request, parse_header
from lstm_figs.errors import UsageError
from lstm_figs.figures import CATALOG, TRAINED
from lstm_figs.figures.reading.reader import reader_of
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.proof.preamble.truth import OUTPUTS
from lstm_figs.proof.preamble.write import preamble
from lstm_figs.sources import Source, networks
from lstm_figs.sources.alphabet import Alphabet
from lstm_figs.sources.trained import TEXT
from tests.binding.inspection import check_request
from tests.figures import texts
from tests.proof import NUMBERLESS, prove, svg_of

BRACKETS = Source(network="brackets")


@pytest.fixture
def save_weights(folder):

    def save(module=None, text="abc", readout=True, answers=2, bias=True, **metadata):
        torch.manual_seed(0)
        module = module or torch.nn.LSTM(3, 5)
        state = {f"lstm.{k}": p for k, p in module.state_dict().items()}
        if readout:
            state["readout.weight"] = torch.randn(answers, 5)
            state |= {"readout.bias": torch.randn(answers)} if bias else {}
        all_metadata = {"alphabet": "abc", "outputs": "first, second"} | metadata
        save_file(state, "own.safetensors", {k: v for k, v in all_metadata.items() if v})
        return Source(weights="own.safetensors", text=text)

    return save


def namespace(source, *names):
    variables = {}
    exec(preamble(LayerRun(source.trace()), names), variables)
    return variables


def test_a_title_claims_what_is_learned_from_the_moment_at_which_it_is():
    moments = networks.moments()
    first = "Unit 0 counts brackets, unit 1 is on in quotes"
    learned = []
    for moment in moments:
        source = replace(BRACKETS, after=moment.after)
        reader = reader_of(LayerRun(source.trace()), (0, 1))
        learned.append((reader.counting_unit, reader.quote_unit) == (0, 1))
        # Only the network at the end of the training has its outputs described.
        assert reader.trained == (moment is moments[-1])
    assert [*np.diff(np.flatnonzero(learned))] == [1] * (sum(learned) - 1)
    assert learned[-1]
    titles = [lf.draw("reading", after=after).title for after in (658, 659)]
    assert [title == first for title in titles] == [False, True]
    assert moments[learned.index(True)].after == 659


def test_a_moment_is_the_last_one_at_or_before_a_batch():
    batches = [moment.after for moment in networks.moments()]
    assert batches == sorted({*batches})
    for asked, printed_batches in ((453, "450"), (454, "454"), (2047, "1,829")):
        figure = lf.draw("reading", after=asked)
        svg = svg_of(figure)
        assert f"· brackets · after {printed_batches} batches<" in svg
        comment = f"batches = {printed_batches.replace(',', '')}  # of the 6000 of its"
        assert comment in figure.metadata["preamble"]
        assert f"--after {asked}" in figure.metadata["command"]
    # A changed number does not change the moment of the training.
    edited = lf.draw("weight-map", network="brackets", after=454, set={"x[0,0,0]": 2})
    assert "after 454 batches · edited<" in svg_of(edited)


@pytest.mark.parametrize("name", ["reading", "keep-write-show", "weight-map"])
def test_a_figure_of_a_moment_is_proven(name):
    check_request(Request(name, replace(BRACKETS, after=0), name))


def test_the_moment_at_the_end_is_the_network_that_ships():
    for name in ("reading", "keep-write-show"):
        shipped, last = (
            lf.draw(name, network="brackets", after=after) for after in (None, networks.BATCHES)
        )
        assert shipped.title == last.title
        assert [n.number for n in shipped.numbers()] == [n.number for n in last.numbers()]
        sha = "weights_sha256"
        assert shipped.metadata[sha] == last.metadata[sha]


def test_a_preamble_has_answers_and_truth_only_for_who_asks():
    plain = preamble(LayerRun(BRACKETS.trace()), ["c[0, 0, 0]"])
    assert "readout" not in plain
    assert "depth" not in plain


HEADERS = {
    "cell --network brackets": (34, 1),
    "cell --network brackets --text '(\"a b\")' --step 3": (7, 1),
    'hidden-size --network brackets --text "it\'s"': (4, 1),
    "cell --network brackets --text=--input": (7, 1),
    "cell --network brackets --text '(é𝄞)'": (4, 1),
    "cell --network brackets --seq-len 4": (4, 1),
    "cell --network brackets --seq-len 70 --batch-size 3": (70, 3),
}
"""Header -> the lengths of x along steps and batch."""


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_says_what_is_read_and_a_command_says_it_again(header):
    request = parse_header(header)
    figure = request.draw()
    trace = request.source.trace()
    steps, batch = HEADERS[header]
    assert (*trace.x.shape[:2], len(trace.tokens)) == (steps, batch, steps)
    svg = svg_of(figure)
    assert prove(svg) > 0 or request.name in NUMBERLESS
    x = namespace(request.source, "x")["x"]
    np.testing.assert_array_equal(x, trace.x)
    if "seq-len 70" in header:
        assert "".join(trace.tokens) == (TEXT * 3)[:70]
    command = figure.metadata["command"].removeprefix("lstm-figs draw ")
    again = parse_header(command)
    assert again == request
    assert again.draw().metadata == figure.metadata
    assert figure.metadata["torch"] is None


def test_a_network_is_none_of_a_page_that_names_another():
    assert Request("cell", Source(network="example")).command() == ("lstm-figs draw cell")


def test_figures_of_what_is_learned_take_the_bracket_network(monkeypatch):
    monkeypatch.setitem(CATALOG.paths, "reading", "cell.cell")
    assert "reading" in TRAINED
    ends = ("", "--text '(a)'", "--seq-len 5")
    ends += ("--network example", "--input-size 3 --hidden-size 2")
    requests = [parse_header(f"reading {end}") for end in ends]
    networks = [request.source.network for request in requests]
    assert networks == ["brackets"] * 3 + ["example", None]
    for request in requests:
        again = parse_header(request.command().removeprefix("lstm-figs draw "))
        assert again == request
    figure = lf.draw("reading")
    assert figure.metadata["preamble"].count(repr(TEXT)) == 1
    assert lf.draw("reading", Source().trace()).metadata["command"] is None


def test_figures_of_two_networks_are_drawn_by_one_command(monkeypatch, folder, capfd):
    monkeypatch.setitem(CATALOG.paths, "reading", "unrolled.unrolled")
    assert cli.main(["draw", "unrolled", "reading"]) == 0
    first_svg, other = (Path(f"{name}.svg").read_text() for name in ("unrolled", "reading"))
    assert "nn.LSTM(3, 2) · 4 steps · example" in first_svg
    assert "· brackets<" in other
    assert cli.main(["draw", "unrolled", "reading", "--text", "a"]) == 2
    assert "got --text for the example network" in capfd.readouterr().err


def test_a_file_with_an_alphabet_reads_a_text(save_weights):
    source = save_weights(text="cab", outputs="a\nb, second")
    trace = source.trace()
    assert trace.x[:, 0].tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert trace.tokens == ("c", "a", "b")
    assert trace.origin.readout.outputs == ("a\\nb", "second")
    variables = namespace(source, "answers")
    assert variables["text"] == "cab"
    assert variables["answers"].shape == (3, 1, 2)
    assert prove(svg_of(Request("cell", source).draw()))


def test_a_file_says_which_input_stands_for_others(save_weights):
    source = save_weights(torch.nn.LSTM(3, 40), "a?b", readout=False, other="2")
    assert source.trace().x[:, 0].argmax(-1).tolist() == [0, 2, 1]
    assert prove(svg_of(Request("cell", source).draw()))


@pytest.mark.parametrize(
    "more",
    [
        {"outputs": "one"},
        {"outputs": ""},
        {"outputs": "one, "},
        {"outputs": ", ".join(map(str, range(101))), "answers": 101},
        {"module": torch.nn.LSTM(3, 5, bidirectional=True)},
        {"module": torch.nn.LSTM(3, 5, 2)},
        {"module": torch.nn.LSTM(3, 4)},
    ],
)
def test_a_readout_that_does_not_fit_is_none(more, save_weights):
    source = save_weights(text="abc", **more)
    assert source.trace().origin.readout is None
    assert Request("reading", source).draw().numbers()


def test_a_readout_of_one_of_two_modules_that_it_fits_is_none(folder):
    first, second, small = (torch.nn.LSTM(3, n) for n in (5, 5, 4))
    readout = torch.nn.Linear(5, 2)
    for modules, has_readout in (
        ({"a": first, "b": second}, False),
        ({"a": first, "b": small}, True),
    ):
        modules = {**modules, "readout": readout}
        state = torch.nn.ModuleDict(modules).state_dict()
        save_file(state, "two.safetensors", {"outputs": "first, second"})
        trace = Source(weights="two.safetensors", module="a").trace()
        assert (trace.origin.readout is not None) == has_readout


def texts_of_reading(source):
    request = Request("reading", source)
    check_request(request)
    return texts(request.draw())


BY_BRACKETS = {"truth": "brackets", "outputs": ", ".join(OUTPUTS)}
"""Metadata of a file with the truth and the outputs of the bracket network."""

READOUTS = {
    "several answers": {},
    "one answer": {"outputs": "first", "answers": 1},
    "a projection": {"module": torch.nn.LSTM(3, 6, proj_size=5)},
    "a cell": {"module": torch.nn.LSTMCell(3, 5)},
    "no bias": {"bias": False},
    "another truth": BY_BRACKETS | {"truth": "parity", "trained": "for a day"},
    "names of which the truth says nothing": {"truth": "brackets"},
    "a truth and no text": BY_BRACKETS | {"text": None, "trained": "for a day"},
}
"""Case -> arguments of `save_weights`."""


@pytest.mark.parametrize("case", READOUTS)
def test_a_readout_without_a_truth_answers(case, save_weights):
    source = save_weights(**READOUTS[case])
    drawn_texts = texts_of_reading(source)
    names = source.trace().origin.readout.outputs
    assert {*names} <= {*drawn_texts}
    full_text = " ".join(drawn_texts)
    assert "what the network answers" in full_text
    for other in ("truth", "Trained", "quotes."):
        assert other not in full_text


def test_long_names_and_many_answers_are_cut_off(save_weights):
    names = [f"a name of many words and the number {k} 漢" for k in range(7)]
    source = save_weights(outputs=", ".join(names), answers=7)
    drawn_texts = texts_of_reading(source)
    assert "4 of 7 answers are drawn." in " ".join(drawn_texts)
    assert sum(t.startswith("a name of") and t.endswith("…") for t in drawn_texts) == 4


@pytest.mark.parametrize("trained", ["for a day", ""])
def test_a_file_that_knows_the_truth_has_it_drawn(trained, save_weights):
    metadata = {"alphabet": "a()", "other": "0", "trained": trained}
    source = save_weights(text='(a")', **BY_BRACKETS, **metadata)
    full_text = " ".join(texts_of_reading(source))
    assert "is dashed." in full_text
    assert ("Trained to say" in full_text) == bool(trained)
    assert namespace(source, "depth", "inside")["depth"].tolist() == [1] * 4


@pytest.mark.parametrize("name", ["reading", "writes", "cell"])
def test_a_copy_of_the_network_is_drawn_as_it_is(name, folder):
    own_file = Path(networks.__file__).with_name("brackets.safetensors")
    Path("copy.safetensors").write_bytes(own_file.read_bytes())
    copy = Source(weights="copy.safetensors", text=TEXT)
    first, second = (Request(name, source).draw() for source in (BRACKETS, copy))
    assert first.description == second.description
    head, other = first.scene.heading, second.scene.heading
    assert (head.title, head.lead, head.notes) == (other.title, other.lead, other.notes)
    assert first.scene.marks == second.scene.marks
    assert head.provenance.text.removesuffix(" · brackets") == (other.provenance.text)


def test_an_input_without_text_is_answered_and_has_no_truth(folder):
    np.save("x.npy", np.ones((5, 4), np.float32))
    source = Source(network="brackets", input="x.npy")
    full_text = " ".join(texts_of_reading(source))
    assert "what the network answers" in full_text
    assert "Trained" not in full_text


@pytest.mark.parametrize(
    ("text", "metadata", "message"),
    [
        ("abd", {}, "got 'd' in --text, expected characters of the alphabet 'abc'; leave"),
        (
            "ab",
            {"alphabet": ""},
            "which has no alphabet, .*; pass --input instead, or save it with meta",
        ),
        ("ab", {"alphabet": "ab"}, "one for each input; save it with these, or pass --input"),
        ("ab", {"alphabet": "aba"}, "different characters"),
        ("ab", {"other": "3"}, "index of its alphabet, 0 to 2; save it with one, or pass --input"),
        ("ab", {"other": "x"}, "expected an index of its alphabet, 0 to 2"),
    ],
)
def test_a_text_that_a_file_cannot_read_is_a_sentence(text, metadata, message, save_weights):
    with pytest.raises(UsageError, match=message):
        save_weights(text=text, **metadata).trace()


OF_BRACKETS = "--network brackets --text"
BAD_OPTIONS = {
    "got --text of 1001 characters": f"{OF_BRACKETS} {'a' * 1001}",
    "got '\\n' in --text, expected characters that can be printed; leave": f"{OF_BRACKETS} a\nb",
    "got '\\udcff' in --text": f"{OF_BRACKETS} \udcff",
    "got '-1', expected a whole number ": "--network brackets --after -1",
    "from 0 to 6000; see lstm-figs": "--network brackets --after 6001",
    "is not a file": "--tokens none.json",
    "is a folder": "--tokens .",
}
"""Error -> options that cause it."""


@pytest.mark.parametrize("message", BAD_OPTIONS)
@pytest.mark.parametrize("command", [["draw", "cell"], ["trace"]])
def test_options_that_cannot_be_used_are_one_line(message, command, refusal):
    assert message in refusal(*command, *BAD_OPTIONS[message].split(" "))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[", "for --tokens; save it again"),
        ('{"a": 1}', "holds dict"),
        ("[]", "with a list of strings for --tokens; write one for each step"),
        ('["a", "b", 1, "c"]', "got int among the tokens"),
        (f"[{'[' * 900}{']' * 900}]", "got list among the tokens"),
        (
            json.dumps(["a" * 9_998, *"bcd"]),
            "10,000, because a figure's file contains them; shorten them, or choose fewer steps",
        ),
        ('["a", "b", "c"]', "got 3 tokens, expected 4"),
    ],
)
def test_a_bad_file_of_tokens_is_one_line(content, message, refusal):
    Path("t.json").write_text(content)
    assert message in refusal("trace", "--tokens", "t.json")


def test_a_character_that_only_a_later_unicode_knows_is_read():
    # The browser reads this text itself, and the page then gives it as a command.
    svg = Request("reading", Source(network="brackets", text="(\u0378)")).draw()
    assert prove(svg_of(svg)) > 20


def test_tokens_name_the_steps_of_any_source(folder):
    words = ["the", "cat", "sat", "."]
    Path("words.json").write_text(json.dumps(words))
    for options in ({}, {"network": "brackets", "seq_len": 4}, {"input_size": 3, "hidden_size": 2}):
        source = Source(tokens="words.json", **options)
        assert list(source.trace().tokens) == words
        assert source.files() == ("words.json",)
        words_ = shlex.join(source.arguments())
        assert parse_header(f"cell {words_}").source.trace().tokens == (*words,)
    text = Source(network="brackets", seq_len=4, tokens="words.json").trace()
    assert text.origin.text == TEXT[:4]


def test_a_trace_of_a_module_has_tokens():
    lstm, x = torch.nn.LSTM(3, 2), torch.zeros(2, 1, 3)
    assert lf.trace(lstm, x).tokens == ()
    assert lf.trace(lstm, x, tokens=["a", "bc"]).tokens == ("a", "bc")
    assert lf.trace(lstm, x, tokens="ab").tokens == ("a", "b")
    cell = torch.nn.LSTMCell(3, 2)
    assert lf.trace(cell, x[0], tokens=["a"]).tokens == ("a",)


def test_an_alphabet_is_read_as_a_reader_reads_it():
    for alphabet in (Alphabet("ab'\"", 1), Alphabet('"\\', 0)):
        names = {"torch": torch}
        text = 'a"é\\' if alphabet.characters.startswith("a") else '\\"x'
        exec(alphabet.setup(text), names)
        np.testing.assert_array_equal(names["x"], alphabet.encode(text))
