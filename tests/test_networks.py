"""The trained networks of the package, and the texts that they read."""

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
from lstm_figs.capture import verify
from lstm_figs.command.request import Request, parse_header
from lstm_figs.errors import InputError, LstmFigsError, UsageError
from lstm_figs.figures import CATALOG, TRAINED
from lstm_figs.figures.reading.reader import reader_of
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.model.origin import Readout
from lstm_figs.proof.literals import build_readout
from lstm_figs.proof.preamble.truth import OUTPUTS, TRUTH_SETUP, truth
from lstm_figs.proof.preamble.write import preamble
from lstm_figs.scene.marks import Text, walk
from lstm_figs.sources import Source, networks
from lstm_figs.sources.alphabet import Alphabet
from lstm_figs.sources.trained import TEXT
from tests.binding.inspection import check_request
from tests.proof import NUMBERLESS, prove

BRACKETS = Source(network="brackets")


@pytest.fixture
def working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def save_weights(working_folder):
    """Save weights with a custom alphabet; returns the source."""

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
    """The namespace after the preamble of a figure with these names."""
    variables = {}
    exec(preamble(LayerRun(source.trace()), names), variables)
    return variables


def test_the_network_is_what_torch_computes():
    for source in (BRACKETS, Source(network="brackets", batch_size=3)):
        verify(source.trace())


def test_its_file_can_be_read_by_everybody(capfd):
    path = str(Path(networks.__file__).with_name("brackets.safetensors"))
    trace = Source(weights=path, text=TEXT).trace()
    own_trace = BRACKETS.trace()
    np.testing.assert_array_equal(trace.output, own_trace.output)
    np.testing.assert_array_equal(trace.origin.readout.weight, own_trace.origin.readout.weight)
    assert trace.origin.readout.outputs == OUTPUTS
    assert cli.main(["inspect", path]) == 0
    assert "lstm" in capfd.readouterr().out


def title_after(after):
    """The title of a figure drawn after this batch of the training."""
    return lf.draw("reading", after=after).title


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
    assert [title_after(after) == first for after in (658, 659)] == [False, True]
    assert moments[learned.index(True)].after == 659


def test_a_moment_is_the_last_one_that_is_kept_at_or_before_a_batch():
    batches = [moment.after for moment in networks.moments()]
    assert batches == sorted({*batches})
    for asked, printed_batches in ((453, "450"), (454, "454"), (2047, "1,829")):
        figure = lf.draw("reading", after=asked)
        svg = figure.render("svg", "light").decode()
        assert f"· brackets · after {printed_batches} batches<" in svg
        comment = f"batches = {printed_batches.replace(',', '')}  # of the 6000 of its"
        assert comment in figure.metadata["preamble"]
        assert f"--after {asked}" in figure.metadata["command"]
    # A changed number does not change the moment of the training.
    edited = lf.draw("weight-map", network="brackets", after=454, set={"x[0,0,0]": 2})
    assert "after 454 batches · edited<" in edited.render("svg", "light").decode()


@pytest.mark.parametrize("name", ["reading", "keep-write-show", "weight-map"])
def test_a_figure_of_a_moment_is_proven(name):
    for after in (0, 1200):
        check_request(Request(name, replace(BRACKETS, after=after), name))


def test_the_moment_at_the_end_is_the_network_that_ships():
    for name in ("reading", "keep-write-show"):
        shipped, last = (
            lf.draw(name, network="brackets", after=after) for after in (None, networks.BATCHES)
        )
        assert shipped.title == last.title
        assert [n.number for n in shipped.numbers()] == [n.number for n in last.numbers()]
        sha = "weights_sha256"
        assert shipped.metadata[sha] == last.metadata[sha]


def test_a_moment_that_does_not_exist_is_one_sentence(capfd):
    for words, message in (
        ("--network brackets --after -1", "got '-1', expected a whole number "),
        ("--network brackets --after 6001", "from 0 to 6000; see lstm-figs"),
        ("--after 450", "got --after 450 without --network brackets, expected"),
        ("--weights x.npz --after 450", "add --network brackets, or leave"),
    ):
        assert cli.main(["draw", "cell", *words.split()]) == 2
        out, error = capfd.readouterr()
        assert message in error
        assert error.count("\n") == 1
        assert not out


def test_one_unit_counts_and_the_other_shuts_its_gate():
    trace = BRACKETS.trace()
    depth, inside = (np.array(array) for array in truth("".join(trace.tokens)))
    c = np.array([step.c[0, 0] for step in trace.steps])
    h = trace.output[:, 0, 1]
    for level in (1, 2, 3):
        assert np.abs(c[depth == level] - level).max() < 0.25
    assert c[depth == 0].max() < 0.25
    assert h[inside].min() > 0.5
    assert h[~inside].max() < 0.25
    assert trace.weights[0].weight_hh[0, 1] < -5


def test_its_answers_are_right_and_a_reader_gets_the_same():
    trace = BRACKETS.trace()
    variables = namespace(BRACKETS, "answers[0, 0, 0]", "depth[0]", "inside[0]")
    expected = truth(TEXT)
    assert tuple(variables["depth"].tolist()) == expected.depth
    assert tuple(variables["inside"].tolist()) == expected.inside
    answers = variables["answers"][:, 0] > 0.5
    assert tuple(answers[:, 0].tolist()) == expected.inside
    assert answers[:, 1].tolist() == [depth == 0 for depth in expected.depth]
    readout = trace.origin.readout
    z = trace.output @ readout.weight.T + readout.bias
    np.testing.assert_allclose(variables["answers"].detach(), 1 / (1 + np.exp(-z)), rtol=1e-5)


def test_a_preamble_has_answers_and_truth_only_for_who_asks():
    plain = preamble(LayerRun(BRACKETS.trace()), ["c[0, 0, 0]"])
    assert "readout" not in plain
    assert "depth" not in plain


@pytest.mark.parametrize(
    ("text", "depth", "inside"),
    [
        ("(()", "121", "000"),
        ("())(", "1001", "0000"),
        ('("("', "1111", "0110"),
        ('")"', "000", "110"),
        ("héé", "000", "000"),
    ],
)
def test_what_is_true_after_each_character(text, depth, inside):
    facts = truth(text)
    assert facts.depth == tuple(map(int, depth))
    assert facts.inside == tuple(c == "1" for c in inside)
    names = {"torch": torch, "text": text}
    exec(TRUTH_SETUP, names)
    assert names["depth"].tolist() == list(facts.depth)
    assert names["inside"].tolist() == list(facts.inside)


def test_a_readout_is_built_from_its_literals():
    readout = Readout(np.float32([[1, 2, 3], [0.1, -7, 9]]), np.float32([4, 5]), ("a", "b"))
    names = {"torch": torch}
    exec(build_readout(readout), names)
    assert names["readout"].weight.tolist() == readout.weight.tolist()
    assert names["readout"].bias.tolist() == readout.bias.tolist()


HEADERS = {
    "cell --network brackets": (34, 1),
    "cell --network brackets --text '(\"a b\")' --step 3": (7, 1),
    'hidden-size --network brackets --text "it\'s"': (4, 1),
    "cell --network brackets --text=--input": (7, 1),
    "cell --network brackets --text '(é𝄞)'": (4, 1),
    "cell --network brackets --seq-len 4": (4, 1),
    "cell --network brackets --seq-len 70 --batch-size 3": (70, 3),
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_says_what_is_read_and_a_command_says_it_again(header):
    request = parse_header(header)
    figure = request.draw()
    trace = request.source.trace()
    steps, batch = HEADERS[header]
    assert (*trace.x.shape[:2], len(trace.tokens)) == (steps, batch, steps)
    svg = figure.render("svg", "light").decode()
    assert prove(svg) > 0 or request.name in NUMBERLESS
    x = namespace(request.source, "x")["x"]
    np.testing.assert_array_equal(x, trace.x)
    command = figure.metadata["command"].removeprefix("lstm-figs draw ")
    again = parse_header(command)
    assert again == request
    assert again.draw().metadata == figure.metadata
    assert figure.metadata["torch"] is None


def test_the_text_begins_anew_where_it_ends():
    tokens = Source(network="brackets", seq_len=70).trace().tokens
    assert "".join(tokens) == (TEXT * 3)[:70]


def test_another_character_is_read_as_the_other_one():
    first, second = (Source(network="brackets", text=text).trace() for text in ("xé", "é "))
    np.testing.assert_array_equal(first.x, second.x)
    assert second.tokens == ("é", " ")


def test_a_network_is_none_of_a_page_that_names_another():
    assert Request("cell", Source(network="example")).command() == ("lstm-figs draw cell")


def test_figures_of_what_is_learned_take_the_bracket_network(monkeypatch):
    monkeypatch.setitem(CATALOG.paths, "reading", "cell.cell")
    assert "reading" in TRAINED
    requests = {
        header: parse_header(header)
        for header in (
            "reading",
            "reading --text '(a)'",
            "reading --seq-len 5",
            "reading --network example",
            "reading --input-size 3 --hidden-size 2",
        )
    }
    networks = [request.source.network for request in requests.values()]
    assert networks == ["brackets"] * 3 + ["example", None]
    for request in requests.values():
        again = parse_header(request.command().removeprefix("lstm-figs draw "))
        assert again == request
    figure = lf.draw("reading")
    assert figure.metadata["preamble"].count(repr(TEXT)) == 1
    assert lf.draw("reading", Source().trace()).metadata["command"] is None


def test_figures_of_two_networks_are_drawn_by_one_command(monkeypatch, working_folder, capfd):
    monkeypatch.setitem(CATALOG.paths, "reading", "unrolled.unrolled")
    assert cli.main(["draw", "unrolled", "reading"]) == 0
    first_svg, other = (Path(f"{name}.svg").read_text() for name in ("unrolled", "reading"))
    assert "nn.LSTM(3, 2) · 4 steps · example" in first_svg
    assert "· brackets<" in other
    assert cli.main(["draw", "unrolled", "reading", "--text", "a"]) == 2
    assert "got --text for the example network" in capfd.readouterr().err


def test_a_file_with_an_alphabet_reads_a_text(save_weights):
    source = save_weights(text="cab")
    trace = source.trace()
    assert trace.x[:, 0].tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert trace.tokens == ("c", "a", "b")
    assert trace.origin.readout.outputs == ("first", "second")
    variables = namespace(source, "answers")
    assert variables["text"] == "cab"
    assert variables["answers"].shape == (3, 1, 2)
    assert prove(Request("cell", source).draw().render("svg", "light").decode())


def test_a_file_says_which_input_stands_for_others(save_weights):
    source = save_weights(text="a?b", other="2")
    assert source.trace().x[:, 0].argmax(-1).tolist() == [0, 2, 1]
    assert prove(Request("cell", source).draw().render("svg", "light").decode())


def test_a_large_file_reads_a_text(save_weights):
    source = save_weights(torch.nn.LSTM(3, 40), "abca", readout=False)
    assert prove(Request("cell", source).draw().render("svg", "light").decode())


def test_what_a_readout_says_can_be_printed(save_weights):
    trace = save_weights(text="abc", outputs="a\nb, c").trace()
    assert trace.origin.readout.outputs == ("a\\nb", "c")


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


def test_a_readout_of_one_of_two_modules_that_it_fits_is_none(working_folder):
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


def printed(request):
    """The texts of a figure, after its proof."""
    check_request(request)
    figure = request.draw()
    return [m.content for m in walk(figure.sheet.marks) if isinstance(m, Text)]


READOUTS = {
    "several answers": {},
    "one answer": {"outputs": "first", "answers": 1},
    "a projection": {"module": torch.nn.LSTM(3, 6, proj_size=5)},
    "a cell": {"module": torch.nn.LSTMCell(3, 5)},
    "no bias": {"bias": False},
    "another truth": {"truth": "parity", "outputs": ", ".join(OUTPUTS), "trained": "for a day"},
    "names of which the truth says nothing": {"truth": "brackets"},
    "a truth and no text": {
        "truth": "brackets",
        "outputs": ", ".join(OUTPUTS),
        "text": None,
        "trained": "for a day",
    },
}


@pytest.mark.parametrize("case", READOUTS)
def test_a_readout_without_a_truth_answers(case, save_weights):
    source = save_weights(**READOUTS[case])
    texts = printed(Request("reading", source))
    names = source.trace().origin.readout.outputs
    assert {*names} <= {*texts}
    full_text = " ".join(texts)
    assert "what the network answers" in full_text
    for other in ("truth", "Trained", "quotes."):
        assert other not in full_text


def test_long_names_and_many_answers_are_cut_off(save_weights):
    names = [f"a name of many words and the number {k} 漢" for k in range(7)]
    source = save_weights(outputs=", ".join(names), answers=7)
    texts = printed(Request("reading", source))
    assert "4 of 7 answers are drawn." in texts
    assert sum(t.startswith("a name of") and t.endswith("…") for t in texts) == 4


@pytest.mark.parametrize("trained", ["for a day", ""])
def test_a_file_that_knows_the_truth_has_it_drawn(trained, save_weights):
    source = save_weights(
        torch.nn.LSTM(3, 5),
        '(a")',
        alphabet="a()",
        other="0",
        outputs=", ".join(OUTPUTS),
        truth="brackets",
        trained=trained,
    )
    full_text = " ".join(printed(Request("reading", source)))
    assert "a dashed outline is the truth" in full_text
    assert ("Trained to say" in full_text) == bool(trained)
    assert namespace(source, "depth", "inside")["depth"].tolist() == [1] * 4


@pytest.mark.parametrize("name", ["reading", "writes", "cell"])
def test_a_copy_of_the_network_is_drawn_as_it_is(name, working_folder):
    own_file = Path(networks.__file__).with_name("brackets.safetensors")
    Path("copy.safetensors").write_bytes(own_file.read_bytes())
    copy = Source(weights="copy.safetensors", text=TEXT)
    first, second = (Request(name, source).draw() for source in (BRACKETS, copy))
    assert first.description == second.description
    head, other = first.scene.heading, second.scene.heading
    assert (head.title, head.lead, head.notes) == (other.title, other.lead, other.notes)
    assert first.scene.marks == second.scene.marks
    assert head.provenance.text.removesuffix(" · brackets") == (other.provenance.text)


def test_an_input_without_text_is_answered_and_has_no_truth(working_folder):
    np.save("x.npy", np.ones((5, 4), np.float32))
    source = Source(network="brackets", input="x.npy")
    full_text = " ".join(printed(Request("reading", source)))
    assert "what the network answers" in full_text
    assert "Trained" not in full_text


@pytest.mark.parametrize(
    ("text", "metadata", "message"),
    [
        ("abd", {}, "got 'd' in --text"),
        ("ab", {"alphabet": ""}, "which has no alphabet"),
        ("ab", {"alphabet": "ab"}, "expected one character for each of its 3"),
        ("ab", {"alphabet": "aba"}, "none twice"),
        ("ab", {"other": "3"}, "expected a place in its alphabet, 0 to 2"),
        ("ab", {"other": "-1"}, "expected a place in its alphabet, 0 to 2"),
        ("ab", {"other": "x"}, "expected a place in its alphabet, 0 to 2"),
    ],
)
def test_a_text_that_a_file_cannot_read_is_a_sentence(text, metadata, message, save_weights):
    with pytest.raises(UsageError, match=message):
        save_weights(text=text, **metadata).trace()


BAD_OPTIONS = {
    "got --network with --weights": ["--network", "brackets", "--weights", "a"],
    "got --network with sizes": ["--network", "example", "--input-size", "3", "--hidden-size", "2"],
    "unknown network 'bracket'": ["--network", "bracket"],
    "did you mean 'brackets'": ["--network", "bracket"],
    "got --seed without sizes": ["--network", "brackets", "--seed", "1"],
    "got --module without": ["--network", "brackets", "--module", "a"],
    "got --bidirectional without": ["--network", "brackets", "--bidirectional"],
    "got --text for the example": ["--text", "a"],
    "--network brackets": ["--network", "example", "--text", "a"],
    "got --text with sizes": ["--input-size", "4", "--hidden-size", "2", "--text", "a"],
    "got --text with --input": ["--network", "brackets", "--text", "a", "--input", "x.npy"],
    "got --text with --seq-len": ["--network", "brackets", "--text", "a", "--seq-len", "3"],
    "got --text with --batch-size": ["--network", "brackets", "--text", "a", "--batch-size", "1"],
    "got --text with --tokens": ["--network", "brackets", "--text", "a", "--tokens", "a.json"],
    "got --text with --seed": ["--weights", "a", "--text", "a", "--seed", "0"],
    "got --text of 0 characters": ["--network", "brackets", "--text", ""],
    "got --text of 1001 characters": ["--network", "brackets", "--text", "a" * 1001],
    "got '\\n' in --text": ["--network", "brackets", "--text", "a\nb"],
    "got '\\udcff' in --text": ["--network", "brackets", "--text", "\udcff"],
    "expected layer 0": ["--network", "brackets", "--layer", "1"],
}


@pytest.mark.parametrize("message", BAD_OPTIONS)
@pytest.mark.parametrize("command", [["draw", "cell"], ["trace"]])
def test_options_that_contradict_each_other_are_one_line(message, command, working_folder, capfd):
    assert cli.main([*command, *BAD_OPTIONS[message]]) == 2
    out, err = capfd.readouterr()
    assert message in err
    assert (out, err.count("\n")) == ("", 1)
    assert not list(working_folder.iterdir())


def test_a_character_that_only_a_later_unicode_knows_is_read():
    # The browser reads this text itself, and the page then gives it as a command.
    svg = Request("reading", Source(network="brackets", text="(\u0378)")).draw()
    assert prove(svg.render("svg", "light").decode()) > 20


def test_tokens_name_the_steps_of_any_source(working_folder):
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


def test_an_input_of_ones_own_has_no_text(working_folder):
    np.save("x.npy", np.ones((5, 4), np.float32))
    trace = Source(network="brackets", input="x.npy").trace()
    assert (trace.tokens, trace.origin.text) == ((), "")
    assert trace.origin.readout is not None


BAD_TOKENS = {
    "is not a file": None,
    "cannot be read": "[",
    "holds dict": '{"a": 1}',
    "holds nothing": "[]",
    "holds str": '"abcd"',
    "got int among the tokens": '["a", "b", 1, "c"]',
    "got list among the tokens": f"[{'[' * 900}{']' * 900}]",
    "got tokens of 10,001 characters together": json.dumps(["a" * 9_998, "b", "c", "d"]),
    "got 3 tokens, expected 4": '["a", "b", "c"]',
}


@pytest.mark.parametrize("message", BAD_TOKENS)
def test_a_bad_file_of_tokens_is_one_line(message, working_folder, capfd):
    if BAD_TOKENS[message] is not None:
        Path("t.json").write_text(BAD_TOKENS[message])
    assert cli.main(["trace", "--tokens", "t.json"]) == 2
    err = capfd.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def test_a_folder_is_no_file_of_tokens(working_folder):
    with pytest.raises(InputError, match="is a folder"):
        Source(tokens=str(working_folder)).trace()


def test_a_trace_of_a_module_has_tokens():
    lstm, x = torch.nn.LSTM(3, 2), torch.zeros(2, 1, 3)
    assert lf.trace(lstm, x).tokens == ()
    assert lf.trace(lstm, x, tokens=["a", "bc"]).tokens == ("a", "bc")
    assert lf.trace(lstm, x, tokens="ab").tokens == ("a", "b")
    cell = torch.nn.LSTMCell(3, 2)
    assert lf.trace(cell, x[0], tokens=["a"]).tokens == ("a",)


@pytest.mark.parametrize("tokens", [["a"], ["a", 1], ["a", "b" * 10_000], 5, iter("ab")])
def test_wrong_tokens_are_a_sentence(tokens):
    with pytest.raises(LstmFigsError, match="token"):
        lf.trace(torch.nn.LSTM(3, 2), torch.zeros(2, 1, 3), tokens=tokens)


def test_a_trace_as_json_has_the_same_keys_for_every_network(capfd):
    traces = []
    for words in ([], ["--network", "brackets"]):
        assert cli.main(["trace", "--json", *words]) == 0
        traces.append(json.loads(capfd.readouterr().out))
    example, trained = traces
    assert list(example) == list(trained)
    assert list(example["steps"][0]) == list(trained["steps"][0])
    assert trained["torch"] is None
    assert len(trained["steps"]) == len(TEXT)


def test_a_trace_for_people_names_each_step(capfd):
    words = ["--network", "brackets", "--text", "(a"]
    assert cli.main(["trace", *words]) == 0
    lines = capfd.readouterr().out.splitlines()
    heads = [line for line in lines if line.startswith("step")]
    assert heads == ["step 1: (", "step 2: a"]


def test_an_alphabet_is_read_as_a_reader_reads_it():
    for alphabet in (Alphabet("ab'\"", 1), Alphabet('"\\', 0)):
        names = {"torch": torch}
        text = 'a"é\\' if alphabet.characters.startswith("a") else '\\"x'
        exec(alphabet.setup(text), names)
        np.testing.assert_array_equal(names["x"], alphabet.encode(text))
